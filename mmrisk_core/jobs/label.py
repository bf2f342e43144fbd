"""Label tiles by events."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from mmrisk_core.jobs.base import Job, Result
from mmrisk_core.labels import label_tiles
from mmrisk_core.progress import Progress
from mmrisk_core.recipe import LabelRule, recipe_of
from mmrisk_core.vectors import LayerSource, read_geo_layer, write_layer


class LabelJob(Job):
    """Count events in tiles and label the tiles 0 or 1."""

    verb: ClassVar[str] = "label"
    help: ClassVar[str] = "label tiles by events, such as crashes"

    tiles: LayerSource = Field(description="the tiles")
    events: LayerSource = Field(description="points, such as crashes")
    weight_field: str | None = Field(None, description="field with the weight of an event, such as its severity")
    rule: LabelRule = Field("count", description="how events become a label")
    threshold: float = Field(1.0, description="a tile with at least this many events is labelled 1")
    exposure_field: str | None = Field(None, description="field of the tiles with the exposure, such as traffic")
    output: str = Field(description="tiles with the columns events and label")

    def run(self, progress: Progress) -> Result:
        labelled = label_tiles(
            read_geo_layer(self.tiles),
            read_geo_layer(self.events),
            rule=self.rule,
            threshold=self.threshold,
            weight=self.weight_field,
            exposure=self.exposure_field,
            progress=progress.part(0.2, 0.9),
        )
        write_layer(labelled, self.output)
        progress.update(1.0)
        return {"output": self.output, "recipe": recipe_of(labelled).model_dump_json()}
