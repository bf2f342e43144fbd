"""The device that does the computing, chosen by trying it."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch

from mmrisk_core.compute.process_group import gpu_of_process, world_size
from mmrisk_core.errors import ResourceError
from mmrisk_core.wording import counted

DeviceChoice = Literal["auto", "cpu", "gpu"]
NO_MEMORY = ("out of memory", "can't allocate memory", "not enough memory")


@dataclass(frozen=True)
class Device:
    """A device that has run a kernel.

    :param summary: what it is and why it was chosen, for the log and the outputs.
    :param others: further devices of the same kind, which have run a kernel too.
    """

    torch_device: torch.device
    summary: str
    others: tuple[torch.device, ...] = ()

    @property
    def all(self) -> tuple[torch.device, ...]:
        """The device and the others."""
        return self.torch_device, *self.others


def choose_device(choice: DeviceChoice = "auto") -> Device:
    """The device to compute on; a GPU counts only after it has run a convolution.

    Of several processes that train together, each gets a CUDA device of its own; Apple's GPU is for one alone.

    :param choice: ``auto`` takes what the variable MMRISK_DEVICE says (``cpu`` or ``gpu``), else a GPU where one works.
    :raises MMRiskError: when a GPU is asked for and none works.
    """
    choice = _usual_choice() if choice == "auto" else choice
    if choice == "cpu":
        return Device(torch.device("cpu"), _cpu_summary("chosen"))
    reasons = []
    has_mps = torch.backends.mps.is_available() and world_size() == 1
    for name, present in (("cuda", torch.cuda.is_available()), ("mps", has_mps)):
        if not present:
            continue
        device = gpu_of_process() if name == "cuda" else torch.device(name)
        try:
            run_convolution(device)
        except RuntimeError as error:
            reasons.append(f"{name} failed: {str(error).splitlines()[0]}")
            continue
        # Processes that train together have a GPU each, and leave the others alone.
        others = _further_gpus() if name == "cuda" and world_size() == 1 else ()
        return Device(device, _gpu_summary(name, 1 + len(others)), others)
    reason = "; ".join(reasons) or _why_no_gpu()
    if choice == "gpu":
        raise ResourceError(f"No GPU can be used ({reason}). Set the device to auto or cpu.")
    return Device(torch.device("cpu"), _cpu_summary(reason))


def _usual_choice() -> DeviceChoice:
    usual = os.environ.get("MMRISK_DEVICE")
    return "cpu" if usual == "cpu" else "gpu" if usual == "gpu" else "auto"


def run_convolution(device: torch.device) -> None:
    """Run one small convolution on ``device``; a RuntimeError says that it does not work."""
    image = torch.ones(1, 3, 16, 16, device=device)
    kernel = torch.ones(4, 3, 3, 3, device=device)
    if float(torch.nn.functional.conv2d(image, kernel).sum().cpu()) != 4 * 27 * 14 * 14:
        raise RuntimeError("a convolution gave a wrong result")


def is_out_of_memory(error: BaseException) -> bool:
    """Whether ``error`` says that memory ran out; of CPUs and Apple's GPUs only its words tell."""
    is_kind = isinstance(error, (torch.OutOfMemoryError, MemoryError))
    return is_kind or (isinstance(error, RuntimeError) and any(words in str(error) for words in NO_MEMORY))


def _further_gpus() -> tuple[torch.device, ...]:
    """The GPUs beside the first that work; one that does not is left alone, since the first does."""
    working = []
    for number in range(1, torch.cuda.device_count()):
        try:
            run_convolution(torch.device("cuda", number))
        except RuntimeError:
            continue
        working.append(torch.device("cuda", number))
    return tuple(working)


def _why_no_gpu() -> str:
    if torch.version.cuda is None and not torch.backends.mps.is_built():
        return "this build of torch is for the CPU"
    return "no GPU was found"


def _cpu_summary(reason: str) -> str:
    number = torch.get_num_threads()
    threads = f"{number} thread{'s' if number > 1 else ''}{_processes()}"
    return f"cpu ({platform.machine()}, {threads}; torch {torch.__version__}; {reason})"


def _gpu_summary(name: str, count: int) -> str:
    if name == "mps":
        return f"gpu (Apple, macOS {platform.mac_ver()[0]}, torch {torch.__version__}; it ran a kernel)"
    times = f"{count} x " if count > 1 else ""
    return (
        f"gpu ({times}{torch.cuda.get_device_name()}, CUDA {torch.version.cuda}{_driver()}{_processes()}, "
        f"torch {torch.__version__}; it ran a kernel)"
    )


def _driver() -> str:
    """The version of NVIDIA's driver, where the system tells it."""
    try:
        text = Path("/sys/module/nvidia/version").read_text(encoding="ascii")
    except (OSError, ValueError):
        return ""
    return f", driver {text.strip()}"


def _processes() -> str:
    return f", in each of {counted(world_size(), 'process', 'processes')}" if world_size() > 1 else ""
