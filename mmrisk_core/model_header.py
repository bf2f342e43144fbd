"""What model files of all kinds have in common: a manifest as JSON in the header of a ``.safetensors``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from safetensors import SafetensorError, safe_open

from mmrisk_core.errors import MMRiskError

AnyManifest = TypeVar("AnyManifest", bound=BaseModel)


def read_header(path: Path, key: str, version: int, kind: type[AnyManifest], no_such_model: str) -> AnyManifest:
    """The manifest of a model file, without its tensors.

    :param key: where it is in the header.
    :param no_such_model: what to say of a file without it, after its name.
    :raises MMRiskError: when the file is missing, is no such model, is damaged, or is of another schema version.
    """
    if not path.is_file():
        raise MMRiskError(f"The model {path} does not exist. Check the path.")
    try:
        with safe_open(path, framework="pt") as file:
            text = (file.metadata() or {}).get(key)
    except (SafetensorError, OSError) as error:
        raise MMRiskError(f"The file {path.name} is not a model, or is damaged ({error}).") from error
    if text is None:
        raise MMRiskError(f"The file {path.name} {no_such_model}")
    try:
        entries: dict[str, Any] = json.loads(text)
        found = entries.get("schema_version")
    except (json.JSONDecodeError, AttributeError, RecursionError) as error:
        raise MMRiskError(f"The manifest of {path.name} is damaged ({error}).") from error
    if found != version:
        raise MMRiskError(
            f"The model {path.name} has schema version {found}; this version of MMRisk reads {version}. "
            "Update MMRisk, or train the model again."
        )
    try:
        return kind.model_validate(entries)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise MMRiskError(f"The manifest of {path.name} is damaged at '{place}': {first['msg']}.") from error
