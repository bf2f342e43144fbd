"""Events on the map become labels of tiles."""

from __future__ import annotations

import datetime
import json
import math
import re
from typing import get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from hypothesis import given
from hypothesis import strategies as st

from mmrisk_core import MMRiskError, Progress, create_tiles, label_tiles
from mmrisk_core.geo.layer_io import read_geo_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.geo.recipe import EmpiricalBayesUse, LabelRule, LabelStep, Recipe, parse_recipe, recipe_of
from mmrisk_core.jobs import make_job
from mmrisk_core.labels import label as labels
from mmrisk_core.labels.event_dates import read_days
from mmrisk_core.labels.rules import at_least, top_share_cut
from mmrisk_core.labels.safety_performance import (
    Sites,
    cross_fitted_bayes,
    empirical_bayes,
    fit_safety_performance,
)
from mmrisk_core.wording import counted
from plugin.engine import label_formula
from tests.core.factories import UTM, make_layer, make_tiles, place


def crashes(*places: tuple[float, float], **columns):
    return make_layer([shapely.Point(place(*p)) for p in places], title="crashes", **columns)


def events_per_tile(*numbers: int):
    """That many events in each tile of a row of 100 m tiles."""
    return crashes(*[(100 * i + 50, 50) for i, number in enumerate(numbers) for _ in range(number)])


def logged(tiles, events, **options) -> tuple[gpd.GeoDataFrame, str]:
    """The labelled tiles and all that was said."""
    messages: list[str] = []
    labelled = label_tiles(tiles, events, progress=Progress(log=messages.append), **options)
    return labelled, "\n".join(messages)


def missing_or(values: pd.Series) -> list[float | None]:
    return [None if pd.isna(value) else value for value in values]


def test_tiles_with_enough_events_are_labelled_1():
    events = crashes((10, 10), (20, 20), (150, 50), (9999, 0))
    labelled = label_tiles(make_tiles(rows=1), events, threshold=2)
    assert labelled["events"].tolist() == [2, 1, 0, 0]
    assert labelled["label"].tolist() == [1, 0, 0, 0]
    assert (labelled["events"].dtype, labelled["label"].dtype) == ("int64", "int64")


def test_weights_count_instead_of_events():
    events = crashes((10, 10), (20, 20), (150, 50), severity=[0.25, 0.5, 3.0])
    labelled = label_tiles(make_tiles(rows=1), events, weight="severity", threshold=1)
    assert labelled["events"].tolist() == [0.75, 3, 0, 0]
    assert labelled["label"].tolist() == [0, 1, 0, 0]


def test_ten_tenths_reach_a_threshold_of_one():
    events = crashes(*[(10, 10)] * 10, share=[0.1] * 10)
    assert label_tiles(make_tiles(rows=1), events, weight="share")["label"].tolist() == [1, 0, 0, 0]


def test_an_event_on_a_shared_edge_is_counted_once():
    labelled = label_tiles(make_tiles(rows=2, cols=2), crashes((100, 100)))
    assert labelled["events"].tolist() == [0, 0, 0, 1]


def test_an_event_on_the_edge_of_free_polygons_is_counted_once():
    polygons = [shapely.box(*place(0, 100), *place(100, 0)), shapely.box(*place(100, 100), *place(300, 0))]
    free = make_layer(polygons, title="blocks")
    labelled, said = logged(free, crashes((100, 50), (100, 0), (50, 100), (250, 50)))
    assert labelled["events"].tolist() == [3, 1]
    assert "4 of 4 events of 'crashes' are counted" in said


def test_an_event_in_tiles_that_overlap_counts_in_each_and_the_log_says_so():
    tiles = make_tiles(rows=1, cols=4, spacing=50)
    labelled, said = logged(tiles, crashes((75, 50), (10, 50), (9999, 0)))
    assert labelled["events"].sum() == 3
    assert "1 of 3 events of 'crashes' lies in several tiles" in said
    assert "2 of 3 events of 'crashes' are counted" in said


def test_a_multi_point_counts_once_in_each_tile_that_it_touches():
    several = shapely.MultiPoint([place(10, 10), place(20, 20), place(150, 50)])
    labelled, said = logged(make_tiles(rows=1), make_layer([several], "crashes"))
    assert labelled["events"].tolist() == [1, 1, 0, 0]
    assert "1 of 1 event of 'crashes' lies in several tiles" in said


def test_events_in_another_crs():
    labelled = label_tiles(make_tiles(rows=1), crashes((150, 50)).to_crs(4326))
    assert labelled["label"].tolist() == [0, 1, 0, 0]


