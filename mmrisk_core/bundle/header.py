"""What model files of all kinds have in common: a manifest as JSON in the header of a ``.safetensors``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from safetensors import SafetensorError, safe_open

from mmrisk_core.errors import ModelFileError
from mmrisk_core.files import require_file

AnyManifest = TypeVar("AnyManifest", bound=BaseModel)

RISK_MANIFEST_KEY = "mmrisk_manifest"
ROAD_MANIFEST_KEY = "mmrisk_road_manifest"
MADE_AND_USED = {
    RISK_MANIFEST_KEY: ("gives tiles their risk", "Train model", "Predict risk"),
    ROAD_MANIFEST_KEY: ("sees roads", "Train road extraction", "Extract roads"),
}


Upgrade = Callable[[dict[str, Any]], dict[str, Any]]
"""Makes the entries of a manifest those of the next schema version, ``schema_version`` included."""


def read_header(
    path: Path, key: str, version: int, kind: type[AnyManifest], upgrades: Mapping[int, Upgrade]
) -> AnyManifest:
    """The manifest of a model file, without its tensors.

    :param key: where it is in the header.
    :param version: the schema version that ``kind`` is of; newer ones are refused.
    :param upgrades: for each older version that can still be read, what leads to the next.
    :raises MMRiskError: when the file is missing, is no such model, is damaged, or is of another schema version.
    """
    metadata = _metadata(path)
    text = metadata.get(key)
    if text is None:
        raise ModelFileError(_another_kind(path, key, metadata))
    try:
        entries: dict[str, Any] = json.loads(text)
        found = entries.get("schema_version")
        # JSON can spell half a character, which can be neither shown nor written.
        json.dumps(entries, ensure_ascii=False).encode("utf-8")
    except (ValueError, AttributeError, RecursionError) as error:
        raise ModelFileError(f"The manifest of {path.name} is damaged ({error}).") from error
    # What is equal to 1 without being a number is not a version.
    while type(found) is int and found in upgrades and found < version:
        entries = upgrades[found](entries)
        found = entries["schema_version"]
    if type(found) is not int or found != version:
        newer = type(found) is int and found > version
        cure = "Update MMRisk." if newer else "Train the model again."
        raise ModelFileError(
            f"The model {path.name} has schema version {str(found)[:50]}; this version of MMRisk reads {version}. {cure}"
        )
    try:
        return kind.model_validate(entries)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ModelFileError(f"The manifest of {path.name} is damaged at '{place}': {first['msg']}.") from error


def holds_road_model(path: Path) -> bool:
    """Whether a model file is one that sees roads.

    :raises MMRiskError: when the file is missing or is no model file.
    """
    return ROAD_MANIFEST_KEY in _metadata(path)


def _metadata(path: Path) -> dict[str, str]:
    require_file(path, "model")
    if not path.is_file():
        raise ModelFileError(f"The model {path} does not exist. Check the path.")
    try:
        with safe_open(path, framework="pt") as file:
            return file.metadata() or {}
    except (SafetensorError, OSError) as error:
        raise ModelFileError(f"The file {path.name} is not a model, or is damaged ({error}).") from error


def _another_kind(path: Path, key: str, metadata: dict[str, str]) -> str:
    does, made_by, _ = MADE_AND_USED[key]
    for other, (other_does, _, used_by) in MADE_AND_USED.items():
        if other in metadata:
            return f"The model {path.name} {other_does}: use it in '{used_by}'. Here a model of '{made_by}' is wanted."
    return f"The file {path.name} is not an MMRisk model that {does}: it has no manifest. Make one with '{made_by}'."
