"""Training tiles that stand in for what is not known of a tile.

A model replaces a missing input by its token for it, and would be as sure of such a tile as of any other. What the missing
input might be is told by tiles that have it: each donor's value in turn is put in its place, and the tile's interval is made
wide enough to hold all answers (multiple imputation, of which Rubin 1987 averages where we take the hull).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from mmrisk_core.arrays import BoolArray

MAX_DONORS = 64
MAX_PATTERNS = 64


@dataclass(frozen=True)
class Donors:
    """Some training tiles, the first of which are a fair sample, and those after them extreme ones.

    Inputs are the attributes and then the images.

    :param tabular: (m, F) with NaN.
    :param seen: what is seen in their images, (1 or members, m, D), NaN where one is not there.
    :param known: (p, inputs) bool. Inputs that were missing together in so many training tiles that the model has learnt
        what that means; so it has of any part of them.
    """

    tabular: Tensor
    seen: Tensor
    known: Tensor

    def unknown(self, missing: BoolArray) -> BoolArray:
        """Which of the ``missing`` inputs (n, inputs) the model has not learnt to do without."""
        patterns = self.known.numpy()
        if not len(patterns) or not missing.any():
            return missing
        shared = missing.astype(np.float32) @ patterns.T.astype(np.float32)
        return np.asarray(missing & ~patterns[shared.argmax(axis=1)])


def stored(donors: Donors) -> dict[str, Tensor]:
    """The tensors of a model file, which hold no NaN."""
    return {
        "donors.tabular": torch.nan_to_num(donors.tabular).contiguous(),
        "donors.tabular_missing": torch.isnan(donors.tabular),
        "donors.seen": torch.nan_to_num(donors.seen).contiguous(),
        "donors.seen_missing": torch.isnan(donors.seen).all(dim=0),
        "donors.known": donors.known,
    }


def restored(tensors: dict[str, Tensor], attributes: int, images: list[slice], networks: int) -> Donors | None:
    """The donors among the tensors of a model file, which are taken out; None where there are none.

    :param attributes: how many the model has.
    :param images: the columns of what is seen in each.
    :param networks: how many ways of seeing images the model has.
    :raises ValueError: when something is missing or misshapen.
    """
    found = {name.removeprefix("donors."): tensors.pop(name) for name in list(tensors) if name.startswith("donors.")}
    if not found:
        return None
    width = images[-1].stop if images else 0
    count = len(found.get("tabular", ()))
    patterns = len(found.get("known", ()))
    wanted = {
        "tabular": (torch.float32, (count, attributes)),
        "tabular_missing": (torch.bool, (count, attributes)),
        "seen": (torch.float32, (networks, count, width)),
        "seen_missing": (torch.bool, (count, width)),
        "known": (torch.bool, (patterns, attributes + len(images))),
    }
    fits = {name: (tensor.dtype, tuple(tensor.shape)) for name, tensor in found.items()} == wanted
    if not fits or not 0 < count <= MAX_DONORS or patterns > MAX_PATTERNS:
        raise ValueError("its donors are missing or misshapen")
    return Donors(
        found["tabular"].masked_fill(found["tabular_missing"], torch.nan),
        found["seen"].masked_fill(found["seen_missing"], torch.nan),
        found["known"],
    )
