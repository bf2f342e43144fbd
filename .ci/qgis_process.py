"""Drives qgis_process with this plugin in an isolated profile, as a user without a window would."""

import atexit
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


class QgisProcess:
    """``qgis_process`` with the plugin enabled and nothing of the user's own profile.

    :param profile: a folder for the profile; made anew.
    :param archive: the plugin's zip to install; by default the repository itself is the plugin.
    :param variables: environment variables beside those of this process.
    """

    # A profile in which the plugin is enabled, as QGIS takes seconds to do it.
    _enabled: "Path | None" = None

    def __init__(self, profile: Path, archive: "Path | None" = None, variables: "dict | None" = None) -> None:
        # Debian's wrapper adds an option that the program refuses; the program itself is called .bin there.
        self._program = shutil.which("qgis_process.bin") or shutil.which("qgis_process") or "qgis_process"
        self.environment = {
            **os.environ,
            "QGIS_CUSTOM_CONFIG_PATH": str(profile),
            "QT_QPA_PLATFORM": "offscreen",
            "XDG_RUNTIME_DIR": str(profile),
            **(variables or {}),
        }
        self.profile = profile
        shutil.rmtree(profile, ignore_errors=True)
        if archive is None and QgisProcess._enabled is not None:
            shutil.copytree(QgisProcess._enabled, profile, symlinks=True)
            return
        plugins = profile / "profiles" / "default" / "python" / "plugins"
        plugins.mkdir(parents=True, mode=0o700)
        profile.chmod(0o700)
        if archive is None:
            (plugins / "mmrisk").symlink_to(ROOT)
        else:
            shutil.unpack_archive(archive, plugins)
        self._call(["plugins", "enable", "mmrisk"])
        if archive is None:
            QgisProcess._enabled = Path(tempfile.mkdtemp(prefix="mmrisk-profile-")) / "profile"
            atexit.register(shutil.rmtree, QgisProcess._enabled.parent, ignore_errors=True)
            shutil.copytree(profile, QgisProcess._enabled, symlinks=True)

    def run(self, algorithm: str, **parameters: object) -> dict:
        """Run an algorithm (or a .model3 file) and return its outputs; a failure raises with the log."""
        finished = self._call(["--json", "run", algorithm, *_options(parameters)])
        found = re.search(r"^\{.*^\}", finished.stdout, re.MULTILINE | re.DOTALL)
        if found is None:
            raise RuntimeError(f"{algorithm} failed:\n{finished.stdout}\n{finished.stderr}")
        return json.loads(found.group())["results"]

    def run_chain(self, *steps: "tuple[str, dict]") -> list:
        """Run algorithms, each with its parameters, in one process and with one engine; return their outputs in order."""
        algorithm, parameters = self._chain(steps)
        return json.loads(self.run(algorithm, **parameters)["RESULTS"])

    def start_chain(self, *steps: "tuple[str, dict]") -> subprocess.Popen:
        """Start algorithms that run one after the other, and leave them to themselves."""
        algorithm, parameters = self._chain(steps)
        return self.start(algorithm, **parameters)

    def _chain(self, steps: "tuple[tuple[str, dict], ...]") -> "tuple[str, dict]":
        """The algorithm that runs these, and its parameters."""
        scripts = self.profile / "profiles" / "default" / "processing" / "scripts"
        scripts.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / ".ci" / "chain_of_algorithms.py", scripts)
        return "script:chainofalgorithms", {"STEPS": json.dumps(steps, default=str)}

    def start(self, algorithm: str, **parameters: object) -> subprocess.Popen:
        """Start an algorithm, and leave it to itself; what it says comes by its stdout."""
        return subprocess.Popen(
            [self._program, "run", algorithm, *_options(parameters)],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )

    def call(self, arguments: list) -> subprocess.CompletedProcess:
        """Run ``qgis_process`` with any arguments, whatever its exit code."""
        return subprocess.run(
            [self._program, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )

    def _call(self, arguments: list) -> subprocess.CompletedProcess:
        finished = self.call(arguments)
        if finished.returncode != 0:
            raise RuntimeError(f"qgis_process {' '.join(arguments)} failed:\n{finished.stdout}\n{finished.stderr}")
        return finished


def _options(parameters: dict) -> list:
    return [
        f"--{name}={item}"
        for name, value in parameters.items()
        for item in (value if isinstance(value, list) else [value])
    ]


def draw_risk_map(
    qgis: QgisProcess, *, imagery: object, roads: object, risk: object, title: str, note: str, folder: Path
) -> None:
    """Write ``risk.qgz`` and ``risk.png`` of a risk layer into ``folder``, with QGIS's own Python."""
    arguments = [imagery, roads, risk, title, note, folder]
    command = ["/usr/bin/python3", str(ROOT / ".ci" / "risk_map.py"), *map(str, arguments)]
    finished = subprocess.run(command, env=qgis.environment, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        raise RuntimeError(f"The map could not be drawn:\n{finished.stdout}\n{finished.stderr}")
