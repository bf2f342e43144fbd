"""Spatial folds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmrisk_core import MMRiskError
from mmrisk_core.evaluation.spatial_folds import (
    assign_folds,
    default_block_size,
    independent_blocks,
    join_blocks,
    random_blocks,
    spatial_blocks,
)


def centres(rows: int, cols: int, size: float = 100.0) -> np.ndarray:
    y, x = np.indices((rows, cols)).reshape(2, -1)
    return np.stack([x, y], axis=1) * size + 330_050.0


@given(st.integers(4, 40), st.integers(4, 40), st.sampled_from([150.0, 492.126, 33.3]), st.integers(2, 8))
def test_blocks_are_whole_tiles_of_equal_number(rows, cols, size, width):
    block = spatial_blocks(centres(rows, cols, size), width * size).reshape(rows, cols)
    expected_rows, expected_cols = np.arange(rows) // width, np.arange(cols) // width
    expected = expected_rows[:, None] * 1000 + expected_cols
    assert len(np.unique(block)) == len(np.unique(expected))
    assert len(set(zip(block.ravel().tolist(), expected.ravel().tolist(), strict=True))) == len(np.unique(expected))


def mixed(points: np.ndarray) -> np.ndarray:
    """Every third tile is a 1."""
    return (np.arange(len(points)) % 3 == 0).astype(float)


@given(
    st.integers(3, 60),
    st.integers(3, 60),
    st.integers(2, 10),
    st.sampled_from([1.0, 1.5, 2.4, 3.0, 7.0]),
    st.floats(0, 20_000),
)
def test_the_default_block_is_whole_tiles_and_never_under_the_widest_window(rows, cols, folds, context, reach):
    size, points = 150.0, centres(rows, cols, 150.0)
    side = default_block_size(points, mixed(points), size, folds, context * size, reach)
    assert side / size == round(side / size)
    assert side >= max(context * size, 2 * size)


def test_the_default_block_is_as_wide_as_tiles_are_alike_where_there_is_room():
    points = centres(60, 60)
    assert default_block_size(points, mixed(points), 100, 5, 100, 420) == 500
    assert default_block_size(points, mixed(points), 100, 5, 700, 420) == 700
    wide = default_block_size(points, mixed(points), 100, 5, 100, 9_000)
    assert len(np.unique(spatial_blocks(points, wide))) >= 3 * 5
    assert wide < 9_000


def test_scattered_tiles_have_blocks_as_wide_as_those_that_touch():
    """Blocks are counted where there are tiles, not by how many tiles would fill them."""
    points = centres(300, 300)
    some = np.random.default_rng(0).permutation(len(points))[:1000]
    sizes = [default_block_size(p, mixed(p), 100, 5, 100, 1800) for p in (points, points[some])]
    assert sizes == [1800, 1800]


def test_rare_ones_are_in_blocks_enough():
    points = centres(60, 60)
    label = np.zeros(3600)
    label[np.random.default_rng(0).permutation(3600)[:24]] = 1
    size = default_block_size(points, label, 100, 5, 100, 9_000)
    block = spatial_blocks(points, size)
    assert len(np.unique(block[label == 1])) >= 10
    assert assign_folds(block, label, 5, 0).max() == 4


def test_blocks_for_intervals_are_wider_than_tiles_are_alike():
    points = centres(60, 60)
    block = spatial_blocks(points, 1000)
    assert independent_blocks(points, block, 1000, 600).tolist() == block.tolist()
    assert len(np.unique(independent_blocks(points, block, 1000, 1000))) == 16


def test_blocks_with_the_same_picture_become_one():
    block = np.array([0, 0, 1, 1, 2, 2, 3, 3])
    group = np.array([-1, 7, -1, 7, -1, -1, 9, 9])
    joined = join_blocks(block, group)
    assert joined.tolist() == [0, 0, 0, 0, 1, 1, 2, 2]
    assert join_blocks(block, np.full(8, -1)).tolist() == block.tolist()


@given(st.integers(0, 1000))
def test_joined_blocks_keep_groups_and_blocks_together(seed):
    rng = np.random.default_rng(seed)
    block, group = rng.integers(0, 12, 60), rng.integers(-30, 6, 60)
    joined = join_blocks(block, group)
    for part in (block, np.where(group >= 0, group, np.arange(60) + 100)):
        assert all(len(np.unique(joined[part == name])) == 1 for name in np.unique(part))


@given(st.integers(0, 1000), st.integers(2, 5))
def test_a_block_is_in_one_fold_and_folds_are_alike(seed, folds):
    rng = np.random.default_rng(seed)
    block = spatial_blocks(centres(20, 20), 300)
    label = (rng.random(400) < 0.3).astype(float)
    fold = assign_folds(block, label, folds, seed)
    assert all(len(np.unique(fold[block == b])) == 1 for b in np.unique(block))
    ones = np.bincount(fold, weights=label, minlength=folds)
    tiles = np.bincount(fold, minlength=folds)
    assert ones.max() - ones.min() <= 9
    assert tiles.max() - tiles.min() <= 0.25 * 400 / folds
    assert (assign_folds(block, label, folds, seed) == fold).all()


def test_rare_labels_are_in_every_fold():
    block = spatial_blocks(centres(20, 20), 200)
    label = np.zeros(400)
    label[[0, 60, 199, 333, 399]] = 1
    fold = assign_folds(block, label, 5, 0)
    assert sorted(fold[label == 1]) == [0, 1, 2, 3, 4]


def test_another_seed_gives_other_folds():
    block, label = random_blocks(400), np.tile([0.0, 1.0], 200)
    assert (assign_folds(block, label, 5, 0) != assign_folds(block, label, 5, 1)).any()


@pytest.mark.parametrize(
    ("block", "label", "words"),
    [
        (np.zeros(40, dtype=int), np.tile([0.0, 1.0], 20), "only 1 spatial block, too few for 5 folds"),
        (np.arange(40) // 4, np.r_[np.ones(3), np.zeros(37)], "has no tile labelled 1"),
        (np.arange(40) // 4, np.r_[np.zeros(3), np.ones(37)], "has no tile labelled 0"),
    ],
)
def test_what_cannot_be_split_is_said(block, label, words):
    with pytest.raises(MMRiskError, match=words):
        assign_folds(block, label, 5, 0)
