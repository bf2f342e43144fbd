"""A raster that was not written whole is not passed on."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio

from mmrisk_core.errors import MMRiskError
from mmrisk_core.imagery.raster_writing import written_raster

PROFILE = {"driver": "GTiff", "width": 64, "height": 64, "count": 1, "dtype": "uint8", "crs": "EPSG:32619"}


def test_what_is_whole_is_as_it_was_written(tmp_path):
    values = np.arange(64 * 64, dtype=np.uint8).reshape(1, 64, 64)
    with written_raster(tmp_path / "a.tif", **PROFILE) as raster:
        raster.write(values)
    with rasterio.open(tmp_path / "a.tif") as raster:
        assert (raster.read() == values).all()


@pytest.mark.parametrize("share", [0.0, 0.2, 0.6])
def test_what_was_cut_off_while_closing_is_named(tmp_path, share):
    path = tmp_path / "a.tif"

    def write_and_lose_the_end():
        with written_raster(path, **PROFILE) as raster:
            raster.write(np.full((1, 64, 64), 7, dtype=np.uint8))
            raster.close()
            path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])

    with pytest.raises(MMRiskError, match="could not be written whole"):
        write_and_lose_the_end()
