"""Texts of others stay text: what the helper does in Qt and QGIS themselves, and that nothing goes past it."""

import ast
from pathlib import Path

import pytest

from plugin.plain_text import JOINER, escaped, escaped_expression, literal, logged, menu_text

PLUGIN = Path(__file__).resolve().parents[2] / "plugin"
HOSTILE = [
    '<img src="file:///x.png">',
    "a unit <b>in bold</b>",
    "  <a href='http://127.0.0.1/'>x</a>",
    "&lt;b&gt; as somebody escaped it",
    "one line\n<i>another</i>",
    "<!doctype html><p>page</p>",
    "<?xml version='1.0'?><p>page</p>",
    "<script>alert(1)</script>",
    "[% env('HOME') %] \"'; -- & && a < b > c",
]
"""Ways in which a text begins to be markup for Qt, and characters that mean something elsewhere."""


def shown(document):
    """The text of a document of Qt; fails where anything in it is a picture or a link, or stands out."""
    block = document.begin()
    while block.isValid():
        part = block.begin()
        while not part.atEnd():
            form = part.fragment().charFormat()
            assert not form.isImageFormat(), part.fragment().text()
            assert not form.isAnchor(), part.fragment().text()
            part += 1
        block = block.next()
    return document.toPlainText()


@pytest.mark.parametrize("text", HOSTILE)
def test_an_escaped_text_is_shown_as_it_is_by_what_shows_html(text):
    from qgis.PyQt.QtGui import QTextDocument

    document = QTextDocument()
    document.setHtml(f"<p style='white-space: pre-wrap'>{escaped(text)}</p>")
    assert shown(document) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_literal_text_is_never_taken_for_markup(text):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtGui import QTextDocument

    for part in (text, f"The layer '{text}' is not there.", f"Tile\n{text}"):
        assert not Qt.mightBeRichText(literal(part))
        assert literal(part).replace(JOINER, "") == part
        assert literal(literal(part)) == literal(part)
        document = QTextDocument()
        document.setHtml(f"<b>All is HTML here:</b> {literal(part)}")
        shown(document)


def test_what_looks_like_no_markup_is_left_alone():
    assert literal("mean & sum > 3, R&D") == "mean & sum > 3, R&D"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_value_in_a_map_tip_is_escaped(qgis_application, text):
    from qgis.core import QgsExpression, QgsExpressionContext, QgsFeature, QgsField, QgsFields
    from qgis.PyQt.QtCore import QVariant

    fields = QgsFields()
    fields.append(QgsField("why", QVariant.String))
    feature = QgsFeature(fields)
    feature.setAttributes([text])
    context = QgsExpressionContext()
    context.setFields(fields)
    context.setFeature(feature)
    template = f"[% {escaped_expression('why')} %]"
    assert QgsExpression.replaceExpressionText(template, context) == escaped(text)


def test_a_menu_shows_ampersands(qtbot):
    from qgis.PyQt.QtWidgets import QAction

    # What Qt tells of an action without a tool tip is its text without the access key.
    assert QAction(menu_text("roads & <b>R&amp;D</b>"), None).toolTip() == "roads & <b>R&amp;D</b>"


def test_the_log_panel_and_the_message_bar_show_text(qgis_application, qtbot):
    from qgis.core import Qgis, QgsApplication
    from qgis.gui import QgsMessageBar, QgsMessageLogViewer
    from qgis.PyQt.QtWidgets import QPlainTextEdit, QTextBrowser

    log, bar = QgsMessageLogViewer(), QgsMessageBar()
    for widget in (log, bar):
        qtbot.addWidget(widget)
    for text in HOSTILE:
        QgsApplication.messageLog().logMessage(logged(text, Qgis.versionInt()), "MMRisk")
        bar.pushMessage("MMRisk", escaped(text))
    for edit in (*log.findChildren(QPlainTextEdit), *bar.findChildren(QTextBrowser)):
        shown(edit.document())
    # Spaces run together there, and lines are indented.
    said = [" ".join(edit.toPlainText().split()) for edit in log.findChildren(QPlainTextEdit)]
    # From 3.44 on the bar's messages are kept there too, as HTML in a place that shows text.
    wanted = [" ".join(text.split()) for text in HOSTILE if "\n" not in text]
    assert any(all(text in tab.replace("\xa0", " ") for text in wanted) for tab in said)


# --- nothing goes past it ----------------------------------------------------------------------------------------------