def test_the_rule_is_kept_in_the_recipe_and_the_log_says_what_came_of_it():
    messages = []
    labelled = label_tiles(
        make_tiles(rows=1), crashes((10, 10), (9999, 0)), threshold=1, progress=Progress(log=messages.append)
    )
    rule = recipe_of(labelled).label
    assert (rule.layer, rule.rule, rule.threshold) == ("crashes", "count", 1)
    assert recipe_of(labelled).tiles is not None
    assert messages == [
        "1 of 2 events of 'crashes' lies in no tile.",
        "1 of 2 events of 'crashes' is counted.",
        "1 of 4 tiles is labelled 1, 3 are labelled 0.",
    ]


def test_one_label_for_all_is_said_but_no_error():
    messages = []
    labelled = label_tiles(make_tiles(rows=1), crashes((10, 10)), threshold=5, progress=Progress(log=messages.append))
    assert labelled["label"].tolist() == [0] * 4
    assert "All tiles are labelled 0" in messages[-1]


def test_the_top_share_takes_the_tiles_with_the_most_events():
    labelled, said = logged(
        make_tiles(rows=1, cols=10), events_per_tile(5, 0, 3, 9, 0, 1), rule="top_share", threshold=0.2
    )
    assert labelled["label"].tolist() == [1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert "The top share became 0.2 (2 of 10 tiles, those with at least 5 events); 0.2 was asked for." in said


@pytest.mark.parametrize(
    ("numbers", "share", "high"),
    [
        ((5, 4, 4, 4, 1), 0.2, 1),  # 1 is nearer to 2 than 4 is
        ((5, 4, 4, 1), 0.2, 3),  # 1 and 3 are as near to 2: ties are taken
        ((5, 4, 4, 4, 4, 4, 4), 0.5, 7),  # 7 is nearer to 5 than 1 is
        ((1, 1, 1), 0.01, 3),  # never nobody, where there are events
        ((2, 1), 0.9, 2),  # never a tile without events
    ],
)
def test_ties_at_the_cut_are_all_taken_or_all_left(numbers, share, high):
    events = events_per_tile(*numbers)
    labelled, said = logged(make_tiles(rows=1, cols=10), events, rule="top_share", threshold=share)
    assert labelled["label"].sum() == high
    assert f"The top share became {high / 10:g} ({high} of 10 tiles" in said


def test_the_top_share_is_of_weights_where_these_are_given():
    events = crashes((50, 50), (150, 50), (160, 50), severity=[9.0, 1.0, 1.0])
    labelled = label_tiles(make_tiles(rows=1, cols=10), events, rule="top_share", threshold=0.1, weight="severity")
    assert labelled["label"].tolist() == [1] + [0] * 9


def test_tiles_without_label_have_no_part_in_the_top_share():
    events = events_per_tile(9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
    west = make_layer([shapely.box(*place(500, 100), *place(1000, 0))], "town")
    labelled = label_tiles(make_tiles(rows=1, cols=10), events, rule="top_share", threshold=0.4, study_area=west)
    assert missing_or(labelled["label"]) == [None] * 5 + [1, 1, 0, 0, 0]


numbers_of_events = st.lists(st.integers(0, 6), min_size=1, max_size=60).map(lambda v: np.array(v, dtype=float))
shares = st.floats(0.001, 0.999)


@given(values=numbers_of_events, one=shares, other=shares)
def test_a_larger_share_takes_no_fewer_tiles(values, one, other):
    small, large = (at_least(values, top_share_cut(values, share)) for share in sorted((one, other)))
    assert (large | ~small).all()
    assert not (large & (values == 0)).any()


@given(values=numbers_of_events, share=shares)
def test_no_other_cut_comes_closer_to_the_share(values, share):
    taken = at_least(values, top_share_cut(values, share)).sum()
    possible = [(values >= cut).sum() for cut in np.unique(values[values > 0])]
    closest = min((abs(number - share * values.size) for number in possible), default=0)
    assert abs(taken - share * values.size) <= closest + 1e-6 or not possible


@given(places=st.lists(st.tuples(st.integers(-20, 520), st.integers(-20, 420)), min_size=1, max_size=80))
def test_events_in_tiles_and_outside_are_all_events(places):
    """Coordinates are whole metres, so that many lie on edges and corners, which are at the hundreds."""
    tiles = make_tiles(rows=4, cols=5)
    events = crashes(*places)
    labelled, said = logged(tiles, events)
    outside = sum(not (0 <= x < 500 and 0 <= y < 400) for x, y in places)
    assert labelled["events"].sum() + outside == len(places)
    assert f"{len(places) - outside} of {counted(len(places), 'event')} of 'crashes' " in said
    assert labelled["label"].tolist() == (labelled["events"] >= 1).astype(int).tolist()


def test_events_per_exposure():
    tiles = make_tiles(rows=1).assign(vkm=[2.0, 4.0, 0.0, math.nan])
    labelled, said = logged(tiles, events_per_tile(1, 1, 1, 1), rule="per_exposure", threshold=0.5, exposure="vkm")
    assert labelled["events"].tolist() == [1, 1, 1, 1]
    assert missing_or(labelled["label"]) == [1, 0, None, None]
    assert "2 tiles have no 'vkm' above 0 and get no label." in said
    assert "1 of 4 tiles is labelled 1, 1 is labelled 0, 2 have no label." in said


def test_weighted_events_per_exposure_and_ten_tenths():
    tiles = make_tiles(rows=1).assign(vkm=[10.0, 1.0, -1.0, 1.0])
    events = crashes(*[(10, 10)] * 10, share=[0.1] * 10)
    labelled = label_tiles(tiles, events, rule="per_exposure", threshold=0.1, exposure="vkm", weight="share")
    assert missing_or(labelled["label"]) == [1, 0, None, 0]


def test_fields_that_play_no_part_are_named():
    tiles = make_tiles(rows=1).assign(vkm=1.0, metres=[0.0, 1.0, 2.0, 3.0])
    labelled, said = logged(tiles, events_per_tile(1), exposure="vkm", length="metres")
    assert "The field 'vkm' plays no part in this label" in said
    assert "The field 'metres' plays no part in this label" in said
    assert labelled["label"].tolist() == [1, 0, 0, 0]


def test_tiles_with_their_centre_outside_the_study_area_have_neither_events_nor_label():
    area = make_layer(
        [shapely.box(*place(-10, 100), *place(140, 0)), shapely.box(*place(260, 60), *place(360, 40))], "town"
    )
    labelled, said = logged(make_tiles(rows=1), events_per_tile(1, 1, 1, 0), study_area=area.to_crs(4326))
    assert missing_or(labelled["events"]) == [1, None, None, 0]
    assert missing_or(labelled["label"]) == [1, None, None, 0]
    assert str(labelled["label"].dtype) == "Int64"
    assert "2 of 4 tiles have their centre outside the study area" in said
    assert "2 of 3 events of 'crashes' lie in tiles outside the study area" in said
    assert "1 of 3 events of 'crashes' is counted" in said
    assert recipe_of(label_tiles(make_tiles(rows=1), events_per_tile(1), study_area=area)).label.study_area == "town"


def test_a_tile_that_is_bent_around_its_centroid_has_its_centre_in_itself():
    horseshoe = shapely.box(*place(0, 100), *place(100, 0)) - shapely.box(*place(10, 90), *place(90, -1))
    hole = make_layer([shapely.box(*place(20, 80), *place(80, 10))], "hole")
    around = make_layer([shapely.box(*place(0, 100), *place(100, 0))], "around")
    tiles = make_layer([horseshoe], "tiles")
    assert missing_or(label_tiles(tiles, crashes((5, 5)), study_area=around)["label"]) == [1]
    with pytest.raises(MMRiskError, match="No tile of 'tiles' has its centre in the study area 'hole'"):
        label_tiles(tiles, crashes((5, 5)), study_area=hole)


DATES = {
    "day": [datetime.date(2018, 12, 31), datetime.date(2019, 1, 1), datetime.date(2020, 2, 2), None],
    "moment": pd.to_datetime(["2018-12-31 23:59", "2019-01-01 00:00", "2020-02-02 12:00", None]),
    "local": pd.to_datetime(["2018-12-31 23:59", "2019-01-01 00:00", "2020-02-02 12:00", None]).tz_localize(
        "Etc/GMT+5"
    ),
    "text": ["2018-12-31", " 2019-01-01T00:30:00+02:00 ", "2020-02", "31.12.2018"],
    "year": [2018, 2019, 2020, None],
    "year_text": ["2018", "2019", "2020", ""],
    "real": [2018.0, 2019.0, 2020.0, 2020.5],
}


@pytest.mark.parametrize("dates", list(DATES.values()), ids=list(DATES))
@pytest.mark.parametrize("split", ["2019-01-01", "2019", 2019, datetime.date(2019, 1, 1), pd.Timestamp(2019, 1, 1)])
def test_events_are_split_by_time(dates, split):
    events = crashes((50, 50), (150, 50), (160, 50), (250, 50), when=dates)
    labelled, said = logged(make_tiles(rows=1), events, date_field="when", split_date=split)
    assert labelled["events"].tolist() == [1, 0, 0, 0]
    assert labelled["label"].tolist() == [1, 0, 0, 0]
    assert labelled["events_later"].tolist() == [0, 2, 0, 0]
    assert labelled["label_later"].tolist() == [0, 1, 0, 0]
    assert "1 of 4 events of 'crashes' has no date in 'when' that can be read" in said
    assert "3 of 4 events of 'crashes' are counted" in said
    assert "Events from 2019-01-01 on: 1 of 4 tiles is labelled 1" in said


@pytest.mark.parametrize("suffix", ["gpkg", "geojson", "shp", "csv"])
def test_dates_survive_files(tmp_path, suffix):
    events = crashes((50, 50), (150, 50), when=[datetime.date(2018, 12, 31), datetime.date(2019, 1, 1)])
    path = write_layer(events.to_crs(4326) if suffix == "geojson" else events, tmp_path / f"crashes.{suffix}")
    read = (
        read_geo_layer(LayerSource(path=str(path)))
        if suffix != "csv"
        else events.assign(when=pd.read_csv(path)["when"])
    )
    labelled = label_tiles(make_tiles(rows=1), read, date_field="when", split_date="2019")
    assert [labelled["events"].tolist(), labelled["events_later"].tolist()] == [[1, 0, 0, 0], [0, 1, 0, 0]]


def test_each_period_has_its_own_top_share():
    numbers = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    early, late = events_per_tile(*numbers).assign(year=2010), events_per_tile(*numbers[::-1]).assign(year=2020)
    events = gpd.GeoDataFrame(pd.concat([early, late], ignore_index=True), crs=UTM)
    options = {"rule": "top_share", "threshold": 0.2, "date_field": "year", "split_date": 2015}
    labelled = label_tiles(make_tiles(rows=1, cols=10), events, **options)
    assert labelled["label"].tolist() == [1, 1] + [0] * 8
    assert labelled["label_later"].tolist() == [0] * 8 + [1, 1]


def test_years_stand_for_all_their_days():
    first, last = read_days(pd.Series(["2020", "2020-02", "2020-02-03", "20", "0", None]))
    assert first.astype(str).tolist() == ["2020-01-01", "2020-02-01", "2020-02-03", "NaT", "NaT", "NaT"]
    assert last.astype(str).tolist() == ["2020-12-31", "2020-02-29", "2020-02-03", "NaT", "NaT", "NaT"]


def risky_tiles(side: int = 20, seed: int = 0):
    """Tiles whose exposure makes their events, overdispersed, and the events."""
    rng = np.random.default_rng(seed)
    tiles = make_tiles(rows=side, cols=side)
    aadt, metres = rng.uniform(500, 20_000, side * side), rng.uniform(50, 900, side * side)
    mean = 2e-6 * aadt * metres**0.8
    number = rng.negative_binomial(2, 1 / (1 + 0.5 * mean))
    centre = shapely.centroid(tiles.geometry.array)
    events = make_layer(list(np.repeat(centre, number)), "crashes", year=rng.integers(2010, 2020, number.sum()))
    return tiles.assign(aadt=aadt, metres=metres), events


def sites_of(labelled: gpd.GeoDataFrame) -> Sites:
    measures = {name: labelled[name].to_numpy() for name in ("aadt", "metres")}
    return Sites(labelled["events"].to_numpy(float), measures, "metres")


BY_LENGTH = {"overdispersion": "per_length", "length_exponent": "one"}


@pytest.mark.parametrize("how", [{}, BY_LENGTH], ids=["by default", "by length"])
@pytest.mark.parametrize("tile", [0, 210, 399])
def test_what_is_predicted_of_a_tile_has_not_seen_its_own_events(tile, how):
    tiles, events = risky_tiles()
    options = {"empirical_bayes": "label", "exposure": "aadt", "length": "metres", **how}
    before = label_tiles(tiles, events, **options)
    centre = shapely.centroid(tiles.geometry.iloc[tile])
    more = make_layer([*events.geometry, *[centre] * 40], "crashes")
    after = label_tiles(tiles, more, **options)
    assert after["events"].iloc[tile] == before["events"].iloc[tile] + 40
    assert after["events_predicted"].iloc[tile] == before["events_predicted"].iloc[tile]
    assert (after["events_predicted"] != before["events_predicted"]).mean() > 0.7
    assert after["events_expected"].iloc[tile] > before["events_expected"].iloc[tile]


def test_parts_are_compact_alike_in_size_and_in_several_places():
    tiles = make_tiles(rows=20, cols=20)
    usable = np.ones(400, dtype=bool)
    usable[::7] = False
    part = labels._parts(tiles.geometry, usable)
    assert (part[~usable] == -1).all()
    assert np.ptp(np.bincount(part[usable])) <= 4
    grid = part.reshape(20, 20)
    across = (grid[:, 1:] == grid[:, :-1])[(grid[:, 1:] >= 0) & (grid[:, :-1] >= 0)]
    assert across.mean() > 0.6
    for number in range(5):
        rows, columns = np.nonzero(grid == number)
        assert min(np.ptp(rows), np.ptp(columns)) >= 9


def test_events_of_one_corner_alone_are_told_in_a_sentence():
    tiles = make_tiles(rows=20, cols=20)
    corner = crashes(*[(100 * i + 50, 100 * j + 50) for i in range(4) for j in range(3)])
    with pytest.raises(MMRiskError, match=r"lie too close together .* only \d tiles with events are left"):
        label_tiles(tiles, corner, empirical_bayes="columns")


def test_overdispersion_per_length_and_a_length_exponent_of_one():
    tiles, events = risky_tiles(25)
    options = {"empirical_bayes": "columns", "exposure": "aadt", "length": "metres"}
    labelled, said = logged(tiles, events, **options, **BY_LENGTH)
    estimate, _ = cross_fitted_bayes(
        sites_of(labelled), labels._parts(tiles.geometry, np.ones(625, dtype=bool)), "per_length", "one"
    )
    assert labelled["events_expected"].tolist() == pytest.approx(estimate.expected.tolist())
    assert "* metres^1 events, with overdispersion" in said
    assert " / metres (fitted to 625 tiles" in said
    assert recipe_of(labelled).label.overdispersion == "per_length"
    assert recipe_of(labelled).label.length_exponent == "one"
    plain = label_tiles(tiles, events, **options)
    assert np.abs(plain["events_expected"] - labelled["events_expected"]).max() > 0.05
    for without in ({"length": None}, {"empirical_bayes": "none"}):
        for how in ({"overdispersion": "per_length"}, {"length_exponent": "one"}):
            with pytest.raises(MMRiskError, match=r"has the length of road\. Give both"):
                label_tiles(tiles, events, **{**options, **how, **without})
    with pytest.raises(MMRiskError, match="There is no overdispersion 'some'"):
        label_tiles(tiles, events, **options, overdispersion="some")


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ({}, ()),
        ({"rule": "top_share"}, ()),
        ({"empirical_bayes": "columns"}, ()),
        ({"empirical_bayes": "label"}, ("aadt", "metres")),
        ({"empirical_bayes": "label", "length_field": None}, ("aadt",)),
        ({"empirical_bayes": "label", "exposure_field": "metres"}, ("metres",)),
        ({"rule": "per_exposure"}, ("aadt",)),
        ({"rule": "per_exposure", "empirical_bayes": "columns"}, ("aadt",)),
        ({"rule": "per_exposure", "empirical_bayes": "label"}, ("aadt", "metres")),
    ],
)
def test_a_recipe_tells_which_fields_its_label_repeats(options, fields):
    step = LabelStep(**{"layer": "crashes", "exposure_field": "aadt", "length_field": "metres", **options})
    assert step.formula_fields == fields
    # The panel asks the recipe by itself.
    assert tuple(label_formula.formula_fields(step.model_dump())) == fields
    recipe = Recipe(label=step).model_dump_json()
    features = ["aadt", "metres", "other"]
    assert label_formula.fields_in_label(recipe, "label", features) == [name for name in features if name in fields]
    assert label_formula.fields_in_label(recipe, "other", features) == []


