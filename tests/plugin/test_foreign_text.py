"""One hostile text in every text of a model and of every layer: no surface takes it for markup, and each shows it.

Models, layers and files come from anybody. The model is trained by the real engine on fields of this name, with categories
of this text; then every other text of its manifest that the engine lets be anything becomes it too.
"""

import json
from pathlib import Path

import pytest

from tests.plugin.conftest import RecordingFeedback
from tests.plugin.foreign_text import (
    Listener,
    Page,
    assert_harmless,
    browse,
    can_browse,
    hostile_text,
    plain,
    show_map_tip,
    shown,
    texts_of,
)

KEY = "mmrisk_manifest"
SIDE, METRES, LEFT, TOP = 6, 100, 330000, 4690000
PREFIX = "<u>p</u>"
# What no file may be called is left out of its name.
FILE = "<img src=x><b>[% 1 + 1 %]&amp;&lt;i&gt;';--"


@pytest.fixture(scope="module")
def listener():
    """Nobody has asked it for anything when all is over."""
    with Listener() as listener:
        yield listener
    assert listener.asked == []


@pytest.fixture(scope="module")
def hostile(listener, tmp_path_factory):
    picture = tmp_path_factory.mktemp("local") / "picture.png"
    picture.write_bytes(b"")
    return hostile_text(listener.address, picture)


@pytest.fixture(scope="module")
def names(hostile):
    """The fields: a number that a join made, a text, and what tiles are labelled by, where QGIS lets no semicolon be."""
    return {"number": f"{PREFIX}{hostile}_mean", "text": f"{hostile} text", "label": hostile.replace(";", ",")}


@pytest.fixture(scope="module")
def image(qgis_application, hostile, tmp_path_factory):
    from osgeo import gdal, osr
    from qgis.core import QgsRasterLayer

    path = str(tmp_path_factory.mktemp("image") / f"{FILE}.tif")
    raster = gdal.GetDriverByName("GTiff").Create(path, 60, 60, 3)
    raster.SetGeoTransform((LEFT, 10, 0, TOP, 0, -10))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32619)
    raster.SetProjection(reference.ExportToWkt())
    for band in range(1, 4):
        raster.GetRasterBand(band).WriteRaster(0, 0, 60, 60, bytes(1 + (n * band) % 250 for n in range(3600)))
    del raster
    layer = QgsRasterLayer(path, hostile)
    assert layer.isValid()
    metadata = layer.metadata()
    metadata.setRights([hostile])
    layer.setMetadata(metadata)
    return layer


@pytest.fixture(scope="module")
def tiles(qgis_application, hostile, names):
    from qgis.core import QgsFeature, QgsField, QgsGeometry, QgsRectangle, QgsVectorLayer
    from qgis.PyQt.QtCore import QVariant

    from plugin.layers.recipes import write_recipe

    layer = QgsVectorLayer("Polygon?crs=EPSG:32619", hostile, "memory")
    kinds = {"tile_id": QVariant.String, names["number"]: QVariant.Double, names["text"]: QVariant.String,
             names["label"]: QVariant.Int}  # fmt: skip
    layer.dataProvider().addAttributes([QgsField(name, kind) for name, kind in kinds.items()])
    layer.updateFields()
    features = []
    for row in range(SIDE):
        for column in range(SIDE):
            left, top = LEFT + column * METRES, TOP - row * METRES
            feature = QgsFeature(layer.fields())
            feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(left, top - METRES, left + METRES, top)))
            level = f"{hostile} {'even' if row % 2 else 'odd'}"
            feature.setAttributes([f"{hostile} {row} {column}", float(row * column), level, int(row * column > 6)])
            features.append(feature)
    layer.dataProvider().addFeatures(features)
    join = {"fields": [hostile], "statistics": ["mean"], "prefix": PREFIX, "layer": hostile, "geometry": "line"}
    label = {"layer": hostile, "weight_field": hostile, "study_area": hostile}
    write_recipe(layer, json.dumps({"tiles": None, "joins": [join], "label": label}))
    return layer


