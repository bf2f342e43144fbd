"""Training a model that sees roads: imagery and a line layer in, a model with honest figures out."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import torch
from pydantic import BaseModel, ConfigDict, Field

from mmrisk_core.bundle.provenance import package_versions
from mmrisk_core.compute.devices import DeviceChoice, choose_device
from mmrisk_core.errors import InputError
from mmrisk_core.geo.frames import require_crs, title_of
from mmrisk_core.imagery import RasterSource
from mmrisk_core.imagery.raster_source import as_source
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.roads.baselines import measure_baselines
from mmrisk_core.roads.blocks import SceneBlocks, choose_blocks
from mmrisk_core.roads.fit import RoadFit, SeenBlock, see_block, sum_counts, train_network
from mmrisk_core.roads.loss import UNKNOWN
from mmrisk_core.roads.model import RoadExample, RoadManifest, RoadModel, RoadProvenance, RoadScores, to_input
from mmrisk_core.roads.raster_grid import GridRaster, opened_grid
from mmrisk_core.roads.rasterise import class_widths_in, rasterised_roads
from mmrisk_core.roads.scenes import RasterScene, Scene
from mmrisk_core.roads.unet import RoadBackbone, RoadBackboneChoice, make_unet
from mmrisk_core.wording import counted

BLOCKS_FOR_CONTRAST = 30
CONTRAST_PERCENTILES = (1.0, 99.0)
THRESHOLDS = np.round(np.arange(0.05, 1.0, 0.05), 2)
EXAMPLES = 6


class RoadOptions(BaseModel):
    """How to train; None leaves the choice to the program."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    backbone: RoadBackboneChoice = Field(
        "auto",
        description="encoder of the U-Net; auto is EfficientNet-Lite0 for pictures of three bands, and plain for others",
    )
    weights: str | None = Field(None, description="file with weights of a ResNet of torchvision")
    tolerance: int = Field(1, ge=0, le=10, description="pixels on both sides of a road's edge that are not learnt from")
    epochs: int | None = Field(None, ge=1, description="most passes over the imagery")
    batch_size: int | None = Field(None, ge=1, description="crops in one step")
    learning_rate: float | None = Field(None, gt=0, description="learning rate")
    seed: int = Field(0, ge=0, description="same seed, same model")
    device: DeviceChoice = Field("auto", description="where to compute")


@dataclass(frozen=True)
class SceneDescription:
    """What scenes have in common, and where they come from; for the model file."""

    band_names: tuple[str, ...]
    dtype: Literal["uint8", "float32"]
    metres_per_pixel: float
    images: tuple[str, ...]
    roads: str | None = None
    road_width: float | None = None
    width_field: str | None = None
    class_widths: str | None = None
    crs: str | None = None


def train_roads(
    images: Sequence[RasterSource | str | Path],
    roads: gpd.GeoDataFrame,
    road_width: float = 8.0,
    width_field: str | None = None,
    class_widths: str | None = None,
    pixel_size: float | None = None,
    *,
    backbone: RoadBackboneChoice = "auto",
    weights: str | None = None,
    tolerance: int = 1,
    epochs: int | None = None,
    batch_size: int | None = None,
    learning_rate: float | None = None,
    seed: int = 0,
    device: DeviceChoice = "auto",
    progress: Progress = NO_PROGRESS,
) -> RoadModel:
    """Train a U-Net to see the roads of a line layer in imagery.

    :param images: rasters with the same bands.
    :param roads: lines, in any CRS.
    :param road_width: of a road in metres, where ``width_field`` does not say it.
    :param width_field: the field with the width of each road in metres, or with its class.
    :param class_widths: widths in metres by class, such as ``motorway=20, residential=8``; of others, ``road_width``.
    :param pixel_size: ground sample distance in metres to learn at; by default that of the first raster. Rasters with other
        pixels are resampled to it.
    :param backbone: encoder of the U-Net; auto is EfficientNet-Lite0 for pictures of three bands, and plain for others.
    :param weights: a file with the weights of a ResNet of torchvision.
    :param tolerance: pixels on both sides of a road's edge that are not learnt from, as lines are never quite in place.
    :param epochs: most passes over the imagery.
    :param batch_size: crops in one step.
    :param learning_rate: size of a step.
    :param seed: the same seed on the same machine gives the same model.
    :param device: where to compute.
    :param progress: of the training.
    :raises MMRiskError: when the data cannot be trained on, saying why.
    """
    sources = [as_source(image) for image in images]
    if not sources:
        raise InputError("There is no imagery to learn roads from. Choose at least one raster.")
    if not road_width > 0:
        raise InputError(f"The width of roads is a number of metres above 0; {road_width:g} was given.")
    require_crs(roads)
    by_class = class_widths_in(class_widths or "")
    with ExitStack() as stack:
        rasters: list[GridRaster] = []
        for source in sources:
            size = pixel_size or (rasters[0].grid.metres_per_pixel if rasters else None)
            rasters.append(stack.enter_context(opened_grid(source, size)))
            _require_same_bands(rasters)
        scenes = []
        for raster in rasters:
            burnt = rasterised_roads(roads, raster.grid, road_width, width_field, by_class)
            if len(burnt):
                scenes.append(RasterScene(raster, burnt))
            else:
                progress.log(
                    f"Beware: no line of '{title_of(roads)}' lies in {raster.info.source.shown}; it is left out."
                )
        if not scenes:
            raise InputError(
                f"No line of the layer '{title_of(roads)}' lies in the imagery. Check that both cover the same area, and "
                "the CRS of both."
            )
        first = rasters[0]
        picture = SceneDescription(
            band_names=first.info.band_names,
            dtype=first.info.dtype,
            metres_per_pixel=first.grid.metres_per_pixel,
            images=tuple(source.title for source in sources),
            roads=title_of(roads),
            road_width=road_width,
            width_field=width_field,
            class_widths=class_widths,
            crs=first.grid.crs.to_string(),
        )
        options = RoadOptions.model_construct(
            backbone=backbone,
            weights=weights,
            tolerance=tolerance,
            epochs=epochs,
            batch_size=batch_size,
            learning_rate=learning_rate,
            seed=seed,
            device=device,
        )
        return train_on_scenes(scenes, picture, options, progress)


