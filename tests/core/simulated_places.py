"""Places whose truth is known: attributes, an unobserved field, probabilities and labels on a grid of tiles."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
import torch
from scipy.ndimage import gaussian_filter
from scipy.special import expit

from mmrisk_core.architectures.attribute_encoding import fit_attribute_encoding
from mmrisk_core.architectures.linear_head import fit_linear_head
from mmrisk_core.evaluation.metrics import Metrics, compute_metrics
from mmrisk_core.evaluation.spatial_folds import assign_folds
from mmrisk_core.progress import NO_PROGRESS
from mmrisk_core.training.cross_fitting import calibrated_out_of_fold, cross_fit, pairs_of
from mmrisk_core.training.options import TrainingOptions
from mmrisk_core.training.validation_blocks import SpatialBlocks, choose_blocks

TILE = 150.0
FIELD = 5.9
"""Deviation in tiles of the filter that makes the unobserved field: its correlation falls to 0.1 at 17.9 tiles, 2,690 m."""
FIELD_REACH = 2 * FIELD * np.sqrt(np.log(10)) * TILE


def smooth_field(rng: np.random.Generator, side: int, deviation: float) -> np.ndarray:
    """A stationary field with variance 1 on ``side`` x ``side`` tiles, (n,): white noise under a Gaussian filter."""
    around = int(4 * deviation) + 1
    noise = rng.standard_normal((side + 2 * around, side + 2 * around))
    field = gaussian_filter(noise, deviation, mode="wrap")[around:-around, around:-around]
    return (field * 2 * np.sqrt(np.pi) * deviation).ravel()


def grid_centres(side: int) -> np.ndarray:
    """Middles of ``side`` x ``side`` tiles in metres, (n, 2)."""
    y, x = np.indices((side, side)).reshape(2, -1)
    return (np.stack([x, y], axis=1) + 0.5) * TILE


@dataclass(frozen=True)
class SimulatedPlace:
    """A place of n tiles.

    :param attributes: (n, F), those that matter first.
    :param probability: of a tile to be high-risk, (n,).
    """

    centres: np.ndarray
    attributes: np.ndarray
    probability: np.ndarray
    label: np.ndarray

    def tiles(self, east: float = 0.0) -> gpd.GeoDataFrame:
        """As a layer with fields ``a0`` ... and ``label``, so many metres to the east of where others lie."""
        half = TILE / 2
        x, y = self.centres.T + np.array([[400_000.0 + east], [5_000_000.0]])
        columns = {f"a{i}": column for i, column in enumerate(self.attributes.T)}
        geometry = shapely.box(x - half, y - half, x + half, y + half)
        tiles = gpd.GeoDataFrame({**columns, "label": self.label.astype(int)}, geometry=geometry, crs="EPSG:32633")
        return tiles.assign(tile_id=np.arange(len(tiles)))

    def take(self, rows: np.ndarray) -> SimulatedPlace:
        """Some of its tiles."""
        return SimulatedPlace(self.centres[rows], self.attributes[rows], self.probability[rows], self.label[rows])


def simulated_place(
    seed: object,
    side: int,
    *,
    unobserved: float = 0.0,
    effects: tuple[float, ...] = (1.0, 0.6),
    spread: float = 3.0,
    meaningless: int = 2,
    intercept: float = -1.5,
) -> SimulatedPlace:
    """A place in which the logit is the sum of some smooth attributes and of a field that nobody observes.

    :param unobserved: deviation of that field in logits.
    :param effects: of the attributes that matter, in logits.
    :param spread: deviation in tiles of the filter that makes these.
    :param meaningless: number of attributes as smooth as the unobserved field that have nothing to do with the risk.
    """
    rng = np.random.default_rng(seed)
    telling = [smooth_field(rng, side, spread) for _ in effects]
    others = [smooth_field(rng, side, FIELD) for _ in range(meaningless)]
    logit = intercept + unobserved * smooth_field(rng, side, FIELD)
    for effect, column in zip(effects, telling, strict=True):
        logit = logit + effect * column
    probability = expit(logit)
    label = (rng.random(side**2) < probability).astype(float)
    return SimulatedPlace(grid_centres(side), np.array([*telling, *others]).T.reshape(side**2, -1), probability, label)


def blocks_of(place: SimulatedPlace) -> SpatialBlocks:
    """The blocks that a training makes of a place."""
    tabular = torch.from_numpy(place.attributes).float()
    return choose_blocks(place.tiles(), tabular, place.label, TrainingOptions(), NO_PROGRESS)


def judged_by_logistic_regression(place: SimulatedPlace) -> Metrics:
    """The figures of a linear head on the attributes, nested as the model is, on blocks and folds of a training."""
    blocks, folds = blocks_of(place), TrainingOptions().folds
    fold = assign_folds(blocks.block, place.label, folds, 0)
    tabular, label = torch.from_numpy(place.attributes).float(), torch.from_numpy(place.label).float()

    def answer(left_out: tuple[int, ...]) -> np.ndarray:
        out = np.isin(fold, left_out)
        learnt, asked = torch.from_numpy(np.flatnonzero(~out)), torch.from_numpy(np.flatnonzero(out))
        encoding = fit_attribute_encoding(tabular[learnt])
        head = fit_linear_head(encoding(tabular[learnt]), label[learnt], blocks.block[~out])
        with torch.no_grad():
            return head(encoding(tabular[asked]))[:, 0].double().numpy()

    risk = calibrated_out_of_fold(*cross_fit(fold, folds, pairs_of(folds), answer), place.label, fold)
    return compute_metrics(risk, place.label, blocks.independent(blocks.block, place.label - risk))
