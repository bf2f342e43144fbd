"""How a program is found: in the folders that ``PATH`` names from the root, and never in the current one.

Windows looks for a bare name in the current folder first, and elsewhere an empty or relative entry of ``PATH`` means it. A
project folder that somebody sent may hold a program of the name that is looked for.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Callable


def find_program(
    name: str, environ: Mapping[str, str], platform: str, is_program: Callable[[str], bool] | None = None
) -> str | None:
    """Return the whole path of a program, None if it is not on ``PATH``.

    :param name: without the suffix that it has on Windows.
    :param environ: has ``PATH``.
    :param platform: as in ``sys.platform``.
    :param is_program: whether a file can be started; by default this computer is asked.
    """
    path = next((value for variable, value in environ.items() if variable.upper() == "PATH"), "")
    for folder in whole_folders(path, platform):
        # A .bat or .cmd would be run by a shell.
        file = str(PureWindowsPath(folder, f"{name}.exe") if platform == "win32" else PurePosixPath(folder, name))
        if (is_program or _can_be_started)(file):
            return file
    return None


def whole_folders(path: str, platform: str) -> list[str]:
    """Return the entries of a ``PATH`` that don't depend on the current folder."""
    if platform == "win32":
        entries = [entry.strip('"') for entry in path.split(";")]
        return [entry for entry in entries if PureWindowsPath(entry).is_absolute()]
    return [entry for entry in path.split(":") if PurePosixPath(entry).is_absolute()]


def whole_command(command: Sequence[str]) -> list[str]:
    """Return a command whose program is named from the root: whatever is started goes through here.

    :raises FileNotFoundError: the program is a bare name or a relative path, which would be looked for.
    """
    if not Path(command[0]).is_absolute():
        raise FileNotFoundError(errno.ENOENT, "it is not named by its whole path", command[0])
    return list(command)


def _can_be_started(file: str) -> bool:
    return Path(file).is_file() and os.access(file, os.X_OK)
