"""QGIS itself killed, twice there at once, and without room for its output, while the engine works."""

import contextlib
import random
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from tests.end_to_end.qgis_window import is_running
from tests.faults.city import files_in, read_figures, wait_for

pytestmark = pytest.mark.slow
KILLS = 3
FEATURES = ["roads_length", "roads_aadt_mean"]


def training(city, folder):
    return {
        "TILES": city.file("labelled.gpkg"),
        "LABEL": "label",
        "FEATURES": FEATURES,
        "IMAGES": [city.imagery],
        "BACKBONE": 4,
        "IMAGE_PIXELS": 32,
        "FOLDS": 3,
        "EPOCHS": 3,
        "MODEL": folder / "model.safetensors",
        "REPORT": folder / "report.html",
    }


def children_of(process_id):
    lists = Path(f"/proc/{process_id}/task").glob("*/children")
    return [int(number) for text in lists for number in text.read_text().split()]


def test_qgis_is_killed_while_the_engine_works(new_qgis, city, tmp_path, note):
    qgis = new_qgis()
    process = qgis.start("mmrisk:trainmodel", **training(city, tmp_path))
    for line in process.stdout:
        if "Computing on" in line:
            break
    (engine,) = children_of(process.pid)
    assert is_running(engine)
    process.send_signal(signal.SIGKILL)
    process.wait()
    wait_for(lambda: not is_running(engine), 15)
    assert not list(tmp_path.iterdir())
    qgis.run("mmrisk:trainmodel", **training(city, tmp_path))
    assert files_in(tmp_path) == ["model.safetensors", "report.html"]
    note("QGIS is killed while the engine trains", "", "the engine ends by itself, no file is left; the next run works")


def test_two_qgis_share_environment_and_cache(new_qgis, city, tmp_path, note):
    """Both begin with an empty cache and make the same things in it at the same time."""
    cache = tmp_path / "cache"
    outputs, running = [tmp_path / "a", tmp_path / "b"], []
    for output in outputs:
        output.mkdir()
        trained = training(city, output)
        wanted = {name: trained[name] for name in ("TILES", "IMAGES", "MODEL")}
        steps = ("mmrisk:trainmodel", trained), ("mmrisk:predictrisk", {**wanted, "OUTPUT": output / "risk.gpkg"})
        running.append(new_qgis(MMRISK_CACHE=str(cache)).start_chain(*steps))
    said = [process.communicate(timeout=300)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    figures = [read_figures(output / "risk.gpkg") for output in outputs]
    assert figures[0] == figures[1]
    note("two QGIS train and predict the same at once", "", "both finish, with the same figures to the last bit")


def test_qgis_has_no_room_for_the_output(new_qgis, mount_disk, tmp_path, note):
    """The engine has done its work in QGIS's temporary folder, and QGIS copies it."""
    qgis, small_disk = new_qgis(), mount_disk("size=300k")
    wanted = {"EXTENT": "600000,609000,4400000,4409000 [EPSG:32619]", "TILE_SIZE": 150}
    options = [f"--{key}={value}" for key, value in wanted.items()]
    names = ("tiles.gpkg", "tiles.shp", "tiles.geojson")
    sentences = {}
    for name in names:
        failed = qgis.call(["--json", "run", "mmrisk:createtiles", *options, f"--OUTPUT={small_disk / name}"])
        assert failed.returncode != 0, name
        said = failed.stdout + failed.stderr
        sentences[name] = next(line.strip() for line in said.splitlines() if "disk" in line and name in line)
        assert list(small_disk.iterdir()) == []
    elsewhere = qgis.run_chain(*(("mmrisk:createtiles", {**wanted, "OUTPUT": tmp_path / name}) for name in names))
    assert [made["TILE_COUNT"] for made in elsewhere] == [3600] * len(names)
    for name, sentence in sentences.items():
        note(f"QGIS copies {name} to a full disk", sentence, "nothing is left on the disk; elsewhere it works")


def test_qgis_is_killed_while_it_writes(new_qgis, tmp_path, note):
    """At random moments of the copy into the output, with an earlier one in place."""
    qgis, wanted = new_qgis(), {"EXTENT": "600000,603000,4400000,4403000 [EPSG:32619]", "TILE_SIZE": 5}
    output = tmp_path / "tiles.gpkg"
    output.write_bytes(b"of last year")
    copied = []
    for seconds in random.Random(2).choices([number / 20 for number in range(60)], k=KILLS):
        process = qgis.start("mmrisk:createtiles", **wanted, OUTPUT=output)
        # As soon as there is something beside the output, it is being copied.
        wait_for(lambda process=process: list(tmp_path.glob(".mmrisk-*/*")) or process.poll() is not None, 120)
        time.sleep(seconds)
        process.kill()
        process.wait()
        process.stdout.close()
        copied.append(bool(list(tmp_path.glob(".mmrisk-*"))))
        assert output.read_bytes() == b"of last year" or rows_of(output) == 600 * 600
        assert not [name for name in files_in(tmp_path) if not name.startswith(".mmrisk-") and name != output.name]
    assert any(copied)
    qgis.run("mmrisk:createtiles", **{**wanted, "TILE_SIZE": 150}, OUTPUT=output)
    assert [file.name for file in tmp_path.iterdir()] == [output.name]
    assert rows_of(output) == 400
    note(
        f"QGIS is killed at {KILLS} random moments while it writes its output",
        "",
        "what had the name is as it was, or the new one is whole; the next run removes what is left beside it",
    )


def rows_of(file):
    with contextlib.closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA quick_check").fetchone() == ("ok",)
        return database.execute("SELECT count(*) FROM tiles").fetchone()[0]
