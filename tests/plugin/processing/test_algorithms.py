"""The algorithms in QGIS with the real engine: layers of every kind in, layers with recipes out, sentences on failure."""

import json

import pytest

EXTENT = "300000,301500,4700000,4701500 [EPSG:32619]"


@pytest.fixture(scope="module")
def run(qgis_application):
    import processing

    def run_algorithm(name, feedback=None, **parameters):
        return processing.run(f"mmrisk:{name}", parameters, feedback=feedback)

    return run_algorithm


@pytest.fixture(scope="module")
def tiles(run):
    return run("createtiles", EXTENT=EXTENT, TILE_SIZE=150, OUTPUT="TEMPORARY_OUTPUT")["OUTPUT"]


def make_layer(kind, rows, fields="value:double", crs="EPSG:32619"):
    """A memory layer from (WKT, attributes) pairs."""
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    layer = QgsVectorLayer(f"{kind}?crs={crs}&field={fields}", "made", "memory")
    for wkt, attributes in rows:
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromWkt(wkt))
        feature.setAttributes(attributes)
        layer.dataProvider().addFeature(feature)
    layer.updateExtents()
    return layer


def column(layer, name):
    return [feature[name] for feature in layer.getFeatures()]


@pytest.fixture
def points():
    inside = [f"Point({300075 + 150 * i} 4700075)" for i in range(4)]
    return make_layer("Point", [(wkt, [float(i)]) for i, wkt in enumerate(inside)])


def test_tiles_in_a_memory_layer(tiles):
    assert tiles.featureCount() == 100
    assert [field.name() for field in tiles.fields()] == ["tile_id", "row", "col"]
    assert tiles.crs().authid() == "EPSG:32619"
    assert tiles.extent().width() == pytest.approx(1500)


def test_tile_count_is_an_output(run):
    assert run("createtiles", EXTENT=EXTENT, TILE_SIZE=500, OUTPUT="TEMPORARY_OUTPUT")["TILE_COUNT"] == 9


def test_an_extent_in_degrees_gives_tiles_in_metres(run):
    layer = run("createtiles", EXTENT="-71.11,-71.10,42.27,42.28 [EPSG:4326]", OUTPUT="TEMPORARY_OUTPUT")["OUTPUT"]
    assert layer.crs().authid() == "EPSG:32619"
    assert next(layer.getFeatures()).geometry().area() == pytest.approx(150 * 150)


def test_a_crs_of_the_users_own_is_understood(run):
    from qgis.core import QgsCoordinateReferenceSystem

    own = QgsCoordinateReferenceSystem()
    own.createFromProj("+proj=tmerc +lat_0=42 +lon_0=-71 +k=1 +x_0=0 +y_0=0 +ellps=GRS80 +units=m")
    own.saveAsUserCrs("the user's own")
    layer = run("createtiles", EXTENT="0,1500,0,1500", CRS=own, OUTPUT="TEMPORARY_OUTPUT")["OUTPUT"]
    assert layer.featureCount() == 100
    assert layer.crs().isValid()


@pytest.mark.slow
def test_the_engine_knows_a_crs_again(qgis_application, job_schemas):
    """A CRS that came by QGIS must equal the raster's own, or every pixel would be resampled for nothing."""
    import subprocess

    from qgis.core import QgsCoordinateReferenceSystem

    from plugin.engine.environment.engine_environment import find_environment
    from plugin.layers.sources import crs_text

    codes = ["EPSG:32619", "EPSG:26986", "EPSG:2249", "EPSG:2056", "EPSG:3857", "EPSG:25832", "EPSG:4326", "EPSG:27700"]
    texts = {code: crs_text(QgsCoordinateReferenceSystem(code)) for code in codes}
    check = (
        "import json, sys, pyproj; t = json.load(sys.stdin); print([c for c in t if not pyproj.CRS(c).equals(t[c])])"
    )
    command = [str(find_environment().python), "-c", check]
    finished = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=True)
    assert finished.stdout.strip() == "[]"


def test_a_mask_keeps_the_tiles_under_it(run):
    mask = make_layer("Polygon", [("Polygon((300010 4701490,300020 4701490,300020 4701480,300010 4701490))", [1.0])])
    assert run("createtiles", EXTENT=EXTENT, MASK=mask, OUTPUT="TEMPORARY_OUTPUT")["TILE_COUNT"] == 1


