"""Explanations follow a known truth, and are destroyed with the weights or the labels (Adebayo and others 2018)."""

import copy
import dataclasses

import numpy as np
import pandas as pd
import pytest
import rasterio
import torch

from mmrisk_core import train_model
from mmrisk_core.explanation.saliency import PATCHES, patch_effects
from tests.bench.shared.deletion_curves import Looked, areas
from tests.core.factories import make_town, write_raster

EFFECTS = {"traffic": 2.0, "lighting": -1.2, "speed": 0.7, "name": 0.0, "owner": 0.0, "age": 0.0}
OPTIONS = {"folds": 3, "validation": "none", "seed": 1, "device": "cpu"}
SIDE, PIXELS = 14, 32
SQUARE, STEP = 8, PIXELS // PATCHES
SEEING = {**OPTIONS, "image_pixels": PIXELS, "backbone": "rcf"}
COLOURS = (230, 220, 60), (20, 20, 20), (40, 70, 220), (220, 60, 60)
LOOKED_AT = 12


def with_shuffled_weights(model, seed):
    """The same model, the numbers in each of its trained tensors at other places."""
    members = copy.deepcopy(model.members)
    random = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in (parameter for member in members for parameter in member.parameters()):
            order = torch.randperm(parameter.numel(), generator=random)
            parameter.copy_(parameter.flatten()[order].view_as(parameter))
    return dataclasses.replace(model, members=members)


def alike(one, two):
    return np.corrcoef(np.ravel(one), np.ravel(two))[0, 1]


# --- attributes -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def table():
    random = np.random.default_rng(0)
    table = pd.DataFrame(random.normal(size=(500, len(EFFECTS))), columns=list(EFFECTS))
    risk = 1 / (1 + np.exp(-(table * EFFECTS).sum(axis=1)))
    return table.assign(label=(random.random(500) < risk).astype(int))


@pytest.fixture(scope="module")
def knowing(table):
    return train_model(table, "label", list(EFFECTS), epochs=10, **OPTIONS)


def effects_of(model, table):
    return model.explain(table, device="cpu")[[f"effect_{name}" for name in EFFECTS]].to_numpy()


@pytest.fixture(scope="module")
def true_effects(table, knowing):
    typical = {attribute.name: attribute.typical for attribute in knowing.manifest.attributes}
    return np.column_stack([EFFECTS[name] * (table[name] - typical[name]) for name in EFFECTS])


def test_effects_of_attributes_follow_the_truth(table, knowing, true_effects):
    effects = effects_of(knowing, table)
    assert alike(effects, true_effects) > 0.9
    strength = np.abs(effects).mean(axis=0)
    assert list(np.argsort(-strength)[:3]) == [0, 1, 2]
    same_first = np.abs(effects).argmax(axis=1) == np.abs(true_effects).argmax(axis=1)
    assert same_first.mean() > 0.75  # one of six at random is 0.17


@pytest.mark.slow
def test_shuffled_weights_destroy_the_effects_of_attributes(table, knowing, true_effects):
    real = effects_of(knowing, table)
    spoilt = [alike(effects_of(with_shuffled_weights(knowing, seed), table), real) for seed in range(8)]
    assert np.mean(np.abs(spoilt)) < 0.5


@pytest.mark.slow
def test_shuffled_labels_destroy_the_effects_of_attributes(table, knowing):
    real = effects_of(knowing, table)
    again = train_model(table, "label", list(EFFECTS), epochs=10, **{**OPTIONS, "seed": 2})
    shuffled = table.assign(label=np.random.default_rng(1).permutation(table["label"]))
    nonsense = effects_of(train_model(shuffled, "label", list(EFFECTS), epochs=10, **OPTIONS), table)
    # Of each tile one member speaks, and not always that of the same fold.
    assert alike(effects_of(again, table), real) > 0.9
    assert alike(nonsense, real) < 0.4
    assert np.abs(nonsense).mean() < 0.3 * np.abs(real).mean()


@pytest.mark.slow
def test_attributes_taken_away_or_put_back_by_their_effect_beat_any_order(table, knowing):
    found = areas(Looked(knowing, table).with_attributes, effects_of(knowing, table), len(EFFECTS))
    assert found.deletion < found.deletion_at_random - 0.7
    assert found.insertion > found.insertion_at_random + 0.7


