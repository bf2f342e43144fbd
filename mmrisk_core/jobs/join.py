"""Join attributes to tiles."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from mmrisk_core.attributes import join_layer
from mmrisk_core.geo.layer_io import read_geo_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.geo.recipe import JoinOptions, recipe_of
from mmrisk_core.jobs.base import Job, Result
from mmrisk_core.progress import Progress


class JoinJob(JoinOptions, Job):
    """Turn what a layer holds in each tile into columns of the tiles."""

    verb: ClassVar[str] = "join"
    help: ClassVar[str] = "join attributes of a layer to tiles"
    outputs: ClassVar[tuple[str, ...]] = ("output",)

    tiles: LayerSource = Field(description="the tiles")
    input: LayerSource = Field(description="any vector or table layer")
    output: str = Field(description="tiles with the new columns")

    def run(self, progress: Progress) -> Result:
        joined = join_layer(read_geo_layer(self.tiles), self.input, self.options(JoinOptions), progress.part(0.1, 0.9))
        write_layer(joined, self.output, progress=progress.part(0.9, 1.0))
        progress.finish()
        return {"output": self.output, "recipe": recipe_of(joined).model_dump_json()}
