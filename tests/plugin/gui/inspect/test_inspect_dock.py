"""The dock of 'Inspect tile': what it shows of a tile, other values, 500 attributes, names for screen readers."""

import random

import pytest

from tests.plugin.gui.inspect.inspected_tile import attribute, cell, cells, edit, make_tile

LONG = (
    "an attribute with a name that is much longer than any dock is wide, as those of a geodatabase often are, number "
)
DOCK_WIDTH = 380
TOOL_TIP = 3


@pytest.fixture
def dock(qgis_application, qtbot):
    from plugin.gui.inspect.inspect_dock import InspectDock

    dock = InspectDock()
    qtbot.addWidget(dock)
    dock.resize(DOCK_WIDTH, 800)
    dock.show()
    qtbot.waitExposed(dock)
    return dock


# --- the dock ----------------------------------------------------------------------------------------------------------


def test_the_strongest_effect_comes_first(dock):
    dock.show_tile("Tile 17", make_tile())
    assert cells(dock) == [
        ["aadt", "18,400 ▲", "300 – 15,000", "+0.80"],
        ["Picture 'ortho'", "seen", "", "-0.50"],
        ["people", "7", "1 – 9", "-0.31"],
        ["width", "missing", "1 – 9", "-0.05"],
        ["road", "lane", "lane", "+0.02"],
    ]
    assert dock.risk.text() == "Risk 31 %, between 18 % and 47 % (90 % interval)"
    assert "aadt 18,400 against a typical 6,200 raises it" in dock.why.text()


def test_numbers_are_sorted_by_their_size(dock):
    from qgis.PyQt.QtCore import Qt

    attributes = [attribute(f"a{number}", float(number), 0.1) for number in (9, 100, -20, 3)]
    dock.show_tile("Tile", make_tile(attributes=[*attributes, attribute("none", None, 0.1)], images=[]))
    dock.table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert [row[1].split()[0] for row in cells(dock)] == ["-20", "3", "9", "100", "missing"]
    dock.filter.setText("A1")
    assert [row[0] for row in cells(dock)] == ["a100"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ["Beyond what 9 in 10 tiles of the training had: aadt.", "Missing: width."]),
        ({"coverage": 0.9, "attributes": []}, ["90 % of the imagery is there; the rest counts as unseen."]),
        ({"coverage": 0.3, "in_domain": False, "attributes": []}, ["Only 30 % of the imagery is there"]),
        ({"coverage": 0.0, "in_domain": False, "attributes": []}, ["There is no imagery here"]),
        ({"in_domain": False, "attributes": []}, ["unlike all that the model learnt from"]),
        ({"coverage": 0.0, "images": [], "attributes": []}, []),
    ],
)
def test_why_to_be_careful(dock, changes, words):
    dock.show_tile("Tile", make_tile(**changes))
    said = dock.warnings.text().splitlines()
    assert dock.warning_row.isVisible() == bool(words)
    assert len(said) == len(words)
    assert all(word in sentence for word, sentence in zip(words, said, strict=False))


def test_a_tile_that_was_learnt_from_is_no_reason_to_be_careful(dock):
    for learnt_from in (True, False):
        dock.show_tile("Tile", make_tile(learnt_from=learnt_from, attributes=[]))
        assert not dock.warning_row.isVisible()
        assert dock.learnt_from.isVisible() is learnt_from
    assert "The model was trained on this tile" in dock.learnt_from.text()


def test_nothing_that_is_said_speaks_of_causes(dock):
    from qgis.PyQt.QtWidgets import QAbstractButton, QLabel

    dock.show_tile("Tile", make_tile(in_domain=False))
    dock.show_changed(make_tile(risk_before=0.2), "The model would say 31 % instead of 20 %.")
    texts = [label.text() + label.toolTip() for label in dock.findChildren(QLabel)]
    texts += [button.text() + button.toolTip() for button in dock.findChildren(QAbstractButton)]
    assert len(texts) > 10
    assert not any("caus" in text.casefold() for text in texts)


# --- another value -----------------------------------------------------------------------------------------------------


def test_a_value_is_typed_and_taken_back(dock, qtbot):
    dock.show_tile("Tile", make_tile())
    assert not dock.what_if_button.isEnabled()
    assert edit(dock, "aadt", "5000")
    assert cell(dock, "aadt", 1).data() == "→ 5,000"
    assert cell(dock, "aadt", 1).data(TOOL_TIP) == "5,000 vehicles (was 18,400)"
    assert cell(dock, "aadt", 2).data(TOOL_TIP) == "300 to 15,000 vehicles, median 6,200"
    assert edit(dock, "road", "trunk")
    assert dock.table.attributes.changes() == {"aadt": 5000.0, "road": "trunk"}
    assert dock.what_if_button.isEnabled()
    with qtbot.waitSignal(dock.what_if, timeout=1000):
        dock.what_if_button.click()
    edit(dock, "aadt", "18400")
    edit(dock, "road", "")
    assert dock.table.attributes.changes() == {}
    assert not dock.what_if_button.isEnabled()


