"""Look at crash data in a table before they are loaded."""

from __future__ import annotations

from dataclasses import asdict
from typing import ClassVar

import numpy as np
from pydantic import Field

from mmrisk_core.events import EventChoices, survey_table
from mmrisk_core.geo.crs import parse_crs, transformer_between
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.jobs.base import Job, Result
from mmrisk_core.progress import Progress

FIRST_ROWS = 8
SHOWN_POINTS = 2000


class SurveyEventsJob(EventChoices, Job):
    """Tell what a table of events holds, and how it would be read; nothing is written."""

    verb: ClassVar[str] = "survey-events"
    help: ClassVar[str] = "what a table of crashes holds, and how it would be read"

    input: LayerSource = Field(description="the table; of a workbook, file.xlsx|layername=sheet")
    likely_crs: str | None = Field(None, description="a CRS to try first, such as that of the project")

    def run(self, progress: Progress) -> Result:
        table, found, said = survey_table(
            self.input, self.options(EventChoices), self.likely_crs, progress=progress.part(0.0, 0.9)
        )
        points: list[list[float]] = []
        if found.crs is not None and len(found.x):
            step = -(-len(found.x) // SHOWN_POINTS)
            placed = transformer_between(parse_crs(found.crs), 4326).transform(found.x[::step], found.y[::step])
            points = [[x, y] for x, y in np.column_stack(placed).tolist() if np.isfinite([x, y]).all()]
        progress.finish()
        return {
            "sheet": table.sheet,
            "sheets": list(table.sheets),
            "columns": list(table.columns),
            "rows": found.sample.head(FIRST_ROWS).to_numpy().tolist(),
            "read": found.read,
            "x_field": found.x_field,
            "y_field": found.y_field,
            "date_field": list(found.date_field),
            "is_ambiguous": found.is_ambiguous,
            "crs": found.crs,
            "candidates": [asdict(candidate) for candidate in found.candidates],
            "years": [[year, count] for year, count in found.years.items()],
            "points": points,
            "said": said,
        }
