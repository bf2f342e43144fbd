"""What pip's configuration files say, as variables: through the same list as the user's variables.

A file that says ``user = true`` or ``target = ...`` is in use on many computers; its mirror and its certificates count.
"""

from __future__ import annotations

import ast
import os
import subprocess  # nosec B404  # programs of our own choice, never through a shell
from collections.abc import Mapping
from pathlib import Path

from ..child_process import ask
from ..installer_variables import is_ignored

_SECONDS = 60
# In the order in which they win.
_SECTIONS = ("global", "install")
# What a file says holds for the question as well: "user = true" would leave out the other files, "quiet" the answer.
_TELL_ALL = {
    **dict.fromkeys(("PIP_GLOBAL", "PIP_USER", "PIP_SITE", "PIP_QUIET", "PIP_VERBOSE"), "0"),
    "PIP_LOG": os.devnull,
}


def without_pip_files(python: Path, environment: Mapping[str, str], platform: str) -> dict[str, str]:
    """Return the variables for pip with those settings of its configuration files that count; the files are switched off.

    :param python: an interpreter with pip, which knows where its files are.
    :param environment: the variables without those settings; they win over the files.
    :param platform: as in ``sys.platform``.
    """
    command = [str(python), "-I", "-m", "pip", "config", "list"]
    try:
        told = ask(command, environment, platform, _SECONDS, **_TELL_ALL, PIP_PYTHON=str(python)).stdout
    except (OSError, subprocess.TimeoutExpired):
        told = ""
    settings = [_parsed(line) for line in told.splitlines() if line.startswith(_SECTIONS) and "=" in line]
    files = {name: value for section in _SECTIONS for where, name, value in settings if where == section}
    kept = {name: value for name, value in files.items() if not is_ignored(name)}
    return {**kept, **environment, "PIP_CONFIG_FILE": os.devnull}


def _parsed(line: str) -> tuple[str, str, str]:
    """Read ``global.index-url='https://...'``."""
    setting, _, value = line.partition("=")
    section, _, name = setting.partition(".")
    return section, f"PIP_{name.upper().replace('-', '_')}", str(ast.literal_eval(value))
