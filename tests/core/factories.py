"""Small real layers and rasters for the tests of the engine."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Literal, get_origin

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from pydantic import BaseModel
from rasterio.transform import from_origin
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from mmrisk_core import create_tiles, join_attributes, label_tiles
from mmrisk_core.bundle.header import RISK_MANIFEST_KEY
from mmrisk_core.cli import main
from mmrisk_core.geo.layer_writing import write_layer

DEVICE = os.environ.get("MMRISK_DEVICE", "cpu")
QUICK = {"image_pixels": 64, "epochs": 12, "folds": 3, "block_size": 200, "seed": 1, "device": DEVICE}
UTM = "EPSG:32619"
LEFT, TOP = 330000.0, 4690000.0


def make_tiles(rows: int = 3, cols: int = 4, size: float = 100.0, crs: str = UTM, **options: Any) -> gpd.GeoDataFrame:
    """A grid whose upper left corner is at (LEFT, TOP)."""
    return create_tiles((LEFT, TOP - rows * size, LEFT + cols * size, TOP), size, crs, **options)


def make_layer(geometry: list[Any], title: str = "things", crs: str | None = UTM, **columns: Any) -> gpd.GeoDataFrame:
    layer = gpd.GeoDataFrame(columns, geometry=list(geometry), crs=crs)
    layer.attrs["title"] = title
    return layer


def place(x: float, y: float) -> tuple[float, float]:
    """A place ``x`` metres right of and ``y`` metres below the upper left corner."""
    return LEFT + x, TOP - y


def point(x: float, y: float) -> shapely.Point:
    return shapely.Point(place(x, y))


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([place(*p) for p in points])


def box(left: float, top: float, right: float, bottom: float) -> shapely.Polygon:
    return shapely.box(LEFT + left, TOP - bottom, LEFT + right, TOP - top)


def row_of_tiles(n: int = 3, **options: Any) -> gpd.GeoDataFrame:
    return make_tiles(rows=1, cols=n, **options)


def assert_column(joined: gpd.GeoDataFrame, name: str, values: Any) -> None:
    assert joined[name].tolist() == pytest.approx(values, nan_ok=True)


def plain(column: Any) -> list[Any]:
    """The values, None where missing."""
    return [None if pd.isna(value) else value for value in column]


def write_raster(
    path: Path,
    bands: np.ndarray,
    *,
    left: float = LEFT,
    top: float = TOP,
    pixel: float = 1.0,
    crs: str | None = UTM,
    transform: Any = None,
    **profile: Any,
) -> Path:
    """``bands`` (bands, rows, columns) as a GeoTIFF."""
    options: dict[str, Any] = {"driver": "GTiff", "count": bands.shape[0], "dtype": bands.dtype, "crs": crs, **profile}
    options["transform"] = transform or from_origin(left, top, pixel, pixel)
    with rasterio.open(path, "w", height=bands.shape[1], width=bands.shape[2], **options) as raster:
        raster.write(bands)
    return path


@dataclass(frozen=True)
class Town:
    """A town whose risk is known: it grows with the metres of road in a tile and with the brightness of its image."""

    tiles: gpd.GeoDataFrame
    roads: Path
    crashes: Path
    ortho: Path


def make_town(folder: Path, side: int = 16, size: float = 100.0, pixels: int = 32, seed: int = 0) -> Town:
    """``side`` x ``side`` tiles with ``roads_length`` and ``label``; every file beside each other in ``folder``."""
    rng = np.random.default_rng(seed)
    tiles = make_tiles(side, side, size)
    road, bright = rng.random((2, side * side))
    label = rng.random(side * side) < 1 / (1 + np.exp(-8 * (road + bright - 1)))

    left, bottom, _, top = shapely.bounds(tiles.geometry.array).T
    middle = (bottom + top) / 2
    ends = np.stack([np.c_[left + 5, middle], np.c_[left + 5 + road * (size - 10), middle]], axis=1)
    roads = make_layer(list(shapely.linestrings(ends)), title="roads", lanes=rng.integers(1, 5, side * side))
    crashes = make_layer(list(shapely.points(left[label] + 20, middle[label])), title="crashes")

    grey = np.kron(bright.reshape(side, side), np.ones((pixels, pixels))) * 170 + 40
    ortho = np.clip(grey + rng.normal(0, 15, (3, *grey.shape)), 1, 255).astype(np.uint8)
    paths = write_layer(roads, folder / "roads.gpkg"), write_layer(crashes, folder / "crashes.gpkg")
    tiles = join_attributes(tiles, roads, statistics=["length"], prefix="roads_")
    tiles = label_tiles(tiles, crashes).assign(chance=rng.normal(size=side * side))
    return Town(tiles, *paths, write_raster(folder / "ortho.tif", ortho, pixel=size / pixels))


def real_data(name: str) -> Path:
    ours = Path(__file__).resolve().parents[3] / "shared" / "data"
    folder = Path(os.environ.get("MMRISK_TEST_DATA", ours)).resolve() / name
    if not folder.is_dir():
        pytest.skip(f"the files are not at {folder}; set MMRISK_TEST_DATA to the folder that holds '{name}'")
    return folder


def rewrite(path, tensors=None, manifest=None):
    """Change the tensors or the manifest of a model file by a function."""
    with safe_open(path, framework="pt") as file:
        entries = json.loads(file.metadata()[RISK_MANIFEST_KEY])
    content = load_file(path)
    content = tensors(content) or content if tensors else content
    entries = manifest(entries) or entries if manifest else entries
    save_file(content, path, metadata={RISK_MANIFEST_KEY: json.dumps(entries)})


def with_texts(part: Any, text: str) -> Any:
    """A manifest in which every text is another, names of entries included; words of which there are only some stay."""
    if isinstance(part, BaseModel):
        fields = type(part).model_fields
        kept = {name for name, field in fields.items() if get_origin(field.annotation) is Literal}
        values = {name: getattr(part, name) for name in fields}
        return part.model_construct(
            **{name: value if name in kept else with_texts(value, text) for name, value in values.items()}
        )
    if isinstance(part, dict):
        return {f"{text} {name}": with_texts(value, text) for name, value in part.items()}
    if isinstance(part, tuple | list):
        return type(part)(with_texts(value, text) for value in part)
    return text if isinstance(part, str) else part


class Elements(HTMLParser):
    """The elements of a page, in order, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.names.append(tag)
        assert not [name for name, value in attrs if name.startswith("on") or "script" in (value or "")]

    def handle_data(self, data: str) -> None:
        self.text += data


def run(capsys: Any, *arguments: object) -> dict[str, Any]:
    """What a verb of the command line answers."""
    assert main([str(argument) for argument in arguments]) == 0
    return json.loads(capsys.readouterr().out)
