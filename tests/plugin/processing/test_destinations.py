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


def test_a_folder_that_nobody_may_write_to(check):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException, match="The folder /proc of the output cannot be written to"):
        check("/proc/risk.gpkg")
