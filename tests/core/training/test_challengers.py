"""What adds what: simpler models on the same folds, and sentences that say no more than the figures do."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mmrisk_core import train_model
from mmrisk_core.architectures import TrainingData
from mmrisk_core.bundle.manifest import ValidationResult
from mmrisk_core.evaluation.metrics import AucDifference, auc
from mmrisk_core.progress import NO_PROGRESS
from mmrisk_core.training.challengers import best_of_attributes, findings, fit_challengers, measure_ladder
from mmrisk_core.training.cross_fitting import fit_members
from mmrisk_core.training.options import TrainingOptions
from tests.core.factories import QUICK

BLOCK = np.arange(400) // 20


def signal(strength, seed):
    """A label of 400 tiles and a probability that knows it the better, the larger ``strength`` is."""
    label = (np.random.default_rng(0).random(400) < 0.4).astype(float)
    noise = np.random.default_rng(seed).normal(size=400)
    return label, 1 / (1 + np.exp(-(strength * (label - 0.4) + noise)))


def validation(ladder, figures, **changes):
    result = ValidationResult(
        kind="spatial",
        folds=5,
        block_size=100.0,
        figures=figures,
        heads={},
        challengers=ladder.challengers,
        differences=ladder.differences,
        random=ladder.random,
    )
    return result.model_copy(update=changes)


def climbed(fused, attributes, image, random=None):
    label, risk = signal(fused, 1)
    others = {
        "prevalence": np.full(400, label.mean()),
        "attributes_linear": signal(attributes, 2)[1],
        "attributes_boosting": signal(attributes / 2, 3)[1],
        "image_linear": signal(image, 4)[1],
    }
    ladder = measure_ladder(others, risk, label, BLOCK, 0, random)
    figures = measure_ladder({"fused": risk}, risk, label, BLOCK, 0).challengers["fused"]
    return validation(ladder, figures)


def test_all_challengers_answer_for_the_tiles_of_the_model(model, table_model):
    evidence, result = model.evidence, model.manifest.validation
    names = ["prevalence", "attributes_linear", "attributes_tabm", "attributes_boosting", "image_linear"]
    assert list(evidence.challengers) == list(result.challengers) == names
    assert list(result.differences) == [*names, "random"]
    assert result.differences["random"].auc == pytest.approx(result.figures.auc - result.random.auc)
    for name, risk in evidence.challengers.items():
        assert risk.shape == (256,)
        assert result.challengers[name].auc == pytest.approx(auc(risk, evidence.label))
        assert result.differences[name].auc == pytest.approx(result.figures.auc - result.challengers[name].auc)
    assert result.challengers["prevalence"].auc == 0.5
    assert result.challengers["prevalence"].brier == pytest.approx(evidence.label.var())
    assert result.challengers["attributes_boosting"].auc > 0.65
    assert result.challengers["image_linear"] == result.heads["image_linear"]
    assert best_of_attributes(result) in names[1:4]
    assert "image_linear" not in table_model.manifest.validation.challengers


def made_up_data(label, pixels):
    """90 tiles over a frozen encoder, or over pixels that an image network of the model's own is trained on."""
    generator = torch.Generator().manual_seed(0)
    images = [torch.randint(0, 255, (90, 3, 16, 16), generator=generator, dtype=torch.uint8)] if pixels else []
    return TrainingData(
        embedding=torch.randn(90, 0 if pixels else 8, generator=generator),
        images=images,
        present=[torch.ones(90, dtype=torch.bool) for _ in images],
        tabular=torch.randn(90, 3, generator=generator),
        label=torch.from_numpy(label).float(),
        block=np.arange(90) // 5,
    )


