"""Train a model that sees roads."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from mmrisk_core.geo.layer_io import read_geo_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.imagery import RasterSource
from mmrisk_core.imagery.change_guard import guard_unchanged
from mmrisk_core.jobs.base import Job, Result
from mmrisk_core.progress import Progress
from mmrisk_core.roads import RoadOptions, save_road_model, train_roads
from mmrisk_core.roads.report import write_road_report


class RoadsTrainJob(RoadOptions, Job):
    """Learn from imagery and a line layer what roads look like from above."""

    verb: ClassVar[str] = "roads-train"
    help: ClassVar[str] = "learn what roads look like from above"
    outputs: ClassVar[tuple[str, ...]] = ("model", "report")

    images: tuple[RasterSource, ...] = Field(description="rasters to learn from, all with the same bands")
    roads: LayerSource = Field(description="lines of roads in them")
    road_width: float = Field(8.0, gt=0, description="width of a road in metres")
    width_field: str | None = Field(None, description="field with the width of each road in metres, or its class")
    class_widths: str | None = Field(None, description="metres by class, such as motorway=20,residential=8")
    pixel_size: float | None = Field(
        None, gt=0, description="metres a pixel to learn at, if not those of the first raster"
    )
    model: str = Field(description="the model file (.safetensors)")
    report: str | None = Field(None, description="the report (.html)")

    def run(self, progress: Progress) -> Result:
        options = self.model_dump(exclude={"images", "roads", "model", "report"})
        with guard_unchanged(self.images):
            model = train_roads(self.images, read_geo_layer(self.roads), progress=progress.part(0.0, 0.97), **options)
        save_road_model(model, self.model)
        if self.report:
            write_road_report(model, self.report)
        progress.finish("model trained")
        return {
            "model": self.model,
            "report": self.report,
            "iou": model.manifest.scores.iou,
            "relaxed_f1": model.manifest.scores.f1,
            "device_used": model.manifest.provenance.device,
        }
