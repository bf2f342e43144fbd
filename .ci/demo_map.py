"""Makes the demo's project and picture with PyQGIS; the layers bring their own styles."""

import sys
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsLayoutExporter,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemScaleBar,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsLineSymbol,
    QgsPrintLayout,
    QgsProject,
    QgsRasterLayer,
    QgsSingleSymbolRenderer,
    QgsUnitTypes,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QFont

MM = QgsUnitTypes.LayoutMillimeters
WIDTH, HEIGHT = 240, 170


def main(folder: Path) -> None:
    application = QgsApplication([], False)
    application.initQgis()
    project = QgsProject.instance()
    imagery = QgsRasterLayer(str(folder / "city" / "imagery.tif"), "Imagery")
    roads = QgsVectorLayer(str(folder / "city" / "roads.gpkg"), "Roads", "ogr")
    risk = QgsVectorLayer(str(folder / "risk.gpkg"), "Risk", "ogr")
    roads.setRenderer(QgsSingleSymbolRenderer(QgsLineSymbol.createSimple({"color": "60,60,60,150", "width": "0.2"})))
    for layer in (imagery, roads, risk):
        if not layer.isValid():
            sys.exit(f"{layer.name()} cannot be loaded from {layer.source()}")
        project.addMapLayer(layer)
    project.setCrs(risk.crs())
    project.setTitle("MMRisk demo: the sample city")
    layout = make_layout(project, [risk, roads, imagery], risk)
    project.layoutManager().addLayout(layout)
    if not project.write(str(folder / "risk.qgz")):
        sys.exit("The project could not be written.")
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = 150
    QgsLayoutExporter(layout).exportToImage(str(folder / "risk.png"), settings)
    project.clear()
    application.exitQgis()


def make_layout(project: QgsProject, layers: list, risk: QgsVectorLayer) -> QgsPrintLayout:
    layout = QgsPrintLayout(project)
    layout.initializeDefaults()
    layout.setName("Risk")
    layout.pageCollection().page(0).setPageSize(QgsLayoutSize(WIDTH, HEIGHT, MM))

    def place(item, x, y, width, height):
        layout.addLayoutItem(item)
        item.attemptMove(QgsLayoutPoint(x, y, MM))
        item.attemptResize(QgsLayoutSize(width, height, MM))

    title = QgsLayoutItemLabel(layout)
    title.setText("Risk of at least one crash per tile of 150 m, sample city")
    title.setFont(QFont("Sans", 15))
    place(title, 8, 5, WIDTH - 16, 9)
    chart = QgsLayoutItemMap(layout)
    place(chart, 8, 16, HEIGHT - 24, HEIGHT - 24)
    chart.setLayers(layers)
    chart.zoomToExtent(risk.extent())
    chart.setFrameEnabled(True)
    legend = QgsLayoutItemLegend(layout)
    legend.setLinkedMap(chart)
    legend.setAutoUpdateModel(False)
    legend.model().rootGroup().clear()
    legend.model().rootGroup().addLayer(risk)
    place(legend, HEIGHT - 8, 16, 60, 60)
    scale = QgsLayoutItemScaleBar(layout)
    scale.setLinkedMap(chart)
    scale.applyDefaultSize()
    place(scale, HEIGHT - 8, 100, 60, 15)
    note = QgsLayoutItemLabel(layout)
    note.setText("Synthetic data.\nClasses are fifths of the\nout-of-fold risk of the\ntraining tiles.")
    note.setFont(QFont("Sans", 9))
    place(note, HEIGHT - 8, 125, 60, 30)
    return layout


if __name__ == "__main__":
    main(Path(sys.argv[1]))
