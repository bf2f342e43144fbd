"""MMRisk's page in QGIS's options."""

import threading

import pytest


@pytest.fixture
def home(qgis_application, tmp_path, monkeypatch):
    """A data folder with an old environment, and a cache."""
    from qgis.core import QgsSettings

    QgsSettings().remove("mmrisk")
    monkeypatch.setenv("MMRISK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MMRISK_CACHE", str(tmp_path / "cache"))
    old = tmp_path / "home" / "environments" / "0123456789abcdef"
    old.mkdir(parents=True)
    (old / "large.bin").write_bytes(bytes(3_000_000))
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "embeddings.sqlite3").write_bytes(bytes(1_500_000))
    (tmp_path / "cache" / "not ours.txt").write_text("stays")
    yield tmp_path
    QgsSettings().remove("mmrisk")


@pytest.fixture
def open_page(home, qtbot):
    from plugin.gui.engine.options_page import OptionsPageFactory

    def open_one(set_up=lambda: None, applied=lambda: None):
        page = OptionsPageFactory(set_up, applied).createWidget(None)
        qtbot.addWidget(page)
        page.show()
        return page

    return open_one


def test_sizes_are_shown_and_old_environments_and_cache_removed(open_page, home, qtbot):
    page = open_page()
    qtbot.waitUntil(lambda: "Old environments: 3.0 MB" in page.sizes.text(), timeout=10000)
    assert page.cache_size.text() == f"Cache: 1.5 MB in {home / 'cache'}"
    page.clear_button.click()
    qtbot.waitUntil(lambda: page.cache_size.text().startswith("Cache: 0 kB"), timeout=10000)
    assert [path.name for path in (home / "cache").iterdir()] == ["not ours.txt"]
    assert not page.clear_button.isEnabled()
    page.remove_button.click()
    qtbot.waitUntil(lambda: "Old environments: 0 kB" in page.sizes.text(), timeout=10000)
    assert not (home / "home" / "environments" / "0123456789abcdef").exists()


def test_what_cannot_be_removed_is_said(open_page, home, qtbot, monkeypatch):
    from plugin.engine.errors import EngineEnvironmentError

    def fail():
        raise EngineEnvironmentError("The cache is in use. Try again later.")

    monkeypatch.setattr("plugin.gui.engine.options_page.clear_cache", fail)
    page = open_page()
    qtbot.waitUntil(page.clear_button.isEnabled, timeout=10000)
    page.clear_button.click()
    qtbot.waitUntil(page.message.isVisible, timeout=10000)
    assert page.message.text() == "The cache is in use. Try again later."


def test_choices_are_kept_when_applied_and_not_before(open_page, home):
    from plugin.engine_service import engine_variables
    from plugin.settings import read_settings

    told = []
    page = open_page(applied=lambda: told.append(True))
    page.device.setCurrentIndex(page.device.findData("cpu"))
    page.threads.setValue(1)
    page.memory.setValue(512)
    page.scheduler.setText(" tcp://10.0.0.7:8786 ")
    assert read_settings().device == "auto"
    page.apply()
    assert told == [True]
    settings = read_settings()
    assert (settings.device, settings.threads, settings.raster_megabytes) == ("cpu", 1, 512)
    assert settings.scheduler == "tcp://10.0.0.7:8786"
    assert engine_variables(settings) == {"MMRISK_DEVICE": "cpu", "OMP_NUM_THREADS": "1", "GDAL_CACHEMAX": "512"}
    again = open_page()
    assert again.device.currentData() == "cpu"
    assert (again.threads.value(), again.memory.value()) == (1, 512)


def test_a_page_that_is_closed_while_it_measures_is_left_alone(home, qtbot, monkeypatch):
    from qgis.core import QgsApplication
    from qgis.PyQt import sip
    from qgis.PyQt.QtCore import QCoreApplication, QEvent

    from plugin.gui.engine import options_page

    closed, measured = threading.Event(), []

    def measure_late(*arguments):
        assert closed.wait(30)
        measured.append(measure(*arguments))
        return measured[0]

    measure = options_page.measure
    monkeypatch.setattr(options_page, "measure", measure_late)
    page = options_page.OptionsPageFactory(lambda: None, lambda: None).createWidget(None)
    page.show()
    page.close()
    page.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert sip.isdeleted(page)
    closed.set()
    with qtbot.captureExceptions() as raised:
        qtbot.waitUntil(lambda: QgsApplication.taskManager().countActiveTasks() == 0, timeout=10000)
        qtbot.wait(50)
    assert measured
    assert raised == []


def test_the_page_leads_to_the_assistant(open_page):
    asked = []
    open_page(set_up=lambda: asked.append(True)).set_up_button.click()
    assert asked == [True]
