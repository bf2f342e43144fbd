"""What is not known of a tile never makes the model surer of it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from mmrisk_core import train_model
from mmrisk_core.bundle.trained_tiles import NOT_LEARNT_FROM
from mmrisk_core.compute.devices import choose_device
from mmrisk_core.imagery import RasterSource
from mmrisk_core.inference.batching import in_batches_of
from mmrisk_core.inference.ensemble_on_device import EnsembleOnDevice, EnsembleOutput
from mmrisk_core.inference.risk_columns import risk_columns
from mmrisk_core.samples.attribute_columns import read_attributes
from mmrisk_core.samples.image_batches import iterate_images
from tests.core.factories import QUICK, make_tiles

ARCHITECTURES = ("stacked", "concat", "gated", "film")
NAMES = ["road", "volume", "alike", "urban", "noise"]
NARROWER = 0.005
"""Of tiles: among thousands some are odd in a way that none of some forty donors is."""


def city(seed: int):
    """Tiles whose risk hangs on the first two attributes, of which the third tells the first in part."""
    rng = np.random.default_rng(seed)
    tiles = make_tiles(20, 20)
    x = rng.normal(size=(len(tiles), len(NAMES)))
    x[:, 1] = np.exp(x[:, 1])
    x[:, 2] = 0.7 * x[:, 0] + 0.7 * x[:, 2]
    x[:, 3] = rng.integers(0, 2, len(tiles))
    label = rng.random(len(tiles)) < 1 / (1 + np.exp(1 - x[:, 0] - 0.5 * x[:, 1]))
    return tiles.assign(label=label.astype(int), **dict(zip(NAMES, x.T, strict=True)))


def width(layer):
    return (layer["risk_high"] - layer["risk_low"]).to_numpy()


def width_in_logits(layer):
    low, high = (np.log(layer[name] / (1 - layer[name])).to_numpy() for name in ("risk_low", "risk_high"))
    return high - low


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("seed", [11, 12])
def test_hiding_attributes_never_narrows_an_interval(architecture, seed):
    model = train_model(city(seed), "label", NAMES, **{**QUICK, "architecture": architecture})
    for tiles in (city(seed), city(seed + 100).assign(geometry=make_tiles(20, 20).translate(1e5))):
        whole = model.predict(tiles, device="cpu")
        for hidden in [[name] for name in NAMES] + [NAMES[:2], NAMES[1:], NAMES]:
            less = model.predict(tiles.assign(**dict.fromkeys(hidden, np.nan)), device="cpu")
            for measure in (width, width_in_logits):
                assert (measure(less) < measure(whole) - 1e-9).mean() <= NARROWER, (hidden, measure)
            assert (less["risk_low"] <= less["risk"]).all()
            assert (less["risk"] <= less["risk_high"]).all()
        assert (less["in_domain"] == 0).all()
        assert (width(less) > 0.8).all()


def test_what_the_model_rests_on_must_be_known_and_what_it_does_not_need_not_be():
    model = train_model(city(3), "label", ["road", "noise"], **QUICK)
    inside = {
        name: model.predict(city(4).assign(**{name: np.nan}), device="cpu")["in_domain"].mean()
        for name in ("road", "noise")
    }
    assert inside["road"] < 0.05
    assert inside["noise"] > 0.9


def test_what_was_missing_in_training_too_is_known():
    """Where there is no road there is no volume: the model has learnt what that means."""
    tiles = city(5)
    without = tiles.assign(volume=tiles["volume"].where(tiles["col"] > 3))
    model = train_model(without, "label", ["road", "volume"], **QUICK)
    layer = model.predict(without, device="cpu")
    lacking = without["volume"].isna().to_numpy()
    assert width(layer)[lacking].mean() < 1.5 * width(layer)[~lacking].mean()
    assert layer["in_domain"].mean() > 0.9
    # But not without the road, too.
    hidden = model.predict(without.assign(road=np.nan), device="cpu")
    assert (width(hidden) >= width(layer) - 1e-9).mean() >= 1 - NARROWER


@pytest.mark.parametrize(
    ("architecture", "backbone"),
    [("stacked", "auto"), ("gated", "auto"), ("film", "auto"), ("concat", "basic_cnn")],
)
def test_hiding_images_never_narrows_an_interval(town, architecture, backbone):
    quick = {**QUICK, "epochs": 4, "architecture": architecture, "backbone": backbone}
    model = train_model(town.tiles, "label", ["roads_length", "chance"], [town.ortho], **quick)
    network = EnsembleOnDevice(model, choose_device("cpu"))
    sources = [RasterSource(path=str(town.ortho))]
    n = len(town.tiles)
    batch = next(in_batches_of(iterate_images(town.tiles, model.manifest.images, sources), lambda: n))
    tabular = read_attributes(town.tiles, ["roads_length", "chance"])[batch.rows]
    batch = dataclasses.replace(batch, rows=np.arange(n))
    blank = dataclasses.replace(batch, present=[torch.zeros(n, dtype=torch.bool)], coverage=np.zeros(n))

    def told(images, attributes):
        output = EnsembleOutput(n, len(model.members), np.full(n, NOT_LEARNT_FROM))
        network.predict_batch(images, attributes, output)
        return output, risk_columns(model.manifest, output)

    whole, columns = told(batch, tabular)
    nothing = torch.full_like(tabular, torch.nan)
    for images, attributes in ((blank, tabular), (batch, nothing), (blank, nothing)):
        less, of_less = told(images, attributes)
        narrower = less.high - less.low < whole.high - whole.low - 1e-9
        assert narrower.mean() <= NARROWER
        in_probability = of_less["risk_high"] - of_less["risk_low"] < columns["risk_high"] - columns["risk_low"] - 1e-9
        assert in_probability.mean() <= NARROWER
    assert np.isinf(less.unknown).all()
    assert not of_less["in_domain"].any()


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_values_far_beyond_the_training_are_outside(architecture):
    """However far: where values are clipped, or networks saturate, what is far away would look near."""
    tiles = city(6)
    model = train_model(tiles, "label", NAMES, **{**QUICK, "architecture": architecture})
    usual = city(7).iloc[:50]
    assert model.predict(usual, device="cpu")["in_domain"].mean() > 0.8
    for factor in (30, 1000, 1e6, 1e30):
        for sign in (-1, 1):
            layer = model.predict(usual.assign(road=sign * factor), device="cpu")
            assert (layer["in_domain"] == 0).all(), (factor, sign)
            assert layer["risk"].notna().all()
