"""Damage that GDAL only warns of: a broken JPEG block is read as grey, and nobody hears of it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

LOGGER = "rasterio._err"
DAMAGE = ("corrupt", "premature end")
HARMLESS = "extraneous bytes"


class _Listener(logging.Handler):
    """Keeps the warnings of each thread for itself: GDAL raises them in the thread that reads."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._local = threading.local()

    def emit(self, record: logging.LogRecord) -> None:
        heard = getattr(self._local, "heard", None)
        if heard is not None:
            heard.append(record.getMessage())

    @contextmanager
    def listening(self) -> Iterator[list[str]]:
        heard: list[str] = []
        self._local.heard = heard
        try:
            yield heard
        finally:
            self._local.heard = None


_listener = _Listener()
logging.getLogger(LOGGER).addHandler(_listener)


class DamagedBlockError(Exception):
    """What a decoder warned of, and what it read means nothing."""


@contextmanager
def raised() -> Iterator[None]:
    """Raise a :class:`DamagedBlockError` where a decoder warns of damage within the block."""
    with _listener.listening() as heard:
        yield
    for message in heard:
        text = message.lower()
        if any(word in text for word in DAMAGE) and HARMLESS not in text:
            raise DamagedBlockError(message)