@pytest.fixture(scope="module")
def run(qgis_application):
    import processing
    from qgis.core import QgsProcessingFeedback

    def run_algorithm(name, feedback=None, **parameters):
        # As dialogs have it: what QGIS itself says of results is not for its log.
        return processing.run(f"mmrisk:{name}", parameters, feedback=feedback or QgsProcessingFeedback(False))

    return run_algorithm


@pytest.fixture(scope="module")
def log(qgis_application):
    """QGIS's log panel, which is told of everything."""
    from qgis.gui import QgsMessageLogViewer

    return QgsMessageLogViewer()


@pytest.fixture(scope="module")
def trained(log, run, tiles, image, names, tmp_path_factory):
    """A model and its report."""
    folder = tmp_path_factory.mktemp("model")
    return run(
        "trainmodel", TILES=tiles, LABEL=names["label"], FEATURES=[names["number"], names["text"]], IMAGES=[image],
        IMAGE_PIXELS=32, BACKBONE=4, VALIDATION=1, FOLDS=2, EPOCHS=1, DEVICE=1,
        MODEL=str(folder / f"{FILE}.safetensors"), REPORT=str(folder / "report.html"),
    )  # fmt: skip


def read_manifest(path):
    content = Path(path).read_bytes()
    end = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:end])
    return json.loads(header["__metadata__"][KEY]), header, content[end:]


def write_manifest(path, manifest, header, tensors):
    text = json.dumps({**header, "__metadata__": {KEY: json.dumps(manifest)}}).encode()
    Path(path).write_bytes(len(text).to_bytes(8, "little") + text + tensors)


def texts_in(value):
    """Every text of a manifest, names of entries included."""
    if isinstance(value, str):
        yield value
    for name, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if isinstance(name, str):
            yield name
        yield from texts_in(item)


def with_text(value, old, new):
    """A manifest in which a text is another, wherever it stands."""
    if isinstance(value, dict):
        return {new if name == old else name: with_text(item, old, new) for name, item in value.items()}
    if isinstance(value, list):
        return [with_text(item, old, new) for item in value]
    return new if value == old else value


@pytest.fixture(scope="module")
def everywhere(trained, hostile, tmp_path_factory):
    """The model with the hostile text in each text of its manifest that the engine takes; and what these texts were."""
    manifest, *rest = read_manifest(trained["MODEL"])
    for attribute in manifest["attributes"]:
        attribute["unit"] = "vehicles"
    manifest["validation"]["group_column"] = "district"
    path = tmp_path_factory.mktemp("everywhere") / f"{FILE}.safetensors"
    became = []
    for old in dict.fromkeys(texts_in(manifest)):
        changed = with_text(manifest, old, f"{hostile}{len(became)}")
        if hostile not in old and is_taken(path, changed, *rest):
            manifest = changed
            became.append(old)
    write_manifest(path, manifest, *rest)
    return str(path), manifest, became


def is_taken(path, manifest, *rest):
    """Whether the engine takes a model file with this manifest."""
    from plugin.engine.errors import EngineError
    from plugin.engine_service import engine

    write_manifest(path, manifest, *rest)
    try:
        engine().run("describe", {"model": str(path)}, RecordingFeedback())
    except EngineError:
        return False
    return True


@pytest.fixture(scope="module")
def usable(trained, hostile, tmp_path_factory):
    """The trained model with a unit, if the engine takes it, which a join would have given it."""
    manifest, *rest = read_manifest(trained["MODEL"])
    with_unit = {**manifest, "attributes": [{**one, "unit": hostile} for one in manifest["attributes"]]}
    path = tmp_path_factory.mktemp("usable") / f"{FILE}.safetensors"
    if not is_taken(path, with_unit, *rest):
        write_manifest(path, manifest, *rest)
    return str(path)


