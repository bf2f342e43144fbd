"""The dockable panel: four steps, and what is going on at the bottom."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

from qgis.core import QgsApplication, QgsProject, QgsVectorLayer
from qgis.gui import QgsDockWidget, QgsMapCanvas, QgsScrollArea
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...engine_service import engine_environment
from ...i18n import tr
from ...layers.results_place import choose_results_folder, results_folder
from ...plain_text import literal, shortened
from ..algorithm_runner import AlgorithmRunner
from ..widgets.narrow import NarrowTabBar, break_texts
from ..widgets.sentence_label import sentence_label
from .area_step import AreaStep
from .data_step import DataStep
from .map_step import MapStep
from .panel_state import PanelState, read_state, write_state
from .step_page import StepPage
from .train_step import TrainStep, default_model_path

KEEP_DELAY = 300
DATA, TRAIN, MAP = 1, 2, 3


class MMRiskPanel(QgsDockWidget):
    """The panel. Its choices are kept in the project.

    :param canvas: the map that the steps look at.
    :param runner: what runs their algorithms.
    :param set_up_engine: called when the user asks for it.
    """

    def __init__(self, canvas: QgsMapCanvas, runner: AlgorithmRunner, set_up_engine: Callable[[], None]) -> None:
        super().__init__(tr("MMRisk"))
        self.setObjectName("MMRiskPanel")
        self._runner = runner
        self._restoring = False
        self._default_model = ""
        self.area = AreaStep(canvas, runner)
        self.data = DataStep(runner)
        self.train = TrainStep(runner)
        self.map = MapStep(canvas, runner)
        self.tabs = QTabWidget()
        bar = NarrowTabBar()
        self.tabs.setTabBar(bar)
        self.tabs.setAccessibleName(tr("Steps"))
        self.tabs.setUsesScrollButtons(True)
        for page, title in zip(self.pages(), (tr("1 Area"), tr("2 Data"), tr("3 Train"), tr("4 Map"))):
            self.tabs.addTab(_scrolling(page), title)
            page.changed.connect(self._keep_soon)
            page.said.connect(self.say)
        bar.break_titles()
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self._engine_notice(set_up_engine))
        layout.addWidget(self.tabs, 1)
        layout.addWidget(self._status())
        break_texts(content)
        self.setWidget(content)
        self._keep_timer = QTimer(self)
        self._keep_timer.setSingleShot(True)
        self._keep_timer.setInterval(KEEP_DELAY)
        self._keep_timer.timeout.connect(self.keep)
        self._connect_steps()
        runner.busy_changed.connect(self._show_busy)
        runner.progressed.connect(lambda percent: self.progress.setValue(round(percent)))
        runner.said.connect(self.doing.setText)
        self._project = QgsProject.instance()
        self._project.readProject.connect(self.restore)
        self._project.cleared.connect(self.restore)
        self._project.projectSaved.connect(self._show_results_folder)
        self.restore()
        self._show_busy(False)

    def pages(self) -> list[StepPage]:
        """The steps, in order."""
        return [self.area, self.data, self.train, self.map]

    def state(self) -> PanelState:
        """All choices."""
        return PanelState(
            self.tabs.currentIndex(),
            self.area.choices(),
            self.data.choices(),
            self.train.choices(),
            self.map.choices(),
        )

    def restore(self, *_: Any) -> None:
        """Show the choices kept in the project."""
        state = read_state(self._project)
        # Of another project.
        self.say("", False)
        self._restoring = True
        self.area.restore(state.area)
        self.data.restore(state.data)
        self.train.restore(state.train)
        self.map.restore(state.map)
        self._default_model = state.train.model
        self._show_results_folder()
        self.train.set_images(self.data.chosen_images())
        self.data.set_events(self.train.events.currentLayer())
        self.tabs.setCurrentIndex(state.step)
        self._keep_timer.stop()
        self._restoring = False

    def _show_results_folder(self, *_: Any) -> None:
        """Say where results go; a model that has no name of the user's goes there too."""
        folder = results_folder(self._project)
        self.results.setText(tr("Results are kept in {folder}.").format(folder=shortened(str(folder))))
        self.results.setToolTip(literal(str(folder)))
        if self.train.model.filePath() in ("", self._default_model) and not Path(self._default_model).is_file():
            self._default_model = default_model_path(self._project)
            self.train.model.setFilePath(self._default_model)

    def _choose_results_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, tr("Keep results in"), str(results_folder(self._project).parent)
        )
        if chosen:
            choose_results_folder(self._project, chosen)
            self._show_results_folder()

    def keep(self) -> None:
        """Keep the choices in the project."""
        write_state(self.state(), self._project)

    def say(self, sentence: str, is_problem: bool) -> None:
        """Show a sentence at the bottom; an empty one hides it."""
        self.message_row.setVisible(bool(sentence))
        self.message.setText(sentence)
        icon = QgsApplication.getThemeIcon("/mIconWarning.svg" if is_problem else "/mIconSuccess.svg")
        size = self.fontMetrics().height()
        self.message_icon.setPixmap(icon.pixmap(size, size))
        self.message_icon.setAccessibleName(tr("Problem") if is_problem else tr("Note"))

    def remove(self) -> None:
        """Undo what reaches beyond the panel itself: rubber band, dialogs, connections to the project."""
        self._keep_timer.stop()
        # Until Qt deletes it, layers that come and go are no choices of the user.
        self._restoring = True
        self._project.readProject.disconnect(self.restore)
        self._project.cleared.disconnect(self.restore)
        self._project.projectSaved.disconnect(self._show_results_folder)
        self.area.grid_preview.remove()
        self.train.preview.stop()
        for page in self.pages():
            page.close_dialogs()

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self.show_engine()

    def _connect_steps(self) -> None:
        self.area.tiles_made.connect(self._take_tiles)
        self.area.tiles_made.connect(lambda _: self.map.take_extent(self.area.extent.chosen()))
        self.train.events_chosen.connect(self.data.set_events)
        # Joined again, they begin from the same tiles, without the columns of the time before.
        self.data.tiles_made.connect(self.train.tiles.setLayer)
        self.data.changed.connect(lambda: self.train.set_images(self.data.chosen_images()))
        self.train.model_chosen.connect(self._take_model)
        self.tabs.currentChanged.connect(self._keep_soon)

    def _take_tiles(self, layer: QgsVectorLayer) -> None:
        self.data.tiles.setLayer(layer)
        self.train.tiles.setLayer(layer)

    def _take_model(self, path: str) -> None:
        self.map.choose_model(path)
        self.tabs.setCurrentIndex(MAP)

    def _keep_soon(self, *_: Any) -> None:
        if not self._restoring:
            self._keep_timer.start()

    def _engine_notice(self, set_up_engine: Callable[[], None]) -> QWidget:
        self.engine_notice = QFrame()
        self.engine_notice.setFrameShape(QFrame.Shape.StyledPanel)
        button = QPushButton(tr("Set up engine"))
        button.clicked.connect(lambda _checked=False: set_up_engine())
        layout = QHBoxLayout(self.engine_notice)
        layout.addWidget(sentence_label(tr("MMRisk computes in an engine of its own, which is not set up yet.")), 1)
        layout.addWidget(button)
        return self.engine_notice

    def _status(self) -> QWidget:
        self.message_icon, self.message = QLabel(), sentence_label()
        self.message.setAccessibleName(tr("Message"))
        self.message_row = QWidget()
        row = QHBoxLayout(self.message_row)
        row.setContentsMargins(2, 2, 2, 2)
        row.addWidget(self.message_icon)
        row.addWidget(self.message, 1)
        self.progress, self.doing, self.cancel_button = QProgressBar(), sentence_label(), QPushButton(tr("Cancel"))
        self.progress.setAccessibleName(tr("Progress"))
        self.cancel_button.clicked.connect(lambda _checked=False: self._runner.cancel())
        self.busy = QWidget()
        layout = QVBoxLayout(self.busy)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.addWidget(self.doing)
        bar = QHBoxLayout()
        bar.addWidget(self.progress, 1)
        bar.addWidget(self.cancel_button)
        layout.addLayout(bar)
        self.results = sentence_label()
        self.results.setAccessibleName(tr("Where results are kept"))
        self.results_button = QToolButton()
        self.results_button.setText("…")
        self.results_button.setAccessibleName(tr("Keep results in"))
        self.results_button.setToolTip(tr("Keep results in another folder from now on."))
        self.results_button.clicked.connect(lambda _checked=False: self._choose_results_folder())
        place = QHBoxLayout()
        place.setContentsMargins(2, 0, 2, 0)
        place.addWidget(self.results, 1)
        place.addWidget(self.results_button)
        status = QWidget()
        rows = QVBoxLayout(status)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addLayout(place)
        rows.addWidget(self.message_row)
        rows.addWidget(self.busy)
        self.message_row.hide()
        return status

    def _show_busy(self, busy: bool) -> None:
        self.busy.setVisible(busy)
        self.progress.setValue(0)
        self.doing.setText(tr("Starting the engine…") if busy else "")
        if not busy:
            self.show_engine()

    def show_training(self) -> None:
        """Show the step that trains."""
        self.setUserVisible(True)
        self.tabs.setCurrentIndex(TRAIN)

    def show_engine(self) -> None:
        """Say that the engine is not set up, where it is not."""
        self.engine_notice.setVisible(engine_environment() is None)


def _scrolling(page: QWidget) -> QScrollArea:
    """A page that scrolls up and down where the panel is low."""
    area = QgsScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidget(page)
    return area
