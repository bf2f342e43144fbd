"""How long something will take, from how long it took last time on this computer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...i18n import tr
from ...locale_numbers import localised
from ...settings import read_settings, write_settings

MIN_TILES = 50


def remember_rate(setting: str, tiles: int, seconds: float) -> None:
    """Keep a measured rate; of a handful of tiles nothing can be told."""
    if tiles >= MIN_TILES and seconds > 0:
        rate: dict[str, Any] = {setting: tiles / seconds}
        write_settings(replace(read_settings(), **rate))


def estimate(setting: str, tiles: int) -> str:
    """A sentence on the time that so many tiles take."""
    rate = getattr(read_settings(), setting)
    if rate <= 0:
        return tr("How long it takes can be told after the first run.")
    return tr("Takes about {time}.").format(time=_duration(tiles / rate))


def _duration(seconds: float) -> str:
    if seconds < 60:
        return tr("{n} s").format(n=max(1, round(seconds)))
    if seconds < 5400:
        return tr("{n} min").format(n=round(seconds / 60))
    return tr("{n} h").format(n=localised(f"{seconds / 3600:.1f}"))
