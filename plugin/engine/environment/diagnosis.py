"""What the search for an environment sees, for a report of a problem."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from ..installer_variables import handed_on, ignored_names
from ..masking import masked, masked_values
from ..paths import build_log_file
from .engine_environment import EnvironmentSpec, find_environment
from .plan import torch_variant
from .python_discovery import candidate_commands, find_uv


def diagnose(spec: EnvironmentSpec, use_python: str | Path | None = None) -> dict[str, Any]:
    """The findings, as they go into JSON, with passwords and tokens masked.

    Starts ``nvidia-smi``, so not for the window's thread.
    """
    environment = find_environment(use_python, spec=spec)
    findings = {
        "platform": spec.host.platform,
        "this_python": f"{spec.host.executable} {sys.version}",
        "data_folder": str(spec.data_folder),
        "build_log": str(build_log_file(spec.data_folder)),
        "candidates": [" ".join(command) for command in candidate_commands(spec.host)],
        "uv": find_uv(spec.host),
        "torch_variant": torch_variant(spec.host),
        "installer_variables": handed_on(spec.host.environ),
        "installer_variables_not_handed_on": ignored_names(spec.host.environ),
        "environment": environment and {**vars(environment), "python": str(environment.python)},
    }
    return dict(masked_values(findings))


def end_of_build_log(spec: EnvironmentSpec, lines: int = 30) -> list[str]:
    """The last lines of the latest build of an environment, masked; none where there was none."""
    try:
        log = build_log_file(spec.data_folder).read_text(encoding="utf-8", errors="replace")
        return masked(log).splitlines()[-lines:]
    except OSError:
        return []
