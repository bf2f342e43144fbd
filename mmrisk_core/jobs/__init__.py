"""All jobs, by verb."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from pydantic import ValidationError

from mmrisk_core.errors import InputError
from mmrisk_core.jobs.base import Job, Result
from mmrisk_core.jobs.running import run_job

__all__ = ["JOBS", "Job", "Result", "make_job", "run_job"]

_CLASSES = {
    "sample": ("sample", "SampleJob"),
    "load-events": ("load_events", "LoadEventsJob"),
    "survey-events": ("survey_events", "SurveyEventsJob"),
    "tiles": ("tiles", "TilesJob"),
    "join": ("join", "JoinJob"),
    "label": ("label", "LabelJob"),
    "train": ("train", "TrainJob"),
    "evaluate": ("evaluate", "EvaluateJob"),
    "predict": ("predict", "PredictJob"),
    "map": ("map_risk", "MapRiskJob"),
    "explain": ("explain", "ExplainJob"),
    "inspect": ("inspect_tiles", "InspectJob"),
    "roads-train": ("roads_train", "RoadsTrainJob"),
    "roads-extract": ("roads_extract", "RoadsExtractJob"),
    "describe": ("describe", "DescribeJob"),
    "doctor": ("doctor", "DoctorJob"),
}


class _Jobs(Mapping[str, type[Job]]):
    """Classes of jobs by verb; a module is loaded when its job is asked for, as some of them take seconds to load."""

    def __getitem__(self, verb: str) -> type[Job]:
        module, name = _CLASSES[verb]
        job: type[Job] = getattr(import_module(f"{__name__}.{module}"), name)
        return job

    def __contains__(self, verb: object) -> bool:
        return verb in _CLASSES

    def __iter__(self) -> Iterator[str]:
        return iter(_CLASSES)

    def __len__(self) -> int:
        return len(_CLASSES)


JOBS: Mapping[str, type[Job]] = _Jobs()


def make_job(verb: str, parameters: dict[str, Any]) -> Job:
    """A job from its ``verb`` and ``parameters``.

    :raises InputError: when there is no such job, or a parameter is missing, unknown or of the wrong kind.
    """
    if verb not in JOBS:
        raise InputError(f"There is no job '{verb}'. There are: {', '.join(JOBS)}.")
    for name, value in parameters.items():
        if not _is_writable([name, value]):
            raise InputError(f"The parameter {name!a} of '{verb}' holds a character that no file or layer can have.")
    try:
        return JOBS[verb].model_validate(parameters)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or verb
        raise InputError(f"The parameter '{place}' of '{verb}' does not fit: {first['msg']}.") from error


def _is_writable(value: Any) -> bool:
    """Whether all texts in it are such that a library may be given them: UTF-8, and without the 0 that ends them in C."""
    if isinstance(value, dict):
        return all(_is_writable(part) for entry in value.items() for part in entry)
    if isinstance(value, (list, tuple)):
        return all(map(_is_writable, value))
    if not isinstance(value, str):
        return True
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\0" not in value
