"""How a risk layer looks, in memory and from its file."""

import pytest


@pytest.fixture
def risk_file(qgis_application, tmp_path):
    from qgis.core import QgsCoordinateTransformContext, QgsFeature, QgsGeometry, QgsVectorFileWriter, QgsVectorLayer

    fields = "&".join(
        f"field={f}"
        for f in (
            "risk:double",
            "risk_low:double",
            "risk_high:double",
            "risk_class:int",
            "rank:int",
            "in_domain:int",
            "coverage:double",
        )
    )
    layer = QgsVectorLayer(f"Polygon?crs=EPSG:32619&{fields}", "risk", "memory")
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromWkt("Polygon((0 0,1 0,1 1,0 1,0 0))"))
    feature.setAttributes([0.7, 0.5, 0.8, 5, 1, 1, 1.0])
    layer.dataProvider().addFeature(feature)

    def write(suffix):
        file = str(tmp_path / f"risk.{suffix}")
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.driverName = QgsVectorFileWriter.driverForExtension(suffix)
        QgsVectorFileWriter.writeAsVectorFormatV3(layer, file, QgsCoordinateTransformContext(), options)
        return file

    return write


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "shp"])
def test_style_is_there_when_the_file_is_opened_again(risk_file, suffix):
    from qgis.core import QgsVectorLayer

    from plugin.layers.styling import save_style_with_file

    file = risk_file(suffix)
    save_style_with_file(QgsVectorLayer(file, "risk", "ogr"), breaks=(0.03, 0.1, 0.25, 0.5))
    opened = QgsVectorLayer(file, "risk", "ogr")
    renderer = opened.renderer()
    assert renderer.type() == "categorizedSymbol"
    labels = [category.label() for category in renderer.categories()]
    assert labels == [
        "Very high: ≥ 50 % (1 in 2)",
        "High: 25 – 50 % (1 in 4 – 2)",
        "Medium: 10 – 25 % (1 in 10 – 4)",
        "Low: 3 – 10 % (1 in 33 – 10)",
        "Very low: < 3 % (1 in 33)",
        "Outside what the model knows",
        "Without imagery",
    ]
    # The legend shows the symbols, which are as pale as what they draw.
    assert opened.opacity() == 1
    assert {round(category.symbol().opacity(), 2) for category in renderer.categories()} == {0.75}
    assert opened.attributeDisplayName(opened.fields().lookupField("risk_low")) in ("Risk at least", "risk_low")
    assert opened.attributeAlias(opened.fields().lookupField("risk_high")) == "Risk at most"
    assert opened.attributeTableConfig().sortExpression() == '"rank"'


def test_map_tip_reads_as_a_sentence(risk_file):
    from qgis.core import QgsExpression, QgsExpressionContext, QgsVectorLayer

    from plugin.layers.styling import MAP_TIP

    layer = QgsVectorLayer(risk_file("gpkg"), "risk", "ogr")
    context = QgsExpressionContext()
    context.setFeature(next(layer.getFeatures()))
    text = QgsExpression.replaceExpressionText(MAP_TIP, context)
    assert text == "<b>70 %</b> risk, between 50 and 80 % (90 % interval)<br>rank 1"


def test_tiles_that_were_learnt_from_say_so(risk_file):
    from qgis.core import QgsExpression, QgsExpressionContext, QgsField, QgsLayerNotesUtils, QgsVectorLayer
    from qgis.PyQt.QtCore import QVariant

    from plugin.layers.styling import MAP_TIP, style_risk_layer

    layer = QgsVectorLayer(risk_file("gpkg"), "risk", "ogr")
    style_risk_layer(layer)
    layer.dataProvider().addAttributes([QgsField("learnt_from", QVariant.LongLong)])
    layer.updateFields()
    number = layer.fields().lookupField("learnt_from")
    layer.dataProvider().changeAttributeValues({1: {number: 1}})
    style_risk_layer(layer)
    assert layer.attributeAlias(number) == "Learnt from"
    QgsLayerNotesUtils.removeNotes(layer)
    style_risk_layer(layer)
    assert "<b>learnt_from</b>: 1: the model was trained" in QgsLayerNotesUtils.layerNotes(layer)
    context = QgsExpressionContext()
    context.setFeature(next(layer.getFeatures()))
    text = QgsExpression.replaceExpressionText(MAP_TIP, context)
    assert text.endswith("<br>learnt from: its risk is from members that have not seen it")


