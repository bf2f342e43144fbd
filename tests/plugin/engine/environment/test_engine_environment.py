"""Real, small environments: built, found, shared, cancelled and repaired, in a folder with spaces and accents."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from plugin.engine.environment import engine_environment
from plugin.engine.environment.engine_environment import (
    EngineEnvironmentCancelledError,
    EngineEnvironmentError,
    ensure_environment,
    find_environment,
    verify_python,
)
from plugin.engine.environment.marker import MARKER_NAME
from plugin.engine.paths import build_log_file, environments_folder, plugin_root
from tests.plugin.engine.environment.small_environment import lock, small_spec, write_wheel


@pytest.fixture
def spec(tmp_path):
    """Nothing is built yet."""
    return small_spec(tmp_path)


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    """A specification and its environment, built once for the tests that only read it."""
    spec = small_spec(tmp_path_factory.mktemp("ready"))
    package = spec.plugin_root / "mmrisk_core"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("NAME = 'core'\n", encoding="utf-8")
    return spec, ensure(spec)


def with_requirements(spec, folder, text):
    """The same specification with other requirements."""
    file = folder / "other requirements.txt"
    file.write_text(text, encoding="utf-8")
    return replace(spec, requirements_file=file)


def ensure(spec, **options):
    """Build without a word."""
    return ensure_environment(lambda fraction, message: None, lambda: False, spec=spec, **options)


def run_in(environment, code):
    """Run a line in the environment and return what it prints."""
    command = [str(environment.python), "-I", "-c", code]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout.strip()


def folders(spec):
    return [entry for entry in environments_folder(spec.data_folder).iterdir() if entry.is_dir()]


@pytest.mark.slow
@pytest.mark.parametrize("installer", ["pip", "uv"])
def test_an_environment_is_built_verified_and_found(installer, tmp_path):
    spec = small_spec(tmp_path, installer)
    assert find_environment(spec=spec) is None
    messages = []
    built = ensure_environment(lambda fraction, message: messages.append((fraction, message)), lambda: False, spec=spec)
    assert built.origin == "built"
    assert built.versions == {"tinyrisk": "1.2.0"}
    assert run_in(built, "import tinyrisk; print(tinyrisk.LEVEL)") == "5"
    assert any(installer in decision for decision in built.decisions)
    fractions = [fraction for fraction, _ in messages if fraction is not None]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert "tinyrisk" in build_log_file(spec.data_folder).read_text(encoding="utf-8")
    assert not (built.python.parents[1] / "tmp").exists()
    assert find_environment(spec=spec) == built


@pytest.mark.slow
def test_a_ready_environment_starts_no_process(ready, monkeypatch):
    spec, built = ready
    monkeypatch.setattr(subprocess, "Popen", lambda *arguments, **options: pytest.fail("started a process"))
    assert find_environment(spec=spec) == built
    assert ensure(spec) == built


def test_a_notebook_on_the_interpreter_can_import_the_core(ready):
    _, built = ready
    assert run_in(built, "import mmrisk_core; print(mmrisk_core.NAME)") == "core"


def test_other_requirements_ask_for_another_environment(ready, tmp_path):
    spec, _ = ready
    file = tmp_path / "other lock.txt"
    file.write_text("tinyrisk==9.0.0 \\\n    --hash=sha256:00\n", encoding="utf-8")
    assert find_environment(spec=replace(spec, lock_file=file)) is None
    assert find_environment(spec=replace(spec, torch_lock_file=file)) is None


@pytest.mark.slow
def test_a_half_made_environment_is_made_anew(spec, ready):
    """Its folder has the name that the finished one will have."""
    folder = environments_folder(spec.data_folder) / ready[1].python.parents[1].name
    folder.mkdir(parents=True)
    (folder / "rest of the interrupted build").touch()
    assert find_environment(spec=spec) is None
    built = ensure(spec)
    assert built.python.parents[1] == folder
    assert not (folder / "rest of the interrupted build").exists()


def test_an_environment_whose_base_python_is_gone_is_not_ready(spec, ready):
    folder = environments_folder(spec.data_folder) / ready[1].python.parents[1].name
    shutil.copytree(ready[1].python.parents[1], folder, symlinks=True)
    assert find_environment(spec=spec) is not None
    marker = folder / MARKER_NAME
    contents = json.loads(marker.read_text(encoding="utf-8"))
    marker.write_text(json.dumps({**contents, "base_python": "/gone/python3"}), encoding="utf-8")
    assert find_environment(spec=spec) is None


@pytest.mark.skipif(sys.platform == "win32", reason="environments hold no links there")
def test_an_environment_whose_python_became_another_version_is_not_ready(spec, ready, tmp_path):
    folder = environments_folder(spec.data_folder) / ready[1].python.parents[1].name
    shutil.copytree(ready[1].python.parents[1], folder, symlinks=True)
    assert find_environment(spec=spec) is not None
    newer = tmp_path / "python3.99"
    newer.touch()
    for link in (folder / "bin").glob("python*"):
        link.unlink()
        link.symlink_to(newer)
    assert find_environment(spec=spec) is None


def test_a_cancelled_build_leaves_nothing(spec):
    messages = []
    with pytest.raises(EngineEnvironmentCancelledError):
        ensure_environment(
            lambda fraction, message: messages.append(message),
            lambda: any(message.startswith("Making") for message in messages),
            spec=spec,
        )
    assert folders(spec) == []


@pytest.mark.slow
def test_a_failed_build_leaves_nothing_and_names_the_log(spec):
    next(Path(spec.host.environ["MMRISK_WHEELS"]).iterdir()).unlink()
    with pytest.raises(EngineEnvironmentError, match=r"package mirror is complete.*environment-build\.log"):
        ensure(spec)
    assert folders(spec) == []


@pytest.mark.slow
def test_a_package_that_does_not_load_fails_the_build(spec):
    wheels = Path(spec.host.environ["MMRISK_WHEELS"])
    code = "raise OSError('[WinError 1114] A DLL initialization routine failed')\n"
    lock(spec, next(wheels.iterdir()), write_wheel(wheels, "broken", "1.0.0", code))
    with pytest.raises(EngineEnvironmentError, match=r"fails to load broken .*Visual C\+\+ Redistributable"):
        ensure(spec)
    assert folders(spec) == []


def test_a_full_disk_is_noticed_first(spec, monkeypatch):
    monkeypatch.setattr(engine_environment, "gigabytes_needed", lambda installation: 10**6)
    with pytest.raises(EngineEnvironmentError, match=r"needs about 1000000 GB.*MMRISK_HOME"):
        ensure(spec)
    assert folders(spec) == []


def test_a_folder_that_cannot_be_written_is_named(spec):
    spec.data_folder.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(EngineEnvironmentError, match=r"Zoë.* cannot be written"):
        ensure(spec)


TWO_WINDOWS = """
import sys
from dataclasses import replace
from pathlib import Path
from plugin.engine.environment.engine_environment import EnvironmentSpec, ensure_environment
from plugin.engine.environment.python_discovery import this_host
host = this_host()
host = replace(host, environ={**host.environ, "MMRISK_WHEELS": sys.argv[1]}, which=lambda name: None)
spec = EnvironmentSpec(*map(Path, sys.argv[2:]), host)
ensure_environment(lambda fraction, message: print(message), lambda: False, spec=spec)
"""


@pytest.mark.slow
def test_two_windows_build_once(spec):
    wheels = spec.host.environ["MMRISK_WHEELS"]
    files = [spec.requirements_file, spec.lock_file, spec.torch_lock_file, spec.data_folder, spec.plugin_root]
    command = [sys.executable, "-c", TWO_WINDOWS, wheels, *files]
    windows = [subprocess.Popen(command, cwd=plugin_root(), stdout=subprocess.PIPE, encoding="utf-8") for _ in range(2)]
    outputs = [window.communicate(timeout=120)[0] for window in windows]
    assert [window.returncode for window in windows] == [0, 0]
    assert sorted("The engine is ready" in output for output in outputs) == [False, True]
    assert sorted("Another QGIS window" in output for output in outputs) == [False, True]


def test_the_users_own_python_is_verified_and_left_as_it_is(ready, tmp_path):
    spec, built = ready
    elsewhere = replace(spec, data_folder=tmp_path / "elsewhere")
    assert verify_python(built.python, spec=elsewhere).versions == {"tinyrisk": "1.2.0"}
    assert find_environment(built.python, spec=elsewhere).origin == "option"
    chosen = ensure(elsewhere, use_python=built.python)
    assert (chosen.python, chosen.origin, chosen.versions) == (built.python, "option", {"tinyrisk": "1.2.0"})
    assert not elsewhere.data_folder.exists()


def test_the_variable_wins_over_the_option(ready):
    spec, built = ready
    host = replace(spec.host, environ={**spec.host.environ, "MMRISK_ENGINE_PYTHON": str(built.python)})
    found = find_environment("/other/python", spec=replace(spec, host=host))
    assert (found.python, found.origin, found.versions) == (built.python, "variable", {"tinyrisk": "1.2.0"})


def test_a_python_that_hangs_on_the_current_folder_is_not_taken(ready, monkeypatch):
    spec, built = ready
    monkeypatch.chdir(built.python.parent)
    host = replace(spec.host, environ={**spec.host.environ, "MMRISK_ENGINE_PYTHON": built.python.name})
    for given, options in ((replace(spec, host=host), {}), (spec, {"use_python": built.python.name})):
        assert find_environment(options.get("use_python"), spec=given) is None
        with pytest.raises(EngineEnvironmentError, match="python is not the whole path of a Python"):
            ensure(given, **options)


def test_missing_and_old_packages_are_named_in_one_sentence(ready, tmp_path):
    spec, built = ready
    spec = with_requirements(spec, tmp_path, "tinyrisk==2.0.0\nabsent==1.0.0\nmissing==3.1.0\n")
    with pytest.raises(EngineEnvironmentError) as caught:
        verify_python(built.python, spec=spec)
    assert "it lacks absent==1.0.0, missing==3.1.0" in str(caught.value)
    assert "it has too old tinyrisk (1.2.0, 2.0.0 is needed)" in str(caught.value)


def test_what_is_no_python_is_said_to_be_none(spec, tmp_path):
    assert find_environment(tmp_path / "python", spec=spec) is None
    with pytest.raises(EngineEnvironmentError, match="not a working Python interpreter: No such file"):
        verify_python(tmp_path / "python", spec=spec)
    with pytest.raises(EngineEnvironmentError, match="not a working Python interpreter"):
        verify_python(shutil.which("true"), spec=spec)
