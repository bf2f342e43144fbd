"""The environment variables of the engine's processes, and their end."""

import subprocess
import sys
import time

import pytest

from plugin.engine.child_process import popen_options, scrubbed_environment, stop_process_tree

KEPT = {
    "HOME": "/home/ana",
    "LANG": "pt_BR.UTF-8",
    "HTTPS_PROXY": "http://proxy:8080",
    "no_proxy": "localhost",
    "PIP_CERT": "/etc/corporate.pem",
    "UV_NATIVE_TLS": "1",
    "MMRISK_WHEELS": "/wheels",
    "CUDA_VISIBLE_DEVICES": "0",
    "OMP_NUM_THREADS": "2",
    "TMPDIR": "/scratch",
    "XDG_DATA_HOME": "/data",
}
DROPPED = {
    "PYTHONHOME": "/usr/lib/qgis/python",
    "PYTHONPATH": "/usr/share/qgis/python",
    "PythonStartup": "x.py",
    "VIRTUAL_ENV": "/venv",
    "CONDA_PREFIX": "/conda",
    "QT_PLUGIN_PATH": "/usr/lib/qt5",
    "QGIS_PREFIX_PATH": "/usr",
    "GDAL_DATA": "/usr/share/gdal",
    "GDAL_DRIVER_PATH": "/usr/lib/gdalplugins",
    "PROJ_LIB": "/usr/share/proj",
    "PROJ_DATA": "/usr/share/proj",
    "GEOTIFF_CSV": "/usr/share/epsg_csv",
    "OGR_DRIVER_PATH": "/usr/lib/ogr",
    "LD_LIBRARY_PATH": "/opt/qgis/lib",
    "LD_PRELOAD": "/opt/x.so",
    "DYLD_LIBRARY_PATH": "/Applications/QGIS.app/Contents/MacOS/lib",
    "__PYVENV_LAUNCHER__": "/Applications/QGIS.app/Contents/MacOS/QGIS",
}


def test_qgis_variables_are_dropped_and_the_users_are_kept():
    child = scrubbed_environment({**KEPT, **DROPPED, "PATH": "/usr/bin"}, "linux")
    own = {"PYTHONNOUSERSITE": "1", "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}
    assert child == {**KEPT, **own, "PATH": "/usr/bin"}


def test_the_callers_variables_are_left_alone():
    environ = {"PYTHONHOME": "/x"}
    scrubbed_environment(environ, "linux")
    assert environ == {"PYTHONHOME": "/x"}


def test_python_path_replaces_that_of_qgis(tmp_path):
    child = scrubbed_environment({"PYTHONPATH": "/usr/share/qgis/python"}, "linux", python_path=tmp_path)
    assert child["PYTHONPATH"] == str(tmp_path)


def test_windows_path_is_made_anew():
    environ = {"Path": r"C:\OSGeo4W\bin;C:\OSGeo4W\apps\qgis\bin;C:\Windows", "SystemRoot": r"D:\Windows"}
    child = scrubbed_environment(environ, "win32")
    assert [name for name in child if name.upper() == "PATH"] == ["PATH"]
    assert child["PATH"].split(";")[:2] == [r"D:\Windows\System32", r"D:\Windows"]
    assert "OSGeo4W" not in child["PATH"]


@pytest.mark.parametrize(
    ("platform", "environ", "kept"),
    [
        ("win32", {"OSGEO4W_ROOT": r"C:\OSGeo4W", "SSL_CERT_FILE": r"c:\osgeo4w\bin\curl-ca-bundle.crt"}, False),
        ("win32", {"OSGEO4W_ROOT": r"C:\OSGeo4W", "SSL_CERT_FILE": r"C:\corporate\root.pem"}, True),
        ("darwin", {"SSL_CERT_FILE": "/Applications/QGIS-LTR.app/Contents/Resources/certs/certs.pem"}, False),
        ("darwin", {"SSL_CERT_FILE": "/etc/ssl/cert.pem"}, True),
        ("linux", {"QGIS_PREFIX_PATH": "/usr", "SSL_CERT_FILE": "/usr/share/corporate/root.pem"}, True),
        ("linux", {"APPDIR": "/tmp/.mount_QGIS", "SSL_CERT_FILE": "/tmp/.mount_QGIS/certs.pem"}, False),
    ],
)
def test_certificates_are_dropped_only_if_they_are_qgis_own(platform, environ, kept):
    assert ("SSL_CERT_FILE" in scrubbed_environment(environ, platform)) == kept


def test_popen_options_for_each_system():
    assert popen_options("win32") == {"creationflags": 0x08000000}
    assert popen_options("linux") == popen_options("darwin") == {"start_new_session": True}


def test_stopping_a_process_stops_its_children_too(tmp_path):
    sign_of_life = tmp_path / "alive"
    child = f"import time, pathlib\nwhile True: pathlib.Path({str(sign_of_life)!r}).touch(); time.sleep(0.05)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    process = subprocess.Popen([sys.executable, "-c", parent], **popen_options(sys.platform))
    _wait_until(sign_of_life.exists)
    stop_process_tree(process)
    assert process.returncode is not None
    sign_of_life.unlink(missing_ok=True)
    time.sleep(0.3)
    assert not sign_of_life.exists()


def _wait_until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
