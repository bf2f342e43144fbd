"""A job that is run, and what becomes of it where memory runs out."""

from __future__ import annotations

import torch

from mmrisk_core.compute.devices import choose_device, is_out_of_memory
from mmrisk_core.compute.process_group import world_size
from mmrisk_core.errors import ResourceError
from mmrisk_core.files import require_place
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
    for name in job.outputs:
        path = getattr(job, name)
        if path is not None:
            require_place(path)
    try:
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


def _is_on_gpu(job: Job) -> bool:
    device = getattr(job, "device", None)
    return device is not None and choose_device(device).torch_device != CPU