ANY = {"escaped", "literal"}
SINKS = {
    # What shows HTML in any case, and which argument is shown.
    "pushMessage": (1, {"escaped"}),
    "logMessage": (0, {"logged"}),
    "setAbstract": (0, {"escaped"}),
    # What looks whether a text is markup.
    "setToolTip": (0, {"literal"}),
    "setWhatsThis": (0, {"literal"}),
    "setStatusTip": (0, {"literal"}),
    "showText": (1, {"literal"}),
    "setProgressText": (0, {"literal"}),
    # A message box has a parent and a title first.
    "question": (2, {"literal"}),
    "warning": (2, {"literal"}),
    "information": (2, {"literal"}),
    "critical": (2, {"literal"}),
    "about": (2, {"literal"}),
    "setInformativeText": (0, {"literal"}),
    # QGIS escapes them in a dialog, and logs some of them as HTML.
    "pushInfo": (0, ANY),
    "pushWarning": (0, ANY),
    "pushDebugInfo": (0, ANY),
    "pushCommandInfo": (0, ANY),
    "pushConsoleInfo": (0, ANY),
    "reportError": (0, ANY),
    "pushFormattedMessage": (0, {"escaped"}),
    "setMapTipTemplate": (0, set()),
}
PASSED_ON = {("gui/algorithm_runner.py", "setProgressText")}
"""A feedback that hands on what it was given."""


def is_own(node):
    """Whether a text is the plugin's own: written out, or translated."""
    if isinstance(node, ast.JoinedStr):
        return all(isinstance(part, ast.Constant) for part in node.values)
    if isinstance(node, ast.IfExp):
        return is_own(node.body) and is_own(node.orelse)
    # A name in capitals is a constant.
    is_constant = isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id.isupper())
    return is_constant or (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "tr")


def passing(tree):
    """Calls that show a text which is neither the plugin's own nor went through what its place needs."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr not in SINKS:
            continue
        position, helpers = SINKS[node.func.attr]
        text = node.args[position] if len(node.args) > position else None
        went = isinstance(text, ast.Call) and getattr(text.func, "id", "") in helpers
        if text is None or not (is_own(text) or went):
            yield node


def test_what_goes_past_is_found():
    code = 'bar.pushMessage("M", name); item.setToolTip(f"{name}"); QMessageBox.question(self, "M", tr("a {n}").format(n=1))'
    assert len(list(passing(ast.parse(code)))) == 3
    fine = 'bar.pushMessage("M", escaped(name)); item.setToolTip(tr("Up")); action.setToolTip(literal(f"{name}"))'
    assert list(passing(ast.parse(fine))) == []
    assert len(list(passing(ast.parse('bar.pushMessage("M", literal(name))')))) == 1


def test_nothing_goes_past_the_helper():
    found = []
    for file in sorted(PLUGIN.rglob("*.py")):
        name = file.relative_to(PLUGIN).as_posix()
        for call in passing(ast.parse(file.read_text(encoding="utf-8"))):
            if (name, call.func.attr) not in PASSED_ON:
                found.append(f"{name}:{call.lineno} {call.func.attr}")
    assert found == []


def test_labels_with_markup_are_few():
    """They are made as plain text; which of them are not can be looked through."""
    rich = {file.name for file in PLUGIN.rglob("*.py") if "TextFormat.RichText" in file.read_text(encoding="utf-8")}
    assert rich == {"area_step.py", "map_step.py"}


def methods(*names):
    """Methods of algorithms, with the file that they are in."""
    for file in sorted((PLUGIN / "processing").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name in names:
                yield file.name, node


def test_failures_of_algorithms_are_plain():
    """QGIS writes them into its log as HTML."""
    decorated = {
        f"{file} {method.name}": [getattr(one, "id", "") for one in method.decorator_list]
        for file, method in methods("prepareAlgorithm", "processAlgorithm")
    }
    assert len(decorated) >= 4
    assert [name for name, found in decorated.items() if "plain_failures" not in found] == []


def test_why_parameters_do_not_do_is_plain():
    """QGIS shows it in a message box."""
    answers = []
    for file, method in methods("checkParameterValues", "canExecute"):
        for node in ast.walk(method):
            if isinstance(node, ast.Tuple) and isinstance(node.elts[0], ast.Constant) and node.elts[0].value is False:
                answers.append((f"{file} {ast.unparse(node.elts[1])}", node.elts[1]))
    assert len(answers) >= 4
    assert [
        name
        for name, text in answers
        # That the engine is not set up is the plugin's own sentence.
        if not is_own(text) and getattr(text.func, "id", "") not in ("literal", "missing_sentence")
    ] == []
