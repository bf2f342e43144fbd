"""Parameters of every job that were broken: a job is made of them, or they are refused in a sentence."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from mutation import break_json

from mmrisk_core.errors import MMRiskError
from mmrisk_core.jobs import JOBS, make_job

LAYER = {"path": "town.gpkg", "layer": "roads", "crs": "EPSG:32619", "name": "Roads"}
COMMON: dict[str, Any] = {
    "output": "out.gpkg", "tiles": LAYER, "input": LAYER, "images": ["a.tif"], "image": "a.tif", "model": "m.safetensors",
    "extent": [0, 0, 1, 1], "crs": "EPSG:32619", "fields": ["aadt"], "statistics": ["mean"], "prefix": "p_", "events": LAYER,
    "layers": [LAYER], "folder": "out", "seed": 1, "size": 8, "label": "label", "features": ["a", "b"], "report": "r.html",
    "roads": LAYER, "epochs": 3, "folds": 4, "device": "cpu",
}  # fmt: skip


def broken(rng: random.Random) -> bytes:
    """A verb and its parameters, of which some are wrong."""
    verb = rng.choice(list(JOBS))
    parameters = {name: COMMON[name] for name in JOBS[verb].model_fields if name in COMMON}
    if rng.random() < 0.1:
        return json.dumps(break_json({"verb": verb, "parameters": parameters}, rng)).encode()
    return json.dumps({"verb": verb, "parameters": break_json(parameters, rng)}).encode()


def check(data: bytes, folder: Path) -> str:
    """Make the job; what is made can be written as JSON and made again from it.

    :return: ``made`` or ``refused``.
    """
    message = json.loads(data)
    if not isinstance(message, dict) or not isinstance(message.get("parameters"), dict):
        return "no parameters"
    try:
        job = make_job(str(message.get("verb")), message["parameters"])
    except MMRiskError as error:
        return "refused" if str(error).endswith(".") else f"not a sentence: {error}"
    again = make_job(job.verb, json.loads(job.model_dump_json()))
    assert again == job, (again, job)
    return "made"
