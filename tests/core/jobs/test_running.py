"""What a job finds before it begins, and what becomes of it where memory runs out."""

from __future__ import annotations

from typing import ClassVar

import pytest
import torch

from mmrisk_core.compute.devices import Device, DeviceChoice
from mmrisk_core.errors import MMRiskError
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.imagery import RasterSource
from mmrisk_core.jobs import JOBS, Job, run_job, running
from mmrisk_core.progress import NO_PROGRESS, Progress

FULL = torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")


class Greedy(Job):
    """Runs out of memory, wherever ``full`` says."""

    verb: ClassVar[str] = "greedy"
    help: ClassVar[str] = ""
    outputs: ClassVar[tuple[str, ...]] = ("output", "report")
    output: str
    report: str | None = None
    device: DeviceChoice = "auto"
    full: tuple[str, ...] = ()

    def run(self, progress):
        if self.device in self.full:
            raise FULL
        return {"device": self.device}


@pytest.fixture
def gpu(monkeypatch):
    """A computer with a GPU."""

    def choose(choice):
        return Device(torch.device("cpu" if choice == "cpu" else "cuda"), "")

    monkeypatch.setattr(running, "choose_device", choose)


def test_places_are_looked_at_before_the_work(tmp_path):
    output, gone = str(tmp_path / "out.gpkg"), str(tmp_path / "gone" / "report.html")
    job = Greedy(output=output, report=gone, full=("auto",))
    with pytest.raises(MMRiskError, match=r"gone of the output report\.html does not exist"):
        run_job(job, NO_PROGRESS)
    assert not list(tmp_path.iterdir())


def files_of(verb):
    """Each output of a job with each of the files that it reads, and with each other output."""
    job = JOBS[verb]
    reads = [
        name
        for name, field in job.model_fields.items()
        if name not in job.outputs
        and (
            name in ("model", "recipe")
            or any(kind in str(field.annotation) for kind in ("LayerSource", "RasterSource"))
        )
    ]
    return [(verb, output, other) for output in job.outputs for other in (*reads, *job.outputs) if other != output]


@pytest.mark.parametrize(("verb", "output", "other"), [row for verb in JOBS for row in files_of(verb)])
def test_an_output_is_no_input_and_no_other_output(verb, output, other, tmp_path):
    """However the path is written, as one of several, and where the job does other things besides."""
    file = tmp_path / "a" / ".." / "tiles.gpkg"
    (tmp_path / "a").mkdir()
    annotation = str(JOBS[verb].model_fields[other].annotation)
    value = str(tmp_path / "tiles.gpkg")
    if "LayerSource" in annotation:
        value = LayerSource(path=value)
    elif "RasterSource" in annotation:
        value = RasterSource(path=value)
    if "tuple" in annotation:
        value = (value,)
    nothing = dict.fromkeys(JOBS[verb].model_fields)
    job = JOBS[verb].model_construct(**{**nothing, output: str(file), other: value})
    with pytest.raises(MMRiskError, match=f"'{output}'.* Choose another name") as caught:
        run_job(job, NO_PROGRESS)
    assert f"'{other}'" in str(caught.value)
    running.require_apart(JOBS[verb].model_construct(**{**nothing, output: str(file), other: None}))


@pytest.mark.parametrize("choice", ["auto", "gpu"])
def test_where_the_gpu_is_full_the_cpu_does_it_and_says_so(gpu, tmp_path, choice):
    said = []
    job = Greedy(output=str(tmp_path / "out.gpkg"), device=choice, full=(choice,))
    assert run_job(job, Progress(log=said.append)) == {"device": "cpu"}
    assert said == ["The GPU ran out of memory, so the CPU does this again. A smaller batch size needs less."]


def test_where_the_computer_is_full_it_is_a_sentence(gpu, tmp_path):
    with pytest.raises(MMRiskError, match="The computer ran out of memory"):
        run_job(Greedy(output=str(tmp_path / "out.gpkg"), device="cpu", full=("cpu",)), NO_PROGRESS)
    with pytest.raises(MMRiskError, match="The computer ran out of memory"):
        run_job(Greedy(output=str(tmp_path / "out.gpkg"), full=("auto", "cpu")), NO_PROGRESS)


def test_of_several_processes_none_goes_on_alone(gpu, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "world_size", lambda: 2)
    with pytest.raises(MMRiskError, match="A GPU ran out of memory"):
        run_job(Greedy(output=str(tmp_path / "out.gpkg"), full=("auto",)), NO_PROGRESS)


def test_other_failures_are_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(Greedy, "run", lambda *_: (_ for _ in ()).throw(RuntimeError("shapes do not fit")))
    with pytest.raises(RuntimeError, match="shapes do not fit"):
        run_job(Greedy(output=str(tmp_path / "out.gpkg")), NO_PROGRESS)


def test_every_job_that_writes_says_where():
    named = {verb: job.outputs for verb, job in JOBS.items() if job.outputs}
    for verb, job in JOBS.items():
        fields = set(job.model_fields)
        assert fields.issuperset(job.outputs), verb
        writes = {"output", "report", "saliency"} & fields
        assert writes <= set(job.outputs), verb
    assert named["train"] == ("model", "report")