def train_on_scenes(
    scenes: Sequence[Scene], picture: SceneDescription, options: RoadOptions, progress: Progress = NO_PROGRESS
) -> RoadModel:
    """The same from pictures with a label for each pixel.

    A fifth of the squares is held out to stop the training by and to choose the threshold on, another fifth to judge on.

    :raises MMRiskError: when there is too little to learn from.
    """
    device = choose_device(options.device)
    progress.log(f"Computing on {device.summary}.")
    torch.manual_seed(options.seed)
    bands = len(picture.band_names)
    usual: RoadBackbone = "efficientnet_lite0" if bands == 3 else "plain"
    backbone = usual if options.backbone == "auto" else options.backbone
    network = make_unet(backbone, bands, options.weights).to(device.torch_device)
    blocks = choose_blocks(scenes, options.seed)
    low, high = _contrast(scenes, blocks, bands, picture.dtype)
    fit = RoadFit(
        low=low,
        high=high,
        device=device.torch_device,
        seed=options.seed,
        tolerance=options.tolerance,
        epochs=options.epochs,
        batch_size=options.batch_size,
        learning_rate=options.learning_rate,
    )
    train_network(network, scenes, blocks, fit, progress.part(0.05, 0.9))

    stopping = [see_block(network, scenes, blocks, block, fit) for block in blocks.stopping]
    threshold = float(max(THRESHOLDS, key=lambda t: sum_counts(stopping, t).f1))
    progress.update(0.95, "judging")
    judging = [see_block(network, scenes, blocks, block, fit) for block in blocks.judging]
    scores = RoadScores.of(sum_counts(judging, threshold))
    progress.log(
        f"On {len(judging)} held-out squares: IoU {scores.iou:.3f}; within 3 pixels precision {scores.precision:.3f}, "
        f"recall {scores.recall:.3f}, F1 {scores.f1:.3f}."
    )
    manifest = RoadManifest(
        backbone=backbone,
        pretrained=network.pretrained,
        bands=bands,
        band_names=picture.band_names,
        dtype=picture.dtype,
        low=low,
        high=high,
        metres_per_pixel=picture.metres_per_pixel,
        threshold=threshold,
        scores=scores,
        baselines=measure_baselines(scenes, blocks, fit),
        provenance=RoadProvenance(
            images=picture.images,
            roads=picture.roads,
            road_width=picture.road_width,
            width_field=picture.width_field,
            class_widths=picture.class_widths,
            crs=picture.crs,
            blocks=(len(blocks.learning), len(blocks.stopping), len(blocks.judging)),
            block_pixels=blocks.side,
            seed=options.seed,
            created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
            device=device.summary,
            versions=package_versions(),
        ),
    )
    progress.update(1.0, "model trained")
    examples = tuple(_example(scenes, blocks.side, seen, threshold, fit) for seen in judging[:EXAMPLES])
    return RoadModel(manifest, network.cpu(), examples)


def _require_same_bands(rasters: Sequence[GridRaster]) -> None:
    first, last = rasters[0].info, rasters[-1].info
    if (len(first.band_names), first.dtype) != (len(last.band_names), last.dtype):
        raise InputError(
            f"The raster {last.source.shown} has {counted(len(last.band_names), 'band')} of {last.dtype}, "
            f"{first.source.shown} {len(first.band_names)} of {first.dtype}. Give rasters of one kind."
        )


def _contrast(
    scenes: Sequence[Scene], blocks: SceneBlocks, bands: int, dtype: str
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The 1st and 99th percentile of each band over some blocks to learn from; bytes are taken as they are."""
    if dtype == "uint8":
        return (0.0,) * bands, (255.0,) * bands
    some = []
    for block in blocks.learning[:BLOCKS_FOR_CONTRAST]:
        pixels, shows = scenes[block.scene].pixels(block.row, block.col, blocks.side, blocks.side)
        some.append(pixels[:, shows])
    first, last = np.percentile(np.concatenate(some, axis=1), CONTRAST_PERCENTILES, axis=1)
    last = np.where(last > first, last, first + 1)
    return tuple(first.tolist()), tuple(last.tolist())


def _example(scenes: Sequence[Scene], side: int, seen: SeenBlock, threshold: float, fit: RoadFit) -> RoadExample:
    block = seen.block
    pixels, shows = scenes[block.scene].pixels(block.row, block.col, side, side)
    stretched = to_input(pixels, shows, fit.low, fit.high).numpy()
    colours = stretched[:3] if len(stretched) >= 3 else np.repeat(stretched[:1], 3, axis=0)
    picture = np.moveaxis((colours + 1) * 127.5, 0, -1).round().astype(np.uint8)
    return RoadExample(picture, seen.label, (seen.probability >= threshold) & (seen.label != UNKNOWN))
