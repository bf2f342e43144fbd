"""What keeps figures honest: leaks, copies, later periods, sampling by label, labels of chance."""

from __future__ import annotations

import math

import numpy as np
import pytest
import rasterio
from scipy.special import logit

from mmrisk_core import MMRiskError, Progress, train_model
from mmrisk_core.report import render_card, render_report
from tests.core.factories import QUICK


def train(town, features=("roads_length",), images=(), tiles=None, **options):
    return train_model(town.tiles if tiles is None else tiles, "label", features, images, **{**QUICK, **options})


def test_the_label_under_another_name_is_refused_and_what_nearly_is_gets_a_warning(town):
    label = town.tiles["label"]
    for copy in (label, 7 - 3 * label, label.map({0: "low", 1: "high"}).map({"low": 10, "high": 20})):
        with pytest.raises(MMRiskError, match="'copy' is the label itself under another name"):
            train(town, ["roads_length", "copy"], tiles=town.tiles.assign(copy=copy), folds=2, epochs=1)
    said = []
    nearly = label * 10 + town.tiles["chance"].clip(-2, 2)
    model = train(
        town, ["roads_length", "nearly"], tiles=town.tiles.assign(nearly=nearly), folds=2, epochs=1,
        progress=Progress(log=said.append),
    )  # fmt: skip
    assert any("'nearly' comes from the events" in sentence for sentence in said)
    assert model.manifest.validation.leaking == ("nearly",)


@pytest.mark.slow
def test_a_later_label_is_judged_on_and_not_learnt_from(town):
    rng = np.random.default_rng(3)
    later = np.where(rng.random(len(town.tiles)) < 0.8, town.tiles["label"], 1 - town.tiles["label"])
    tiles = town.tiles.assign(label_later=later)
    said = []
    model = train(town, tiles=tiles, folds=2, epochs=2, later_label="label_later", progress=Progress(log=said.append))
    plain = train(town, tiles=tiles, folds=2, epochs=2)
    assert model.manifest.validation.figures == plain.manifest.validation.figures
    figures = model.manifest.validation.later
    assert figures.ones == int(later.sum())
    assert 0.5 < figures.auc < model.manifest.validation.figures.auc
    assert any("later period" in sentence for sentence in said)
    with pytest.raises(MMRiskError, match="'label_later' of the later period is not both 0 and 1"):
        train(town, tiles=tiles.assign(label_later=0), folds=2, epochs=1, later_label="label_later")


@pytest.mark.slow
def test_risk_is_that_of_all_tiles_after_sampling_by_label(town):
    said = []
    plain = train(town, folds=2, epochs=2)
    shifted = train(town, folds=2, epochs=2, prevalence=0.05, progress=Progress(log=said.append))
    before, after = plain.manifest.validation, shifted.manifest.validation
    for name in ("auc", "auc_low", "auc_high", "ones", "tiles"):
        assert getattr(after.figures, name) == pytest.approx(getattr(before.figures, name))
    for one, other in [
        (before.figures, after.figures),
        (before.random, after.random),
        *((before.challengers[name], after.challengers[name]) for name in before.challengers),
        *((before.heads[name], after.heads[name]) for name in before.heads),
    ]:
        assert other.average_precision < one.average_precision
        assert other.brier < one.brier
    assert after.challengers["prevalence"].brier == pytest.approx(0.05 * 0.95)
    assert after.challengers["prevalence"].ece == pytest.approx(0, abs=1e-9)
    evidence = shifted.evidence
    assert evidence.prevalence == pytest.approx(0.05)
    labelled = f"{town.tiles['label'].mean():.0%} of the labelled ones are"
    assert after.prevalence == 0.05
    assert before.prevalence is None
    for text in (render_report(shifted), render_card(shifted.manifest), "\n".join(said)):
        assert f"Figures are of all tiles, of which 5.0% are high-risk; {labelled}" in text
    assert "Figures are of all tiles" not in render_report(plain)
    earlier = after.model_copy(update={"prevalence": None})
    card = render_card(shifted.manifest.model_copy(update={"validation": earlier}))
    assert "the figures are of the labelled ones, which were chosen by their label" in card
    between = logit(evidence.risk) - logit(plain.evidence.risk)
    assert between == pytest.approx(shifted.manifest.ensemble.prevalence_shift, abs=1e-6)
    assert shifted.manifest.class_breaks == pytest.approx(np.quantile(evidence.risk, (0.2, 0.4, 0.6, 0.8)))
    risk, other = (m.predict(town.tiles, device="cpu") for m in (plain, shifted))
    share = town.tiles["label"].mean()
    expected = math.log(0.05 / 0.95) - math.log(share / (1 - share))
    difference = logit(other["risk"]) - logit(risk["risk"])
    assert difference.to_numpy() == pytest.approx(expected, abs=1e-6)
    assert (other["risk_class"] == risk["risk_class"]).mean() > 0.99
    with pytest.raises(MMRiskError, match="between 0 and 1; 5 was given"):
        train(town, folds=2, epochs=1, prevalence=5.0)


@pytest.mark.slow
def test_tiles_copied_into_another_block_are_found_named_and_kept_together(town, tmp_path):
    """The picture of a corner of the town is pasted over the opposite one."""
    with rasterio.open(town.ortho) as ortho:
        pixels, profile = ortho.read(), ortho.profile
    pixels[:, -64:, -64:] = pixels[:, :64, :64]
    with rasterio.open(tmp_path / "copied.tif", "w", **profile) as copied:
        copied.write(pixels)
    said = []
    model = train(
        town, images=[tmp_path / "copied.tif"], folds=3, epochs=1, block_size=200.0, progress=Progress(log=said.append)
    )
    leak = next(sentence for sentence in said if "exactly the same imagery" in sentence)
    assert "8 tiles have" in leak
    assert "tile 0 and tile 238" in leak
    fold = model.evidence.fold.reshape(16, 16)
    assert (fold[:2, :2] == fold[-2:, -2:]).all()
    assert not any("exactly the same imagery" in s for s in said if s is not leak)


@pytest.mark.slow
def test_shuffled_labels_show_no_signal(town):
    shuffled = np.random.default_rng(5).permutation(town.tiles["label"])
    said = []
    model = train(
        town, images=[town.ortho], tiles=town.tiles.assign(label=shuffled), folds=3, epochs=5,
        progress=Progress(log=said.append),
    )  # fmt: skip
    figures = model.manifest.validation.figures
    assert figures.auc_low < 0.5 < figures.auc_high
    assert any("no measurable signal" in sentence for sentence in said)
