"""The algorithm 'Label tiles'."""

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
    QgsProcessingParameterNumber,
)

from ..i18n import tr
from .base_algorithm import EngineAlgorithm
from .layer_sources import vector_source
from .shared_parameters import tiles_parameter

RULES = ("count", "top_share", "per_exposure")


class LabelTiles(EngineAlgorithm):
    """Labels tiles 0 or 1 by events."""

    NAME = "labeltiles"
    VERB = "label"

    def displayName(self) -> str:
        return tr("Label tiles")

    def shortHelpString(self) -> str:
        return tr(
            "Counts events such as crashes in each tile and labels the tile: 1 for high-risk, 0 for the rest. An event on "
            "the edge between two tiles counts in one of them.\n\n"
            "The log says how many tiles get each label. A model learns best when both are common."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        rules = [tr("At least N events"), tr("Top share of tiles"), tr("At least N events per exposure")]
        self.add(*tiles_parameter(tr("The tiles to label.")))
        self.add(
            QgsProcessingParameterFeatureSource("EVENTS", tr("Events"), [QgsProcessing.SourceType.TypeVectorPoint]),
            tr("Points such as crashes. To use some of them only, filter or select them."),
        )
        self.add(
            QgsProcessingParameterField(
                "WEIGHT_FIELD",
                tr("Weight of an event"),
                None,
                "EVENTS",
                QgsProcessingParameterField.DataType.Numeric,
                optional=True,
            ),
            tr("A numeric field such as severity: weights are added instead of counting events."),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterEnum("RULE", tr("Rule"), rules, defaultValue=0),
            tr("How events become a label. This version has the first rule."),
        )
        self.add(
            QgsProcessingParameterNumber("THRESHOLD", tr("Threshold"), QgsProcessingParameterNumber.Type.Double, 1.0),
            tr("A tile with at least this many events (or this sum of weights) is labelled 1."),
        )
        self.add(
            QgsProcessingParameterField(
                "EXPOSURE_FIELD",
                tr("Exposure of a tile"),
                None,
                "TILES",
                QgsProcessingParameterField.DataType.Numeric,
                optional=True,
            ),
            tr("A field of the tiles such as traffic, for the rule 'per exposure'."),
            advanced=True,
        )
        self.addParameter(
            QgsProcessingParameterFeatureSink(
                "OUTPUT", tr("Labelled tiles"), QgsProcessing.SourceType.TypeVectorPolygon
            )
        )

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        job = {
            "tiles": vector_source(self, parameters, "TILES", context, feedback),
            "events": vector_source(self, parameters, "EVENTS", context, feedback),
            "weight_field": self.optional_text(parameters, "WEIGHT_FIELD", context),
            "rule": RULES[self.parameterAsEnum(parameters, "RULE", context)],
            "threshold": self.parameterAsDouble(parameters, "THRESHOLD", context),
            "exposure_field": self.optional_text(parameters, "EXPOSURE_FIELD", context),
        }
        result = self.run_job_into_sink(job, parameters, context, feedback)
        return {"OUTPUT": result["output"]}