def test_the_panel_takes_a_recipe_as_it_comes():
    step = {"rule": "per_exposure", "exposure_field": "vehicle_kilometres"}
    recipe = json.dumps({"label": step})
    assert label_formula.fields_in_label(recipe, "label_late", ["vehicle_ki", "x"]) == ["vehicle_ki"]
    for damaged in (None, "", "{", "[]", "3", '{"label": 3}', '{"label": null}', '{"label": {"rule": []}}'):
        assert label_formula.fields_in_label(damaged, "label", ["x"]) == []


EVERY_OPTION = [
    {"rule": rule, "empirical_bayes": use, "exposure_field": exposure, "length_field": length}
    for rule in get_args(LabelRule)
    for use in get_args(EmpiricalBayesUse)
    for exposure in (None, "aadt")
    for length in (None, "metres", "aadt")
]


def test_engine_and_panel_know_the_same_of_every_label():
    for options in EVERY_OPTION:
        step = LabelStep(layer="crashes", **options)
        assert tuple(label_formula.formula_fields(step.model_dump())) == step.formula_fields, options


@pytest.mark.parametrize("use", ["columns", "label"])
def test_empirical_bayes_adds_what_the_safety_performance_function_says(use):
    tiles, events = risky_tiles()
    options = {"empirical_bayes": use, "exposure": "aadt", "length": "metres", "threshold": 2}
    labelled, said = logged(tiles, events, **options)
    sites = sites_of(labelled)
    estimate, _ = cross_fitted_bayes(sites, labels._parts(tiles.geometry, sites.usable))
    whole = empirical_bayes(fit_safety_performance(sites), sites)
    assert np.corrcoef(estimate.predicted, whole.predicted)[0, 1] > 0.98
    assert labelled["events_predicted"].tolist() == pytest.approx(estimate.predicted.tolist())
    assert labelled["events_expected"].tolist() == pytest.approx(estimate.expected.tolist())
    assert labelled["events_excess"].tolist() == pytest.approx((estimate.expected - estimate.predicted).tolist())
    by = labelled["events_expected" if use == "label" else "events"]
    assert labelled["label"].tolist() == (by >= 2).astype(int).tolist()
    assert "The safety performance function predicts exp(" in said
    assert "* aadt^" in said
    assert recipe_of(labelled).label.empirical_bayes == use


