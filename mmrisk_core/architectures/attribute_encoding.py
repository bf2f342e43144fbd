"""Attributes as a network wants them: without gaps, on one scale, with the gaps told apart."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mmrisk_core.wording import counted

CLIP = 6.0
MAX_UNCLIPPED = 1e6
"""Deviations: further away, nothing is left of the digits that tell tiles apart."""
DEVIATION_OF_A_LEVEL = 0.5
"""Of a yes-or-no column that is as often yes as no; levels on this scale are penalised as numbers are (Gelman 2008),
and rare ones are not blown up."""


class AttributeEncoding(nn.Module):
    """Fills gaps, scales to mean 0 and deviation 1, and appends a flag for each attribute with gaps.

    A gap is NaN or an infinite value, and becomes the median. Scaled values are clipped at 6 deviations, so that one wild
    value of a new area does not rule the prediction. An attribute that was never missing while training gets no flag: the
    model could not have learnt what it means.

    A category, whose values are codes of levels, becomes one column for each level (one-hot). The first linear layer of a
    network over these is a learnt embedding of the levels. A level that did not occur while training is a gap, and of a
    gap all columns are at their mean, 0.

    :param levels: how many levels each attribute has, besides the code for all others; 0 for a number. Empty where all
        are numbers.
    """

    median: Tensor
    mean: Tensor
    std: Tensor
    flagged: Tensor
    source: Tensor
    level: Tensor

    def __init__(self, n_attributes: int, n_flags: int, levels: Sequence[int] = ()) -> None:
        super().__init__()
        if levels and len(levels) != n_attributes:
            raise ValueError(f"levels of {counted(len(levels), 'attribute')} for {n_attributes}")
        columns = [
            (attribute, level)
            for attribute, count in enumerate(levels or [0] * n_attributes)
            for level in (range(count + 1) if count else [-1])
        ]
        # These two follow from the arguments and are in no model file, so they are real even where the rest is built without
        # memory.
        source = torch.tensor([a for a, _ in columns], dtype=torch.long, device="cpu")
        level = torch.tensor([level for _, level in columns], dtype=torch.long, device="cpu")
        self.register_buffer("source", source, persistent=False)
        self.register_buffer("level", level, persistent=False)
        self.register_buffer("median", torch.zeros(len(columns)))
        self.register_buffer("mean", torch.zeros(len(columns)))
        self.register_buffer("std", torch.ones(len(columns)))
        self.register_buffer("flagged", torch.zeros(n_flags, dtype=torch.long))

    @property
    def out_features(self) -> int:
        """Columns of the encoding: one for each number and each level, then the flags."""
        return self.median.numel() + self.flagged.numel()

    def forward(self, tabular: Tensor) -> Tensor:
        """(n, attributes) with NaN -> (n, columns + flags)."""
        return self._encoded(tabular, CLIP)

    def unclipped(self, tabular: Tensor) -> Tensor:
        """The same for telling how unlike tiles are: there what is far away must look far away."""
        return self._encoded(tabular, MAX_UNCLIPPED)

    def _encoded(self, tabular: Tensor, limit: float) -> Tensor:
        columns = self.columns(tabular)
        # Of a category one level is there, unless it is a gap or a level that did not occur.
        there = torch.where(self.level < 0, torch.isfinite(columns), (columns > 0) & (self.mean > 0))
        known = torch.zeros_like(tabular).index_add(1, self.source, there.to(tabular.dtype)) > 0
        scaled = (torch.where(known[:, self.source], columns, self.median) - self.mean) / self.std
        return torch.cat([scaled.clamp(-limit, limit), (~known[:, self.flagged]).to(scaled.dtype)], dim=1)

    def columns(self, tabular: Tensor) -> Tensor:
        """(n, attributes) -> (n, columns): numbers as they are, categories as one column of 0 and 1 for each level."""
        values = tabular[:, self.source]
        one_hot = (values == self.level).to(values.dtype).masked_fill(torch.isnan(values), torch.nan)
        return torch.where(self.level < 0, values, one_hot)


def fit_attribute_encoding(tabular: Tensor, levels: Sequence[int] = ()) -> AttributeEncoding:
    """Learn gaps and scales from training rows (n, attributes) with NaN; a column without values counts as 0."""
    gaps = ~torch.isfinite(tabular)
    flagged = torch.nonzero(gaps.any(dim=0) & ~gaps.all(dim=0)).squeeze(1)
    encoding = AttributeEncoding(tabular.shape[1], flagged.numel(), levels)
    encoding.flagged = flagged
    columns, is_level = encoding.columns(tabular), encoding.level >= 0
    missing = ~torch.isfinite(columns)
    known = columns.masked_fill(missing, torch.nan)
    encoding.median = torch.nan_to_num(torch.where(is_level, known.nanmean(dim=0), known.nanmedian(dim=0).values))
    # In double precision a constant column has deviation 0 and stays constant, whatever its size.
    filled = torch.where(missing, encoding.median, columns).double()
    mean = filled.mean(dim=0)
    deviation = (filled - mean).square().mean(dim=0).sqrt()
    encoding.mean = torch.where(is_level, encoding.median, mean.float())
    scaled = torch.where(deviation > 1e-9 * (mean.abs() + 1e-9), deviation, torch.ones_like(deviation)).float()
    encoding.std = torch.where(is_level, torch.full_like(scaled, DEVIATION_OF_A_LEVEL), scaled)
    return encoding
