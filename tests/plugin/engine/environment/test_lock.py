"""The lock between processes."""

import subprocess
import sys
import time

import pytest

from plugin.engine.environment.lock import exclusive_lock
from plugin.engine.errors import EngineEnvironmentCancelledError
from plugin.engine.paths import plugin_root

HOLDER = """
import sys, pathlib
from plugin.engine.environment.lock import exclusive_lock
with exclusive_lock(pathlib.Path(sys.argv[1]), lambda: None, lambda: False):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def lock(tmp_path):
    return tmp_path / "build.lock"


@pytest.fixture
def holder(lock):
    """Another process that holds the lock until it is told to go on."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(lock)],
        cwd=plugin_root(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline().strip() == "held"
        yield process
        process.kill()


def test_a_free_lock_is_taken_without_waiting(lock):
    with exclusive_lock(lock, lambda: pytest.fail("waited"), lambda: False):
        pass
    with exclusive_lock(lock, lambda: pytest.fail("waited"), lambda: False):
        pass


def test_waits_for_the_other_process_and_says_so_once(lock, holder):
    waits = []
    start = time.monotonic()

    def release_after_half_a_second():
        if waits and holder.poll() is None and time.monotonic() - start > 0.5 and not holder.stdin.closed:
            holder.stdin.close()
        return False

    with exclusive_lock(lock, lambda: waits.append("waiting"), release_after_half_a_second):
        assert holder.wait(10) == 0
    assert waits == ["waiting"]


def test_waiting_can_be_cancelled(lock, holder):
    with (
        pytest.raises(EngineEnvironmentCancelledError, match="another QGIS window"),
        exclusive_lock(lock, lambda: None, lambda: True),
    ):
        pytest.fail("took a lock that another process holds")


def test_the_lock_of_a_killed_process_is_free(lock, holder):
    holder.kill()
    holder.wait()
    with exclusive_lock(lock, lambda: pytest.fail("waited"), lambda: False):
        pass
