"""The tutorial: a strip below the map that says what to do next, and a frame around the button that it speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any, Callable

from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import QPoint, QRect, Qt, QTimer
from qgis.PyQt.QtGui import QColor, QPainter, QPen
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from ..i18n import tr
from .widgets.sentence_label import sentence_label

# Often enough to follow a panel that is scrolled or moved.
FOLLOWING = 150
MARGIN, LINE = 4, 3
# Of text, beside a panel on a small screen.
LINES = 3
# Seen on light and on dark windows, and none of the colours of risk.
COLOUR = QColor(225, 30, 120)


@dataclass(frozen=True)
class TutorialStep:
    """What to do. ``mark`` is the path of a widget from the panel on, as in Python; empty where none is spoken of."""

    title: str
    text: str
    mark: str = ""


def tutorial_steps() -> list[TutorialStep]:
    """The steps, in the user's language."""
    return [
        TutorialStep(
            tr("A city to learn with"),
            tr(
                "The sample city does not exist: an aerial picture, roads with their traffic, zones with their population, "
                "and crashes. Its true risk is known. Your own data takes the same four steps, the tabs of the panel."
            ),
            "tabs",
        ),
        TutorialStep(
            tr("1 Area: the extent"),
            tr("Which part of the map gets tiles. Choose 'Calculate from Layer' and 'imagery' behind the button."),
            "area.extent",
        ),
        TutorialStep(
            tr("1 Area: the tiles"), tr("Leave the tile size at 150 m and press the button."), "area.run_button"
        ),
        TutorialStep(
            tr("2 Data: the imagery"),
            tr("Go to the second tab and tick 'imagery', the picture to learn from."),
            "data.images",
        ),
        TutorialStep(
            tr("2 Data: the roads"),
            tr(
                "Add 'roads': count, length, and the mean of 'aadt', the traffic. The sentences below say which columns "
                "that makes."
            ),
            "data.add_button",
        ),
        TutorialStep(tr("2 Data: the zones"), tr("Add 'zones' as well: the sum of 'population'."), "data.add_button"),
        TutorialStep(tr("2 Data: joining"), tr("Press the button: each tile gets its numbers."), "data.run_button"),
        TutorialStep(
            tr("3 Train: what is high-risk"),
            tr("Go to the third tab. A tile is high-risk where events lie in it: choose the layer 'crashes'."),
            "train.events",
        ),
        TutorialStep(
            tr("3 Train: what to learn from"),
            tr("Tick all attributes, but nothing that was counted from the crashes themselves."),
            "train.features",
        ),
        TutorialStep(
            tr("3 Train: learning"),
            tr("Press the button. It takes a minute or two; the curve shows how the model learns."),
            "train.run_button",
        ),
        TutorialStep(
            tr("3 Train: how good it is"),
            tr(
                "Read the figures: does the imagery add anything to the attributes? The report explains each of them. Then "
                "go on with this model."
            ),
            "train.use_button",
        ),
        TutorialStep(
            tr("4 Map risk"), tr("Press the button: each tile of the extent gets its class of risk."), "map.run_button"
        ),
        TutorialStep(
            tr("The map"),
            tr(
                "'View > Show Map Tips' shows the probability of a tile and how sure the model is; 'Inspect tile' says why. "
                "Tiles that are hatched grey lie outside what the model knows. Next: your own orthophoto, roads and crashes."
            ),
        ),
    ]


