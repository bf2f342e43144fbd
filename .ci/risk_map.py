"""Makes a project and a picture of a risk layer with PyQGIS; the risk layer brings its own style.

Usage: risk_map.py IMAGERY ROADS RISK TITLE NOTE FOLDER
"""

import sys
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsLayoutExporter,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemScaleBar,
    QgsLayoutSize,
    QgsLineSymbol,
    QgsPrintLayout,
    QgsProject,
    QgsRasterLayer,
    QgsReferencedRectangle,
    QgsSingleSymbolRenderer,
    QgsUnitTypes,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QRectF
from qgis.PyQt.QtGui import QFont

MM = QgsUnitTypes.LayoutMillimeters
HIGH = 125


def main(imagery_file: str, roads_file: str, risk_file: str, title: str, note: str, folder: str) -> None:
    application = QgsApplication([], False)
    application.initQgis()
    project = QgsProject.instance()
    imagery = QgsRasterLayer(imagery_file, "Imagery")
    roads = QgsVectorLayer(roads_file, "Roads", "ogr")
    risk = QgsVectorLayer(risk_file, "Risk", "ogr")
    roads.setRenderer(QgsSingleSymbolRenderer(QgsLineSymbol.createSimple({"color": "60,60,60,150", "width": "0.2"})))
    for layer in (imagery, roads, risk):
        if not layer.isValid():
            sys.exit(f"{layer.name()} cannot be loaded from {layer.source()}")
        project.addMapLayer(layer)
    project.setCrs(risk.crs())
    # What a window shows when it opens the project.
    project.viewSettings().setDefaultViewExtent(QgsReferencedRectangle(risk.extent(), risk.crs()))
    project.setTitle(title)
    layout = make_layout(project, [risk, roads, imagery], risk, title, note)
    project.layoutManager().addLayout(layout)
    if not project.write(str(Path(folder) / "risk.qgz")):
        sys.exit("The project could not be written.")
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = 130
    settings.exportMetadata = False
    if QgsLayoutExporter(layout).exportToImage(str(Path(folder) / "risk.png"), settings) != QgsLayoutExporter.Success:
        sys.exit("The picture could not be written.")
    project.clear()
    application.exitQgis()


def make_layout(project: QgsProject, layers: list, risk: QgsVectorLayer, title: str, note: str) -> QgsPrintLayout:
    layout = QgsPrintLayout(project)
    layout.initializeDefaults()
    layout.setName("Risk")
    wide = HIGH * risk.extent().width() / risk.extent().height()
    page_width = 2 * wide + 118
    layout.pageCollection().page(0).setPageSize(QgsLayoutSize(page_width, HIGH + 26, MM))

    def place(item, x, y, width, height):
        item.attemptSetSceneRect(QRectF(x, y, width, height))
        layout.addLayoutItem(item)

    def label(text, x, y, size):
        item = QgsLayoutItemLabel(layout)
        item.setText(text)
        item.setFont(QFont("Sans", size))
        place(item, x, y, page_width - x, 3 * size)

    def chart(shown, x):
        item = QgsLayoutItemMap(layout)
        place(item, x, 18, wide, HIGH)
        item.setLayers(shown)
        item.zoomToExtent(risk.extent())
        item.setFrameEnabled(True)
        return item

    label(title, 8, 5, 15)
    chart(layers[1:], 8)
    mapped = chart(layers, 14 + wide)
    right = 20 + 2 * wide
    legend = QgsLayoutItemLegend(layout)
    legend.setLinkedMap(mapped)
    legend.setAutoUpdateModel(False)
    legend.model().rootGroup().clear()
    legend.model().rootGroup().addLayer(risk)
    place(legend, right, 16, 60, 60)
    scale = QgsLayoutItemScaleBar(layout)
    scale.setLinkedMap(mapped)
    scale.applyDefaultSize()
    scale.setNumberOfSegmentsLeft(0)
    scale.setNumberOfSegments(2)
    scale.setUnitsPerSegment(500)
    scale.setFont(QFont("Sans", 9))
    place(scale, right, 90, 60, 15)
    label(note, right + 2, 115, 9)
    return layout


if __name__ == "__main__":
    main(*sys.argv[1:])
