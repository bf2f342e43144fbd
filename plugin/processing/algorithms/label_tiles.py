"""The algorithm 'Label tiles'."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ...i18n import tr
from ...layers.sources import vector_source
from ..base_algorithm import EngineAlgorithm
from ..shared_parameters import tiles_parameter

RULES = ("count", "top_share", "per_exposure")
USES_OF_EMPIRICAL_BAYES = ("none", "columns", "label")
NUMBERS = ("TILES_HIGH", "TILES_LOW", "TILES_WITHOUT_LABEL", "EVENTS_USED")


class LabelTiles(EngineAlgorithm):
    """Labels tiles 0 or 1 by events."""

    NAME = "labeltiles"
    VERB = "label"

    def displayName(self) -> str:
        return tr("Label tiles")

    def shortHelpString(self) -> str:
        return tr(
            "Counts events such as crashes in each tile and labels the tile: 1 for high-risk, 0 for the rest. An event on "
            "the edge between two tiles counts in one of them; where tiles overlap, it counts in each.\n\n"
            "Three rules: at least N events; the top share of the tiles, such as the tenth with the most events; or at "
            "least N events per unit of exposure, such as a million vehicle-kilometres.\n\n"
            "A tile gets no label (NULL, which training leaves out) outside the study area, and where an exposure that the "
            "rule needs is missing, zero or negative.\n\n"
            "With a split date, earlier events make 'events' and 'label', later ones 'events_later' and 'label_later': a "
            "model can learn from the former and be tested on the latter.\n\n"
            "Empirical Bayes (Hauer 1997; Highway Safety Manual 2010) takes the luck out of small counts. It learns how "
            "many events tiles of some exposure and length have on average, and weighs that against what was counted. It "
            "adds 'events_predicted' (the average of tiles alike), 'events_expected' (both weighed) and 'events_excess' "
            "(expected less predicted: what is odd about this very place).\n\n"
            "The log and the outputs say how many tiles get each label. A model learns best when both are common."
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
            tr(
                "How events become a label. In the top share, tiles with as many events as the last of them are all taken "
                "or all left, whichever comes closer to the share; a tile without events is never high-risk."
            ),
        )
        self.add(
            QgsProcessingParameterNumber("THRESHOLD", tr("Threshold"), QgsProcessingParameterNumber.Type.Double, 1.0),
            tr(
                "First rule: a tile with at least this many events (or this sum of weights) is labelled 1. Top share: the "
                "share of the tiles, between 0 and 1, such as 0.1 for the top tenth. Per exposure: the least number of "
                "events per unit of exposure."
            ),
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
            tr(
                "A field of the tiles such as vehicle-kilometres in the period of the events, for the rule 'per exposure' "
                "and for empirical Bayes. Where it is missing, zero or negative, so is the label."
            ),
            advanced=True,
        )
        self._add_study_area_and_time()
        self._add_empirical_bayes()
        self.addParameter(
            QgsProcessingParameterFeatureSink(
                "OUTPUT", tr("Labelled tiles"), QgsProcessing.SourceType.TypeVectorPolygon
            )
        )
        counts = [tr("Tiles labelled 1"), tr("Tiles labelled 0"), tr("Tiles without label"), tr("Events counted")]
        for name, text in zip(NUMBERS, counts):
            self.addOutput(QgsProcessingOutputNumber(name, text))

    def _add_study_area_and_time(self) -> None:
        self.add(
            QgsProcessingParameterFeatureSource(
                "STUDY_AREA", tr("Study area"), [QgsProcessing.SourceType.TypeVectorPolygon], optional=True
            ),
            tr(
                "Polygons in which all events are known, such as a municipality. Tiles whose centre lies outside get "
                "neither label nor number of events, so that a model does not take them for safe."
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterField("DATE_FIELD", tr("Date of an event"), None, "EVENTS", optional=True),
            tr(
                "To split events by time: a field with a date, a date and time, a text such as 2020-07-31, or a year. "
                "Events without a date that can be read are counted in neither period."
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterString("SPLIT_DATE", tr("Split date"), optional=True),
            tr(
                "A date such as 2020-07-01, or a year: events before it count as earlier, those from it on as later. The "
                "threshold holds for each period as it is, so both should be alike in length (the top share is taken of "
                "each by itself)."
            ),
            advanced=True,
        )

    def _add_empirical_bayes(self) -> None:
        uses = [tr("None"), tr("Add columns"), tr("Label by expected events")]
        self.add(
            QgsProcessingParameterEnum("EMPIRICAL_BAYES", tr("Empirical Bayes"), uses, defaultValue=0),
            tr(
                "Expected events, for which chance counts less than for those counted. They need exposure, length or both "
                "in most tiles, and some hundred events. 'Label by expected events' applies rule and threshold to them. "
                "Not together with weights."
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterField(
                "LENGTH_FIELD",
                tr("Length of road in a tile"),
                None,
                "TILES",
                QgsProcessingParameterField.DataType.Numeric,
                optional=True,
            ),
            tr(
                "A field of the tiles such as roads_length, for empirical Bayes. A tile without any length gets no "
                "expected events."
            ),
            advanced=True,
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
            "study_area": vector_source(self, parameters, "STUDY_AREA", context, feedback),
            "date_field": self.optional_text(parameters, "DATE_FIELD", context),
            "split_date": self.optional_text(parameters, "SPLIT_DATE", context),
            "empirical_bayes": USES_OF_EMPIRICAL_BAYES[self.parameterAsEnum(parameters, "EMPIRICAL_BAYES", context)],
            "length_field": self.optional_text(parameters, "LENGTH_FIELD", context),
        }
        result = self.run_job_into_sink(job, parameters, context, feedback)
        return {"OUTPUT": result["output"], **{name: result[name.lower()] for name in NUMBERS}}
