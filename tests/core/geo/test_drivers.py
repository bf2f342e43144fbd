"""An engine's process has the drivers of the lists, and no others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mmrisk_core.geo.drivers import LAYERS, PICTURES, RASTERS, SKIPPED, is_remote

ROOT = Path(__file__).resolve().parents[3]
OF_GDAL = {"MEM", "Memory", "COG"}
"""What GDAL itself works with, and a way to write what GTiff reads."""
REGISTERED = """
import json
from mmrisk_core.geo.drivers import confine_gdal
confine_gdal()
import pyogrio, rasterio
with rasterio.Env() as environment:
    print(json.dumps([sorted(pyogrio.list_drivers()), sorted(environment.drivers())]))
"""


def registered(**variables: str) -> list[set[str]]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    text = subprocess.run([sys.executable, "-c", REGISTERED], env=environment, capture_output=True, check=True).stdout
    return [set(names) for names in json.loads(text)]


@pytest.mark.parametrize(
    "variables", [{}, {"GDAL_SKIP": "TGA"}, {"GDAL_SKIP": "TGA SGI"}, {"GDAL_SKIP": "TGA,ESRI Shapefile"}]
)
def test_every_driver_that_is_registered_is_in_a_list(variables):
    """With another version of rasterio or pyogrio, new drivers come here."""
    layers, rasters = registered(**variables)
    assert layers - {*LAYERS, *RASTERS} <= OF_GDAL
    assert rasters - {*LAYERS, *RASTERS} <= OF_GDAL
    if not variables:
        assert set(LAYERS) <= layers
        assert set(RASTERS) <= rasters
    else:
        assert "TGA" not in rasters


@pytest.mark.parametrize("arguments", [["tiles", "--help"], ["describe"], ["worker"]])
def test_nothing_is_said_of_drivers_that_a_gdal_does_not_have(arguments):
    """No two GDALs have the same, and the lists name those of all."""
    command = [sys.executable, "-m", "mmrisk_core", *arguments]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert "GDAL" not in done.stderr
    assert "driver" not in done.stderr


def test_an_engine_without_standard_error_begins_as_well():
    script = "import os\nos.close(2)\n" + REGISTERED
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, check=True)
    assert set(LAYERS) <= set(json.loads(done.stdout)[0])


def test_the_lists_do_not_contradict_each_other():
    assert not {*LAYERS, *RASTERS} & set(SKIPPED)
    assert set(PICTURES) < set(RASTERS)
    assert "VRT" not in PICTURES
    assert len(SKIPPED) == len(set(SKIPPED))


@pytest.mark.parametrize(
    ("path", "remote"),
    [
        ("/vsicurl/https://a.org/a.tif", True), ("/vsizip//vsis3/bucket/a.zip/a.tif", True), ("https://a.org/a.tif", True),
        ("/vsigs_streaming/bucket/a.tif", True), ("/vsicurl?url=https%3A%2F%2Fa.org", True), ("s3://bucket/a.tif", True),
        ('NETCDF:"/vsicurl/https://a.org/a.nc":v', True), ("WMS:https://a.org/wms", True),
        ("/data/a.tif", False), ("C:\\data\\a.tif", False), ("/vsizip/a.zip/a.tif", False), ("https.tif", False),
        ("//server/share/a.tif", False), ("/data/vsicurl/a.tif", False), ('HDF5:"a.h5"://data', False),
    ],
)  # fmt: skip
def test_a_path_says_whether_it_is_on_the_network(path, remote):
    assert is_remote(path) == remote
