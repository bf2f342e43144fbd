"""Which tiles a model has learnt from, told again in any layer or table.

What a model says of such a tile must come from what has not seen it, or a risk layer over the training area would show how
well labels were remembered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import torch
from scipy.spatial import cKDTree
from torch import Tensor

from mmrisk_core.arrays import FloatArray, IntArray
from mmrisk_core.bundle.manifest import TrainedPlace
from mmrisk_core.errors import InputError
from mmrisk_core.geo.crs import metric_crs, metric_unit, parse_crs, transformer_between
from mmrisk_core.geo.frames import has_geometry, require_crs
from mmrisk_core.geo.metric_bounds import bounds_in_metres, median_width
from mmrisk_core.imagery import PictureColumn
from mmrisk_core.samples.image_inputs import ImageSource

NOT_LEARNT_FROM = -1
DIGEST_BYTES = 8
ROUNDING = 1e-6
"""Of a tile's width: a centre on the line between two tiles belongs to either."""


@dataclass(frozen=True)
class TrainedTiles:
    """Where the training tiles lie, or what their rows hold, and in which fold each was.

    :param fold: (n,) int64.
    :param digests: (n,) int64, of what the row of each tile holds. See :func:`digests_of_rows`.
    :param centres: (n, 2) float64, in metres of the CRS of ``place``; (0, 2) of rows of a table.
    """

    fold: Tensor
    digests: Tensor
    centres: Tensor
    place: TrainedPlace | None

    def fold_of(self, tiles: pd.DataFrame, tabular: Tensor, sources: Sequence[ImageSource]) -> IntArray:
        """The fold in which each tile was learnt from, (n,), or :data:`NOT_LEARNT_FROM`.

        A tile counts as learnt from where its centroid lies within half a tile's width of that of a training tile, along
        both axes; the nearest says in which fold. Where either has no place on a map, a row counts by what it holds.

        :param tabular: the attributes as the model reads them, (n, F).
        :param sources: of the images.
        """
        if self.place is not None and has_geometry(tiles) and tiles.crs is not None:
            return self._by_place(tiles, self.place)
        return self._by_content(digests_of_rows(tiles, tabular, sources))

    def _by_place(self, tiles: gpd.GeoDataFrame, place: TrainedPlace) -> IntArray:
        fold = np.full(len(tiles), NOT_LEARNT_FROM)
        try:
            centres = centres_in_metres(tiles, place.crs)
        except InputError:
            # On another planet nothing was learnt from.
            return fold
        there = np.flatnonzero(np.isfinite(centres).all(axis=1))
        reach = place.width / 2 * (1 + ROUNDING)
        distance, nearest = self._tree.query(centres[there], p=np.inf, distance_upper_bound=reach)
        found = np.isfinite(distance)
        fold[there[found]] = self.fold.numpy()[nearest[found]]
        return fold

    def _by_content(self, digests: IntArray) -> IntArray:
        order, known = self._sorted_digests
        at = np.searchsorted(known, digests).clip(max=len(known) - 1)
        return np.where(known[at] == digests, self.fold.numpy()[order[at]], NOT_LEARNT_FROM)

    @cached_property
    def _tree(self) -> cKDTree:
        return cKDTree(self.centres.numpy())

    @cached_property
    def _sorted_digests(self) -> tuple[IntArray, IntArray]:
        digests = self.digests.numpy()
        order = np.argsort(digests, kind="stable")
        return order, digests[order]


def tell_trained_tiles(
    tiles: pd.DataFrame, tabular: Tensor, sources: Sequence[ImageSource], fold: IntArray
) -> TrainedTiles:
    """What tells the ``tiles`` of a training again.

    :param tabular, sources: as for :meth:`TrainedTiles.fold_of`.
    :param fold: of each tile, (n,).
    """
    place, centres = None, np.zeros((0, 2))
    if has_geometry(tiles):
        metric = metric_crs(require_crs(tiles), tuple(tiles.total_bounds))
        crs = metric.to_string() if metric.to_authority() else metric.to_wkt()
        place = TrainedPlace(crs=crs, width=median_width(bounds_in_metres(tiles)))
        centres = centres_in_metres(tiles, crs)
    digests = torch.from_numpy(digests_of_rows(tiles, tabular, sources))
    return TrainedTiles(torch.from_numpy(fold.astype(np.int64)), digests, torch.from_numpy(centres), place)