class Tutorial(QgsDockWidget):
    """The strip. It speaks of widgets of a panel, which may be hidden: then of the tab behind which they are.

    :param panel: the widget that paths of marks begin at.
    :param show_page: called to show the tutorial as a page with pictures.
    """

    def __init__(self, panel: Any, show_page: Callable[[], None]) -> None:
        super().__init__(tr("MMRisk tutorial"))
        self.setObjectName("MMRiskTutorial")
        self._panel = panel
        self.steps = tutorial_steps()
        self.number = 0
        self._frame: Frame | None = None
        self._scrolled = (-1, -1)
        self.heading, self.text, self.place = QLabel(), sentence_label(), QLabel()
        bold = self.heading.font()
        bold.setBold(True)
        self.heading.setFont(bold)
        self.text.setAccessibleName(tr("Tutorial"))
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.text.setMinimumHeight(LINES * self.fontMetrics().lineSpacing())
        self.back_button, self.next_button = QPushButton(tr("Back")), QPushButton(tr("Next"))
        page_button = QPushButton(tr("With pictures"))
        page_button.setFlat(True)
        self.back_button.clicked.connect(lambda _checked=False: self.show_step(self.number - 1))
        self.next_button.clicked.connect(lambda _checked=False: self._go_on())
        page_button.clicked.connect(lambda _checked=False: show_page())
        buttons = QHBoxLayout()
        for part in (self.place, page_button, self.back_button, self.next_button):
            buttons.addWidget(part)
        buttons.insertStretch(1)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.addWidget(self.heading)
        layout.addWidget(self.text, 1)
        layout.addLayout(buttons)
        self.setWidget(content)
        self._timer = QTimer(self)
        self._timer.setInterval(FOLLOWING)
        self._timer.timeout.connect(self.follow)
        self.visibilityChanged.connect(self._visibility_changed)
        self.show_step(0)

    def show_step(self, number: int) -> None:
        """Show a step, by its number from 0 on."""
        self.number = number
        step = self.steps[number]
        self.heading.setText(step.title)
        self.text.setText(step.text)
        self.place.setText(tr("{number} of {count}").format(number=number + 1, count=len(self.steps)))
        self.back_button.setEnabled(number > 0)
        self.next_button.setText(tr("Close") if number == len(self.steps) - 1 else tr("Next"))
        self.follow()

    def follow(self) -> None:
        """Put the frame where what is spoken of is now; there is none where it cannot be seen."""
        found = self.marked()
        if found is None or not self.isVisible():
            self._remove_frame()
            return
        widget, part = found
        window = widget.window()
        if self._frame is None or self._frame.parent() is not window:
            self._remove_frame()
            self._frame = Frame(window)
        place = QRect(widget.mapTo(window, part.topLeft()), part.size())
        self._frame.setGeometry(place.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN))
        self._frame.show()
        self._frame.raise_()

    def marked(self) -> tuple[QWidget, QRect] | None:
        """The widget that the step speaks of and the part of it that can be seen, or the tab behind which it is."""
        path = self.steps[self.number].mark
        if not path or not self._panel.isVisible():
            return None
        widget = reduce(getattr, path.split("."), self._panel)
        self._bring_into_sight(widget)
        if isinstance(widget, QTabWidget):
            widget = widget.tabBar()
        seen = widget.visibleRegion().boundingRect()
        if widget.isVisible() and not seen.isEmpty():
            return widget, seen
        tabs = self._panel.tabs
        tab = next(number for number in range(tabs.count()) if tabs.widget(number).isAncestorOf(widget))
        return None if tab == tabs.currentIndex() else (tabs.tabBar(), tabs.tabBar().tabRect(tab))

    def _bring_into_sight(self, widget: QWidget) -> None:
        """Scroll to what is spoken of, once; the user may scroll away from it."""
        now = (self.number, self._panel.tabs.currentIndex())
        area = widget.parent()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parent()
        if area is not None and widget.isVisible() and now != self._scrolled:
            self._scrolled = now
            area.ensureWidgetVisible(widget)

    def remove(self) -> None:
        """Take the frame from the window."""
        self._timer.stop()
        self._remove_frame()

    def _go_on(self) -> None:
        if self.number == len(self.steps) - 1:
            self.close()
        else:
            self.show_step(self.number + 1)

    def _visibility_changed(self, visible: bool) -> None:
        if visible:
            self._timer.start()
        else:
            self.remove()

    def _remove_frame(self) -> None:
        if self._frame is not None:
            self._frame.deleteLater()
            self._frame = None


class Frame(QWidget):
    """A frame that lies above a window and lets the mouse through."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("MMRiskTutorialFrame")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintEvent(self, event: Any) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(COLOUR, LINE))
        inner = QRect(QPoint(0, 0), self.size()).adjusted(LINE, LINE, -LINE, -LINE)
        painter.drawRoundedRect(inner, MARGIN, MARGIN)
