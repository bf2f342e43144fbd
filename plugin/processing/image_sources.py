"""The layers of IMAGES as the engine reads them: raster files as they are, all else drawn into temporary GeoTIFFs."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingMultiStepFeedback,
    QgsProcessingUtils,
    QgsRectangle,
)

from ..i18n import tr
from ..layers.crs import crs_text
from ..layers.layer_metadata import rights_of
from ..layers.sources import absolute
from ..layers.user_nodata import user_nodata, with_nodata
from ..plain_text import literal
from ..rendering.layer_copies import LayerCopies
from ..rendering.raster_files import driver_of, readable_elsewhere
from ..rendering.renderer import Picture, draw_picture, map_settings
from .base_algorithm import EngineAlgorithm

# Formats that every GDAL reads; about others the engine is asked.
COMMON_DRIVERS = {"GTiff", "VRT", "PNG", "JPEG"}
NETWORK = re.compile(r"/vsi(curl|s3|gs|az|adls|oss|swift|webhdfs|hdfs)(_streaming)?[/?]|^https?://")


@dataclass(frozen=True)
class PictureArea:
    """Where and how finely a layer is drawn.

    :param pixel_size: in units of the CRS.
    """

    extent: QgsRectangle
    crs: QgsCoordinateReferenceSystem
    pixel_size: float


@dataclass(frozen=True)
class ImageFiles:
    """The images of a job.

    :param sources: as the engine's RasterSource has them.
    :param feedback: for the job, which comes after the drawing.
    """

    sources: list[dict[str, Any]]
    feedback: QgsProcessingFeedback


class ImageLayers:
    """The layers of IMAGES; made in ``prepareAlgorithm``, as layers may be copied in the main thread only.

    :ivar rights: whom the layers belong to, for the metadata of what is made from them.
    """

    def __init__(self, algorithm: EngineAlgorithm, parameters: dict[str, Any], context: QgsProcessingContext) -> None:
        layers = algorithm.parameterAsLayerList(parameters, "IMAGES", context) if parameters.get("IMAGES") else []
        self._algorithm = algorithm
        self._layers = [_ImageLayer(layer) for layer in layers]
        self._settings = map_settings(context.project())
        self.rights = [text for layer in layers for text in rights_of(layer)]

    def __len__(self) -> int:
        return len(self._layers)

    @contextmanager
    def files(
        self, areas: Callable[[QgsProcessingFeedback], list[PictureArea]], feedback: QgsProcessingFeedback
    ) -> Iterator[ImageFiles]:
        """The images as files; those that were drawn are gone afterwards.

        ``areas`` is asked, if anything has to be drawn, for the area of each image of the model, in order.
        """
        drawn = [layer for layer in self._layers if not self._engine_reads(layer, feedback)]
        if not drawn:
            with temporary_folder() as folder:
                sources = [layer.source(folder, number) for number, layer in enumerate(self._layers, start=1)]
                yield ImageFiles(sources, feedback)
            return
        found = areas(feedback)
        if len(found) < len(self._layers):
            raise QgsProcessingException(
                tr("The model looks at {wanted} images, and {given} were given. 'Describe model' lists them.").format(
                    wanted=len(found), given=len(self._layers)
                )
            )
        steps = QgsProcessingMultiStepFeedback(len(drawn) + 1, feedback)
        if feedback.isCanceled():
            steps.cancel()
        with temporary_folder() as folder:
            sources = []
            for number, (layer, area) in enumerate(zip(self._layers, found), start=1):
                if layer in drawn:
                    sources.append(self._draw(layer, area, str(folder / f"image_{number}.tif"), steps))
                    steps.setCurrentStep(drawn.index(layer) + 1)
                else:
                    sources.append(layer.source(folder, number))
            yield ImageFiles(sources, steps)

    def _engine_reads(self, layer: _ImageLayer, feedback: QgsProcessingFeedback) -> bool:
        if not layer.is_file:
            return False
        driver = driver_of(layer.path)
        return driver in COMMON_DRIVERS or driver in self._engine_drivers(feedback)

    def _engine_drivers(self, feedback: QgsProcessingFeedback) -> list[str]:
        return list(self._algorithm.run_job({}, feedback, verb="doctor")["raster_drivers"])

    def _draw(
        self, layer: _ImageLayer, area: PictureArea, path: str, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        text = tr(
            "'{name}' is no raster file that the engine reads; it is drawn with pixels of {size:g} units of {crs}."
        )
        crs = area.crs.userFriendlyIdentifier()
        feedback.pushInfo(literal(text.format(name=layer.name, size=area.pixel_size, crs=crs)))
        with layer.copies.in_this_thread() as layers:
            draw_picture(Picture(layers, self._settings, area.extent, area.crs, area.pixel_size, path), feedback)
        return {"path": path, "name": layer.name, "crs": None}


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder for what is drawn and made of images; gone afterwards."""
    folder = tempfile.mkdtemp(prefix="mmrisk-", dir=QgsProcessingUtils.tempFolder())
    try:
        yield Path(folder)
    finally:
        # Windows keeps files that are still open somewhere; QGIS empties its folder when it closes.
        shutil.rmtree(folder, ignore_errors=True)


class _ImageLayer:
    """What there is to know of a layer, without the layer."""

    def __init__(self, layer: QgsMapLayer) -> None:
        self.name = layer.name()
        self.path = layer.source()
        self.is_file = readable_elsewhere(layer)
        self.copies = LayerCopies([layer])
        self._source = raster_source(layer)
        # What is drawn has its gaps already.
        self._nodata = user_nodata(layer) if self.is_file else None
        if self._nodata is not None and NETWORK.search(self.path):
            # A virtual raster would name another computer, for which the engine does not ask one.
            self.is_file, self._nodata = False, None

    def source(self, folder: Path, number: int) -> dict[str, Any]:
        return with_nodata(self._source, self._nodata, folder / f"image_{number}.vrt")


def raster_source(layer: QgsMapLayer) -> dict[str, Any]:
    """A raster file as the engine's RasterSource has it."""
    provider = layer.dataProvider()
    # A CRS that was set in QGIS only; the file's own one is best read from the file.
    crs = crs_text(layer.crs()) if provider is not None and layer.crs() != provider.crs() else None
    return {"path": absolute(layer.source()), "name": layer.name(), "crs": crs or None}
