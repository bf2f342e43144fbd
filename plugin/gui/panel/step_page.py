"""What the four steps share: a button that runs their algorithms, and the two ways to take these elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from qgis.core import QgsApplication, QgsMapLayer, QgsProject
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QCursor
from qgis.PyQt.QtWidgets import (
    QApplication,
    QMenu,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ...engine_service import engine_environment
from ...i18n import tr
from ...layers.results_place import new_result_file, no_folder_sentence
from ...plain_text import menu_text
from ..algorithm_runner import AlgorithmRunner, AlgorithmStep, Outcome
from ..widgets.sentence_label import sentence_label
from ..widgets.wrapping_row import WrappingRow
from .qgis_process_command import TEMPORARY, commands, unsaved_layers

SETTLING = 50


class ChoiceError(Exception):
    """Something is not chosen yet; the text is a sentence for the user."""


class StepPage(QWidget):
    """A step of the work. Subclasses fill ``body``, and say what they run in ``steps`` and what then in ``finish``.

    ``changed`` is emitted when the user chose something, ``said`` with a sentence and whether it is about a problem.

    :param button: the text of the button that runs the step.
    :param introduction: one sentence on what the step is for.
    """

    RESULT: ClassVar[str] = ""
    """What the file is called that keeps the layer which the last algorithm makes; empty where none does."""

    changed = pyqtSignal()
    said = pyqtSignal(str, bool)

    def __init__(self, runner: AlgorithmRunner, button: str, introduction: str) -> None:
        super().__init__()
        self._runner = runner
        self._dialogs: list[Any] = []
        self.run_button = QPushButton(button)
        self.run_button.setAccessibleDescription(introduction)
        self.run_button.clicked.connect(self.run)
        self.toolbox_button = _flat_button(tr("Open in Toolbox"), self.open_in_toolbox)
        self.toolbox_button.setToolTip(tr("The dialog of the algorithm, with these choices and all other parameters."))
        self.copy_button = _flat_button(tr("Copy command"), self.copy_command)
        self.copy_button.setToolTip(tr("These choices as a command for qgis_process, to the clipboard."))
        self.body = QVBoxLayout()
        layout = QVBoxLayout(self)
        layout.addWidget(sentence_label(introduction))
        layout.addLayout(self.body)
        layout.addWidget(self.run_button)
        layout.addLayout(WrappingRow(self.toolbox_button, self.copy_button))
        self.below = QVBoxLayout()
        layout.addLayout(self.below)
        layout.addStretch(1)
        runner.busy_changed.connect(lambda busy: self.run_button.setEnabled(not busy))

    def steps(self) -> list[AlgorithmStep]:
        """The algorithms that the step runs, in order.

        :raises ChoiceError: something is not chosen yet.
        """
        raise NotImplementedError

    def finish(self, outcome: Outcome) -> None:
        """Take what the algorithms made."""
        raise NotImplementedError

    def run(self) -> None:
        """Run the step in the background."""
        if self._runner.is_busy():
            return
        steps = self._steps_or_say()
        if steps is None or not self.agree(steps):
            return
        if engine_environment() is None:
            self.said.emit(tr("The engine is not set up yet. Use the button 'Set up engine' above."), True)
            return
        if self.RESULT:
            try:
                file = new_result_file(QgsProject.instance(), self.RESULT, ".gpkg")
            except OSError as error:
                self.said.emit(no_folder_sentence(error), True)
                return
            steps[-1] = replace(steps[-1], parameters={**steps[-1].parameters, "OUTPUT": str(file)})
        self.said.emit("", False)
        self.begin()
        self._runner.run(steps, self.finish, self._fail, lambda: self._fail(tr("Cancelled; nothing was added.")))

    def agree(self, steps: list[AlgorithmStep]) -> bool:
        """Whether the user agrees to what running would overwrite."""
        return True

    def begin(self) -> None:
        """Called when the algorithms are about to start."""

    def copy_command(self) -> None:
        """Put the step as commands on the clipboard."""
        steps = self._steps_or_say()
        if steps is None:
            return
        QApplication.clipboard().setText(commands(steps))
        unsaved = unsaved_layers(steps)
        if unsaved:
            text = tr(
                "Copied. These layers are only in memory; save them as the files that the command names: {names}."
            )
            self.said.emit(text.format(names=", ".join(unsaved)), True)
        else:
            self.said.emit(tr("The command was copied to the clipboard."), False)

    def open_in_toolbox(self) -> None:
        """Show the dialog of the algorithm; where the step runs several, ask of which."""
        steps = self._steps_or_say()
        if steps is None:
            return
        if len(steps) == 1:
            self.show_dialog(steps[0])
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for number, step in enumerate(steps, start=1):
            name = QgsApplication.processingRegistry().algorithmById(step.algorithm).displayName()
            layer = step.parameters.get("INPUT")
            text = f"{number}  {name}" + (f": {layer.name()}" if isinstance(layer, QgsMapLayer) else "")
            menu.addAction(menu_text(text)).triggered.connect(
                lambda _checked=False, chosen=step: self.show_dialog(chosen)
            )
        menu.popup(QCursor.pos())

    def show_dialog(self, step: AlgorithmStep) -> None:
        """Show the dialog of an algorithm with the parameters of a step."""
        # Processing is a plugin too, which is not there when this module is read.
        from qgis import processing

        parameters = {name: value for name, value in step.parameters.items() if value not in (None, TEMPORARY)}
        dialog = processing.createAlgorithmDialog(step.algorithm, parameters)
        for closed in [one for one in self._open_dialogs() if not one.isVisible()]:
            closed.deleteLater()
        self._dialogs = [one for one in self._open_dialogs() if one.isVisible()]
        self._dialogs.append(dialog)
        dialog.show()

    def scroll_to(self, widget: QWidget) -> None:
        """Bring a part of the page into sight, once it has its place."""
        area = self.parent().parent() if self.parent() is not None else None
        if isinstance(area, QScrollArea):
            QTimer.singleShot(SETTLING, lambda: None if sip.isdeleted(area) else area.ensureWidgetVisible(widget))

    def close_dialogs(self) -> None:
        """Close the dialogs that were opened here, since their algorithms end with the plugin."""
        for dialog in self._open_dialogs():
            dialog.close()
            if not sip.isdeleted(dialog):
                dialog.deleteLater()
        self._dialogs = []

    def _open_dialogs(self) -> list[Any]:
        """Those that QGIS has not deleted, as it does with some when they are closed."""
        return [dialog for dialog in self._dialogs if not sip.isdeleted(dialog)]

    def _steps_or_say(self) -> list[AlgorithmStep] | None:
        try:
            return self.steps()
        except ChoiceError as error:
            self.said.emit(str(error), True)
            return None

    def _fail(self, sentence: str) -> None:
        self.said.emit(sentence, True)


def layer_of(identifier: str) -> QgsMapLayer | None:
    """The project's layer with an id; None where there is none."""
    return QgsProject.instance().mapLayer(identifier) if identifier else None


def _flat_button(text: str, clicked: Any) -> QPushButton:
    button = QPushButton(text)
    button.setFlat(True)
    button.clicked.connect(lambda _checked=False: clicked())
    return button
