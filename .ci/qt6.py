"""Checks, without QGIS, that the plugin's Qt holds in Qt 6: run it where PyQt6 is and QGIS is not.

Every name that the plugin takes from ``qgis.PyQt`` must be in PyQt6, and so must every attribute of such a name, which
finds enums without their scope and what Qt 6 took away. Modules that need nothing else of QGIS are imported.
"""

import ast
import importlib
import sys
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# QGIS 4 offers these where Qt 5 had them.
MOVED = {"QAction": "QtGui", "QActionGroup": "QtGui", "QShortcut": "QtGui", "QUndoStack": "QtGui"}
RENAMED = {"exec_", "print_"}


def main() -> int:
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in sorted((ROOT / "plugin").rglob("*.py"))}
    problems = [problem for file, tree in trees.items() for problem in problems_of(file.relative_to(ROOT), tree)]
    stand_in_for_qgis()
    free = [file for file in trees if needs_no_qgis(file, trees)]
    for file in free:
        name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        if name.endswith("__main__"):
            continue
        try:
            importlib.import_module(name)
        except Exception as error:
            problems.append(f"{file.relative_to(ROOT)}: cannot be imported with PyQt6: {error}")
    print("\n".join(problems) or f"Qt 6: {len(trees)} modules checked, {len(free)} of them imported with PyQt6")
    return 1 if problems else 0


def problems_of(file: Path, tree: ast.Module) -> list:
    """Return sentences on what of Qt in a module is not in PyQt6."""
    found, known = [], {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("qgis.PyQt."):
            for alias in node.names:
                part = importlib.import_module("PyQt6." + MOVED.get(alias.name, node.module.split(".")[-1]))
                if hasattr(part, alias.name):
                    known[alias.asname or alias.name] = getattr(part, alias.name)
                else:
                    found.append(f"{file}:{node.lineno}: PyQt6 has no {node.module}.{alias.name}")
        if isinstance(node, (ast.Import, ast.ImportFrom)) and "PyQt5" in ast.unparse(node):
            found.append(f"{file}:{node.lineno}: PyQt5 is imported by name")
        if isinstance(node, ast.Attribute) and node.attr in RENAMED:
            found.append(f"{file}:{node.lineno}: {node.attr} is called {node.attr[:-1]} in PyQt6")
    for node in ast.walk(tree):
        names = dotted(node)
        if names and names[0] in known:
            value = known[names[0]]
            for name in names[1:]:
                if not hasattr(value, name):
                    found.append(f"{file}:{node.lineno}: PyQt6 has no {'.'.join(names)}")
                    break
                value = getattr(value, name)
    return found


def dotted(node: ast.AST) -> list:
    """Return the names of ``A.b.c``; nothing for what is no such chain."""
    names = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return [node.id, *reversed(names)] if isinstance(node, ast.Name) and names else []


def needs_no_qgis(file: Path, trees: dict, seen: frozenset = frozenset()) -> bool:
    """Whether a module, and what it imports of the plugin, takes nothing from QGIS but Qt."""
    if file in seen:
        return True
    for node in ast.walk(trees[file]):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            modules = [node.module]
        if any(name.split(".")[0] in ("qgis", "processing", "osgeo") and "PyQt" not in name for name in modules):
            return False
        if isinstance(node, ast.ImportFrom) and node.level:
            folder = file.parents[node.level - 1] / Path(*(node.module or "").split("."))
            names = [folder.with_suffix(".py"), *(folder / f"{alias.name}.py" for alias in node.names)]
            if not all(needs_no_qgis(one, trees, seen | {file}) for one in names if one in trees):
                return False
    return True


def stand_in_for_qgis() -> None:
    """Let ``qgis.PyQt`` be PyQt6."""
    sys.path.insert(0, str(ROOT))
    qgis, sys.modules["qgis.PyQt"] = types.ModuleType("qgis"), types.ModuleType("qgis.PyQt")
    sys.modules["qgis"] = qgis
    for name in ("QtCore", "QtGui", "QtWidgets", "QtNetwork", "QtXml"):
        sys.modules[f"qgis.PyQt.{name}"] = importlib.import_module(f"PyQt6.{name}")
    for name, place in MOVED.items():
        setattr(sys.modules["qgis.PyQt.QtWidgets"], name, getattr(sys.modules[f"qgis.PyQt.{place}"], name))


if __name__ == "__main__":
    sys.exit(main())
