"""Numbers in the form of the locale, in all windows."""

import ast
import re
from pathlib import Path

import pytest

GUI = Path(__file__).resolve().parents[2] / "plugin" / "gui"
# A command is for a shell, not for a reader; sizes of installations are told by the pages of the engine themselves.
NAMES = "/data/2020.1/roads_1.5.gpkg, 1.2.3, 2020-07-01, tile_1.5"
NOT_FOR_READERS = {"qgis_process_command.py", "options_page.py", "plan_sentences.py"}


@pytest.mark.parametrize(
    ("language", "text", "written"),
    [
        ("de_DE", "1,234,567.5 tiles, +0.81 (-0.02)", "1.234.567,5 tiles, +0,81 (-0,02)"),
        ("de_DE", NAMES, NAMES),
        ("en_GB", "1,234.5", "1,234.5"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_the_locale_writes_them(qgis_application, language, text, written):
    from qgis.PyQt.QtCore import QLocale

    from plugin.locale_numbers import localised

    before = QLocale()
    QLocale.setDefault(QLocale(language))
    try:
        assert localised(text) == written
    finally:
        QLocale.setDefault(before)


def test_every_number_of_the_windows_is_localised():
    bare = []
    for file in sorted(GUI.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        localised = {
            id(inner)
            for call in calls
            if getattr(call.func, "id", "") == "localised"
            for inner in ast.walk(call)
            if isinstance(inner, ast.JoinedStr)
        }
        texts = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) and id(node) not in localised]
        bare += [
            f"{file.name}:{text.lineno}" for text in texts if writes_a_number(text) and file.name not in NOT_FOR_READERS
        ]
    assert bare == []


def writes_a_number(text):
    formats = [part.format_spec for part in text.values if isinstance(part, ast.FormattedValue) and part.format_spec]
    return any(re.search(r"[,fg%]'?\)?$", ast.unparse(one).rstrip("\"'")) for one in formats)
