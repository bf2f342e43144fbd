"""Frozen encoders beside EfficientNet-Lite0: random convolutional features, and torchvision's classifiers."""

from __future__ import annotations

import re

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional
from torchvision.models import get_model, get_model_weights

from mmrisk_core import MMRiskError, Progress, RiskModel, train_model
from mmrisk_core.encoders import fit_rcf, make_frozen_encoder, restore_frozen_encoder
from mmrisk_core.encoders.rcf import downscaled
from mmrisk_core.encoders.torchvision_classifier import TorchvisionClassifier, min_elements, torchvision_names
from mmrisk_core.models import PretrainedCNN
from mmrisk_core.models.torchvision_weights import weights_made_for
from mmrisk_core.report import render_card
from tests.core.factories import QUICK, rewrite


def random_images(n: int, bands: int = 3, pixels: int = 64, seed: int = 0) -> torch.Tensor:
    """Clouds of grey, so that neighbouring pixels are alike as they are on the ground."""
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.rand(n, bands, 9, 9, generator=generator)
    noise = torch.rand(n, bands, pixels, pixels, generator=generator)
    smooth = functional.interpolate(coarse, size=(pixels, pixels), mode="bicubic").clamp(0, 1)
    return (0.9 * smooth * 255 + 0.1 * noise * 255).to(torch.uint8)


# --- random convolutional features -----------------------------------------------------------------------------------


def test_rcf_is_what_its_definition_says():
    """Patches around every pixel, whitened and compared with whitened patches, rectified both ways, averaged."""
    images = random_images(6)
    bank = fit_rcf([images], seed=3).for_input(0)
    features = bank(images)
    assert features.shape == (6, 512)
    patches = functional.unfold(downscaled(images, 64), 3)
    responses = bank.weight.flatten(1) @ patches + bank.bias[:, None]
    expected = torch.cat([responses.relu().mean(dim=2), (-responses).relu().mean(dim=2)], dim=1)
    assert torch.allclose(features, expected, atol=1e-4)
    # What all filters answer to all patches: no filter louder than another, apart from the floor under the variances.
    assert responses.mean().abs() < 0.1
    assert 0.3 < responses.std() < 1.1


def test_rcf_takes_any_number_of_bands_and_images():
    inputs = [random_images(4, 5), random_images(3, 1, 196), random_images(4, 2, 16)]
    encoder = fit_rcf(inputs, seed=0)
    for position, images in enumerate(inputs):
        assert encoder.for_input(position).weight.shape == (256, images.shape[1], 3, 3)
        assert encoder.for_input(position)(images).shape == (len(images), encoder.features_of(images.shape[1]))
    assert downscaled(inputs[1], 64).shape == (3, 1, 65, 65)
    changed = inputs[0].clone()
    changed[:, 4] = 255 - changed[:, 4]
    assert not torch.allclose(encoder.for_input(0)(changed), encoder.for_input(0)(inputs[0]), atol=0.01)


def test_rcf_is_the_same_with_the_same_seed_only():
    images = random_images(5)
    weights = [fit_rcf([images], seed).for_input(0).weight for seed in (1, 1, 2, 2**70)]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


def test_rcf_tells_brightness_and_texture_apart():
    bank = fit_rcf([random_images(20)], seed=0).for_input(0)
    stripes = torch.zeros(1, 3, 64, 64, dtype=torch.uint8)
    stripes[..., ::2] = 128
    checks = stripes.clone()
    checks[:, :, ::2] = 128 - checks[:, :, ::2]
    flat = torch.full_like(stripes, 64)
    features = bank(torch.cat([stripes, stripes.transpose(2, 3), checks, flat, flat + 100]))
    # Unlike the deviation of a feature over ordinary images.
    usual = bank(random_images(50, seed=1)).std(dim=0)
    assert (torch.pdist(features / usual) > 20).all()


def test_rcf_survives_imagery_that_shows_nothing():
    images = random_images(3)
    flat = fit_rcf([torch.full_like(images, 7)], seed=0).for_input(0)
    assert torch.isfinite(flat(images)).all()
    noise = fit_rcf([images[:0]], seed=0).for_input(0)
    assert noise(images).std() > 0.01


