"""Run as a program: shows panel and inspector 300 pixels wide, in each language, and prints as JSON what does not fit.

The scale is that of ``QT_SCALE_FACTOR``, which Qt reads once, when it starts.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
WIDTH, HEIGHT = 300, 900
LANGUAGES = ("en", "de", "es", "fr")
FIGURES = {"auc": 0.81, "auc_low": 0.75, "auc_high": 0.87}
VALIDATION = {
    "figures": FIGURES,
    "challengers": {"prevalence": FIGURES, "attributes_boosting": FIGURES},
    "heads": {},
    "differences": {"prevalence": {"auc": 0.31, "low": 0.25, "high": 0.37}},
}


def main():
    os.environ["QGIS_CUSTOM_CONFIG_PATH"] = tempfile.mkdtemp(prefix="mmrisk-profile-")
    sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "plugin" / "gui" / "inspect")]
    from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsProject, QgsVectorLayer

    QgsApplication.setOrganizationName("MMRiskTests")
    application = QgsApplication([], True)
    application.initQgis()
    sys.path.append(str(Path(QgsApplication.pkgDataPath()) / "python" / "plugins"))
    from qgis.PyQt.QtCore import QSettings, QTranslator

    from plugin.processing.provider import MMRiskProvider

    QgsCoordinateReferenceSystem("EPSG:32619")
    project = QgsProject.instance()
    for kind, name in (
        ("Polygon", "zones"),
        ("LineString", "Main roads of the city and its surroundings"),
        ("Point", "crashes"),
    ):
        fields = "&field=people:int&field=a_field_with_a_rather_long_name:int"
        project.addMapLayer(QgsVectorLayer(f"{kind}?crs=EPSG:32619{fields}", name, "memory"))
    provider = MMRiskProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    faults = {}
    for language in LANGUAGES:
        translator = QTranslator()
        if language != "en":
            assert translator.load(str(ROOT / "resources" / "i18n" / f"mmrisk_{language}.qm"))
            application.installTranslator(translator)
        QSettings().setValue("locale/userLocale", language)
        provider.refreshAlgorithms()
        faults.update(
            {f"{language}, {place}": texts for place, texts in faults_of_windows(application).items() if texts}
        )
        application.removeTranslator(translator)
    print("FAULTS " + json.dumps(faults))
    sys.stdout.flush()
    os._exit(0)


def faults_of_windows(application):
    from inspected_tile import make_tile
    from qgis.gui import QgsCollapsibleGroupBox, QgsMapCanvas

    from plugin.gui.algorithm_runner import AlgorithmRunner
    from plugin.gui.inspect.inspect_dock import InspectDock
    from plugin.gui.panel.panel import MMRiskPanel

    canvas = QgsMapCanvas()
    panel = MMRiskPanel(canvas, AlgorithmRunner(), lambda: None)
    panel.data.add_join()
    panel._show_busy(True)
    panel.say("A sentence.", True)
    show(panel, application)
    found = {"tabs": cut_tabs(panel.tabs)}
    panel.train.findChild(QgsCollapsibleGroupBox).setCollapsed(False)
    panel.train.ladder.show_ladder(VALIDATION)
    panel.train.result.show()
    for by_events in (True, False):
        (panel.train.by_events if by_events else panel.train.by_field).setChecked(True)
        for layout in range(panel.area.layout_box.count()):
            panel.area.layout_box.setCurrentIndex(layout)
            for number, page in enumerate(panel.pages()):
                panel.tabs.setCurrentIndex(number)
                application.processEvents()
                texts = [f"needs {page.minimumSizeHint().width()}"] if page.minimumSizeHint().width() > WIDTH else []
                texts += [f"scrolls by {bar}"] if (bar := scroll_of(page)) else []
                name = type(page).__name__
                found[name] = sorted({*found.get(name, []), *texts, *cut_texts(page)})
    panel.tabs.setCurrentIndex(2)
    application.processEvents()
    found["ladder"] = cut_headings(panel.train.ladder)
    found["panel"] = cut_texts(panel) + ([f"is {panel.width()} wide"] if panel.width() > WIDTH else [])
    panel.remove()
    panel.deleteLater()
    dock = InspectDock()
    show(dock, application)
    dock.show_tile("Tile 7", make_tile())
    dock.say("A sentence.", True)
    dock.show_busy(True)
    for _ in range(3):
        application.processEvents()
    found["inspector"] = cut_texts(dock) + ([f"is {dock.width()} wide"] if dock.width() > WIDTH else [])
    dock.deleteLater()
    application.processEvents()
    return found


def show(dock, application):
    dock.setFloating(True)
    dock.show()
    dock.resize(WIDTH, HEIGHT)
    for _ in range(3):
        application.processEvents()


def scroll_of(page):
    return page.parent().parent().horizontalScrollBar().maximum()


def cut_tabs(tabs):
    bar = tabs.tabBar()
    needed = sum(bar.tabRect(number).width() for number in range(bar.count()))
    return (
        [f"{[tabs.tabText(number) for number in range(bar.count())]} need {needed} of {tabs.width()}"]
        if needed > tabs.width()
        else []
    )


def cut_headings(table):
    header = table.horizontalHeader()
    wide = table.horizontalScrollBar().maximum()
    cut = [
        f"{table.horizontalHeaderItem(column).text()}: {header.sectionSize(column)} of {header.sectionSizeHint(column)}"
        for column in range(table.columnCount())
        if header.sectionSize(column) < header.sectionSizeHint(column)
    ]
    return cut + ([f"scrolls by {wide}"] if wide else [])


def cut_texts(window):
    """The texts of what is seen and is narrower than its text."""
    from qgis.PyQt.QtWidgets import QAbstractButton, QLabel

    widgets = [
        *window.findChildren(QAbstractButton),
        *[label for label in window.findChildren(QLabel) if not label.wordWrap() and label.pixmap() is None],
    ]
    return [
        f"{widget.text()}: {widget.width()} of {widget.sizeHint().width()}"
        for widget in widgets
        if widget.isVisible() and widget.text() and widget.width() < widget.sizeHint().width()
    ]


if __name__ == "__main__":
    main()
