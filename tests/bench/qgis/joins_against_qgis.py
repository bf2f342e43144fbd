"""'Join attributes' against the algorithms that QGIS has for it: same files, same columns, taking turns, best of several.

MMRisk's engine is warm, as it is from the second job on; handing the job to its process and the result back is timed.
QGIS measures on the plane here, as MMRisk does. Where QGIS would take minutes, both get less to do.

    QT_QPA_PLATFORM=offscreen python tests/bench/qgis/joins_against_qgis.py [--repetitions 2]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qgis.core import QgsApplication, QgsFeatureRequest, QgsProcessingContext, QgsVectorLayer
from shared.start import ROOT, start_qgis

SIZES = {"large": (90_000, 30_000, 300_000), "small": (10_000, 3_000, 30_000)}  # tiles; lines or polygons; points
COUNT, LENGTH, AREA, MEAN = 0, 1, 2, 5


@dataclass
class Comparison:
    """The same columns by one algorithm of QGIS and by MMRisk.

    :param size: the key of the layers' sizes.
    :param theirs: QGIS's algorithm and its parameters but for INPUT and OUTPUT, by the names of layers.
    :param columns: theirs -> ours.
    """

    size: str
    layer: str
    theirs: str
    parameters: dict[str, Any]
    ours: dict[str, Any]
    columns: dict[str, str] = field(default_factory=dict)


COMPARISONS = [
    Comparison(
        "large",
        "streets",
        "native:sumlinelengths",
        {"POLYGONS": "tiles", "LINES": "streets", "LEN_FIELD": "their_length", "COUNT_FIELD": "their_count"},
        {"STATISTICS": [LENGTH, COUNT]},
        {"their_length": "length", "their_count": "count"},
    ),
    Comparison(
        "large",
        "points",
        "native:countpointsinpolygon",
        {"POLYGONS": "tiles", "POINTS": "points", "FIELD": "their_count"},
        {"STATISTICS": [COUNT]},
        {"their_count": "count"},
    ),
    Comparison(
        "small",
        "points",
        "joinbylocationsummary",
        {"INPUT": "tiles", "JOIN": "points", "JOIN_FIELDS": ["value"], "SUMMARIES": [0, 6], "PREDICATE": [0]},
        {"FIELDS": ["value"], "STATISTICS": [COUNT, MEAN]},
        {"value_count": "count", "value_mean": "value_mean"},
    ),
    # QGIS counts every polygon whole, however little of it is in the tile: only its count can be the same.
    Comparison(
        "small",
        "land_use",
        "joinbylocationsummary",
        {"INPUT": "tiles", "JOIN": "land_use", "JOIN_FIELDS": ["value"], "SUMMARIES": [0, 6], "PREDICATE": [0]},
        {"FIELDS": ["value"], "STATISTICS": [COUNT, MEAN, AREA]},
        {"value_count": "count"},
    ),
]


def write_layers(folder: Path) -> None:
    """The layers of the other bench of joins, in a folder for each size."""
    for name, size in SIZES.items():
        (folder / name).mkdir()
        script = f"import joins; joins.write_layers({str(folder / name)!r}, *{size!r})"
        paths = os.pathsep.join(map(str, (ROOT, ROOT / "tests" / "bench")))
        python = ROOT / "build" / "venv-core" / "bin" / "python"
        subprocess.run([str(python), "-c", script], env=os.environ | {"PYTHONPATH": paths}, check=True)


def run(algorithm: str, parameters: dict[str, Any]) -> tuple[float, Path]:
    """Seconds, and where the result is."""
    import processing

    output = Path(parameters["OUTPUT"])
    output.unlink(missing_ok=True)
    context = QgsProcessingContext()
    context.setEllipsoid("NONE")
    context.setInvalidGeometryCheck(QgsFeatureRequest.GeometryNoCheck)
    begin = time.perf_counter()
    processing.run(algorithm, parameters, context=context)
    return time.perf_counter() - begin, output


def available(algorithm: str) -> str:
    """The id with the provider that has it: joining by location moved from 'qgis' to 'native' in later versions."""
    if ":" in algorithm:
        return algorithm
    registry = QgsApplication.processingRegistry()
    return next(f"{p}:{algorithm}" for p in ("native", "qgis") if registry.algorithmById(f"{p}:{algorithm}"))


def differences(theirs: Path, ours: Path, columns: dict[str, str]) -> dict[str, int]:
    """In how many tiles a column of QGIS is another than ours."""
    tables = []
    for path, names in ((theirs, columns.keys()), (ours, columns.values())):
        layer = QgsVectorLayer(str(path), "", "ogr")
        tables.append({f["tile_id"]: [f[name] or 0 for name in names] for f in layer.getFeatures()})
    assert tables[0].keys() == tables[1].keys()
    return {
        name: sum(abs(tables[0][tile][i] - tables[1][tile][i]) > 1e-6 for tile in tables[0])
        for i, name in enumerate(columns.values())
    }


def compare(comparison: Comparison, folder: Path, repetitions: int) -> None:
    """Print the best of both, the ratio, and where they differ."""
    layers = {path.stem: str(path) for path in (folder / comparison.size).glob("*.gpkg")}
    algorithm = available(comparison.theirs)
    their_parameters = {
        key: layers.get(value, value) if isinstance(value, str) else value
        for key, value in comparison.parameters.items()
    } | {"OUTPUT": str(folder / "theirs.gpkg")}
    our_parameters = {"TILES": layers["tiles"], "INPUT": layers[comparison.layer], **comparison.ours}
    our_parameters["OUTPUT"] = str(folder / "ours.gpkg")
    theirs, ours = [], []
    for _ in range(repetitions):
        ours.append(run("mmrisk:joinattributes", our_parameters)[0])
        theirs.append(run(algorithm, their_parameters)[0])
    other = differences(folder / "theirs.gpkg", folder / "ours.gpkg", comparison.columns)
    tiles, features, n_points = SIZES[comparison.size]
    n = n_points if comparison.layer == "points" else features
    print(
        f"{algorithm:28s}{tiles:8,d} tiles{n:9,d} {comparison.layer:10s}{min(theirs):8.2f} s   MMRisk{min(ours):7.2f} s"
        f"   ratio{min(theirs) / min(ours):6.1f}   tiles that differ: "
        + ", ".join(f"{name} {count}" for name, count in other.items()),
        flush=True,
    )


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=2)
    repetitions = parser.parse_args().repetitions
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        kept = start_qgis(folder / "profile")
        write_layers(folder)
        warm_up = {"TILES": str(folder / "small" / "tiles.gpkg"), "INPUT": str(folder / "small" / "points.gpkg")}
        run("mmrisk:joinattributes", warm_up | {"OUTPUT": str(folder / "ours.gpkg")})
        for comparison in COMPARISONS:
            compare(comparison, folder, repetitions)
        del kept


if __name__ == "__main__":
    main()