def test_join_uses_selected_features_only_when_asked(run, tiles, points, project):
    from qgis.core import QgsProcessingFeatureSourceDefinition

    project.addMapLayer(points, False)
    points.selectByIds([1, 2])
    joined = run("joinattributes", TILES=tiles, INPUT=points, STATISTICS=[0], PREFIX="p_", OUTPUT="TEMPORARY_OUTPUT")
    assert sum(column(joined["OUTPUT"], "p_count")) == 4
    selected = QgsProcessingFeatureSourceDefinition(points.id(), True)
    joined = run("joinattributes", TILES=tiles, INPUT=selected, STATISTICS=[0], PREFIX="p_", OUTPUT="TEMPORARY_OUTPUT")
    assert sum(column(joined["OUTPUT"], "p_count")) == 2


def test_join_respects_the_layers_filter(run, tiles, points, tmp_path):
    from qgis.core import QgsCoordinateTransformContext, QgsVectorFileWriter, QgsVectorLayer

    options = QgsVectorFileWriter.SaveVectorOptions()
    file = str(tmp_path / "points.gpkg")
    QgsVectorFileWriter.writeAsVectorFormatV3(points, file, QgsCoordinateTransformContext(), options)
    layer = QgsVectorLayer(file, "points", "ogr")
    assert layer.setSubsetString('"value" >= 1')
    joined = run("joinattributes", TILES=tiles, INPUT=layer, STATISTICS=[0], OUTPUT="TEMPORARY_OUTPUT")["OUTPUT"]
    assert sum(column(joined, "count")) == 3


def test_join_statistics_and_missing_values(run, tiles, points):
    joined = run(
        "joinattributes", TILES=tiles, INPUT=points, FIELDS=["value"], STATISTICS=[4, 5], OUTPUT="TEMPORARY_OUTPUT"
    )["OUTPUT"]
    from qgis.core import NULL

    values = column(joined, "value_mean")
    assert sorted(v for v in values if v != NULL) == [0.0, 1.0, 2.0, 3.0]
    assert sum(v == NULL for v in values) == 96


def test_recipe_travels_through_a_chain_of_layers(run, tiles, points):
    from plugin.layers.recipes import read_recipe

    joined = run("joinattributes", TILES=tiles, INPUT=points, STATISTICS=[0], PREFIX="p_", OUTPUT="TEMPORARY_OUTPUT")
    labelled = run("labeltiles", TILES=joined["OUTPUT"], EVENTS=points, OUTPUT="TEMPORARY_OUTPUT")["OUTPUT"]
    recipe = json.loads(read_recipe(labelled))
    assert recipe["tiles"]["tile_size"] == 150
    assert [join["prefix"] for join in recipe["joins"]] == ["p_"]
    assert recipe["label"]["threshold"] == 1


@pytest.mark.parametrize("suffix", ["gpkg", "shp", "geojson"])
def test_recipe_travels_through_files(run, points, tmp_path, suffix):
    from qgis.core import QgsVectorLayer

    from plugin.layers.recipes import read_recipe

    tiles = run("createtiles", EXTENT=EXTENT, OUTPUT=str(tmp_path / f"tiles.{suffix}"))["OUTPUT"]
    joined = run("joinattributes", TILES=tiles, INPUT=points, STATISTICS=[0], OUTPUT=str(tmp_path / f"j.{suffix}"))
    recipe = json.loads(read_recipe(QgsVectorLayer(joined["OUTPUT"], "j", "ogr")))
    assert recipe["tiles"]["layout"] == "grid"
    assert len(recipe["joins"]) == 1


def test_labels_count_every_event_once(run, tiles):
    on_edges = make_layer("Point", [(f"Point({300150 * 1 + 150 * i} 4700150)", [1.0]) for i in range(5)])
    labelled = run("labeltiles", TILES=tiles, EVENTS=on_edges, OUTPUT="TEMPORARY_OUTPUT")["OUTPUT"]
    assert sum(column(labelled, "events")) == 5
    assert sum(column(labelled, "label")) == 5


def failing(run, name, **parameters):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException) as caught:
        run(name, **parameters)
    return str(caught.value)


def test_empty_layers_are_named(run, tiles):
    empty = make_layer("Point", [])
    assert "'made' is empty" in failing(run, "labeltiles", TILES=tiles, EVENTS=empty, OUTPUT="TEMPORARY_OUTPUT")
    no_tiles = make_layer("Polygon", [])
    message = failing(run, "joinattributes", TILES=no_tiles, INPUT=empty, STATISTICS=[0], OUTPUT="TEMPORARY_OUTPUT")
    assert "empty" in message


def test_a_layer_without_crs_is_named(run, tiles):
    lost = make_layer("Point", [("Point(300075 4700075)", [1.0])], crs="")
    message = failing(run, "joinattributes", TILES=tiles, INPUT=lost, STATISTICS=[0], OUTPUT="TEMPORARY_OUTPUT")
    assert "'made' has no coordinate reference system" in message