@pytest.mark.parametrize("suffix", ["gpkg", "geojson"])
def test_notes_tell_what_the_fields_are(risk_file, suffix):
    from qgis.core import QgsLayerNotesUtils, QgsVectorLayer

    from plugin.layers.styling import save_style_with_file, style_risk_layer

    file = risk_file(suffix)
    save_style_with_file(QgsVectorLayer(file, "risk", "ogr"))
    layer = QgsVectorLayer(file, "risk", "ogr")
    notes = QgsLayerNotesUtils.layerNotes(layer)
    for end in ("lower", "upper"):
        assert f"{end} end of the 90 % interval of the tile's own probability" in notes
    # A layer of an earlier version does not have the field.
    assert "learnt_from" not in notes
    QgsLayerNotesUtils.setLayerNotes(layer, "of the user")
    style_risk_layer(layer)
    assert QgsLayerNotesUtils.layerNotes(layer) == "of the user"


def shown_alpha(layer):
    """How opaque the middle of the only tile is drawn, 0 to 255."""
    from qgis.core import QgsMapRendererParallelJob, QgsMapSettings
    from qgis.PyQt.QtCore import QSize
    from qgis.PyQt.QtGui import QColor

    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setExtent(layer.extent())
    settings.setOutputSize(QSize(41, 41))
    settings.setBackgroundColor(QColor(0, 0, 0, 0))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage().pixelColor(20, 20).alpha()


def test_uncertain_tiles_are_faint_on_request(risk_file):
    from qgis.core import QgsVectorLayer

    from plugin.layers.styling import style_risk_layer

    layer = QgsVectorLayer(risk_file("gpkg"), "risk", "ogr")
    style_risk_layer(layer)
    plain = shown_alpha(layer)
    style_risk_layer(layer, fade_uncertain=True)
    # The interval is 0.5 to 0.8.
    assert shown_alpha(layer) == pytest.approx(0.7 * plain, abs=3)


def test_the_choice_counts_for_layers_that_are_there(risk_file, project):
    from dataclasses import replace

    from qgis.core import QgsVectorLayer

    from plugin.layers.results import restyle_risk_layers
    from plugin.layers.styling import style_risk_layer
    from plugin.settings import read_settings, write_settings

    layer = QgsVectorLayer(risk_file("gpkg"), "risk", "ogr")
    other = QgsVectorLayer("Point?crs=EPSG:4326&field=risk:double", "no risk layer", "memory")
    project.addMapLayers([layer, other])
    style_risk_layer(layer)
    shown = {}
    for chosen in (True, False):
        write_settings(replace(read_settings(), fade_uncertain=chosen))
        assert read_settings().fade_uncertain is chosen
        restyle_risk_layers(project)
        shown[chosen] = shown_alpha(layer)
    assert 0 < shown[True] < shown[False]
    assert other.renderer().type() == "singleSymbol"


def changed_renderer(layer):
    from qgis.core import QgsFillSymbol, QgsSingleSymbolRenderer

    layer.setRenderer(QgsSingleSymbolRenderer(QgsFillSymbol.createSimple({"color": "10,200,10"})))


def symbol_of(layer, number):
    # Its categories must not go before it.
    categories = layer.renderer().categories()
    return categories[number].symbol().clone()