@pytest.mark.parametrize("pixels", [False, True])
def test_no_challenger_has_seen_the_labels_of_the_fold_it_is_judged_on(pixels):
    """Turning all labels of a fold round changes nothing of what its tiles are told, by calibration neither."""
    fold = np.arange(90) // 5 % 3
    label = (np.random.default_rng(3).random(90) < 0.4).astype(float)
    options = TrainingOptions(folds=3, epochs=1, architecture="concat" if pixels else "film")

    def challengers(label):
        data = made_up_data(label, pixels)
        fitted = fit_members(data, fold, options, torch.device("cpu"), NO_PROGRESS)
        return fit_challengers(data, fold, fitted, {}, 0)

    risk = challengers(label)
    assert list(risk) == ["prevalence", "attributes_linear", "attributes_boosting", "image_linear"]
    for k in range(3):
        turned = challengers(np.where(fold == k, 1 - label, label))
        for name in list(risk)[1:]:
            assert turned[name][fold == k].tolist() == risk[name][fold == k].tolist(), name
            assert turned[name][fold != k].tolist() != risk[name][fold != k].tolist(), name


def test_imagery_and_attributes_add_what_is_known_of_the_town(model):
    sentences = findings(model.manifest.validation)
    assert len(sentences) == 3
    assert sentences[2].startswith("On random folds the same model would show an AUC of ")
    assert sentences[0].startswith("The imagery adds 0.")
    assert sentences[1].startswith("The attributes add 0.")


@pytest.mark.slow
def test_an_end_to_end_network_is_challenged_too_and_gaps_do_no_harm(town):
    road = town.tiles["roads_length"].where(np.arange(256) % 3 > 0)
    tiles = town.tiles.assign(sparse=road, nothing=None, wild=np.where(np.arange(256) % 50 == 0, -1e300, 0.0))
    options = {**QUICK, "folds": 2, "epochs": 1, "architecture": "concat", "image_pixels": 32}
    result = train_model(tiles, "label", ["sparse", "nothing", "wild"], [town.ortho], **options).manifest.validation
    assert list(result.challengers) == ["prevalence", "attributes_linear", "attributes_boosting", "image_linear"]
    frozen = train_model(tiles, "label", ["sparse"], [town.ortho], **options, backbone="efficientnet_lite0")
    assert frozen.manifest.validation.challengers["image_linear"].auc > 0.6


def test_without_validation_there_is_no_ladder(town):
    model = train_model(town.tiles, "label", ["roads_length"], **{**QUICK, "validation": "none", "epochs": 1})
    assert model.manifest.validation.challengers == {}
    assert model.evidence.importance == ()
    assert findings(model.manifest.validation) == []


def test_a_gain_is_named_with_its_interval():
    result = climbed(fused=3, attributes=1, image=1)
    difference = result.differences["attributes_linear"]
    assert findings(result)[0] == (
        f"The imagery adds {difference.auc:.2f} AUC ({difference.low:.2f} to {difference.high:.2f})."
    )
    assert findings(result)[1].startswith("The attributes add 0.")


def test_what_adds_nothing_is_said_to_add_nothing():
    sentences = findings(climbed(fused=2, attributes=2, image=2))
    assert sentences[0].startswith("The imagery adds nothing measurable here (a change of ")
    assert sentences[1].startswith("The attributes add nothing measurable here")


def test_what_does_harm_is_said_to_do_harm():
    sentences = findings(climbed(fused=1, attributes=4, image=0.5))
    assert sentences[0].startswith("Without the imagery it would rank better, by 0.")


def test_no_signal_leaves_nothing_else_to_say():
    sentences = findings(climbed(fused=0, attributes=2, image=0))
    assert len(sentences) == 1
    assert sentences[0].startswith("There is no measurable signal in these data")


def test_random_folds_are_named_as_the_optimistic_ones():
    random = signal(4, 5)[1]
    result = climbed(fused=2, attributes=1, image=1, random=random)
    assert "random" not in result.challengers
    assert result.random.auc == pytest.approx(auc(random, signal(0, 0)[0]))
    gain = result.random.auc - result.figures.auc
    assert f"an AUC of {result.random.auc:.2f}, which is {gain:.2f} more" in findings(result)[-1]


def test_a_difference_is_measurable_when_its_interval_leaves_out_nothing():
    assert AucDifference(auc=0.1, low=0.01, high=0.2).measurable
    assert AucDifference(auc=-0.1, low=-0.2, high=-0.01).measurable
    assert not AucDifference(auc=0.1, low=-0.01, high=0.2).measurable
