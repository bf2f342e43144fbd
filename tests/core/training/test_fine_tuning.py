"""The last stage of a pretrained encoder, trained on: what learns, what stays, and whether it comes back from a file."""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from mmrisk_core import MMRiskError, RiskModel, train_model
from mmrisk_core.architectures import ARCHITECTURES, FitOptions, TrainingData
from mmrisk_core.encoders import LastStage, early_activations, make_frozen_encoder, make_last_stage
from mmrisk_core.encoders.torchvision_classifier import TorchvisionClassifier
from mmrisk_core.geo.layer_io import read_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.samples.augmentation import drawn_views, fixed_views
from mmrisk_core.training import frozen_stage_activations
from tests.core.factories import make_town, rewrite, run

ROOT = Path(__file__).parents[3]
CPU = torch.device("cpu")
LITE0 = "efficientnet_lite0"
QUICK = {"image_pixels": 64, "epochs": 1, "folds": 2, "validation": "none", "seed": 1, "device": "cpu"}


@pytest.fixture(scope="module")
def lite0():
    return make_frozen_encoder(LITE0)


@pytest.fixture(scope="module")
def hamlet(tmp_path_factory):
    """36 tiles."""
    return make_town(tmp_path_factory.mktemp("hamlet"), side=6)


def random_chips(n: int, bands: int = 3, pixels: int = 64) -> torch.Tensor:
    return torch.randint(
        0, 256, (n, bands, pixels, pixels), generator=torch.Generator().manual_seed(n), dtype=torch.uint8
    )


@pytest.fixture(scope="module")
def data(lite0):
    """48 tiles that are bright or dark by their label, and one attribute of noise."""
    generator = torch.Generator().manual_seed(0)
    label = torch.arange(48) % 2
    chips = (random_chips(48) * (0.5 + 0.4 * label[:, None, None, None])).to(torch.uint8)
    kept = [lite0.forward_early(view)[1] for view in fixed_views(chips, generator)]
    return TrainingData(
        embedding=lite0(chips),
        images=[kept[0]],
        present=[torch.ones(48, dtype=torch.bool)],
        tabular=torch.randn(48, 1, generator=generator),
        label=label.float(),
        block=np.arange(48) // 4,
        views=[torch.stack(kept[1:], dim=1)],
        last_stage=LastStage(LITE0, lite0),
    )


def fit(architecture, data, **options):
    return ARCHITECTURES[architecture].fit(data, FitOptions(**{"seed": 1, "device": CPU, "epochs": 1, **options}))


def last_stage_of(member):
    return next(module for module in member.modules() if isinstance(module, LastStage))


def same(one, two):
    one, two = one.state_dict(), two.state_dict()
    return {name: torch.equal(one[name], two[name]) for name in one}


# --- encoders in two parts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [LITE0, "resnet18", "convnext_tiny", "efficientnet_b0"])
def test_both_parts_together_are_the_encoder(name, lite0):
    torch.manual_seed(0)
    encoder = lite0 if name == LITE0 else TorchvisionClassifier(name, {"weights": "IMAGENET1K_V1"})
    for weight in encoder.parameters() if name == "efficientnet_b0" else ():
        if weight.ndim > 1:
            # As torchvision draws them, nothing arrives at the last stage.
            nn.init.kaiming_normal_(weight)
    chips = [random_chips(3), random_chips(3, bands=4)]
    there = [torch.tensor([True, True, False]), torch.tensor([True, False, False])]
    embedding, activations = early_activations(encoder, chips)
    together = LastStage(name, encoder)(embedding, activations, there)
    whole = torch.cat([encoder(image) for image in chips], dim=1)
    size = encoder.out_features
    assert together.shape == whole.shape == (3, 3 * size)
    # Activations are kept in half precision.
    assert torch.allclose(together[0], whole[0], rtol=0.01, atol=2e-3 * float(whole.abs().max()))
    assert torch.equal(
        together.isnan(), torch.cat([~there[0][:, None].expand(3, size), ~there[1][:, None].expand(3, 2 * size)], 1)
    )


