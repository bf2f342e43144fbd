"""QGIS 4 has its enums with their scope only, as PyQt6 has: ``Qgis.MessageLevel.Info``, not ``Qgis.Info``."""

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / ".ci"))

from qt6 import dotted  # noqa: E402


def unscoped_enums(tree):
    """The chains of names, of classes of QGIS, that are a member of an enum without its scope."""
    import qgis.core
    import qgis.gui

    found = []
    for node in ast.walk(tree):
        names = dotted(node)
        start = names and (getattr(qgis.core, names[0], None) or getattr(qgis.gui, names[0], None))
        value = start and getattr(start, names[1], None)
        if isinstance(value, int) and type(value) not in (int, bool):
            found.append(".".join(names))
    return found


def test_what_is_looked_for_is_found(qgis_application):
    code = "Qgis.Info; Qgis.MessageLevel.Info; QgsWkbTypes.NullGeometry; QgsProcessingParameterNumber.Type.Double"
    assert unscoped_enums(ast.parse(code)) == ["Qgis.Info", "QgsWkbTypes.NullGeometry"]


def test_every_enum_of_qgis_has_its_scope(qgis_application):
    found = {
        str(file.relative_to(ROOT)): names
        for file in (ROOT / "plugin").rglob("*.py")
        if (names := unscoped_enums(ast.parse(file.read_text(encoding="utf-8"))))
    }
    assert found == {}