def centres_in_metres(tiles: gpd.GeoDataFrame, crs: str) -> FloatArray:
    """The centroid of each tile in metres of the projected ``crs``, (n, 2); not finite where it lies outside of it.

    :raises MMRiskError: when there is no way from the CRS of the tiles to ``crs``.
    """
    metric = parse_crs(crs)
    centroids = shapely.get_coordinates(shapely.centroid(np.asarray(tiles.geometry.array)))
    moved = transformer_between(require_crs(tiles), metric).transform(centroids[:, 0], centroids[:, 1])
    return np.stack(moved, axis=1) * metric_unit(metric)


def digests_of_rows(tiles: pd.DataFrame, tabular: Tensor, sources: Sequence[ImageSource]) -> IntArray:
    """What tells a row of a table again, (n,): its attributes, the name of its picture, and its ``tile_id`` if it has one.

    :param tabular, sources: as for :meth:`TrainedTiles.fold_of`.
    """
    # One bit pattern for what is missing, and for zero.
    values = np.where(np.isnan(tabular.numpy()), np.float32(np.nan), tabular.numpy() + np.float32(0)).astype("<f4")
    texts = [_identifiers(tiles), *(_file_names(tiles, s.column) for s in sources if isinstance(s, PictureColumn))]
    digests = [
        hashlib.blake2b(row.tobytes() + "\0".join(text).encode(), digest_size=DIGEST_BYTES).digest()
        for row, *text in zip(values, *texts, strict=True)
    ]
    return np.frombuffer(b"".join(digests), dtype="<i8").astype(np.int64)


def _identifiers(tiles: pd.DataFrame) -> list[str]:
    """The identifier of each row as text; numbers alike whether they are kept as whole ones or not."""
    if "tile_id" not in tiles.columns:
        return [""] * len(tiles)
    return [f"{v:.0f}" if isinstance(v, float) and v.is_integer() else str(v) for v in tiles["tile_id"].tolist()]


def _file_names(tiles: pd.DataFrame, column: str) -> list[str]:
    """The names of the pictures without their folders, which may be elsewhere on another machine."""
    return [str(value).replace("\\", "/").rpartition("/")[2] for value in tiles[column].tolist()]


def stored(trained: TrainedTiles) -> dict[str, Tensor]:
    """The tensors of a model file."""
    return {f"trained.{name}": getattr(trained, name) for name in ("fold", "digests", "centres")}


def restored(tensors: dict[str, Tensor], place: TrainedPlace | None, folds: int) -> TrainedTiles | None:
    """The training tiles among the tensors of a model file, which are taken out; None where there are none.

    :param folds: of how many there is something to say of their tiles with.
    :raises ValueError: when something is missing or misshapen.
    """
    found = {name.removeprefix("trained."): tensors.pop(name) for name in list(tensors) if name.startswith("trained.")}
    if not found and place is None and folds == 0:
        return None
    count = len(found.get("fold", ()))
    wanted = {
        "fold": (torch.int64, (count,)),
        "digests": (torch.int64, (count,)),
        "centres": (torch.float64, (count if place else 0, 2)),
    }
    fits = {name: (tensor.dtype, tuple(tensor.shape)) for name, tensor in found.items()} == wanted
    if not fits or not count or found["fold"].min() < 0 or found["fold"].max() >= folds:
        raise ValueError("what tells the tiles of its training is missing or misshapen")
    return TrainedTiles(found["fold"], found["digests"], found["centres"], place)
