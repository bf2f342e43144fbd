"""The weights of the heads, by blocks of tiles that say much the same."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from mmrisk_core.evaluation.stacking import _chances_to_be_best, weigh_heads

RNG = np.random.default_rng(0)
TRUTH = RNG.normal(0, 1.5, 6000)
LABEL = (RNG.random(6000) < expit(TRUTH)).astype(float)
BLOCK = np.arange(6000)


def test_a_modality_that_adds_nothing_hardly_counts():
    noise = RNG.normal(0, 1.0, 150)
    logits = np.stack([TRUTH[:150], noise, 0.8 * TRUTH[:150] + 0.3 * noise], axis=1)
    weights, _ = weigh_heads(logits, LABEL[:150], ["attributes", "image", "joint"], BLOCK[:150])
    assert weights[0] > 0.5
    assert weights[1] < 0.05
    turned, _ = weigh_heads(logits[:, [1, 0, 2]], LABEL[:150], ["image", "attributes", "joint"], BLOCK[:150])
    assert turned[[1, 0, 2]] == pytest.approx(weights, rel=1e-3, abs=1e-4)


def test_two_modalities_that_know_different_things_both_stay():
    other = RNG.normal(0, 1.5, 6000)
    label = (RNG.random(6000) < expit(TRUTH + other)).astype(float)
    weights, _ = weigh_heads(np.stack([TRUTH, other], axis=1), label, ["attributes", "image"], BLOCK)
    assert weights == pytest.approx([1, 1], abs=0.15)


def test_a_modality_that_ranks_no_better_than_chance_has_no_part_in_it():
    noise = RNG.normal(0, 1.0, 150)
    noise -= 0.3 * LABEL[:150]
    logits = np.stack([TRUTH[:150], noise, TRUTH[:150] + 2 * noise], axis=1)
    weights, _ = weigh_heads(logits, LABEL[:150], ["attributes", "image", "joint"], BLOCK[:150])
    assert weights[0] > 0.5
    assert weights[1] == weights[2] == 0
    only_noise, _ = weigh_heads(logits[:, 1:], LABEL[:150], ["image", "joint"], BLOCK[:150])
    assert only_noise[0] > 0


def clustered(seed, blocks=24, tiles=20):
    """Labels that lie in patches, and noise that does: one value a block, and a little of each tile."""
    rng = np.random.default_rng(seed)
    block = np.repeat(np.arange(blocks), tiles)
    label = (rng.random(len(block)) < expit(rng.normal(0, 1.5, blocks))[block]).astype(float)
    noise = rng.normal(size=blocks)[block] + 0.1 * rng.normal(size=len(block))
    return label, noise, block


def test_noise_in_patches_is_no_better_than_chance_more_often_than_noise_of_each_tile():
    """One standard error is passed by chance in 16 of 100 cases, whether or not tiles of a block are alike."""
    passed = {"blocks": 0, "tiles": 0}
    for seed in range(300):
        label, noise, block = clustered(1000 + seed)
        known = label * 2 - 1 + np.random.default_rng(seed).normal(0, 1.5, len(label))
        logits = np.stack([known, noise], axis=1)
        for name, of_tile in {"blocks": block, "tiles": np.arange(len(block))}.items():
            passed[name] += weigh_heads(logits, label, ["attributes", "image"], of_tile)[0][1] > 0
    assert passed["tiles"] > 0.3 * 300
    assert passed["blocks"] < 0.22 * 300


def test_one_block_does_not_decide_which_model_is_best():
    """The first has the smaller loss, but only for what one block of 24 says: it is the best if that is drawn."""
    gain = np.full(480, -0.012)
    gain[:20] = 0.4
    losses = np.stack([-gain, np.zeros(480)])
    likely = {n: _chances_to_be_best(losses, np.arange(480) // (480 // n))[0] for n in (24, 480)}
    assert likely[480] > 0.8
    assert likely[24] == pytest.approx(0.5, abs=0.1)


def test_where_every_tile_is_a_block_their_numbers_do_not_matter():
    logits = np.stack([TRUTH[:150], TRUTH[:150] + RNG.normal(size=150)], axis=1)
    one = weigh_heads(logits, LABEL[:150], ["attributes", "image"], BLOCK[:150])
    other = weigh_heads(logits, LABEL[:150], ["attributes", "image"], 7 * BLOCK[:150] + 3)
    assert other[0].tolist() == one[0].tolist()
