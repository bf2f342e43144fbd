"""What the window that opens crash data is told of a table."""

import pytest

from mmrisk_core.errors import InputError
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.jobs.survey_events import FIRST_ROWS, SurveyEventsJob
from mmrisk_core.progress import NO_PROGRESS


def test_a_table_is_told_by_columns_rows_years_and_points(tmp_path):
    table = tmp_path / "crashes.csv"
    rows = [f"{-71.1 + 0.001 * n:.3f};{42.3 + 0.001 * n:.3f};{1 + n}.05.{2018 + n % 2}" for n in range(20)]
    table.write_text("LON;LAT;Datum\n" + "\n".join(rows) + "\n", encoding="utf-8")
    told = SurveyEventsJob(input=LayerSource(path=str(table))).run(NO_PROGRESS)
    assert told["columns"] == ["LON", "LAT", "Datum"]
    assert (told["x_field"], told["y_field"], told["date_field"]) == ("LON", "LAT", ["Datum"])
    assert told["read"] == 20
    assert len(told["rows"]) == FIRST_ROWS
    assert told["years"] == [[2018, 10], [2019, 10]]
    assert told["points"][0] == pytest.approx([-71.1, 42.3])
    assert len(told["points"]) == 20
    assert list(tmp_path.iterdir()) == [table]


def test_a_table_without_places_is_a_sentence(tmp_path):
    table = tmp_path / "crashes.csv"
    table.write_text("severity,year\n1,2018\n2,2019\n", encoding="utf-8")
    with pytest.raises(InputError, match="'severity' and 'year'"):
        SurveyEventsJob(input=LayerSource(path=str(table))).run(NO_PROGRESS)