def test_expected_events_are_ranked_for_the_top_share():
    tiles, events = risky_tiles()
    labelled = label_tiles(
        tiles, events, rule="top_share", threshold=0.1, empirical_bayes="label", exposure="aadt", length="metres"
    )
    assert labelled["label"].sum() == 40
    ones = labelled["label"] == 1
    assert labelled.loc[ones, "events_expected"].min() > labelled.loc[~ones, "events_expected"].max()


def test_expected_events_of_both_periods():
    tiles, events = risky_tiles(25)
    options = {"empirical_bayes": "label", "exposure": "aadt", "length": "metres"}
    labelled = label_tiles(tiles, events, date_field="year", split_date=2015, **options)
    later = label_tiles(tiles, events[events["year"] >= 2015], **options)
    assert labelled["events_expected_later"].tolist() == pytest.approx(later["events_expected"].tolist())
    assert labelled["label_later"].tolist() == later["label"].tolist()
    assert set(labels.LABEL_COLUMNS) <= set(labelled)


def test_tiles_without_exposure_are_predicted_nothing():
    tiles, events = risky_tiles()
    tiles.loc[[0, 1], "aadt"] = [0, math.nan]
    columns, said = logged(tiles, events, empirical_bayes="columns", exposure="aadt")
    assert columns["events_predicted"].isna().sum() == columns["events_excess"].isna().sum() == 2
    assert columns["label"].notna().all()
    assert "2 tiles have no 'aadt' above 0, so no events are predicted there." in said
    labelled, said = logged(tiles, events, empirical_bayes="label", exposure="aadt")
    assert labelled["label"].isna().tolist() == [True, True] + [False] * 398
    assert "2 tiles have no 'aadt' above 0 and get no label." in said


