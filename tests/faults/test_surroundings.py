"""Computers that are set up otherwise: decimal commas, names with spaces and letters of everywhere, wrong clocks."""

import os
import subprocess
from pathlib import Path

import pytest

from plugin.engine.environment.engine_environment import find_environment
from tests.faults.city import Feedback, files_in, job, read_figures

pytestmark = pytest.mark.slow
COUNT, LENGTH, MEAN = 0, 1, 5
HOME = "Zoë Müller & Söhne 家 (neu)"
FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


def whole_path(city, folder):
    """All of it in QGIS, with fractions in the numbers: tiles, attributes, labels, training, prediction."""
    folder.mkdir(parents=True, exist_ok=True)
    given = {"IMAGES": [city.imagery], "MODEL": folder / "model.safetensors"}
    return [
        (
            "mmrisk:createtiles",
            {"EXTENT": city.imagery, "TILE_SIZE": 150.5, "OUTPUT": folder / "tiles.gpkg"},
        ),
        (
            "mmrisk:joinattributes",
            {
                "TILES": folder / "tiles.gpkg",
                "INPUT": city.roads,
                "FIELDS": ["aadt"],
                "STATISTICS": [COUNT, LENGTH, MEAN],
                "PREFIX": "roads_",
                "OUTPUT": folder / "joined.gpkg",
            },
        ),
        (
            "mmrisk:labeltiles",
            {
                "TILES": folder / "joined.gpkg",
                "EVENTS": city.crashes,
                "THRESHOLD": 1,
                "OUTPUT": folder / "labelled.gpkg",
            },
        ),
        (
            "mmrisk:trainmodel",
            {
                **given,
                "TILES": folder / "labelled.gpkg",
                "LABEL": "label",
                "FEATURES": ["roads_length", "roads_aadt_mean"],
                "CONTEXT": "1,1.5",
                "BACKBONE": 4,
                "IMAGE_PIXELS": 32,
                "BLOCK_SIZE": 350.5,
                "LEARNING_RATE": 0.0015,
                "FOLDS": 3,
                "EPOCHS": 3,
                "REPORT": folder / "report.html",
            },
        ),
        ("mmrisk:predictrisk", {**given, "TILES": folder / "labelled.gpkg", "OUTPUT": folder / "risk.gpkg"}),
    ]


def at_once(qgis, city, folder):
    """What comes of it in one process."""
    *_, trained, _ = qgis.run_chain(*whole_path(city, folder))
    return trained["AUC"], read_figures(folder / "risk.gpkg")


def by_words(qgis, city, folder, labelled):
    """What comes of it where numbers with fractions are given as words of a command line.

    :param labelled: the tiles to train on, as others made them; those made here are predicted.
    """
    (tiles, its), *between, (training, options), predicting = whole_path(city, folder)
    trained = qgis.run(training, **{**options, "TILES": labelled})
    qgis.run(tiles, **its)
    qgis.run_chain(*between, predicting)
    return trained["AUC"], read_figures(folder / "risk.gpkg")


@pytest.fixture(scope="module")
def usual(city, cache, tmp_path_factory):
    """What a computer as we know it makes, and its labelled tiles."""
    from qgis_process import QgisProcess

    variables = {"OMP_NUM_THREADS": "1", "MMRISK_DEVICE": "cpu", "MMRISK_CACHE": str(cache)}
    qgis = QgisProcess(tmp_path_factory.mktemp("qgis") / "profile", variables=variables)
    folder = tmp_path_factory.mktemp("usual")
    return at_once(qgis, city, folder), folder / "labelled.gpkg"


@pytest.fixture(scope="module")
def german(tmp_path_factory):
    """Variables of a German computer, whose locale is made here."""
    folder = tmp_path_factory.mktemp("locales")
    made = subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", str(folder / "de_DE.UTF-8")], check=False)
    if made.returncode:
        pytest.skip("a German locale cannot be made: the package 'locales' is not there")
    variables = {"LOCPATH": str(folder), "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8", "LANGUAGE": "de"}
    ask = "import locale; locale.setlocale(locale.LC_ALL, ''); print(locale.str(1.5))"
    said = subprocess.run(
        ["/usr/bin/python3", "-c", ask], env={**os.environ, **variables}, capture_output=True, text=True
    )
    assert said.stdout.strip() == "1,5"
    return variables


