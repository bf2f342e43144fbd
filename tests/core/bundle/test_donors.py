"""Donors: what a model has learnt to do without, and what stands in for the rest."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mmrisk_core import MMRiskError, RiskModel, train_model
from mmrisk_core.bundle.donors import MAX_DONORS, Donors
from mmrisk_core.training.donors import MIN_SHARE, _known_patterns
from tests.core.factories import QUICK, rewrite


def missing_of(*patterns: tuple[str, int]) -> np.ndarray:
    """So many tiles that lack the inputs that are 1, as in ("011", 5)."""
    return np.array([[letter == "1" for letter in text] for text, count in patterns for _ in range(count)])


def known_of(missing: np.ndarray) -> set[str]:
    return {"".join("01"[int(lacks)] for lacks in pattern) for pattern in _known_patterns(missing)}


@pytest.mark.parametrize(
    ("patterns", "known"),
    [
        ([("000", 100)], set()),
        ([("000", 95), ("100", 5)], {"100"}),
        ([("000", 96), ("100", 4)], set()),
        ([("000", 990), ("100", 9)], set()),
        ([("000", 990), ("100", 10)], {"100"}),
        # Together and alone: what is known of all is known of a part.
        ([("000", 90), ("110", 5), ("100", 5)], {"110"}),
        # Each pattern is rare, and what they share is not.
        ([("000", 90), ("110", 4), ("101", 4)], {"100"}),
        ([("000", 80), ("110", 10), ("001", 10)], {"110", "001"}),
    ],
)
def test_what_so_many_tiles_lack_together_is_known(patterns, known):
    assert known_of(missing_of(*patterns)) == known


def test_what_is_not_known_is_filled_and_what_is_known_stays():
    donors = Donors(torch.zeros(1, 3), torch.zeros(1, 1, 0), torch.tensor([[True, True, False], [False, False, True]]))
    asked = missing_of(("000", 1), ("100", 1), ("110", 1), ("001", 1), ("101", 1), ("111", 1))
    unknown = ["".join("01"[int(u)] for u in row) for row in donors.unknown(asked)]
    assert unknown == ["000", "000", "000", "000", "001", "001"]


def test_many_patterns_are_no_more_than_a_few():
    rng = np.random.default_rng(0)
    patterns = _known_patterns(rng.random((5000, 12)) < 0.3)
    assert 0 < len(patterns) <= 64
    inside = (patterns[:, None] & ~patterns[None]).any(axis=2)
    assert inside[~np.eye(len(patterns), dtype=bool)].all()
    assert MIN_SHARE == 0.01


def test_donors_come_back_as_they_were_with_their_gaps(town, tmp_path):
    gaps = town.tiles.assign(road=town.tiles["roads_length"].where(town.tiles["col"] > 2))
    model = train_model(gaps, "label", ["road", "chance"], [town.ortho], **QUICK)
    assert model.donors.known.tolist() == [[True, False, False]]
    assert torch.isnan(model.donors.tabular[:, 0]).any()
    assert len(model.donors.tabular) <= MAX_DONORS
    again = RiskModel.load(model.save(tmp_path / "model.safetensors"))
    for name in ("tabular", "seen", "known"):
        torch.testing.assert_close(
            getattr(again.donors, name), getattr(model.donors, name), equal_nan=True, rtol=0, atol=0
        )


def test_the_donors_have_the_extremes_of_each_input_and_tiles_of_all_risks(model, town):
    for number, name in enumerate(["roads_length", "chance"]):
        column, of_donors = town.tiles[name].to_numpy(), model.donors.tabular[:, number].numpy()
        assert of_donors.min() <= np.quantile(column, 0.02)
        assert of_donors.max() >= np.quantile(column, 0.98)
    drawn = model.donors.tabular[: model.manifest.donors_drawn, 0].numpy()
    assert np.median(drawn) == pytest.approx(np.median(town.tiles["roads_length"]), abs=15)


NAMES = ("tabular", "tabular_missing", "seen", "seen_missing", "known")


@pytest.mark.parametrize(
    "change",
    [
        *(lambda t, name=name: {key: value for key, value in t.items() if key != f"donors.{name}"} for name in NAMES),
        *(lambda t, name=name: {**t, f"donors.{name}": t[f"donors.{name}"].double()} for name in NAMES),
        lambda t: {key: torch.cat([v] * 9) if key.startswith("donors.ta") else v for key, v in t.items()},
        lambda t: {**t, "donors.known": torch.zeros(65, 1, dtype=torch.bool)},
        lambda t: {**t, "donors.more": torch.zeros(1)},
        lambda t: {key: value for key, value in t.items() if not key.startswith("donors.")},
    ],
)
def test_what_does_not_fit_is_refused(table_model, tmp_path, change):
    path = table_model.save(tmp_path / "model.safetensors")
    rewrite(path, tensors=change)
    with pytest.raises(MMRiskError, match=r"model.safetensors is damaged: its donors are"):
        RiskModel.load(path)


@pytest.mark.parametrize("drawn", [0, 1000])
def test_a_sample_that_is_none_of_the_donors_is_refused(table_model, tmp_path, drawn):
    path = table_model.save(tmp_path / "model.safetensors")
    rewrite(path, manifest=lambda manifest: manifest.update(donors_drawn=drawn))
    with pytest.raises(MMRiskError, match=r"model.safetensors is damaged: its donors are not those of the manifest"):
        RiskModel.load(path)
