"""No job opens a connection or listens on a port, whatever it does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from plugin.engine.paths import plugin_root
from tests.faults.city import WRITERS, Feedback, job

pytestmark = pytest.mark.slow
AUDITED = Path(__file__).parent / "audited"
"""A ``sitecustomize`` that writes down what is asked of the network."""


def test_what_is_asked_of_the_network_is_written_down(tmp_path):
    file = tmp_path / "asked.txt"
    environment = {**os.environ, "PYTHONPATH": str(AUDITED), "MMRISK_AUDIT": str(file)}
    asking = "import socket; socket.socket().connect_ex(('127.0.0.1', 9))"
    subprocess.run([sys.executable, "-c", asking], env=environment, check=True)
    assert "socket.connect ('127.0.0.1', 9)" in file.read_text()


def test_no_job_opens_a_connection(new_client, city, tmp_path, note):
    file = tmp_path / "asked.txt"
    path = os.pathsep.join([str(AUDITED), str(plugin_root())])
    client = new_client(PYTHONPATH=path, MMRISK_AUDIT=str(file), MMRISK_CACHE=str(tmp_path / "cache"))
    for verb in WRITERS:
        (tmp_path / verb / "sample").mkdir(parents=True)
        client.run(verb, job(city, verb, tmp_path / verb)[0], Feedback())
    client.run("doctor", {}, Feedback())
    assert not file.exists(), file.read_text()
    note("every job, under Python's audit hooks", "", "no connection is opened, no port listened on")
