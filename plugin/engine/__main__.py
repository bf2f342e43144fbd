"""The engine's environment from the command line; run it in the repository root.

``python3 -m plugin.engine ensure``         make the environment if need be, tell what was done
``python3 -m plugin.engine python``         print the engine's interpreter, and nothing else, to standard output
``python3 -m plugin.engine verify [PATH]``  check an interpreter (the engine's own by default)
``python3 -m plugin.engine status``         say which environment is ready, without making one
``python3 -m plugin.engine diagnostics``    print as JSON what the search for an environment sees, for a bug report
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from .environment.diagnosis import diagnose
from .environment.engine_environment import (
    EngineEnvironment,
    default_spec,
    ensure_environment,
    find_environment,
    verify_python,
)
from .errors import EngineEnvironmentError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="plugin.engine", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=list(_COMMANDS))
    parser.add_argument("path", nargs="?", help="the interpreter to verify")
    options = parser.parse_args(arguments)
    try:
        return _COMMANDS[options.command](options)
    except EngineEnvironmentError as error:
        _tell(str(error))
        return 1
    except KeyboardInterrupt:
        _tell("Stopped.")
        return 130


def _ensure(_options: argparse.Namespace) -> int:
    environment = _made_environment()
    _tell(_summary(environment))
    print(environment.python)
    return 0


def _python(_options: argparse.Namespace) -> int:
    print(_made_environment().python)
    return 0


def _verify(options: argparse.Namespace) -> int:
    verified = verify_python(Path(options.path).absolute() if options.path else _made_environment().python)
    _tell(f"PyTorch {verified.torch_build}, {verified.device_summary}")
    print(verified.python)
    return 0


def _status(_options: argparse.Namespace) -> int:
    environment = find_environment()
    if environment is None:
        _tell("The engine's environment has not been made yet: run the command 'ensure'.")
        return 1
    _tell(_summary(environment))
    print(environment.python)
    return 0


def _diagnostics(_options: argparse.Namespace) -> int:
    print(json.dumps(diagnose(default_spec()), indent=2))
    return 0


def _made_environment() -> EngineEnvironment:
    return ensure_environment(lambda _fraction, message: _tell(message), lambda: False)


def _summary(environment: EngineEnvironment) -> str:
    facts = [f"origin: {environment.origin}", f"Python {environment.python_version}"]
    facts += [f"PyTorch {environment.torch_build}", environment.device_summary]
    return "\n".join([*environment.decisions, ", ".join(facts)])


def _tell(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


_COMMANDS = {
    "ensure": _ensure,
    "python": _python,
    "verify": _verify,
    "status": _status,
    "diagnostics": _diagnostics,
}


if __name__ == "__main__":
    sys.exit(main())
