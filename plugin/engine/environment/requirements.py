"""The engine's requirements and their lock: what they say, and the hash that names an environment.

``engine-requirements.txt`` pins what the engine imports; ``make lock`` makes of it ``engine-lock.txt`` and
``torch-lock.txt``, which are installed: every package, with its hashes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_LINE = re.compile(
    r"(?P<name>[A-Za-z0-9][\w.-]*)==(?P<version>[\w.]+)"
    r"(?:\s*;\s*python_version\s*(?P<operator><|>=)\s*[\"'](?P<major>\d+)\.(?P<minor>\d+)[\"'])?"
)
_MODULES_NAMED_OTHERWISE = {"scikit-learn": "sklearn"}


@dataclass(frozen=True)
class Requirement:
    """One pinned distribution, perhaps only for some Python versions."""

    name: str
    version: str
    first_python: tuple[int, int] = (3, 0)
    python_end: tuple[int, int] = (4, 0)

    @property
    def module(self) -> str:
        """The name under which it is imported."""
        return _MODULES_NAMED_OTHERWISE.get(self.name, self.name.replace("-", "_"))

    def applies_to(self, python_version: tuple[int, int]) -> bool:
        """Whether this Python (major, minor) needs it."""
        return self.first_python <= python_version < self.python_end


def read_requirements(file: Path) -> tuple[Requirement, ...]:
    """Read a requirements file of lines ``name==version``, with an optional ``python_version`` ``<`` or ``>=`` marker.

    :raises ValueError: a line is written otherwise.
    """
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return tuple(_parse(line) for line in lines if line and not line.startswith("#"))


def read_lock(file: Path) -> tuple[str, ...]:
    """Read the pins of a lock, ``name==version`` with an optional marker, without their hashes."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return tuple(line.rstrip("\\ ") for line in lines if line and line[0] not in "# ")


def environment_key(pins: Sequence[str], python_version: tuple[int, int], variant: str) -> str:
    """Return the name of an environment's folder: 16 hexadecimal digits that change with whatever goes into it.

    Comments and hashes of the lock don't count: a wheel for one more system must not cost the others a new download.
    """
    ingredients = list(pins)
    ingredients += ["python {}.{}".format(*python_version), f"torch {variant}"]
    return hashlib.sha256("\n".join(ingredients).encode()).hexdigest()[:16]


def _parse(line: str) -> Requirement:
    match = _LINE.fullmatch(line)
    if match is None:
        raise ValueError(f'The requirement {line!r} is not of the form name==version; python_version >= "3.11".')
    bound = (int(match["major"] or 0), int(match["minor"] or 0))
    limits = {">=": {"first_python": bound}, "<": {"python_end": bound}}.get(match["operator"], {})
    return Requirement(name=match["name"], version=match["version"], **limits)