def test_the_text_is_in_every_text_that_can_be_anything(everywhere, hostile):
    """So that what follows is about something, whatever the engine refuses in a model file."""
    _, manifest, became = everywhere
    assert hostile in manifest["attributes"][0]["name"]
    assert "<img" in manifest["label"]
    assert hostile in manifest["images"][0]["name"]
    assert hostile in manifest["recipe"]["joins"][0]["layer"]
    assert any(hostile in level for attribute in manifest["attributes"] for level in attribute["categories"])
    assert len(became) >= 5, became


@pytest.mark.slow
def test_report_and_card(trained, everywhere, run, hostile, qtbot, tmp_path):
    card = str(tmp_path / "card.html")
    run("describemodel", MODEL=everywhere[0], HTML=card)
    for file in (trained["REPORT"], card):
        page = Path(file).read_text(encoding="utf-8")
        # They have pictures, a style and headings of their own.
        text = assert_harmless(page, allowed=("img", "style", "h1"))
        assert plain(hostile) in text
        assert page.count("<h1>") == 1
        browse(page, qtbot)


def sections(layer, *headings):
    """Rows of what QGIS tells of a layer: their cells, as HTML."""
    html = layer.htmlMetadata()
    parts = []
    for heading in headings:
        begin = html.index(f">{heading}<")
        end = html.find("<h1>", begin) if heading == "History" else html.find("</tr>", begin)
        parts.append(html[begin + 1 : end])
    return "<div>" + "".join(parts) + "</div>"


@pytest.fixture(scope="module")
def risk_layer(run, tiles, image, usable, tmp_path_factory):
    from qgis.core import QgsVectorLayer

    file = str(tmp_path_factory.mktemp("risk") / "risk.gpkg")
    run("predictrisk", TILES=tiles, IMAGES=[image], MODEL=usable, OUTPUT=file)
    layer = QgsVectorLayer(file, "Risk", "ogr")
    # As QGIS shows it of a layer that was just made.
    layer.loadDefaultMetadata()
    return layer


@pytest.mark.slow
def test_metadata_of_a_risk_layer(risk_layer, hostile, tiles, qtbot):
    from plugin.layers.recipes import read_recipe

    html = sections(risk_layer, "Abstract", "Rights", "History")
    text = assert_harmless(html)
    browse(html, qtbot)
    assert plain(FILE) in text
    # QGIS makes a link of an address, and takes what follows up to a space for part of it.
    assert plain(hostile)[: len('<img src="http')] in text
    assert len(json.loads(read_recipe(risk_layer))["joins"]) == 1
    assert json.loads(read_recipe(risk_layer))["joins"][0] == {
        "fields": [hostile], "statistics": ["mean"], "prefix": PREFIX, "join_field": None, "tile_field": None,
        "layer": hostile, "geometry": "line",
    }  # fmt: skip


