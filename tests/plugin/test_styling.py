"""How a risk layer looks, in memory and from its file."""

import pytest


@pytest.fixture
def risk_file(qgis_application, tmp_path):
    from qgis.core import QgsCoordinateTransformContext, QgsFeature, QgsGeometry, QgsVectorFileWriter, QgsVectorLayer

    fields = "&".join(
        f"field={f}"
        for f in ("risk:double", "risk_low:double", "risk_high:double", "risk_class:int", "rank:int", "in_domain:int")
    )
    layer = QgsVectorLayer(f"Polygon?crs=EPSG:32619&{fields}", "risk", "memory")
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromWkt("Polygon((0 0,1 0,1 1,0 1,0 0))"))
    feature.setAttributes([0.7, 0.5, 0.8, 5, 1, 1])
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

    from plugin.styling import save_style_with_file

    file = risk_file(suffix)
    save_style_with_file(QgsVectorLayer(file, "risk", "ogr"))
    opened = QgsVectorLayer(file, "risk", "ogr")
    renderer = opened.renderer()
    assert renderer.type() == "categorizedSymbol"
    labels = [category.label() for category in renderer.categories()]
    assert labels == ["Very low", "Low", "Medium", "High", "Very high", "Outside what the model knows"]
    assert opened.opacity() == pytest.approx(0.75)


def test_map_tip_reads_as_a_sentence(risk_file):
    from qgis.core import QgsExpression, QgsExpressionContext, QgsVectorLayer

    from plugin.styling import MAP_TIP

    layer = QgsVectorLayer(risk_file("gpkg"), "risk", "ogr")
    context = QgsExpressionContext()
    context.setFeature(next(layer.getFeatures()))
    text = QgsExpression.replaceExpressionText(MAP_TIP, context)
    assert text == "<b>70 %</b> risk, between 50 and 80 %<br>rank 1"
