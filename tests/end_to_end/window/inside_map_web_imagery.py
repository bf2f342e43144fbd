"""A user clicks 'Map risk on canvas' with nothing but tiles of the web for imagery; some of these never come."""

import json
import os

import pytest


@pytest.fixture
def web_project(iface, sample_folder, qtbot):
    """Tiles of the web under the name of the model's imagery, and roads, which lie elsewhere."""
    from qgis.core import QgsProject, QgsRasterLayer, QgsRectangle, QgsVectorLayer

    imagery = QgsRasterLayer(os.environ["MMRISK_WINDOW_XYZ"], "imagery", "wms")
    roads = QgsVectorLayer(str(sample_folder / "city" / "roads.gpkg"), "roads", "ogr")
    project = QgsProject.instance()
    project.addMapLayers([imagery, roads])
    project.setCrs(imagery.crs())
    gaps = [QgsRectangle(*extent) for extent in json.loads(os.environ["MMRISK_WINDOW_DROPPED"])]
    shown = QgsRectangle(gaps[0])
    for gap in gaps:
        shown.combineExtentWith(gap)
    # QGIS shows all of the first layers of a project, once it gets to it.
    qtbot.wait(1000)
    iface.mapCanvas().setExtent(shown.buffered(200))
    iface.mapCanvas().refresh()
    yield project
    project.clear()


def risk_layers(project):
    return [layer for layer in project.mapLayers().values() if layer.name() == "Risk"]


def shares_missing(layer):
    """How much of each tile lies where the web has nothing, by tile_id; None at the edge of what it has."""
    from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsGeometry, QgsProject, QgsRectangle

    def in_tiles(rectangle, crs):
        shape = QgsGeometry.fromRect(rectangle).densifyByCount(9)
        to_tiles = QgsCoordinateTransform(QgsCoordinateReferenceSystem(crs), layer.crs(), QgsProject.instance())
        shape.transform(to_tiles)
        return shape

    dropped = json.loads(os.environ["MMRISK_WINDOW_DROPPED"])
    gone = QgsGeometry.unaryUnion([in_tiles(QgsRectangle(*extent), "EPSG:3857") for extent in dropped])
    there = in_tiles(QgsRectangle(231990, 890780, 233480, 893760), "EPSG:26986")
    shares = {}
    for feature in layer.getFeatures():
        tile = feature.geometry()
        whole = there.contains(tile)
        shares[feature["tile_id"]] = tile.intersection(gone).area() / tile.area() if whole else None
    return shares


def test_coverage_is_right_where_tiles_of_the_web_are_missing(
    plugin, iface, web_project, chosen_model, click, qtbot, screenshot, event_loop, note_wait
):
    event_loop.start()
    click("mmrisk_map_risk_on_canvas")

    def is_done():
        told = [item.text() for item in iface.messageBar().items()]
        assert risk_layers(web_project), f"there is no risk layer; QGIS says {told}"

    qtbot.waitUntil(is_done, timeout=150000)
    note_wait("drawing tiles of the web and predicting", event_loop)
    layer = risk_layers(web_project)[0]
    missing = {name: share for name, share in shares_missing(layer).items() if share is not None}
    assert len(missing) >= 40
    assert sum(share > 0.2 for share in missing.values()) >= 4
    for feature in layer.getFeatures():
        share = missing.get(feature["tile_id"])
        if share is not None:
            # Pictures of this model have 64 x 64 pixels; those on the border of a hole are in it or not.
            assert feature["coverage"] == pytest.approx(1 - share, abs=0.03)
    qtbot.wait(2500)
    iface.messageBar().clearWidgets()
    screenshot("map_risk_on_web_imagery")