# --- torchvision's classifiers ---------------------------------------------------------------------------------------

# The layer that is taken off.
CLASSIFIERS = {"resnet18": "fc", "convnext_tiny": "classifier.2", "densenet121": "classifier"}
ENTRY = {"weights": "IMAGENET1K_V1"}


@pytest.fixture(scope="module")
def resnet(tmp_path_factory):
    """A file with the weights of a whole ResNet18; they are random."""
    return save_weights("resnet18", tmp_path_factory.mktemp("weights"))[1]


def save_weights(name, folder, **options):
    """A whole network, and the file of its weights."""
    torch.manual_seed(0)
    network = get_model(name, **options).eval()
    torch.save(network.state_dict(), folder / f"{name}.pth")
    return network, folder / f"{name}.pth"


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_an_encoder_answers_what_the_classifier_of_its_network_would_get(name, tmp_path):
    network, path = save_weights(name, tmp_path)
    encoder = make_frozen_encoder(name, path)
    images = random_images(2)
    features = encoder(images)
    assert features.shape == (2, encoder.out_features) == (2, encoder.features_of(3))
    assert encoder.features_of(4) == 2 * encoder.out_features
    preset = get_model_weights(name).DEFAULT.transforms()
    mean, std = (torch.tensor(values)[:, None, None] for values in (preset.mean, preset.std))
    with torch.no_grad():
        expected = network((images / 255 - mean) / std)
        answer = network.get_submodule(CLASSIFIERS[name])(features)
    assert torch.allclose(answer, expected, rtol=1e-3, atol=1e-5)
    assert torch.std(features) > 1e-3


def test_squeezenet_has_no_linear_classifier_and_googlenet_has_three(tmp_path):
    for name, features in (("squeezenet1_1", 512), ("googlenet", 1024)):
        options = {"init_weights": False, "aux_logits": True} if name == "googlenet" else {}
        encoder = make_frozen_encoder(name, save_weights(name, tmp_path, **options)[1])
        assert encoder(random_images(2)).shape == (2, features)


def test_pictures_are_resized_for_networks_that_take_one_size():
    encoder = TorchvisionClassifier("vit_b_32", ENTRY)
    small = random_images(1, pixels=48)
    features = encoder(small)
    assert features.shape == (1, 768)
    enlarged = functional.interpolate(small / 255, size=(224, 224), mode="bilinear", antialias=True)
    assert torch.allclose(features, encoder.embed(enlarged), atol=1e-5)


def test_an_encoder_stays_frozen(resnet):
    encoder = make_frozen_encoder("resnet18", resnet).train()
    assert not any(module.training for module in encoder.modules())
    assert not any(parameter.requires_grad for parameter in encoder.parameters())
    assert not encoder(random_images(1)).requires_grad


# --- weights ---------------------------------------------------------------------------------------------------------


def test_weights_may_be_safetensors_without_a_classifier(resnet, tmp_path):
    state = torch.load(resnet, weights_only=True)
    save_file({key: tensor for key, tensor in state.items() if not key.startswith("fc.")}, tmp_path / "w.safetensors")
    images = random_images(1)
    assert torch.equal(
        make_frozen_encoder("resnet18", tmp_path / "w.safetensors")(images),
        make_frozen_encoder("resnet18", resnet)(images),
    )


def test_old_names_of_densenet_are_understood(tmp_path):
    network, path = save_weights("densenet121", tmp_path)
    expected = make_frozen_encoder("densenet121", path)(random_images(1))
    old = {re.sub(r"(norm|conv)([12])\.", r"\1.\2.", key): tensor for key, tensor in network.state_dict().items()}
    assert "features.denseblock1.denselayer1.norm.1.weight" in old
    torch.save(old, path)
    assert torch.equal(make_frozen_encoder("densenet121", path)(random_images(1)), expected)


def test_weights_are_found_in_torchs_cache(resnet, tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / "resnet18-f37072fd.pth").write_bytes(resnet.read_bytes())
    images = random_images(1)
    assert torch.equal(make_frozen_encoder("resnet18")(images), make_frozen_encoder("resnet18", resnet)(images))


