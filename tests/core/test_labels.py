"""Events on the map become labels of tiles."""

from __future__ import annotations

import math

import pandas as pd
import pytest
import shapely
from factories import make_layer, make_tiles, place

from mmrisk_core import MMRiskError, Progress, label_tiles
from mmrisk_core.recipe import recipe_of


def crashes(*places: tuple[float, float], **columns):
    return make_layer([shapely.Point(place(*p)) for p in places], title="crashes", **columns)


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
    assert "1 of 2 events of 'crashes' lie in no tile" in messages[0]
    assert "1 of 4 tiles are labelled 1" in messages[1]


def test_one_label_for_all_is_said_but_no_error():
    messages = []
    labelled = label_tiles(make_tiles(rows=1), crashes((10, 10)), threshold=5, progress=Progress(log=messages.append))
    assert labelled["label"].tolist() == [0] * 4
    assert "All tiles are labelled 0" in messages[-1]


POINTS = crashes((10, 10), (20, 20), kind=["a", "b"], severity=[1.0, math.nan], minus=[1.0, -1.0])


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
        (POINTS, {"weight": "severity"}, "'severity' of layer 'crashes' is missing or negative for 1 events"),
        (POINTS, {"weight": "minus"}, "missing or negative for 1 events"),
        (POINTS, {"rule": "top_share"}, "not available"),
    ],
)
def test_what_does_not_fit_is_named(events, options, words):
    with pytest.raises(MMRiskError, match=words):
        label_tiles(make_tiles(rows=1), events, **options)


def test_no_tiles_are_named():
    with pytest.raises(MMRiskError, match="'tiles' is empty"):
        label_tiles(make_tiles().iloc[:0], POINTS)