def test_an_unwritable_output_is_named_before_work(run, tmp_path):
    output = tmp_path / "missing" / "tiles.gpkg"
    assert "does not exist" in failing(run, "createtiles", EXTENT=EXTENT, OUTPUT=str(output))
    assert not output.parent.exists()


def test_training_on_one_class_is_refused(run, tiles, points, tmp_path):
    labelled = run("labeltiles", TILES=tiles, EVENTS=points, THRESHOLD=5, OUTPUT="TEMPORARY_OUTPUT")["OUTPUT"]
    model = tmp_path / "model.safetensors"
    message = failing(run, "trainmodel", TILES=labelled, LABEL="label", FEATURES=["row"], MODEL=str(model))
    assert "needs both 0 and 1" in message
    assert not list(tmp_path.iterdir())


def test_training_on_nothing_is_refused(run, tiles, tmp_path):
    message = failing(run, "trainmodel", TILES=tiles, LABEL="row", MODEL=str(tmp_path / "model.safetensors"))
    assert "nothing to learn from" in message


def test_a_missing_raster_is_named(run, tiles, tmp_path):
    parameters = {"TILES": tiles, "LABEL": "row", "MODEL": str(tmp_path / "m.safetensors")}
    message = failing(run, "trainmodel", IMAGES=["/nowhere/ortho.tif"], **parameters)
    assert "ortho.tif" in message


def test_a_file_that_is_no_model_is_named(run, tiles, tmp_path):
    fake = tmp_path / "fake.safetensors"
    fake.write_bytes(b"not a model")
    message = failing(run, "predictrisk", TILES=tiles, MODEL=str(fake), OUTPUT="TEMPORARY_OUTPUT")
    assert "fake.safetensors is not a model" in message


def test_cancel_before_the_start_ends_in_a_sentence(run):
    from qgis.core import QgsProcessingFeedback

    feedback = QgsProcessingFeedback()
    feedback.cancel()
    message = failing(run, "createtiles", feedback=feedback, EXTENT=EXTENT, OUTPUT="TEMPORARY_OUTPUT")
    assert "Cancelled" in message


@pytest.fixture
def numbered(tiles, tmp_path):
    """The tiles in a file, every second one taken out."""
    from osgeo import ogr
    from qgis.core import QgsCoordinateTransformContext, QgsVectorFileWriter, QgsVectorLayer

    file = str(tmp_path / "numbered.gpkg")
    options = QgsVectorFileWriter.SaveVectorOptions()
    QgsVectorFileWriter.writeAsVectorFormatV3(tiles, file, QgsCoordinateTransformContext(), options)
    source = ogr.Open(file, 1)
    table = source.GetLayer(0)
    for feature in [feature.GetFID() for feature in table if feature.GetFID() % 2]:
        table.DeleteFeature(feature)
    del table, source
    return QgsVectorLayer(file, "numbered", "ogr")


def plain_tiles(layer):
    return layer


def filtered_tiles(layer):
    assert layer.setSubsetString('"row" > 3')
    return layer


def edited_tiles(layer):
    layer.startEditing()
    layer.deleteFeatures([next(layer.getFeatures()).id()])
    return layer


@pytest.mark.parametrize("change", [plain_tiles, filtered_tiles, edited_tiles])
@pytest.mark.parametrize("output", ["out.gpkg", "out.geojson", "out.fgb", "TEMPORARY_OUTPUT"])
@pytest.mark.parametrize("name", ["joinattributes", "labeltiles"])
def test_tiles_keep_their_ids(run, numbered, points, project, tmp_path, change, output, name):
    from qgis.core import QgsVectorLayer

    given = change(numbered)
    project.addMapLayers([given, points])
    options = {"INPUT": points, "STATISTICS": [0]} if name == "joinattributes" else {"EVENTS": points}
    destination = output if output == "TEMPORARY_OUTPUT" else str(tmp_path / output)
    made = run(name, TILES=given, OUTPUT=destination, **options)["OUTPUT"]
    layer = made if isinstance(made, QgsVectorLayer) else QgsVectorLayer(made, "made", "ogr")
    assert ids_and_places(layer) == ids_and_places(given)
    if given.isEditable():
        given.rollBack()


def ids_and_places(layer):
    return sorted((f["tile_id"], int(f["fid"]), f.geometry().boundingBox().toString(0)) for f in layer.getFeatures())


