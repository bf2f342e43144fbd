"""Step 1 of the panel: the area and its tiles."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsMapLayerProxyModel,
    QgsProject,
    QgsReferencedRectangle,
    QgsUnitTypes,
    QgsVectorLayer,
)
from qgis.gui import QgsDoubleSpinBox, QgsMapCanvas, QgsMapLayerComboBox, QgsProjectionSelectionWidget
from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox

from ...i18n import tr
from ...layers.results import TILES, show_tiles
from ...locale_numbers import localised
from ..algorithm_runner import AlgorithmRunner, AlgorithmStep, Outcome
from ..widgets.plain_tips import show_plain_tip
from ..widgets.sentence_label import sentence_label
from .described_form import add_row, choose, described_form, options, set_row_visible
from .durations import estimate, remember_rate
from .extent_choice import ExtentChoice
from .grid_preview import GridPreview, PreviewGrid, preview_grid
from .panel_state import AreaChoices
from .qgis_process_command import TEMPORARY
from .shared_extent import shared_extent
from .step_page import ChoiceError, StepPage, layer_of

GRID, LINES, POINTS, POLYGONS = range(4)
RATE = "tiles_created_per_second"
PREVIEW_DELAY = 60
KINDS = {
    LINES: QgsMapLayerProxyModel.Filter.LineLayer,
    POINTS: QgsMapLayerProxyModel.Filter.PointLayer,
    POLYGONS: QgsMapLayerProxyModel.Filter.PolygonLayer,
}


class AreaStep(StepPage):
    """Where, and how large. ``tiles_made`` gives the new layer of tiles."""

    RESULT = TILES
    tiles_made = pyqtSignal(QgsVectorLayer)

    def __init__(self, canvas: QgsMapCanvas, runner: AlgorithmRunner) -> None:
        super().__init__(
            runner,
            tr("Create tiles"),
            tr("Which area, and which pieces of it get a risk each. Tiles that you have already are chosen in step 2."),
        )
        self._canvas = canvas
        self.layout_box = QComboBox()
        self.layout_box.addItems(options("createtiles", "LAYOUT"))
        self.extent = ExtentChoice(canvas, tr("Extent"), self._shared)
        self.layer = QgsMapLayerComboBox()
        self.tile_size = _metres(0.01)
        self.spacing = _metres(0.0)
        self.spacing.setSpecialValueText(tr("as the tile size"))
        self.mask = QgsMapLayerComboBox()
        self.mask.setFilters(QgsMapLayerProxyModel.Filter.PolygonLayer)
        self.mask.setAllowEmptyLayer(True)
        self.crs = QgsProjectionSelectionWidget()
        self.crs.setOptionVisible(QgsProjectionSelectionWidget.CrsOption.CrsNotSet, True)
        self.crs.setNotSetText(tr("Automatic"))
        # QGIS sets it to the WKT of what is chosen.
        show_plain_tip(self.crs)
        self.preview = QCheckBox(tr("Show the grid on the map"))
        self.summary = sentence_label()
        self.summary.setTextFormat(Qt.TextFormat.RichText)
        self.summary.setAccessibleName(tr("Number and size of the tiles"))
        self._form = described_form()
        for widget, name, text in (
            (self.layout_box, "LAYOUT", None),
            (self.layer, "INPUT", tr("Layer")),
            (self.extent, "EXTENT", None),
            (self.tile_size, "TILE_SIZE", tr("Tile size")),
            (self.spacing, "SPACING", tr("Spacing")),
            (self.mask, "MASK", tr("Study area")),
            (self.crs, "CRS", tr("CRS")),
        ):
            add_row(self._form, widget, "createtiles", name, text=text)
        self.body.addLayout(self._form)
        self.body.addWidget(self.preview)
        self.body.addWidget(self.summary)
        self.grid_preview = GridPreview(canvas)
        # While the canvas is dragged, the grid is drawn once it rests.
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PREVIEW_DELAY)
        self._timer.timeout.connect(self.update_summary)
        self.restore(AreaChoices())
        self.layout_box.currentIndexChanged.connect(self._layout_changed)
        for signal in (
            self.extent.extentChanged, self.layer.layerChanged, self.tile_size.valueChanged, self.spacing.valueChanged,
            self.mask.layerChanged, self.crs.crsChanged, self.preview.toggled,
        ):  # fmt: skip
            signal.connect(self._choice_made)
        canvas.extentsChanged.connect(self._timer.start)
        canvas.destinationCrsChanged.connect(self._timer.start)
        project = QgsProject.instance()
        project.layersAdded.connect(self._layers_changed)
        project.layersRemoved.connect(self._layers_changed)

    def choices(self) -> AreaChoices:
        """What is chosen."""
        return AreaChoices(
            layout=self.layout_box.currentIndex(),
            extent=self.extent.kept(),
            layer=_id(self.layer),
            tile_size=self.tile_size.value(),
            spacing=self.spacing.value(),
            mask=_id(self.mask),
            crs=self.crs.crs().authid(),
            preview=self.preview.isChecked(),
        )

    def restore(self, choices: AreaChoices) -> None:
        """Show choices."""
        choose(self.layout_box, choices.layout)
        self._show_rows()
        self.extent.restore(choices.extent)
        if layer_of(choices.layer) is not None:
            self.layer.setLayer(layer_of(choices.layer))
        self.tile_size.setValue(choices.tile_size)
        self.spacing.setValue(choices.spacing)
        self.mask.setLayer(layer_of(choices.mask))
        self.crs.setCrs(QgsCoordinateReferenceSystem.fromOgcWmsCrs(choices.crs))
        self.preview.setChecked(choices.preview)
        self._timer.start()

    def steps(self) -> list[AlgorithmStep]:
        layout = self.layout_box.currentIndex()
        parameters: dict[str, Any] = {"LAYOUT": layout}
        if layout == GRID or not self.extent.is_left_open():
            parameters["EXTENT"] = self.extent.chosen()
        if layout != GRID:
            parameters["INPUT"] = self.layer.currentLayer()
            if parameters["INPUT"] is None:
                raise ChoiceError(tr("Choose the layer that the tiles are to follow, or lay out a grid."))
        if layout != POLYGONS:
            parameters["TILE_SIZE"] = self.tile_size.value()
        if layout in (GRID, LINES) and self.spacing.value() > 0:
            parameters["SPACING"] = self.spacing.value()
        if self.mask.currentLayer() is not None:
            parameters["MASK"] = self.mask.currentLayer()
        if self.crs.crs().isValid():
            parameters["CRS"] = self.crs.crs()
        return [AlgorithmStep("mmrisk:createtiles", {**parameters, "OUTPUT": TEMPORARY})]

    def finish(self, outcome: Outcome) -> None:
        count = outcome.results["TILE_COUNT"]
        remember_rate(RATE, count, outcome.seconds)
        assert isinstance(outcome.layer, QgsVectorLayer)  # nosec B101  # for the type checker
        tiles = show_tiles(outcome.layer, TILES)
        self.preview.setChecked(False)
        self.tiles_made.emit(tiles)
        self.said.emit(
            tr("{count} tiles were made. Next: the data that describes them.").format(count=localised(f"{count:,}")),
            False,
        )

    def grid(self) -> PreviewGrid | None:
        """The grid that would come; None for other layouts, and where there is no area."""
        if self.layout_box.currentIndex() != GRID:
            return None
        size = self.tile_size.value()
        return preview_grid(self.extent.chosen(), self.crs.crs(), size, self.spacing.value() or size)

    def update_summary(self) -> None:
        """Say what would come, and draw it if wanted."""
        grid = self.grid()
        text = self._text_of_grid(grid) if self.layout_box.currentIndex() == GRID else self._text_of_layer()
        if grid is not None and self.preview.isChecked() and self.isVisible():
            if not self.grid_preview.show(grid):
                text += " " + tr("Only the border of the grid is drawn: its tiles are too small to be seen.")
        else:
            self.grid_preview.clear()
        self.summary.setText(text)

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: Any) -> None:
        super().hideEvent(event)
        self.grid_preview.clear()

    def _shared(self) -> QgsReferencedRectangle | None:
        return shared_extent(QgsProject.instance()) if self.layout_box.currentIndex() == GRID else None

    def _text_of_grid(self, grid: PreviewGrid | None) -> str:
        if grid is None:
            return tr("There is no extent yet: open a layer, or give an extent and a CRS.")
        metres = QgsUnitTypes.fromUnitToUnitFactor(grid.crs.mapUnits(), QgsUnitTypes.DistanceUnit.DistanceMeters)
        width, height = (count * grid.spacing * metres / 1000 for count in (grid.cols, grid.rows))
        text = tr("<b>{count} tiles</b> in {rows} rows and {cols} columns, about {width} × {height} km.").format(
            count=localised(f"{grid.count:,}"),
            rows=localised(f"{grid.rows:,}"),
            cols=localised(f"{grid.cols:,}"),
            width=_short(width),
            height=_short(height),
        )
        if self.mask.currentLayer() is not None:
            text += " " + tr("Those outside the mask are left out.")
        return f"{text} {estimate(RATE, grid.count)}"

    def _text_of_layer(self) -> str:
        layer = self.layer.currentLayer()
        if layer is None:
            return tr("Choose the layer that the tiles are to follow.")
        count = localised(f"{layer.featureCount():,}")
        if self.layout_box.currentIndex() == LINES:
            return tr("At least one tile on each of {count} lines.").format(count=count)
        return tr("One tile for each of {count} features in the layer, at most.").format(count=count)

    def _layers_changed(self, *_: Any) -> None:
        self._show_rows()
        self._timer.start()

    def _layout_changed(self) -> None:
        self._show_rows()
        self._choice_made()

    def _show_rows(self) -> None:
        layout = self.layout_box.currentIndex()
        if layout in KINDS:
            self.layer.setFilters(KINDS[layout])
            if self.layer.currentLayer() is None:
                choose(self.layer, 0)
        set_row_visible(self._form, self.layer, layout != GRID)
        set_row_visible(self._form, self.tile_size, layout != POLYGONS)
        set_row_visible(self._form, self.spacing, layout in (GRID, LINES))
        self.preview.setVisible(layout == GRID)
        # Tiles that follow a layer are not kept to an extent unless one is given.
        left_open = tr("Whole layer") if layout != GRID else tr("Canvas")
        if self._shared() is not None:
            left_open = tr("Where imagery and events are")
        self.extent.setNullValueAllowed(True, left_open)

    def _choice_made(self) -> None:
        self._timer.start()
        self.changed.emit()


def _metres(least: float) -> QgsDoubleSpinBox:
    box = QgsDoubleSpinBox()
    box.setDecimals(2)
    box.setRange(least, 1_000_000)
    box.setSingleStep(10)
    box.setSuffix(" " + tr("m"))
    box.setShowClearButton(False)
    return box


def _id(box: QgsMapLayerComboBox) -> str:
    layer = box.currentLayer()
    return "" if layer is None else str(layer.id())


def _short(kilometres: float) -> str:
    return localised(f"{kilometres:,.0f}") if kilometres >= 100 else localised(f"{kilometres:.3g}")
