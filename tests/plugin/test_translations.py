"""German, Spanish and French: complete, with their placeholders, and compiled from what is written."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load_script():
    specification = importlib.util.spec_from_file_location("translations", ROOT / ".ci" / "translations.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


translations = load_script()


def test_texts_are_written_out_where_they_are_translated():
    import ast

    for file in (ROOT / "plugin").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "tr":
                assert isinstance(node.args[0], ast.Constant), f"{file}:{node.lineno}"


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_every_text_is_translated_with_its_placeholders(language):
    known = translations.read_translations(language)
    texts = translations.source_texts()
    assert [text for text in texts if text not in known] == []
    assert [text for text in known if text not in texts] == []
    assert {
        text: translations.problem(text, known[text]) for text in texts if translations.problem(text, known[text])
    } == {}


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_what_qt_reads_is_what_is_written(qgis_application, language):
    from qgis.PyQt.QtCore import QCoreApplication, QTranslator

    from plugin.i18n import tr

    translator = QTranslator()
    assert translator.load(str(translations.file_of(language).with_suffix(".qm")))
    QCoreApplication.installTranslator(translator)
    try:
        assert {source: tr(source) for source in translations.source_texts()} == translations.read_translations(
            language
        )
    finally:
        QCoreApplication.removeTranslator(translator)


def test_the_plugin_speaks_the_language_of_qgis(qgis_application, monkeypatch):
    from qgis.PyQt.QtCore import QCoreApplication, QSettings

    from plugin.i18n import tr
    from plugin.mmrisk_plugin import _install_translator

    before = tr("Map risk")
    QSettings().setValue("locale/userLocale", "de_AT")
    translator = _install_translator()
    try:
        assert tr("Map risk") == translations.read_translations("de")["Map risk"] != before
    finally:
        QCoreApplication.removeTranslator(translator)
        QSettings().remove("locale/userLocale")
    assert tr("Map risk") == before
