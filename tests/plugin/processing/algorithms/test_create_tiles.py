"""The layouts of 'Create tiles' in QGIS with the real engine: layers of every kind in, tiles with recipes out."""

import json

import pytest

GRID, LINES, POINTS, POLYGONS = range(4)
EXTENT = "300000,301500,4700000,4701500 [EPSG:32619]"


@pytest.fixture(scope="module")
def run(qgis_application):
    import processing

    def run_algorithm(name="createtiles", feedback=None, **parameters):
        return processing.run(f"mmrisk:{name}", {"OUTPUT": "TEMPORARY_OUTPUT", **parameters}, feedback=feedback)

    return run_algorithm


def make_layer(kind, shapes, crs="EPSG:32619"):
    """A memory layer from WKT."""
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    layer = QgsVectorLayer(f"{kind}?crs={crs}&field=value:double", "made", "memory")
    for wkt in shapes:
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromWkt(wkt))
        layer.dataProvider().addFeature(feature)
    layer.updateExtents()
    return layer


def in_file(layer, folder, name):
    """The layer as a GeoPackage."""
    from qgis.core import QgsCoordinateTransformContext, QgsVectorFileWriter, QgsVectorLayer

    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = name
    path = str(folder / f"{name}.gpkg")
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, path, QgsCoordinateTransformContext(), options)
    return QgsVectorLayer(path, name, "ogr")


def column(layer, name):
    return [feature[name] for feature in layer.getFeatures()]


def field_names(layer):
    return [field.name() for field in layer.fields()]


def middles(layer):
    return [feature.geometry().boundingBox().center() for feature in layer.getFeatures()]


def failing(run, **parameters):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException) as caught:
        run(**parameters)
    return str(caught.value)


@pytest.fixture
def roads():
    return make_layer(
        "LineString", ["LineString(300000 4700100,300400 4700100)", "LineString(300500 4700000,300500 4700090)"]
    )


@pytest.fixture
def junctions():
    return make_layer("MultiPoint", ["MultiPoint((300100 4700100),(300900 4700900))", "MultiPoint((301400 4701400))"])


@pytest.fixture
def blocks():
    block = "Polygon(({0} 4700000,{0} 4700100,{1} 4700100,{1} 4700000,{0} 4700000))"
    return make_layer("Polygon", [block.format(300000, 300100), block.format(300100, 300300)])


def test_a_grid_with_half_a_tile_of_spacing_overlaps(run):
    layer = run(LAYOUT=GRID, EXTENT=EXTENT, TILE_SIZE=300, SPACING=150)["OUTPUT"]
    assert layer.featureCount() == 81
    assert field_names(layer) == ["tile_id", "row", "col"]
    assert (layer.extent().width(), layer.extent().height()) == pytest.approx((1500, 1500))


def test_tiles_along_lines(run, roads):
    result = run(LAYOUT=LINES, INPUT=roads, TILE_SIZE=60, SPACING=100)
    layer = result["OUTPUT"]
    assert result["TILE_COUNT"] == layer.featureCount() == 5
    assert field_names(layer) == ["tile_id", "source_id", "position"]
    assert layer.crs() == roads.crs()
    assert column(layer, "source_id") == [1, 1, 1, 1, 2]
    assert column(layer, "position") == pytest.approx([50, 150, 250, 350, 45])
    assert [m.x() for m in middles(layer)] == pytest.approx([300050, 300150, 300250, 300350, 300500])
    assert all(feature.geometry().area() == pytest.approx(3600) for feature in layer.getFeatures())


def test_tiles_around_points(run, junctions):
    layer = run(LAYOUT=POINTS, INPUT=junctions, TILE_SIZE=60)["OUTPUT"]
    assert column(layer, "source_id") == [1, 1, 2]
    assert column(layer, "position") == [0, 1, 0]
    assert [m.x() for m in middles(layer)] == pytest.approx([300100, 300900, 301400])


