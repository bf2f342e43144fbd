"""QGIS stays responsive while tiles are previewed, a hundred thousand made and added, and their layer drawn."""

SIDE, TILE = 317, 20


def test_a_hundred_thousand_tiles(plugin, iface, opened_project, click, qtbot, event_loop, note_wait):
    from qgis.core import QgsRectangle

    panel = plugin.panel
    click("mmrisk_panel")
    qtbot.waitUntil(panel.isVisible, timeout=5000)
    imagery = opened_project.mapLayersByName("imagery")[0]
    corner = imagery.extent()
    extent = QgsRectangle(
        corner.xMinimum(), corner.yMinimum(), corner.xMinimum() + SIDE * TILE, corner.yMinimum() + SIDE * TILE
    )
    iface.mapCanvas().setExtent(extent)
    qtbot.wait(1000)

    def during(name, work, until, seconds):
        event_loop.start()
        work()
        qtbot.waitUntil(until, timeout=1000 * seconds)
        qtbot.wait(100)
        note_wait(f"100,000 tiles, {name}", event_loop)

    panel.area.extent.setOutputExtentFromUser(extent, imagery.crs())
    panel.area.tile_size.setValue(TILE)
    during("preview", panel.area.preview.click, lambda: panel.area.grid_preview.is_shown(), 20)
    during("making and adding", panel.area.run_button.click, lambda: not panel._runner.is_busy(), 180)
    layer = opened_project.mapLayersByName("Tiles")[0]
    assert layer.featureCount() >= SIDE * SIDE
    drawn = []
    iface.mapCanvas().mapCanvasRefreshed.connect(lambda: drawn.append(True))
    during("drawing", iface.mapCanvas().refreshAllLayers, lambda: bool(drawn), 120)
    during("choosing it for training", lambda: panel.tabs.setCurrentIndex(2), lambda: True, 5)


def test_the_plugin_is_unloaded(plugin, note_processes):
    note_processes()
