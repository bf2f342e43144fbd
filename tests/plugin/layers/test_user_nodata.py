"""Gaps that are set in QGIS count, or are refused in a sentence; never are they pixels."""

import numpy as np
import pytest


@pytest.fixture
def layer(project, tmp_path):
    """Make a raster of two bands whose left half is 0 in both."""
    from osgeo import gdal
    from qgis.core import QgsRasterLayer

    def make(own=None):
        path = str(tmp_path / "image.tif")
        made = gdal.GetDriverByName("GTiff").Create(path, 8, 8, 2)
        made.SetGeoTransform((0, 1, 0, 8, 0, -1))
        for band in (1, 2):
            pixels = np.full((8, 8), 100, np.uint8)
            pixels[:, :4] = 0
            made.GetRasterBand(band).WriteArray(pixels)
            if own is not None:
                made.GetRasterBand(band).SetNoDataValue(own)
        del made
        layer = QgsRasterLayer(path, "ortho", "gdal")
        assert layer.isValid()
        return layer

    return make


def set_gaps(layer, *of_bands):
    from qgis.core import QgsRasterRange

    for band, gaps in enumerate(of_bands, start=1):
        layer.dataProvider().setUserNoDataValue(band, [QgsRasterRange(*gap) for gap in gaps])


@pytest.mark.parametrize("own", [None, 0])
def test_without_any_the_file_is_read_as_it_is(layer, own, tmp_path):
    from plugin.layers.user_nodata import user_nodata, with_nodata

    made = layer(own)
    assert user_nodata(made) is None
    source = {"path": made.source(), "name": "ortho"}
    assert with_nodata(source, None, tmp_path / "image.vrt") == source


@pytest.mark.parametrize("own", [None, 0])
def test_one_value_of_all_bands_is_a_gap_of_all(layer, own, tmp_path):
    from osgeo import gdal

    from plugin.layers.user_nodata import user_nodata, with_nodata

    made = layer(own)
    set_gaps(made, [(0, 0)], [(0, 0)])
    source = with_nodata({"path": made.source(), "name": "ortho"}, user_nodata(made), tmp_path / "image.vrt")
    assert source["name"] == "ortho"
    raster = gdal.Open(source["path"])
    for band in (1, 2):
        seen = raster.GetRasterBand(band).GetMaskBand().ReadAsArray() > 0
        assert not seen[:, :4].any()
        assert seen[:, 4:].all()


@pytest.mark.parametrize(
    ("own", "gaps"),
    [
        (None, ([(0, 0)], [])),
        (None, ([(0, 0)], [(100, 100)])),
        (None, ([(0, 10)], [(0, 10)])),
        (None, ([(0, 0), (255, 255)], [(0, 0), (255, 255)])),
        (100, ([(0, 0)], [(0, 0)])),
    ],
)
def test_what_no_file_can_say_is_a_sentence(layer, own, gaps):
    from qgis.core import QgsProcessingException

    from plugin.layers.user_nodata import user_nodata

    made = layer(own)
    set_gaps(made, *gaps)
    with pytest.raises(QgsProcessingException, match="'ortho' has gaps that were set in QGIS"):
        user_nodata(made)


def test_images_of_algorithms_are_given_with_their_gaps(layer, project):
    from osgeo import gdal
    from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback

    from plugin.processing.image_sources import ImageLayers

    made = layer()
    project.addMapLayer(made)
    set_gaps(made, [(0, 0)], [(0, 0)])
    context, tried = QgsProcessingContext(), 0
    context.setProject(project)
    for algorithm in QgsApplication.processingRegistry().providerById("mmrisk").algorithms():
        if algorithm.parameterDefinition("IMAGES") is None:
            continue
        images = ImageLayers(algorithm, {"IMAGES": [made.id()]}, context)
        with images.files(lambda steps: [], QgsProcessingFeedback()) as files:
            (source,) = files.sources
            raster = gdal.Open(source["path"])
            assert raster.GetRasterBand(1).GetNoDataValue() == 0
            del raster
        tried += 1
    assert tried >= 5
