"""The algorithm 'Load crash data'."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingOutputDefinition,
    QgsVectorLayer,
)

from ...i18n import tr
from ...layers.crs import crs_text
from ...layers.styling import show_plain_map_tips
from .. import parameters
from ..base_algorithm import EngineAlgorithm, number_output
from ..inputs import Inputs, edges
from ..parameters import Parameter, SourceType

BETWEEN = ";"


class LoadEvents(EngineAlgorithm):
    """Turns a table of crashes into points."""

    NAME = "loadevents"
    SECTION = "labels"
    VERB = "load-events"

    def displayName(self) -> str:
        return tr("Load crash data")

    def shortHelpString(self) -> str:
        return tr(
            "Turns a table of crashes into a layer of points: CSV or other text with any separator and encoding, .xlsx or "
            ".ods. The columns of place and date are known by their usual names in English, German, Spanish and French, "
            "unless they are given.\n\n"
            "Rows without a place, at 0, 0, of other years, and such as repeat an earlier row in all columns are left out "
            "and counted. Dates become the field event_date, as 'Label tiles' reads it; whether the day or the month comes "
            "first is decided over the whole column, and where nothing tells, only the years are taken."
        )

    def table(self) -> list[Parameter]:
        return [
            parameters.file(
                "INPUT",
                tr("Table"),
                tr(
                    "CSV, text, .xlsx or .ods. For one sheet of a workbook put |layername= and its name behind the file."
                ),
            ),
            parameters.text(
                "X_FIELD", tr("Column of longitude or x"), tr("By default the column that is called as usual.")
            ),
            parameters.text(
                "Y_FIELD",
                tr("Column of latitude or y"),
                tr("By default the column that is called as usual. Where one column holds both, the same as for x."),
            ),
            parameters.crs(
                "CRS",
                tr("CRS of the coordinates"),
                tr(
                    "By default degrees (EPSG:4326) or, of coordinates in metres, what puts the points onto the extent."
                ),
            ),
            parameters.text(
                "DATE_FIELD",
                tr("Column of the date"),
                tr(
                    "By default known by its name. Year, month and day in columns of their own: all three with ; between."
                ),
                read=lambda inputs, _: [
                    name.strip() for name in inputs.text("DATE_FIELD").split(BETWEEN) if name.strip()
                ],
            ),
            parameters.choice(
                "DATE_ORDER",
                tr("Day and month"),
                tr("Which comes first in dates such as 03/04/2019."),
                [tr("As the column shows"), tr("Day first"), tr("Month first")],
            ),
            parameters.text(
                "YEARS",
                tr("Years"),
                tr("The years to load, with ; between, such as 2018;2019. All by default."),
                read=lambda inputs, _: _years(inputs.text("YEARS")),
            ),
            parameters.extent(
                "EXTENT",
                tr("Extent"),
                tr(
                    "Where the crashes should lie. It tells which CRS fits and whether x and y are swapped; nothing is cut."
                ),
                is_optional=True,
            ),
            parameters.sink(tr("Crashes"), SourceType.TypeVectorPoint),
        ]

    def outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [
            number_output("READ", tr("Rows read")),
            number_output("LOADED", tr("Points loaded")),
            number_output("WITHOUT_PLACE", tr("Rows without a place")),
            number_output("AT_ZERO", tr("Rows at 0, 0")),
            number_output("DUPLICATES", tr("Repeated rows")),
            number_output("OTHER_YEARS", tr("Rows of other years")),
            number_output("OUT_OF_AREA", tr("Points outside the extent")),
        ]

    def job(self, inputs: Inputs) -> dict[str, Any]:
        job = super().job(inputs)
        if not job["input"]:
            raise QgsProcessingException(tr("Choose the file with the crash data."))
        crs = inputs.crs("CRS")
        if crs.isValid():
            job["crs"] = crs_text(crs)
        if inputs.parameters.get("EXTENT"):
            job["extent"] = edges(inputs.extent("EXTENT", QgsCoordinateReferenceSystem("EPSG:4326")))
        return job

    def finish_layer(self, layer: QgsVectorLayer, result: dict[str, Any], context: QgsProcessingContext) -> None:
        show_plain_map_tips(layer)


def _years(text: str) -> list[int]:
    parts = [part.strip() for part in text.replace(",", BETWEEN).split(BETWEEN) if part.strip()]
    if not all(part.isdecimal() for part in parts):
        raise QgsProcessingException(tr("'{text}' is no list of years. Write such as 2018;2019.").format(text=text))
    return [int(part) for part in parts]
