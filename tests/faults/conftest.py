"""Jobs in real engine processes to which something happens, and the table of what came of it."""

import itertools
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / ".ci"))

from qgis_process import QgisProcess  # noqa: E402

from plugin.engine.client import EngineClient  # noqa: E402
from plugin.engine.environment.engine_environment import find_environment  # noqa: E402
from plugin.engine.paths import plugin_root  # noqa: E402
from tests.faults.city import City, Feedback, job  # noqa: E402
from tests.plugin.conftest import pytest_unconfigure, qgis_application  # noqa: E402, F401

ROWS = ROOT / "build" / "faults"
TABLE = ROOT / "build" / "faults.md"
HEAD = "| Fault | Outcome: what the user reads | Then |\n|---|---|---|\n"
CITY_TILES = 8
AUDITED = Path(__file__).parent / "audited"
"""A ``sitecustomize`` that writes down what is asked of the network."""


def pytest_sessionfinish(session, exitstatus):
    session.config.exit_status = int(exitstatus)
    rows = [file.read_text(encoding="utf-8") for file in sorted(ROWS.glob("*.md"))]
    # Of several processes that share the tests, the first has no such thing.
    if rows and not hasattr(session.config, "workerinput"):
        TABLE.write_text(HEAD + "".join(rows), encoding="utf-8")


@pytest.fixture
def note(request, tmp_path):
    """Keep a line of the table, once the test has seen it hold; the paths of this run are left out."""
    numbers = itertools.count()

    def write(fault, sentence, then="the next run works"):
        plain = str(sentence).replace(str(tmp_path), "…").replace("|", "/").replace("\n", " ")
        plain = re.sub(r"/tmp/\S*?/(?=[\w.]+[ .,(])", "…/", plain)
        name = re.sub(r"\W+", "_", f"{request.node.nodeid} {next(numbers)}")
        ROWS.mkdir(parents=True, exist_ok=True)
        (ROWS / f"{name}.md").write_text(f"| {fault} | {plain or '–'} | {then} |\n", encoding="utf-8")

    return write


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
def asked(tmp_path_factory):
    """What the client's engine has asked of the network, a line each; the file is there once it has."""
    return tmp_path_factory.mktemp("audit") / "asked.txt"


@pytest.fixture(scope="session")
def client(new_client, asked):
    path = os.pathsep.join([str(AUDITED), str(plugin_root())])
    return new_client(PYTHONPATH=path, MMRISK_AUDIT=str(asked))


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