def test_what_is_no_number_is_refused_with_a_sentence(dock):
    dock.show_tile("Tile", make_tile())
    for text in ("much", "nan", "inf"):
        assert not edit(dock, "aadt", text)
        assert f"'{text}' is no number, which 'aadt' has to be." == dock.message.text()
    assert dock.table.attributes.changes() == {}


def test_a_value_is_changed_by_the_keyboard_alone(dock, qtbot):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtWidgets import QComboBox, QLineEdit

    dock.show_tile("Tile", make_tile())
    dock.activateWindow()
    dock.table.setFocus()
    dock.table.setCurrentIndex(cell(dock, "people", 1))
    qtbot.keyClick(dock.table, Qt.Key.Key_F2)
    editor = dock.table.viewport().findChild(QLineEdit)
    assert editor.accessibleName() == "New value"
    editor.setText("3")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dock.table.attributes.changes() == {"people": 3.0}, timeout=2000)
    dock.table.edit(cell(dock, "road", 1))
    box = dock.table.viewport().findChild(QComboBox)
    assert [box.itemText(row) for row in range(box.count())] == ["lane", "trunk"]


def test_pictures_and_effects_cannot_be_edited(dock):
    from qgis.PyQt.QtCore import Qt

    dock.show_tile("Tile", make_tile())
    for name, column, editable in (("Picture 'ortho'", 1, False), ("aadt", 1, True), ("aadt", 3, False)):
        assert bool(dock.table.model().flags(cell(dock, name, column)) & Qt.ItemFlag.ItemIsEditable) == editable


def test_a_changed_tile_is_told_beside_what_it_was(dock):
    dock.show_tile("Tile", make_tile())
    edit(dock, "people", "3")
    changed = make_tile(risk=0.44, risk_low=0.3, risk_high=0.6, risk_before=0.31)
    changed["attributes"][1] = attribute("people", 3.0, 0.4)
    dock.show_changed(changed, "moves")
    assert dock.risk.text() == "Risk 31 % → 44 %, between 30 % and 60 % (90 % interval)"
    assert cell(dock, "people", 1).data() == "→ 3"
    assert cell(dock, "people", 3).data() == "+0.40"
    assert dock.moved.isVisible()
    dock.show_unchanged(make_tile())
    assert cell(dock, "people", 1).data() == "7"
    assert not dock.moved.isVisible()


def test_how_the_risk_moves_is_told_of_one_and_of_many(qgis_application):
    from plugin.gui.inspect.sentences import change_sentence

    one = change_sentence({"risk_before": [0.31], "risk": [0.44]}, ["aadt"])
    assert one == "With other values of aadt the model would say 44 % instead of 31 %."
    many = change_sentence({"risk_before": [0.2, 0.4, 0.3], "risk": [0.3, 0.3, 0.6]}, list("abcde"))
    assert "of a, b, c and 2 more" in many
    assert "40 % instead of 30 %, as a mean of 3 selected tiles; more for 2, less for 1 of them" in many


# --- 500 attributes, accessibility -------------------------------------------------------------------------------------


def wide_tile():
    chance = random.Random(1)
    return make_tile(
        attributes=[attribute(f"{LONG}{n:03d}", chance.gauss(5, 3), chance.gauss(0, 0.4)) for n in range(500)],
        images=[{**make_tile()["images"][0], "name": LONG, "context": 3.0}] * 3,
    )


def test_500_attributes_with_long_names_leave_the_dock_narrow(dock, qtbot):
    dock.show_tile(LONG * 3, wide_tile())
    dock.table.sortByColumn(0, dock.table.horizontalHeader().sortIndicatorOrder())
    assert dock.table.model().rowCount() == 503
    assert dock.minimumSizeHint().width() <= DOCK_WIDTH
    assert dock.table.columnWidth(0) > 60
    assert cell(dock, f"{LONG}007", 0).data(TOOL_TIP) == f"{LONG}007"


def test_everything_that_takes_the_focus_has_a_name(dock):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtWidgets import QAbstractButton, QLineEdit, QTableView

    dock.show_tile("Tile", make_tile())
    own = list(vars(dock).values())
    buttons = [value for value in own if isinstance(value, QAbstractButton)]
    assert len(buttons) == 4
    assert all(button.text() and button.focusPolicy() != Qt.FocusPolicy.NoFocus for button in buttons)
    assert all(v.accessibleName() for v in own if isinstance(v, (QLineEdit, QTableView)))
    assert dock.bar.accessibleDescription() == dock.risk.text()
    effect = cell(dock, "people", 3).data(Qt.ItemDataRole.AccessibleTextRole)
    assert effect == "-0.310, lowers the risk"
