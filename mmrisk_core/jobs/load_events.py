"""Load crash data from a table."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from mmrisk_core.events import EventChoices, write_events
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.jobs.base import Job, Result
from mmrisk_core.progress import Progress


class LoadEventsJob(EventChoices, Job):
    """Turn a table of events, such as crashes, into a layer of points."""

    verb: ClassVar[str] = "load-events"
    help: ClassVar[str] = "turn a table of crashes (CSV, .xlsx, .ods) into points"
    outputs: ClassVar[tuple[str, ...]] = ("output",)

    input: LayerSource = Field(description="the table; of a workbook, file.xlsx|layername=sheet")
    output: str = Field(description="points with the columns of the table and event_date")

    def run(self, progress: Progress) -> Result:
        counts, found = write_events(self.input, self.output, self.options(EventChoices), progress=progress)
        progress.finish()
        return {"output": self.output, "crs": found.crs, "years": found.years, **vars(counts)}
