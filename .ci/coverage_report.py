"""Puts together what the suites have run, prints it, and fails where a module of either side is under the limit.

The lines are noted by ``tests/covering``, a file a process, in the folder that MMRISK_COVERAGE names.
"""

import ast
import json
import os
import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SIDES = ("mmrisk_core", "plugin")
LEAST = 0.8
SHOWN = 12


def main() -> int:
    run, all_lines = defaultdict(set), defaultdict(set)
    for file in Path(os.environ["MMRISK_COVERAGE"]).glob("*.json"):
        for path, lines in json.loads(file.read_text(encoding="utf-8")).items():
            # In a profile of QGIS the plugin is a link to here.
            name = re.search(rf"(?:^|/)((?:{'|'.join(SIDES)})/.+)$", path).group(1)
            run[name].update(lines["executed_lines"])
            all_lines[name].update(lines["executed_lines"], lines["missing_lines"])
    shares = {}
    for side in SIDES:
        modules = [str(file.relative_to(ROOT)) for file in (ROOT / side).rglob("*.py") if has_code(file)]
        for name in modules:
            shares[name] = len(run[name]) / len(all_lines[name]) if all_lines[name] else 0.0
        covered, total = (sum(len(lines[name]) for name in modules) for lines in (run, all_lines))
        print(f"coverage of {side}: {covered / max(total, 1):.1%} of {total:,} lines in {len(modules)} modules")
    lowest = sorted(shares.items(), key=lambda item: item[1])
    print("lowest: " + ", ".join(f"{name} {share:.0%}" for name, share in lowest[:SHOWN]))
    under = [name for name, share in lowest if share < LEAST]
    if under:
        print(f"under {LEAST:.0%}: {', '.join(under)}")
    return 1 if under else 0


def has_code(file: Path) -> bool:
    """Whether there is more in a module than its docstring."""
    return len(ast.parse(file.read_text(encoding="utf-8")).body) > 1


if __name__ == "__main__":
    sys.exit(main())
