"""Layers -> GeoTIFF: drawn block by block, so that memory does not grow with the extent."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsMapLayer,
    QgsMapSettings,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.PyQt.QtGui import QColor

from ..i18n import tr
from ..layers.layer_metadata import rights_of
from ..plain_text import literal
from .block_drawing import BLOCKS_AT_ONCE, BlockDrawing, DrawingCancelledError, DrawnBlock
from .geotiff import GeoTiff
from .pixel_grid import Block, PixelGrid
from .web_layers import check_tile_counts, has_no_gaps, is_web_layer, missing_pixels, pixels_within

# Multiples of the file's tiles. Small blocks keep every core busy; in large ones labels have more room, and servers are
# asked for fewer tiles twice. QGIS reads rasters in pieces of at most 2000 pixels, whose borders show in web layers.
BLOCK = 1024
LARGE_BLOCK = 1536
MAX_PIXELS = 4_000_000_000
DOTS_PER_INCH = 96.0
# Symbols up to this far outside of a block are drawn into it.
OVERLAP_PIXELS = 128
BLOCK_SECONDS = 120.0
PAUSES = (1.0, 2.0, 4.0, 8.0)
FUTILE_PASSES = 2
SILENT_BLOCKS = 3


@dataclass(frozen=True)
class Picture:
    """A picture to draw.

    :param layers: the topmost first; they must belong to the calling thread.
    :param settings: made by :func:`map_settings` in the main thread.
    :param pixel_size: in units of the CRS.
    :param path: the GeoTIFF to write.
    """

    layers: Sequence[QgsMapLayer]
    settings: QgsMapSettings
    extent: QgsRectangle
    crs: QgsCoordinateReferenceSystem
    pixel_size: float
    path: str


@dataclass(frozen=True)
class DrawnPicture:
    """What became of a picture.

    :param missing: share of the pixels of each web layer, by name, that did not arrive or are transparent in the source.
    """

    path: str
    columns: int
    rows: int
    missing: dict[str, float]


def map_settings(project: QgsProject | None) -> QgsMapSettings:
    """How maps are drawn in a project; to be called in the main thread."""
    settings = QgsMapSettings()
    settings.setOutputDpi(DOTS_PER_INCH)
    settings.setBackgroundColor(QColor(0, 0, 0, 0))
    for flag, wanted in (
        (Qgis.MapSettingsFlag.Antialiasing, True),
        (Qgis.MapSettingsFlag.UseAdvancedEffects, True),
        (Qgis.MapSettingsFlag.DrawLabeling, True),
        # Lines and fills start at the feature and not at the block, so that they meet at its border.
        (Qgis.MapSettingsFlag.RenderMapTile, True),
        (Qgis.MapSettingsFlag.DrawSelection, False),
    ):
        settings.setFlag(flag, wanted)
    context = QgsExpressionContext()
    context.appendScope(QgsExpressionContextUtils.globalScope())
    if project is not None:
        settings.setTransformContext(project.transformContext())
        settings.setEllipsoid(project.ellipsoid())
        settings.setPathResolver(project.pathResolver())
        settings.setLabelingEngineSettings(project.labelingEngineSettings())
        context.appendScope(QgsExpressionContextUtils.projectScope(project))
    settings.setExpressionContext(context)
    return settings


def draw_picture(picture: Picture, feedback: QgsProcessingFeedback) -> DrawnPicture:
    """Draw a picture into its file; nothing is left behind when it fails or is cancelled.

    :raises QgsProcessingException: a sentence on what went wrong.
    """
    grid = PixelGrid.over(picture.extent, picture.pixel_size)
    context = picture.settings.transformContext()
    if grid.pixels > MAX_PIXELS:
        raise QgsProcessingException(
            tr(
                "The picture would have {columns:,} x {rows:,} pixels, too many. Choose a smaller extent, or larger pixels."
            ).format(columns=grid.columns, rows=grid.rows)
        )
    check_tile_counts(picture.layers, grid, picture.crs, context)
    try:
        with GeoTiff(picture.path, grid, picture.crs, _metadata(picture.layers)) as file:
            missing = _Drawing(picture, grid, file, feedback).draw()
    except DrawingCancelledError:
        raise QgsProcessingException(tr("Cancelled; nothing was written.")) from None
    return DrawnPicture(picture.path, grid.columns, grid.rows, missing)


class _Drawing:
    """The drawing of one picture: once over all blocks, then again over those that lack parts of web layers."""

    def __init__(self, picture: Picture, grid: PixelGrid, file: GeoTiff, feedback: QgsProcessingFeedback) -> None:
        self._layers = list(picture.layers)
        self._web = [layer for layer in self._layers if is_web_layer(layer)]
        context = picture.settings.transformContext()
        self._expected = {
            layer.id(): pixels_within(grid, layer, picture.crs, context) for layer in self._web if has_no_gaps(layer)
        }
        self._grid = grid
        self._file = file
        self._feedback = feedback
        self._gaps: dict[Block, dict[str, int]] = {}
        self._silent_blocks = 0
        self._given_up = False
        settings = QgsMapSettings(picture.settings)
        settings.setDestinationCrs(picture.crs)
        rasters_only = all(isinstance(layer, QgsRasterLayer) for layer in self._layers)
        if not rasters_only:
            settings.setExtentBuffer(OVERLAP_PIXELS * grid.pixel_size)
        self._block = BLOCK if rasters_only and not self._web else LARGE_BLOCK
        watched = [layer for layer in self._web if layer.id() in self._expected]
        self._drawing = BlockDrawing(settings, grid, watched, feedback)

    def draw(self) -> dict[str, float]:
        """Draw all there is; the share of pixels missing of each web layer, by name."""
        self._pass(list(self._grid.blocks(self._block)), first=True)
        futile = 0
        for pause in PAUSES:
            incomplete = [block for block, gaps in self._gaps.items() if any(gaps.values())]
            if not incomplete or futile == FUTILE_PASSES or self._given_up:
                break
            text = tr("{count} parts of the picture are not complete; asking again in {pause:g} s.")
            self._feedback.pushInfo(literal(text.format(count=len(incomplete), pause=pause)))
            self._drawing.pause(pause)
            futile = 0 if self._pass(incomplete, first=False) else futile + 1
        return self._report()

    def _pass(self, blocks: list[Block], *, first: bool) -> bool:
        """Draw blocks; whether any has fewer gaps than before."""
        improved = False
        drawn = self._drawing.draw(
            blocks,
            self._layers_to_ask,
            at_once=1 if self._web else BLOCKS_AT_ONCE,
            seconds=BLOCK_SECONDS if self._web else None,
        )
        # Closed, so that no renderer is left at work when writing fails.
        with closing(drawn):
            for number, one in enumerate(drawn, start=1):
                gaps = self._count_gaps(one)
                if first or sum(gaps.values()) < sum(self._gaps[one.block].values()):
                    improved = True
                    self._gaps[one.block] = gaps
                    self._file.write(one.block, one.image)
                self._watch_silence(one)
                if first:
                    self._feedback.setProgress(100 * number / len(blocks))
        return improved

    def _count_gaps(self, drawn: DrawnBlock) -> dict[str, int]:
        return {
            # Of a block that was broken off, only the whole picture is known.
            name: missing_pixels(drawn.layer_images.get(name, drawn.image), drawn.block, expected)
            for name, expected in self._expected.items()
        }

    def _watch_silence(self, drawn: DrawnBlock) -> None:
        if not drawn.timed_out:
            self._silent_blocks = 0
            return
        self._silent_blocks += 1
        text = tr("A part of the picture was not there after {seconds:g} s; what had arrived by then is kept.")
        self._feedback.pushWarning(literal(text.format(seconds=BLOCK_SECONDS)))
        if self._silent_blocks == SILENT_BLOCKS:
            self._given_up = True
            text = tr("The server of {names} does not answer in time. The rest of the picture is drawn without it.")
            self._feedback.pushWarning(literal(text.format(names=_names(self._web))))

    def _layers_to_ask(self) -> list[QgsMapLayer]:
        return [layer for layer in self._layers if layer not in self._web] if self._given_up else self._layers

    def _report(self) -> dict[str, float]:
        shares = {}
        for layer in self._web:
            expected = self._expected.get(layer.id())
            if expected is None or not expected.pixels:
                continue
            gaps = sum(block_gaps[layer.id()] for block_gaps in self._gaps.values())
            shares[layer.name()] = gaps / expected.pixels
            if gaps:
                text = tr(
                    "{share:.2%} of '{name}' did not arrive, or is transparent at its source. These pixels are nodata."
                )
                self._feedback.pushWarning(literal(text.format(share=shares[layer.name()], name=layer.name())))
        return shares


def _metadata(layers: Sequence[QgsMapLayer]) -> dict[str, str]:
    """What the file says of itself, above all whom the pictures belong to; QGIS shows it as HTML, others as text."""
    now = datetime.now().astimezone()
    rights = dict.fromkeys(text for layer in layers for text in rights_of(layer))
    metadata = {
        "TIFFTAG_DATETIME": now.strftime("%Y:%m:%d %H:%M:%S"),
        "TIFFTAG_SOFTWARE": f"MMRisk, QGIS {Qgis.version()}",
        "MMRISK_LAYERS": literal(_names(layers)),
        "MMRISK_DRAWN": now.isoformat(timespec="seconds"),
    }
    if rights:
        metadata["TIFFTAG_COPYRIGHT"] = literal("; ".join(rights))
    return metadata


def _names(layers: Sequence[QgsMapLayer]) -> str:
    return ", ".join(layer.name() for layer in layers)