def test_the_study_area_is_what_the_function_learns_from():
    tiles, events = risky_tiles()
    west = make_layer([shapely.box(*place(0, 2000), *place(1000, 0))], "west")
    part = label_tiles(tiles, events, empirical_bayes="columns", exposure="aadt", study_area=west)
    alone = label_tiles(tiles[tiles["col"] < 10], events, empirical_bayes="columns", exposure="aadt")
    assert part["events_expected"].dropna().tolist() == pytest.approx(alone["events_expected"].tolist())
    assert part["events_expected"].isna().sum() == 200


def test_what_a_function_is_worth_is_said():
    tiles = make_tiles(rows=4, cols=10).assign(same=7.0)
    _, said = logged(tiles, events_per_tile(*[2, 1] * 5), empirical_bayes="columns")
    assert "Neither exposure nor length is given" in said
    assert "at least 100 events for such a function; here are 15" in said
    even = crashes(*[(100 * i + 50, 100 * j + 50) for i in range(10) for j in range(4)])
    labelled, said = logged(tiles, even, empirical_bayes="columns", exposure="same")
    assert "'same' tells the tiles apart no better than the rest does and is left out." in said
    assert "no more than chance lets them (Poisson)" in said
    assert labelled["events_expected"].tolist() == pytest.approx([1.0] * 40)
    fewer = tiles.assign(aadt=np.where(np.arange(40) < 10, 1.0, np.linspace(2, 9, 40)))
    _, said = logged(fewer, events_per_tile(*[3, 2, 9] * 3, 1), empirical_bayes="columns", exposure="aadt")
    assert "Beware: the more 'aadt', the fewer events" in said


