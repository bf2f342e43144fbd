"""Prints how the engine is laid out: rooms, floors, circles, and imports that run upward.

``python tests/structure.py [FOLDER]`` looks at ``FOLDER/mmrisk_core``, by default that of this repository. A room is what
lies at the top of the package, a file or a folder. A room stands one floor above the highest room that it imports, whether
at once, in a function or for its types. A circle is a set of modules that import each other. An import runs upward where
it breaks the layers of ``pyproject.toml``.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from pathlib import Path

import tomllib

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "mmrisk_core"
Graph = dict[str, set[str]]


def read_modules(folder: Path) -> dict[str, ast.Module]:
    """The modules of the package by dotted name."""
    modules = {}
    for file in sorted((folder / PACKAGE).rglob("*.py")):
        name = ".".join(file.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")
        modules[name] = ast.parse(file.read_text(encoding="utf-8"))
    return modules


def import_graph(modules: dict[str, ast.Module]) -> Graph:
    """Which module imports which of the same package."""
    graph: Graph = {}
    for name, tree in modules.items():
        found = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                whole = {f"{node.module}.{alias.name}" for alias in node.names}
                found |= whole & modules.keys() or {node.module}
        graph[name] = (found & modules.keys()) - {name}
    return graph


def circles(graph: Graph) -> list[set[str]]:
    """The sets of modules that reach each other."""
    reached = {name: _reach(graph, name) for name in graph}
    rings = {frozenset({name, *(other for other in reached[name] if name in reached[other])}) for name in graph}
    return [set(ring) for ring in rings if len(ring) > 1]


def _reach(graph: Graph, start: str) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        for name in graph[waiting.pop()] - reached:
            reached.add(name)
            waiting.append(name)
    return reached


def room(module: str) -> str:
    """What of the top of the package a module belongs to."""
    return module.split(".")[1] if "." in module else PACKAGE


def room_graph(graph: Graph) -> Graph:
    """Which room imports which; the package's own ``__init__``, which only names what there is, is none."""
    rooms: Graph = defaultdict(set)
    for module, imported in graph.items():
        if module != PACKAGE:
            rooms[room(module)] |= {room(other) for other in imported} - {room(module), PACKAGE}
    return dict(rooms)


def floors(rooms: Graph) -> dict[str, int]:
    """The floor of each room, the ground is 1; rooms of a circle share one."""
    ring = {name: frozenset({name}) for name in rooms} | {name: frozenset(r) for r in circles(rooms) for name in r}
    below = {one: {ring[other] for name in one for other in rooms[name]} - {one} for one in ring.values()}
    heights: dict[frozenset[str], int] = {}

    def height(one: frozenset[str]) -> int:
        if one not in heights:
            heights[one] = 1 + max((height(other) for other in below[one]), default=0)
        return heights[one]

    return {name: height(ring[name]) for name in rooms}


def layers() -> list[set[str]]:
    """The layers of the contract, the highest first."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(c for c in settings["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    return [{name.strip() for name in layer.replace(":", "|").split("|")} for layer in contract["layers"]]


def upward(graph: Graph) -> list[str]:
    """The imports of a module by one of a lower layer, or by another room of its own; rooms without a layer are left out."""
    position = {name: number for number, layer in enumerate(layers()) for name in layer}
    found = []
    for module, imported in graph.items():
        for other in imported:
            one, two = room(module), room(other)
            if one != two and one in position and two in position and position[one] >= position[two]:
                found.append(f"{module} -> {other}")
    return sorted(found)


def main() -> int:
    graph = import_graph(read_modules(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT))
    rooms = room_graph(graph)
    heights = floors(rooms)
    rings, wrong = circles(graph), upward(graph)
    for height in sorted(set(heights.values()), reverse=True):
        print(f"{height:>2}  {' '.join(sorted(name for name in rooms if heights[name] == height))}")
    print(f"rooms: {len(rooms)}, floors: {max(heights.values())}")
    print(f"circles: {len(rings)} {[len(ring) for ring in rings] if rings else ''}")
    print(f"upward imports: {len(wrong)}")
    for line in wrong[:20]:
        print(f"    {line}")
    return 1 if rings or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
