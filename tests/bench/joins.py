"""Joins: MMRisk against geopandas in time, on grids and on free tiles; how time and memory grow with the layer.

    python tests/bench/joins.py [--repetitions 3] [--part against|growth|memory] [--only "free tiles"]

Both work on the same layers in memory and must find the same columns. Of the repetitions, which take turns, each one's
fastest counts. Making the layers is not timed, making ready the tiles is. Memory is that of a process of its own which
joins points from a GeoPackage; the first run makes these files (1.2 GB in build/bench).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from mmrisk_core import create_tiles, join_attributes
from mmrisk_core.attributes import join_layer
from mmrisk_core.attributes.intersections import SLIVER_TOLERANCE
from mmrisk_core.files import atomic_write
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.geo.recipe import JoinOptions

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / "build" / "bench"
CRS = "EPSG:32619"
LEFT, BOTTOM, SIDE = 330_000.0, 4_650_000.0, 30_000.0
EXTENT = (LEFT, BOTTOM, LEFT + SIDE, BOTTOM + SIDE)
TILE = 100.0
SIZES = (10_000, 30_000, 100_000, 300_000)
POINTS_IN_FILES = (1_000_000, 10_000_000)

Columns = pd.DataFrame
Way = Callable[[], Columns]


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--part", choices=["against", "growth", "memory"])
    parser.add_argument("--only", default="", help="compare only joins with these words in their name")
    parser.add_argument("--join-file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.join_file:
        print_memory_of_a_join(options.join_file)
        return
    if options.part in (None, "against"):
        compare(options.repetitions, options.only)
    if options.part in (None, "growth"):
        show_growth(options.repetitions)
    if options.part in (None, "memory"):
        show_memory()


# --- layers ----------------------------------------------------------------------------------------------------------


def grid(tile: float = TILE) -> gpd.GeoDataFrame:
    return create_tiles(EXTENT, tile, CRS)


def streets(n: int, seed: int = 0) -> gpd.GeoDataFrame:
    """Polylines of 5 to 30 vertices, 100 to 1,000 m long, that bend a little at every vertex."""
    rng = np.random.default_rng(seed)
    vertices = rng.integers(5, 31, n)
    line = np.repeat(np.arange(n), vertices)
    first = np.cumsum(vertices) - vertices
    step = (rng.uniform(100, 1000, n) / (vertices - 1))[line] * rng.uniform(0.7, 1.3, line.size)
    bend = rng.normal(0, 0.2, line.size)
    bend[first] = rng.uniform(0, 2 * np.pi, n)
    heading = running_sum(bend, first, line)
    step[first] = 0
    start = rng.uniform(0, SIDE, (n, 2))
    x, y = (running_sum(step * turn(heading), first, line) for turn in (np.cos, np.sin))
    geometry = shapely.linestrings(np.c_[LEFT + start[line, 0] + x, BOTTOM + start[line, 1] + y], indices=line)
    return layer(geometry, "streets", rng)


def running_sum(values: np.ndarray, first: np.ndarray, group: np.ndarray) -> np.ndarray:
    total = np.cumsum(values)
    return total - (total - values)[first][group]


def land_use(n: int, seed: int = 0) -> gpd.GeoDataFrame:
    """Polygons of 10 to 60 vertices side by side on the whole extent, that now and then overlap a little."""
    rng = np.random.default_rng(seed)
    across = int(np.ceil(n**0.5))
    spacing = SIDE / across
    vertices = rng.integers(10, 61, n)
    polygon = np.repeat(np.arange(n), vertices)
    rank = np.arange(polygon.size) - np.repeat(np.cumsum(vertices) - vertices, vertices)
    angle = 2 * np.pi * (rank + rng.uniform(0, 0.8, rank.size)) / vertices[polygon]
    radius = spacing / 2 * rng.uniform(0.75, 1.1, rank.size)
    middle = (np.c_[np.arange(n) % across, np.arange(n) // across] + rng.uniform(0.45, 0.55, (n, 2))) * spacing
    corners = middle[polygon] + radius[:, None] * np.c_[np.cos(angle), np.sin(angle)] + (LEFT, BOTTOM)
    rings = shapely.linearrings(corners, indices=polygon)
    return layer(shapely.polygons(rings), "land_use", rng)


def hexagons(n: int, seed: int = 0) -> gpd.GeoDataFrame:
    """As large as tiles of the grid, anywhere, turned by any angle."""
    rng = np.random.default_rng(seed)
    turn = rng.uniform(0, 2 * np.pi, (n, 1)) + np.arange(6) * np.pi / 3
    radius = TILE * (2 / 27**0.5) ** 0.5
    middle = rng.uniform(0, SIDE, (n, 1, 2)) + np.array([LEFT, BOTTOM])
    return layer(shapely.polygons(middle + radius * np.stack([np.cos(turn), np.sin(turn)], axis=2)), "hexagons", rng)


def any_shapes(n: int, seed: int = 0) -> gpd.GeoDataFrame:
    """A third each of cells around points, of strips along streets, and of zones with dents, all of them side by side."""
    rng = np.random.default_rng(seed)
    around = shapely.multipoints(shapely.get_coordinates(points(n // 3, seed).geometry))
    cells = shapely.get_parts(shapely.voronoi_polygons(around, extend_to=shapely.box(*EXTENT)))
    strips = shapely.buffer(streets(n // 3, seed + 1).geometry.array, 20, cap_style="flat")
    zones = land_use(n // 3, seed + 2).geometry.array
    return layer(np.concatenate([shapely.intersection(cells, shapely.box(*EXTENT)), strips, zones]), "any shapes", rng)


def points(n: int, seed: int = 0) -> gpd.GeoDataFrame:
    rng = np.random.default_rng(seed)
    return layer(shapely.points(rng.uniform(0, SIDE, (n, 2)) + np.array([LEFT, BOTTOM])), "points", rng)


def layer(geometry: np.ndarray, title: str, rng: np.random.Generator) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame({"value": rng.normal(50, 10, len(geometry))}, geometry=geometry, crs=CRS)
    frame.attrs["title"] = title
    return frame


# --- against geopandas -----------------------------------------------------------------------------------------------


def by_overlay(tiles: gpd.GeoDataFrame, features: gpd.GeoDataFrame, measure: str) -> Columns:
    """Length or area, and count, as geopandas' users find them."""
    pieces = gpd.overlay(features, tiles[["tile_id", "geometry"]], how="intersection", keep_geom_type=True)
    pieces[measure] = getattr(pieces.geometry, measure)
    # MMRisk leaves out slivers of rounding, so that features which only touch a tile are not counted.
    area = tiles.set_index("tile_id").area.loc[pieces["tile_id"]].to_numpy()
    pieces = pieces[pieces[measure] > SLIVER_TOLERANCE * {"length": area**0.5, "area": area}[measure]]
    columns = pieces.groupby("tile_id")[measure].agg(**{measure: "sum", "count": "size"})
    return columns.reindex(tiles["tile_id"], fill_value=0).reset_index(drop=True)


