"""MMRisk's page in QGIS's options: how the engine computes, and what it keeps on the disk."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import Any, Callable

from qgis.gui import QgsOptionsPageWidget, QgsOptionsWidgetFactory
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ...engine.environment.disk_use import DiskUse, cache_folder, clear_cache, measure, remove_old_environments
from ...engine.environment.engine_environment import default_spec
from ...engine.paths import plugin_root
from ...engine_service import engine_environment
from ...i18n import tr
from ...settings import read_settings, write_settings
from ..widgets.sentence_label import sentence_label
from .engine_task import EngineTask, run_in_background
from .plan_sentences import ready_sentence

PAGE = "mmriskOptions"
MAX_MEGABYTES = 65536
DEFAULT_MEGABYTES = 128


class OptionsPageFactory(QgsOptionsWidgetFactory):
    """Makes the page when QGIS opens its options.

    :param set_up_engine: shows the set-up assistant.
    :param applied: called when settings have been kept.
    """

    def __init__(self, set_up_engine: Callable[[], None], applied: Callable[[], None]) -> None:
        super().__init__()
        self.setTitle(tr("MMRisk"))
        self._set_up_engine = set_up_engine
        self._applied = applied

    def icon(self) -> QIcon:
        return QIcon(str(plugin_root() / "resources" / "icons" / "mmrisk.svg"))

    def createWidget(self, parent: QWidget | None) -> QgsOptionsPageWidget:
        return OptionsPage(parent, self._set_up_engine, self._applied)


class OptionsPage(QgsOptionsPageWidget):
    """The page; nothing is kept before ``apply``."""

    def __init__(self, parent: QWidget | None, set_up_engine: Callable[[], None], applied: Callable[[], None]) -> None:
        super().__init__(parent)
        self.setObjectName(PAGE)
        self._applied = applied
        layout = QVBoxLayout(self)
        layout.addWidget(self._computing())
        layout.addWidget(self._cluster())
        layout.addWidget(self._disk(set_up_engine))
        layout.addStretch(1)
        self._restore()
        self.measure()

    def apply(self) -> None:
        """Keep what is chosen; it counts from the next job on."""
        settings = replace(
            read_settings(),
            device=self.device.currentData(),
            threads=self.threads.value(),
            raster_megabytes=self.memory.value(),
            scheduler=self.scheduler.text().strip(),
        )
        write_settings(settings)
        self._applied()

    def measure(self) -> None:
        """Add up in the background what lies on the disk."""
        environment, spec = engine_environment(), default_spec()
        python = environment.python if environment else None
        self.environment.setText(ready_sentence(environment) if environment else tr("The engine is not set up yet."))
        for label in (self.sizes, self.cache_size):
            label.setText(tr("Measuring…"))
        self._work(tr("Measuring what MMRisk keeps"), lambda _task: measure(spec, python), self._show_sizes)

    def remove_old(self) -> None:
        """Remove environments that are not in use, in the background."""
        environment, spec = engine_environment(), default_spec()
        python = environment.python if environment else None
        self.remove_button.setEnabled(False)
        self._work(
            tr("Removing old environments"),
            lambda _task: remove_old_environments(spec, python),
            lambda _: self.measure(),
        )

    def clear(self) -> None:
        """Empty the cache, in the background."""
        self.clear_button.setEnabled(False)
        self._work(tr("Clearing the cache"), lambda _task: clear_cache(), lambda _: self.measure())

    def _computing(self) -> QWidget:
        box = QGroupBox(tr("Computing"))
        self.device = QComboBox()
        for value, text in (
            ("auto", tr("GPU where one works, else CPU")),
            ("gpu", tr("GPU only")),
            ("cpu", tr("CPU only")),
        ):
            self.device.addItem(text, value)
        self.device.setToolTip(tr("Counts wherever a tool's own device is 'auto'."))
        self.threads = _number(os.cpu_count() or 1, tr("As many as the processor has cores"), "")
        self.memory = _number(MAX_MEGABYTES, tr("{size} MB").format(size=DEFAULT_MEGABYTES), tr(" MB"))
        self.memory.setToolTip(
            tr("What has been read of rasters is kept so far. More helps where rows of blocks are very large.")
        )
        form = QFormLayout(box)
        form.addRow(tr("&Device"), self.device)
        form.addRow(tr("&Threads"), self.threads)
        form.addRow(tr("&Memory for reading rasters"), self.memory)
        return box

    def _cluster(self) -> QWidget:
        box = QGroupBox(tr("Cluster"))
        self.scheduler = QLineEdit()
        self.scheduler.setPlaceholderText("tcp://192.168.1.20:8786")
        self.scheduler.setToolTip(
            tr("Address of a Dask scheduler, whose workers then predict. Empty: this computer does.")
        )
        form = QFormLayout(box)
        form.addRow(tr("&Address"), self.scheduler)
        return box

    def _disk(self, set_up_engine: Callable[[], None]) -> QWidget:
        box = QGroupBox(tr("Engine and disk"))
        self.environment, self.sizes, self.cache_size = sentence_label(), sentence_label(), sentence_label()
        self.message = sentence_label()
        self.message.setAccessibleName(tr("Message"))
        self.message.hide()
        self.set_up_button = QPushButton(tr("Set up engine…"))
        self.set_up_button.setToolTip(tr("Closes the options with OK."))
        self.set_up_button.clicked.connect(lambda _checked=False: self._set_up(set_up_engine))
        self.remove_button = QPushButton(tr("Remove old environments"))
        self.remove_button.setToolTip(tr("Those of earlier versions, and of other profiles that need other packages."))
        self.remove_button.clicked.connect(lambda _checked=False: self.remove_old())
        self.clear_button = QPushButton(tr("Clear cache"))
        self.clear_button.setToolTip(
            tr("What the engine saw in imagery, and parts of predictions; it can be made again.")
        )
        self.clear_button.clicked.connect(lambda _checked=False: self.clear())
        layout = QVBoxLayout(box)
        layout.addWidget(self.environment)
        for label, button in (
            (None, self.set_up_button),
            (self.sizes, self.remove_button),
            (self.cache_size, self.clear_button),
        ):
            row = QHBoxLayout()
            if label is None:
                row.addStretch(1)
            else:
                row.addWidget(label, 1)
            row.addWidget(button)
            layout.addLayout(row)
        layout.addWidget(self.message)
        return box

    def _restore(self) -> None:
        settings = read_settings()
        self.device.setCurrentIndex(max(0, self.device.findData(settings.device)))
        self.threads.setValue(settings.threads)
        self.memory.setValue(settings.raster_megabytes)
        self.scheduler.setText(settings.scheduler)

    def _work(self, name: str, work: Callable[[EngineTask], Any], done: Callable[[Any], None]) -> None:
        run_in_background(self, name, work, done, self._fail)

    def _set_up(self, set_up_engine: Callable[[], None]) -> None:
        # Nothing else can be used while the options are open.
        dialog = self.window()
        if isinstance(dialog, QDialog):
            dialog.accept()
        set_up_engine()

    def _show_sizes(self, use: DiskUse) -> None:
        text = tr("Environment: {size}. Old environments: {old}.")
        self.sizes.setText(text.format(size=size_text(use.environment), old=size_text(use.old)))
        folder = cache_folder(os.environ, sys.platform)
        self.cache_size.setText(tr("Cache: {size} in {folder}").format(size=size_text(use.cache), folder=folder))
        self.remove_button.setEnabled(use.old > 0)
        self.clear_button.setEnabled(use.cache > 0)

    def _fail(self, sentence: str) -> None:
        self.measure()
        self.message.setText(sentence)
        self.message.show()


def size_text(size: int) -> str:
    """Bytes as people read them."""
    for limit, unit in ((10**9, tr("GB")), (10**6, tr("MB"))):
        if size >= limit:
            return f"{size / limit:.1f} {unit}"
    return f"{size / 1000:.0f} {tr('kB')}"


def _number(most: int, automatic: str, suffix: str) -> QSpinBox:
    """A number of which 0 stands for the engine's own choice."""
    box = QSpinBox()
    box.setRange(0, most)
    box.setSpecialValueText(automatic)
    box.setSuffix(suffix)
    return box
