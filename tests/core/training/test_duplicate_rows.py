"""Rows that are copies of each other, and rows that agree for good reasons."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mmrisk_core import Progress, train_model
from mmrisk_core.training.duplicate_rows import groups_of_equal_rows
from tests.core.factories import QUICK

N = 120
RNG = np.random.default_rng(0)
LENGTH, AREA = RNG.random((2, N)) * 150
COUNT = RNG.poisson(2, N).astype(float)
ZONE = np.arange(N) // 12


def copied(*columns, rows=((3, 90),)):
    """The table of the columns, in which the second row of each pair is the first."""
    table = np.stack(columns, axis=1)
    for one, other in rows:
        table[other] = table[one]
    return table


def pairs(table):
    group = groups_of_equal_rows(table)
    return {tuple(np.flatnonzero(group == number).tolist()) for number in set(group.tolist()) - {-1}}


@pytest.mark.parametrize(
    "table",
    [
        copied(LENGTH, AREA, COUNT),
        copied(LENGTH, AREA),
        copied(
            np.where(COUNT > 2, LENGTH, 0.0), np.where(COUNT > 1, AREA, 0.0), COUNT, rows=((int(COUNT.argmax()), 90),)
        ),
        copied(LENGTH, AREA, np.where(np.arange(N) < 9, math.nan, COUNT)),
        copied(LENGTH, AREA, np.full(N, 5.0), np.full(N, math.nan)),
    ],
    ids=["with counts", "numbers alone", "many zeros", "a gap", "columns that say nothing"],
)
def test_a_copied_row_is_found(table):
    found = pairs(table)
    assert len(found) == 1
    assert 90 in next(iter(found))


def test_every_copy_is_found_and_a_table_that_was_appended_to_itself():
    assert pairs(copied(LENGTH, AREA, rows=((3, 90), (3, 91), (5, 70)))) == {(3, 90, 91), (5, 70)}
    table = np.stack([LENGTH, AREA, COUNT], axis=1)
    assert pairs(np.concatenate([table, table])) == {(i, i + N) for i in range(N)}


@pytest.mark.parametrize(
    "table",
    [
        np.zeros((N, 0)),
        np.stack([COUNT, RNG.poisson(3, N), RNG.integers(0, 2, N)], axis=1),
        np.stack([LENGTH, AREA, COUNT], axis=1) * (COUNT > 2)[:, None],
        np.where(np.arange(N)[:, None] < 2, 0.0, np.stack([LENGTH, AREA], axis=1)),
        np.where(COUNT[:, None] > 2, np.stack([LENGTH, AREA], axis=1), -9999.0),
        RNG.normal(size=(10, 4))[ZONE],
        copied(LENGTH, COUNT, RNG.normal(size=10)[ZONE]),
        copied(LENGTH, AREA, COUNT, np.arange(float(N)), rows=()),
        np.where(COUNT[:, None] > 2, np.stack([LENGTH, AREA], axis=1), math.nan),
        np.stack([np.minimum(LENGTH, 60.0), np.minimum(AREA, 60.0), COUNT], axis=1),
    ],
    ids=[
        "nothing",
        "counts",
        "nothing there",
        "nothing in two",
        "unknown",
        "one zone",
        "one number agrees",
        "all differ",
        "all missing",
        "whole tiles",
    ],
)
def test_what_agrees_for_a_good_reason_is_no_copy(table):
    assert pairs(table) == set()


@pytest.mark.slow
def test_copied_rows_are_named_and_kept_in_one_fold(town):
    tiles = town.tiles.assign(other=np.random.default_rng(4).random(len(town.tiles)))
    features = ["roads_length", "chance", "other"]
    tiles.loc[[250, 251], features] = tiles.loc[[0, 1], features].to_numpy()
    said = []
    options = {**QUICK, "epochs": 1, "block_size": 200.0}
    model = train_model(tiles, "label", features, [], **options, progress=Progress(log=said.append))
    found = [sentence for sentence in said if "exactly the same attributes" in sentence]
    assert len(found) == 1
    assert found[0].startswith(
        "Beware: 4 tiles have exactly the same attributes as a tile in another block (such as tile "
    )
    assert "tile 0 and tile 250" in found[0]
    assert "They are kept in the same fold" in found[0]
    assert (model.evidence.fold[[0, 1]] == model.evidence.fold[[250, 251]]).all()
    said.clear()
    train_model(town.tiles, "label", ["roads_length", "chance"], [], **options, progress=Progress(log=said.append))
    assert not any("exactly the same" in sentence for sentence in said)