def test_metadata_of_a_drawn_picture(run, image, hostile, listener, qtbot, project, tmp_path):
    """Names and rights of its layers are in the file itself, for other programs too."""
    from osgeo import gdal
    from qgis.core import QgsRasterLayer

    layer = image.clone()
    project.addMapLayer(layer)
    file = str(tmp_path / "picture.tif")
    extent = f"{LEFT},{LEFT + 300},{TOP - 300},{TOP} [EPSG:32619]"
    run("renderimagery", EXTENT=extent, LAYERS=[layer], PIXEL_SIZE=10, OUTPUT=file)
    told = gdal.Open(file).GetMetadata()
    assert plain(told["MMRISK_LAYERS"]) == plain(told["TIFFTAG_COPYRIGHT"]) == plain(hostile)
    html = QgsRasterLayer(file, "picture").htmlMetadata()
    page = Page(html)
    assert not page.elements & {"img", "script"}
    # What is an entity is read as a character.
    assert plain(hostile)[: len(hostile) // 2] in plain(page.text)
    assert not [target for target in page.leads_to if listener.address in target]
    browse(html, qtbot)


def map_tip(layer, feature):
    """The map tip of a feature as QGIS puts it together."""
    from qgis.core import QgsExpression, QgsExpressionContext, QgsExpressionContextUtils

    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    context.setFeature(feature)
    template = layer.mapTipTemplate()
    if not template:
        expression = QgsExpression(layer.displayExpression())
        expression.prepare(context)
        return str(expression.evaluate(context))
    return QgsExpression.replaceExpressionText(template, context)


@pytest.mark.slow
def test_map_tips_of_what_algorithms_make(run, risk_layer, tiles, image, usable, hostile, qtbot, project):
    explained = run("explainrisk", TILES=tiles, IMAGES=[image], MODEL=usable, OUTPUT="TEMPORARY_OUTPUT")["OUTPUT"]
    joined = run(
        "joinattributes", TILES=tiles, INPUT=tiles, FIELDS=["tile_id"], STATISTICS=[9], PREFIX="name_",
        OUTPUT="TEMPORARY_OUTPUT",
    )["OUTPUT"]  # fmt: skip
    for made in (risk_layer, explained, joined):
        layer = made.clone()
        project.addMapLayer(layer)
        text = assert_harmless(map_tip(layer, next(layer.getFeatures())))
        assert "evaluated" not in text
        # Why a tile has its risk is told by the names of fields.
        assert layer.fields().indexOf("why") < 0 or plain(hostile) in text
        show_map_tip(layer, qtbot)
    assert plain(str(next(joined.getFeatures())["name_tile_id_majority"])) in text


def layer_of_texts(names, text):
    """A tile that has a text in each of some fields."""
    from qgis.core import QgsFeature, QgsField, QgsGeometry, QgsRectangle, QgsVectorLayer
    from qgis.PyQt.QtCore import QVariant

    layer = QgsVectorLayer("Polygon?crs=EPSG:32619", "Risk", "memory")
    layer.dataProvider().addAttributes([QgsField(name, QVariant.String) for name in names])
    layer.updateFields()
    feature = QgsFeature(layer.fields())
    feature.setAttributes([text] * len(names))
    feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(LEFT, TOP, LEFT + METRES, TOP + METRES)))
    layer.dataProvider().addFeature(feature)
    return layer


def test_a_text_in_the_place_of_a_rank(hostile, project, qtbot):
    """A layer of somebody else can have fields of these names that hold anything."""
    from plugin.gui.explain_layer import MAP_TIP as EXPLAINED
    from plugin.layers.styling import RISK_FIELDS, style_risk_layer

    layer = layer_of_texts([*RISK_FIELDS, "rank", "why"], hostile)
    project.addMapLayer(layer)
    style_risk_layer(layer)
    for template in (layer.mapTipTemplate(), EXPLAINED):
        layer.setMapTipTemplate(template)
        assert plain(hostile) in assert_harmless(map_tip(layer, next(layer.getFeatures())))
        show_map_tip(layer, qtbot)


class Window:
    """What the actions need of iface."""

    def __init__(self, bar):
        self._bar = bar

    def messageBar(self):
        return self._bar

    def mainWindow(self):
        return None


@pytest.fixture
def bar(qgis_application, qtbot):
    from qgis.gui import QgsMessageBar

    bar = QgsMessageBar()
    qtbot.addWidget(bar)
    return bar


def test_message_bar(bar, everywhere, hostile, project, log):
    from qgis.PyQt.QtWidgets import QTextBrowser

    from plugin.gui.actions import MMRiskActions
    from plugin.gui.algorithm_runner import AlgorithmRunner

    path, manifest, _ = everywhere
    actions = MMRiskActions(Window(bar), AlgorithmRunner(), lambda: None, lambda: None)
    # The project has no layers, so that the sentence names all that the model needs.
    actions._map_risk(path, manifest)
    actions._say(f"The sample city lies in {hostile}.")
    browsers = bar.findChildren(QTextBrowser)
    assert len(browsers) == 2
    for browser in browsers:
        assert plain(hostile) in plain(shown(browser.document()))


