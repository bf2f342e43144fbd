"""What a prediction of a file of tiles consists of, before anything of it is computed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
import torch
from pydantic import BaseModel, ConfigDict, Field

from mmrisk_core.compute.devices import DeviceChoice, choose_device
from mmrisk_core.errors import InputError
from mmrisk_core.geo.frames import has_geometry, require_tiles
from mmrisk_core.geo.layer_io import describe_tiles, read_tiles
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.imagery import PictureColumn, RasterSource, picture_paths
from mmrisk_core.imagery.change_guard import fingerprint_of_files, pixel_fingerprints
from mmrisk_core.imagery.raster_files import files_of_raster
from mmrisk_core.inference import tile_slices
from mmrisk_core.inference.model_cache import loaded_model, model_digest
from mmrisk_core.inference.precision import Precision
from mmrisk_core.inference.scale_check import check_scale
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.samples.image_batches import require_images
from mmrisk_core.samples.image_inputs import ImageSource
from mmrisk_core.samples.image_source_checks import image_sources
from mmrisk_core.version import __version__

BESIDE_A_SHAPEFILE = (".dbf", ".shx", ".prj", ".cpg")


class PredictionPlan(BaseModel):
    """A prediction in shards: consecutive rows of the tiles file, each of which can be computed by itself, anywhere.

    Paths, names and numbers only, so that it can be sent as JSON to where a shard is computed.

    :param model_digest: of the content of the model file.
    :param rasters: in the order of the model's.
    :param batch_size: most tiles at once.
    :param precision: of the image encoder; None as long as it is not decided. See :func:`shards.decide_precision`.
    :param shard_tiles: rows of a shard; the last one has what is left.
    :param count: rows of the tiles file.
    :param in_parts: whether the file can be read from the middle on.
    :param tiles_fingerprint: changes when the tiles file does.
    :param raster_fingerprints: of each raster, changes when its pixels do; None where that cannot be known.
    :param key: digest of everything that the figures hang on; None where that cannot be known.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str
    model_digest: str
    tiles: LayerSource
    rasters: tuple[RasterSource, ...] = ()
    image_column: str | None = None
    batch_size: int | None = None
    device: DeviceChoice = "auto"
    precision: Precision | None = None
    shard_tiles: int = Field(ge=1)
    count: int = Field(ge=1)
    in_parts: bool
    tiles_fingerprint: str
    raster_fingerprints: tuple[str | None, ...] = ()
    key: str | None

    @property
    def shards(self) -> int:
        """How many shards there are."""
        return -(-self.count // self.shard_tiles)

    def on_cluster(self) -> PredictionPlan:
        """The same, to be computed by others: their devices may round otherwise, so shards of the two are not mixed."""
        return self.model_copy(update={"key": f"{self.key}-cluster" if self.key else None})

    def rows(self, number: int) -> range:
        """The rows of the tiles file that belong to shard ``number``, from 0."""
        return range(number * self.shard_tiles, min((number + 1) * self.shard_tiles, self.count))


def plan_prediction(
    model: str | Path,
    tiles: LayerSource,
    rasters: Sequence[RasterSource] = (),
    *,
    image_column: str | None = None,
    batch_size: int | None = None,
    device: DeviceChoice = "auto",
    progress: Progress = NO_PROGRESS,
) -> PredictionPlan:
    """Check what can be checked without reading all tiles, and lay out the shards.

    :param model: the model file.
    :param tiles: a file of polygons, or of rows of a table where the model looks at no raster.
    :param rasters: in the order in which the model was trained on them.
    :param image_column: the field with the paths of pictures, where it is not called as in the training.
    :param batch_size: most tiles at once on a device; without it, as many as suit.
    :param device: where to compute.
    :param progress: told how far it is, and asked whether to go on.
    :raises MMRiskError: when model, tiles, fields or rasters are not what they must be.
    """
    digest = model_digest(model)
    manifest = loaded_model(model).manifest
    file = describe_tiles(tiles)
    some = read_tiles(tiles, size=tile_slices.SLICE_TILES)
    require_tiles(some)
    sources = image_sources(manifest.images, some, rasters, image_column, progress)
    check_scale(manifest, some, rasters, progress)
    pictures = _picture_rows(tiles, some, sources)
    if manifest.images:
        require_images(_overview(some, pictures, file.bounds), manifest.images, sources, progress)
    stamp = fingerprint_of_tiles(tiles)
    files = [files_of_raster(raster) for raster in rasters]
    stamps = [None if found is None else fingerprint_of_files(found) for found in files]
    known = {
        "engine": __version__,
        "torch": str(torch.__version__),
        "device": _kind_of_device(choose_device(device).torch_device),
        "model": digest,
        "tiles": [tiles.model_dump(mode="json"), str(Path(tiles.path).resolve()), stamp],
        "count": file.count,
        "rasters": [[raster.path, raster.crs, stamps] for raster, stamps in zip(rasters, stamps, strict=True)],
        "pictures": _fingerprint_of_pictures(pictures, sources),
        "image_column": image_column,
        "batch_size": batch_size,
        "shard_tiles": tile_slices.SLICE_TILES,
    }
    key = hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[:32]
    return PredictionPlan(
        model=str(model),
        model_digest=digest,
        tiles=tiles,
        rasters=tuple(rasters),
        image_column=image_column,
        batch_size=batch_size,
        device=device,
        shard_tiles=tile_slices.SLICE_TILES,
        count=file.count,
        in_parts=file.in_parts,
        tiles_fingerprint=stamp,
        raster_fingerprints=pixel_fingerprints(rasters),
        key=None if None in stamps else key,
    )


def fingerprint_of_tiles(tiles: LayerSource) -> str:
    """What changes when the file of the tiles does."""
    path = Path(tiles.path)
    # A GeoPackage that another program has open may keep its latest changes in a file beside it.
    parts = [path, Path(f"{path}-wal"), *(path.with_suffix(suffix) for suffix in BESIDE_A_SHAPEFILE)]
    return fingerprint_of_files(part for part in dict.fromkeys(parts) if part.is_file() and part.stat().st_size)


def require_unchanged(plan: PredictionPlan) -> None:
    """Check that the tiles are those that the plan was made for.

    :raises MMRiskError: when the file was changed since.
    """
    if fingerprint_of_tiles(plan.tiles) != plan.tiles_fingerprint:
        raise InputError(
            f"The tiles '{plan.tiles.title}' were changed while their risk was predicted, so that the figures do not belong "
            "to them any more. Run the prediction again."
        )


def _picture_rows(tiles: LayerSource, some: pd.DataFrame, sources: Sequence[ImageSource]) -> pd.DataFrame | None:
    """The field with the paths of pictures, of all rows; None where the model looks at none."""
    column = next((source.column for source in sources if isinstance(source, PictureColumn)), None)
    if column is None:
        return None
    frame = read_tiles(tiles, only=column)
    frame.attrs = dict(some.attrs)
    return frame


def _overview(
    some: pd.DataFrame, pictures: pd.DataFrame | None, bounds: tuple[float, float, float, float] | None
) -> pd.DataFrame:
    """Rows that stand for all tiles: one box around them, beside each picture where there are some."""
    rows = pd.DataFrame(index=[0]) if pictures is None else pictures
    if not has_geometry(some) or bounds is None:
        return rows if pictures is not None else some
    overview = gpd.GeoDataFrame(rows, geometry=[shapely.box(*bounds)] * len(rows), crs=some.crs)
    overview.attrs = dict(some.attrs)
    return overview


def _fingerprint_of_pictures(pictures: pd.DataFrame | None, sources: Sequence[ImageSource]) -> str | None:
    if pictures is None:
        return None
    source = next(source for source in sources if isinstance(source, PictureColumn))
    return fingerprint_of_files(path for path in picture_paths(pictures, source) if path is not None and path.is_file())


def _kind_of_device(device: torch.device) -> Any:
    if device.type == "cuda":
        return [device.type, torch.cuda.get_device_name(device)]
    return [device.type, torch.get_num_threads()]
