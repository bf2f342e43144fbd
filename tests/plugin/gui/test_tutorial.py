"""The tutorial: it marks the button that it speaks of, wherever that is, and gets in nobody's way."""

from functools import reduce

import pytest


@pytest.fixture
def tutorial(make_panel, qtbot):
    """The tutorial beside a panel, in one window, as in QGIS."""
    from qgis.PyQt.QtCore import Qt
    from qgis.PyQt.QtWidgets import QMainWindow

    from plugin.gui.tutorial import Tutorial

    panel = make_panel()
    window = QMainWindow()
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, panel)
    made = Tutorial(panel, lambda: None)
    window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, made)
    window.resize(1366, 768)
    window.show()
    qtbot.waitExposed(window)
    panel.show()
    yield made
    made.remove()
    window.removeDockWidget(panel)
    panel.setParent(None)
    window.close()


def frames(tutorial):
    from qgis.PyQt.QtWidgets import QWidget

    return [frame for frame in tutorial.window().findChildren(QWidget, "MMRiskTutorialFrame") if frame.isVisible()]


def test_each_step_marks_what_it_speaks_of_or_the_way_to_it(tutorial, qtbot):
    from plugin.gui.tutorial import MARGIN

    panel = tutorial._panel
    seen = set()
    for number, step in enumerate(tutorial.steps):
        for tab in range(panel.tabs.count()):
            panel.tabs.setCurrentIndex(tab)
            qtbot.wait(20)
            tutorial.show_step(number)
            if not step.mark:
                assert tutorial.marked() is None
                continue
            widget = reduce(getattr, step.mark.split("."), panel)
            marked, part = tutorial.marked() or (None, None)
            if widget.isVisible() and not widget.visibleRegion().isEmpty():
                seen.add(step.mark)
                assert marked in (widget, panel.tabs.tabBar())
            elif marked is not None:
                assert marked is panel.tabs.tabBar()
                assert not panel.tabs.widget(tab).isAncestorOf(widget)
            if marked is None:
                continue
            (frame,) = frames(tutorial)
            corner = marked.mapTo(marked.window(), part.topLeft())
            assert frame.geometry().topLeft() == corner - type(corner)(MARGIN, MARGIN)
    # What came of a training is not there yet.
    assert seen >= {step.mark for step in tutorial.steps if step.mark} - {"train.use_button"}


def test_the_frame_lets_the_mouse_through_and_goes_with_the_tutorial(tutorial, qtbot):
    from qgis.PyQt.QtCore import QCoreApplication, QEvent

    panel = tutorial._panel
    tutorial.show_step(2)
    assert frames(tutorial)
    button = panel.area.run_button
    assert panel.window().childAt(button.mapTo(panel.window(), button.rect().center())) is button
    panel.hide()
    tutorial.follow()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not frames(tutorial)
    panel.show()
    tutorial.follow()
    assert frames(tutorial)
    tutorial.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not frames(tutorial)


def test_next_and_back_go_through_all_steps(tutorial, qtbot):
    from qgis.PyQt.QtCore import Qt

    titles = [tutorial.heading.text()]
    assert not tutorial.back_button.isEnabled()
    for _ in range(len(tutorial.steps) - 1):
        qtbot.mouseClick(tutorial.next_button, Qt.MouseButton.LeftButton)
        titles.append(tutorial.heading.text())
    assert titles == [step.title for step in tutorial.steps]
    qtbot.mouseClick(tutorial.back_button, Qt.MouseButton.LeftButton)
    assert tutorial.heading.text() == titles[-2]
    qtbot.mouseClick(tutorial.next_button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(tutorial.next_button, Qt.MouseButton.LeftButton)
    assert not tutorial.isVisible()
