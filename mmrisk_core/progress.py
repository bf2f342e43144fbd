"""How far a job is, what it has to say, and whether the user still wants it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from mmrisk_core.errors import Cancelled


def _ignore(*_: object) -> None:
    return None


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Progress:
    """Progress of one job, or of a part of it.

    :param report: called with the fraction done (0 to 1) and a short message.
    :param log: called with a sentence worth keeping.
    :param is_cancelled: asked at every update; once it answers True the update raises :class:`Cancelled`.
    """

    report: Callable[[float, str], None] = _ignore
    log: Callable[[str], None] = _ignore
    is_cancelled: Callable[[], bool] = _never
    start: float = 0.0
    stop: float = 1.0

    def update(self, fraction: float, message: str = "") -> None:
        """Say that ``fraction`` (0 to 1) of this part is done; raise :class:`Cancelled` if the user cancelled."""
        if self.is_cancelled():
            raise Cancelled
        fraction = min(max(fraction, 0.0), 1.0)
        self.report(self.start + fraction * (self.stop - self.start), message)

    def part(self, start: float, stop: float) -> Progress:
        """The progress of a part that takes this one from ``start`` to ``stop`` (both 0 to 1)."""
        span = self.stop - self.start
        return Progress(self.report, self.log, self.is_cancelled, self.start + start * span, self.start + stop * span)

    def deduplicated(self) -> Progress:
        """The same, but sentences that differ from an earlier one in their numbers only are not logged again."""
        said: set[str] = set()

        def log(message: str) -> None:
            kind = re.sub(r"[\d.,]+", "", message)
            if kind not in said:
                said.add(kind)
                self.log(message)

        return replace(self, log=log)

    def without_reports(self) -> Progress:
        """The same, but only logging and noticing a cancel: for parts that someone else reports on."""
        return replace(self, report=_ignore)


def epoch_message(epoch: int, epochs: int, loss: float, held_out: float | None = None) -> str:
    """What is said of an epoch of training; the panel of the plugin draws its curve from it.

    :param epoch: the number of the epoch, from 1.
    :param loss: on the tiles that are learnt from.
    :param held_out: on held-out tiles, if there are any.
    """
    message = f"epoch {epoch} of {epochs}, loss {loss:.4f}"
    return message if held_out is None else f"{message}, {held_out:.4f} on held-out tiles"


NO_PROGRESS = Progress()
