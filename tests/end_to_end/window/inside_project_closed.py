"""The user closes the project while its risk is being mapped; QGIS stays, and so does the plugin."""


def risk_layers(project):
    return [layer for layer in project.mapLayers().values() if layer.name() == "Risk"]


def texts(iface):
    return [item.text() for item in iface.messageBar().items()]


def start(plugin, click, qtbot):
    """Click, and wait until the engine is at it."""
    from mmrisk.plugin.engine_service import running_engine

    click("mmrisk_map_risk_on_canvas")
    qtbot.waitUntil(lambda: running_engine() is not None and running_engine().is_busy, timeout=60000)


def test_the_project_is_closed_while_risk_is_mapped(plugin, iface, open_project, chosen_model, click, qtbot):
    from qgis.core import QgsApplication

    project, manager = open_project(), QgsApplication.taskManager()
    start(plugin, click, qtbot)
    qtbot.waitUntil(lambda: any("Map risk" in task.description() for task in manager.activeTasks()), timeout=60000)
    assert iface.newProject(False)
    assert not project.mapLayersByName("imagery")
    qtbot.waitUntil(lambda: manager.countActiveTasks() == 0, timeout=120000)
    # The result is not lost, or a sentence says why there is none.
    qtbot.waitUntil(lambda: bool(risk_layers(project)) or bool(texts(iface)), timeout=20000)


def test_the_next_run_works(plugin, iface, open_project, chosen_model, click, qtbot, note_processes):
    from qgis.core import QgsProject

    QgsProject.instance().clear()
    iface.messageBar().clearWidgets()
    project = open_project()
    start(plugin, click, qtbot)
    qtbot.waitUntil(lambda: len(risk_layers(project)) == 1, timeout=120000)
    assert risk_layers(project)[0].featureCount() >= 64
    note_processes()