def changed_colour(layer):
    from qgis.PyQt.QtGui import QColor

    symbol = symbol_of(layer, 1)
    symbol.setColor(QColor(10, 200, 10))
    layer.renderer().updateCategorySymbol(1, symbol)


def changed_outline(layer):
    symbol = symbol_of(layer, 0)
    symbol.symbolLayer(0).setStrokeWidth(1.5)
    layer.renderer().updateCategorySymbol(0, symbol)


def changed_legend(layer):
    layer.renderer().updateCategoryLabel(0, "act here")


def hidden_class(layer):
    layer.renderer().updateCategoryRenderState(4, False)


def changed_symbol_opacity(layer):
    symbol = symbol_of(layer, 0)
    symbol.setOpacity(0.3)
    layer.renderer().updateCategorySymbol(0, symbol)


def deleted_class(layer):
    layer.renderer().deleteCategory(0)


@pytest.mark.parametrize(
    "change",
    [
        changed_renderer, changed_colour, changed_outline, changed_legend, hidden_class, changed_symbol_opacity,
        deleted_class,
    ],
)  # fmt: skip
@pytest.mark.parametrize("reopened", [False, True])
def test_symbols_that_the_user_changed_stay(risk_file, project, change, reopened, tmp_path):
    from qgis.core import QgsProject, QgsVectorLayer
    from qgis.PyQt.QtXml import QDomDocument

    from plugin.layers.risk_classes import FIFTHS, Classes
    from plugin.layers.styling import is_drawn_by_us, restyle_risk_layer, style_risk_layer

    layer = QgsVectorLayer(risk_file("gpkg"), "risk", "ogr")
    style_risk_layer(layer, breaks=(0.03, 0.1, 0.25, 0.5))
    project.addMapLayer(layer)
    if reopened:
        assert project.write(str(tmp_path / "kept.qgz"))
        project.clear()
        assert QgsProject.instance().read(str(tmp_path / "kept.qgz"))
        (layer,) = project.mapLayers().values()
    assert is_drawn_by_us(layer)
    change(layer)
    assert not is_drawn_by_us(layer)
    document = QDomDocument()
    layer.exportNamedStyle(document)
    before = (
        [str(category.label()) for category in getattr(layer.renderer(), "categories", list)()],
        layer.renderer().dump(),
    )
    assert not restyle_risk_layer(layer, fade_uncertain=True, classes=Classes(FIFTHS))
    after = (
        [str(category.label()) for category in getattr(layer.renderer(), "categories", list)()],
        layer.renderer().dump(),
    )
    assert after == before


def test_what_the_user_added_stays_when_symbols_are_drawn_anew(risk_file, project):
    from qgis.core import QgsLayerNotesUtils, QgsPalLayerSettings, QgsVectorLayer, QgsVectorLayerSimpleLabeling

    from plugin.layers.risk_classes import EQUAL_STEPS, Classes
    from plugin.layers.styling import restyle_risk_layer, style_risk_layer

    layer = QgsVectorLayer(risk_file("gpkg"), "risk", "ogr")
    style_risk_layer(layer)
    layer.setOpacity(0.4)
    layer.setMapTipTemplate("mine")
    layer.setFieldAlias(0, "mine")
    layer.setDisplayExpression("'mine'")
    layer.setLabeling(QgsVectorLayerSimpleLabeling(QgsPalLayerSettings()))
    layer.setLabelsEnabled(True)
    QgsLayerNotesUtils.setLayerNotes(layer, "mine")
    for fade in (True, False):
        assert restyle_risk_layer(layer, fade_uncertain=fade, classes=Classes(EQUAL_STEPS))
        assert layer.opacity() == pytest.approx(0.4)
        assert layer.mapTipTemplate() == "mine"
        assert layer.attributeAlias(0) == "mine"
        assert layer.displayExpression() == "'mine'"
        assert layer.labelsEnabled()
        assert QgsLayerNotesUtils.layerNotes(layer) == "mine"
