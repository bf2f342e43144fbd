"""An environment of one small package, which is really made in seconds."""

import base64
import hashlib
import sysconfig
import zipfile
from dataclasses import replace
from pathlib import Path

from plugin.engine.environment.engine_environment import (
    EnvironmentSpec,
)
from plugin.engine.environment.python_discovery import this_host

UV = str(Path(sysconfig.get_path("scripts"), "uv"))


def write_wheel(folder, name, version, code, more_metadata=""):
    """Write the smallest wheel that pip and uv accept."""
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": code,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{more_metadata}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    hashes = {path: base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()) for path, text in files.items()}
    record = [f"{path},sha256={hashes[path].rstrip(b'=').decode()},{len(text)}" for path, text in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""])
    file = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
    return file


def lock(spec, *wheels):
    """Let the engine need these wheels, as they are now."""
    pins = {wheel: "{}=={}".format(*wheel.name.split("-")[:2]) for wheel in wheels}
    spec.requirements_file.write_text("".join(f"{pin}\n" for pin in pins.values()), encoding="utf-8")
    hashes = {wheel: hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in wheels}
    lines = [f"# {wheel.name}\n{pin} \\\n    --hash=sha256:{hashes[wheel]}\n" for wheel, pin in pins.items()]
    spec.lock_file.write_text("".join(lines), encoding="utf-8")


def small_spec(folder, installer="uv"):
    """One package from a wheel folder; neither a network nor this user's settings.

    :param installer: ``uv``, or ``pip``, which takes seconds longer and is what most users have.
    """
    wheels = folder / "wheels à part"
    wheels.mkdir()
    wheel = write_wheel(wheels, "tinyrisk", "1.2.0", "LEVEL = 5\n")
    host = this_host()
    environ = {name: value for name, value in host.environ.items() if not name.startswith("MMRISK_")}
    environ.update(MMRISK_WHEELS=str(wheels), PYTHONHOME="/qgis/of/no/use")
    torch_lock = folder / "torch-lock.txt"
    torch_lock.write_text("# no PyTorch\n", encoding="utf-8")
    spec = EnvironmentSpec(
        requirements_file=folder / "requirements.txt",
        lock_file=folder / "lock.txt",
        torch_lock_file=torch_lock,
        data_folder=folder / "Données de Zoë",
        plugin_root=folder / "extensión mmrisk",
        host=replace(host, environ=environ, which={"uv": UV if installer == "uv" else None}.get),
    )
    lock(spec, wheel)
    return spec