def test_labelling_anew_leaves_nothing_of_the_old_label():
    tiles, events = risky_tiles(25)
    old = label_tiles(tiles, events, empirical_bayes="label", exposure="aadt", date_field="year", split_date=2015)
    new = label_tiles(old, events)
    assert set(labels.LABEL_COLUMNS) & set(new) == {"events", "label"}
    own = tiles.assign(events_excess=1.0)
    assert label_tiles(own, events)["events_excess"].eq(1).all()


def test_a_recipe_of_an_older_version_is_read():
    old = {"label": {"layer": "crashes", "rule": "count", "threshold": 1, "weight_field": None, "exposure_field": None}}
    assert parse_recipe(json.dumps(old)).label == LabelStep(layer="crashes", rule="count", threshold=1)


def test_a_job_reads_events_part_by_part_and_reports(tmp_path, monkeypatch):
    monkeypatch.setattr(labels, "CHUNK", 7)
    tiles, events = risky_tiles()
    bad = crashes((-500, 0), (10, 10), year=[2012, None])
    events = gpd.GeoDataFrame(pd.concat([events, bad], ignore_index=True), crs=UTM)
    area = make_layer([shapely.box(*place(0, 2000), *place(1940, 0))], "town")
    files = {"tiles": tiles, "events": events, "study_area": area}
    sources = {name: str(write_layer(layer, tmp_path / f"{name}.gpkg")) for name, layer in files.items()}
    options = {"rule": "top_share", "threshold": 0.25, "date_field": "year", "split_date": "2015"}
    options |= {"empirical_bayes": "label", "exposure_field": "aadt", "length_field": "metres"}
    output = tmp_path / "labelled.gpkg"
    messages: list[str] = []
    job = make_job("label", {**sources, **options, "output": str(output)})
    result = job.run(Progress(log=messages.append))
    labelled = read_geo_layer(LayerSource(path=str(output)))
    assert (result["tiles_high"], result["tiles_low"], result["tiles_without_label"]) == (95, 285, 20)
    assert labelled["label"].sum() == 95
    used = labelled["events"].sum() + labelled["events_later"].sum()
    assert result["events_used"] == used
    assert any(f"{used:,.0f} of {len(events):,} events of 'events' are counted" in text for text in messages)
    assert any("1 of" in text and re.search("lies? in no tile", text) for text in messages)
    whole = label_tiles(
        tiles, events, rule="top_share", threshold=0.25, date_field="year", split_date=2015, study_area=area,
        empirical_bayes="label", exposure="aadt", length="metres",
    )  # fmt: skip
    for name in labels.LABEL_COLUMNS:
        assert labelled[name].to_numpy(float) == pytest.approx(
            whole[name].to_numpy(float, na_value=math.nan), nan_ok=True
        )
    step = recipe_of(labelled).label
    assert (step.study_area, step.split_date, step.length_field) == ("study_area", "2015", "metres")


