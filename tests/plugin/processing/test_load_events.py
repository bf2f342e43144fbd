"""Crash data through Processing, with the real engine."""

import pytest


@pytest.fixture
def run(qgis_application, project):
    import processing

    def run(**parameters):
        return processing.run("mmrisk:loadevents", {"OUTPUT": "TEMPORARY_OUTPUT", **parameters})

    return run


def test_a_german_table_becomes_points_and_numbers(run, tmp_path):
    file = tmp_path / "unfaelle.csv"
    file.write_text(
        "XGCSWGS84;YGCSWGS84;UJAHR;UMONAT\n13,46;52,45;2019;5\n13,46;52,45;2019;5\n0;0;2019;1\n13,45;52,44;2018;2\n;;2019;1\n",
        encoding="cp1252",
    )
    results = run(INPUT=str(file), YEARS="2019", EXTENT="13.3,13.6,52.3,52.6 [EPSG:4326]")
    layer = results["OUTPUT"]
    assert layer.crs().authid() == "EPSG:4326"
    assert [feature["event_date"] for feature in layer.getFeatures()] == ["2019-05"]
    names = ("READ", "LOADED", "WITHOUT_PLACE", "AT_ZERO", "DUPLICATES", "OTHER_YEARS", "OUT_OF_AREA")
    assert [results[name] for name in names] == [5, 1, 1, 1, 1, 1, 0]


@pytest.mark.parametrize(
    ("parameters", "sentence"), [({}, "Choose the file"), ({"YEARS": "soon", "INPUT": "a.csv"}, "no list of years")]
)
def test_what_is_not_chosen_is_told(run, parameters, sentence):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException, match=sentence):
        run(**parameters)
