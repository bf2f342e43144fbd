"""The events that make the label: which layer they are, and that nothing is learnt from them as well."""

import json

import pytest

EVENTS = [
    "crashes", "Crashes_2019", "Traffic accidents", "collisions", "stats19 casualties", "KSI 2018-2022", "Unfälle 2019",
    "Verkehrsunfaelle", "unfaelle", "accidentes", "Siniestros viales", "accidents corporels", "BAAC 2022", "fatal_2020",
]  # fmt: skip
OTHERS = [
    "complaints",
    "junctions",
    "311 requests",
    "trees",
    "bus stops",
    "risks",
    "skating",
    "Points",
    "parking fatigue zones",
]


def points(project, name, *places, crs="EPSG:32619"):
    from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsVectorLayer

    layer = QgsVectorLayer(f"Point?crs={crs}", name, "memory")
    features = []
    for x, y in places:
        feature = QgsFeature()
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(x, y)))
        features.append(feature)
    assert layer.dataProvider().addFeatures(features)[0]
    layer.updateExtents()
    project.addMapLayer(layer)
    return layer


def tiles(project, *fields, recipe=None, count=4):
    """Squares of 100 m in a row."""
    from qgis.core import QgsFeature, QgsGeometry, QgsRectangle, QgsVectorLayer

    from plugin.layers.recipes import write_recipe

    layer = QgsVectorLayer(
        "Polygon?crs=EPSG:32619" + "".join(f"&field={name}:double" for name in fields), "Tiles", "memory"
    )
    made = []
    for number in range(count):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(100 * number, 0, 100 * number + 100, 100)))
        made.append(feature)
    assert layer.dataProvider().addFeatures(made)[0]
    if recipe:
        write_recipe(layer, json.dumps(recipe))
    project.addMapLayer(layer)
    return layer


@pytest.mark.parametrize(("name", "fits"), [*((name, True) for name in EVENTS), *((name, False) for name in OTHERS)])
def test_a_layer_of_points_is_taken_by_its_name_alone(project, make_panel, name, fits):
    points(project, "complaints of last year")
    layer = points(project, name)
    panel = make_panel()
    assert (panel.train.events.currentLayer() == layer) is fits
    if not fits:
        assert panel.train.events.currentLayer() is None


def test_a_layer_that_comes_later_is_taken_and_of_two_none(project, make_panel):
    panel = make_panel()
    assert panel.train.events.currentLayer() is None
    first = points(project, "crashes")
    assert panel.train.events.currentLayer() == first
    project.removeMapLayer(first)
    points(project, "crashes 2018")
    points(project, "crashes 2019")
    other = make_panel()
    assert other.train.events.currentLayer() is None
    other.train.tiles.setLayer(tiles(project, "roads"))
    other.train.model.setFilePath("x")
    other.train.features.set_entries([("roads", "roads")], ["roads"])
    with pytest.raises(Exception, match="Choose the layer of events"):
        other.train.steps()


def test_events_are_never_proposed_as_attributes(project, make_panel):
    made = tiles(project)
    events = points(project, "crashes")
    complaints = points(project, "complaints")
    panel = make_panel()
    panel.data.tiles.setLayer(made)
    said = []
    panel.data.said.connect(lambda sentence, _: said.append(sentence))
    panel.data.add_join()
    assert [join.layer for join in panel.data.choices().joins] == [complaints.id()]
    panel.data.remove_join()
    # Chosen by hand, it is no attribute either.
    panel.train.events.setLayer(complaints)
    panel.data.add_join()
    assert not panel.data.choices().joins
    assert "but the events" in said[-1]
    assert events.id() not in {join.layer for join in panel.data.choices().joins}


def join(layer, prefix):
    return {"layer": layer, "geometry": "point", "fields": [], "statistics": ["count"], "prefix": prefix}


def test_columns_of_the_events_are_marked_and_left_out(project, make_panel):
    points(project, "crashes")
    recipe = {"joins": [join("crashes", "crashes_"), join("roads", "roads_")]}
    made = tiles(project, "crashes_count", "roads_count", recipe=recipe)
    panel = make_panel()
    train = panel.train
    panel.tabs.setCurrentIndex(2)
    train.tiles.setLayer(made)
    assert train.features.checked() == ["roads_count"]
    texts = [train.features.list.item(row).text() for row in range(train.features.list.count())]
    assert texts == ["crashes_count (made from the events)", "roads_count"]
    train.features.buttons[0].click()
    assert train.features.checked() == ["roads_count"]
    assert not train.circular.isVisible()
    from qgis.PyQt.QtCore import Qt

    train.features.list.item(0).setCheckState(Qt.CheckState.Checked)
    assert train.circular.isVisible()
    assert train.circular.text().startswith("Beware: crashes_count come from the events")
    # Another layer makes the label: now they are attributes as any.
    train.events.setLayer(points(project, "complaints"))
    assert not train.circular.isVisible()
    train.events.setLayer(project.mapLayersByName("crashes")[0])
    assert train.features.checked() == ["roads_count"]


