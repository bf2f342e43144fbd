"""The zip that users install, in an empty profile, and nothing else of this repository."""

import os
import sqlite3
import zipfile
from pathlib import Path

import pytest
from package import write_zip
from qgis_process import QgisProcess

from plugin.engine.environment.engine_environment import find_environment
from tests.end_to_end.qgis_window import Window

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """The zip; the matrix brings one, as there is no git in its roots."""
    given = os.environ.get("MMRISK_ZIP")
    return Path(given) if given else write_zip(tmp_path_factory.mktemp("zip") / "mmrisk.zip")


def test_the_zip_installs_into_an_empty_profile_and_works(archive, tmp_path):
    with zipfile.ZipFile(archive) as files:
        assert {name.split("/")[0] for name in files.namelist()} == {"mmrisk"}
    qgis = QgisProcess(tmp_path / "profile", archive)
    installed = qgis.profile / "profiles" / "default" / "python" / "plugins" / "mmrisk"
    assert installed.is_dir()
    assert not installed.is_symlink()

    city, labelled, model = tmp_path / "city", tmp_path / "labelled.gpkg", tmp_path / "model.safetensors"
    grid = {"EXTENT": city / "imagery.tif", "TILE_SIZE": 150, "OUTPUT": tmp_path / "tiles.gpkg"}
    roads = {"INPUT": city / "roads.gpkg", "STATISTICS": [0, 1], "PREFIX": "roads_"}
    training = {"LABEL": "label", "FEATURES": ["roads_count", "roads_length"], "FOLDS": 2, "EPOCHS": 2}
    _, tiles, _, _, _, _, risk = qgis.run_chain(
        ("mmrisk:samplecity", {"FOLDER": city, "SEED": 3, "SIZE": 10}),
        ("mmrisk:createtiles", grid),
        ("mmrisk:joinattributes", {"TILES": grid["OUTPUT"], **roads, "OUTPUT": tmp_path / "attributes.gpkg"}),
        (
            "mmrisk:labeltiles",
            {"TILES": tmp_path / "attributes.gpkg", "EVENTS": city / "crashes.gpkg", "OUTPUT": labelled},
        ),
        ("mmrisk:trainmodel", {"TILES": labelled, **training, "MODEL": model, "REPORT": tmp_path / "report.html"}),
        ("mmrisk:describemodel", {"MODEL": model, "HTML": tmp_path / "card.html"}),
        ("mmrisk:predictrisk", {"TILES": labelled, "MODEL": model, "OUTPUT": tmp_path / "risk.gpkg"}),
    )
    assert tiles["TILE_COUNT"] == 100
    assert "roads_length" in (tmp_path / "card.html").read_text(encoding="utf-8")
    assert risk["TILE_COUNT"] == 100
    with sqlite3.connect(tmp_path / "risk.gpkg") as database:
        (table,) = database.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features'").fetchone()
        lowest, highest = database.execute(f'SELECT min(risk), max(risk) FROM "{table}"').fetchone()
    assert 0 <= lowest < highest <= 1


def test_tutorial_from_an_empty_profile_and_the_zip(archive, tmp_path):
    """Only the engine's environment is there already: to make it takes 7 GB and minutes, and is tested by itself."""
    home = tmp_path / "home"
    home.mkdir()
    there = find_environment().python.parents[2]
    (home / "environments").symlink_to(there)
    window = Window(
        None,
        tmp_path,
        tmp_path,
        "inside_tutorial.py",
        MMRISK_HOME=str(home),
        MMRISK_CACHE=str(tmp_path / "cache"),
        MMRISK_WINDOW_ZIP=str(archive),
    )
    try:
        window.wait_for_success(900)
    finally:
        window.kill()