def test_a_layer_that_is_not_there(qgis_application, hostile, project):
    """What cannot run is told in a message box by QGIS, and in plain text elsewhere."""
    from qgis.core import QgsApplication, QgsProcessingContext, QgsVectorLayer
    from qgis.PyQt.QtCore import Qt

    lost = QgsVectorLayer("/nowhere.gpkg", hostile, "ogr")
    for algorithm in QgsApplication.processingRegistry().providerById("mmrisk").algorithms():
        for name in ("TILES", "INPUT", "EVENTS"):
            if algorithm.parameterDefinition(name) is None:
                continue
            can_run, sentence = algorithm.create().checkParameterValues({name: lost}, QgsProcessingContext())
            if "cannot be loaded" in sentence:
                assert not can_run
                assert not Qt.mightBeRichText(sentence)
                assert plain(hostile) in plain(sentence)


@pytest.mark.slow
def test_log_and_progress(log, run, tiles, image, usable, hostile, names, project, qtbot):
    """Sentences of the engine, warnings and failures, in Processing's own log and in QGIS's."""
    from qgis.core import QgsProcessingException
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtWidgets import QPlainTextEdit

    from plugin.gui.algorithm_runner import AlgorithmRunner, AlgorithmStep, RunFeedback

    feedback, said = RunFeedback(), []
    feedback.said.connect(said.append)
    run("labeltiles", feedback, TILES=tiles, EVENTS=tiles_as_points(tiles, hostile), OUTPUT="TEMPORARY_OUTPUT")
    assert any(hostile in plain(sentence) for sentence in said)
    assert not any(Qt.mightBeRichText(sentence) for sentence in said)
    assert_harmless(feedback.htmlLog())
    with pytest.raises(QgsProcessingException) as failure:
        run(
            "joinattributes",
            feedback,
            TILES=tiles,
            INPUT=tiles,
            FIELDS=[names["text"]],
            STATISTICS=[5],
            OUTPUT="memory:",
        )
    assert plain(hostile) in plain(str(failure.value))
    told = []
    runner = AlgorithmRunner()
    project.addMapLayer(tiles.clone())
    wrong = {"TILES": tiles, "INPUT": tiles, "FIELDS": [names["text"]], "STATISTICS": [5], "OUTPUT": "memory:"}
    runner.run([AlgorithmStep("mmrisk:joinattributes", wrong)], told.append, told.append, lambda: None)
    qtbot.waitUntil(lambda: bool(told), timeout=60000)
    assert plain(hostile) in plain(told[0])
    logged = [plain(shown(edit.document())) for edit in log.findChildren(QPlainTextEdit)]
    assert any(plain(hostile) in text for text in logged)


def tiles_as_points(tiles, name):
    """A point in each second tile."""
    from qgis.core import QgsFeature, QgsVectorLayer

    layer = QgsVectorLayer("Point?crs=EPSG:32619", name, "memory")
    points = []
    for number, tile in enumerate(tiles.getFeatures()):
        if number % 2:
            point = QgsFeature()
            point.setGeometry(tile.geometry().centroid())
            points.append(point)
    layer.dataProvider().addFeatures(points)
    return layer


@pytest.mark.slow
def test_the_inspect_dock(run, risk_layer, image, usable, hostile, names, qtbot, tmp_path):
    from plugin.gui.inspect.inspect_dock import InspectDock
    from plugin.gui.inspect.inspector import _title
    from plugin.gui.inspect.sentences import change_sentence

    first = next(risk_layer.getFeatures()).id()
    told = run(
        "inspecttiles", TILES=risk_layer, FEATURES=str(first), IMAGES=[image], MODEL=usable, FOLDER=str(tmp_path),
        CHANGE=json.dumps({names["number"]: 3.0}), OUTPUT="memory:",
    )["INSPECTION"]  # fmt: skip
    result = json.loads(told)
    (tile,) = result["tiles"]
    tile["attributes"][0]["outside"] = True
    dock = InspectDock()
    qtbot.addWidget(dock)
    dock.resize(400, 800)
    dock.show()
    qtbot.waitExposed(dock)
    layer = risk_layer.clone()
    layer.setName(hostile)
    dock.show_tile(_title(layer, usable, tile["tile"]), tile)
    dock.show_changed(tile, change_sentence(result, [names["number"]]))
    dock.say(f"There is no tile of the layer '{hostile}' here.", True)
    texts = texts_of(dock, qtbot)
    # Message, why, name and level of each attribute with their tips, the picture and its tip.
    assert sum(plain(hostile) in text for text in texts) >= 8, texts


