"""Finished shards on the disk: what was damaged, is of something else, or cannot be, is not used."""

from __future__ import annotations

import numpy as np
import pytest
from safetensors.numpy import save

from mmrisk_core import MMRiskError
from mmrisk_core.files import sealed
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.inference import tile_slices
from mmrisk_core.prediction import plan_prediction, predict_shard
from mmrisk_core.prediction.shard_store import SEVERAL_PARTS, ShardStore


@pytest.fixture
def plan(town, table_model, tmp_path_factory, monkeypatch):
    """A prediction of three shards."""
    monkeypatch.setattr(tile_slices, "SLICE_TILES", 100)
    folder = tmp_path_factory.mktemp("plan")
    tiles = LayerSource(path=str(write_layer(town.tiles, folder / "tiles.gpkg")))
    made = plan_prediction(table_model.save(folder / "model.safetensors"), tiles, device="cpu")
    assert made.shards == 3
    return made


def impossible(figures):
    """Figures that no prediction gives."""
    yield {**figures, "risk": figures["risk"] + 6}
    yield {**figures, "risk": np.full_like(figures["risk"], np.nan)}
    yield {**figures, "risk_low": figures["risk_high"], "risk_high": figures["risk_low"]}
    yield {**figures, "risk_class": figures["risk_class"] + 5}
    yield {**figures, "in_domain": figures["in_domain"] + 2}
    yield {**figures, "coverage": figures["coverage"] - 3}
    yield {**figures, "risk": figures["risk"].astype(np.float32)}
    yield {name: values[:-1] for name, values in figures.items()}
    yield {name: values for name, values in figures.items() if name != "image_effect"}
    yield {name: values for name, values in figures.items() if name != SEVERAL_PARTS}


def test_figures_that_no_prediction_gives_are_neither_kept_nor_used(plan, tmp_path):
    figures = predict_shard(plan, 1)
    store = ShardStore(tmp_path, plan, print)
    store.save(1, figures)
    assert store.is_known(1)
    for broken in impossible(figures):
        with pytest.raises(MMRiskError, match="The figures of part 2 of 3 came out broken"):
            store.save(1, broken)
        (tmp_path / "1.shard").write_bytes(sealed(save(broken), store._about("1.shard")))
        assert not store.is_known(1)
    with pytest.raises(MMRiskError, match="was damaged meanwhile"):
        store.load(1)


def test_a_shard_in_which_a_bit_is_another_is_computed_again(plan, tmp_path):
    store = ShardStore(tmp_path, plan, print)
    store.keep_precision("float32")
    store.save(0, predict_shard(plan, 0))
    kept = tmp_path / "0.shard"
    whole = kept.read_bytes()
    for bit in np.random.default_rng(0).integers(0, 8 * len(whole), 200).tolist():
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << (bit % 8)
        kept.write_bytes(flipped)
        assert not store.is_known(0)
    kept.write_bytes(whole)
    assert store.is_known(0)
    # Nor is a shard that belongs to another part, to another prediction or to another precision.
    (tmp_path / "1.shard").write_bytes(whole)
    assert not store.is_known(1)
    assert not ShardStore(tmp_path, plan.model_copy(update={"key": "another"}), print).is_known(0)
    assert ShardStore(tmp_path, plan, print).is_known(0)
    store.keep_precision("bfloat16")
    assert not ShardStore(tmp_path, plan, print).is_known(0)
