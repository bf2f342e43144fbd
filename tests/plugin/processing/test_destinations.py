"""Outputs that cannot be written are said before an algorithm begins."""

import pytest


@pytest.fixture
def check(qgis_application):
    from plugin.processing.destinations import check_writable

    return check_writable


def test_a_folder_that_can_be_written_to(check, tmp_path):
    check(str(tmp_path / "risk.gpkg|layername=risk"))
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there(check, tmp_path):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException, match="nowhere of the output does not exist"):
        check(str(tmp_path / "nowhere" / "risk.gpkg"))


@pytest.mark.parametrize(
    "database",
    [
        "ogr:dbname='/nowhere/db.gpkg' table=\"joined\" (geom)",
        'postgres:dbname=\'gis\' host=/var/run/postgresql table="public"."joined" (geom)',
        "spatialite:dbname='/nowhere/db.sqlite' table=\"joined\" (geom)",
    ],
)
def test_databases_are_left_to_qgis(check, database):
    check(database)


def test_no_algorithm_writes_over_what_it_reads(project, tmp_path):
    """Every output of every algorithm that is a file, and every input that is a layer or a file."""
    from osgeo import gdal
    from qgis.core import (
        QgsApplication,
        QgsProcessingContext,
        QgsProcessingException,
        QgsProcessingParameterFeatureSource,
        QgsProcessingParameterFile,
        QgsProcessingParameterMultipleLayers,
        QgsProcessingParameterRasterLayer,
    )

    from plugin.processing.destinations import check_output
    from tests.plugin.layers.test_sources import write

    vector, raster, model = write(tmp_path / "roads.gpkg", "GPKG"), tmp_path / "image.tif", tmp_path / "m.safetensors"
    gdal.GetDriverByName("GTiff").Create(str(raster), 4, 4)
    model.touch()
    context, tried = QgsProcessingContext(), set()
    context.setProject(project)
    for algorithm in QgsApplication.processingRegistry().providerById("mmrisk").algorithms():
        for definition in algorithm.parameterDefinitions():
            name = definition.name()
            if isinstance(definition, QgsProcessingParameterFeatureSource):
                cases = [(vector, vector), (f"{vector}|layername=roads", vector)]
            elif isinstance(definition, QgsProcessingParameterMultipleLayers):
                cases = [([str(raster)], str(raster)), ([str(raster), vector], vector)]
            elif isinstance(definition, QgsProcessingParameterRasterLayer):
                cases = [(str(raster), str(raster))]
            elif isinstance(definition, QgsProcessingParameterFile):
                cases = [(str(model), str(model))]
            else:
                continue
            for given, output in cases:
                with pytest.raises(QgsProcessingException, match=r"is also given as .*another name"):
                    check_output(output, algorithm, {name: given}, context)
                check_output(str(tmp_path / "other.gpkg"), algorithm, {name: given}, context)
            tried.add((algorithm.name(), name))
    assert len(tried) > 20


def test_a_folder_that_nobody_may_write_to(check):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException, match="The folder /proc of the output cannot be written to"):
        check("/proc/risk.gpkg")
