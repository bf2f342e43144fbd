"""Crash data as people get them: every usual form of file, column, place and date comes to the same points."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pandas as pd
import pyogrio
import pytest

from mmrisk_core import MMRiskError, load_events
from mmrisk_core.events import EventChoices, survey_table, write_events
from mmrisk_core.events.dates import DateEvidence, iso_dates
from mmrisk_core.geo.layer_source import LayerSource

BERLIN = (13.3, 52.4, 13.5, 52.5)
X, Y = (13.462146, 13.44937), (52.45332, 52.463695)
EASTINGS, NORTHINGS = (395532.9, 394693.9), (5812422.6, 5813594.9)  # EPSG:25833


def counts(events):
    return events.attrs["mmrisk_counts"]


def text_of(separator=",", comma=False, names=("lon", "lat", "date")):
    rows = [names, *((f"{x}", f"{y}", f"{day}.05.2019") for x, y, day in zip(X, Y, (17, 18), strict=True))]
    cells = ([cell.replace(".", ",") if comma and number < 2 else cell for number, cell in enumerate(r)] for r in rows)
    quoted = ([f'"{cell}"' if separator in cell else cell for cell in row] for row in cells)
    return "\r\n".join(separator.join(row) for row in quoted) + "\r\n"


def is_right(events):
    assert [round(p.x, 5) for p in events.to_crs(4326).geometry] == [round(x, 5) for x in X]
    assert [round(p.y, 5) for p in events.to_crs(4326).geometry] == [round(y, 5) for y in Y]
    assert list(events["event_date"]) == ["2019-05-17", "2019-05-18"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize(("separator", "comma"), [(",", False), (",", True), (";", False), (";", True), ("\t", True)])
def test_every_form_of_text(tmp_path, encoding, separator, comma):
    file = tmp_path / "unfälle.txt"
    text = (
        text_of(separator, comma, ("Länge", "Breite", "Datum"))
        .replace("Länge", "Längengrad")
        .replace("Breite", "Breitengrad")
    )
    file.write_bytes(text.encode(encoding))
    is_right(load_events(file))


@pytest.mark.parametrize(
    "names",
    [
        ("longitude", "latitude", "date"), ("LONGITUDE", "LATITUD", "Date"), ("XGCSWGS84", "YGCSWGS84", "Unfalldatum"),
        ("long", "lat", "fecha"), ("Longitud", "Latitud", "Fecha accidente"), ("LON", "LAT", "Crash Date"),
        ("Geo_Lon", "Geo_Lat", "dispatch_ts"), ("x", "y", "collision_date"),
    ],
)  # fmt: skip
def test_usual_names_are_known(tmp_path, names):
    file = tmp_path / "a.csv"
    names = tuple({"LATITUD": "LATITUDE", "Geo_Lon": "gps_long", "Geo_Lat": "gps_lat"}.get(n, n) for n in names)
    file.write_text(text_of(names=names), encoding="utf-8")
    is_right(load_events(file))


@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
def test_workbooks_of_several_sheets(tmp_path, suffix):
    file = tmp_path / f"crashes{suffix}"
    driver = suffix[1:].upper()
    notes = pd.DataFrame({"note": ["made by us"]})
    cells = [[str(x), str(y), f"{day}.05.2019"] for x, y, day in zip(X, Y, (17, 18), strict=True)]
    pyogrio.write_dataframe(notes, file, driver=driver, layer="notes")
    frame = pd.DataFrame(cells, columns=["lon", "lat", "date"])
    pyogrio.write_dataframe(frame, file, driver=driver, layer="data", append=True)
    is_right(load_events(file))
    table, _, _ = survey_table(LayerSource(path=str(file)), EventChoices())
    assert table.sheet == "data"
    assert table.sheets == ("notes", "data")
    with pytest.raises(MMRiskError, match=r"no sheet 'nowhere'.*notes, data"):
        load_events(file, sheet="nowhere")


@pytest.mark.parametrize(
    ("texts", "iso"),
    [
        (["2019-05-17", "2019-05-17T23:10:00Z", "2019/05/17 07:30"], ["2019-05-17"] * 3),
        (["17.05.2019", "17.5.19", "03.04.2019 14:30"], ["2019-05-17", "2019-05-17", "2019-04-03"]),
        (["31/12/19", "03/04/2019 9:05"], ["2019-12-31", "2019-04-03"]),
        (["12/31/19", "03/04/2019 11:30:00 PM"], ["2019-12-31", "2019-03-04"]),
        (["01/02/2019", "05/05/2019"], ["2019", "2019-05-05"]),
        (["43602", "43602.75"], ["2019-05-17"] * 2),
        (["1558051200000", "1558094400000"], ["2019-05-17"] * 2),
        (["1558051200"], ["2019-05-17"]),
        (["2019", "2019-05", "20190517", ""], ["2019", "2019-05", "2019-05-17", ""]),
        (["2019-02-30", "soon"], ["", ""]),
    ],
)
def test_every_form_of_date(texts, iso):
    evidence, values = DateEvidence(), pd.Series(texts, dtype=object)
    evidence.add(values)
    assert iso_dates(values.to_frame(), evidence.order("auto")).to_list() == iso


def test_days_that_could_be_months_are_named_and_their_years_taken(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("lon,lat,date\n13.4,52.4,01/02/2019\n13.5,52.5,03/04/2020\n", encoding="utf-8")
    _, found, said = survey_table(LayerSource(path=str(file)), EventChoices())
    assert found.is_ambiguous
    assert any("'date' day and month cannot be told apart" in sentence for sentence in said)
    assert list(load_events(file)["event_date"]) == ["2019", "2020"]
    assert list(load_events(file, date_order="month_first")["event_date"]) == ["2019-01-02", "2020-03-04"]


def test_year_month_and_day_in_columns_of_their_own(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("lon,lat,year,month,day\n13.4,52.4,2019,5,17\n13.5,52.5,2020,12,1\n", encoding="utf-8")
    assert list(load_events(file)["event_date"]) == ["2019-05-17", "2020-12-01"]
    assert len(load_events(file, years=[2020])) == 1


def test_metres_go_into_the_crs_that_puts_them_onto_the_area(tmp_path):
    file = tmp_path / "a.csv"
    rows = "".join(
        f"{x};{y};2019-05-1{d}\n".replace(".", ",") for x, y, d in zip(EASTINGS, NORTHINGS, (7, 8), strict=True)
    )
    file.write_text(f"LINREFX;LINREFY;date\n{rows}", encoding="utf-8")
    events = load_events(file, extent=BERLIN)
    assert events.crs.to_epsg() == 25833
    with pytest.raises(MMRiskError, match=r"no degrees.*Choose the CRS"):
        load_events(file)
    assert len(load_events(file, crs="EPSG:25833")) == 2


def test_rows_are_counted_by_what_became_of_them(tmp_path):
    file = tmp_path / "a.csv"
    rows = [
        "13.4,52.45,2019",
        "13.4,52.45,2019",
        "0,0,2019",
        ",,2019",
        "n/a,52,2019",
        "13.4,95,2019",
        "2.3,48.8,2019",
        "13.4,52.45,2018",
    ]
    file.write_text("lon,lat,year\n" + "\n".join(rows) + "\n", encoding="utf-8")
    events = load_events(file, years=[2019], extent=BERLIN)
    assert counts(events) == {
        "read": 8, "loaded": 2, "without_place": 3, "at_zero": 1, "duplicates": 1, "other_years": 1, "out_of_area": 1,
    }  # fmt: skip


def test_swapped_coordinates_are_put_right_and_said(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text(text_of(names=("lat", "lon", "date")), encoding="utf-8")
    is_right(load_events(file, extent=BERLIN))
    _, _, said = survey_table(LayerSource(path=str(file)), EventChoices(extent=BERLIN))
    assert any("swapped" in sentence for sentence in said)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('lon,lat,note\n13.4,52.4,"a, ""b""\nand c"\n13.5,52.5,d\n', 2),
        ("13.4,52.4,x\n13.5,52.5,y\n", 2),
        ("lon,lat,name,Name,name,\n13.4,52.4,a,b,c,\n", 1),
        ("Crashes,,\n\nlon,lat,note\n13.4,52.4,a\n", 1),
        ('location,note\n"52.4, 13.4",a\n"(52.5, 13.5)",b\n', 2),
        ("geom,note\nPOINT (13.4 52.4),a\n", 1),
    ],
)
def test_odd_tables(tmp_path, text, count):
    file = tmp_path / "a.csv"
    file.write_text(text, encoding="utf-8")
    fields = {"x_field": "column_1", "y_field": "column_2"} if text.startswith("13") else {}
    if text.startswith("geom"):
        fields = {"x_field": "geom", "y_field": "geom"}
    events = load_events(file, **fields)
    assert len(events) == count
    assert events.geometry.iloc[0].coords[0] == (13.4, 52.4)
    names = [name.casefold() for name in events.columns]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "is empty"), ("a.csv", b" \n\n", "is empty"), ("a.csv", b"lon,lat\n", "a header and no rows"),
        ("a.csv", b"street,note\nMain,x\n", "No columns of 'a' are known to hold coordinates"),
        ("a.csv", b"lon,lat\n0,0\n,\n", "No (row|columns) of 'a'"),
        ("a.xls", b"\xd0\xcf\x11\xe0rest", "old Excel"), ("a.xlsx", b"PK\x03\x04rest", "a.xlsx"),
        ("a.gpkg", b"SQLite format 3\0" + bytes(200), "no table of text"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_told_in_a_sentence(tmp_path, name, content, sentence):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(MMRiskError, match=sentence):
        load_events(file)


def test_a_file_that_another_program_holds_is_told(tmp_path, monkeypatch):
    file = tmp_path / "a.csv"
    file.write_text(text_of(), encoding="utf-8")

    def held(self, *arguments, **options):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", held)
    with pytest.raises(MMRiskError, match="Close it in Excel"):
        load_events(file)


def test_a_large_table_takes_no_more_memory_than_its_parts(tmp_path):
    file = tmp_path / "a.csv"
    with file.open("w", encoding="utf-8") as out:
        out.write("lon,lat,year,note\n")
        out.writelines(f"{13 + n / 1e7},{52 + n / 1e7},2019,{'x' * 100}\n" for n in range(100_000))
    tracemalloc.start()
    told, _ = write_events(LayerSource(path=str(file)), tmp_path / "a.gpkg", EventChoices())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert told.loaded == 100_000
    assert pyogrio.read_info(tmp_path / "a.gpkg")["features"] == 100_000
    # The text of it all, as Python keeps it, is more than this.
    assert peak < 40e6
