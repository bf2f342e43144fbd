"""Drawings and photographs as part of a page."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import Any

import matplotlib
import matplotlib.image
import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mmrisk_core.arrays import ByteArray
from mmrisk_core.html.page import GREY, INK

matplotlib.use("agg")

DOTS_PER_INCH = 160
LOOK: dict[Any, Any] = {
    "font.size": 9.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "xtick.color": INK,
    "ytick.color": INK,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "svg.hashsalt": "mmrisk",
}


def chart(name: str, draw: Callable[[Axes], None], size: tuple[float, float] = (4.2, 3.5)) -> Markup:
    """A drawing of lines and letters, sharp at any size.

    :param name: what it shows, for those who cannot see it.
    :param size: in inches.
    """
    with matplotlib.rc_context(LOOK):
        figure = Figure(figsize=size, layout="constrained")
        draw(figure.subplots())
        buffer = io.BytesIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return _image("svg+xml", buffer, name)


def plate(name: str, draw: Callable[[Figure], None], size: tuple[float, float]) -> Markup:
    """A drawing of very many shapes, such as a map, as pixels; as wide as the page."""
    with matplotlib.rc_context(LOOK):
        figure = Figure(figsize=size, layout="constrained")
        draw(figure)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=DOTS_PER_INCH)
    return _image("png", buffer, name, "wide")


def photograph(name: str, pixels: ByteArray) -> Markup:
    """Pixels (height, width, 3) as a JPEG."""
    buffer = io.BytesIO()
    matplotlib.image.imsave(buffer, np.ascontiguousarray(pixels), format="jpg", pil_kwargs={"quality": 82})
    return _image("jpeg", buffer, name)


def _image(kind: str, buffer: io.BytesIO, name: str, style: str = "") -> Markup:
    encoded = base64.b64encode(buffer.getvalue()).decode("ascii")
    return Markup('<img class="{}" src="data:image/{};base64,{}" alt="{}">').format(style, kind, encoded, name)