@pytest.mark.slow
def test_the_panel(everywhere, tiles, image, hostile, names, project, qtbot, tmp_path, monkeypatch):
    from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle
    from qgis.gui import QgsMapCanvas
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtWidgets import QMessageBox

    from plugin.gui.algorithm_runner import AlgorithmRunner
    from plugin.gui.panel.panel import MMRiskPanel

    path, manifest, _ = everywhere
    canvas = QgsMapCanvas()
    qtbot.addWidget(canvas)
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:32619"))
    canvas.setExtent(QgsRectangle(LEFT, TOP - 600, LEFT + 600, TOP))
    layer = tiles.clone()
    project.addMapLayers([layer, image.clone(), tiles_as_points(tiles, hostile)])
    panel = MMRiskPanel(canvas, AlgorithmRunner(), lambda: None)
    try:
        panel.resize(420, 900)
        panel.show()
        qtbot.waitExposed(panel)
        panel.data.add_button.click()
        panel.data.fields.set_entries([(name, name) for name in names.values()], list(names.values()))
        panel.data._take_edits()
        panel.train.ladder.show_ladder(manifest["validation"])
        panel.say(f"The layer '{hostile}' is not there.", True)
        panel._show_busy(True)
        panel.doing.setText(f"counting events of '{hostile}'")
        panel.tabs.setCurrentIndex(3)
        panel.map.choose_model(path)
        qtbot.waitUntil(lambda: panel.map.manifest is not None and plain(hostile) in plain_card(panel), timeout=60000)
        texts = []
        for page in range(4):
            panel.tabs.setCurrentIndex(page)
            qtbot.wait(50)
            texts += texts_of(panel, qtbot)
        assert sum(plain(hostile) in text for text in texts) >= 20, texts
        assert plain(hostile) in panel.message.text()
        asked = []
        monkeypatch.setattr(QMessageBox, "question", lambda *given: asked.append(given[2]))
        model = tmp_path / f"{FILE}.safetensors"
        model.write_text("there")
        panel.train.tiles.setLayer(layer)
        panel.train.features.set_entries([("x", "x")], ["x"])
        panel.train.by_field.click()
        panel.train.label.setField(names["label"])
        panel.train.model.setFilePath(str(model))
        panel.train.run_button.click()
        assert plain(FILE) in plain(asked[0])
        assert not Qt.mightBeRichText(asked[0])
    finally:
        panel.remove()
        panel.deleteLater()


def plain_card(panel):
    import html
    import re

    return plain(html.unescape(re.sub(r"<[^>]+>", "", panel.map.card.text())))


def test_engine_state_options_and_assistant(qgis_application, hostile, qtbot, monkeypatch, tmp_path):
    """Paths and failures of the engine."""
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtWidgets import QAction

    from plugin.gui.engine import engine_state
    from plugin.gui.engine.options_page import OptionsPageFactory
    from plugin.gui.engine.setup_assistant import SetupAssistant

    class Client:
        failure = f"The engine {hostile} ended."

    monkeypatch.setattr(engine_state, "running_engine", lambda: Client())
    action = QAction()
    dot = engine_state.EngineStateDot(action)
    dot.stop()
    assert plain(hostile) in plain(action.toolTip())
    assert not Qt.mightBeRichText(action.toolTip())
    monkeypatch.setenv("MMRISK_CACHE", str(tmp_path / FILE))
    page = OptionsPageFactory(lambda: None, lambda: None).createWidget(None)
    assistant = SetupAssistant(None)
    for window in (page, assistant):
        qtbot.addWidget(window)
        window.show()
    qtbot.waitUntil(lambda: plain(FILE) in plain(page.cache_size.text()), timeout=20000)
    page._fail(f"The file {hostile} is in use.")
    assistant.tell_why(f"The file {hostile} is in use.")
    assistant.plan.setText(f"{hostile} is chosen; it has not been verified yet.")
    for window in (page, assistant):
        assert any(plain(hostile) in text for text in texts_of(window, qtbot))
    assistant.stop()


