"""Which tiles a training loop stops by."""

from __future__ import annotations

import numpy as np
import torch
from sklearn.model_selection import GroupShuffleSplit
from torch import Tensor

SHARE = 0.2


def hold_out(label: np.ndarray, block: np.ndarray, seed: int) -> tuple[Tensor, Tensor]:
    """Rows to train on and rows to stop by: whole blocks where there are several, with both labels in either part."""
    splitter = GroupShuffleSplit(10, test_size=SHARE, random_state=seed)
    if len(np.unique(block)) > 2:
        for train, test in splitter.split(label, groups=block):
            if label[train].min() < label[train].max() and label[test].min() < label[test].max():
                return torch.from_numpy(train), torch.from_numpy(test)
    rows = np.random.default_rng(seed).permutation(len(label))
    split = max(1, round(SHARE * len(rows)))
    return torch.from_numpy(rows[split:]), torch.from_numpy(rows[:split])
