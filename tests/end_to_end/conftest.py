"""Real QGIS programs with the plugin in an isolated profile, and a small labelled area to work on."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / ".ci"))

from qgis_process import QgisProcess  # noqa: E402

COUNT, LENGTH, MEAN = 0, 1, 5


@pytest.fixture(scope="session")
def qgis(tmp_path_factory):
    """qgis_process with the plugin enabled."""
    # The engine's cache of embeddings; the user's own is left alone.
    os.environ["MMRISK_CACHE"] = str(tmp_path_factory.mktemp("cache"))
    return QgisProcess(tmp_path_factory.mktemp("qgis") / "profile")


@pytest.fixture(scope="session")
def boston():
    """The folder with the real data of Boston."""
    folder = Path(os.environ.get("MMRISK_TEST_DATA", ROOT.parent / "shared" / "data")) / "boston"
    if not folder.is_dir():
        pytest.skip(f"the real data is not at {folder}; set MMRISK_TEST_DATA to the folder that holds 'boston'")
    return folder


@pytest.fixture(scope="session")
def sample(qgis, tmp_path_factory):
    """A small sample city with labelled tiles and a model, made by qgis_process."""
    folder = tmp_path_factory.mktemp("sample")
    city = {name.upper(): folder / "city" / f"{name}.gpkg" for name in ("roads", "zones", "crashes")}
    city["IMAGERY"] = folder / "city" / "imagery.tif"
    *_, trained = qgis.run_chain(
        ("mmrisk:samplecity", {"FOLDER": folder / "city", "SEED": 3, "SIZE": 12}),
        ("mmrisk:createtiles", {"EXTENT": city["IMAGERY"], "TILE_SIZE": 150, "OUTPUT": folder / "tiles.gpkg"}),
        (
            "mmrisk:joinattributes",
            {
                "TILES": folder / "tiles.gpkg",
                "INPUT": city["ROADS"],
                "FIELDS": ["aadt"],
                "STATISTICS": [COUNT, LENGTH, MEAN],
                "PREFIX": "roads_",
                "OUTPUT": folder / "attributes.gpkg",
            },
        ),
        (
            "mmrisk:labeltiles",
            {"TILES": folder / "attributes.gpkg", "EVENTS": city["CRASHES"], "OUTPUT": folder / "labelled.gpkg"},
        ),
        (
            "mmrisk:trainmodel",
            {
                "TILES": folder / "labelled.gpkg",
                "LABEL": "label",
                "FEATURES": ["roads_count", "roads_length", "roads_aadt_mean"],
                "IMAGES": [city["IMAGERY"]],
                "IMAGE_PIXELS": 64,
                "FOLDS": 3,
                "EPOCHS": 15,
                "SEED": 1,
                "MODEL": folder / "model.safetensors",
                "REPORT": folder / "report.html",
            },
        ),
    )
    return {**city, **trained, "folder": folder}


@pytest.fixture(scope="session")
def root():
    """The repository."""
    return ROOT