def test_what_a_project_of_somebody_else_keeps_for_the_panel(qgis_application, hostile, project, qtbot):
    """Prefixes, fields and a CRS."""
    from qgis.core import QgsCoordinateReferenceSystem
    from qgis.gui import QgsMapCanvas

    from plugin.gui.algorithm_runner import AlgorithmRunner
    from plugin.gui.panel.panel import MMRiskPanel
    from plugin.gui.panel.panel_state import (
        AreaChoices,
        DataChoices,
        JoinChoices,
        PanelState,
        TrainChoices,
        write_state,
    )

    lines = tiles_as_points_of_nothing(hostile)
    project.addMapLayer(lines)
    own = QgsCoordinateReferenceSystem.fromProj("+proj=tmerc +lat_0=1.5 +lon_0=-71.25 +k=0.99 +datum=WGS84 +units=m")
    crs = own.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT2_2019)
    crs = crs.replace('PROJCRS["unknown"', f'PROJCRS["{hostile.replace(chr(34), chr(39))}"')
    join = JoinChoices(lines.id(), [hostile], ["count", "mean"], hostile)
    state = PanelState(
        area=AreaChoices(crs=f"WKT:{crs}", extent=f"0,1,0,1 [WKT:{crs}]"),
        data=DataChoices(joins=[join]),
        train=TrainChoices(features=[hostile], model=hostile, label=hostile, advanced={"CONTEXT": hostile}),
    )
    write_state(state, project)
    canvas = QgsMapCanvas()
    qtbot.addWidget(canvas)
    panel = MMRiskPanel(canvas, AlgorithmRunner(), lambda: None)
    try:
        panel.show()
        qtbot.waitExposed(panel)
        assert not panel.area.crs.crs().isValid()
        # A user may choose that of the project.
        panel.area.crs.setCrs(QgsCoordinateReferenceSystem.fromWkt(crs))
        assert "/picture" in panel.area.crs.toolTip()
        texts = []
        for page in range(4):
            panel.tabs.setCurrentIndex(page)
            qtbot.wait(50)
            texts += texts_of(panel, qtbot)
        assert sum(plain(hostile) in text for text in texts) >= 4, texts
    finally:
        panel.remove()
        panel.deleteLater()


def tiles_as_points_of_nothing(name):
    from qgis.core import QgsVectorLayer

    return QgsVectorLayer("LineString?crs=EPSG:32619", name, "memory")


def test_what_is_looked_for_is_found(qgis_application, project, qtbot):
    """Shown as it is, the text does ask: in a page, and where QGIS puts a map tip together by itself."""
    from qgis.PyQt.QtWidgets import QLabel

    def in_a_page(text):
        browse(f"<p>{text}</p>", qtbot)

    def in_a_map_tip(text):
        layer = layer_of_texts(["name"], text)
        project.addMapLayer(layer)
        show_map_tip(layer, qtbot)

    for show in (in_a_page, in_a_map_tip):
        with Listener() as other:
            text = hostile_text(other.address, "/nowhere.png")
            show(text)
            # Without a browser, pages are documents of Qt.
            assert {"/picture", "/script"} <= set(other.asked) or not can_browse()
    label = QLabel(text)
    tipped = QLabel("name")
    tipped.setToolTip(text)
    for widget in (label, tipped):
        qtbot.addWidget(widget)
        with pytest.raises(AssertionError, match="/picture"):
            texts_of(widget, qtbot)
