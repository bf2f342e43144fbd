"""Draws blocks of a picture, several at once, with QGIS's own renderers; it can be cancelled at any time."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass

from qgis.core import (
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsFeedback,
    QgsMapLayer,
    QgsMapRendererCache,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
)
from qgis.PyQt.QtCore import QCoreApplication, QEventLoop, QSize, QThread, QThreadPool, QTimer
from qgis.PyQt.QtGui import QImage

from .pixel_grid import Block, PixelGrid

# One more than there are cores, so that none is idle while a block is written.
BLOCKS_AT_ONCE = min(QThread.idealThreadCount(), 8) + 1
POLL_MILLISECONDS = 50


class DrawingCancelledError(Exception):
    """The user cancelled."""


@dataclass(frozen=True)
class DrawnBlock:
    """A block as it was drawn.

    :param timed_out: whether it was broken off; what had been drawn by then is in the image.
    """

    block: Block
    image: QImage
    timed_out: bool
    layer_images: dict[str, QImage]


class BlockDrawing:
    """Draws blocks in QGIS's render threads while the calling thread, whichever it is, runs an event loop.

    :param settings: all but extent and size.
    :param watched: the layers whose own picture is wanted beside that of all layers.
    """

    def __init__(
        self, settings: QgsMapSettings, grid: PixelGrid, watched: Iterable[QgsMapLayer], feedback: QgsFeedback
    ) -> None:
        self._settings = settings
        self._grid = grid
        self._watched = [layer.id() for layer in watched]
        self._feedback = feedback

    def draw(
        self,
        blocks: Iterable[Block],
        layers: Callable[[], list[QgsMapLayer]],
        *,
        at_once: int = BLOCKS_AT_ONCE,
        seconds: float | None = None,
    ) -> Generator[DrawnBlock, None, None]:
        """Draw blocks, in about their order.

        :param blocks: what to draw.
        :param layers: asked for each block, as they may change on the way.
        :param at_once: how many blocks are drawn at the same time.
        :param seconds: a block that takes longer is broken off; None for no limit.

        :raises DrawingCancelledError: the user cancelled.
        """
        waiting = iter(blocks)
        running: list[_RunningBlock] = []
        with _thread_lent_to_renderers():
            try:
                finished: list[_RunningBlock] = []
                while True:
                    # The next blocks are at work while the caller deals with those that are finished.
                    while len(running) < at_once and (block := next(waiting, None)) is not None:
                        running.append(_RunningBlock(self._settings_of(block, layers()), block, self._watched))
                    while finished:
                        yield finished.pop(0).result()
                    if not running:
                        return
                    self._wait_for_one(running, seconds)
                    finished = [one for one in running if one.is_finished]
                    running = [one for one in running if one not in finished]
            finally:
                _break_off(running)

    def pause(self, seconds: float) -> None:
        """Wait, without blocking the thread.

        :raises DrawingCancelledError: the user cancelled.
        """
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self._feedback.isCanceled():
                raise DrawingCancelledError
            _run_events([])

    def _settings_of(self, block: Block, layers: list[QgsMapLayer]) -> QgsMapSettings:
        settings = QgsMapSettings(self._settings)
        settings.setLayers(layers)
        settings.setOutputSize(QSize(block.width, block.height))
        settings.setExtent(self._grid.extent_of(block))
        context = QgsExpressionContext(settings.expressionContext())
        context.appendScope(QgsExpressionContextUtils.mapSettingsScope(settings))
        settings.setExpressionContext(context)
        return settings

    def _wait_for_one(self, running: list[_RunningBlock], seconds: float | None) -> None:
        while not any(one.is_finished for one in running):
            if self._feedback.isCanceled():
                raise DrawingCancelledError
            if seconds is not None:
                for one in running:
                    one.break_off_after(seconds)
            _run_events(running)


class _RunningBlock:
    def __init__(self, settings: QgsMapSettings, block: Block, watched: list[str]) -> None:
        self.block = block
        self.job = QgsMapRendererSequentialJob(settings)
        self._watched = watched
        self._timed_out = False
        self._started = time.monotonic()
        self._cache = QgsMapRendererCache() if watched else None
        if self._cache is not None:
            self.job.setCache(self._cache)
        self.job.start()

    @property
    def is_finished(self) -> bool:
        return not self.job.isActive()

    def break_off_after(self, seconds: float) -> None:
        if not self._timed_out and time.monotonic() - self._started > seconds:
            self._timed_out = True
            self.job.cancelWithoutBlocking()

    def result(self) -> DrawnBlock:
        images = {}
        if self._cache is not None and not self._timed_out:
            images = {name: self._cache.cacheImage(name) for name in self._watched}
        return DrawnBlock(self.block, self.job.renderedImage(), self._timed_out, images)


def _break_off(running: list[_RunningBlock]) -> None:
    """Wait for jobs that nobody wants any more; deleting one that works would block the thread."""
    for one in running:
        if one.job.isActive():
            one.job.cancelWithoutBlocking()
    while any(one.job.isActive() for one in running):
        _run_events(running)


def _run_events(running: list[_RunningBlock]) -> None:
    """Let the thread handle events until a job has finished, or for a moment."""
    loop = QEventLoop()
    timer = QTimer()
    timer.setSingleShot(True)
    timer.timeout.connect(loop.quit)
    for one in running:
        one.job.finished.connect(loop.quit)
    if not any(one.is_finished for one in running):
        timer.start(POLL_MILLISECONDS)
        loop.exec()
    for one in running:
        one.job.finished.disconnect(loop.quit)


@contextlib.contextmanager
def _thread_lent_to_renderers() -> Iterator[None]:
    """A background thread that waits for renderers counts as free: they may come from the same pool, of one thread."""
    application = QCoreApplication.instance()
    if application is None or QThread.currentThread() == application.thread():
        yield
        return
    QThreadPool.globalInstance().releaseThread()
    try:
        yield
    finally:
        QThreadPool.globalInstance().reserveThread()