# --- places in the picture --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def squares(tmp_path_factory):
    """Half of the tiles are high-risk and have a yellow square; all have three in other colours, which mean nothing."""
    folder = tmp_path_factory.mktemp("squares")
    random = np.random.default_rng(0)
    tiles = make_town(folder, side=SIDE).tiles
    tiles["label"] = (random.random(len(tiles)) < 0.5).astype(int)
    pixels = random.normal(110, 4, (3, SIDE * PIXELS, SIDE * PIXELS))
    cause = np.zeros((len(tiles), PATCHES, PATCHES), dtype=bool)
    for row, label in enumerate(tiles["label"]):
        corner = PIXELS * np.array(divmod(row, SIDE))
        for colour, quarter in zip(COLOURS, random.permutation(4), strict=True):
            place = np.array(divmod(quarter, 2)) * PIXELS // 2 + random.integers(0, 3, 2) * STEP
            if colour != COLOURS[0] or label:
                line, column = corner + place
                pixels[:, line : line + SQUARE, column : column + SQUARE] = np.array(colour)[:, None, None]
            if colour == COLOURS[0] and label:
                down, right = place // STEP
                cause[row, down : down + SQUARE // STEP, right : right + SQUARE // STEP] = True
    picture = write_raster(folder / "squares.tif", pixels.clip(1, 255).astype(np.uint8), pixel=100 / PIXELS)
    return tiles, picture, cause


@pytest.fixture(scope="module")
def seeing(squares):
    tiles, picture, _ = squares
    return train_model(tiles, "label", [], [picture], **SEEING)


def look(model, squares):
    """What the model looks at in some tiles with a cause, the saliency (n, PATCHES, PATCHES), and where the cause is."""
    tiles, picture, cause = squares
    some = with_cause(squares)
    looked = Looked(model, tiles.iloc[some], picture)
    return looked, patch_effects(looked.network, looked.batch, looked.tabular, looked.fold)[:, 0], cause[some]


def with_cause(squares):
    return np.flatnonzero(squares[2].any(axis=(1, 2)))[:LOOKED_AT]


def pointing(saliency, cause):
    """The share of tiles whose strongest patch is of the cause (Zhang and others 2018)."""
    strongest = saliency.reshape(len(saliency), -1).argmax(axis=1)
    return cause.reshape(len(cause), -1)[np.arange(len(cause)), strongest].mean()


@pytest.mark.slow
def test_saliency_points_at_the_cause_and_not_at_what_only_stands_out(squares, seeing):
    _, saliency, cause = look(seeing, squares)
    assert pointing(saliency, cause) > 0.9  # a patch at random: 0.06, one of the four squares: 0.25
    assert alike(saliency, cause) > 0.6


@pytest.mark.slow
def test_the_raster_has_the_saliency_where_it_belongs(squares, seeing, tmp_path):
    tiles, picture, _ = squares
    some = tiles.iloc[with_cause(squares)]
    seeing.explain(some, [picture], saliency=tmp_path / "s.tif", device="cpu")
    _, saliency, _ = look(seeing, squares)
    with rasterio.open(tmp_path / "s.tif") as raster:
        cells = [raster.read(1, window=raster.window(*bounds)) for bounds in some.bounds.to_numpy()]
    assert np.stack(cells) == pytest.approx(saliency, abs=1e-5)


@pytest.mark.slow
def test_shuffled_weights_and_labels_destroy_saliency(squares, seeing):
    tiles, picture, _ = squares
    _, real, cause = look(seeing, squares)
    again = look(train_model(tiles, "label", [], [picture], **{**SEEING, "seed": 2}), squares)[1]
    spoilt = [look(with_shuffled_weights(seeing, seed), squares)[1] for seed in range(8)]
    shuffled = tiles.assign(label=np.random.default_rng(1).permutation(tiles["label"]))
    _, nonsense, _ = look(train_model(shuffled, "label", [], [picture], **SEEING), squares)
    assert alike(again, real) > 0.95
    assert np.mean([alike(one, real) for one in spoilt]) < 0.5
    assert np.mean([pointing(one, cause) for one in spoilt]) < 0.6
    assert np.abs(nonsense).mean() < 0.1 * np.abs(real).mean()
    assert pointing(nonsense, cause) < 0.6


@pytest.mark.slow
def test_patches_taken_away_or_put_back_by_their_effect_beat_any_order(squares, seeing):
    looked, saliency, _ = look(seeing, squares)
    found = areas(looked.with_patches, saliency.reshape(len(saliency), -1), 8)
    assert found.deletion < found.deletion_at_random - 2
    assert found.insertion > found.insertion_at_random + 2
