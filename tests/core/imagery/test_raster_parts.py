"""What a raster is made of: files that are there, of this computer or of the share that the raster lies on."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest
import rasterio

from mmrisk_core.errors import MMRiskError
from mmrisk_core.geo.layer_io import FOLDER_KEY
from mmrisk_core.imagery import PictureColumn, describe_raster, picture_paths
from mmrisk_core.imagery.raster_parts import files_in, require_local_parts, share_of
from tests.core.factories import write_raster
from tests.core.hostile_files import virtual_raster


@pytest.mark.parametrize(
    ("path", "share"),
    [
        (r"\\server\maps\a.tif", "server"), ("//Server/maps/a.tif", "server"), (r"\\server", None), ("/maps/a.tif", None),
        ("C:\\maps\\a.tif", None), (r"\\?\C:\a.tif", "?"), (r"\\.\pipe\a", "."), ("https://server/a.tif", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_share_is_named_by_its_computer(path, share):
    assert share_of(path) == share


def test_a_path_names_itself_its_archive_or_the_file_in_quotes(tmp_path):
    file = tmp_path / "a.zip"
    file.touch()
    for path in (str(file), f"/vsizip/{file}/a.tif", f"/vsizip/{file}", f'HDF5:"{file}"://data'):
        assert list(files_in(path)) == [file], path
    assert list(files_in(str(tmp_path / "gone.tif"))) == []


def test_what_only_says_where_it_comes_from_is_read(tmp_path):
    """Metadata is full of addresses."""
    part = write_raster(tmp_path / "part.tif", np.ones((3, 512, 512), np.uint8), pixel=3.125)
    path = virtual_raster(tmp_path / "whole.vrt", str(part))
    said = '<Metadata><MDI key="TIFFTAG_COPYRIGHT">https://maps.org/licence</MDI></Metadata><SRS>'
    path.write_text(path.read_text().replace("<SRS>", said, 1))
    require_local_parts(str(path), path.name)
    assert describe_raster(path).band_names == ("red", "green", "blue")


def test_a_virtual_raster_that_names_itself_is_no_endless_search(tmp_path):
    path = tmp_path / "round.vrt"
    virtual_raster(path, str(path))
    require_local_parts(str(path), path.name)


def test_what_is_no_xml_is_refused_since_gdal_might_understand_it(tmp_path):
    path = tmp_path / "odd.vrt"
    path.write_text("<VRTDataset rasterXSize=512><SourceFilename>/vsicurl/http://a.org/a.tif</SourceFilename>")
    with pytest.raises(MMRiskError, match=r"odd\.vrt is damaged: its text is no XML"):
        describe_raster(path)


def test_a_raster_of_one_huge_block_is_refused_before_it_is_decoded(tmp_path):
    path = tmp_path / "block.tif"
    side = 24_000
    options = {"driver": "GTiff", "width": side, "height": side, "count": 3, "dtype": "uint8", "crs": "EPSG:32619"}
    layout = {
        "tiled": True,
        "blockxsize": side,
        "blockysize": side,
        "compress": "deflate",
        "interleave": "pixel",
        "sparse_ok": True,
    }
    with rasterio.open(path, "w", transform=rasterio.Affine(1, 0, 330000, 0, -1, 4690000), **options, **layout):
        pass
    assert path.stat().st_size < 10_000
    with pytest.raises(MMRiskError, match=r"blocks of 24,000 x 24,000 pixels, each of which takes 1\.6 GiB.*TILED=YES"):
        describe_raster(path)


@pytest.mark.skipif(sys.platform == "win32", reason="two slashes mean a share there, and here only look like one")
def test_a_virtual_raster_may_name_the_share_that_it_lies_on(tmp_path):
    part = write_raster(tmp_path / "part.tif", np.ones((3, 512, 512), np.uint8), pixel=3.125)
    here = f"/{tmp_path}"
    path = virtual_raster(tmp_path / "whole.vrt", f"/{part}")
    require_local_parts(f"{here}/whole.vrt", "whole.vrt")
    with pytest.raises(MMRiskError, match="which lies on another computer"):
        require_local_parts(str(path), "whole.vrt")


@pytest.mark.skipif(sys.platform == "win32", reason="the same")
def test_a_table_may_name_pictures_on_the_share_that_it_lies_on():
    table = pd.DataFrame({"path": ["//server/maps/a.png", r"\\SERVER\maps\b.png"]})
    table.attrs[FOLDER_KEY] = "//server/tables"
    assert len(picture_paths(table, PictureColumn(column="path"))) == 2
    for folder in ("//other/tables", "/tables"):
        table.attrs[FOLDER_KEY] = folder
        with pytest.raises(MMRiskError, match=r"names //server/maps/a\.png, which is no file of this computer"):
            picture_paths(table, PictureColumn(column="path"))
