"""Tiles, an orthophoto and quick models, to time predictions by; how good they are does not matter."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
import torch
import torchvision
from peers.environment import ROOT
from peers.orthophoto import make_orthophoto

from mmrisk_core import RiskModel, create_tiles, train_model

PIXELS, PER_SIDE, ATTRIBUTES, LABELLED = 196, 60, 20, 60
ENCODERS = ("resnet34", "efficientnet_lite0", "basic_cnn", "rcf")


@dataclass(frozen=True)
class CityOfNoise:
    """Tiles of 196 pixels with attributes of noise, and a label that hangs on the brightness of their picture.

    ``folder`` is temporary; ``weights`` are random ones of a ResNet34, which take as long as others.
    """

    folder: Path
    raster: Path
    tiles: gpd.GeoDataFrame
    weights: Path

    def trained(self, encoder: str) -> RiskModel:
        """A model of five members."""
        given = str(self.weights) if encoder == "resnet34" else None
        names = [f"attribute_{number}" for number in range(ATTRIBUTES)]
        some = self.tiles.iloc[:: len(self.tiles) // LABELLED]
        return train_model(
            some, "label", names, [self.raster], backbone=encoder, weights=given, validation="none", epochs=1,
            device="cpu",
        )  # fmt: skip


@contextmanager
def city_of_noise() -> Iterator[CityOfNoise]:
    """The city, of which the raster is made once and kept; embeddings are cached in its own folder."""
    raster = make_orthophoto(ROOT / "build" / "bench" / f"rgb_{PER_SIDE * PIXELS}_256.tif", PER_SIDE * PIXELS, 256)
    with rasterio.open(raster) as dataset:
        tiles = create_tiles(tuple(dataset.bounds), PIXELS * dataset.transform.a, str(dataset.crs))
        bright = dataset.read(1, out_shape=(PER_SIDE, PER_SIDE)).astype(float).ravel()
    rng = np.random.default_rng(0)
    noise = {f"attribute_{number}": rng.normal(size=len(tiles)) for number in range(ATTRIBUTES)}
    tiles = tiles.assign(**noise, label=(bright > np.median(bright)).astype(float))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["MMRISK_CACHE"] = str(folder / "cache")
        weights = folder / "resnet34.pth"
        torch.manual_seed(0)
        torch.save(torchvision.models.resnet34().state_dict(), weights)
        yield CityOfNoise(folder, raster, tiles, weights)
