"""Label tiles by events."""

from __future__ import annotations

from dataclasses import asdict
from typing import ClassVar

from pydantic import Field

from mmrisk_core.geo.layer_io import read_geo_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.geo.recipe import LabelOptions, LabelStep, recipe_of
from mmrisk_core.jobs.base import Job, Result
from mmrisk_core.labels.label import label_tiles_by_file
from mmrisk_core.progress import Progress


class LabelJob(LabelOptions, Job):
    """Count events in tiles and label the tiles 0 or 1."""

    verb: ClassVar[str] = "label"
    help: ClassVar[str] = "label tiles by events, such as crashes"
    outputs: ClassVar[tuple[str, ...]] = ("output",)

    tiles: LayerSource = Field(description="the tiles")
    events: LayerSource = Field(description="points, such as crashes")
    study_area: LayerSource | None = Field(None, description="polygons; tiles with their centre outside get no label")
    output: str = Field(description="tiles with the columns events and label")

    def run(self, progress: Progress) -> Result:
        step = LabelStep(
            **dict(self.options(LabelOptions)),
            layer=self.events.title,
            study_area=self.study_area.title if self.study_area else None,
        )
        labelled, report = label_tiles_by_file(
            read_geo_layer(self.tiles),
            self.events,
            step,
            read_geo_layer(self.study_area) if self.study_area else None,
            progress.part(0.1, 0.9),
        )
        write_layer(labelled, self.output, progress=progress.part(0.9, 1.0))
        progress.finish()
        return {"output": self.output, "recipe": recipe_of(labelled).model_dump_json(), **asdict(report)}