def test_a_last_stage_is_built_from_its_config_alone():
    torch.manual_seed(0)
    trained = LastStage("resnet18", TorchvisionClassifier("resnet18", {"weights": "IMAGENET1K_V1"}))
    built = make_last_stage(**trained.config)
    built.load_state_dict(trained.state_dict())
    before = torch.rand(2, 1, 256, 4, 4).half()
    arguments = torch.zeros(2, 512), [before], [torch.ones(2, dtype=torch.bool)]
    assert torch.equal(built(*arguments), trained(*arguments))


def test_the_views_of_an_image_are_all_there_are():
    chips = random_chips(5, bands=1, pixels=6)
    views = fixed_views(chips, torch.Generator())
    assert torch.equal(views[0], chips)
    assert len({view[0].numpy().tobytes() for view in views}) == 8
    assert all(torch.equal(view[0].flatten().sort().values, chips[0].flatten().sort().values) for view in views)
    relit = fixed_views(random_chips(5), torch.Generator().manual_seed(0))
    ratio = [float(view[0].float().mean() / relit[0][0].float().mean()) for view in relit]
    assert ratio[0] == 1
    assert all(0 < abs(r - 1) < 0.16 for r in ratio[1:])


def test_views_are_drawn_for_all_images_of_a_tile_alike():
    first = [torch.zeros(400), torch.full((400,), 10)]
    others = [torch.arange(1, 8).expand(400, 7).float(), torch.arange(11, 18).expand(400, 7)]
    one, two = drawn_views(first, others, torch.Generator().manual_seed(0))
    assert torch.equal(one.long() + 10, two)
    assert (torch.bincount(one.long(), minlength=8) > 25).all()
    assert (first[0] == 0).all()


# --- training --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("architecture", sorted(ARCHITECTURES))
def test_only_the_last_stage_learns_and_batch_norms_stay(architecture, data, lite0):
    frozen = copy.deepcopy(lite0.state_dict())
    pretrained = copy.deepcopy(data.last_stage)
    stage = last_stage_of(fit(architecture, data, epochs=3))
    assert all(torch.equal(tensor, frozen[name]) for name, tensor in lite0.state_dict().items())
    assert all(same(data.last_stage, pretrained).values())
    norms = [name for name, module in stage.named_modules() if isinstance(module, nn.BatchNorm2d)]
    for name, unchanged in same(stage, pretrained).items():
        assert unchanged == any(name.startswith(f"{norm}.") for norm in norms), name


def test_the_same_seed_gives_the_same_last_stage(data):
    members = [fit("film", data, seed=seed) for seed in (1, 1, 2)]
    assert all(same(members[0], members[1]).values())
    assert not all(same(members[0], members[2]).values())


def test_what_is_pretrained_is_only_given_up_for_something_better(data):
    stage = last_stage_of(fit("stacked", data, learning_rate=1000.0))
    assert all(same(stage, data.last_stage).values())


def test_it_can_learn_what_the_frozen_encoder_does_not_tell(data):
    """With a rate large enough for so few steps, the held-out tiles are told apart better than by the frozen encoder."""
    stage = last_stage_of(fit("stacked", data, epochs=6, learning_rate=1e-2))
    with torch.no_grad():
        arguments = data.embedding, data.images, data.present
        before, after = (s(*arguments)[:, 232:] for s in (data.last_stage, stage))
    distance = [
        float((e[data.label == 1].mean(0) - e[data.label == 0].mean(0)).norm() / e.std(0).norm())
        for e in (before, after)
    ]
    assert distance[1] > 1.05 * distance[0]


