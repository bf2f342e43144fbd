"""'Render imagery' against QGIS's own 'native:rasterize': same layers, extent and pixels, taking turns, best of several.

A ratio above 1 says that MMRisk is faster; that of processor time depends less on what else the computer does. Neither
compresses its file. Pictures are a whole number of QGIS's tiles, to which it would enlarge them.

    QT_QPA_PLATFORM=offscreen python tests/bench/qgis/rendering_against_native_rasterize.py [--repetitions 9]
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsLineSymbol,
    QgsProject,
    QgsRasterLayer,
    QgsRendererCategory,
    QgsSimpleLineSymbolLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor
from shared.start import ROOT, start_qgis

TILE = 1024


def real_or_made_layers(folder: Path) -> tuple[QgsRasterLayer, QgsVectorLayer, str]:
    """Imagery, roads and a name: Boston where it is there, else a sample city."""
    boston = Path(os.environ.get("MMRISK_TEST_DATA", ROOT.parent / "shared" / "data")) / "boston"
    if boston.is_dir():
        image = boston / "imagery" / "boston_roslindale_mattapan.tif"
        roads = f"{boston / 'vectors' / 'boston.gpkg'}|layername=roads"
        return QgsRasterLayer(str(image), "imagery"), QgsVectorLayer(roads, "roads", "ogr"), "Boston"
    import processing

    city = processing.run("mmrisk:samplecity", {"FOLDER": str(folder / "city"), "SEED": 1, "SIZE": 12})
    return QgsRasterLayer(city["IMAGERY"], "imagery"), QgsVectorLayer(city["ROADS"], "roads", "ogr"), "sample city"


def style_roads(roads: QgsVectorLayer) -> None:
    """Cased lines, as road maps have them, in two colours by length."""
    categories = []
    for value, colour in ((0, "#ffffff"), (1, "#fdd262")):
        symbol = QgsLineSymbol()
        symbol.changeSymbolLayer(0, QgsSimpleLineSymbolLayer(QColor("#555555"), 2.6))
        symbol.appendSymbolLayer(QgsSimpleLineSymbolLayer(QColor(colour), 1.8))
        categories.append(QgsRendererCategory(value, symbol, str(value)))
    roads.setRenderer(QgsCategorizedSymbolRenderer("$length > 80", categories))


def spent(algorithm: str, parameters: dict) -> tuple[float, float]:
    """How long an algorithm takes, and how long processors work for it: in seconds."""
    import processing

    Path(parameters["OUTPUT"]).unlink(missing_ok=True)
    started, worked = time.perf_counter(), time.process_time()
    processing.run(algorithm, parameters)
    return time.perf_counter() - started, time.process_time() - worked


def compare(name: str, layer: object, extent: str, pixel_size: float, folder: Path, repetitions: int) -> None:
    """Print the best of both, and the ratios."""
    given = {"EXTENT": extent, "LAYERS": [layer]}
    calls = {
        "native:rasterize": {
            **given,
            "MAP_UNITS_PER_PIXEL": pixel_size,
            "TILE_SIZE": TILE,
            "MAKE_BACKGROUND_TRANSPARENT": True,
            "OUTPUT": str(folder / "theirs.tif"),
        },
        "mmrisk:renderimagery": {**given, "PIXEL_SIZE": pixel_size, "OUTPUT": str(folder / "ours.tif")},
    }
    best = dict.fromkeys(calls, (float("inf"), float("inf")))
    for _ in range(repetitions):
        for algorithm, parameters in calls.items():
            best[algorithm] = tuple(map(min, best[algorithm], spent(algorithm, parameters)))
    (theirs, their_work), (ours, our_work) = best.values()
    sizes = [(folder / f"{who}.tif").stat().st_size / 1e6 for who in ("ours", "theirs")]
    print(
        f"{name:36s} MMRisk {ours:.3f} s ({sizes[0]:.0f} MB)   native:rasterize {theirs:.3f} s ({sizes[1]:.0f} MB)   "
        f"ratio {theirs / ours:.2f}   ratio of processor time {their_work / our_work:.2f}"
    )


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=9)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        kept = start_qgis(folder / "profile")
        imagery, roads, place = real_or_made_layers(folder)
        style_roads(roads)
        QgsProject.instance().setCrs(imagery.crs())
        QgsProject.instance().addMapLayers([imagery, roads])
        own = imagery.rasterUnitsPerPixelX()
        for name, layer, parts in (
            ("imagery, pixel by pixel", imagery, 1),
            ("imagery, three times finer", imagery, 3),
            ("roads in a style", roads, 3),
        ):
            pixel_size = own / parts
            columns, rows = (parts * TILE * max(1, count // TILE) for count in (imagery.width(), imagery.height()))
            left, top = imagery.extent().xMinimum(), imagery.extent().yMaximum()
            extent = f"{left!r},{left + columns * pixel_size!r},{top - rows * pixel_size!r},{top!r}"
            extent += f" [{imagery.crs().authid()}]"
            title = f"{place}: {name}"
            # A small picture is soon drawn, and soon disturbed by whatever else the computer does.
            repetitions = arguments.repetitions * (1 if parts > 1 else 3)
            compare(title, layer, extent, pixel_size, folder, repetitions)
        QgsProject.instance().clear()
        del kept


if __name__ == "__main__":
    main()
