"""What trainings with AdamW share: who decays and how fast each part learns, and how the rate rises and falls."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR

WARM_UP = 0.1


def make_adamw(
    parts: Iterable[tuple[Iterable[nn.Parameter], float]], weight_decay: float, steps: int
) -> tuple[torch.optim.AdamW, LambdaLR]:
    """AdamW (Loshchilov 2019) with a linear warm-up over a tenth of the steps and a cosine to 0.

    Matrices decay; biases, norms and tokens do not.

    :param parts: parameters, and the learning rate of each part.
    :param steps: how many there will be.
    """
    groups: list[dict[str, Any]] = []
    for parameters, rate in parts:
        learning = [parameter for parameter in parameters if parameter.requires_grad]
        groups.append({"params": [p for p in learning if p.ndim > 1], "weight_decay": weight_decay, "lr": rate})
        groups.append({"params": [p for p in learning if p.ndim <= 1], "weight_decay": 0.0, "lr": rate})
    optimizer = torch.optim.AdamW(groups)
    return optimizer, LambdaLR(optimizer, lambda step: share_of_rate(step, steps))


def share_of_rate(step: int, steps: int) -> float:
    """How much of its learning rate a step has, of so many."""
    warm_up = max(1, round(WARM_UP * steps))
    if step < warm_up:
        return (step + 1) / warm_up
    return 0.5 * (1 + math.cos(math.pi * (step - warm_up) / max(1, steps - warm_up)))
