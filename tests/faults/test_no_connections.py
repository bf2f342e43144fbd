"""No job opens a connection or listens on a port, whatever it does."""

import os
import subprocess
import sys

import pytest

from tests.faults.city import Feedback, job
from tests.faults.conftest import AUDITED

pytestmark = pytest.mark.slow


def test_what_is_asked_of_the_network_is_written_down(tmp_path):
    file = tmp_path / "asked.txt"
    environment = {**os.environ, "PYTHONPATH": str(AUDITED), "MMRISK_AUDIT": str(file)}
    asking = "import socket; socket.socket().connect_ex(('127.0.0.1', 9))"
    subprocess.run([sys.executable, "-c", asking], env=environment, check=True)
    assert "socket.connect ('127.0.0.1', 9)" in file.read_text()


def test_no_job_opens_a_connection(client, city, asked, tmp_path, note):
    """The engine that has made the city has done the other jobs."""
    for verb in ("evaluate", "explain", "roads-extract", "map"):
        (tmp_path / verb).mkdir()
        client.run(verb, job(city, verb, tmp_path / verb)[0], Feedback())
    client.run("doctor", {}, Feedback())
    assert client.variables["MMRISK_AUDIT"] == str(asked)
    assert not asked.exists(), asked.read_text()
    note("every job, under Python's audit hooks", "", "no connection is opened, no port listened on")
