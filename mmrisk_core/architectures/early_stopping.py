"""When a training is over, and which state of the network is kept."""

from __future__ import annotations

import copy
import math

from torch import nn

MIN_GAIN = 1e-4
"""A loss that falls by less does not fall."""


class EarlyStopping:
    """Keeps the state of a network that did best on what is held out (Prechelt 1998).

    :param network: as it is before the first epoch, which is kept if no epoch does better than ``best``.
    :param patience: so many epochs without a gain end the training.
    :param best: the loss to beat.
    """

    def __init__(self, network: nn.Module, patience: int, best: float = math.inf) -> None:
        self._network, self._patience = network, patience
        self._best, self._state, self._waited = best, copy.deepcopy(network.state_dict()), 0

    def is_over(self, loss: float) -> bool:
        """Take note of the held-out loss after an epoch; whether it is time to stop."""
        if loss < self._best - MIN_GAIN:
            self._best, self._state, self._waited = loss, copy.deepcopy(self._network.state_dict()), 0
        else:
            self._waited += 1
        return self._waited >= self._patience

    def restore(self) -> None:
        """Give the network its best state, in eval mode."""
        self._network.load_state_dict(self._state)
        self._network.eval()
