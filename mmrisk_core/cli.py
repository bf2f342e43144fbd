"""The command line: ``python -m mmrisk_core <verb>``, with a flag for every field of the job."""

from __future__ import annotations

import argparse
import json
import sys
import types
import typing
from typing import Any

from pydantic.fields import FieldInfo

from mmrisk_core.errors import Cancelled, MMRiskError
from mmrisk_core.jobs import JOBS, make_job
from mmrisk_core.progress import Progress
from mmrisk_core.version import __version__


def main(arguments: list[str] | None = None) -> int:
    """Run a verb; the result is printed as JSON, progress and errors go to stderr."""
    options = vars(_parser().parse_args(arguments))
    verb = options.pop("verb")
    if verb == "worker":
        from mmrisk_core.worker import main as run_worker

        return run_worker()
    if verb == "schema":
        schemas = {name: job.model_json_schema() for name, job in JOBS.items()}
        print(json.dumps(schemas, indent=1))
        return 0
    try:
        job = make_job(verb, {name: value for name, value in options.items() if value is not None})
        result = job.run(Progress(report=_report, log=_log))
    except MMRiskError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except (Cancelled, KeyboardInterrupt):
        print("\nCancelled.", file=sys.stderr)
        return 130
    print(file=sys.stderr)
    print(json.dumps(result, indent=1))
    return 0


def _report(fraction: float, message: str) -> None:
    print(f"\r{fraction:4.0%} {message[:90]:<90}", end="", file=sys.stderr, flush=True)


def _log(message: str) -> None:
    print(f"\r{message:<96}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mmrisk_core", description="Crash risk of map tiles.")
    parser.add_argument("--version", action="version", version=__version__)
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="verb")
    for name, job in JOBS.items():
        sub = verbs.add_parser(name, help=job.help, description=job.__doc__)
        for field, info in job.model_fields.items():
            sub.add_argument(*_flags(field), dest=field, required=info.is_required(), **_kind(info))
    verbs.add_parser("worker", help="serve jobs as JSON lines on stdin and stdout")
    verbs.add_parser("schema", help="print the JSON schema of all jobs")
    return parser


def _flags(field: str) -> list[str]:
    return list(dict.fromkeys([f"--{field}", f"--{field.replace('_', '-')}"]))


def _kind(info: FieldInfo) -> dict[str, Any]:
    """How argparse reads a field: several values for a tuple, names for a choice; pydantic does the rest."""
    kind = info.annotation
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        parts = [part for part in typing.get_args(kind) if part is not type(None)]
        kind = parts[0] if len(parts) == 1 else str
    help_text = (info.description or "").replace("%", "%%")
    if not info.is_required() and info.default not in (None, ()):
        help_text += f" (default: {info.default})"
    if typing.get_origin(kind) is tuple:
        return {"nargs": "*", "help": help_text, "metavar": "VALUE"}
    if typing.get_origin(kind) is typing.Literal:
        return {"choices": typing.get_args(kind), "help": help_text}
    return {"help": help_text, "metavar": "VALUE"}
