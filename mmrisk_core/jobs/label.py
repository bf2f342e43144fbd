"""Label tiles by events."""

from __future__ import annotations

from dataclasses import asdict
from typing import ClassVar

from pydantic import Field

from mmrisk_core.geo.layer_io import read_geo_layer, write_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.recipe import EmpiricalBayesUse, LabelRule, LabelStep, recipe_of
from mmrisk_core.jobs.base import Job, Result
from mmrisk_core.labels.label import label_tiles_by_file
from mmrisk_core.progress import Progress


class LabelJob(Job):
    """Count events in tiles and label the tiles 0 or 1."""

    verb: ClassVar[str] = "label"
    help: ClassVar[str] = "label tiles by events, such as crashes"
    outputs: ClassVar[tuple[str, ...]] = ("output",)

    tiles: LayerSource = Field(description="the tiles")
    events: LayerSource = Field(description="points, such as crashes")
    weight_field: str | None = Field(None, description="field with the weight of an event, such as its severity")
    rule: LabelRule = Field("count", description="how events become a label")
    threshold: float = Field(
        1.0,
        description="least events of a tile labelled 1; for top_share the share of tiles, such as 0.1; for per_exposure the "
        "least events per unit of exposure",
    )
    exposure_field: str | None = Field(None, description="field of the tiles with the exposure, such as traffic")
    study_area: LayerSource | None = Field(None, description="polygons; tiles with their centre outside get no label")
    date_field: str | None = Field(None, description="field of the events with their date or year")
    split_date: str | None = Field(
        None, description="ISO date or year: events from it on make events_later and label_later"
    )
    empirical_bayes: EmpiricalBayesUse = Field(
        "none", description="expected events by a safety performance function: as columns, or to label by them"
    )
    length_field: str | None = Field(
        None, description="field of the tiles with the length of road, for empirical Bayes"
    )
    output: str = Field(description="tiles with the columns events and label")

    def run(self, progress: Progress) -> Result:
        step = LabelStep(
            layer=self.events.title,
            rule=self.rule,
            threshold=self.threshold,
            weight_field=self.weight_field or None,
            exposure_field=self.exposure_field or None,
            study_area=self.study_area.title if self.study_area else None,
            date_field=self.date_field or None,
            split_date=self.split_date or None,
            empirical_bayes=self.empirical_bayes,
            length_field=self.length_field or None,
        )
        labelled, report = label_tiles_by_file(
            read_geo_layer(self.tiles),
            self.events,
            step,
            read_geo_layer(self.study_area) if self.study_area else None,
            progress.part(0.1, 0.9),
        )
        write_layer(labelled, self.output)
        progress.update(1.0)
        return {"output": self.output, "recipe": recipe_of(labelled).model_dump_json(), **asdict(report)}