def test_a_model_that_learnt_from_the_events_is_used_only_after_a_question(project, make_panel, monkeypatch):
    from qgis.PyQt.QtWidgets import QMessageBox

    train = make_panel().train
    train._trained = "model.safetensors"
    figures = {"auc": 1.0, "auc_low": 0.99, "auc_high": 1.0}
    validation = {
        "figures": figures, "kind": "spatial", "leaking": ["crashes_count"], "label_attributes": [], "observed_later": None,
        "challengers": {}, "differences": {}, "heads": {}, "random": None,
    }  # fmt: skip
    train._show_result({"validation": validation})
    assert "crashes_count come from the events" in train.verdict_circular.text()
    asked, used = [], []
    train.model_chosen.connect(used.append)
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]

    def answer(*arguments):
        asked.append(arguments[2])
        return answers[len(asked) - 1]

    monkeypatch.setattr(QMessageBox, "question", answer)
    train.use_button.click()
    assert used == []
    assert "its figures mean nothing" in asked[0]
    train.use_button.click()
    assert used == ["model.safetensors"]
    train._show_result({"validation": {**validation, "leaking": []}})
    train.use_button.click()
    assert len(asked) == 2
    assert len(used) == 2


def test_the_preview_is_what_label_tiles_does(project, make_panel, qtbot):
    made = tiles(project, "roads")
    points(project, "crashes", (50, 50), (150, 50), (151, 50), (350, 50))
    panel = make_panel()
    panel.tabs.setCurrentIndex(2)
    train = panel.train
    train.tiles.setLayer(made)

    def told(text):
        qtbot.waitUntil(lambda: text in train.preview.sentence.text(), timeout=60000)

    told("3 of 4 tiles would be high-risk. That is few to learn from")
    train.threshold.setValue(2)
    assert train.preview.sentence.text() == ""
    told("1 of 4 tiles would be high-risk.")
    train.threshold.setValue(5)
    told("0 of 4 tiles would be high-risk. Nothing can be learnt from that: lower the threshold")
    train.events.setLayer(points(project, "crashes elsewhere", (400_000, 5_000_000)))
    told("None of 1 event of 'crashes elsewhere' lies in a tile")
    assert "EPSG:32619" in train.preview.sentence.text()
    panel.tabs.setCurrentIndex(0)
    assert not panel._runner.is_busy()


def raster(project, folder, left=0, top=1000, crs=32619, name="ortho"):
    from osgeo import gdal, osr
    from qgis.core import QgsRasterLayer

    path = str(folder / f"{name}.tif")
    made = gdal.GetDriverByName("GTiff").Create(path, 10, 10, 1)
    made.SetGeoTransform((left, 100, 0, top, 0, -100))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(crs)
    made.SetProjection(reference.ExportToWkt())
    del made
    layer = QgsRasterLayer(path, name)
    project.addMapLayer(layer)
    return layer


def test_tiles_come_where_imagery_and_events_are_unless_the_user_says(project, make_panel, tmp_path):
    raster(project, tmp_path)
    panel = make_panel()
    extent = panel.area.extent
    assert extent.follows_canvas()
    # Records of the western half only.
    points(project, "crashes", *((25 + 20 * n, 40 * n) for n in range(25)))
    shared = extent.chosen()
    assert not extent.follows_canvas()
    assert shared.crs().authid() == "EPSG:32619"
    assert (shared.xMinimum(), shared.yMaximum()) == pytest.approx((0, 1000), abs=1)
    assert 505 < shared.xMaximum() < 750
    (step,) = panel.area.steps()
    assert step.parameters["EXTENT"] == shared
    extent.restore("100,200,100,200 [EPSG:32619]")
    assert extent.chosen().width() == 100
    panel.area.layout_box.setCurrentIndex(2)
    extent.clear()
    assert extent.is_left_open()


def test_imagery_and_events_that_do_not_meet_say_nothing_of_an_extent(project, make_panel, tmp_path):
    raster(project, tmp_path)
    points(project, "crashes", (500_000, 500_000), (500_100, 500_100))
    assert make_panel().area.extent.follows_canvas()


@pytest.mark.parametrize("by", ["cleared", "opened"])
def test_no_sentence_outlives_its_project(project, make_panel, tmp_path, by):
    project.write(str(tmp_path / "one.qgz"))
    panel = make_panel()
    panel.say("The attributes were joined.", False)
    assert panel.message_row.isVisible()
    if by == "cleared":
        project.clear()
    else:
        assert project.read(str(tmp_path / "one.qgz"))
    assert not panel.message_row.isVisible()
    assert panel.message.text() == ""


def test_risk_is_mapped_where_tiles_were_made(project, make_panel):
    panel = make_panel()
    panel.area.extent.restore("100,400,100,300 [EPSG:32619]")
    panel.area.tiles_made.emit(tiles(project))
    chosen = panel.map.extent.chosen()
    assert (chosen.xMinimum(), chosen.xMaximum(), chosen.yMinimum(), chosen.yMaximum()) == (100, 400, 100, 300)
