"""A user clicks 'Map risk on canvas': the layer comes, a second run is cancelled, the plugin is unloaded."""


def risk_layers(project):
    return [layer for layer in project.mapLayers().values() if layer.name() == "Risk"]


def messages(iface):
    return [item.text() for item in iface.messageBar().items()]


def test_plugin_is_loaded_with_toolbar_and_algorithms(plugin):
    from qgis.core import QgsApplication

    assert plugin.toolbar.isVisible()
    assert QgsApplication.processingRegistry().algorithmById("mmrisk:maprisk") is not None


def trigger(plugin, name):
    next(action for action in plugin.actions if action.objectName() == name).trigger()


def test_without_an_engine_the_assistant_comes_and_says_why(plugin, iface, click, tmp_path, monkeypatch):
    from qgis.PyQt.QtWidgets import QDialog

    monkeypatch.setenv("MMRISK_HOME", str(tmp_path))
    click("mmrisk_map_risk_on_canvas")
    assistant = iface.mainWindow().findChild(QDialog, "MMRiskSetup")
    assert assistant.isVisible()
    assert "This needs the engine" in assistant.sentence.text()
    assistant.close()


def test_missing_layers_are_named(plugin, iface, chosen_model, click, qtbot):
    click("mmrisk_map_risk_on_canvas")
    qtbot.waitUntil(lambda: any("the imagery 'imagery'" in text for text in messages(iface)), timeout=60000)
    assert any("the layer 'roads' (lines with the fields aadt)" in text for text in messages(iface))
    iface.messageBar().clearWidgets()


def test_a_click_adds_a_styled_layer(
    plugin, iface, opened_project, chosen_model, click, qtbot, screenshot, note_processes
):
    click("mmrisk_map_risk_on_canvas")
    qtbot.waitUntil(lambda: len(risk_layers(opened_project)) == 1, timeout=120000)
    layer = risk_layers(opened_project)[0]
    # The canvas is wider than the imagery; tiles beside it have no pixels and say so.
    assert layer.featureCount() >= 144
    coverage = [feature["coverage"] for feature in layer.getFeatures()]
    assert coverage.count(1.0) >= 100
    assert min(coverage) == 0
    assert all(feature["in_domain"] == 0 for feature in layer.getFeatures() if feature["coverage"] == 0)
    assert layer.renderer().type() == "categorizedSymbol"
    assert any("computed on" in text for text in messages(iface))
    note_processes()
    # QGIS's own note that the task is done would cover ours in the picture.
    qtbot.wait(2500)
    iface.messageBar().popWidget()
    screenshot("map_risk_on_canvas")


def test_a_second_run_can_be_cancelled(plugin, iface, opened_project, chosen_model, click, qtbot):
    from qgis.core import QgsApplication

    before = len(risk_layers(opened_project))
    click("mmrisk_map_risk_on_canvas")
    manager = QgsApplication.taskManager()
    qtbot.waitUntil(lambda: any("Map risk" in task.description() for task in manager.activeTasks()), timeout=60000)
    manager.cancelAll()
    qtbot.waitUntil(lambda: manager.countActiveTasks() == 0, timeout=20000)
    qtbot.waitUntil(lambda: any("cancelled" in text for text in messages(iface)), timeout=10000)
    assert len(risk_layers(opened_project)) == before


def test_the_engine_works_again_after_a_cancel(plugin, opened_project, chosen_model, click, qtbot, note_processes):
    before = len(risk_layers(opened_project))
    click("mmrisk_map_risk_on_canvas")
    qtbot.waitUntil(lambda: len(risk_layers(opened_project)) == before + 1, timeout=120000)
    note_processes()
