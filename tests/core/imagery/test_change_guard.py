"""A raster that another program writes to while it is read is noticed; QGIS's statistics beside it are no change."""

from __future__ import annotations

import os
import zipfile

import numpy as np
import pytest
import rasterio
import rasterio.shutil
from rasterio.transform import from_origin
from rasterio.vrt import WarpedVRT

from mmrisk_core.errors import MMRiskError
from mmrisk_core.imagery import RasterSource
from mmrisk_core.imagery.change_guard import guard_unchanged
from mmrisk_core.imagery.raster_files import files_of_raster


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


def virtual(path, of, relative=1):
    """A virtual raster of another, whatever it is."""
    path.write_text(
        '<VRTDataset rasterXSize="32" rasterYSize="32"><SRS>EPSG:32619</SRS><GeoTransform>0, 1, 0, 32, 0, -1</GeoTransform>'
        f'<VRTRasterBand dataType="Byte" band="1"><SimpleSource><SourceFilename relativeToVRT="{relative}">{of}'
        "</SourceFilename><SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>"
    )
    return path


def warped(path, of):
    """A virtual raster that warps another."""
    with rasterio.open(of) as raster, WarpedVRT(raster, crs="EPSG:32619") as view:
        rasterio.shutil.copy(view, path, driver="VRT")
    return path


def zipped(path, of):
    with zipfile.ZipFile(path, "w") as written:
        written.write(of, of.name)
    return path


def test_files_that_a_vrt_joins_and_the_archive_around_one_are_known(raster, tmp_path):
    assert set(files_of_raster(source(virtual(tmp_path / "joined.vrt", "ortho.tif")))) == {
        tmp_path / "joined.vrt",
        raster,
    }
    archive = zipped(tmp_path / "ortho.zip", raster)
    assert files_of_raster(source(f"/vsizip/{archive}/ortho.tif")) == [archive]


OVER = {
    "a virtual raster": lambda folder, of: virtual(folder / "over.vrt", of.name),
    "by its whole path": lambda folder, of: virtual(folder / "over.vrt", of, relative=0),
    "warped": lambda folder, of: warped(folder / "over.vrt", of),
    "by the name in its file": lambda folder, of: virtual(folder / "over.vrt", f"GTIFF_DIR:1:{of}", relative=0),
    "in an archive": lambda folder, of: virtual(
        folder / "over.vrt", f"/vsizip/{zipped(folder / 'o.zip', of)}/{of.name}", 0
    ),
    "without the ending": lambda folder, of: virtual(folder / "over", of.name),
    "of a folder with &": lambda folder, of: virtual(folder / "over.vrt", _moved_to(folder / "a & b", of)),
}


def _moved_to(folder, of):
    folder.mkdir()
    of.rename(folder / of.name)
    return f"{folder.name}/{of.name}".replace("&", "&amp;")


@pytest.mark.parametrize("over", OVER.values(), ids=OVER)
@pytest.mark.parametrize("depth", [1, 2, 5])
def test_a_virtual_raster_is_looked_through_to_the_bottom(raster, tmp_path, over, depth):
    top = over(tmp_path, raster)
    for level in range(1, depth):
        top = virtual(tmp_path / f"level_{level}.vrt", top.name)
    (bottom,) = [file for file in files_of_raster(source(top)) if file.suffix in (".tif", ".zip")]

    def read():
        with guard_unchanged([source(top)]):
            os.utime(bottom, (1, 1))

    with pytest.raises(MMRiskError, match="was changed while it was read"):
        read()


def test_overviews_and_masks_beside_a_raster_count(raster, tmp_path):
    top = virtual(tmp_path / "joined.vrt", "ortho.tif")

    def read():
        with guard_unchanged([source(top)]):
            make_raster(raster.with_name("ortho.tif.ovr"), value=3)

    with pytest.raises(MMRiskError, match="was changed while it was read"):
        read()
