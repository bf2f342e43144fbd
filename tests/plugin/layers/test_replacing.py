"""Files that come in the place of earlier ones: with their journals and indexes, and with somebody still writing to them.

What the plugin does for sinks and the engine for its outputs is held to the same.
"""

import contextlib
import importlib.util
import sqlite3
import subprocess
import sys

import pytest

ROWS = 200


@pytest.fixture(params=["plugin", "engine"])
def replacing(request, qgis_application, monkeypatch):
    """The two that replace files, and the exception in which each has its sentences."""
    if request.param == "plugin":
        from qgis.core import QgsProcessingException

        from plugin.layers import replacing

        return replacing.require_unlocked, replacing.put_in_place, QgsProcessingException
    from plugin.engine.paths import plugin_root

    def loaded(name):
        spec = importlib.util.spec_from_file_location(
            f"mmrisk_core.{name}", plugin_root() / "mmrisk_core" / f"{name}.py"
        )
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    # Nothing else of the engine can be imported here, nor has to be.
    monkeypatch.setitem(sys.modules, "mmrisk_core.errors", loaded("errors"))
    engine = loaded("replacing")
    return (
        engine.require_unlocked,
        lambda parts, path: engine.put_in_place(list(parts.items()), path),
        sys.modules["mmrisk_core.errors"].MMRiskError,
    )


def rows_of(path):
    with contextlib.closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [row[0] for row in database.execute("SELECT name FROM tiles ORDER BY id")]


def database(path, name, mode="DELETE"):
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as made:
        made.execute(f"PRAGMA journal_mode={mode}")
        made.execute("CREATE TABLE tiles (id INTEGER PRIMARY KEY, name TEXT)")
        made.executemany("INSERT INTO tiles (name) VALUES (?)", [(name,)] * ROWS)
    return path


WRITER = """
import sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA journal_mode=" + sys.argv[2])
database.execute("PRAGMA cache_size=1")
database.execute("PRAGMA wal_autocheckpoint=0")
database.execute("BEGIN IMMEDIATE")
database.executemany("INSERT INTO tiles (name) VALUES (?)", [("late" * 500,)] * 500)
if sys.argv[3] == "committed":
    database.execute("COMMIT")
print("ready", flush=True)
time.sleep(600)
"""


@contextlib.contextmanager
def writer(path, mode, state):
    """Another program that has written to a database, and has not closed it."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), mode, state], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def beside(path):
    return sorted(file.name for file in path.parent.iterdir())


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_while_another_program_writes_it_is_refused(replacing, tmp_path, mode):
    require_unlocked, put_in_place, error = replacing
    path, new = database(tmp_path / "risk.gpkg", "old", mode), database(tmp_path / "new.gpkg", "new")
    with writer(path, mode, "writing"):
        for attempt in (lambda: require_unlocked(path), lambda: put_in_place({new: path}, path)):
            with pytest.raises(error, match=r"Another program is writing to risk\.gpkg\. .* choose another name"):
                attempt()
        assert new.exists()
    assert rows_of(path) == ["old"] * ROWS


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
@pytest.mark.parametrize("state", ["writing", "committed"])
def test_what_a_killed_program_left_is_not_read_into_the_new_file(replacing, tmp_path, mode, state):
    _, put_in_place, _ = replacing
    path, new = database(tmp_path / "risk.gpkg", "old", mode), database(tmp_path / "new.gpkg", "new")
    with writer(path, mode, state):
        left = [file for file in beside(path) if file.startswith("risk.gpkg-")]
        assert left or (mode, state) == ("DELETE", "committed")
    put_in_place({new: path}, path)
    assert beside(path) == ["risk.gpkg"]
    assert rows_of(path) == ["new"] * ROWS


@pytest.mark.parametrize("state", ["idle", "after"])
def test_one_that_only_has_it_open_does_not_mix_with_it(replacing, tmp_path, state):
    """As QGIS has, that shows the layer."""
    _, put_in_place, _ = replacing
    path, new = database(tmp_path / "risk.gpkg", "old", "WAL"), database(tmp_path / "new.gpkg", "new")
    with writer(path, "WAL", "committed") as other:
        put_in_place({new: path}, path)
        assert rows_of(path) == ["new"] * ROWS
        if state == "after":
            other.terminate()
            other.wait()
    assert rows_of(path) == ["new"] * ROWS
    assert beside(path) == ["risk.gpkg"]


def test_what_the_journals_hold_is_kept_until_then(replacing, tmp_path):
    """Who looks whether a file may be replaced loses nothing of it."""
    require_unlocked, *_ = replacing
    path = database(tmp_path / "risk.gpkg", "old", "WAL")
    with writer(path, "WAL", "committed"):
        pass
    require_unlocked(path)
    assert len(rows_of(path)) == ROWS + 500


@pytest.mark.parametrize("content", [b"", b"no database " * 1000])
def test_what_is_no_database_is_replaced(replacing, tmp_path, content):
    _, put_in_place, _ = replacing
    path, new = tmp_path / "risk.gpkg", database(tmp_path / "new.gpkg", "new")
    path.write_bytes(content)
    for end in ("-journal", "-wal", "-shm"):
        (tmp_path / f"risk.gpkg{end}").write_bytes(b"left" * 100)
    put_in_place({new: path}, path)
    assert rows_of(path) == ["new"] * ROWS
    assert beside(path) == ["risk.gpkg"]


@pytest.mark.parametrize(
    ("name", "belongings", "others"),
    [
        ("risk.shp", ["risk.qix", "risk.sbn", "risk.prj", "risk.cpg"], ["risk.qml", "risk.tif", "risks.qix"]),
        (
            "mask.tif",
            ["mask.tif.ovr", "mask.tif.msk", "mask.tif.aux.xml"],
            ["mask.qml", "mask.tfw.txt", "other.tif.ovr"],
        ),
    ],
)
def test_indexes_and_overviews_of_the_earlier_file_go_with_it(replacing, tmp_path, name, belongings, others):
    _, put_in_place, _ = replacing
    for file in (name, *belongings, *others):
        (tmp_path / file).write_text("old")
    folder = tmp_path / "new"
    folder.mkdir()
    brought = [name, belongings[-1]]
    for file in brought:
        (folder / file).write_text("new")
    put_in_place({folder / file: tmp_path / file for file in brought}, tmp_path / name)
    folder.rmdir()
    assert beside(tmp_path / name) == sorted([*brought, *others])
    assert {(tmp_path / file).read_text() for file in brought} == {"new"}
    assert {(tmp_path / file).read_text() for file in others} == {"old"}


def test_a_file_that_cannot_be_replaced_stays_with_all_that_is_its(replacing, tmp_path):
    _, put_in_place, error = replacing
    path, new = tmp_path / "risk.shp", tmp_path / "new.shp"
    path.mkdir()
    (tmp_path / "risk.qix").touch()
    new.touch()
    with pytest.raises((error, OSError)):
        put_in_place({new: path}, path)
    assert beside(path) == ["new.shp", "risk.qix", "risk.shp"]
