"""The command line: ``python -m mmrisk_core <verb>``, with a flag for every field of the job."""

from __future__ import annotations

import argparse
import json
import sys
import types
import typing
from typing import Any, Literal

from pydantic.fields import FieldInfo

from mmrisk_core.compute.process_group import (
    LOST,
    is_lost_process,
    is_rank_zero,
    last_sentence,
    process_group,
    world_size,
)
from mmrisk_core.errors import Cancelled, InputError, MMRiskError
from mmrisk_core.jobs import JOBS, make_job, run_job
from mmrisk_core.progress import NO_PROGRESS, Epoch, Progress
from mmrisk_core.version import __version__

OTHER_VERBS = {
    "worker": "serve jobs as JSON lines on stdin and stdout",
    "schema": "print the JSON schema of all jobs",
}


def main(arguments: list[str] | None = None) -> int:
    """Run a verb; the result is printed as JSON, progress and errors go to stderr."""
    arguments = sys.argv[1:] if arguments is None else arguments
    options = vars(_parser(arguments).parse_args(arguments))
    verb = options.pop("verb")
    if verb in JOBS:
        options = {field: _apart(JOBS[verb].model_fields[field], value) for field, value in options.items()}
    if verb == "schema":
        schemas = {name: job.model_json_schema() for name, job in JOBS.items()}
        print(json.dumps(schemas, indent=1))
        return 0
    try:
        with process_group():
            return _run(verb, {name: value for name, value in options.items() if value is not None})
    except MMRiskError as error:
        return _end(str(error), 1)


def _run(verb: str, given: dict[str, Any]) -> int:
    """Do a job and print its result; of several processes only the main one says anything, unless one fails."""
    try:
        job = make_job(verb, given)
        if world_size() > 1 and not job.is_shared:
            raise InputError(f"Several processes cannot share '{verb}'. Run it without torchrun.")
        progress = Progress(report=_report, log=_log, trained=_log_batches)
        result = run_job(job, progress if is_rank_zero() else NO_PROGRESS)
    except MMRiskError as error:
        return _end(str(error), 1)
    except (Cancelled, KeyboardInterrupt):
        return _end("Cancelled.", 130)
    except RuntimeError as error:
        if not is_lost_process(error):
            raise
        return _end(LOST, 1)
    if is_rank_zero():
        print(file=sys.stderr)
        print(json.dumps(result, indent=1))
    return 0


def _end(sentence: str, code: int) -> int:
    said = last_sentence(sentence)
    if said is not None:
        print(f"\n{said}", file=sys.stderr, flush=True)
    return code


def _report(fraction: float, message: str) -> None:
    print(f"\r{fraction:4.0%} {message[:90]:<90}", end="", file=sys.stderr, flush=True)


def _log(message: str) -> None:
    print(f"\r{message:<96}", file=sys.stderr)


def _log_batches(epoch: Epoch) -> None:
    """Keep an epoch of a loop that tells the loss per batch; others only show how far they are."""
    if epoch.batches:
        _log(f"{epoch.network}: {epoch}")


def _parser(arguments: list[str]) -> argparse.ArgumentParser:
    """A parser of the verb that ``arguments`` begin with, and of all where they begin otherwise: some load for seconds."""
    parser = argparse.ArgumentParser(prog="python -m mmrisk_core", description="Crash risk of map tiles.")
    parser.add_argument("--version", action="version", version=__version__)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="verb")
    every = (*JOBS, *OTHER_VERBS)
    for name in [verb for verb in every if verb in arguments[:1]] or every:
        if name in OTHER_VERBS:
            verbs.add_parser(name, help=OTHER_VERBS[name])
            continue
        job = JOBS[name]
        sub = verbs.add_parser(name, help=job.help, description=job.__doc__)
        # A job inherits its options, so that its paths would come last.
        for field, info in sorted(job.model_fields.items(), key=lambda named: not named[1].is_required()):
            sub.add_argument(*_flags(field), dest=field, required=info.is_required(), **_kind(info))
    return parser


def _flags(field: str) -> list[str]:
    return list(dict.fromkeys([f"--{field}", f"--{field.replace('_', '-')}"]))


def _apart(info: FieldInfo, value: Any) -> Any:
    """Numbers and choices may have commas between them as well as spaces; in names of fields and files they are letters."""
    kind = typing.get_args(_without_none(info.annotation))
    if (
        not isinstance(value, list)
        or not kind
        or not (kind[0] in (int, float) or typing.get_origin(kind[0]) is Literal)
    ):
        return value
    return [part for text in value for part in text.split(",") if part]


def _kind(info: FieldInfo) -> dict[str, Any]:
    """How argparse reads a field: several values for a tuple, names for a choice; pydantic does the rest."""
    kind = _without_none(info.annotation)
    help_text = (info.description or "").replace("%", "%%")
    if not info.is_required() and info.default not in (None, ()):
        help_text += f" (default: {info.default})"
    if typing.get_origin(kind) is tuple:
        return {"nargs": "*", "help": f"{help_text}; several with spaces between", "metavar": "VALUE"}
    if typing.get_origin(kind) is Literal:
        return {"choices": typing.get_args(kind), "help": help_text}
    return {"help": help_text, "metavar": "VALUE"}


def _without_none(kind: Any) -> Any:
    """A kind of value that may be left out, without that; text where it may be several kinds."""
    if typing.get_origin(kind) not in (typing.Union, types.UnionType):
        return kind
    parts = [part for part in typing.get_args(kind) if part is not type(None)]
    return parts[0] if len(parts) == 1 else str
