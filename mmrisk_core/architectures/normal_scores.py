"""Attributes by their rank: where a value stands among those of the training, as a deviation of the normal curve."""

from __future__ import annotations

import numpy as np
import torch
from scipy.stats import norm, rankdata
from torch import Tensor, nn

MAX_KNOTS = 33
VALUES_PER_KNOT = 5


class NormalScores(nn.Module):
    """Each column bent by straight lines so that its values are spread as a normal curve (van der Waerden 1952).

    Counts, lengths and volumes have long tails: scaled alone, the few busy places rule a linear model, and all quiet ones
    look alike. Beyond the values of the training it goes straight on, so that what is far off stays far off.
    """

    place: Tensor
    score: Tensor

    def __init__(self, n_columns: int) -> None:
        super().__init__()
        straight = torch.linspace(-1, 1, MAX_KNOTS).repeat(n_columns, 1)
        self.register_buffer("place", straight)
        self.register_buffer("score", straight.clone())

    def forward(self, scaled: Tensor) -> Tensor:
        """(n, columns) of deviation 1 -> the same shape."""
        if scaled.shape[1] == 0:
            return scaled
        values = scaled.T.contiguous()
        after = torch.searchsorted(self.place, values).clamp(1, MAX_KNOTS - 1)
        x0, x1 = self.place.gather(1, after - 1), self.place.gather(1, after)
        y0, y1 = self.score.gather(1, after - 1), self.score.gather(1, after)
        between = y0 + ((values - x0) / (x1 - x0)).clamp(0, 1) * (y1 - y0)
        beyond = (values - self.place[:, :1]).clamp(max=0) + (values - self.place[:, -1:]).clamp(min=0)
        return (between + beyond).T


def fit_normal_scores(scaled: Tensor) -> NormalScores:
    """Learn from training rows (n, columns) of deviation 1; a constant column stays as it is."""
    scores = NormalScores(scaled.shape[1])
    for column in range(scaled.shape[1]):
        values = scaled[:, column].double().numpy()
        places, at = _knots(values)
        if len(places) < 2:
            continue
        along = np.interp(values, places, at)
        at = (at - along.mean()) / along.std()
        # The rest of the knots goes on as what lies beyond them does.
        rest = np.arange(1, MAX_KNOTS - len(places) + 1)
        scores.place[column] = torch.from_numpy(np.r_[places, places[-1] + rest]).float()
        scores.score[column] = torch.from_numpy(np.r_[at, at[-1] + rest]).float()
    return scores


def _knots(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Some of the values, evenly drawn by rank, and the normal score of each; values that are alike share theirs."""
    distinct, first, count = np.unique(rankdata(values), return_index=True, return_counts=True)
    share = (np.cumsum(count) - count / 2) / len(values)
    n_knots = min(MAX_KNOTS, max(3, len(values) // VALUES_PER_KNOT))
    wanted = np.unique(np.searchsorted(share, np.linspace(share[0], share[-1], n_knots)).clip(0, len(distinct) - 1))
    places, at = values[first][wanted], norm.ppf(share[wanted])
    # Values that single precision cannot tell apart are one.
    apart = np.r_[True, np.diff(places.astype(np.float32)) > 0]
    return places[apart], at[apart]
