"""What the engine reads of a layer is what QGIS shows of it, whatever is odd about the layer, in every algorithm."""

import json
import zipfile
from pathlib import Path

import pytest

ROADS = [("A", "Hauptstraße", 1000), ("B", "Gäßchen", 2000), ("C", "Allee", 3000)]


def write(file, driver, layer="roads", options=(), rows=ROADS, append=False):
    """Lines with a key, a name and a number."""
    from osgeo import ogr, osr

    srs = osr.SpatialReference()
    srs.ImportFromEPSG(32619)
    made = ogr.Open(str(file), 1) if append else ogr.GetDriverByName(driver).CreateDataSource(str(file))
    table = made.CreateLayer(layer, srs, ogr.wkbLineString, options=list(options))
    for name, kind in (("key", ogr.OFTString), ("name", ogr.OFTString), ("aadt", ogr.OFTInteger)):
        table.CreateField(ogr.FieldDefn(name, kind))
    for number, row in enumerate(rows):
        feature = ogr.Feature(table.GetLayerDefn())
        y = 4700000 + 10 * number
        feature.SetGeometry(ogr.CreateGeometryFromWkt(f"LINESTRING (300000 {y},300100 {y})"))
        for name, value in zip(("key", "name", "aadt"), row, strict=True):
            feature.SetField(name, value)
        table.CreateFeature(feature)
    return str(file)


def open_layer(source):
    from qgis.core import QgsVectorLayer

    layer = QgsVectorLayer(str(source), "roads in QGIS", "ogr")
    assert layer.isValid(), source
    return layer


def plain(folder):
    return open_layer(write(folder / "roads.gpkg", "GPKG"))


def edited(folder):
    layer = plain(folder)
    layer.startEditing()
    layer.deleteFeature(next(layer.getFeatures()).id())
    feature = next(layer.getFeatures())
    layer.changeAttributeValue(feature.id(), layer.fields().indexOf("aadt"), 7)
    return layer


def with_a_virtual_field(folder):
    from qgis.core import QgsField
    from qgis.PyQt.QtCore import QVariant

    layer = plain(folder)
    layer.addExpressionField('"aadt" * 2', QgsField("twice", QVariant.Int))
    return layer


def with_a_joined_field(folder):
    from qgis.core import QgsFeature, QgsProject, QgsVectorLayer, QgsVectorLayerJoinInfo

    table = QgsVectorLayer("None?field=key:string&field=limit:int", "speed", "memory")
    rows = []
    for key, limit in (("A", 30), ("C", 50)):
        row = QgsFeature(table.fields())
        row.setAttributes([key, limit])
        rows.append(row)
    table.dataProvider().addFeatures(rows)
    QgsProject.instance().addMapLayer(table)
    layer, join = plain(folder), QgsVectorLayerJoinInfo()
    join.setJoinLayer(table)
    join.setJoinFieldName("key")
    join.setTargetFieldName("key")
    join.setUsingMemoryCache(True)
    assert layer.addJoin(join)
    return layer


def with_a_filter(folder):
    layer = plain(folder)
    assert layer.setSubsetString('"aadt" > 1500')
    return layer


def second_layer_by_number(folder):
    file = write(folder / "two.gpkg", "GPKG", "old", rows=ROADS[:1])
    write(file, "GPKG", "roads", append=True)
    return open_layer(f"{file}|layerid=1")


def second_layer_by_name(folder):
    file = write(folder / "two.gpkg", "GPKG", "old", rows=ROADS[:1])
    write(file, "GPKG", "roads", append=True)
    return open_layer(f"{file}|layername=roads")


def lines_of_a_mixed_file(folder):
    file = folder / "mixed.geojson"
    shapes = [("Point", [300000, 4700000]), ("LineString", [[300000, 4700000], [300100, 4700000]])] * 3
    features = [
        {"type": "Feature", "properties": {"id": number}, "geometry": {"type": kind, "coordinates": coordinates}}
        for number, (kind, coordinates) in enumerate(shapes)
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32619"}}
    file.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}))
    return open_layer(f"{file}|geometrytype=LineString")


def encoding_set_in_qgis(folder):
    file = write(folder / "roads.shp", "ESRI Shapefile", options=["ENCODING=UTF-8"])
    (folder / "roads.cpg").unlink()
    layer = open_layer(file)
    layer.setProviderEncoding("UTF-8")
    return layer


