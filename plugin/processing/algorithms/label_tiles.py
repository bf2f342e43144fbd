"""The algorithm 'Label tiles'."""

from __future__ import annotations

from qgis.core import QgsProcessingOutputDefinition

from ...i18n import tr
from .. import parameters
from ..base_algorithm import EngineAlgorithm, number_output
from ..parameters import FieldType, Parameter, SourceType


class LabelTiles(EngineAlgorithm):
    """Labels tiles 0 or 1 by events."""

    NAME = "labeltiles"
    SECTION = "labels"
    VERB = "label"
    KEEPS_TILES = True

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
            "(expected less predicted: what is odd about this very place). What is predicted of a tile comes from "
            "the other parts of the area, and has not seen its events. A model that learns a label by expected events, or "
            "by events per exposure, should not get exposure and length as attributes: it would find the formula again.\n\n"
            "The log and the outputs say how many tiles get each label. A model learns best when both are common."
        )

    def table(self) -> list[Parameter]:
        return [
            parameters.tiles(tr("The tiles to label.")),
            parameters.layer(
                "EVENTS",
                tr("Events"),
                tr("Points such as crashes. To use some of them only, filter or select them."),
                SourceType.TypeVectorPoint,
            ),
            parameters.field(
                "WEIGHT_FIELD",
                tr("Weight of an event"),
                tr("A numeric field such as severity: weights are added instead of counting events."),
                "EVENTS",
                FieldType.Numeric,
                is_advanced=True,
            ),
            parameters.choice(
                "RULE",
                tr("Rule"),
                tr(
                    "How events become a label. In the top share, tiles with as many events as the last of them are all "
                    "taken or all left, whichever comes closer to the share; a tile without events is never high-risk."
                ),
                [tr("At least N events"), tr("Top share of tiles"), tr("At least N events per exposure")],
            ),
            parameters.number(
                "THRESHOLD",
                tr("Threshold"),
                tr(
                    "First rule: a tile with at least this many events (or this sum of weights) is labelled 1. Top share: "
                    "the share of the tiles, between 0 and 1, such as 0.1 for the top tenth. Per exposure: the least number "
                    "of events per unit of exposure."
                ),
            ),
            parameters.field(
                "EXPOSURE_FIELD",
                tr("Exposure of a tile"),
                tr(
                    "A field of the tiles such as vehicle-kilometres in the period of the events, for the rule 'per "
                    "exposure' and for empirical Bayes. Where it is missing, zero or negative, so is the label."
                ),
                "TILES",
                FieldType.Numeric,
                is_advanced=True,
            ),
            parameters.layer(
                "STUDY_AREA",
                tr("Study area"),
                tr(
                    "Polygons in which all events are known, such as a municipality. Tiles whose centre lies outside get "
                    "neither label nor number of events, so that a model does not take them for safe."
                ),
                SourceType.TypeVectorPolygon,
                is_optional=True,
                is_advanced=True,
            ),
            parameters.field(
                "DATE_FIELD",
                tr("Date of an event"),
                tr(
                    "To split events by time: a field with a date, a date and time, a text such as 2020-07-31, or a year. "
                    "Events without a date that can be read are counted in neither period."
                ),
                "EVENTS",
                is_advanced=True,
            ),
            parameters.date(
                "SPLIT_DATE",
                tr("Split date"),
                tr(
                    "A date such as 2020-07-01, or a year: events before it count as earlier, those from it on as later. "
                    "The threshold holds for each period as it is, so both should be alike in length (the top share is "
                    "taken of each by itself)."
                ),
                is_advanced=True,
            ),
            parameters.choice(
                "EMPIRICAL_BAYES",
                tr("Empirical Bayes"),
                tr(
                    "Expected events, for which chance counts less than for those counted. They need exposure, length or "
                    "both in most tiles, and some hundred events. 'Label by expected events' applies rule and threshold to "
                    "them. Not together with weights."
                ),
                [tr("None"), tr("Add columns"), tr("Label by expected events")],
                is_advanced=True,
            ),
            parameters.field(
                "LENGTH_FIELD",
                tr("Length of road in a tile"),
                tr(
                    "A field of the tiles such as roads_length, for empirical Bayes. A tile without any length gets no "
                    "expected events."
                ),
                "TILES",
                FieldType.Numeric,
                is_advanced=True,
            ),
            parameters.choice(
                "OVERDISPERSION",
                tr("Overdispersion of empirical Bayes"),
                tr(
                    "How far tiles alike differ beyond chance. Where tiles or sections have different lengths of road, it "
                    "falls with the length (Hauer 2001): the luck of a long road evens out. Needs the length of road."
                ),
                [tr("The same for all tiles"), tr("Falls with the length of road")],
                is_advanced=True,
            ),
            parameters.choice(
                "LENGTH_EXPONENT",
                tr("Length exponent of empirical Bayes"),
                tr(
                    "How events grow with the length of road. 'One' has twice the events on twice the length, as the "
                    "Highway Safety Manual has it. Needs the length of road."
                ),
                [tr("Fitted"), tr("One")],
                is_advanced=True,
            ),
            parameters.sink(tr("Labelled tiles")),
        ]

    def outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [
            number_output("TILES_HIGH", tr("Tiles labelled 1")),
            number_output("TILES_LOW", tr("Tiles labelled 0")),
            number_output("TILES_WITHOUT_LABEL", tr("Tiles without label")),
            number_output("EVENTS_USED", tr("Events counted")),
        ]