def test_polygons_as_tiles(run, blocks):
    layer = run(LAYOUT=POLYGONS, INPUT=blocks)["OUTPUT"]
    assert column(layer, "source_id") == [1, 2]
    assert [feature.geometry().area() for feature in layer.getFeatures()] == pytest.approx([10_000, 20_000])
    assert layer.crs() == blocks.crs()


def test_tiles_name_the_features_of_a_file_even_of_a_selection(run, junctions, tmp_path, project):
    from qgis.core import QgsProcessingFeatureSourceDefinition

    layer = in_file(junctions, tmp_path, "junctions")
    assert [feature.id() for feature in layer.getFeatures()] == [1, 2]
    assert set(column(run(LAYOUT=POINTS, INPUT=layer)["OUTPUT"], "source_id")) == {1, 2}
    project.addMapLayer(layer, False)
    layer.selectByIds([2])
    chosen = QgsProcessingFeatureSourceDefinition(layer.id(), True)
    assert column(run(LAYOUT=POINTS, INPUT=chosen)["OUTPUT"], "source_id") == [2]


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:2249", "EPSG:3857"])
def test_layers_in_degrees_or_feet_give_tiles_in_metres(run, roads, crs):
    import processing

    moved = processing.run("native:reprojectlayer", {"INPUT": roads, "TARGET_CRS": crs, "OUTPUT": "TEMPORARY_OUTPUT"})[
        "OUTPUT"
    ]
    layer = run(LAYOUT=LINES, INPUT=moved, TILE_SIZE=60, SPACING=100)["OUTPUT"]
    assert layer.crs().authid() == ("EPSG:2249" if crs == "EPSG:2249" else "EPSG:32619")
    assert column(layer, "source_id") == [1, 1, 1, 1, 2]
    unit = 0.3048006096 if crs == "EPSG:2249" else 1
    assert [feature.geometry().area() * unit**2 for feature in layer.getFeatures()] == pytest.approx([3600] * 5)


def test_the_crs_asked_for_is_that_of_the_tiles(run, roads, blocks):
    assert run(LAYOUT=LINES, INPUT=roads, CRS="EPSG:26986")["OUTPUT"].crs().authid() == "EPSG:26986"
    assert run(LAYOUT=POLYGONS, INPUT=blocks, CRS="EPSG:4326")["OUTPUT"].crs().authid() == "EPSG:4326"


@pytest.mark.parametrize("crs", [None, "EPSG:26986", "EPSG:4326"])
def test_an_extent_in_any_crs_keeps_the_tiles_whose_middle_lies_in_it(run, junctions, crs):
    from qgis.core import (
        QgsCoordinateReferenceSystem,
        QgsCoordinateTransform,
        QgsProject,
        QgsRectangle,
        QgsReferencedRectangle,
    )

    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    to_degrees = QgsCoordinateTransform(junctions.crs(), degrees, QgsProject.instance())
    box = to_degrees.transformBoundingBox(QgsRectangle(300800, 4700800, 301000, 4701000))
    options = {"CRS": crs} if crs else {}
    layer = run(LAYOUT=POINTS, INPUT=junctions, EXTENT=QgsReferencedRectangle(box, degrees), **options)["OUTPUT"]
    assert (column(layer, "source_id"), column(layer, "position")) == ([1], [1])


def test_a_mask_holds_for_tiles_along_lines(run, roads, blocks):
    layer = run(LAYOUT=LINES, INPUT=roads, MASK=blocks, TILE_SIZE=10, SPACING=100)["OUTPUT"]
    assert column(layer, "tile_id") == [0, 1, 2]


def test_the_recipe_names_layout_and_layer(run, roads, project):
    from plugin.layers.recipes import read_recipe

    roads.setName("Main roads")
    project.addMapLayer(roads, False)
    layer = run(LAYOUT=LINES, INPUT=roads, TILE_SIZE=60, SPACING=100)["OUTPUT"]
    assert json.loads(read_recipe(layer))["tiles"] == {
        "layout": "lines", "tile_size": 60, "spacing": 100, "layer": "Main roads", "geometry": "line",
    }  # fmt: skip


