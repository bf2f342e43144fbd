"""A batch that several processes divide, and random draws that belong to the whole of it.

Every process makes the draws for the whole batch from the same generator and takes those of its own rows, so that what is
trained does not hang on how many processes train it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from torch import Tensor, nn

from mmrisk_core.compute.process_group import rank_slice, world_size


@dataclass(frozen=True)
class BatchShare:
    """What of a batch falls to this process.

    :param size: rows of the whole batch.
    :param rows: which of them are ours.
    :param weight: of our mean loss, so that its mean over all processes is that of the batch.
    """

    size: int
    rows: slice
    weight: float


_current: ContextVar[BatchShare | None] = ContextVar("share of the batch", default=None)


@contextmanager
def share_of_batch(size: int) -> Iterator[BatchShare]:
    """Our share of a batch, to which random draws inside the block keep. See :func:`draw_rows`."""
    rows = rank_slice(size)
    weight = (rows.stop - rows.start) * world_size() / size
    # A batch with fewer rows than processes: all must take part in the step, some for nothing.
    share = BatchShare(size, rows if weight else slice(0, 1), weight)
    token = _current.set(share)
    try:
        yield share
    finally:
        _current.reset(token)


def draw_rows(n: int, draw: Callable[[int], Tensor]) -> Tensor:
    """``draw(n)``, or, where ``n`` rows are our share of a batch, their part of a draw for the whole batch."""
    share = _current.get()
    return draw(n) if share is None else draw(share.size)[share.rows]


class BatchDropout(nn.Dropout):
    """Dropout whose mask is drawn for the whole batch; by the same draws as in :class:`torch.nn.Dropout`."""

    def forward(self, x: Tensor) -> Tensor:
        """(n, ...) -> (n, ...)."""
        if not self.training or world_size() == 1:
            return super().forward(x)
        return x * draw_rows(len(x), lambda n: super(BatchDropout, self).forward(x.new_ones(n, *x.shape[1:])))
