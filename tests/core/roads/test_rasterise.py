"""Lines as masks, loss and scores, held against what can be counted by hand."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import torch
from rasterio.transform import from_origin

from mmrisk_core import MMRiskError
from mmrisk_core.roads.blank_areas import blank_areas
from mmrisk_core.roads.extract import SIDE, WEIGHT, _starts
from mmrisk_core.roads.loss import UNKNOWN, road_loss, without_edges
from mmrisk_core.roads.raster_grid import PixelGrid
from mmrisk_core.roads.rasterise import class_widths_in, rasterised_roads
from mmrisk_core.roads.scores import count
from tests.core.factories import LEFT, TOP, UTM, line, make_layer

GRID = PixelGrid(pyproj.CRS(UTM), from_origin(LEFT, TOP, 1.0, 1.0), 100, 100, 1.0)


def test_a_road_is_as_wide_as_it_is():
    roads = make_layer([line((-20, 30), (120, 30)), line((-20, 70), (120, 70))], wide=[4.0, np.nan])
    label = rasterised_roads(roads, GRID, 8.0, "wide").burn(0, 0, 100, 100)
    assert (np.flatnonzero(label[:, 50] == 1) == [*range(28, 32), *range(66, 74)]).all()
    assert (label[:, :1] == label).all()


def test_a_class_has_a_width():
    roads = make_layer([line((-20, y), (120, y)) for y in (20, 50, 80)], kind=["motorway", "street", None])
    widths = class_widths_in("motorway = 10, street=4")
    label = rasterised_roads(roads, GRID, 2.0, "kind", widths).burn(0, 0, 100, 100)
    assert (np.flatnonzero(label[:, 50] == 1) == [*range(15, 25), *range(48, 52), *range(79, 81)]).all()


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("kind", "motorway", "'motorway' cannot be read"),
        ("kind", "=4", "'=4' cannot be read"),
        ("kind", "street=-4", "'street=-4' cannot be read"),
        ("kind", "Street=4", "No road of the layer 'things' has one of the classes Street .* It has street"),
        (None, "street=4", "no field with the class"),
        ("kind", "", "give the width of each in CLASS_WIDTHS"),
    ],
)
def test_widths_by_class_that_cannot_be_are_named(field, text, words):
    roads = make_layer([line((0, 20), (90, 20))], kind=["street"])
    with pytest.raises(MMRiskError, match=words):
        rasterised_roads(roads, GRID, 2.0, field, class_widths_in(text))


def test_windows_hold_what_the_whole_holds():
    burnt = rasterised_roads(make_layer([line((3, 5), (90, 77))]), GRID, 6.0)
    whole = burnt.burn(0, 0, 100, 100)
    assert (burnt.burn(20, 30, 40, 50) == whole[20:60, 30:80]).all()


def test_roads_in_another_crs_lie_in_the_same_place():
    roads = make_layer([line((10, 50), (90, 50))])
    here, there = (rasterised_roads(r, GRID, 6.0).burn(0, 0, 100, 100) for r in (roads, roads.to_crs(4326)))
    assert (here == there).mean() > 0.999


def test_nothing_is_known_far_from_the_road_layer():
    label = rasterised_roads(make_layer([line((0, 10), (100, 10))]), GRID, 4.0).burn(0, 0, 100, 100)
    assert (label[:60] != UNKNOWN).all()
    assert (label[60:] == UNKNOWN).all()


def test_edges_are_not_learnt_from_but_narrow_roads_are():
    label = np.zeros((20, 20), dtype=np.uint8)
    label[5:10] = 1
    label[15] = 1
    assert without_edges(label, 1)[:, 10].tolist() == [
        0, 0, 0, 0, 255, 255, 1, 1, 1, 255, 255, 0, 0, 0, 255, 1, 255, 0, 0, 0
    ]  # fmt: skip
    assert (without_edges(label, 0) == label).all()


def test_the_loss_ignores_what_is_unknown():
    logits, label = torch.randn(2, 8, 8), torch.zeros(2, 8, 8, dtype=torch.uint8)
    label[:, :3], label[:, 6:] = 1, UNKNOWN
    other = logits.clone()
    other[:, 6:] = 50
    assert torch.equal(road_loss(logits, label), road_loss(other, label))
    right = torch.where(label == 1, 9.0, -9.0)
    assert float(road_loss(right, label)) < 0.01 < float(road_loss(-right, label))
    assert float(road_loss(logits, torch.full_like(label, UNKNOWN))) == pytest.approx(0, abs=1e-6)


def test_relaxed_scores_allow_for_three_pixels():
    truth, predicted = np.zeros((2, 20, 20), dtype=bool)
    truth[10], predicted[13] = True, True
    known = np.ones_like(truth)
    counts = count(predicted, truth, known)
    assert (counts.iou, counts.precision, counts.recall, counts.f1) == (0, 1, 1, 1)
    assert count(np.roll(predicted, 1, axis=0), truth, known).f1 == 0
    known[:, 10:] = False
    assert (counts + count(predicted, truth, known)).true == 30


def test_large_white_areas_are_blank_and_roofs_are_not():
    pixels = np.full((3, 80, 80), 90, dtype=np.uint8)
    pixels[:, 30:60, 30:60] = 255
    pixels[:, 5:15, 30:40] = 255
    blank = blank_areas(pixels)
    assert blank[30:60, 30:60].all()
    assert blank.sum() == 900


@pytest.mark.parametrize("first", [0, 17, 4690000])
def test_weights_of_windows_add_up_to_one(first):
    total = np.zeros(1000, dtype=np.float32)
    across = WEIGHT[SIDE // 2]
    for start in _starts(first, 1000):
        left, right = max(start, 0), min(start + SIDE, 1000)
        total[left:right] += across[left - start : right - start]
    assert total == pytest.approx(np.ones(1000), abs=1e-6)
