"""Attributes as a network wants them: without gaps, on one scale, with the gaps told apart."""

from __future__ import annotations

import torch
from torch import Tensor, nn

CLIP = 6.0


class AttributeEncoding(nn.Module):
    """Fills gaps with the median, scales to mean 0 and deviation 1, and appends a flag for each attribute with gaps.

    A gap is NaN or an infinite value. Scaled values are clipped at 6 deviations, so that one wild value of a new area
    does not rule the prediction. An attribute that was never missing while training gets no flag: the model could not
    have learnt what it means.
    """

    median: Tensor
    mean: Tensor
    std: Tensor
    flagged: Tensor

    def __init__(self, n_attributes: int, n_flags: int) -> None:
        super().__init__()
        self.register_buffer("median", torch.zeros(n_attributes))
        self.register_buffer("mean", torch.zeros(n_attributes))
        self.register_buffer("std", torch.ones(n_attributes))
        self.register_buffer("flagged", torch.zeros(n_flags, dtype=torch.long))

    @property
    def out_features(self) -> int:
        """Columns of the encoding: one for each attribute, then the flags."""
        return self.median.numel() + self.flagged.numel()

    def forward(self, tabular: Tensor) -> Tensor:
        """(n, attributes) with NaN -> (n, attributes + flags)."""
        missing = ~torch.isfinite(tabular)
        scaled = (torch.where(missing, self.median, tabular) - self.mean) / self.std
        return torch.cat([scaled.clamp(-CLIP, CLIP), missing[:, self.flagged].to(scaled.dtype)], dim=1)


def fit_attribute_encoding(tabular: Tensor) -> AttributeEncoding:
    """Learn gaps and scales from training rows (n, attributes) with NaN; a column without values counts as 0."""
    missing = ~torch.isfinite(tabular)
    flagged = torch.nonzero(missing.any(dim=0) & ~missing.all(dim=0)).squeeze(1)
    encoding = AttributeEncoding(tabular.shape[1], flagged.numel())
    encoding.flagged = flagged
    encoding.median = torch.nan_to_num(tabular.masked_fill(missing, torch.nan).nanmedian(dim=0).values)
    # In double precision a constant column has deviation 0 and stays constant, whatever its size.
    filled = torch.where(missing, encoding.median, tabular).double()
    mean = filled.mean(dim=0)
    deviation = (filled - mean).square().mean(dim=0).sqrt()
    encoding.mean = mean.float()
    encoding.std = torch.where(deviation > 1e-9 * (mean.abs() + 1e-9), deviation, torch.ones_like(deviation)).float()
    return encoding
