"""Puts together what the suites have covered, prints it, and fails where a module of either side is under the limit.

The figure of a module counts lines and branches. Run it with an interpreter that has coverage, after the suites.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "build" / "coverage"
LEAST = 80.0
SHOWN = 12


def main() -> int:
    report = FOLDER / "report.json"
    run("combine", "--quiet", *sorted(str(file) for file in FOLDER.glob("data.*")))
    run("json", "--quiet", "-o", str(report))
    files = json.loads(report.read_text(encoding="utf-8"))["files"]
    shares = {name: facts["summary"]["percent_covered"] for name, facts in files.items()}
    for side in ("mmrisk_core", "plugin"):
        summaries = [facts["summary"] for name, facts in files.items() if name.startswith(f"{side}/")]
        covered = sum(summary["covered_lines"] + summary["covered_branches"] for summary in summaries)
        total = sum(summary["num_statements"] + summary["num_branches"] for summary in summaries)
        print(f"coverage of {side}: {covered / total:.1%} of lines and branches, {len(summaries)} modules")
    lowest = sorted(shares.items(), key=lambda item: item[1])
    print("lowest: " + ", ".join(f"{name} {share:.0f} %" for name, share in lowest[:SHOWN]))
    under = [name for name, share in lowest if share < LEAST]
    if under:
        print(f"under {LEAST:.0f} %: {', '.join(under)}", file=sys.stderr)
    return 1 if under else 0


def run(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "coverage", *arguments], cwd=ROOT, check=True)


if __name__ == "__main__":
    sys.exit(main())
