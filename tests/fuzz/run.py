"""Try broken model files, worker messages and job objects, and print what came of them.

``python tests/fuzz/run.py 1000000`` shares the cases among the targets. A case that crashes, takes over a second, lets the
process grow by more than twice the case and an allowance, or runs code, ends the run; it is kept in ``build/fuzz`` and comes
again with ``python tests/fuzz/run.py TARGET FILE``.
"""

from __future__ import annotations

import collections
import importlib
import random
import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]
KEPT = ROOT / "build" / "fuzz"

TARGETS = {"model_files": 0.4, "worker_messages": 0.3, "job_objects": 0.3}
"""And the share of the cases that each gets."""
MAX_SECONDS = 1.0
ALLOWANCE = 16 * 2**20
"""What Python and torch take for themselves."""
WARM_UP = 200
CODE_RUNS = (
    "pickle.find_class",
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "socket.connect",
    "shutil.rmtree",
)


@dataclass
class Fault(Exception):
    """What a case has done."""

    target: str
    number: int
    what: str
    data: bytes

    def __str__(self) -> str:
        return f"{self.target} {self.number}: {self.what}"


@dataclass(frozen=True)
class Outcome:
    """Cases of a target: how often each answer came, seconds of the slowest, and bytes by which the process grew in all."""

    target: str
    cases: int
    answers: dict[str, int]
    slowest: float
    growth: int
    seconds: float


def fuzz(target: str, cases: int, seed: int = 0) -> Outcome:
    """Try ``cases`` of a target; case ``n`` of a seed is always the same.

    :raises Fault: at the first that is not answered as it should be.
    """
    module = importlib.import_module(target)
    answers: collections.Counter[str] = collections.Counter()
    slowest, begun = 0.0, time.perf_counter()
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:
        folder = Path(name)
        for number in range(-WARM_UP, 0):
            module.check(module.broken(random.Random(f"{seed}/{target}/{number}")), folder)
        before = peak()
        for number in range(cases):
            data = module.broken(random.Random(f"{seed}/{target}/{number}"))
            # Of the processor, as the machine may be busy with other things.
            start, had = time.process_time(), peak()
            answers[_answer(module, data, folder, target, number)] += 1
            took = time.process_time() - start
            slowest = max(slowest, took)
            if took > MAX_SECONDS:
                raise Fault(target, number, f"it took {took:.1f} s", data)
            if peak() - had > 2 * len(data) + ALLOWANCE:
                raise Fault(target, number, f"the process grew by {(peak() - had) / 2**20:.0f} MiB", data)
        growth = peak() - before
    return Outcome(target, cases, dict(answers), slowest, growth, time.perf_counter() - begun)


def _answer(module: ModuleType, data: bytes, folder: Path, target: str, number: int) -> str:
    global code_ran
    code_ran = None
    try:
        answer = str(module.check(data, folder))
    except BaseException as error:
        raise Fault(target, number, f"{type(error).__name__}: {error}", data) from error
    if answer.startswith("not "):
        raise Fault(target, number, answer, data)
    if code_ran:
        raise Fault(target, number, f"it ran code: {code_ran}", data)
    return answer


code_ran: str | None = None


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    global code_ran
    if event in CODE_RUNS:
        code_ran = event


def peak() -> int:
    """The most memory that this process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main(arguments: list[str]) -> int:
    sys.addaudithook(_watch)
    if arguments[:1] and arguments[0] in TARGETS:
        with tempfile.TemporaryDirectory() as name:
            print(importlib.import_module(arguments[0]).check(Path(arguments[1]).read_bytes(), Path(name)))
        return 0
    cases, seed = int(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 0
    print("| Target | Cases | EnsembleOutput | Slowest | Growth | Time |\n|---|---|---|---|---|---|")
    for target, share in TARGETS.items():
        try:
            outcome = fuzz(target, round(cases * share), seed)
        except Fault as fault:
            KEPT.mkdir(parents=True, exist_ok=True)
            kept = KEPT / f"{fault.target}-{seed}-{fault.number}.bin"
            kept.write_bytes(fault.data)
            print(f"{str(fault)[:2000]}\nThe case is in {kept}.", file=sys.stderr)
            return 1
        answers = ", ".join(f"{count:,} {answer}" for answer, count in sorted(outcome.answers.items()))
        print(
            f"| {target} | {outcome.cases:,} | {answers} | {1000 * outcome.slowest:.0f} ms | "
            f"{outcome.growth / 2**20:.0f} MiB | {outcome.seconds:.0f} s |",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
