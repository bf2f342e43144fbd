"""The panel without a window of QGIS: what its steps would run, what they say, and what is left of it."""

import pytest

LONG = (
    "a layer with a name that is much longer than any panel is wide, as those that come out of a geodatabase often are"
)
PANEL_WIDTH = 380


def pick(box, layer):
    """Choose a layer as a user does."""
    box.setLayer(layer)
    box.activated.emit(box.currentIndex())


def tick(box, *texts):
    """Tick exactly these entries."""
    box.deselectAllOptions()
    box.setCheckedItems(list(texts))


def tick_in_list(check_list, names):
    """Tick these entries of a list."""
    from qgis.PyQt.QtCore import Qt

    for row, name in enumerate(check_list.keys()):
        if name in names:
            check_list.list.item(row).setCheckState(Qt.CheckState.Checked)


def only_step(page):
    (step,) = page.steps()
    return step.parameters


# --- area --------------------------------------------------------------------------------------------------------------


def test_without_an_extent_the_canvas_is_tiled(make_panel, canvas):
    panel = make_panel()
    assert panel.area.extent.follows_canvas()
    shown = canvas.extent()
    parameters = only_step(panel.area)
    assert parameters["LAYOUT"] == 0
    assert parameters["EXTENT"].xMinimum() == pytest.approx(shown.xMinimum())
    assert parameters["EXTENT"].crs().authid() == "EPSG:32619"
    assert "SPACING" not in parameters


def test_preview_follows_choices_and_the_canvas(make_panel, canvas, qtbot):
    from qgis.PyQt.QtCore import Qt

    panel = make_panel()
    preview = panel.area.grid_preview
    assert not preview.is_shown()
    qtbot.mouseClick(panel.area.preview, Qt.MouseButton.LeftButton, pos=panel.area.preview.rect().center() * 0.1)
    panel.area.preview.setChecked(True)
    qtbot.waitUntil(preview.is_shown, timeout=2000)
    before = panel.area.grid().count
    canvas.zoomByFactor(0.5)
    qtbot.waitUntil(lambda: f"<b>{panel.area.grid().count:,} tiles" in panel.area.summary.text(), timeout=2000)
    assert panel.area.grid().count < before
    panel.area.tile_size.setValue(0.5)
    qtbot.waitUntil(lambda: "Only the border" in panel.area.summary.text(), timeout=2000)
    panel.tabs.setCurrentIndex(1)
    assert not preview.is_shown()


def test_layouts_ask_for_the_layers_that_they_follow(make_panel, layers):
    panel = make_panel()
    for layout, wanted in ((1, layers["roads"]), (2, layers["crashes"]), (3, layers["zones"])):
        panel.area.layout_box.setCurrentIndex(layout)
        parameters = only_step(panel.area)
        assert parameters["INPUT"] == wanted
        assert "EXTENT" not in parameters
        assert ("TILE_SIZE" in parameters) == (layout != 3)
    assert not panel.area.tile_size.isVisible()


def test_the_time_is_told_by_the_last_run(make_panel, qtbot):
    from plugin.gui.panel.durations import remember_rate

    panel = make_panel()
    panel.area.update_summary()
    assert "after the first run" in panel.area.summary.text()
    remember_rate("tiles_created_per_second", 49, 1)
    panel.area.update_summary()
    assert "after the first run" in panel.area.summary.text()
    remember_rate("tiles_created_per_second", 100, 10)
    panel.area.update_summary()
    assert panel.area.summary.text().endswith(f"Takes about {round(panel.area.grid().count / 10)} s.")


# --- data --------------------------------------------------------------------------------------------------------------


def test_joins_are_chained_and_told_in_sentences(make_panel, layers, qtbot):
    panel = make_panel()
    panel.data.tiles.setLayer(layers["zones"])
    panel.data.add_button.click()
    pick(panel.data.layer, layers["roads"])
    tick(panel.data.statistics, "Count", "Mean", "Length (m)")
    tick_in_list(panel.data.fields, ["aadt"])
    panel.data.add_button.click()
    pick(panel.data.layer, layers["crashes"])
    tick(panel.data.statistics, "Distance to nearest (m)")
    first, second = panel.data.steps()
    assert first.parameters["INPUT"] == layers["roads"]
    assert first.parameters["STATISTICS"] == [0, 1, 5]
    assert first.parameters["FIELDS"] == ["aadt"]
    assert first.chained is None
    assert second.parameters["INPUT"] == layers["crashes"]
    assert second.parameters["STATISTICS"] == [10]
    assert second.chained == "TILES"
    qtbot.waitUntil(lambda: "distance" in panel.data.sentences.text(), timeout=2000)
    assert panel.data.sentences.text() == (
        "Main roads: count, length (m), mean of aadt in each tile → "
        "main_roads_count, main_roads_length, main_roads_aadt_mean\n"
        "crashes: distance to nearest (m) in each tile → crashes_distance"
    )


