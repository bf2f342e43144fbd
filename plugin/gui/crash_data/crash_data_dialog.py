"""Opens a table of crashes: what its columns are, where its points lie, and which years are wanted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.gui import QgsFileWidget, QgsMapCanvas, QgsProjectionSelectionWidget, QgsRubberBand
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...engine_service import engine
from ...i18n import tr
from ...layers.crs import crs_text
from ...layers.results_place import new_result_file, no_folder_sentence
from ..algorithm_runner import AlgorithmRunner, AlgorithmStep, Outcome
from ..engine.engine_task import EngineTask
from ..widgets.sentence_label import alarm_label, sentence_label

WGS84 = "EPSG:4326"
BETWEEN = ";"


class CrashDataDialog(QDialog):
    """Looks at a table through the engine, shows its first rows and its points, and loads it as a layer."""

    def __init__(self, canvas: QgsMapCanvas, runner: AlgorithmRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Open crash data"))
        self._canvas, self._runner = canvas, runner
        self._band = QgsRubberBand(canvas, QgsWkbTypes.GeometryType.PointGeometry)
        self._band.setColor(QColor(200, 30, 30, 170))
        self.layer: QgsVectorLayer | None = None
        self.file = QgsFileWidget()
        self.file.setFilter(tr("Tables (*.csv *.txt *.tsv *.xlsx *.ods);;All files (*)"))
        self.sheet, self.x, self.y, self.date, self.order = (QComboBox() for _ in range(5))
        self.order.addItems([tr("As the column shows"), tr("Day first"), tr("Month first")])
        self.crs = QgsProjectionSelectionWidget()
        self.years = QLineEdit()
        self.years.setPlaceholderText(tr("all"))
        self.rows, self.sentence, self.problem = QTableWidget(), sentence_label(), alarm_label()
        form = QFormLayout()
        for title, widget in (
            (tr("Table"), self.file),
            (tr("Sheet"), self.sheet),
            (tr("Column of longitude or x"), self.x),
            (tr("Column of latitude or y"), self.y),
            (tr("CRS of the coordinates"), self.crs),
            (tr("Column of the date"), self.date),
            (tr("Day and month"), self.order),
            (tr("Years"), self.years),
        ):
            widget.setAccessibleName(title)
            form.addRow(title, widget)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Close)
        self.load_button = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.load_button.setText(tr("Load"))
        self.load_button.setEnabled(False)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        for widget in (self.rows, self.sentence, self.problem, self.buttons):
            layout.addWidget(widget)
        self.buttons.accepted.connect(self.load)
        self.buttons.rejected.connect(self.reject)
        self.file.fileChanged.connect(lambda _: self.look(anew=True))
        for box in (self.sheet, self.x, self.y, self.date, self.order):
            box.activated.connect(lambda _: self.look(anew=self.sender() is self.sheet))
        self.crs.crsChanged.connect(lambda _: self.look())
        self.finished.connect(lambda _: self._band.reset(QgsWkbTypes.GeometryType.PointGeometry))

    def look(self, *, anew: bool = False) -> None:
        """Ask the engine what the table holds; ``anew`` forgets what was chosen for another one."""
        if not self.file.filePath() or self._runner.is_busy():
            return
        project = QgsProject.instance()
        job: dict[str, Any] = {"input": self._input(), "likely_crs": crs_text(project.crs()) or None}
        extent = self._extent()
        if extent:
            job["extent"] = extent
        if not anew:
            chosen = {"x_field": self.x.currentText(), "y_field": self.y.currentText()}
            job.update({name: text for name, text in chosen.items() if text})
            job["date_field"] = self._dates()
            job["date_order"] = ("auto", "day_first", "month_first")[self.order.currentIndex()]
            if self.crs.crs().isValid():
                job["crs"] = crs_text(self.crs.crs())
        self.load_button.setEnabled(False)

        def work(task: EngineTask) -> Any:
            return engine().run("survey-events", job, task)

        self._runner.run_task(
            lambda done, failed: EngineTask(tr("Looking at the crash data"), work, done, failed), self._show, self._fail
        )

    def load(self) -> None:
        """Load the table as it was looked at, and add it to the project."""
        if self._runner.is_busy():
            self._fail(tr("MMRisk is already working. Wait for it, or cancel it in the task bar."))
            return
        name = Path(self.file.filePath()).stem
        try:
            output = new_result_file(QgsProject.instance(), name, ".gpkg")
        except OSError as error:
            self._fail(no_folder_sentence(error))
            return
        extent = self._extent()
        west, south, east, north = extent or [0.0] * 4
        parameters = {
            "INPUT": self._input(),
            "X_FIELD": self.x.currentText(),
            "Y_FIELD": self.y.currentText(),
            "CRS": self.crs.crs(),
            "DATE_FIELD": BETWEEN.join(self._dates()),
            "DATE_ORDER": self.order.currentIndex(),
            "YEARS": self.years.text(),
            "EXTENT": f"{west},{east},{south},{north} [{WGS84}]" if extent else None,
            "OUTPUT": str(output),
        }
        self.load_button.setEnabled(False)
        step = AlgorithmStep("mmrisk:loadevents", parameters)
        self._runner.run([step], self._loaded, self._fail, lambda: self.load_button.setEnabled(True))

    def _input(self) -> str:
        sheet = self.sheet.currentText()
        return f"{self.file.filePath()}|layername={sheet}" if sheet else str(self.file.filePath())

    def _dates(self) -> list[str]:
        return [name for name in self.date.currentText().split(BETWEEN) if name]

    def _extent(self) -> list[float] | None:
        """What the map shows, in degrees."""
        settings, wgs84 = self._canvas.mapSettings(), QgsCoordinateReferenceSystem(WGS84)
        if not QgsProject.instance().mapLayers() or not settings.destinationCrs().isValid():
            return None
        try:
            to_degrees = QgsCoordinateTransform(settings.destinationCrs(), wgs84, QgsProject.instance())
            box = to_degrees.transformBoundingBox(settings.visibleExtent())
        except QgsCsException:
            return None
        return [box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()]

    def _show(self, found: dict[str, Any]) -> None:
        self.problem.clear()
        _fill(self.sheet, found["sheets"], found["sheet"])
        _fill(self.x, found["columns"], found["x_field"])
        _fill(self.y, found["columns"], found["y_field"])
        dates = BETWEEN.join(found["date_field"])
        _fill(self.date, list(dict.fromkeys(["", dates, *found["columns"]])), dates)
        self.crs.blockSignals(True)
        self.crs.setCrs(QgsCoordinateReferenceSystem(found["crs"] or ""))
        self.crs.blockSignals(False)
        self.rows.setColumnCount(len(found["columns"]))
        self.rows.setHorizontalHeaderLabels(found["columns"])
        self.rows.setRowCount(len(found["rows"]))
        for row, cells in enumerate(found["rows"]):
            for column, cell in enumerate(cells):
                item = QTableWidgetItem(cell)
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
                self.rows.setItem(row, column, item)
        years = ", ".join(f"{year} ({count})" for year, count in found["years"])
        said = [
            tr("{count} rows.").format(count=found["read"]),
            *([tr("Years: {years}.").format(years=years)] if years else []),
        ]
        self.sentence.setText(" ".join([*said, *found["said"]]))
        self._show_points(found["points"])
        self.load_button.setEnabled(bool(found["crs"]))

    def _show_points(self, points: list[list[float]]) -> None:
        self._band.reset(QgsWkbTypes.GeometryType.PointGeometry)
        if points:
            geometry = QgsGeometry.fromMultiPointXY([QgsPointXY(x, y) for x, y in points])
            self._band.addGeometry(geometry, QgsCoordinateReferenceSystem(WGS84))

    def _loaded(self, outcome: Outcome) -> None:
        numbers = outcome.results
        assert isinstance(outcome.layer, QgsVectorLayer)  # nosec B101  # for the type checker
        self.layer = outcome.layer
        self.layer.setName(tr("crashes {name}").format(name=Path(self.file.filePath()).stem))
        QgsProject.instance().addMapLayer(self.layer)
        text = tr(
            "{LOADED} of {READ} rows were loaded. Left out: {WITHOUT_PLACE} without a place, {AT_ZERO} at 0, 0, "
            "{DUPLICATES} repeated, {OTHER_YEARS} of other years. {OUT_OF_AREA} points lie outside the map."
        )
        self.sentence.setText(text.format(**{name: int(n) for name, n in numbers.items() if name != "OUTPUT"}))
        self._band.reset(QgsWkbTypes.GeometryType.PointGeometry)

    def _fail(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.load_button.setEnabled(False)


def _fill(box: QComboBox, names: list[str], chosen: str) -> None:
    box.clear()
    box.addItems(names)
    box.setCurrentText(chosen)
    box.setEnabled(len(names) > 1)
