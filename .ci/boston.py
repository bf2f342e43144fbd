"""The whole path on the real data of Boston, through real QGIS; prints the figures that docs/boston.md quotes.

Writes risk layer, model, report, project and picture to build/boston/.
"""

import os
import shutil
from pathlib import Path

from qgis_process import ROOT, QgisProcess, draw_risk_map

EXTENT = "231986.5,233486.5,890771.5,893771.5 [EPSG:26986]"
FEATURES = ["roads_count", "roads_length", "junctions_count"]
COUNT, LENGTH = 0, 1


def run_chain(qgis: QgisProcess, boston: Path, folder: Path, **options: object) -> tuple:
    """Tiles of 150 m, attributes of roads and junctions, label 'at least one crash', training, prediction.

    ``options`` are of the training. Returns its outputs and those of the prediction.
    """
    vectors = boston / "vectors" / "boston.gpkg"
    imagery = boston / "imagery" / "boston_roslindale_mattapan.tif"
    given = {"IMAGES": [imagery], "MODEL": folder / "model.safetensors"}
    *_, trained, mapped = qgis.run_chain(
        ("mmrisk:createtiles", {"EXTENT": EXTENT, "TILE_SIZE": 150, "OUTPUT": folder / "tiles.gpkg"}),
        (
            "mmrisk:joinattributes",
            {
                "TILES": folder / "tiles.gpkg",
                "INPUT": f"{vectors}|layername=roads",
                "STATISTICS": [COUNT, LENGTH],
                "PREFIX": "roads_",
                "OUTPUT": folder / "roads.gpkg",
            },
        ),
        (
            "mmrisk:joinattributes",
            {
                "TILES": folder / "roads.gpkg",
                "INPUT": f"{vectors}|layername=intersections",
                "STATISTICS": [COUNT],
                "PREFIX": "junctions_",
                "OUTPUT": folder / "attributes.gpkg",
            },
        ),
        (
            "mmrisk:labeltiles",
            {
                "TILES": folder / "attributes.gpkg",
                "EVENTS": f"{vectors}|layername=crashes",
                "OUTPUT": folder / "labelled.gpkg",
            },
        ),
        (
            "mmrisk:trainmodel",
            {
                **given,
                "TILES": folder / "labelled.gpkg",
                "LABEL": "label",
                "FEATURES": FEATURES,
                "SEED": 1,
                "REPORT": folder / "report.html",
                **options,
            },
        ),
        ("mmrisk:predictrisk", {**given, "TILES": folder / "attributes.gpkg", "OUTPUT": folder / "risk.gpkg"}),
    )
    return trained, mapped


def main() -> None:
    boston = Path(os.environ.get("MMRISK_TEST_DATA", ROOT.parent / "shared" / "data")) / "boston"
    folder = ROOT / "build" / "boston"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    qgis = QgisProcess(ROOT / "build" / "boston-profile")
    trained, mapped = run_chain(qgis, boston, folder)
    draw_risk_map(
        qgis,
        imagery=boston / "imagery" / "boston_roslindale_mattapan.tif",
        roads=f"{boston / 'vectors' / 'boston.gpkg'}|layername=roads",
        risk=folder / "risk.gpkg",
        title="Risk of at least one recorded crash per tile of 150 m, Boston",
        note="200 tiles, 63 with a crash.\nClasses begin at the fifths\nof the risk that the model\ngave to unseen tiles.",
        folder=folder,
    )
    print("AUC {AUC:.3f} (95 % interval {AUC_LOW:.3f} to {AUC_HIGH:.3f})".format(**trained))
    print("average precision {AVERAGE_PRECISION:.3f}, Brier {BRIER:.3f}, ECE {ECE:.3f}".format(**trained))
    print(f"{mapped['TILE_COUNT']} tiles on {mapped['DEVICE_USED']}; see {folder}")


if __name__ == "__main__":
    main()
