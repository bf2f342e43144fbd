"""Which commands make the environment, and what is said when one fails."""

import http.server
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from plugin.engine.environment import plan as environment_plan
from plugin.engine.environment.install import installation_steps
from plugin.engine.environment.install_failures import failure_sentence
from plugin.engine.environment.plan import (
    EnvironmentSpec,
    Installation,
    gigabytes_needed,
    index_answers,
    plan_installation,
    torch_index,
    torch_variant,
)
from plugin.engine.environment.python_discovery import BasePython, this_host
from plugin.engine.environment.watched_process import FinishedProcess
from plugin.engine.errors import EngineEnvironmentError
from plugin.engine.paths import engine_lock_file, engine_requirements_file, torch_lock_file

PINS = ("torch==2.14.1", "torchvision==0.29.1")
CPU_INDEX = "https://download.pytorch.org/whl/cpu"


@pytest.fixture
def host():
    """This machine with neither uv nor a GPU."""
    return replace(this_host(), platform="linux", environ={"PATH": "/usr/bin:/bin"}, which=lambda name: None)


@pytest.fixture
def installation(tmp_path, host):
    return Installation(
        folder=tmp_path / "environments" / "0123456789abcdef",
        variant="cpu",
        base=BasePython("/usr/bin/python3", (3, 11)),
        host=host,
        lock_file=tmp_path / "lock.txt",
        torch_lock_file=tmp_path / "torch-lock.txt",
        torch_pins=PINS,
        torch_index=None,
        uv=None,
        wheels=None,
        decisions=(),
    )


@pytest.fixture
def spec(tmp_path, host):
    return EnvironmentSpec(engine_requirements_file(), engine_lock_file(), torch_lock_file(), tmp_path, tmp_path, host)


def test_pip_installs_wheels_in_one_step_from_the_default_index(installation):
    make, packages = [step.command for step in installation_steps(installation)]
    assert make == ("/usr/bin/python3", "-I", "-m", "venv", str(installation.folder))
    assert packages[0] == str(installation.folder / "bin" / "python")
    locks = ("--requirement", str(installation.lock_file), "--requirement", str(installation.torch_lock_file))
    assert packages[-8:] == ("--only-binary", ":all:", "--no-deps", "--require-hashes", *locks)
    assert "--index-url" not in packages


def test_torch_comes_alone_from_its_own_index(installation):
    commands = [step.command for step in installation_steps(replace(installation, torch_index=CPU_INDEX))]
    assert commands[1][-5:] == ("--no-deps", "--index-url", CPU_INDEX, *PINS)
    assert CPU_INDEX not in commands[2]
    assert commands[2][-3:] == ("--require-hashes", "--requirement", str(installation.lock_file))


def test_uv_makes_and_fills_the_environment(installation):
    commands = [step.command for step in installation_steps(replace(installation, uv="/opt/uv"))]
    assert commands[0][:2] == ("/opt/uv", "venv")
    assert commands[1][:3] == ("/opt/uv", "pip", "install")


@pytest.mark.parametrize("uv", [None, "/opt/uv"])
def test_a_wheel_folder_replaces_every_index(installation, uv):
    packages = installation_steps(replace(installation, wheels="/media/stick/wheels", uv=uv))[-1].command
    assert packages[packages.index("--no-index") :][:3] == ("--no-index", "--find-links", "/media/stick/wheels")


@pytest.mark.parametrize(
    ("platform", "variant", "index"),
    [
        ("linux", "cpu", CPU_INDEX),
        ("linux", "cuda", None),
        ("win32", "cpu", None),
        ("win32", "cuda", "https://download.pytorch.org/whl/cu130"),
        ("darwin", "cpu", None),
    ],
)
def test_torchs_own_index_is_asked_only_where_the_default_has_the_other_build(platform, variant, index):
    assert torch_index(platform, variant) == index


def test_the_plan_uses_the_cpu_index_if_it_answers(spec, monkeypatch):
    monkeypatch.setattr(environment_plan, "index_answers", lambda index, environ: True)
    plan = plan_installation(spec, "cpu")
    assert (plan.torch_index, plan.torch_pins) == (CPU_INDEX, PINS)
    assert gigabytes_needed(plan) == 2
    assert any("without a check of hashes" in decision for decision in plan.decisions)


def test_the_plan_falls_back_and_says_so_if_the_cpu_index_is_out_of_reach(spec, monkeypatch):
    monkeypatch.setattr(environment_plan, "index_answers", lambda index, environ: False)
    plan = plan_installation(spec, "cpu")
    assert plan.torch_index is None
    assert any("does not answer" in decision for decision in plan.decisions)
    assert gigabytes_needed(plan) == 7


def test_a_missing_wheel_folder_is_named(spec):
    spec = replace(spec, host=replace(spec.host, environ={"MMRISK_WHEELS": "/media/none"}))
    with pytest.raises(EngineEnvironmentError, match="/media/none"):
        plan_installation(spec, "cpu")


def test_an_index_answers_or_not(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Index) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        assert index_answers(f"{address}/whl/cpu", {})
        assert not index_answers(f"{address}/elsewhere", {})
        server.shutdown()
    assert not index_answers(address, {})


class _Index(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/whl/cpu/torch/" else 404)
        self.end_headers()

    def log_message(self, *arguments):
        pass


def test_without_nvidia_smi_there_is_no_gpu(host):
    assert torch_variant(host) == "cpu"
    assert torch_variant(replace(host, which=lambda name: "/nowhere/nvidia-smi")) == "cpu"


@pytest.mark.parametrize(
    ("output", "cure"),
    [
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "disk is full"),
        ("SSLError(SSLCertVerificationError('[SSL: CERTIFICATE_VERIFY_FAILED]'))", "PIP_CERT"),
        ("ProxyError('Cannot connect to proxy.', OSError('407 Proxy Authentication Required'))", "proxy refused"),
        ("Temporary failure in name resolution\nERROR: No matching distribution found for torch", "MMRISK_WHEELS"),
        ("ERROR: No matching distribution found for torch==2.14.1", "mirror is complete"),
        ("ERROR: [WinError 5] Access is denied", "MMRISK_HOME"),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. Examine them.\n"
            "numpy==2.4.6 from https://mirror.town/numpy.whl (from -r lock.txt (line 2)):\nExpected sha256 0\nGot 1",
            "numpy==2.4.6 has another content",
        ),
        (
            "error: Failed to download `numpy==2.4.6`\ncause: Hash mismatch for `numpy==2.4.6`",
            "numpy==2.4.6 has another content",
        ),
        ("cause: Failed to extract archive: numpy-2.4.6.whl\ncause: Bad CRC", "is damaged"),
        ("Downloading torch (407 kB)\nERROR: something new", "The last message was: ERROR: something new"),
    ],
)
def test_a_failure_names_its_cure(output, cure):
    sentence = failure_sentence("Installing PyTorch", FinishedProcess(1, tuple(output.splitlines())), Path("build.log"))
    assert sentence.startswith("Installing PyTorch failed. ")
    assert cure in sentence
    assert sentence.endswith("Details: build.log")