def test_what_is_missing_is_said_instead_of_run(make_panel, layers):
    panel = make_panel()
    panel.data.run_button.click()
    assert "with the button 'Add'" in panel.message.text()
    panel.data.add_button.click()
    pick(panel.data.layer, layers["roads"])
    tick(panel.data.statistics, "Mean")
    panel.data.run_button.click()
    assert panel.message.text() == "Choose the fields of the layer 'Main roads' that are to be taken."
    panel.train.run_button.click()
    assert "there is nothing to learn from" in panel.message.text()
    panel.map.run_button.click()
    assert "Choose a model" in panel.message.text()


def test_statistics_are_those_of_the_geometry(make_panel, layers):
    panel = make_panel()
    panel.data.add_button.click()
    for name, has, lacks in (("roads", "Length (m)", "Area (m²)"), ("zones", "Area (m²)", "Length (m)")):
        pick(panel.data.layer, layers[name])
        shown = [panel.data.statistics.itemText(row) for row in range(panel.data.statistics.count())]
        assert has in shown
        assert lacks not in shown


def test_a_layer_that_is_removed_takes_its_join_along(make_panel, layers, project):
    panel = make_panel()
    panel.data.add_button.click()
    pick(panel.data.layer, layers["crashes"])
    panel.data.add_button.click()
    pick(panel.data.layer, layers["roads"])
    assert len(panel.data.choices().joins) == 2
    project.removeMapLayer(layers["roads"].id())
    assert [join.layer for join in panel.data.choices().joins] == [layers["crashes"].id()]
    assert panel.data.table.rowCount() == 1


# --- train -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def wide_table(project):
    """Tiles with 500 attributes whose names are long."""
    from qgis.core import QgsField, QgsVectorLayer
    from qgis.PyQt.QtCore import QVariant

    layer = QgsVectorLayer("Polygon?crs=EPSG:32619&field=tile_id:string&field=label:int", LONG, "memory")
    names = [f"{'attribute_with_a_long_name_' * 3}{number:03d}" for number in range(500)]
    layer.dataProvider().addAttributes([QgsField(name, QVariant.Double) for name in names])
    layer.updateFields()
    project.addMapLayer(layer)
    return layer, names


def test_500_attributes_are_found_and_ticked(make_panel, wide_table, qtbot):
    panel = make_panel()
    _, names = wide_table
    panel.tabs.setCurrentIndex(2)
    features = panel.train.features
    assert features.keys() == names
    qtbot.keyClicks(features.filter, "_49")
    shown = [row for row in range(500) if not features.list.item(row).isHidden()]
    assert len(shown) == 10
    all_button, none_button = features.buttons
    all_button.click()
    assert features.checked() == names[490:]
    none_button.click()
    assert features.checked() == []
    features.filter.clear()
    all_button.click()
    assert len(features.checked()) == 500


def test_long_names_leave_the_panel_narrow(make_panel, wide_table, layers, qtbot):
    panel = make_panel()
    layer, names = wide_table
    panel.data.add_button.click()
    pick(panel.data.layer, layer)
    tick(panel.data.statistics, "Mean")
    tick_in_list(panel.data.fields, names)
    panel.train.features.set_entries([(name, name) for name in names], names)
    panel.say("x" * 300, True)
    for number, page in enumerate(panel.pages()):
        panel.tabs.setCurrentIndex(number)
        assert page.minimumSizeHint().width() <= PANEL_WIDTH
    assert panel.minimumSizeHint().width() <= PANEL_WIDTH
    qtbot.waitUntil(lambda: "494 more" in panel.data.sentences.text(), timeout=2000)


def test_training_labels_first_where_events_are_chosen(make_panel, layers, tmp_path):
    panel = make_panel()
    train = panel.train
    train.tiles.setLayer(layers["zones"])
    train.features.set_entries([("people", "people")], ["people"])
    train.model.setFilePath(str(tmp_path / "model"))
    train.rule.setCurrentIndex(1)
    train.advanced["EPOCHS"].setValue(7)
    label, learn = train.steps()
    assert label.algorithm == "mmrisk:labeltiles"
    assert (label.parameters["RULE"], label.parameters["THRESHOLD"]) == (1, 0.1)
    assert learn.chained == "TILES"
    assert learn.parameters["LABEL"] == "label"
    assert learn.parameters["EPOCHS"] == 7
    assert learn.parameters["MODEL"] == str(tmp_path / "model.safetensors")
    assert learn.parameters["REPORT"] == str(tmp_path / "model.html")
    train.by_field.click()
    train.label.setField("people")
    (learn,) = train.steps()
    assert learn.parameters["LABEL"] == "people"