def encoding_said_by_the_file(folder):
    return open_layer(write(folder / "roads.shp", "ESRI Shapefile", options=["ENCODING=UTF-8"]))


def in_a_geodatabase_of_sqlite(folder):
    return open_layer(f"{write(folder / 'roads.sqlite', 'SQLite')}|layername=roads")


def in_a_folder_that_looks_like_an_archive(folder):
    (folder / "a;b!").mkdir()
    return open_layer(f"{write(folder / 'a;b!' / 'roads.gpkg', 'GPKG')}|layername=roads")


def in_an_archive(folder):
    write(folder / "roads.gpkg", "GPKG")
    with zipfile.ZipFile(folder / "roads.zip", "w") as archive:
        archive.write(folder / "roads.gpkg", "roads.gpkg")
    return open_layer(f"/vsizip/{folder / 'roads.zip'}/roads.gpkg|layername=roads")


def in_memory(folder):
    from qgis.core import QgsFeatureRequest

    return plain(folder).materialize(QgsFeatureRequest())


ODDITIES = [
    plain,
    edited,
    with_a_virtual_field,
    with_a_joined_field,
    with_a_filter,
    second_layer_by_number,
    second_layer_by_name,
    lines_of_a_mixed_file,
    encoding_set_in_qgis,
    encoding_said_by_the_file,
    in_a_geodatabase_of_sqlite,
    in_a_folder_that_looks_like_an_archive,
    in_an_archive,
    in_memory,
]


def parameters_for_layers():
    """Every parameter of every algorithm that takes vector layers."""
    from qgis.core import (
        QgsApplication,
        QgsProcessing,
        QgsProcessingParameterFeatureSource,
        QgsProcessingParameterMultipleLayers,
    )

    for algorithm in QgsApplication.processingRegistry().providerById("mmrisk").algorithms():
        for definition in algorithm.parameterDefinitions():
            if isinstance(definition, QgsProcessingParameterFeatureSource):
                yield algorithm, definition.name(), False
            elif (
                isinstance(definition, QgsProcessingParameterMultipleLayers)
                and definition.layerType() == QgsProcessing.SourceType.TypeVector
            ):
                yield algorithm, definition.name(), True


def shown(layer):
    """Geometry and attributes of a layer, as QGIS has them."""
    from qgis.core import NULL

    names = [field.name() for field in layer.fields()]
    rows = ((f.geometry(), dict(zip(names, f.attributes(), strict=True))) for f in layer.getFeatures())
    return in_order(
        (shape, {name: None if value == NULL else value for name, value in row.items()}) for shape, row in rows
    )


def read(reference):
    """The same as GDAL reads it of a file, which knows nothing of the settings of QGIS."""
    from osgeo import ogr
    from qgis.core import QgsGeometry

    source = ogr.Open(reference["path"])
    table = source.GetLayerByName(reference["layer"]) if reference["layer"] else source.GetLayer(0)
    return in_order((QgsGeometry.fromWkt(f.GetGeometryRef().ExportToWkt()), f.items()) for f in table)


def in_order(rows):
    """Without the number of the row."""
    from qgis.core import QgsGeometry

    # Of a shapefile, QGIS takes every line for several.
    return sorted(
        (
            QgsGeometry.collectGeometry([shape]).asWkt(1),
            sorted((k, str(v)) for k, v in row.items() if k not in ("fid", "ogc_fid")),
        )
        for shape, row in rows
    )


@pytest.mark.parametrize("make", ODDITIES)
def test_the_engine_is_given_what_qgis_shows(project, make, tmp_path):
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback

    from plugin.layers.sources import vector_source, vector_sources

    layer = make(tmp_path)
    project.addMapLayer(layer)
    context = QgsProcessingContext()
    context.setProject(project)
    tried = 0
    for algorithm, name, is_list in parameters_for_layers():
        given = {name: [layer.id()] if is_list else layer.id()}
        made = (vector_sources if is_list else vector_source)(algorithm, given, name, context, QgsProcessingFeedback())
        reference = made[0] if is_list else made
        assert Path(reference["path"]).is_absolute()
        assert Path(reference["path"]).is_file()
        assert read(reference) == shown(layer), (algorithm.id(), name)
        assert reference["name"] == layer.name()
        tried += 1
    assert tried >= 8
    if layer.isEditable():
        layer.rollBack()


