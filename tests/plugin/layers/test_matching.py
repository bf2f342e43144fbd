"""Which layers of a project a model means."""

import pytest

MANIFEST = {
    "images": [{"source": 0, "name": "Ortho"}],
    "recipe": {
        "joins": [
            {"layer": "Roads", "geometry": "line", "fields": ["aadt"], "join_field": None},
            {"layer": "junctions", "geometry": "point", "fields": [], "join_field": None},
        ]
    },
}


@pytest.fixture
def layers(project, tmp_path):
    from osgeo import gdal
    from qgis.core import QgsRasterLayer, QgsVectorLayer

    file = str(tmp_path / "image.tif")
    gdal.GetDriverByName("GTiff").Create(file, 4, 4, 3).FlushCache()
    made = {
        "ortho": QgsRasterLayer(file, "ortho"),
        "roads": QgsVectorLayer("LineString?crs=EPSG:32619&field=aadt:int", "roads", "memory"),
        "paths": QgsVectorLayer("LineString?crs=EPSG:32619", "paths", "memory"),
        "crossings": QgsVectorLayer("Point?crs=EPSG:32619", "crossings", "memory"),
    }
    for layer in made.values():
        project.addMapLayer(layer, False)
    return made


def test_layers_are_found_by_name_or_as_the_only_one_that_fits(layers, project):
    from plugin.layers.matching import match_layers

    matched = match_layers(MANIFEST, project)
    assert matched.missing == []
    assert matched.images == [layers["ortho"]]
    assert matched.layers == [layers["roads"], layers["crossings"]]


def test_missing_layers_are_named_with_what_they_must_have(layers, project):
    from plugin.layers.matching import match_layers

    project.removeMapLayers([layers["roads"].id(), layers["ortho"].id()])
    matched = match_layers(MANIFEST, project)
    assert matched.missing == ["the imagery 'Ortho'", "the layer 'Roads' (lines with the fields aadt)"]


@pytest.fixture
def web(layers, project):
    """A background map from the web."""
    from qgis.core import QgsRasterLayer

    layer = QgsRasterLayer("type=xyz&url=http://127.0.0.1:9/%7Bz%7D/%7Bx%7D/%7By%7D", "background", "wms")
    project.addMapLayer(layer, False)
    return layer


def images_for(name, project):
    from plugin.layers.matching import match_layers

    manifest = {"images": [{"source": 0, "name": name}], "recipe": {"joins": []}}
    return match_layers(manifest, project).images


def test_imagery_may_come_from_the_web_or_be_any_layer_of_that_name(layers, project, web):
    assert images_for("Background", project) == [web]
    assert images_for("Roads", project) == [layers["roads"]]


def test_the_only_raster_file_goes_before_the_web(layers, project, web):
    assert images_for("aerial 2019", project) == [layers["ortho"]]
    project.removeMapLayer(layers["ortho"].id())
    assert images_for("aerial 2019", project) == [web]