def labelled_tiles(project, **label):
    """A layer whose recipe tells how its field ``label`` was made."""
    import json

    from qgis.core import QgsVectorLayer

    from plugin.layers.recipes import write_recipe

    fields = "&".join(f"field={name}:double" for name in ("label", "vkm", "metres", "roads_length", "own"))
    layer = QgsVectorLayer(f"Polygon?crs=EPSG:32619&{fields}", "labelled", "memory")
    write_recipe(layer, json.dumps({"label": {"layer": "crashes", "rule": "count", "threshold": 1, **label}}))
    project.addMapLayer(layer)
    return layer


def test_a_label_computed_from_ticked_attributes_is_told_in_red_before_training(make_panel, project):
    panel = make_panel()
    train = panel.train
    panel.tabs.setCurrentIndex(2)
    bayes = labelled_tiles(project, empirical_bayes="label", exposure_field="vkm", length_field="metres")
    train.tiles.setLayer(bayes)
    train.by_field.click()
    train.label.setField("label")
    assert not train.circular.isVisible()
    tick_in_list(train.features, ["own", "vkm"])
    assert train.circular.isVisible()
    assert train.circular.text().startswith("Beware: the label was computed from vkm. ")
    assert "color: #" in train.circular.styleSheet()
    tick_in_list(train.features, ["metres"])
    assert "computed from vkm, metres. " in train.circular.text()
    train.by_events.click()
    assert not train.circular.isVisible()
    train.by_field.click()
    assert train.circular.isVisible()
    train.label.setField("own")
    assert not train.circular.isVisible()
    train.tiles.setLayer(labelled_tiles(project, empirical_bayes="columns", exposure_field="vkm"))
    train.label.setField("label")
    tick_in_list(train.features, ["vkm"])
    assert not train.circular.isVisible()


def test_an_encoder_begins_at_random_where_the_panel_says_none(make_panel, layers, tmp_path):
    train = make_panel().train
    train.tiles.setLayer(layers["zones"])
    train.features.set_entries([("people", "people")], ["people"])
    train.model.setFilePath(str(tmp_path / "model"))
    assert train.steps()[-1].parameters["WEIGHTS"] is None
    train.advanced["WEIGHTS"].setFilePath("none")
    assert train.steps()[-1].parameters["WEIGHTS"] == "none"
    assert train.choices().advanced["WEIGHTS"] == "none"


def test_a_model_is_not_replaced_without_asking(make_panel, layers, tmp_path, monkeypatch):
    from qgis.PyQt.QtWidgets import QMessageBox

    panel = make_panel()
    panel.train.tiles.setLayer(layers["zones"])
    panel.train.features.set_entries([("people", "people")], ["people"])
    (tmp_path / "model.safetensors").write_text("precious")
    panel.train.model.setFilePath(str(tmp_path / "model.safetensors"))
    asked = []

    def refuse(*arguments):
        asked.append(arguments[2])
        return QMessageBox.StandardButton.No

    monkeypatch.setattr(QMessageBox, "question", refuse)
    panel.train.run_button.click()
    assert len(asked) == 1
    assert not panel._runner.is_busy()


# --- state, labels, unloading ------------------------------------------------------------------------------------------


def test_everything_that_takes_the_focus_has_a_name(make_panel, layers):
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QListWidget, QSpinBox, QTableWidget

    panel = make_panel()
    panel.data.add_button.click()
    for page in panel.pages():
        own = [value for value in vars(page).values() if isinstance(value, QAbstractButton)]
        assert own
        assert all(button.text() and button.focusPolicy() != Qt.FocusPolicy.NoFocus for button in own)
        for value in (*vars(page).values(), *getattr(page, "advanced", {}).values()):
            if isinstance(value, (QComboBox, QLineEdit, QListWidget, QSpinBox, QTableWidget)):
                assert value.accessibleName(), value


def test_removing_the_panel_leaves_nothing_on_the_canvas(make_panel, canvas, layers, project, qtbot):
    from qgis.gui import QgsRubberBand
    from qgis.PyQt.QtCore import QCoreApplication, QEvent

    def bands():
        return [item for item in canvas.scene().items() if isinstance(item, QgsRubberBand)]

    before = len(bands())
    panel = make_panel()
    assert len(bands()) == before + 1
    panel.remove()
    panel.remove = lambda: None
    panel.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    panel.deleteLater = lambda: None
    assert len(bands()) == before
    # What a panel listened to goes on without it.
    canvas.zoomByFactor(2)
    project.removeMapLayer(layers["roads"].id())
    project.clear()
    qtbot.wait(200)
