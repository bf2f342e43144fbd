"""How precisely to compute: in half the bits where that is faster and makes no difference that matters."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch

from mmrisk_core.arrays import FloatArray
from mmrisk_core.wording import counted

Precision = Literal["float32", "bfloat16"]
DTYPES: dict[Precision, torch.dtype] = {"float32": torch.float32, "bfloat16": torch.bfloat16}

FROM_TILES = 2000
"""With fewer tiles the choice would take a good part of the time that it saves, and rounding stays out of small results."""
TILES_TO_COMPARE = 32
TILES_TO_COMPARE_ON_GPU = 256
"""Fewer take a GPU as long in half the bits, since calling it is what takes the time then."""
ROUNDS = 2
MAX_DIFFERENCE = 0.005
MIN_GAIN = 1.2
"""Clearly faster: which one is, must not hang on what else the machine does."""


@dataclass(frozen=True)
class PrecisionChoice:
    """A precision, and a sentence that says why."""

    precision: Precision
    sentence: str


def usual_precision(tiles: int) -> Precision | None:
    """What so many tiles are computed in; None where it is to be chosen on the first images."""
    return "float32" if tiles < FROM_TILES else None


def compare(exact: Callable[[], FloatArray], rough: Callable[[], FloatArray]) -> PrecisionChoice:
    """bfloat16 where it is clearly faster and no probability differs by more than 0.005, else float32.

    :param exact, rough: compute probabilities of the same tiles in float32 and in bfloat16.
    """
    seconds: dict[str, float] = {"exact": np.inf, "rough": np.inf}
    answers: dict[str, FloatArray] = {}
    for _ in range(ROUNDS):
        for name, compute in (("exact", exact), ("rough", rough)):
            begin = time.perf_counter()
            answers[name] = compute()
            seconds[name] = min(seconds[name], time.perf_counter() - begin)
    difference = float(np.abs(answers["exact"] - answers["rough"]).max())
    gain = seconds["exact"] / seconds["rough"]
    # Written so that a difference that is not a number counts as too large.
    if not difference <= MAX_DIFFERENCE:
        return PrecisionChoice(
            "float32",
            f"Computing in float32: in bfloat16 probabilities differ by up to {difference:.3f} (limit 0.005).",
        )
    if gain < MIN_GAIN:
        return PrecisionChoice(
            "float32", f"Computing in float32: bfloat16 is not clearly faster here ({gain:.1f} times)."
        )
    return PrecisionChoice(
        "bfloat16",
        f"Computing in bfloat16: {gain:.1f} times as fast as float32, probabilities of "
        f"{counted(len(answers['exact']), 'tile')} differ by at most {difference:.4f}.",
    )


def supports_bfloat16(device: torch.device) -> bool:
    """Whether ``device`` computes in bfloat16 itself, and does not only imitate it."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device.type == "cpu":
        abilities = torch.cpu.get_capabilities()
        return any(abilities.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16"))
    return device.type == "mps"
