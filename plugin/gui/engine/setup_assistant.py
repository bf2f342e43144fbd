"""The set-up assistant: what will be installed, where and why; then progress, a check, and diagnostics to copy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Callable

from qgis.core import QgsApplication
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QFontDatabase
from qgis.PyQt.QtWidgets import (
    QApplication,
    QDialog,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ...engine.environment.engine_environment import (
    EngineEnvironment,
    EnvironmentSpec,
    ensure_environment,
    find_environment,
)
from ...engine.environment.plan import Installation, plan_installation, torch_variant
from ...engine_service import engine, installation_spec
from ...i18n import tr
from ...settings import PluginSettings, read_settings, write_settings
from ...support_report import diagnostics_text
from ..widgets.sentence_label import sentence_label
from .engine_task import EngineTask, run_in_background, stop_task
from .plan_sentences import plan_sentences, ready_sentence

LOG_LINES = 2000
SETTLING = 300


class SetupAssistant(QDialog):
    """Sets the engine up in the background; QGIS can be used meanwhile, and the window be closed.

    ``engine_changed`` is emitted when another engine, or one at all, can be used.
    """

    engine_changed = pyqtSignal()

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName("MMRiskSetup")
        self.setWindowTitle(tr("Set up the MMRisk engine"))
        self._task: EngineTask | None = None
        self._planning: EngineTask | None = None
        self._was_cancelled = False
        self._plan_timer = QTimer(self)
        self._plan_timer.setSingleShot(True)
        self._plan_timer.setInterval(SETTLING)
        self._plan_timer.timeout.connect(self._make_plan)
        introduction = sentence_label(
            tr(
                "MMRisk computes in a Python environment of its own. It lies in your user folder; neither QGIS nor other "
                "programs are changed, and your data stay on this computer."
            )
        )
        layout = QVBoxLayout(self)
        layout.addWidget(introduction)
        layout.addWidget(self._ways())
        layout.addWidget(self._plan())
        layout.addWidget(self._progress(), 1)
        layout.addLayout(self._buttons())
        self.resize(self.fontMetrics().averageCharWidth() * 88, self.fontMetrics().height() * 34)
        self._restore(read_settings())
        self._show_working(False)

    def is_working(self) -> bool:
        """Whether something is being installed or verified."""
        return self._task is not None

    def chosen_settings(self) -> PluginSettings:
        """The plugin's settings with what is chosen here."""
        python = self.python.filePath() if self.use_python.isChecked() else ""
        wheels = self.wheels.filePath() if self.from_wheels.isChecked() else ""
        return replace(read_settings(), engine_python=python, wheels=wheels)

    def set_up(self) -> None:
        """Install, or take the chosen Python, in the background; then verify."""
        settings = self.chosen_settings()
        if self.use_python.isChecked() and not Path(settings.engine_python).is_file():
            self._tell(tr("Choose the Python that has the engine's packages."), "warning")
            return
        if self.from_wheels.isChecked() and not Path(settings.wheels or "/nowhere").is_dir():
            self._tell(tr("Choose the folder in which the wheels of the engine's packages lie."), "warning")
            return
        spec = installation_spec(settings)
        self.log.clear()
        self._tell(tr("Setting up the engine. You can go on working in QGIS meanwhile, and close this window."))
        self._start(
            tr("Setting up the MMRisk engine"),
            lambda task: ensure_environment(task.report, task.is_cancelled, settings.engine_python or None, spec=spec),
            lambda environment: self._finished(settings, environment),
            self._log,
        )

    def verify(self) -> None:
        """Start the engine and run its model once, in the background."""
        self.log.clear()
        self._tell(tr("Verifying: the engine starts and runs its model once."))
        self._start(
            tr("Verifying the MMRisk engine"), lambda task: engine().run("doctor", {}, task), self._verified, self._tell
        )

    def cancel(self) -> None:
        """Stop what is being done; packages that were downloaded whole are kept for the next time."""
        if self._task is not None:
            self._was_cancelled = True
            self._tell(tr("Cancelling…"))
            self._task.cancel()

    def copy_diagnostics(self) -> None:
        """Put a text for a report on the clipboard; it is gathered in the background."""
        settings = read_settings()
        spec = installation_spec(settings)
        self.diagnostics_button.setEnabled(False)

        def copy(text: str) -> None:
            QApplication.clipboard().setText(text)
            self.diagnostics_button.setEnabled(True)
            self._tell(
                tr("The diagnostics were copied to the clipboard. They name no data and no password."), "success"
            )

        run_in_background(
            self, tr("Gathering diagnostics"), lambda _task: diagnostics_text(spec, settings), copy, self._tell
        )

    def tell_why(self, sentence: str) -> None:
        """Say why the window was opened."""
        self._tell(sentence, "warning")

    def stop(self) -> None:
        """Cancel and wait, as the plugin is unloaded."""
        stop_task(self._planning)
        stop_task(self._task)

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        if not self.is_working():
            self._plan_timer.start()

    def _ways(self) -> QWidget:
        box = QGroupBox(tr("Where the packages come from"))
        self.from_internet = QRadioButton(
            tr("&Download them from the internet, through the proxy of QGIS if it has one")
        )
        self.from_wheels = QRadioButton(tr("A &folder of wheels, without a network"))
        self.use_python = QRadioButton(tr("Use a &Python that has them already; it is verified and not changed"))
        self.wheels, self.python = QgsFileWidget(), QgsFileWidget()
        self.wheels.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self.wheels.setDialogTitle(tr("Folder of wheels"))
        self.python.setDialogTitle(tr("Python with the engine's packages"))
        for field, name in ((self.wheels, tr("Folder of wheels")), (self.python, tr("Python interpreter"))):
            field.setAccessibleName(name)
            field.lineEdit().setAccessibleName(name)
            field.fileChanged.connect(self._choice_made)
        grid = QGridLayout(box)
        grid.setColumnMinimumWidth(0, self.fontMetrics().height())
        grid.addWidget(self.from_internet, 0, 0, 1, 2)
        grid.addWidget(self.from_wheels, 1, 0, 1, 2)
        grid.addWidget(self.wheels, 2, 1)
        grid.addWidget(self.use_python, 3, 0, 1, 2)
        grid.addWidget(self.python, 4, 1)
        for way in (self.from_internet, self.from_wheels, self.use_python):
            way.toggled.connect(self._choice_made)
        return box

    def _plan(self) -> QWidget:
        box = QGroupBox(tr("What will be done"))
        self.plan = sentence_label()
        self.plan.setAccessibleName(tr("What will be done"))
        QVBoxLayout(box).addWidget(self.plan)
        return box

    def _progress(self) -> QWidget:
        whole = QWidget()
        self.sentence_icon, self.sentence = QLabel(), sentence_label()
        self.sentence.setAccessibleName(tr("State"))
        row = QHBoxLayout()
        row.addWidget(self.sentence_icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.sentence, 1)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(tr("Progress"))
        self.log = QPlainTextEdit()
        self.log.setReadOnly(True)
        self.log.setMaximumBlockCount(LOG_LINES)
        self.log.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.log.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.log.setAccessibleName(tr("Log of the installation"))
        self.log.setTabChangesFocus(True)
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self.progress)
        layout.addWidget(self.log, 1)
        return whole

    def _buttons(self) -> QHBoxLayout:
        self.diagnostics_button = _button(tr("Copy diagnostics"), self.copy_diagnostics)
        self.verify_button = _button(tr("Verify"), self.verify)
        self.verify_button.setEnabled(False)
        self.verify_button.setToolTip(tr("Start the engine and run its model once."))
        self.set_up_button = _button(tr("Set up"), self.set_up)
        self.set_up_button.setDefault(True)
        self.cancel_button = _button(tr("Cancel"), self.cancel)
        self.close_button = _button(tr("Close"), self.close)
        row = QHBoxLayout()
        row.addWidget(self.diagnostics_button)
        row.addStretch(1)
        for button in (self.verify_button, self.set_up_button, self.cancel_button, self.close_button):
            row.addWidget(button)
        return row

    def _restore(self, settings: PluginSettings) -> None:
        self.python.setFilePath(settings.engine_python)
        self.wheels.setFilePath(settings.wheels)
        way = self.use_python if settings.engine_python else self.from_wheels if settings.wheels else self.from_internet
        way.setChecked(True)

    def _choice_made(self, *_: Any) -> None:
        self.wheels.setEnabled(self.from_wheels.isChecked())
        self.python.setEnabled(self.use_python.isChecked())
        self._plan_timer.start()

    def _make_plan(self) -> None:
        settings = self.chosen_settings()
        spec = installation_spec(settings)
        environment = find_environment(settings.engine_python or None, spec=spec)
        chosen = spec.host.environ.get("MMRISK_ENGINE_PYTHON")
        self.verify_button.setEnabled(environment is not None and not self.is_working())
        if chosen:
            text = tr(
                "The variable MMRISK_ENGINE_PYTHON names the Python to use: {python}. It is verified and not changed."
            )
            self.plan.setText(text.format(python=chosen))
        elif self.use_python.isChecked():
            text = tr(
                "The version of this Python and of every package is looked at, and a small computation run, on the GPU too "
                "where there is one. Nothing is written into it."
            )
            self.plan.setText(text)
        elif environment is not None:
            self._show_ready(environment)
        elif self.from_wheels.isChecked() and not Path(settings.wheels or "/nowhere").is_dir():
            self.plan.setText(tr("Choose the folder in which the wheels of the engine's packages lie."))
        else:
            self.plan.setText(tr("Looking at this computer…"))
            self._planning = run_in_background(
                self,
                tr("Looking at this computer"),
                lambda _task: plan_installation(spec, torch_variant(spec.host)),
                lambda installation: self._show_plan(settings, installation, spec),
                self.plan.setText,
            )

    def _show_plan(self, settings: PluginSettings, installation: Installation, spec: EnvironmentSpec) -> None:
        # Something else may have been chosen meanwhile.
        if settings == self.chosen_settings() and not self.is_working():
            self.plan.setText(plan_sentences(installation, spec))

    def _show_ready(self, environment: EngineEnvironment) -> None:
        self.plan.setText(tr("Nothing is left to install.") + "\n" + ready_sentence(environment))

    def _start(
        self, name: str, work: Callable[[EngineTask], Any], done: Callable[[Any], None], said: Callable[[str], None]
    ) -> None:
        self._was_cancelled = False

        def finish(value: Any) -> None:
            self._task = None
            self._show_working(False)
            done(value)

        self._task = run_in_background(self, name, work, finish, self._failed)
        self._task.said.connect(said)
        self._task.progressChanged.connect(lambda percent: self.progress.setValue(round(percent)))
        self._task.taskTerminated.connect(self._terminated)
        self._show_working(True)

    def _finished(self, settings: PluginSettings, environment: EngineEnvironment) -> None:
        write_settings(settings)
        self.engine_changed.emit()
        self._show_ready(environment)
        self.verify()

    def _verified(self, answer: dict[str, Any]) -> None:
        text = tr("The engine is ready: its model ran once, in {milliseconds} ms, on {device}.")
        self._tell(text.format(milliseconds=answer["model_milliseconds"], device=answer["device"]), "success")
        self.engine_changed.emit()

    def _failed(self, sentence: str) -> None:
        self._task = None
        self._show_working(False)
        self._tell(sentence, "failure")
        self.engine_changed.emit()

    def _log(self, line: str) -> None:
        self.log.appendPlainText(line)
        self.log.show()

    def _terminated(self) -> None:
        """After a failure, too, which then has been told."""
        if self._was_cancelled and self._task is not None:
            self._task = None
            self._show_working(False)
            self._tell(tr("Cancelled. What was downloaded whole is kept: 'Set up' goes on from there."), "warning")

    def _show_working(self, working: bool) -> None:
        self.progress.setVisible(working)
        self.progress.setValue(0)
        self.cancel_button.setVisible(working)
        self.set_up_button.setVisible(not working)
        self.log.setVisible(bool(self.log.toPlainText()))
        for widget in (self.from_internet, self.from_wheels, self.use_python, self.wheels, self.python):
            widget.setEnabled(not working)
        if not working:
            self._choice_made()
        else:
            self.verify_button.setEnabled(False)

    def _tell(self, sentence: str, kind: str = "") -> None:
        """Show a sentence; ``kind`` is ``success``, ``warning``, ``failure`` or empty."""
        icons = {"success": "/mIconSuccess.svg", "warning": "/mIconWarning.svg", "failure": "/mIconCritical.svg"}
        size = self.fontMetrics().height()
        self.sentence_icon.setVisible(kind in icons)
        if kind in icons:
            self.sentence_icon.setPixmap(QgsApplication.getThemeIcon(icons[kind]).pixmap(size, size))
        self.sentence.setText(sentence)


def _button(text: str, clicked: Callable[[], Any]) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.clicked.connect(lambda _checked=False: clicked())
    return button
