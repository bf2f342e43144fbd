"""Map the risk of an extent in one step, by the recipe kept in a model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

import pandas as pd
from pydantic import Field

from mmrisk_core.attributes import join_layer
from mmrisk_core.bundle.manifest import Manifest, Place
from mmrisk_core.compute.devices import DeviceChoice
from mmrisk_core.errors import InputError
from mmrisk_core.geo.crs import parse_crs, transform_bounds
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.geo.recipe import Recipe, TilesStep, recipe_of
from mmrisk_core.imagery import RasterSource
from mmrisk_core.imagery.change_guard import guard_unchanged
from mmrisk_core.inference.model_cache import loaded_model
from mmrisk_core.jobs.base import Job, Result
from mmrisk_core.jobs.predict import PredictJob
from mmrisk_core.prediction import predict_risk
from mmrisk_core.prediction.layer_abstract import about_risk
from mmrisk_core.progress import Progress
from mmrisk_core.tiles import create_tiles
from mmrisk_core.tiles.followed_layer import read_followed_layer
from mmrisk_core.tiles.grid import TooManyTiles
from mmrisk_core.wording import counted

MAX_TILES = 2_000_000
"""What is mapped in one step is in memory as a whole."""


class MapRiskJob(Job):
    """Tiles, joins and prediction over an extent, as the model's recipe has them."""

    verb: ClassVar[str] = "map"
    help: ClassVar[str] = "tiles, joins and prediction over an extent, by a model's recipe"
    outputs: ClassVar[tuple[str, ...]] = ("output",)

    extent: tuple[float, float, float, float] = Field(description="left, bottom, right, top, in units of the CRS")
    crs: str = Field(description="coordinate reference system of the extent")
    model: str = Field(description="the model file (.safetensors)")
    images: tuple[RasterSource, ...] = Field((), description="rasters, in the order of the model's")
    layers: tuple[LayerSource, ...] = Field((), description="layers of the recipe, in its order")
    device: DeviceChoice = Field("auto", description="where to compute")
    scheduler: str | None = Field(None, description="Dask scheduler whose workers compute, such as tcp://host:8786")
    output: str = Field(description="the risk layer")

    def run(self, progress: Progress) -> Result:
        model = loaded_model(self.model)
        # From the beginning: joins may take longer than the prediction.
        with guard_unchanged(self.images):
            tiles = self._tiles(model.manifest, progress.part(0.0, 0.3))
            if self.scheduler:
                return self._predict_on_cluster(tiles, progress.part(0.3, 1.0))
            risk = predict_risk(model, tiles, self.images, device=self.device, progress=progress.part(0.3, 0.95))
        write_layer(risk, self.output, progress=progress.part(0.95, 1.0))
        progress.finish()
        return {
            "output": self.output,
            "tile_count": len(risk),
            "device_used": risk.attrs["device"],
            "about": about_risk(model.manifest, self.model, risk.attrs["device"]),
            "class_breaks": list(model.manifest.class_breaks),
            "recipe": recipe_of(risk).model_dump_json(),
        }

    def _tiles(self, manifest: Manifest, progress: Progress) -> pd.DataFrame:
        """The tiles of the extent, with the columns that the recipe joins to them."""
        joins = manifest.recipe.joins
        step, place = check_recipe(manifest)
        followed, joined = _sources(manifest.recipe, self.layers)
        # The tiles lie in the model's own CRS, so that they mean what they meant while training.
        crs = parse_crs(place.crs)
        try:
            tiles = create_tiles(
                transform_bounds(self.extent, parse_crs(self.crs), crs),
                step.tile_size,
                crs,
                layout=step.layout,
                layer=read_followed_layer(followed) if followed else None,
                spacing=step.spacing,
                most=MAX_TILES,
                progress=progress.part(0.0, 0.15),
            )
        except TooManyTiles as error:
            raise InputError(
                f"{error.made} of {step.tile_size:g} m, as the recipe of the model has them; the most in one step is "
                f"{MAX_TILES:,}. Choose a smaller extent, or make the tiles with 'Create tiles' and use 'Predict risk'."
            ) from error
        for number, (join, source) in enumerate(zip(joins, joined, strict=True)):
            part = progress.part(0.15 + 0.85 * number / len(joins), 0.15 + 0.85 * (number + 1) / len(joins))
            tiles = join_layer(tiles, source, join, part)
        return tiles

    def _predict_on_cluster(self, tiles: pd.DataFrame, progress: Progress) -> Result:
        """By way of a file, since it is a file that has shards."""
        with TemporaryDirectory(prefix="mmrisk-") as folder:
            job = PredictJob(
                tiles=LayerSource(path=str(write_layer(tiles, Path(folder) / "tiles.gpkg"))),
                images=self.images,
                model=self.model,
                batch_size=None,
                device=self.device,
                image_column=None,
                scheduler=self.scheduler,
                output=self.output,
            )
            return job.run(progress)


def _sources(recipe: Recipe, layers: Sequence[LayerSource]) -> tuple[LayerSource | None, list[LayerSource]]:
    """The layer that the tiles follow, if any, and those to join.

    A layer that the recipe takes several times may be given once: a list in a dialog holds each layer once.

    :raises MMRiskError: when their number is not that of the recipe.
    """
    taken = recipe.layers
    distinct = list(dict.fromkeys(taken))
    if len(layers) == len(taken):
        given = list(layers)
    elif len(layers) == len(distinct):
        given = [layers[distinct.index(layer)] for layer in taken]
    else:
        names = ", ".join(f"'{name}'" for name, _ in taken) or "none"
        raise InputError(
            f"The recipe of the model takes {counted(len(taken), 'layer')} ({names}), in this order; {len(layers)} "
            "were given."
        )
    follows = len(taken) > len(recipe.joins)
    return (given[0], given[1:]) if follows else (None, given)


def check_recipe(manifest: Manifest) -> tuple[TilesStep, Place]:
    """How and where the tiles of the training were laid out, where they and their columns can be made again.

    :raises MMRiskError: when the recipe lacks a step, or the model looks at pictures that no map has.
    """
    pictures = [image.name for image in manifest.images if image.kind == "pictures"]
    if pictures:
        raise InputError(
            f"The model looks at ready-made pictures (the field '{pictures[0]}'), which an extent does not have, so it "
            "cannot map one. Use 'Predict risk' with a table that names the pictures."
        )
    recipe, place = manifest.recipe, manifest.provenance.place
    if recipe.tiles is None or place is None:
        raise InputError(
            "The model does not say how its tiles were laid out, so it cannot map an extent in one step. Make tiles with "
            "'Create tiles', join the layers, and use 'Predict risk'."
        )
    made = {column for join in recipe.joins for column in join.columns}
    missing = [attribute.name for attribute in manifest.attributes if attribute.name not in made]
    if missing:
        raise InputError(
            f"The model needs {', '.join(missing)}, which no step of its recipe makes, so it cannot map an extent in one "
            "step. Make the tiles with these fields, and use 'Predict risk'."
        )
    return recipe.tiles, place
