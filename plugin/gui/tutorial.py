"""The tutorial, in a window beside QGIS."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from ..engine.paths import plugin_root
from ..i18n import tr


class TutorialDialog(QDialog):
    """Shows ``resources/help/tutorial.md``; QGIS can be used meanwhile."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName("MMRiskTutorial")
        self.setWindowTitle(tr("A first risk map in five minutes"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self._text = QTextBrowser()
        self._text.setAccessibleName(tr("Tutorial"))
        self._text.setMarkdown((plugin_root() / "resources" / "help" / "tutorial.md").read_text(encoding="utf-8"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self._text)
        layout.addWidget(buttons)
        self.resize(self.fontMetrics().averageCharWidth() * 70, self.fontMetrics().height() * 36)
