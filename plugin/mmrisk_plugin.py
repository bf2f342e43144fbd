"""The plugin's entry point: what QGIS loads and unloads."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, Qt, QTranslator
from qgis.PyQt.QtGui import QIcon

from .engine.paths import plugin_root
from .engine_service import stop_engine
from .i18n import language, tr
from .processing.provider import MMRiskProvider

MENU = "MMRisk"


class MMRiskPlugin:
    """MMRisk in QGIS; ``iface`` is None where there is no window."""

    def __init__(self, iface: Any) -> None:
        self.iface = iface
        self.provider: MMRiskProvider | None = None
        self.toolbar: Any = None
        self.actions: list[Any] = []
        self.panel: Any = None
        self.inspector: Any = None
        self._runner: Any = None
        self._windows: Any = None
        self._dot: Any = None
        self._options: Any = None
        self._share_one_place = False
        self._translator = _install_translator()

    def initProcessing(self) -> None:
        """Register the algorithms; all that happens where there is no window."""
        self.provider = MMRiskProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self) -> None:
        """Register the algorithms, and add the toolbar and the menu."""
        self.initProcessing()
        # Windows are imported only where there are any: qgis_process must start without them.
        from .gui.actions import MMRiskActions
        from .gui.algorithm_runner import AlgorithmRunner
        from .gui.engine.engine_state import EngineStateDot
        from .gui.engine.options_page import OptionsPageFactory
        from .gui.inspect.inspector import TileInspector
        from .gui.panel.panel import MMRiskPanel

        self._runner = AlgorithmRunner()
        actions = MMRiskActions(self.iface, self._runner, lambda: self.panel, self._engine_changed)
        self._windows = actions
        self.panel = MMRiskPanel(self.iface.mapCanvas(), self._runner, actions.set_up_engine)
        self.iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.panel)
        self.panel.train.crash_data_wanted.connect(actions.open_crash_data)
        self.panel.hide()
        self.toolbar = self.iface.addToolBar(tr("MMRisk"))
        self.toolbar.setObjectName("MMRiskToolbar")
        toggle = self._add_action("mmrisk.svg", tr("MMRisk panel"), "panel", on_toolbar=True)
        self.panel.setToggleVisibilityAction(toggle)
        training = self._add_action("trainmodel.svg", tr("Train model"), "train_model", on_toolbar=True)
        training.triggered.connect(lambda _checked=False: self.panel.show_training())
        mapping = self._add_action("maprisk.svg", tr("Map risk on canvas"), "map_risk_on_canvas", on_toolbar=True)
        mapping.triggered.connect(lambda _checked=False: actions.map_risk_on_canvas())
        self.inspector = TileInspector(self.iface, self._runner)
        # Tabs of one place: two docks side by side leave no room for the map. QGIS's own call asks for a visible one.
        self.iface.mainWindow().tabifyDockWidget(self.panel, self.inspector.dock)
        self.inspector.dock.hide()
        for dock in (self.panel, self.inspector.dock):
            dock.visibilityChanged.connect(self._share_place)
        self.inspector.attach(self._add_action("inspecttiles.svg", tr("Inspect tile"), "inspect_tile", on_toolbar=True))
        crashes = self._add_action("mmrisk.svg", tr("Open crash data…"), "open_crash_data")
        crashes.triggered.connect(lambda _checked=False: actions.open_crash_data())
        sample = self._add_action("mmrisk.svg", tr("Open sample project"), "open_sample_project")
        sample.triggered.connect(lambda _checked=False: actions.open_sample_project())
        tutorial = self._add_action("mmrisk.svg", tr("Tutorial"), "tutorial")
        tutorial.triggered.connect(lambda _checked=False: actions.show_tutorial())
        guide = self._add_action("mmrisk.svg", tr("User guide"), "user_guide")
        guide.triggered.connect(lambda _checked=False: actions.show_help())
        set_up = self._add_action("mmrisk.svg", tr("Set up engine"), "set_up_engine")
        set_up.triggered.connect(lambda _checked=False: actions.set_up_engine())
        state = self._add_action("mmrisk.svg", tr("Engine state"), "engine_state", on_toolbar=True)
        state.triggered.connect(lambda _checked=False: actions.set_up_engine())
        self._dot = EngineStateDot(state)
        self._runner.busy_changed.connect(self._dot.refresh)
        self._options = OptionsPageFactory(actions.set_up_engine, self._engine_changed)
        self.iface.registerOptionsWidgetFactory(self._options)

    def unload(self) -> None:
        """Remove everything, the engine process included."""
        if self._options is not None:
            self.iface.unregisterOptionsWidgetFactory(self._options)
            self._options = None
        if self._dot is not None:
            self._dot.stop()
            self._dot = None
        if self._runner is not None:
            self._runner.stop()
            self._runner = None
        if self._windows is not None:
            self._windows.close()
            self._windows = None
        if self.inspector is not None:
            self.inspector.remove()
            self.inspector = None
        if self.panel is not None:
            self.panel.remove()
            self.iface.removeDockWidget(self.panel)
            self.panel.deleteLater()
            self.panel = None
        if self.actions:
            self._remove_menu()
        if self.toolbar is not None:
            self.toolbar.deleteLater()
            self.toolbar = None
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None
        stop_engine()
        if self._translator is not None:
            QCoreApplication.removeTranslator(self._translator)

    def _remove_menu(self) -> None:
        menus = [action.menu() for action in self.iface.pluginMenu().actions() if action.menu() is not None]
        ours = [menu for menu in menus if self.actions[0] in menu.actions()]
        for action in self.actions:
            self.iface.removePluginMenu(MENU, action)
            action.deleteLater()
        self.actions = []
        for menu in ours:
            # QGIS takes the empty menu out of its own and forgets it.
            menu.deleteLater()

    def _share_place(self, _visible: bool) -> None:
        """Once both are seen for the first time: QGIS puts docks where they were, which may be side by side."""
        if self.panel is None or self.inspector is None or self._share_one_place:
            return
        panel, dock, window = self.panel, self.inspector.dock, self.iface.mainWindow()
        if panel.isVisible() and dock.isVisible():
            self._share_one_place = True
            if not panel.isFloating() and not dock.isFloating() and panel not in window.tabifiedDockWidgets(dock):
                window.tabifyDockWidget(panel, dock)

    def _engine_changed(self) -> None:
        self._dot.refresh()
        self.panel.show_engine()

    def _add_action(self, icon: str, text: str, name: str, *, on_toolbar: bool = False) -> Any:
        from qgis.PyQt.QtWidgets import QAction

        action = QAction(QIcon(str(plugin_root() / "resources" / "icons" / icon)), text, self.iface.mainWindow())
        action.setObjectName(f"mmrisk_{name}")
        self.iface.addPluginToMenu(MENU, action)
        if on_toolbar:
            self.toolbar.addAction(action)
        self.actions.append(action)
        return action


def _install_translator() -> QTranslator | None:
    """Load the texts of the user's language, where there are any."""
    file = plugin_root() / "resources" / "i18n" / f"mmrisk_{language()}.qm"
    if not file.is_file():
        return None
    translator = QTranslator()
    translator.load(str(file))
    QCoreApplication.installTranslator(translator)
    return translator
