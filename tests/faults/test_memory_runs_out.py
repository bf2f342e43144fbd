"""A GPU without memory, and less memory than a batch takes, in a real engine.

There is no GPU here: ``short_of_memory/`` lets the engine believe in one whose memory is full, and refuses batches that are
too large, by the errors that torch raises.
"""

import os
from pathlib import Path

import pytest

from plugin.engine.paths import plugin_root
from tests.faults.city import Feedback, job, read_figures

pytestmark = pytest.mark.slow
SHORT = Path(__file__).parent / "short_of_memory"
ON_GPU = ("train", "evaluate", "predict", "explain", "roads-train", "roads-extract")
"""All jobs that compute."""


@pytest.fixture(scope="module")
def short_of_memory(new_client):
    """Make the client of an engine that is short of memory as ``kind`` says."""

    def make(kind, tmp_path):
        path = os.pathsep.join([str(SHORT), str(plugin_root())])
        return new_client(PYTHONPATH=path, MMRISK_SHORT=kind, MMRISK_DEVICE="", MMRISK_CACHE=str(tmp_path / "cache"))

    return make


@pytest.fixture(scope="module")
def full_gpu(short_of_memory, tmp_path_factory):
    return short_of_memory("gpu", tmp_path_factory.mktemp("gpu"))


@pytest.mark.parametrize("verb", ON_GPU)
def test_a_gpu_whose_memory_is_full(full_gpu, city, verb, tmp_path, note):
    feedback = Feedback()
    parameters, output = job(city, verb, tmp_path)
    result = full_gpu.run(verb, parameters, feedback)
    said = [line for line in feedback.logs if "GPU" in line and "CPU" in line]
    assert said, feedback.logs
    assert result["device_used"].startswith("cpu")
    assert output.is_file()
    note(f"`{verb}`: the memory of the GPU is full (simulated)", said[0], "the CPU does it; the output says so")


def test_a_batch_that_is_too_large(short_of_memory, client, city, tmp_path, note):
    """Half as many tiles at once, until they fit; the figures are those of a run with room enough."""
    short, feedback = short_of_memory("batch", tmp_path), Feedback()
    parameters, output = job(city, "predict", tmp_path)
    short.run("predict", parameters, feedback)
    said = [line for line in feedback.logs if "Memory ran out" in line]
    assert said, feedback.logs
    usual = tmp_path / "usual.gpkg"
    client.run("predict", {**parameters, "output": str(usual)}, Feedback())
    assert read_figures(output) == pytest.approx(read_figures(usual), abs=1e-5)
    note("`predict`: memory for 3 tiles at once", said[-1], "the figures are those of a run with more memory")


def test_no_memory_at_all(short_of_memory, client, city, tmp_path, note):
    from plugin.engine.errors import EngineError

    short = short_of_memory("all", tmp_path)
    parameters, output = job(city, "predict", tmp_path)
    with pytest.raises(EngineError) as caught:
        short.run("predict", parameters, Feedback())
    assert "memory" in str(caught.value)
    assert not output.exists()
    client.run("predict", parameters, Feedback())
    assert output.is_file()
    note("`predict`: no memory for one tile", str(caught.value), "nothing is written; the next run works")
