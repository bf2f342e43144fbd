"""Jobs in real engine processes to which something happens, and the table of what came of it."""

import contextlib
import re
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / ".ci"), str(ROOT / "tests" / "end_to_end")]

from qgis_process import QgisProcess  # noqa: E402

from plugin.engine.client import EngineClient  # noqa: E402
from plugin.engine.environment.engine_environment import find_environment  # noqa: E402
from plugin.engine.paths import plugin_root  # noqa: E402
from tests.plugin.conftest import pytest_unconfigure, qgis_application  # noqa: E402, F401

ROWS = ROOT / "build" / "faults"
TABLE = ROOT / "build" / "faults.md"
HEAD = "| Fault | Outcome: what the user reads | Then |\n|---|---|---|\n"
CITY_TILES = 8
WRITERS = (
    "sample",
    "tiles",
    "join",
    "label",
    "train",
    "evaluate",
    "predict",
    "explain",
    "roads-train",
    "roads-extract",
)
"""All jobs that write an output."""


def pytest_sessionfinish(session, exitstatus):
    session.config.exit_status = int(exitstatus)
    rows = [file.read_text(encoding="utf-8") for file in sorted(ROWS.glob("*.md"))]
    # Of several processes that share the tests, the first has no such thing.
    if rows and not hasattr(session.config, "workerinput"):
        TABLE.write_text(HEAD + "".join(rows), encoding="utf-8")


@pytest.fixture
def note(request, tmp_path):
    """Keep a line of the table, once the test has seen it hold; the paths of this run are left out."""

    def write(fault, sentence, then="the next run works"):
        plain = str(sentence).replace(str(tmp_path), "…").replace("|", "/").replace("\n", " ")
        plain = re.sub(r"/tmp/\S*?/(?=[\w.]+[ .,(])", "…/", plain)
        name = re.sub(r"\W+", "_", request.node.nodeid)
        ROWS.mkdir(parents=True, exist_ok=True)
        (ROWS / f"{name}.md").write_text(f"| {fault} | {plain or '–'} | {then} |\n", encoding="utf-8")

    return write


@dataclass
class Feedback:
    """Keeps what it is told, and does something at a message."""

    on_message: object = lambda message: None
    messages: list = field(default_factory=list)
    logs: list = field(default_factory=list)
    cancelled: bool = False

    def report(self, fraction, message):
        if message:
            self.messages.append(message)
            self.on_message(message)

    def log(self, message):
        self.logs.append(message)

    def trained(self, epoch):
        pass

    def is_cancelled(self):
        return self.cancelled


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def new_client(cache):
    """Make a client of an engine of its own; all are stopped in the end."""
    clients = []

    def make(**variables):
        environment = {"OMP_NUM_THREADS": "1", "MMRISK_DEVICE": "cpu", "MMRISK_CACHE": str(cache), **variables}
        clients.append(EngineClient(find_environment().python, plugin_root(), environment))
        return clients[-1]

    yield make
    for client in clients:
        client.stop()


@pytest.fixture(scope="session")
def client(new_client):
    return new_client()


@pytest.fixture
def new_qgis(cache, tmp_path_factory):
    """Make a qgis_process with the plugin in a profile of its own, with these variables beside the usual ones."""

    def make(profile=None, **variables):
        own = {"OMP_NUM_THREADS": "1", "MMRISK_DEVICE": "cpu", "MMRISK_CACHE": str(cache), **variables}
        return QgisProcess(profile or tmp_path_factory.mktemp("qgis") / "profile", variables=own)

    return make


@pytest.fixture
def mount_disk(tmp_path):
    """Mount a disk in memory with these options of mount; the rights of a folder would not stop root."""
    folder, mounted = tmp_path / "disk", []

    def mount(options):
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        if subprocess.run(command, check=False).returncode:
            pytest.skip("a disk can only be mounted by root")
        mounted.append(folder)
        return folder

    yield mount
    for disk in mounted:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def wait_for(condition, seconds=30):
    """What ``condition()`` gives, once that is something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s in vain")


def files_in(folder):
    return sorted(str(file.relative_to(folder)) for file in Path(folder).rglob("*") if file.is_file())


@dataclass(frozen=True)
class City:
    """A sample city with the files of every step, made by the engine itself."""

    folder: Path
    imagery: str
    roads: str
    crashes: str

    def file(self, name):
        return str(self.folder / name)


@pytest.fixture(scope="session")
def city(client, tmp_path_factory):
    folder = tmp_path_factory.mktemp("city")
    made = client.run("sample", {"folder": str(folder), "seed": 3, "size": CITY_TILES}, Feedback())
    city = City(folder, made["imagery"], made["roads"], made["crashes"])
    for verb in ("tiles", "join", "label", "train", "predict", "roads-train"):
        parameters, output = job(city, verb, folder)
        client.run(verb, parameters, Feedback())
        assert output.is_file()
    return city


def job(city, verb, folder):
    """The parameters of a job that reads the city's files and writes into ``folder``, and its output."""
    data = {"tiles": city.file("labelled.gpkg"), "images": [city.imagery], "model": city.file("model.safetensors")}
    if verb == "sample":
        return {"folder": str(folder / "sample"), "seed": 4, "size": 8}, folder / "sample" / "imagery.tif"
    wanted, name = {
        "tiles": (
            {"extent": [600000.0, 4400000.0, 601200.0, 4401200.0], "crs": "EPSG:32619", "tile_size": 150.0},
            "tiles.gpkg",
        ),
        "join": (
            {"tiles": city.file("tiles.gpkg"), "input": city.roads, "fields": ["aadt"], "statistics": ["length", "mean"],
             "prefix": "roads_"},
            "joined.gpkg",
        ),
        "label": ({"tiles": city.file("joined.gpkg"), "events": city.crashes}, "labelled.gpkg"),
        "train": (
            {"tiles": data["tiles"], "images": data["images"], "features": ["roads_length", "roads_aadt_mean"],
             "backbone": "rcf", "image_pixels": 32, "folds": 3, "epochs": 3, "model": str(folder / "model.safetensors"),
             "report": str(folder / "report.html")},
            "model.safetensors",
        ),
        "evaluate": ({**data, "report": str(folder / "evaluation.html")}, "evaluation.html"),
        "predict": ({**data}, "risk.gpkg"),
        "explain": ({**data, "saliency": str(folder / "saliency.tif")}, "reasons.gpkg"),
        "roads-train": (
            {"images": data["images"], "roads": city.roads, "pixel_size": 9.0, "backbone": "plain", "epochs": 1,
             "model": str(folder / "roads.safetensors")},
            "roads.safetensors",
        ),
        "roads-extract": ({"image": city.imagery, "model": city.file("roads.safetensors")}, "mask.tif"),
    }[verb]  # fmt: skip
    output = folder / name
    key = {"train": "model", "roads-train": "model", "evaluate": "report"}.get(verb, "output")
    return {**wanted, key: str(output)}, output


def read_figures(layer):
    """Risk and interval of each tile of a risk layer in a GeoPackage, one after the other."""
    with contextlib.closing(sqlite3.connect(layer)) as database:
        (table,) = database.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features'").fetchone()
        rows = database.execute(f'SELECT risk, risk_low, risk_high FROM "{table}" ORDER BY tile_id').fetchall()
    return [value for row in rows for value in row]


def phase(message):
    """A message without its numbers: what the engine is about, and not how far it is."""
    return re.sub(r"\d[\d,.]*( of \d[\d,.]*)?", "…", message)
