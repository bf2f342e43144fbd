"""The algorithm 'Join attributes to tiles'."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterString,
)

from ...i18n import tr
from ...layers.sources import vector_source
from ..base_algorithm import EngineAlgorithm
from ..shared_parameters import tiles_parameter

STATISTICS = ("count", "length", "area", "share", "sum", "mean", "min", "max", "std", "majority", "distance")


class JoinAttributes(EngineAlgorithm):
    """Turns what a layer holds in each tile into columns."""

    NAME = "joinattributes"
    VERB = "join"

    def displayName(self) -> str:
        return tr("Join attributes to tiles")

    def shortHelpString(self) -> str:
        return tr(
            "Adds columns to the tiles that say what of a layer lies in each: how many features, how many metres of "
            "lines, the sum or mean of a field.\n\n"
            "Lines and polygons are cut at the tile's edge: a road that lies half in a tile gives it half of its length and "
            "half of a sum; means, deviations and majorities are weighted by length or area. An empty tile has count 0 and "
            "length 0, but no mean.\n\n"
            "Columns are named prefix + statistic, or prefix + field + _ + statistic. How they were made is kept with the "
            "layer, so that a model can make them again elsewhere."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        names = [
            tr("Count"), tr("Length (m)"), tr("Area (m²)"), tr("Share of the tile"), tr("Sum"), tr("Mean"), tr("Minimum"),
            tr("Maximum"), tr("Standard deviation"), tr("Majority"), tr("Distance to nearest (m)"),
        ]  # fmt: skip
        self.add(*tiles_parameter(tr("Tiles made by 'Create tiles', or any polygons.")))
        self.add(
            QgsProcessingParameterFeatureSource("INPUT", tr("Layer to join"), [QgsProcessing.SourceType.TypeVector]),
            tr("Points, lines, polygons or a table: roads, junctions, zones, traffic counts."),
        )
        self.add(
            QgsProcessingParameterField(
                "FIELDS",
                tr("Fields"),
                parentLayerParameterName="INPUT",
                type=QgsProcessingParameterField.DataType.Any,
                allowMultiple=True,
                optional=True,
            ),
            tr(
                "Fields to take the sum, mean, minimum, maximum or standard deviation of (numbers), or the majority of "
                "(any field). Count, length, area, share and distance need none."
            ),
        )
        self.add(
            QgsProcessingParameterEnum("STATISTICS", tr("Statistics"), names, allowMultiple=True, defaultValue=[0]),
            tr(
                "What to compute of the features in a tile. Length is of lines, area and share (the part of the tile that "
                "is covered) of polygons; distance is that from the tile to the nearest feature."
            ),
        )
        self.add(
            QgsProcessingParameterString("PREFIX", tr("Prefix of the new columns"), "", optional=True),
            tr("Begin of the new columns' names, such as roads_."),
        )
        self.add(
            QgsProcessingParameterField("JOIN_FIELD", tr("Key of the layer"), None, "INPUT", optional=True),
            tr("To match rows by a key instead of by place: the layer's field with the key."),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterField("TILE_FIELD", tr("Key of the tiles"), None, "TILES", optional=True),
            tr("To match rows by a key instead of by place: the tiles' field with the key."),
            advanced=True,
        )
        self.addParameter(
            QgsProcessingParameterFeatureSink(
                "OUTPUT", tr("Tiles with attributes"), QgsProcessing.SourceType.TypeVectorPolygon
            )
        )

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        job = {
            "tiles": vector_source(self, parameters, "TILES", context, feedback),
            "input": vector_source(self, parameters, "INPUT", context, feedback),
            "fields": self.fields_chosen(parameters, "FIELDS", context),
            "statistics": [STATISTICS[i] for i in self.parameterAsEnums(parameters, "STATISTICS", context)],
            "prefix": self.parameterAsString(parameters, "PREFIX", context),
            "join_field": self.optional_text(parameters, "JOIN_FIELD", context),
            "tile_field": self.optional_text(parameters, "TILE_FIELD", context),
        }
        result = self.run_job_into_sink(job, parameters, context, feedback)
        return {"OUTPUT": result["output"]}
