"""A job that is run, and what becomes of it where memory runs out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import torch

from mmrisk_core.compute.devices import choose_device, is_out_of_memory
from mmrisk_core.compute.process_group import world_size
from mmrisk_core.errors import InputError, ResourceError
from mmrisk_core.files import require_place
from mmrisk_core.geo.drivers import network_for
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.imagery.raster_source import RasterSource
from mmrisk_core.jobs.base import Job, Result
from mmrisk_core.progress import Progress

CPU = torch.device("cpu")


def run_job(job: Job, progress: Progress) -> Result:
    """Do ``job``, after a look at the places of its outputs; where a GPU has no memory for it, the CPU does all of it again.

    Predictions make do with fewer tiles at once before that: see :mod:`mmrisk_core.inference.device_pool`.

    :param progress: told how far it is, and asked whether to go on.
    :raises MMRiskError: when the user can mend something.
    :raises Cancelled: when the user cancelled.
    """
    require_apart(job)
    for path in _outputs(job).values():
        require_place(path)
    try:
        with network_for(path for _, path in _inputs(job)):
            return job.run(progress)
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        if not _is_on_gpu(job):
            raise ResourceError(
                "The computer ran out of memory. Close other programs, or use fewer or smaller tiles and images."
            ) from error
        if world_size() > 1:
            raise ResourceError("A GPU ran out of memory. Use a smaller batch, or the CPU.") from error
    # Only now, behind the exception, nothing refers to the tensors of the attempt any more.
    torch.cuda.empty_cache()
    progress.log("The GPU ran out of memory, so the CPU does this again. A smaller batch size needs less.")
    return run_job(job.model_copy(update={"device": "cpu"}), progress)


def require_apart(job: Job) -> None:
    """Check that no output of a job is one of the files that it reads, or another output.

    :raises MMRiskError: naming both.
    """
    taken = {Path(path).resolve(): name for name, path in _inputs(job)}
    for name, path in _outputs(job).items():
        file = Path(path).resolve()
        other = taken.get(file)
        if other is not None:
            raise InputError(
                f"The file {path} is given as '{other}' and as the output '{name}'. Choose another name for the output."
            )
        taken[file] = name


def _outputs(job: Job) -> dict[str, str]:
    given = {name: getattr(job, name) for name in job.outputs}
    return {name: path for name, path in given.items() if path is not None}


def _inputs(job: Job) -> Iterator[tuple[str, str]]:
    """The files that a job reads, each with the name of its field."""
    for name in type(job).model_fields.keys() - set(job.outputs):
        value = getattr(job, name)
        for item in value if isinstance(value, (list, tuple)) else [value]:
            path = item.path if isinstance(item, (LayerSource, RasterSource)) else item
            if isinstance(path, str) and path:
                yield name, path


def _is_on_gpu(job: Job) -> bool:
    device = getattr(job, "device", None)
    return device is not None and choose_device(device).torch_device != CPU