def test_ids_that_cannot_be_told_are_not_guessed(run, numbered, points, project):
    """A tile that is not saved yet has no id, and comes first."""
    from qgis.core import QgsFeature

    numbered.startEditing()
    new = QgsFeature(next(numbered.getFeatures()))
    new["fid"] = None
    new["tile_id"] = 1000
    geometry = new.geometry()
    geometry.translate(0, 5000)
    new.setGeometry(geometry)
    assert numbered.addFeature(new)
    project.addMapLayers([numbered, points])
    layer = run("joinattributes", TILES=numbered, INPUT=points, STATISTICS=[0], OUTPUT="TEMPORARY_OUTPUT")["OUTPUT"]
    places = {f["tile_id"]: f.geometry().boundingBox().toString(0) for f in layer.getFeatures()}
    assert places == {f["tile_id"]: f.geometry().boundingBox().toString(0) for f in numbered.getFeatures()}
    assert 1000 in places
    numbered.rollBack()


OURS = ["rank", "coverage", "risk", "fid", "ogc_fid", "geom", "id", "FID_1", "attribute_effect", "count", "label"]
"""Names that formats or the plugin use themselves."""


def with_fields_like_ours(tiles):
    """The tiles, each with fields of these names, whose values say whose they are."""
    from qgis.core import QgsFeature, QgsField, QgsVectorLayer
    from qgis.PyQt.QtCore import QVariant

    layer = QgsVectorLayer("Polygon?crs=EPSG:32619&field=tile_id:integer", "own tiles", "memory")
    layer.dataProvider().addAttributes([QgsField(name, QVariant.Int) for name in OURS])
    layer.updateFields()
    for number, tile in enumerate(tiles.getFeatures()):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(tile.geometry())
        feature.setAttributes([tile["tile_id"], *(1000 * (place + 1) + number for place in range(len(OURS)))])
        layer.dataProvider().addFeature(feature)
    layer.updateExtents()
    return layer


@pytest.mark.parametrize(
    "ending", ["gpkg", "shp", "geojson", "fgb", "csv", "gml", "sqlite", "tab", "ods", "xlsx", "kml"]
)
@pytest.mark.parametrize("name", ["joinattributes", "labeltiles"])
def test_no_field_of_the_users_is_lost_in_any_format(run, tiles, points, project, tmp_path, ending, name):
    """Whatever a format does to names: each value is there, in one row with those it belongs to.

    Formats that lose fields, as some do in some versions of GDAL, are refused.
    """
    from qgis.core import QgsProcessingException, QgsVectorLayer

    own = with_fields_like_ours(tiles)
    project.addMapLayers([own, points])
    options = {"INPUT": points, "STATISTICS": [0]} if name == "joinattributes" else {"EVENTS": points}
    file = tmp_path / f"out.{ending}"
    try:
        made = run(name, TILES=own, OUTPUT=str(file), **options)["OUTPUT"]
    except QgsProcessingException as error:
        if ending in ("gpkg", "shp", "geojson", "fgb", "csv") or "cannot be written in this format" not in str(error):
            raise
        return
    layer = QgsVectorLayer(made, "made", "ogr")
    expected = {f["tile_id"]: set(f.attributes()[1:]) for f in own.getFeatures()}
    found = {}
    for feature in layer.getFeatures():
        numbers = {int(float(v)) for v in feature.attributes() if str(v).replace(".0", "").lstrip("-").isdigit()}
        tile_id = feature["tile_id"] if "tile_id" in layer.fields().names() else feature["Name"]
        found[int(tile_id)] = numbers
    assert found.keys() == expected.keys()
    lost = {tile: values - found[tile] for tile, values in expected.items() if values - found[tile]}
    if lost:
        places = sorted({value // 1000 - 1 for values in lost.values() for value in values})
        raise AssertionError([OURS[place] for place in places])


def test_the_number_of_a_row_may_be_a_key(run, numbered, project):
    """QGIS offers it as a field; to the engine it is none."""
    from qgis.core import QgsFeature, QgsVectorLayer

    table = QgsVectorLayer("None?field=tile:integer&field=value:double", "table", "memory")
    ids = [feature["fid"] for feature in numbered.getFeatures()]
    for number in ids:
        row = QgsFeature(table.fields())
        row.setAttributes([number, number / 2])
        table.dataProvider().addFeature(row)
    project.addMapLayers([numbered, table])
    by_key = {"JOIN_FIELD": "tile", "TILE_FIELD": "fid", "FIELDS": ["value"], "STATISTICS": [4]}
    made = run("joinattributes", TILES=numbered, INPUT=table, OUTPUT="TEMPORARY_OUTPUT", **by_key)["OUTPUT"]
    assert {f["fid"]: f["value_sum"] for f in made.getFeatures()} == {number: number / 2 for number in ids}
    assert [field.name() for field in made.fields()].count("fid") == 1
