"""All jobs, by verb."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from mmrisk_core.errors import MMRiskError
from mmrisk_core.jobs.base import Job, Result
from mmrisk_core.jobs.describe import DescribeJob
from mmrisk_core.jobs.doctor import DoctorJob
from mmrisk_core.jobs.evaluate import EvaluateJob
from mmrisk_core.jobs.explain import ExplainJob
from mmrisk_core.jobs.inspect_tiles import InspectJob
from mmrisk_core.jobs.join import JoinJob
from mmrisk_core.jobs.label import LabelJob
from mmrisk_core.jobs.map_risk import MapRiskJob
from mmrisk_core.jobs.predict import PredictJob
from mmrisk_core.jobs.roads_extract import RoadsExtractJob
from mmrisk_core.jobs.roads_train import RoadsTrainJob
from mmrisk_core.jobs.running import run_job
from mmrisk_core.jobs.sample import SampleJob
from mmrisk_core.jobs.tiles import TilesJob
from mmrisk_core.jobs.train import TrainJob

__all__ = ["JOBS", "Job", "Result", "make_job", "run_job"]

_CLASSES: tuple[type[Job], ...] = (
    SampleJob, TilesJob, JoinJob, LabelJob, TrainJob, EvaluateJob, PredictJob, MapRiskJob,
    ExplainJob, InspectJob,
    RoadsTrainJob, RoadsExtractJob, DescribeJob, DoctorJob,
)  # fmt: skip
JOBS: dict[str, type[Job]] = {job.verb: job for job in _CLASSES}


def make_job(verb: str, parameters: dict[str, Any]) -> Job:
    """A job from its verb and parameters.

    :raises MMRiskError: when there is no such job, or a parameter is missing, unknown or of the wrong kind.
    """
    if verb not in JOBS:
        raise MMRiskError(f"There is no job '{verb}'. There are: {', '.join(JOBS)}.")
    for name, value in parameters.items():
        if not _is_writable([name, value]):
            raise MMRiskError(f"The parameter {name!a} of '{verb}' holds a character that no file or layer can have.")
    try:
        return JOBS[verb].model_validate(parameters)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or verb
        raise MMRiskError(f"The parameter '{place}' of '{verb}' does not fit: {first['msg']}.") from error


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