def test_missing_weights_are_told_with_file_source_and_way_out(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    with pytest.raises(MMRiskError) as caught:
        make_frozen_encoder("resnet34")
    for part in (
        str(tmp_path / "checkpoints" / "resnet34-b627a593.pth"),
        "https://download.pytorch.org/models/resnet34-b627a593.pth",
        "WEIGHTS",
        "rcf",
        "--weights none",
    ):
        assert part in str(caught.value)


def test_the_file_name_tells_which_of_torchvisions_weights_they_are(tmp_path):
    assert weights_made_for("vit_b_16", tmp_path / "vit_b_16_swag-9ac1b537.pth").meta["min_size"] == (384, 384)
    assert weights_made_for("vit_b_16", tmp_path / "mine.pth").meta["min_size"] == (224, 224)


def test_weights_that_do_not_fit_are_named(resnet, tmp_path):
    class Bomb:
        def __reduce__(self):
            return (exec, (f"open({str(tmp_path / 'boom')!r}, 'w')",))

    state = torch.load(resnet, weights_only=True)
    damaged = {**state, "conv1.weight": torch.full_like(state["conv1.weight"], float("nan"))}
    cases = {
        "gone.pth": (None, "does not exist"),
        "text.pth": (b"hello", "cannot be read"),
        "text.safetensors": (b"hello", "cannot be read"),
        "bomb.pth": (Bomb(), "cannot be read"),
        "list.pth": ([1, 2], "something else than the tensors"),
        "nested.pth": ({"state_dict": state}, "something else than the tensors"),
        "few.pth": ({"conv1.weight": state["conv1.weight"]}, "does not fit the image encoder ResNet"),
        "other.pth": ({**state, "more": torch.zeros(1)}, "does not fit the image encoder ResNet"),
        "nan.pth": (damaged, "'conv1.weight' holds values that are not finite"),
    }
    for name, (content, words) in cases.items():
        if isinstance(content, bytes):
            (tmp_path / name).write_bytes(content)
        elif content is not None:
            torch.save(content, tmp_path / name)
        with pytest.raises(MMRiskError, match=rf"{name}.*{words}"):
            make_frozen_encoder("resnet18", tmp_path / name)
    assert not (tmp_path / "boom").exists()


def test_the_methods_own_network_reads_the_same_files(tmp_path):
    network, path = save_weights("resnet34", tmp_path)
    state = {key: tensor for key, tensor in network.state_dict().items() if not key.startswith("fc.")}
    save_file(state, tmp_path / "w.safetensors")
    images = random_images(1) / 255
    for weights in (path, tmp_path / "w.safetensors"):
        own = PretrainedCNN(weights)
        assert own.pretrained
        assert own.training
        with torch.no_grad():
            expected = torch.nn.Sequential(*network.children())[:-1](images).flatten(1)
            assert torch.allclose(own.backbone(images), expected, rtol=1e-4)
    with pytest.raises(MMRiskError, match=r"none.pth does not exist"):
        PretrainedCNN(tmp_path / "none.pth")


# --- in a model ------------------------------------------------------------------------------------------------------


def train(town, **options):
    return train_model(
        town.tiles, "label", ["roads_length"], [town.ortho], **{**QUICK, "folds": 2, "epochs": 2, **options}
    )


@pytest.fixture(scope="module")
def rcf_model(town):
    return train(town, backbone="rcf", folds=4)


@pytest.fixture
def rcf_path(rcf_model, tmp_path):
    return rcf_model.save(tmp_path / "rcf.safetensors")


@pytest.mark.slow
def test_rcf_sees_what_the_risk_grows_with(rcf_model):
    assert rcf_model.manifest.ensemble.backbone == "rcf"
    assert rcf_model.manifest.validation.heads["image_linear"].auc > 0.65


def test_a_model_carries_its_encoder(town, rcf_model, rcf_path):
    risk = rcf_model.predict(town.tiles, [town.ortho], device="cpu")
    loaded = RiskModel.load(rcf_path)
    assert torch.equal(loaded.encoder.banks[0].weight, rcf_model.encoder.banks[0].weight)
    assert loaded.predict(town.tiles, [town.ortho], device="cpu")["risk"].tolist() == risk["risk"].tolist()


@pytest.mark.slow
@pytest.mark.parametrize("architecture", ["stacked", "concat"])
def test_a_model_over_a_torchvision_encoder_needs_no_weights_file_any_more(
    town, resnet, tmp_path, monkeypatch, architecture
):
    model = train(town, backbone="resnet18", weights=str(resnet), image_pixels=32, architecture=architecture)
    path = model.save(tmp_path / "model.safetensors")
    risk = model.predict(town.tiles.iloc[:40], [town.ortho], device="cpu")
    monkeypatch.setattr(torch, "load", None)
    loaded = RiskModel.load(path)
    assert loaded.manifest.ensemble.encoder_config == ENTRY
    again = loaded.predict(town.tiles.iloc[:40], [town.ortho], device="cpu")
    assert again["risk"].tolist() == risk["risk"].tolist()
    assert (risk["image_effect"] != 0).any()


@pytest.mark.parametrize("name", ["resnet34", "mobilenet_v3_small", "densenet121", "googlenet"])
def test_an_encoder_that_begins_at_random_is_that_of_its_seed(name):
    images = random_images(4)
    one, same, other = (make_frozen_encoder(name, weights, seed) for weights, seed in
                        (("none", 1), (" NONE", 1), ("none", 2)))  # fmt: skip
    assert torch.equal(one(images), same(images))
    assert not torch.equal(one(images), other(images))
    assert torch.isfinite(one(images)).all()
    assert one(images).std(dim=0).max() > 0
    assert not any(parameter.requires_grad for parameter in one.parameters())


def test_making_an_encoder_at_random_draws_from_nobody_elses_numbers():
    torch.manual_seed(4)
    expected = torch.rand(1)
    torch.manual_seed(4)
    make_frozen_encoder("resnet18", "none", 9)
    assert torch.equal(torch.rand(1), expected)


@pytest.mark.slow
@pytest.mark.parametrize("architecture", ["stacked", "concat"])
def test_a_model_over_an_encoder_begun_at_random_says_what_it_is(town, tmp_path, architecture):
    said = []
    model = train(
        town, backbone="resnet18", weights="none", image_pixels=32, architecture=architecture, folds=2, epochs=1,
        progress=Progress(log=said.append),
    )  # fmt: skip
    assert any(
        s.startswith("Beware: the image encoder 'resnet18' begins at random, as WEIGHTS=none asks") for s in said
    )
    loaded = RiskModel.load(model.save(tmp_path / "model.safetensors"))
    assert loaded.manifest.ensemble.encoder_config == {**ENTRY, "random": True}
    assert "resnet18, begun at random" in render_card(loaded.manifest)
    tiles = town.tiles.iloc[:40]
    again, risk = (each.predict(tiles, [town.ortho], device="cpu")["risk"].tolist() for each in (loaded, model))
    assert again == risk


@pytest.mark.slow
def test_an_encoder_that_comes_with_the_engine_is_not_copied(model, tmp_path):
    path = model.save(tmp_path / "model.safetensors")
    assert not any(name.startswith("encoder.") for name in load_file(path))
    assert RiskModel.load(path).encoder.out_features == 1512


def test_what_cannot_be_an_encoder_is_said(town, tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    for options, words in (
        ({"backbone": "resnet43"}, "no backbone 'resnet43'. Did you mean .*resnet34.*vit_b_16"),
        ({"backbone": "resnet34"}, "'resnet34' needs its weights"),
        ({"backbone": "rcf", "weights": "w.pth"}, "'rcf' takes no weights file"),
        ({"weights": "w.pth"}, "'efficientnet_lite0' takes no weights file"),
        ({"backbone": "basic_cnn", "weights": "w.pth"}, "'basic_cnn' takes no weights file"),
        ({"weights": "none"}, "'efficientnet_lite0' takes no weights file"),
    ):
        with pytest.raises(MMRiskError, match=words):
            train(town, **options)


def ensemble(**changes):
    return lambda manifest: manifest["ensemble"].update(changes)


def shape(**changes):
    return lambda manifest: manifest["ensemble"]["encoder_config"].update(changes)


WEIGHT = "encoder.banks.0.weight"


@pytest.mark.parametrize(
    ("tensors", "manifest", "words"),
    [
        (None, shape(filters=10**9), "'rcf' does not fit"),
        (None, shape(filters=2048), "'rcf' does not fit"),
        (None, shape(side=10**6), "'rcf' does not fit"),
        (None, shape(bands=[3] * 101), "'rcf' does not fit"),
        (None, shape(bands=[]), "'rcf' does not fit"),
        (None, shape(surprise=1), "'rcf' does not fit"),
        (None, ensemble(encoder_config={}), "'rcf' does not fit"),
        (None, ensemble(encoder_config=3), "damaged at 'ensemble.encoder_config'"),
        (None, ensemble(backbone="efficientnet_lite0", encoder_config={}), "the model file brings another"),
        (
            None,
            ensemble(backbone="vit_h_14", encoder_config={"weights": "IMAGENET1K_SWAG_E2E_V1"}),
            "does not fit its manifest",
        ),
        (None, ensemble(backbone="fasterrcnn_resnet50_fpn"), "'fasterrcnn_resnet50_fpn', which this version"),
        (None, ensemble(backbone="basic_cnn"), "its image network is for other images"),
        (lambda t: t.pop(WEIGHT) * 0, None, "'rcf' does not fit"),
        (lambda t: t.update({WEIGHT: t[WEIGHT].double()}), None, "'rcf' does not fit its manifest .*float64"),
        (lambda t: t.update({WEIGHT: t[WEIGHT][:, :2].clone()}), None, "'rcf' does not fit"),
        (lambda t: t.update({WEIGHT: t[WEIGHT] * float("nan")}), None, "not finite"),
        (lambda t: t.update({WEIGHT: t[WEIGHT].sign() * 1e38}), None, "not finite"),
        (lambda t: t.update({"encoder.more": torch.zeros(1)}), None, "'rcf' does not fit"),
    ],
)
def test_an_encoder_that_does_not_fit_its_manifest_is_named(rcf_path, tensors, manifest, words):
    rewrite(rcf_path, lambda t: (tensors(t), t)[1] if tensors else t, manifest)
    with pytest.raises(MMRiskError, match=words):
        RiskModel.load(rcf_path)


@pytest.mark.parametrize("config", [{}, {"weights": "OURS"}, {"weights": ["x"]}, {"weights": None}])
def test_a_torchvision_encoder_that_does_not_fit_its_manifest_is_named(town, resnet, tmp_path, config):
    encoder = make_frozen_encoder("resnet18", resnet)
    with pytest.raises((KeyError, TypeError, ValueError, RuntimeError)):
        restore_frozen_encoder("resnet18", config, encoder.state_dict())
    with pytest.raises(RuntimeError):
        restore_frozen_encoder("resnet50", ENTRY, {**encoder.state_dict(), "more": torch.zeros(10**7)})


@pytest.mark.parametrize("name", ["regnet_x_400mf", "regnet_y_400mf", "regnet_y_1_6gf"])
def test_no_encoder_is_smaller_than_the_least_that_a_model_file_must_bring(name):
    assert name in torchvision_names()
    encoder = TorchvisionClassifier(name, {"weights": next(iter(get_model_weights(name))).name})
    assert min_elements(name) < sum(tensor.numel() for tensor in encoder.network.parameters())
    with pytest.raises(ValueError, match="larger than what the model file brings"):
        restore_frozen_encoder(name, encoder.config, {"mean": encoder.mean})


@pytest.mark.slow
def test_every_encoder_can_be_restored_from_its_tensors():
    for name in torchvision_names():
        config = {"weights": next(iter(get_model_weights(name))).name}
        if name.startswith("regnet_"):
            continue
        # One that is not there costs no memory, whatever its size.
        with pytest.raises(RuntimeError, match="Missing key"):
            restore_frozen_encoder(name, config, {})


def test_an_encoder_that_asks_for_the_version_of_its_tensors_is_restored():
    entry = {"weights": next(iter(get_model_weights("mnasnet0_5"))).name}
    made = TorchvisionClassifier("mnasnet0_5", entry)
    restored = restore_frozen_encoder("mnasnet0_5", entry, dict(made.state_dict()))
    image = torch.randint(0, 256, (1, 3, 64, 64), dtype=torch.uint8)
    assert torch.equal(restored(image), made.to(memory_format=torch.channels_last)(image))
