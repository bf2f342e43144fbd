"""Long commands: output, cancel, stall."""

import os
import sys

import pytest

from plugin.engine.environment.watched_process import ProcessCancelledError, ProcessStalledError, run_watched


@pytest.fixture
def run(tmp_path):
    """Run a piece of Python with the usual settings; the folder that may grow is the test's."""

    def run_code(code, cancelled=lambda: False, on_line=lambda line: None, stall_seconds=60.0):
        return run_watched(
            [sys.executable, "-u", "-c", code],
            environment=dict(os.environ),
            working_folder=tmp_path,
            on_line=on_line,
            cancelled=cancelled,
            growing_folders=[tmp_path],
            stall_seconds=stall_seconds,
        )

    return run_code


def test_lines_are_passed_on_as_they_come(run):
    lines = []
    code = "import sys; print('eins\\n\\nzwei'); print('drei', file=sys.stderr); sys.exit(3)"
    finished = run(code, on_line=lines.append)
    assert lines == ["eins", "zwei", "drei"]
    assert (finished.exit_code, finished.last_lines) == (3, ("eins", "zwei", "drei"))


def test_cancel_ends_the_process(run):
    lines = []
    code = "import time; print('started'); time.sleep(600)"
    with pytest.raises(ProcessCancelledError):
        run(code, cancelled=lambda: bool(lines), on_line=lines.append)


def test_an_error_of_the_caller_ends_the_process(run):
    def fail(line):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run("import time; print('started'); time.sleep(600)", on_line=fail)


def test_silence_is_a_stall(run):
    with pytest.raises(ProcessStalledError):
        run("import time; time.sleep(600)", stall_seconds=0.8)


@pytest.mark.slow
def test_a_growing_file_is_a_sign_of_life(run):
    code = """
import time
with open("download", "wb", buffering=0) as file:
    for _ in range(24):
        file.write(b"x" * 100)
        time.sleep(0.25)
"""
    assert run(code, stall_seconds=4).exit_code == 0


def test_a_missing_program_is_an_os_error(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        run_watched(
            [str(tmp_path / "nothing")],
            environment={},
            working_folder=tmp_path,
            on_line=lambda line: None,
            cancelled=lambda: False,
            growing_folders=[],
            stall_seconds=1,
        )
