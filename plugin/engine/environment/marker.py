"""The marker file: what is in an environment and how it was made. Written last, so that it says "complete" as well."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

MARKER_NAME = "mmrisk-environment.json"


@dataclass(frozen=True)
class Marker:
    """The contents of the marker file. ``decisions`` are sentences on how and why it was made so."""

    base_python: str
    python_version: str
    variant: str
    built_at: str
    versions: Mapping[str, str]
    torch_build: str
    device_summary: str
    decisions: Sequence[str]


def read_marker(environment: Path) -> Marker | None:
    """Return the marker of a complete environment, else None."""
    try:
        return Marker(**json.loads((environment / MARKER_NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):  # absent, not JSON, or of another version of the plugin
        return None


def write_marker(environment: Path, marker: Marker) -> None:
    """Declare an environment complete, in one step that another process sees wholly or not at all."""
    unfinished = environment / f"{MARKER_NAME}.part"
    unfinished.write_text(json.dumps(asdict(marker), indent=2, ensure_ascii=False), encoding="utf-8")
    unfinished.replace(environment / MARKER_NAME)
