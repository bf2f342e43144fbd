"""What the engine's jobs take, as the engine says it: defaults, bounds and choices of every field.

``make schema`` writes ``resources/jobs.json`` from the jobs; a test holds the file to them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .paths import plugin_root


@dataclass(frozen=True)
class JobField:
    """A field of a job.

    :param default: None where the job has none, or leaves the choice to the engine.
    :param is_optional: whether it may be left out.
    :param is_whole: whether it is a whole number.
    :param minimum: the least that it may be, or what it must lie above.
    :param maximum: the same above.
    :param choices: the names that it may be, or be made of.
    :param known: what else the engine says of the field.
    """

    default: Any
    is_optional: bool
    is_whole: bool
    minimum: float | None
    maximum: float | None
    choices: tuple[str, ...]
    known: dict[str, Any]


def job_field(verb: str, name: str) -> JobField:
    """A field of a job by its verb.

    :raises KeyError: the job has no such field.
    """
    job = _schemas()[verb]
    field = job["properties"][name]
    # A field that may be None has what it is else beside it.
    parts = [field, *field.get("anyOf", []), field.get("items", {})]
    values: dict[str, Any] = {key: value for part in reversed(parts) for key, value in part.items()}
    return JobField(
        default=field.get("default"),
        is_optional=name not in job.get("required", []),
        is_whole=any(part.get("type") == "integer" for part in parts),
        minimum=values.get("minimum", values.get("exclusiveMinimum")),
        maximum=values.get("maximum", values.get("exclusiveMaximum")),
        choices=tuple(values.get("enum", ())),
        known=field,
    )


def known_of(verb: str) -> dict[str, Any]:
    """What the engine says of a job beside its fields, such as the colours of what it makes."""
    return _schemas()[verb]


@lru_cache(maxsize=1)
def _schemas() -> dict[str, dict[str, Any]]:
    schemas: dict[str, dict[str, Any]] = json.loads(
        (plugin_root() / "resources" / "jobs.json").read_text(encoding="utf-8")
    )
    return schemas
