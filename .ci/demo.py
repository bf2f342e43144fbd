"""The whole path on the sample city, as a user would take it, through real QGIS without a window.

Ends with demo/risk.gpkg, demo/model.safetensors, demo/report.html, demo/risk.qgz and demo/risk.png.
"""

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / ".ci"))

from qgis_process import QgisProcess, draw_risk_map  # noqa: E402

from plugin.engine.environment.engine_environment import ensure_environment  # noqa: E402

DEMO = ROOT / "demo"
FEATURES = ["roads_count", "roads_length", "roads_aadt_mean", "zones_population_sum", "zones_density_mean"]
COUNT, LENGTH, SUM, MEAN = 0, 1, 4, 5


def main() -> None:
    start = time.monotonic()

    def say(message: str) -> None:
        print(f"[{time.monotonic() - start:5.0f} s] {message}", flush=True)

    ensure_environment(lambda _, message: say(message), lambda: False)
    DEMO.mkdir(exist_ok=True)
    qgis = QgisProcess(ROOT / "build" / "demo-profile")

    say("making the sample city")
    city = qgis.run("mmrisk:samplecity", FOLDER=DEMO / "city", SEED=1, SIZE=24)
    say("creating tiles")
    qgis.run("mmrisk:createtiles", EXTENT=city["IMAGERY"], TILE_SIZE=150, OUTPUT=DEMO / "tiles.gpkg")
    say("joining roads and zones")
    qgis.run(
        "mmrisk:joinattributes",
        TILES=DEMO / "tiles.gpkg",
        INPUT=city["ROADS"],
        FIELDS="aadt",
        STATISTICS=f"{COUNT},{LENGTH},{MEAN}",
        PREFIX="roads_",
        OUTPUT=DEMO / "tiles_roads.gpkg",
    )
    qgis.run(
        "mmrisk:joinattributes",
        TILES=DEMO / "tiles_roads.gpkg",
        INPUT=city["ZONES"],
        FIELDS=["population", "density"],
        STATISTICS=f"{SUM},{MEAN}",
        PREFIX="zones_",
        OUTPUT=DEMO / "tiles_attributes.gpkg",
    )
    say("labelling tiles by crashes")
    qgis.run(
        "mmrisk:labeltiles",
        TILES=DEMO / "tiles_attributes.gpkg",
        EVENTS=city["CRASHES"],
        THRESHOLD=1,
        OUTPUT=DEMO / "tiles_labelled.gpkg",
    )
    say("training and checking the model")
    trained = qgis.run(
        "mmrisk:trainmodel",
        TILES=DEMO / "tiles_labelled.gpkg",
        LABEL="label",
        FEATURES=FEATURES,
        IMAGES=city["IMAGERY"],
        SEED=1,
        MODEL=DEMO / "model.safetensors",
        REPORT=DEMO / "report.html",
    )
    say("AUC {AUC:.3f} (95 % interval {AUC_LOW:.3f} to {AUC_HIGH:.3f}) on places not seen".format(**trained))
    say("mapping the risk of the whole city")
    mapped = qgis.run(
        "mmrisk:predictrisk",
        TILES=DEMO / "tiles_attributes.gpkg",
        IMAGES=city["IMAGERY"],
        MODEL=DEMO / "model.safetensors",
        OUTPUT=DEMO / "risk.gpkg",
    )
    say(f"{mapped['TILE_COUNT']} tiles on {mapped['DEVICE_USED']}")
    draw_risk_map(
        qgis,
        imagery=city["IMAGERY"],
        roads=city["ROADS"],
        risk=DEMO / "risk.gpkg",
        title="Risk of at least one crash per tile of 150 m: the sample city, and what the model says of it",
        note="Synthetic data. Classes begin at\nthe fifths of the risk that the\nmodel gave to unseen tiles.",
        folder=DEMO,
    )
    say("done")
    for name, what in {
        "risk.gpkg": "the risk layer; it opens styled",
        "model.safetensors": "the model",
        "report.html": "how good the model is",
        "risk.qgz": "a QGIS project with all layers",
        "risk.png": "a picture of the map",
    }.items():
        print(f"  {DEMO / name}: {what}")


if __name__ == "__main__":
    main()
