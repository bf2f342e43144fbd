"""How fast a prediction goes, and how long it will take."""

from __future__ import annotations

import time

from mmrisk_core.progress import Progress
from mmrisk_core.wording import counted, duration


class Throughput:
    """Counts the tiles that are done and tells them to ``progress``, with the rate and the time that is left.

    That nothing new is done yet is told as well.

    :param total: number of all tiles.
    :param known: how many of them were done before, and say nothing of the rate.
    :param what: what is looked at, such as "imagery".

    :raises Cancelled: when the user cancelled.

    ``workers`` may be set to how many machines or processes there are.
    """

    def __init__(self, total: int, known: int, what: str, progress: Progress) -> None:
        self._total = total
        self._known = known
        self._new = 0
        self._what = what
        self._progress = progress
        self._start = time.monotonic()
        self.workers: int | None = None
        # The first tiles may take long, and until then nobody would know what is being done.
        progress.update(known / total, f"{what} of {known:,} of {counted(total, 'tile')}")

    def add(self, tiles: int) -> None:
        """Say that so many more are done.

        :raises Cancelled: when the user cancelled.
        """
        self._new += tiles
        done = self._known + self._new
        left = (self._total - done) / max(self.rate, 1e-9)
        self._progress.update(
            done / self._total,
            f"{self._what} of {done:,} of {counted(self._total, 'tile')}, {self._rate_in_words}, {duration(left)} left",
        )

    @property
    def rate(self) -> float:
        """Tiles per second."""
        return self._new / max(time.monotonic() - self._start, 1e-3)

    @property
    def _rate_in_words(self) -> str:
        rate = f"{self.rate:,.0f} per second"
        return rate if self.workers is None else f"{rate} by {self.workers} workers"

    @property
    def sentence(self) -> str:
        """What was done, for the log."""
        return f"{counted(self._new, 'tile')} at {self.rate:.0f} tiles per second."