def test_a_decimal_comma(new_qgis, german, usual, city, tmp_path, note):
    qgis = new_qgis(**german)
    settings = qgis.profile / "profiles" / "default" / "QGIS" / "QGIS3.ini"
    settings.parent.mkdir(exist_ok=True)
    with settings.open("a") as file:
        file.write("\n[locale]\nuserLocale=de_DE\nglobalLocale=de_DE\noverrideFlag=true\nshowGroupSeparator=true\n")
    assert "Kacheln" in qgis.call(["help", "mmrisk:createtiles"]).stdout
    figures, labelled = usual
    assert by_words(qgis, city, tmp_path / "out", labelled) == figures
    note("QGIS and system in German, with decimal comma", "", "the same figures to the last bit")


def test_a_home_with_spaces_and_letters_of_everywhere(new_qgis, usual, city, tmp_path, note):
    """QGIS's profile, the engine's environment, cache, temporary files, inputs and outputs are all in it."""
    home = tmp_path / HOME
    (home / ".local" / "share" / "mmrisk").mkdir(parents=True)
    (home / "tmp").mkdir()
    environments = find_environment().python.parents[2]
    (home / ".local" / "share" / "mmrisk" / "environments").symlink_to(environments)
    variables = {
        "HOME": home,
        "TMPDIR": home / "tmp",
        "MMRISK_CACHE": home / "cache",
        "XDG_DATA_HOME": "",
        "MMRISK_HOME": "",
    }
    qgis = new_qgis(home / "profile", **{name: str(value) for name, value in variables.items()})
    assert at_once(qgis, city, home / "Ergebnisse 1") == usual[0]
    assert not files_in(home / "tmp")
    note(f"the home folder is called '{HOME}'", "", "the same figures to the last bit")


@pytest.fixture(scope="module")
def clock(tmp_path_factory):
    """A file that says what time it is: a moment after @, or how far it is from the right one."""
    if FAKETIME is None:
        pytest.skip("the package 'faketime' is not there")
    return tmp_path_factory.mktemp("clock") / "setting"


@pytest.fixture(scope="module")
def client_by_clock(new_client, clock, tmp_path_factory):
    return new_client(
        LD_PRELOAD=str(FAKETIME),
        FAKETIME_TIMESTAMP_FILE=str(clock),
        FAKETIME_NO_CACHE="1",
        FAKETIME_DONT_FAKE_MONOTONIC="1",
        MMRISK_CACHE=str(tmp_path_factory.mktemp("cache")),
    )


@pytest.mark.parametrize("moment", ["1971-01-02 03:04:05", "2039-06-30 23:59:50"])
def test_a_clock_that_is_wrong(client_by_clock, clock, city, moment, tmp_path, note):
    clock.write_text(f"@{moment}")
    for verb in ("train", "predict"):
        parameters, output = job(city, verb, tmp_path)
        client_by_clock.run(verb, parameters, Feedback())
        assert output.is_file()
    manifest = client_by_clock.run("describe", {"model": str(tmp_path / "model.safetensors")}, Feedback())["manifest"]
    assert moment[:4] in str(manifest["provenance"])
    note(f"the clock says {moment}", "", "training and prediction work")


def test_a_clock_that_is_set_back(client_by_clock, clock, city, tmp_path, note):
    """By a day, while the engine is training."""
    for verb in ("train", "predict"):
        clock.write_text("+0")
        parameters, output = job(city, verb, tmp_path)
        client_by_clock.run(verb, parameters, Feedback(on_message=lambda message: clock.write_text("-1d")))
        assert output.is_file()
    note("the clock is set back by a day while the engine works", "", "training and prediction work")