# --- models ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("architecture", sorted(ARCHITECTURES))
def test_a_model_comes_back_with_its_last_stages(hamlet, tmp_path, architecture):
    model = train_model(
        hamlet.tiles, "label", ["roads_length"], [hamlet.ortho], architecture=architecture, fine_tune=True, **QUICK
    )
    assert model.manifest.ensemble.fine_tuned
    assert model.manifest.ensemble.backbone == LITE0
    loaded = RiskModel.load(model.save(tmp_path / "model.safetensors"))
    for one, two in zip(model.members, loaded.members, strict=True):
        assert all(same(one, two).values())
    here, there = (m.predict(hamlet.tiles, [hamlet.ortho], device="cpu") for m in (model, loaded))
    assert here.equals(there)
    assert (here["image_effect"] != 0).any()


@pytest.mark.slow
def test_from_the_command_line(capsys, hamlet, tmp_path):
    tiles, path, card = tmp_path / "tiles.gpkg", tmp_path / "model.safetensors", tmp_path / "card.html"
    write_layer(hamlet.tiles, tiles)
    run(
        capsys, "train", "--tiles", tiles, "--features", "roads_length", "--images", hamlet.ortho, "--image-pixels", 64,
        "--epochs", 1, "--folds", 2, "--validation", "none", "--device", "cpu", "--fine-tune", "true", "--model", path,
    )  # fmt: skip
    described = run(capsys, "describe", "--model", path, "--html", card)
    assert described["manifest"]["ensemble"]["fine_tuned"] is True
    assert "efficientnet_lite0, its last stage fine-tuned" in card.read_text()
    command = ["predict", "--tiles", tiles, "--images", hamlet.ortho, "--model", path, "--device", "cpu"]
    run(capsys, *command, "--output", tmp_path / "risk.gpkg")
    risk = read_layer(LayerSource(path=str(tmp_path / "risk.gpkg")))["risk"]
    loaded = RiskModel.load(path).predict(hamlet.tiles, [hamlet.ortho], device="cpu")
    assert risk.tolist() == loaded["risk"].tolist()


@pytest.mark.slow
def test_a_damaged_last_stage_is_named(hamlet, tmp_path):
    model = train_model(hamlet.tiles, "label", [], [hamlet.ortho], fine_tune=True, **QUICK)
    for number, (tensors, manifest, words) in enumerate(DAMAGE):
        path = model.save(tmp_path / f"{number}.safetensors")
        rewrite(path, tensors, manifest)
        with pytest.raises(MMRiskError, match=words):
            RiskModel.load(path)


def without_a_weight(content):
    content.pop(
        next(name for name in content if name.startswith("members.1.last_stage.") and name.endswith("0.weight"))
    )


def ensemble(**changes):
    return lambda entries: entries["ensemble"].update(changes)


def another_last_stage(entries):
    entries["ensemble"]["member_configs"][0]["last_stage"]["backbone"] = "resnet152"


DAMAGE = [
    (without_a_weight, None, "member 1 does not fit its manifest"),
    (None, ensemble(fine_tuned=False), "its last stage is of another image encoder"),
    (None, ensemble(backbone="basic_cnn"), "'basic_cnn' has no last stage"),
    (None, another_last_stage, "member 0 does not fit its manifest .its last stage is of another"),
]


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("backbone", ["rcf", "basic_cnn", "vit_b_16"])
def test_encoders_without_a_last_stage_are_refused(hamlet, backbone):
    with pytest.raises(MMRiskError, match=f"'{backbone}' has no pretrained last stage.*efficientnet_lite0"):
        train_model(hamlet.tiles, "label", [], [hamlet.ortho], fine_tune=True, backbone=backbone, **QUICK)


def test_without_imagery_there_is_nothing_to_tune(hamlet):
    with pytest.raises(MMRiskError, match="no imagery that an encoder could be fine-tuned to"):
        train_model(hamlet.tiles, "label", ["roads_length"], fine_tune=True, **QUICK)


def test_more_memory_than_is_kept_is_refused(hamlet, monkeypatch):
    monkeypatch.setattr(frozen_stage_activations, "MAX_BYTES", 10**5)
    with pytest.raises(MMRiskError, match=r"36 tiles would keep 0\.0 GB in memory.*IMAGE_PIXELS"):
        train_model(hamlet.tiles, "label", [], [hamlet.ortho], fine_tune=True, **QUICK)
