"""How far a job is, what it has to say, and whether the user still wants it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from mmrisk_core.errors import Cancelled

SHOWN = 8
"""Of the losses of an epoch's batches, in a sentence."""


def _ignore(*_: object) -> None:
    return None


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Epoch:
    """An epoch of a training that is over.

    :param epoch: its number, from 1.
    :param loss: on what is learnt from.
    :param held_out: on what is held out, if anything is.
    :param network: which of several networks is trained, such as "member 1 of 5".
    :param batches: the loss of each of its batches, in order, where the loop tells them.
    """

    epoch: int
    epochs: int
    loss: float
    held_out: float | None = None
    network: str = ""
    batches: tuple[float, ...] = ()

    def __str__(self) -> str:
        held_out = "" if self.held_out is None else f", {self.held_out:.4f} on held-out tiles"
        return f"epoch {self.epoch} of {self.epochs}, loss {self.loss:.4f}{held_out}{self._of_batches()}"

    def _of_batches(self) -> str:
        """The losses of batches in words; of many some, evenly from the first to the last, so that it stays one line."""
        count = len(self.batches)
        if count < 2:
            return ""
        shown = [self.batches[i * (count - 1) // (min(count, SHOWN) - 1)] for i in range(min(count, SHOWN))]
        of_many = f", {SHOWN} of {count} shown" if count > SHOWN else ""
        return f" (batch by batch {' '.join(f'{loss:.4f}' for loss in shown)}{of_many})"


@dataclass(frozen=True)
class Progress:
    """Progress of one job, or of a part of it.

    :param report: called with the fraction done (0 to 1) and a short message.
    :param log: called with a sentence worth keeping.
    :param is_cancelled: asked at every update; once it answers True the update raises :class:`Cancelled`.
    :param trained: called with every epoch of a training, as data.
    :param start, stop: where in the whole (0 to 1) this part begins and ends.
    """

    report: Callable[[float, str], None] = _ignore
    log: Callable[[str], None] = _ignore
    is_cancelled: Callable[[], bool] = _never
    trained: Callable[[Epoch], None] = _ignore
    start: float = 0.0
    stop: float = 1.0

    def update(self, fraction: float, message: str = "") -> None:
        """Say that ``fraction`` (0 to 1) of this part is done, and a ``message``; raise :class:`Cancelled` if cancelled."""
        if self.is_cancelled():
            raise Cancelled
        fraction = min(max(fraction, 0.0), 1.0)
        self.report(self.start + fraction * (self.stop - self.start), message)

    def finish(self, message: str = "") -> None:
        """Say that this part is done, with a ``message``; whether cancelled or not, as what is written is not taken back."""
        self.report(self.stop, message)

    def part(self, start: float, stop: float) -> Progress:
        """The progress of a part that takes this one from ``start`` to ``stop`` (both 0 to 1)."""
        span = self.stop - self.start
        return replace(self, start=self.start + start * span, stop=self.start + stop * span)

    def epoch(self, fraction: float, epoch: Epoch) -> None:
        """Say that ``epoch`` is over, with which ``fraction`` (0 to 1) of this part is done; raise as :meth:`update`."""
        self.update(fraction, str(epoch))
        self.trained(epoch)

    def deduplicated(self) -> Progress:
        """The same, but sentences that differ from an earlier one in their numbers only are not logged again."""
        said: set[str] = set()

        def log(message: str) -> None:
            kind = re.sub(r"[\d.,]+", "", message)
            if kind not in said:
                said.add(kind)
                self.log(message)

        return replace(self, log=log)


NO_PROGRESS = Progress()
