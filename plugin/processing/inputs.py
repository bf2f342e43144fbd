"""The values that an algorithm was given, read as its job needs them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeatureSource,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsRectangle,
)

from ..layers.sources import absolute, vector_source, vector_sources
from .destinations import check_output


@dataclass(frozen=True)
class Inputs:
    """The parameters of one run of an algorithm."""

    algorithm: QgsProcessingAlgorithm
    parameters: dict[str, Any]
    context: QgsProcessingContext
    feedback: QgsProcessingFeedback

    def is_given(self, name: str) -> bool:
        """Whether a parameter has a value that the user, or a model, gave it."""
        return self.parameters.get(name) is not None

    def text(self, name: str) -> str:
        """A text as it stands."""
        return str(self.algorithm.parameterAsString(self.parameters, name, self.context))

    def optional_text(self, name: str) -> str | None:
        """A text, field or file; None where it is not set."""
        return self.text(name).strip() or None

    def whole(self, name: str) -> int:
        """A whole number."""
        return int(self.algorithm.parameterAsInt(self.parameters, name, self.context))

    def number(self, name: str) -> float:
        """A number."""
        return float(self.algorithm.parameterAsDouble(self.parameters, name, self.context))

    def truth(self, name: str) -> bool:
        """Yes or no."""
        return bool(self.algorithm.parameterAsBoolean(self.parameters, name, self.context))

    def positions(self, name: str) -> list[int]:
        """The positions of what is chosen of a list."""
        return list(self.algorithm.parameterAsEnums(self.parameters, name, self.context))

    def fields(self, name: str) -> list[str]:
        """The names of the fields that are chosen."""
        # Newer than QGIS 3.22, and all there is in QGIS 4.
        read = getattr(self.algorithm, "parameterAsStrings", None) or self.algorithm.parameterAsFields
        return list(read(self.parameters, name, self.context))

    def file(self, name: str) -> str:
        """A file to read."""
        return absolute(str(self.algorithm.parameterAsFile(self.parameters, name, self.context)))

    def new_file(self, name: str) -> str | None:
        """A file to write, after a look at whether it can be; None where it is not wanted."""
        return self._new(self.algorithm.parameterAsFileOutput(self.parameters, name, self.context))

    def new_raster(self, name: str) -> str | None:
        """A raster to write, after a look at whether it can be; None where it is not wanted."""
        return self._new(self.algorithm.parameterAsOutputLayer(self.parameters, name, self.context))

    def _new(self, path: str) -> str | None:
        if not path:
            return None
        check_output(path, self.algorithm, self.parameters, self.context)
        return str(Path(path).absolute())

    def layer(self, name: str) -> dict[str, Any] | None:
        """A vector layer as the engine reads it."""
        return vector_source(self.algorithm, self.parameters, name, self.context, self.feedback)

    def layers(self, name: str) -> list[dict[str, Any]]:
        """Several vector layers as the engine reads them."""
        return vector_sources(self.algorithm, self.parameters, name, self.context, self.feedback)

    def features(self, name: str) -> QgsFeatureSource:
        """The features of a vector layer."""
        return self.algorithm.parameterAsSource(self.parameters, name, self.context)

    def crs(self, name: str) -> QgsCoordinateReferenceSystem:
        """A CRS; an invalid one where none is chosen."""
        return self.algorithm.parameterAsCrs(self.parameters, name, self.context)

    def extent(self, name: str, crs: QgsCoordinateReferenceSystem | None = None) -> QgsRectangle:
        """An extent, in a CRS or its own."""
        wanted = crs or QgsCoordinateReferenceSystem()
        return self.algorithm.parameterAsExtent(self.parameters, name, self.context, wanted)

    def extent_crs(self, name: str) -> QgsCoordinateReferenceSystem:
        """The CRS that an extent is given in; an invalid one where that is not known."""
        return self.algorithm.parameterAsExtentCrs(self.parameters, name, self.context)


def edges(extent: QgsRectangle) -> list[float]:
    """An extent as the engine reads it."""
    return [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()]
