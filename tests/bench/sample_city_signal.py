"""How much of the sample city's known risk can be learnt, and from what. Prints figures, asserts nothing.

    python tests/bench/sample_city_signal.py [--size 45] [--seed 1] [--without-imagery]

AUC of the true probability is the ceiling. Every other figure is out of fold, over spatial blocks of 5 x 5 tiles
(only the principal components of the frozen features, which see no label, are taken over all tiles).
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
import torch
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.windows import Window
from sklearn.base import BaseEstimator
from sklearn.decomposition import PCA
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.metrics import r2_score, roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mmrisk_core.encoders.efficientnet_lite0 import EfficientNetLite0
from mmrisk_core.sample_city import SampleCity, make_sample_city

Table = NDArray[np.float64]
FOLDS, BLOCK_TILES = 5, 5
INPUT_PIXELS, COMPONENTS = 224, 16  # of the encoder's input; of its features that are kept


class Evaluation:
    """Out-of-fold figures on one city, always over the same spatial blocks."""

    def __init__(self, truth: gpd.GeoDataFrame, has_crash: NDArray[np.bool_]) -> None:
        self._label = has_crash
        blocks_per_row = int(truth["col"].max()) // BLOCK_TILES + 1
        self._block = (truth["row"] // BLOCK_TILES * blocks_per_row + truth["col"] // BLOCK_TILES).to_numpy()

    def ceiling(self, name: str, score: Table) -> None:
        """How well a given score tells tiles with crashes from those without."""
        print(f"AUC {name:47s} {roc_auc_score(self._label, score):.3f}")

    def predicted(self, model: BaseEstimator, features: Table, target: Table, method: str = "predict") -> Table:
        """Out-of-fold predictions."""
        return cross_val_predict(model, features, target, groups=self._block, cv=GroupKFold(FOLDS), method=method)

    def show_auc(self, name: str, features: Table) -> None:
        """What a linear and a boosted model on ``features`` reach."""
        linear = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=2000))
        boosted = HistGradientBoostingClassifier(max_iter=80, learning_rate=0.06, max_leaf_nodes=8, random_state=1)
        for kind, model in (("linear", linear), ("boosted", boosted)):
            probability = self.predicted(model, features, self._label, "predict_proba")[:, 1]
            print(f"AUC {name:38s} {kind:8s} {roc_auc_score(self._label, probability):.3f}")

    def show_imagery(self, embeddings: Table, attributes: Table, cause: Table) -> None:
        """What frozen features say of the car parks, of crashes, and of crashes together with the attributes."""
        ridge = make_pipeline(StandardScaler(), RidgeCV(np.logspace(2, 5, 7)))
        seen = self.predicted(ridge, embeddings, cause)
        print(f"R2  frozen features -> car park share               {r2_score(cause, seen):.3f}")
        reduced = PCA(COMPONENTS, random_state=1).fit_transform(StandardScaler().fit_transform(embeddings))
        self.show_auc("frozen features", reduced)
        self.show_auc("frozen features and attributes", np.hstack([reduced, attributes]))


def tile_attributes(city: SampleCity, tiles: gpd.GeoDataFrame) -> pd.DataFrame:
    """The attributes that a user would derive: road count and metres, traffic, people."""
    roads, zones = gpd.read_file(city.roads), gpd.read_file(city.zones)
    on_tiles = gpd.overlay(roads, tiles[["tile_id", "geometry"]], how="intersection", keep_geom_type=True)
    on_tiles["length"] = on_tiles.length
    on_tiles["travel"] = on_tiles["length"] * on_tiles["aadt"]
    on_tiles["counted"] = on_tiles["length"].where(on_tiles["aadt"].notna())
    sums = on_tiles.groupby("tile_id")[["length", "travel", "counted"]].sum().reindex(tiles["tile_id"], fill_value=0.0)
    shares = gpd.overlay(zones, tiles[["tile_id", "geometry"]], how="intersection", keep_geom_type=True)
    shares["area"] = shares.area
    columns = {  # traffic and people in logarithms, as crash models have them
        "roads_count": on_tiles.groupby("tile_id").size().reindex(tiles["tile_id"], fill_value=0),
        "roads_length": sums["length"],
        "aadt_sum": np.log1p(on_tiles.groupby("tile_id")["aadt"].sum().reindex(tiles["tile_id"], fill_value=0)),
        "aadt_mean": np.log1p((sums["travel"] / sums["counted"].clip(lower=1e-9)).fillna(0.0)),
    }
    for field in ("population", "density"):
        weighted = (shares[field] * shares["area"]).groupby(shares["tile_id"]).sum()
        columns[f"zones_{field}"] = np.log(weighted / shares.groupby("tile_id")["area"].sum())
    return pd.DataFrame(columns).astype(float)


def tile_embeddings(city: SampleCity, size: int) -> Table:
    """Frozen EfficientNet-Lite0 features of every tile; (tiles, 1280)."""
    encoder = EfficientNetLite0()
    embeddings = []
    with rasterio.open(city.imagery) as picture:
        step = picture.width // size
        for row in range(size):
            shape = (3, INPUT_PIXELS, size * INPUT_PIXELS)
            strip = picture.read(
                window=Window(0, row * step, picture.width, step), out_shape=shape, resampling=Resampling.bilinear
            )
            tiles = strip.reshape(3, INPUT_PIXELS, size, INPUT_PIXELS).transpose(2, 0, 1, 3)
            embeddings.append(encoder(torch.from_numpy(np.ascontiguousarray(tiles))).numpy())
    return np.concatenate(embeddings).astype(float)


def measure(size: int, seed: int, with_imagery: bool) -> None:
    """Makes a city and prints what can be learnt from it."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        city = make_sample_city(Path(folder), size=size, seed=seed)
        print(f"size {size}, seed {seed}: {size * size} tiles made in {time.perf_counter() - started:.1f} s")
        truth, crashes = gpd.read_file(city.truth), gpd.read_file(city.crashes)
        attributes = tile_attributes(city, truth)
        embeddings = tile_embeddings(city, size) if with_imagery else None
    hits = gpd.sjoin(crashes, truth[["tile_id", "geometry"]], predicate="within")["tile_id"]
    has_crash = np.isin(truth["tile_id"], hits)
    parts = truth[["from_image", "from_attributes", "from_both"]].to_numpy()
    print(f"prevalence {has_crash.mean():.3f}, tiles without a road {(attributes['roads_length'] == 0).mean():.3f}")
    print("standard deviation of image, attribute and joint parts of the logit", parts.std(axis=0).round(2))
    print("rank correlation of car park share with attributes:")
    print(attributes.corrwith(truth["from_image"], method="spearman").round(2).to_string())
    evaluation = Evaluation(truth, has_crash)
    evaluation.ceiling("true probability", truth["true_probability"].to_numpy())
    evaluation.show_auc("car park share", parts[:, :1])
    evaluation.show_auc("attributes", attributes.to_numpy())
    evaluation.show_auc("car park share and attributes", np.column_stack([parts[:, 0], attributes]))
    if embeddings is not None:
        evaluation.show_imagery(embeddings, attributes.to_numpy(), parts[:, 0])


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=45, help="tiles per side")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without-imagery", action="store_true", help="skip the frozen features")
    arguments = parser.parse_args()
    measure(arguments.size, arguments.seed, not arguments.without_imagery)


if __name__ == "__main__":
    main()
