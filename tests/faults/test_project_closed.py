"""A project that is closed in a real QGIS window while its layers are being worked on."""

import shutil

import pytest

from tests.end_to_end.qgis_window import Window, is_running

pytestmark = pytest.mark.slow


def test_the_project_is_closed_while_the_engine_works(new_qgis, city, tmp_path, note):
    sample = tmp_path / "sample"
    (sample / "city").mkdir(parents=True)
    for name in ("imagery.tif", "roads.gpkg"):
        shutil.copyfile(city.file(name), sample / "city" / name)
    shutil.copyfile(city.file("model.safetensors"), sample / "model.safetensors")
    profile = new_qgis().profile
    folder = tmp_path / "window"
    folder.mkdir()
    window = Window(profile, folder, sample, "inside_project_closed.py")
    try:
        window.wait_for_success(240)
        engine = int(window.engine_process.read_text())
        window.wait_for(lambda: not is_running(engine), 10)
    finally:
        window.kill()
    note(
        "the project is closed while its layers are mapped, in a real window",
        "",
        "QGIS goes on; the next run works",
    )
