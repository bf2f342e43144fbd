"""A panel beside a canvas, and layers for it."""

import pytest

PANEL_WIDTH = 380


@pytest.fixture
def canvas(qgis_application, qtbot):
    from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle
    from qgis.gui import QgsMapCanvas

    canvas = QgsMapCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(400, 400)
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:32619"))
    canvas.setExtent(QgsRectangle(300000, 4600000, 303000, 4603000))
    return canvas


@pytest.fixture
def layers(project):
    from qgis.core import QgsVectorLayer

    made = {
        "roads": QgsVectorLayer("LineString?crs=EPSG:32619&field=aadt:int&field=name:string", "Main roads", "memory"),
        "zones": QgsVectorLayer("Polygon?crs=EPSG:32619&field=people:int", "zones", "memory"),
        "crashes": QgsVectorLayer("Point?crs=EPSG:32619", "crashes", "memory"),
    }
    project.addMapLayers(list(made.values()))
    return made


@pytest.fixture
def make_panel(canvas, project, qtbot):
    from plugin.gui.algorithm_runner import AlgorithmRunner
    from plugin.gui.panel.panel import MMRiskPanel

    made = []

    def make():
        panel = MMRiskPanel(canvas, AlgorithmRunner(), lambda: None)
        made.append(panel)
        panel.resize(PANEL_WIDTH, 800)
        panel.show()
        qtbot.waitExposed(panel)
        return panel

    yield make
    for panel in made:
        panel.remove()
        panel.deleteLater()
