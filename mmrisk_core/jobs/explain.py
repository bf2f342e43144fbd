"""Say why tiles have their risk."""

from __future__ import annotations

from contextlib import nullcontext
from typing import ClassVar

from pydantic import Field

from mmrisk_core.explanation import explain_risk
from mmrisk_core.files import atomic_write
from mmrisk_core.geo.layer_io import read_tiles
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.geo.recipe import recipe_of
from mmrisk_core.inference.model_cache import loaded_model
from mmrisk_core.jobs.base import Result
from mmrisk_core.jobs.model_job import ModelJob
from mmrisk_core.progress import Progress


class ExplainJob(ModelJob):
    """Say what raises and lowers the risk of tiles, by a trained model."""

    verb: ClassVar[str] = "explain"
    help: ClassVar[str] = "what raises and lowers the risk of tiles"
    outputs: ClassVar[tuple[str, ...]] = ("output", "saliency")

    output: str = Field(description="the layer of contributions")
    saliency: str | None = Field(None, description="raster of what each place in the imagery adds (.tif)")

    def run(self, progress: Progress) -> Result:
        # The raster gets its name when the layer is written too.
        with atomic_write(self.saliency) if self.saliency else nullcontext() as saliency:
            explained = explain_risk(
                loaded_model(self.model),
                read_tiles(self.tiles),
                self.images,
                image_column=self.image_column,
                saliency=saliency,
                device=self.device,
                progress=progress.part(0.02, 0.95),
            )
            write_layer(explained, self.output, progress=progress.part(0.95, 1.0))
        progress.finish()
        return {
            "output": self.output,
            "saliency": self.saliency,
            "tile_count": len(explained),
            "device_used": explained.attrs["device"],
            "recipe": recipe_of(explained).model_dump_json(),
        }