def test_all_crashes_of_boston_inside_the_image_fall_in_exactly_one_tile(boston):
    with rasterio.open(boston / "imagery" / "boston_roslindale_mattapan.tif") as image:
        extent, crs = tuple(image.bounds), image.crs.to_wkt()
    events = read_geo_layer(LayerSource(path=str(boston / "vectors" / "boston.gpkg"), layer="crashes"))
    x, y = shapely.get_coordinates(events.to_crs(crs).geometry.array).T
    inside = (x >= extent[0]) & (x < extent[2]) & (y > extent[1]) & (y <= extent[3])
    assert inside.sum() == 270
    tiles = create_tiles(extent, 100, crs)
    for layout in (tiles, tiles.drop(columns=["row", "col"])):
        labelled, said = logged(layout, events[inside])
        assert labelled["events"].sum() == 270
        assert "270 of 270 events of 'crashes' are counted." in said
        assert "several" not in said
    later = label_tiles(tiles, events[inside], date_field="year", split_date=2016)
    assert later["events"].sum() + later["events_later"].sum() == 270
    assert later["events"].sum() == (events[inside]["year"] < 2016).sum()


POINTS = crashes(
    (10, 10), (20, 20), kind=["a", "b"], severity=[1.0, math.nan], minus=[1.0, -1.0], year=[2015, 2019],
    when=["01-Jan-2015", None], month=["2015-05", "2019-01"],
)  # fmt: skip