def test_tiles_along_lines_are_joined_and_labelled(run, roads, junctions):
    tiles = run(LAYOUT=LINES, INPUT=roads, TILE_SIZE=140, SPACING=100)["OUTPUT"]
    joined = run("joinattributes", TILES=tiles, INPUT=roads, STATISTICS=[1])["OUTPUT"]
    assert column(joined, "length") == pytest.approx([120, 140, 140, 120, 90])
    labelled = run("labeltiles", TILES=joined, EVENTS=junctions)["OUTPUT"]
    # A place where two tiles overlap lies in both.
    assert column(labelled, "events") == [1, 1, 0, 0, 0]


def test_a_grid_ignores_a_layer(run, roads):
    assert run(LAYOUT=GRID, EXTENT=EXTENT, INPUT=roads, TILE_SIZE=500)["TILE_COUNT"] == 9


@pytest.mark.parametrize(("layout", "wanted"), [(LINES, "lines"), (POINTS, "points"), (POLYGONS, "polygons")])
def test_a_missing_layer_is_named(run, layout, wanted):
    message = failing(run, LAYOUT=layout, EXTENT=EXTENT)
    assert f"needs a layer of {wanted} to follow. Choose one as 'Lines, points or polygons'" in message


def test_a_missing_extent_is_named(run, roads):
    assert "A grid needs an extent" in failing(run, LAYOUT=GRID, INPUT=roads)


def test_what_does_not_fit_is_named(run, roads, junctions):
    assert "'made' has points, but tiles along lines need lines" in failing(run, LAYOUT=LINES, INPUT=junctions)
    assert "'made' is empty" in failing(run, LAYOUT=LINES, INPUT=make_layer("LineString", []))
    elsewhere = "0,100,0,100 [EPSG:32619]"
    assert "has its middle in the extent" in failing(run, LAYOUT=LINES, INPUT=roads, EXTENT=elsewhere)
    lost = make_layer("LineString", ["LineString(0 0,9 0)"], crs="")
    assert "'made' has no coordinate reference system" in failing(run, LAYOUT=LINES, INPUT=lost)


def test_the_layer_that_tiles_follow_is_the_first_a_model_asks_for(project):
    from qgis.core import QgsVectorLayer

    from plugin.layers.matching import match_layers

    roads = QgsVectorLayer("LineString?crs=EPSG:32619&field=aadt:int", "roads", "memory")
    zones = QgsVectorLayer("Polygon?crs=EPSG:32619", "zones", "memory")
    manifest = {
        "images": [],
        "recipe": {
            "tiles": {
                "layout": "polygons",
                "tile_size": 90.0,
                "spacing": None,
                "layer": "Zones",
                "geometry": "polygon",
            },
            "joins": [{"layer": "Roads", "geometry": "line", "fields": ["aadt"], "join_field": None}],
        },
    }
    project.addMapLayer(roads, False)
    assert match_layers(manifest, project).missing == ["the layer 'Zones' (polygons)"]
    project.addMapLayer(zones, False)
    assert match_layers(manifest, project).layers == [zones, roads]
    manifest["recipe"]["tiles"] = {
        "layout": "grid",
        "tile_size": 90.0,
        "spacing": 45.0,
        "layer": None,
        "geometry": None,
    }
    assert match_layers(manifest, project).layers == [roads]


def test_a_layer_may_be_given_twice_to_map_risk(qgis_application, roads, project):
    """A recipe along roads that joins the same roads takes them as its first and its second layer."""
    from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback

    from plugin.layers.sources import vector_sources

    project.addMapLayer(roads, False)
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("mmrisk:maprisk")
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    context.setProject(project)
    sources = vector_sources(algorithm, {"LAYERS": [roads, roads]}, "LAYERS", context, feedback)
    assert [source["name"] for source in sources] == ["made", "made"]
