"""The zip that users install, in an empty profile, and nothing else of this repository."""

import zipfile

import pytest
from package import write_zip
from qgis_process import QgisProcess

pytestmark = pytest.mark.slow


def test_the_zip_installs_into_an_empty_profile_and_works(tmp_path):
    archive = write_zip(tmp_path / "mmrisk.zip")
    qgis = QgisProcess(tmp_path / "profile")
    plugins = qgis.profile / "profiles" / "default" / "python" / "plugins"
    (plugins / "mmrisk").unlink()
    with zipfile.ZipFile(archive) as files:
        names = files.namelist()
        files.extractall(plugins)
    assert {name.split("/")[0] for name in names} == {"mmrisk"}
    assert not [name for name in names if "/." in name or name.endswith((".pyc", ".sh", ".bat", ".so"))]
    result = qgis.run(
        "mmrisk:createtiles", EXTENT="0,1000,0,1000 [EPSG:32619]", TILE_SIZE=100, OUTPUT=tmp_path / "tiles.gpkg"
    )
    assert result["TILE_COUNT"] == 100
