"""A tiled GeoTIFF with red, green, blue and alpha, written block by block."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Any

from osgeo import gdal
from qgis.core import QgsCoordinateReferenceSystem, QgsProcessingException
from qgis.PyQt.QtGui import QImage

from ..i18n import tr
from ..layers.crs import living
from .pixel_grid import Block, PixelGrid

TILE = 512
OPTIONS = (
    "TILED=YES",
    f"BLOCKXSIZE={TILE}",
    f"BLOCKYSIZE={TILE}",
    "INTERLEAVE=BAND",
    "PHOTOMETRIC=RGB",
    "ALPHA=NON-PREMULTIPLIED",
    "BIGTIFF=IF_SAFER",
    # Tiles in which nothing was drawn take no room.
    "SPARSE_OK=TRUE",
)


class GeoTiff:
    """Writes beside ``path`` and takes its name when left without an error; otherwise nothing is left behind."""

    def __init__(self, path: str, grid: PixelGrid, crs: QgsCoordinateReferenceSystem, metadata: dict[str, str]) -> None:
        self._path = Path(path)
        self._part = self._path.with_name(f".{self._path.stem}.{os.getpid()}.part.tif")
        self._grid = grid
        self._wkt = living(crs).toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT_PREFERRED_GDAL)
        self._metadata = metadata
        self._dataset: Any = None

    def __enter__(self) -> GeoTiff:
        grid = self._grid
        driver = gdal.GetDriverByName("GTiff")
        self._dataset = self._done(
            lambda: driver.Create(str(self._part), grid.columns, grid.rows, 4, gdal.GDT_Byte, list(OPTIONS))
        )
        self._dataset.SetProjection(self._wkt)
        self._dataset.SetGeoTransform((grid.left, grid.pixel_size, 0.0, grid.top, 0.0, -grid.pixel_size))
        self._dataset.SetMetadata(self._metadata)
        return self

    def write(self, block: Block, image: QImage) -> None:
        """Write a block; memory holds no more than this one."""
        # The file keeps colours that are not multiplied by alpha.
        pixels = image.convertToFormat(QImage.Format.Format_RGBA8888)
        stride = pixels.bytesPerLine()
        data = pixels.constBits()
        data.setsize(stride * pixels.height())
        self._done(
            lambda: self._dataset.WriteRaster(
                block.column, block.row, block.width, block.height, data,
                buf_pixel_space=4, buf_line_space=stride, buf_band_space=1,
            )
        )  # fmt: skip
        self._done(self._dataset.FlushCache)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._done(self._dataset.FlushCache)
                self._done(self._close)
                self._part.replace(self._path)
                # Statistics of a file that had this name before.
                self._path.with_name(f"{self._path.name}.aux.xml").unlink(missing_ok=True)
        except OSError as problem:
            raise QgsProcessingException(self._sentence(problem.strerror or str(problem))) from problem
        finally:
            self._close()
            self._part.unlink(missing_ok=True)

    def _close(self) -> None:
        # GDAL has no other way to close a file in the versions that QGIS 3.22 comes with.
        self._dataset = None

    def _done(self, work: Any) -> Any:
        """The result of a call of GDAL, which tells of failures by return value or by exception, as QGIS has set it."""
        gdal.ErrorReset()
        try:
            result = work()
        except RuntimeError as error:
            raise QgsProcessingException(self._sentence(str(error))) from error
        if gdal.GetLastErrorType() >= gdal.CE_Failure:
            raise QgsProcessingException(self._sentence(gdal.GetLastErrorMsg()))
        return result

    def _sentence(self, reason: str) -> str:
        return tr(
            "The picture cannot be written to {path} ({reason}). Make room there, or choose another place."
        ).format(path=self._path, reason=reason)