def by_sjoin(tiles: gpd.GeoDataFrame, features: gpd.GeoDataFrame, predicate: str) -> Columns:
    """Count and mean of points; "within" is the quickest way to ask geopandas, "intersects" its default."""
    pairs = gpd.sjoin(features, tiles[["tile_id", "geometry"]], predicate=predicate)
    columns = pairs.groupby("tile_id")["value"].agg(count="size", value_mean="mean")
    columns = columns.reindex(tiles["tile_id"]).reset_index(drop=True)
    return columns.assign(count=columns["count"].fillna(0))


@dataclass
class Comparison:
    """A join by MMRisk and by geopandas, which is to take ``at_least`` times as long."""

    name: str
    at_least: float
    tiles: gpd.GeoDataFrame
    features: gpd.GeoDataFrame
    statistics: list[str]
    peer: str

    def ours(self) -> Columns:
        fields = ["value"] if "mean" in self.statistics else []
        return join_attributes(self.tiles, self.features, statistics=self.statistics, fields=fields)

    def theirs(self) -> Columns:
        if self.peer.startswith("sjoin"):
            return by_sjoin(self.tiles, self.features, "within" if "within" in self.peer else "intersects")
        return by_overlay(self.tiles, self.features, self.statistics[0])


def comparisons() -> Iterator[Comparison]:
    yield Comparison("lines on a grid", 20, grid(), streets(30_000), ["length", "count"], "overlay")
    yield Comparison("polygons on a grid", 8, grid(), land_use(30_000), ["area", "count"], "overlay")
    million, many = grid(SIDE / 1000), points(1_000_000)
    yield Comparison("points on a grid", 10, million, many, ["count", "mean"], "sjoin")
    yield Comparison("points on a grid", 10, million, many, ["count", "mean"], "sjoin, within")
    along = create_tiles(tile_size=TILE, layout="lines", layer=streets(3_700, seed=1), spacing=TILE)
    turned = create_tiles(layout="polygons", layer=hexagons(30_000))
    shapes = create_tiles(layout="polygons", layer=any_shapes(9_000))
    for kind, tiles in (("free tiles", along), ("free hexagons", turned), ("free shapes", shapes)):
        yield Comparison(f"lines on {kind}", 2, tiles, streets(30_000), ["length", "count"], "overlay")
        yield Comparison(f"polygons on {kind}", 2, tiles, land_use(30_000), ["area", "count"], "overlay")


