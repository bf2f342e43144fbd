"""In plain words: what will be installed, and what is there."""

from __future__ import annotations

import shutil
from pathlib import Path

from ...engine.environment.engine_environment import EngineEnvironment, EnvironmentSpec
from ...engine.environment.plan import Installation, gigabytes_needed
from ...i18n import tr


def ready_sentence(environment: EngineEnvironment) -> str:
    """What an environment that is there is made of."""
    if not environment.versions:
        return tr("{python} is chosen; it has not been verified yet.").format(python=environment.python)
    text = tr("The engine is set up: Python {version}, PyTorch {torch}, {device}.\n{python}")
    return text.format(
        version=environment.python_version,
        torch=environment.torch_build,
        device=environment.device_summary,
        python=environment.python,
    )


def plan_sentences(installation: Installation, spec: EnvironmentSpec) -> str:
    """What will be installed, where, how large it is, and for which processor and why."""
    free = _free_gigabytes(spec.data_folder)
    if installation.variant == "cuda":
        processor = tr("GPU, as an NVIDIA GPU was found; the CPU takes over where it does not suffice")
    else:
        processor = tr("CPU, as no NVIDIA GPU was found")
    source = installation.wheels or tr("the internet")
    lines = [
        (tr("What"), tr("PyTorch and the packages for maps, in an environment made by Python {version}").format(
            version="{}.{}".format(*installation.base.version))),
        (tr("From"), source),
        (tr("Where"), str(installation.folder)),
        (tr("Size"), tr("{needed} GB of the {free} GB that are free there; a few minutes").format(
            needed=gigabytes_needed(installation), free=f"{free:.0f}")),
        (tr("Computes on"), processor),
    ]  # fmt: skip
    return "\n".join(f"{name}: {value}" for name, value in lines)


def _free_gigabytes(folder: Path) -> float:
    """Of the disk on which a folder lies or will lie."""
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return shutil.disk_usage(existing).free / 1e9