def test_a_plain_file_is_not_copied(project, tmp_path):
    """Half a million tiles are not written once more to be read."""
    from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback

    from plugin.layers.sources import vector_source

    algorithm = QgsApplication.processingRegistry().algorithmById("mmrisk:joinattributes")
    for make in (plain, second_layer_by_name, encoding_said_by_the_file):
        folder = tmp_path / make.__name__
        folder.mkdir()
        layer = make(folder)
        project.addMapLayer(layer)
        context = QgsProcessingContext()
        context.setProject(project)
        reference = vector_source(algorithm, {"INPUT": layer.id()}, "INPUT", context, QgsProcessingFeedback())
        assert reference["path"] == layer.source().split("|")[0]


def selected(definition, layer):
    layer.selectByIds([2, 3])
    definition.selectedFeaturesOnly = True
    return [2, 3]


def the_first_two(definition, layer):
    definition.featureLimit = 2
    return [1, 2]


def the_first_selected(definition, layer):
    definition.featureLimit = 1
    return selected(definition, layer)[:1]


def by_an_expression(definition, layer):
    if not hasattr(definition, "filterExpression"):
        pytest.skip("inputs have expressions from QGIS 3.32 on")
    definition.filterExpression = "$id = 3"
    return [3]


@pytest.mark.parametrize("part", [selected, the_first_two, the_first_selected, by_an_expression])
def test_of_a_part_of_a_layer_the_engine_is_given_that_part(project, tmp_path, part):
    from osgeo import ogr
    from qgis.core import (
        QgsApplication,
        QgsProcessingContext,
        QgsProcessingFeatureSourceDefinition,
        QgsProcessingFeedback,
    )

    from plugin.layers.sources import vector_source

    layer = plain(tmp_path)
    project.addMapLayer(layer)
    definition = QgsProcessingFeatureSourceDefinition(layer.id())
    wanted = part(definition, layer)
    algorithm = QgsApplication.processingRegistry().algorithmById("mmrisk:joinattributes")
    context = QgsProcessingContext()
    context.setProject(project)
    reference = vector_source(algorithm, {"INPUT": definition}, "INPUT", context, QgsProcessingFeedback())
    source = ogr.Open(reference["path"])
    assert sorted(feature.GetField("fid") for feature in source.GetLayer(0)) == wanted
    assert reference["name"] == layer.name()


def exported(layer, feedback):
    from qgis.core import QgsProcessingContext

    from plugin.layers.exports import export

    return export(layer, layer.name(), False, QgsProcessingContext(), feedback)


def test_names_that_differ_in_capitals_only_all_reach_the_engine(project, tmp_path):
    from qgis.core import QgsProcessingFeedback, QgsVectorLayer

    file = tmp_path / "roads.geojson"
    feature = {
        "type": "Feature",
        "properties": {"Speed": 30, "speed": 50},
        "geometry": {"type": "LineString", "coordinates": [[9, 50], [9.1, 50]]},
    }
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    path = exported(open_layer(file), QgsProcessingFeedback())
    made = next(QgsVectorLayer(path, "made", "ogr").getFeatures())
    assert (made["Speed"], made["speed"]) == (30, 50)


def test_an_export_that_is_cancelled_says_so(project, tmp_path):
    from qgis.core import QgsProcessingException, QgsProcessingFeedback

    feedback = QgsProcessingFeedback()
    feedback.cancel()
    with pytest.raises(QgsProcessingException, match=r"Cancelled; nothing was written\."):
        exported(plain(tmp_path), feedback)


def test_an_export_that_cannot_be_written_names_the_layer(project, tmp_path, monkeypatch):
    from qgis.core import QgsProcessingException, QgsProcessingFeedback, QgsProcessingUtils

    monkeypatch.setattr(
        QgsProcessingUtils, "generateTempFilename", lambda *_: str(tmp_path / "no such folder" / "layer.gpkg")
    )
    with pytest.raises(QgsProcessingException, match=r"layer 'roads in QGIS' could not be handed to the engine \(.+\)"):
        exported(plain(tmp_path), QgsProcessingFeedback())
