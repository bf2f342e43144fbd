"""The device is chosen by trying it."""

from __future__ import annotations

import pytest
import torch

from mmrisk_core import MMRiskError
from mmrisk_core.compute.devices import choose_device, is_out_of_memory, run_convolution


def test_the_cpu_when_asked_for():
    device = choose_device("cpu")
    assert device.torch_device.type == "cpu"
    assert device.summary.startswith("cpu (")
    assert torch.__version__ in device.summary


def test_auto_gives_a_device_that_works():
    device = choose_device("auto")
    run_convolution(device.torch_device)
    assert device.summary.startswith(("cpu", "gpu"))


@pytest.mark.skipif(torch.cuda.is_available() or torch.backends.mps.is_available(), reason="there is a GPU")
def test_asking_for_a_gpu_where_there_is_none_is_an_error_with_the_reason():
    with pytest.raises(MMRiskError, match=r"No GPU can be used \(no GPU was found|this build of torch is for the CPU"):
        choose_device("gpu")


def test_a_gpu_that_fails_is_passed_over_and_the_reason_kept(monkeypatch):
    def fail(device):
        raise RuntimeError("CUDA error: no kernel image is available\nmore")

    monkeypatch.delenv("MMRISK_DEVICE", raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr("mmrisk_core.compute.devices.run_convolution", fail)
    device = choose_device("auto")
    assert device.torch_device.type == "cpu"
    assert "cuda failed: CUDA error: no kernel image is available" in device.summary
    assert "more" not in device.summary
    with pytest.raises(MMRiskError, match="no kernel image"):
        choose_device("gpu")


def test_the_usual_device_counts_where_the_choice_is_auto(monkeypatch):
    monkeypatch.setenv("MMRISK_DEVICE", "cpu")
    assert choose_device("auto").summary == choose_device("cpu").summary
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    monkeypatch.setenv("MMRISK_DEVICE", "gpu")
    assert choose_device("cpu").torch_device.type == "cpu"
    with pytest.raises(MMRiskError, match="No GPU can be used"):
        choose_device("auto")
    monkeypatch.setenv("MMRISK_DEVICE", "toaster")
    assert choose_device("auto").torch_device.type == "cpu"


@pytest.fixture
def three_gpus(monkeypatch):
    """A stand-in for a computer with three GPUs, of which the second does not work."""

    def run(device):
        if device.index == 1:
            raise RuntimeError("CUDA error: out of order")

    monkeypatch.delenv("MMRISK_DEVICE", raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 3)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "Trident")
    monkeypatch.setattr("mmrisk_core.compute.devices.run_convolution", run)


def test_all_gpus_that_work_are_taken_and_named(three_gpus):
    device = choose_device("auto")
    assert device.all == (torch.device("cuda"), torch.device("cuda", 2))
    assert device.summary.startswith("gpu (2 x Trident, CUDA")
    assert device.summary.endswith("it ran a kernel)")


def test_the_gpu_of_an_apple(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    monkeypatch.setattr("mmrisk_core.compute.devices.run_convolution", lambda device: None)
    device = choose_device("gpu")
    assert device.all == (torch.device("mps"),)
    assert device.summary.startswith("gpu (Apple, macOS ")


def test_a_gpu_that_computes_wrongly_does_not_work(monkeypatch):
    monkeypatch.setattr(torch.nn.functional, "conv2d", lambda image, kernel: image)
    with pytest.raises(RuntimeError, match="wrong result"):
        run_convolution(torch.device("cpu"))


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (torch.OutOfMemoryError("CUDA out of memory"), True),
        (MemoryError(), True),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 80 bytes"), True),
        (RuntimeError("sizes do not match"), False),
        (ValueError("out of memory"), False),
    ],
)
def test_what_says_that_memory_ran_out(error, expected):
    assert is_out_of_memory(error) is expected
