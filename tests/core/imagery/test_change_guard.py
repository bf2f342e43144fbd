"""A raster that another program writes to while it is read is noticed; QGIS's statistics beside it are no change."""

from __future__ import annotations

import os
import zipfile

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from mmrisk_core.errors import MMRiskError
from mmrisk_core.imagery import RasterSource
from mmrisk_core.imagery.change_guard import files_of_raster, guard_unchanged


@pytest.fixture
def raster(tmp_path):
    return make_raster(tmp_path / "ortho.tif")


def make_raster(path, value=1):
    profile = {"driver": "GTiff", "width": 32, "height": 32, "count": 1, "dtype": "uint8", "crs": "EPSG:32619"}
    with rasterio.open(path, "w", transform=from_origin(0, 32, 1, 1), **profile) as written:
        written.write(np.full((1, 32, 32), value, np.uint8))
    return path


def source(path):
    return RasterSource.model_validate(path)


def test_what_stays_the_same_is_let_through(raster):
    with guard_unchanged([source(raster)]):
        pass


def test_statistics_beside_it_do_not_count(raster):
    with guard_unchanged([source(raster)]):
        raster.with_name("ortho.tif.aux.xml").write_text("<PAMDataset></PAMDataset>")


@pytest.mark.parametrize("change", ["written", "replaced", "deleted"])
def test_a_change_is_named(raster, change):
    def read():
        with guard_unchanged([source(raster)]):
            if change == "written":
                make_raster(raster, value=2)
            elif change == "replaced":
                make_raster(raster.with_name("other.tif")).replace(raster)
            else:
                raster.unlink()

    with pytest.raises(MMRiskError, match=r"The raster ortho\.tif was changed while it was read"):
        read()


def test_a_change_says_more_than_what_it_broke(raster):
    def read():
        with guard_unchanged([source(raster)]):
            os.truncate(raster, 100)
            raise MMRiskError("The raster ortho.tif is damaged.")

    with pytest.raises(MMRiskError, match="was changed while it was read"):
        read()


def test_other_errors_stay_what_they_are(raster):
    def read():
        with guard_unchanged([source(raster)]):
            raise MMRiskError("The tiles have no field 'aadt'.")

    with pytest.raises(MMRiskError, match="no field 'aadt'"):
        read()


def test_files_that_a_vrt_joins_and_the_archive_around_one_are_known(raster, tmp_path):
    vrt = tmp_path / "joined.vrt"
    vrt.write_text(
        '<VRTDataset rasterXSize="32" rasterYSize="32"><SRS>EPSG:32619</SRS><GeoTransform>0, 1, 0, 32, 0, -1</GeoTransform>'
        '<VRTRasterBand dataType="Byte" band="1"><SimpleSource><SourceFilename relativeToVRT="1">ortho.tif</SourceFilename>'
        "<SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>"
    )
    assert {file.name for file in files_of_raster(source(vrt))} == {"joined.vrt", "ortho.tif"}
    archive = tmp_path / "ortho.zip"
    with zipfile.ZipFile(archive, "w") as written:
        written.write(raster, "ortho.tif")
    assert files_of_raster(source(f"/vsizip/{archive}/ortho.tif")) == [archive]