@pytest.mark.parametrize(
    ("events", "options", "words"),
    [
        (POINTS.iloc[:0], {}, "'crashes' is empty"),
        (make_layer([shapely.box(0, 0, 1, 1)], "crashes"), {}, "'crashes' must have points"),
        (pd.DataFrame({"x": [1]}), {}, "must have points"),
        (make_layer([shapely.Point(0, 0)], "crashes", crs=None), {}, "'crashes' has no coordinate reference system"),
        (POINTS, {"threshold": 0}, "threshold must be more than 0"),
        (POINTS, {"threshold": math.nan}, "threshold must be more than 0"),
        (POINTS, {"weight": "nothing"}, "'crashes' has no field 'nothing'"),
        (POINTS, {"weight": "kind"}, "'kind' of layer 'crashes' is not a number"),
        (POINTS, {"weight": "severity"}, "'severity' of layer 'crashes' is missing or negative for 1 event"),
        (POINTS, {"weight": "minus"}, "missing or negative for 1 event"),
        (POINTS, {"rule": "most"}, "no label rule 'most'. Use one of count, top_share, per_exposure"),
        (POINTS, {"rule": "top_share"}, "between 0 and 1, such as 0.1 for the top tenth; it is 1"),
        (POINTS, {"rule": "top_share", "threshold": 10}, "such as 0.1 for the top tenth; it is 10"),
        (POINTS, {"rule": "top_share", "threshold": 0}, "such as 0.1 for the top tenth; it is 0"),
        (POINTS, {"rule": "per_exposure"}, "needs a field of the tiles with their exposure"),
        (POINTS, {"rule": "per_exposure", "exposure": "aadt"}, "'tiles' have no field 'aadt' with their exposure"),
        (POINTS, {"rule": "per_exposure", "exposure": "zone"}, "'zone' of the tiles 'tiles' is not a number"),
        (POINTS, {"rule": "per_exposure", "exposure": "geometry"}, "'geometry' of the tiles 'tiles' is not a number"),
        (
            POINTS,
            {"rule": "per_exposure", "exposure": "none"},
            "'none' of the tiles 'tiles' is missing, zero or negative",
        ),
        (POINTS, {"length": "aadt"}, "'tiles' have no field 'aadt' with their length"),
        (POINTS, {"date_field": "year"}, "is a date field but no split date"),
        (POINTS, {"split_date": "2015"}, "is a split date but no date field"),
        (POINTS, {"date_field": "year", "split_date": "1.5.2015"}, "'1.5.2015' is no date. Give one such as"),
        (POINTS, {"date_field": "year", "split_date": "2015-13"}, "'2015-13' is no date"),
        (POINTS, {"date_field": "day", "split_date": "2015"}, "'crashes' has no field 'day' with the date"),
        (POINTS, {"date_field": "when", "split_date": "2015"}, "No date in the field 'when' .* such as '01-Jan-2015'"),
        (POINTS, {"date_field": "severity", "split_date": "2015"}, "No date in the field 'severity'"),
        (POINTS, {"date_field": "year", "split_date": "2015"}, "No event of 'crashes' is dated before 2015-01-01"),
        (
            POINTS,
            {"date_field": "year", "split_date": "2020"},
            "from 2020-01-01 on: the field 'year' runs from 2015-01-01",
        ),
        (POINTS, {"date_field": "year", "split_date": "2019-07"}, "only the year or month of 1 event, .* at 2019"),
        (POINTS, {"date_field": "month", "split_date": "2015-05-02"}, "only the year or month of 1 event"),
        (POINTS, {"study_area": POINTS}, "study area 'crashes' has no polygons"),
        (POINTS, {"study_area": make_layer([shapely.box(0, 0, 1, 1)], "sea")}, "No tile of 'tiles' .* area 'sea'"),
        (POINTS, {"empirical_bayes": "yes"}, "no use of empirical Bayes 'yes'. Use one of none, columns, label"),
        (POINTS, {"empirical_bayes": "columns", "weight": "year"}, "cannot go with the weight field 'year'"),
        (POINTS, {"empirical_bayes": "columns"}, "at least 10 tiles with events"),
    ],
)
def test_what_does_not_fit_is_named(events, options, words):
    with pytest.raises(MMRiskError, match=words):
        label_tiles(make_tiles(rows=1).assign(zone="a", none=[0.0, -1.0, math.nan, 0.0]), events, **options)


def test_exposure_outside_the_study_area_only_is_named():
    tiles = make_tiles(rows=1).assign(vkm=[0.0, 0.0, 1.0, 1.0])
    west = make_layer([shapely.box(*place(0, 100), *place(200, 0))], "west")
    with pytest.raises(
        MMRiskError, match="No tile of the study area 'west' has an exposure above 0 in the field 'vkm'"
    ):
        label_tiles(tiles, POINTS, rule="per_exposure", exposure="vkm", study_area=west)


def test_no_tiles_are_named():
    with pytest.raises(MMRiskError, match="'tiles' is empty"):
        label_tiles(make_tiles().iloc[:0], POINTS)