def compare(repetitions: int, only: str) -> None:
    """Prints seconds of both, and the ratios; stops where they do not agree."""
    print(f"{'':26s}{'tiles':>10s}{'features':>11s}{'MMRisk':>9s}{'geopandas':>19s}{'ratio':>8s}  to be at least")
    for comparison in comparisons():
        if only not in comparison.name:
            continue
        ours, theirs = fastest([comparison.ours, comparison.theirs], repetitions)
        assert_the_same(comparison)
        print(
            f"{comparison.name:26s}{len(comparison.tiles):10,d}{len(comparison.features):11,d}{ours:8.2f}s"
            f"{theirs:10.2f}s {comparison.peer:7s}{theirs / ours:8.1f}  {comparison.at_least:g}",
            flush=True,
        )


def fastest(ways: list[Way], repetitions: int) -> list[float]:
    """Seconds of the fastest call of each, taking turns."""
    seconds = np.full((repetitions, len(ways)), np.inf)
    for turn in range(repetitions):
        for i, way in enumerate(ways):
            begin = time.perf_counter()
            way()
            seconds[turn, i] = time.perf_counter() - begin
    return seconds.min(axis=0).tolist()


def assert_the_same(comparison: Comparison) -> None:
    """Both must find the same, to 1e-9 of the tile or the value."""
    ours, theirs = comparison.ours(), comparison.theirs()
    assert theirs["count"].sum() > 0
    for name, values in theirs.items():
        of_tile = {"length": TILE, "area": TILE**2}.get(name, 0.0)
        wrong = np.abs(ours[name] - values) > 1e-9 * (of_tile + np.abs(values))
        if wrong.any():
            sys.exit(f"{comparison.name}: {name} is not the same in {wrong.sum()} tiles")


# --- growth ----------------------------------------------------------------------------------------------------------


def show_growth(repetitions: int) -> None:
    """Prints how time grows with the number of features and of tiles."""
    tiles, along, lines = grid(), free_tiles(30_000), streets(30_000)
    growth(
        "lines on 90,000 grid tiles",
        {n: (tiles, streets(n), ["length", "count"]) for n in SIZES},
        repetitions,
    )
    growth("polygons on 90,000 grid tiles", {n: (tiles, land_use(n), ["area", "count"]) for n in SIZES}, repetitions)
    growth("lines on 30,000 free tiles", {n: (along, streets(n), ["length", "count"]) for n in SIZES}, repetitions)
    growth(
        "grid tiles under 30,000 lines",
        {n: (grid(SIDE / n**0.5), lines, ["length", "count"]) for n in SIZES},
        repetitions,
    )


def free_tiles(n: int) -> gpd.GeoDataFrame:
    tiles = create_tiles(tile_size=TILE, layout="points", layer=points(n, seed=1))
    return tiles


def growth(name: str, joins: dict, repetitions: int) -> None:
    print(f"\n{name}")
    for n, (tiles, features, statistics) in joins.items():
        [seconds] = fastest(
            [lambda t=tiles, f=features, s=statistics: join_attributes(t, f, statistics=s)], repetitions
        )
        print(f"{n:10,d}{seconds:9.3f} s{seconds / n * 1e6:9.2f} microseconds each", flush=True)


def write_layers(folder: str, tiles: int, features: int, n_points: int) -> None:
    """Tiles, streets, land use and points as GeoPackages, for other programs."""
    layers = {"tiles": grid(SIDE / tiles**0.5), "streets": streets(features), "land_use": land_use(features)}
    for name, frame in (layers | {"points": points(n_points)}).items():
        write_layer(frame, Path(folder) / f"{name}.gpkg")


# --- memory ----------------------------------------------------------------------------------------------------------


def show_memory() -> None:
    """Prints how much memory grows by at its highest while points are joined from files."""
    print("\npeak memory of a join of points from a GeoPackage above what it has after its imports and tiles")
    growth = []
    for n in POINTS_IN_FILES:
        file = write_points(FILES / f"points_{n}.gpkg", n)
        command = [sys.executable, __file__, "--join-file", str(file)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        megabytes, seconds = map(float, done.stdout.split())
        growth.append(megabytes)
        print(f"{n:12,d} points {megabytes:8,.0f} MB {seconds:8.1f} s", flush=True)
    print(f"10 times the points / once {growth[1] / growth[0]:8.2f}   to be about 1")


def write_points(path: Path, n: int, chunk: int = 1_000_000) -> Path:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as part:
            for i in range(n // chunk):
                pyogrio.write_dataframe(points(chunk, seed=i), part, layer="points", driver="GPKG", append=i > 0)
    return path


def print_memory_of_a_join(path: Path) -> None:
    """Megabytes that the peak grows by, and seconds."""
    tiles = grid()
    join_attributes(tiles, points(10), statistics=["count"])
    before, begin = peak_memory(), time.perf_counter()
    joined = join_layer(
        tiles, LayerSource(path=str(path)), JoinOptions(statistics=["count", "mean", "std", "min"], fields=["value"])
    )
    assert joined["count"].sum() == pyogrio.read_info(path)["features"]
    print((peak_memory() - before) / 1e6, time.perf_counter() - begin)


def peak_memory() -> int:
    """Bytes; unlike getrusage, of this process only and not of the one that started it."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))


if __name__ == "__main__":
    main()
