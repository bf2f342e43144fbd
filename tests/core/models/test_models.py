"""The networks of the method, and what architectures build of them."""

from __future__ import annotations

import logging
import math

import numpy as np
import pytest
import torch

from mmrisk_core.architectures import ARCHITECTURES, FitOptions, TrainingData
from mmrisk_core.architectures.attribute_encoding import AttributeEncoding, fit_attribute_encoding
from mmrisk_core.architectures.image_branches import ImageBranches
from mmrisk_core.architectures.linear_head import fit_linear_head
from mmrisk_core.architectures.reduction import fit_reduction
from mmrisk_core.architectures.stacked import head_names
from mmrisk_core.architectures.tabm_head import TabMHead, fit_tabm_head
from mmrisk_core.encoders import make_frozen_encoder
from mmrisk_core.models import BasicCNN, MultiModalNN, PretrainedCNN, TabularNN, count_parameters

NAN = math.nan
CPU = torch.device("cpu")


def random_images(n: int, bands: int = 3, pixels: int = 32, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, (n, bands, pixels, pixels), generator=generator, dtype=torch.uint8)


# --- the method's networks -------------------------------------------------------------------------------------------


def test_parameter_counts():
    assert count_parameters(BasicCNN()) == 1_024_604
    assert count_parameters(TabularNN()) == 13_792
    pretrained = PretrainedCNN()
    assert count_parameters(pretrained) == 21_317_504
    assert count_parameters(pretrained, trainable=True) == 32_832
    assert count_parameters(MultiModalNN()) == 1_024_604 + 13_792 + 64 + 32 + 1 == 1_038_493


def test_activations_and_probability():
    assert BasicCNN()(torch.rand(2, 3, 196, 196)).shape == (2, 64)
    assert BasicCNN(1, 32)(torch.rand(2, 1, 32, 32)).shape == (2, 64)
    assert TabularNN()(torch.rand(2, 20)).shape == (2, 32)
    network = MultiModalNN().eval()
    image, tabular = torch.rand(2, 3, 196, 196), torch.rand(2, 20)
    probability = network(image, tabular)
    assert probability.shape == (2,)
    assert ((probability > 0) & (probability < 1)).all()
    assert torch.allclose(torch.logit(probability), network.logits(image, tabular), atol=1e-4)
    with pytest.raises(ValueError, match="16 pixels"):
        BasicCNN(image_pixels=15)


@pytest.fixture(scope="module")
def resnet_weights(tmp_path_factory):
    import torchvision

    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("weights") / "resnet34.pth"
    torch.save(torchvision.models.resnet34().state_dict(), path)
    return path


def test_the_frozen_part_keeps_its_statistics_while_the_head_trains(resnet_weights):
    network = PretrainedCNN(resnet_weights).train()
    assert network.pretrained
    assert network.head.training
    assert not any(module.training for module in network.backbone.modules())
    before = network.backbone.bn1.running_mean.clone()
    network(torch.rand(4, 3, 64, 64)).sum().backward()
    assert torch.equal(network.backbone.bn1.running_mean, before)
    assert network.head.weight.grad is not None
    assert all(p.grad is None for p in network.backbone.parameters())


def test_random_weights_are_owned_up_to(caplog, monkeypatch, tmp_path):
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    with caplog.at_level(logging.WARNING):
        assert not PretrainedCNN().pretrained
    assert "random" in caplog.text


# --- EfficientNet-Lite0 ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lite0():
    return make_frozen_encoder("efficientnet_lite0")


def test_lite0_gives_finite_features_the_same_every_time(lite0):
    images = random_images(3, pixels=64)
    features = lite0(images)
    assert features.shape == (3, 1512)
    assert torch.isfinite(features).all()
    assert torch.equal(features, make_frozen_encoder("efficientnet_lite0")(images))
    assert torch.allclose(lite0(images[1:2]), features[1:2], atol=1e-5)
    assert features.std() > 0.05
    assert not features.requires_grad


@pytest.mark.parametrize("pixels", [16, 32, 48, 64])
def test_lite0_tells_small_images_apart(lite0, pixels):
    shades = torch.tensor([20, 90, 230], dtype=torch.uint8)[:, None, None, None].expand(3, 3, pixels, pixels)
    features = lite0(shades)
    assert (torch.pdist(features) > 0.5).all()


def test_lite0_holds_imagenet_weights(lite0):
    """Its classifier is left out, but on trained features a picture and its mirror image are alike, and noise is not."""
    x = torch.linspace(0, 12.6, 96)
    picture = (((torch.sin(x)[None] * torch.cos(0.7 * x + 1)[:, None]) * 0.5 + 0.5) * 255).to(torch.uint8)
    picture = picture.expand(1, 3, 96, 96)
    mirrored, noise = picture.flip(3), random_images(1, pixels=96)
    a, b, c = lite0(torch.cat([picture, mirrored, noise]))
    similar = torch.nn.functional.cosine_similarity
    assert similar(a, b, dim=0) > similar(a, c, dim=0) + 0.2


def test_lite0_stays_frozen(lite0):
    lite0.train()
    assert not any(module.training for module in lite0.modules())
    assert count_parameters(lite0, trainable=True) == 0


def test_images_of_any_number_of_bands_are_seen_three_bands_at_a_time(lite0):
    five = random_images(2, bands=5)
    features = lite0(five)
    assert features.shape == (2, lite0.features_of(5)) == (2, 3024)
    assert torch.equal(features[:, :1512], lite0(five[:, :3]))
    assert torch.equal(features[:, 1512:], lite0(five[:, [3, 4, 3]]))
    grey = random_images(1, bands=1)
    assert torch.equal(lite0(grey), lite0(grey.expand(1, 3, 32, 32)))


# --- attribute encoding ----------------------------------------------------------------------------------------------


def test_gaps_become_the_median_and_a_flag():
    tabular = torch.tensor([[1.0, 10.0], [2.0, NAN], [3.0, 30.0], [6.0, 50.0]])
    encoding = fit_attribute_encoding(tabular)
    encoded = encoding(tabular)
    assert encoding.out_features == 3
    assert encoded[:, 2].tolist() == [0, 1, 0, 0]
    assert encoded[1, 1] == encoding(torch.tensor([[1.0, 30.0]]))[0, 1]
    assert encoded[:, :2].mean(dim=0).tolist() == pytest.approx([0, 0], abs=1e-6)
    assert encoded[:, :2].std(dim=0, unbiased=False).tolist() == pytest.approx([1, 1], rel=1e-6)


def test_a_gap_never_seen_while_training_is_filled_without_a_flag():
    encoding = fit_attribute_encoding(torch.tensor([[1.0], [2.0], [6.0]]))
    assert encoding(torch.tensor([[NAN]])).tolist() == encoding(torch.tensor([[2.0]])).tolist()


@pytest.mark.parametrize("value", [0.0, 0.1, 1_234_567.125, -3e7, 1e30])
def test_a_constant_stays_constant_and_does_not_blow_up_others(value):
    encoding = fit_attribute_encoding(torch.full((1001, 1), value))
    assert encoding(torch.tensor([[value]])).abs().item() < 1e-3
    assert encoding.std.item() == 1.0


def test_small_differences_between_large_numbers_are_kept():
    column = torch.tensor([[2_000_000.0], [2_000_001.0]]).repeat(100, 1)
    encoded = fit_attribute_encoding(column)(column)
    assert encoded[0].item() == pytest.approx(-1, abs=0.3)
    assert encoded[1].item() == pytest.approx(1, abs=0.3)


def test_wild_values_are_clipped_and_infinite_ones_are_gaps():
    column = torch.tensor([[0.0], [1.0], [2.0], [math.inf], [-math.inf]])
    encoding = fit_attribute_encoding(column)
    assert torch.isfinite(encoding(column)).all()
    assert encoding(column)[:, 1].tolist() == [0, 0, 0, 1, 1]
    assert encoding(torch.tensor([[1e30], [-1e30]]))[:, 0].tolist() == [6, -6]


def test_a_column_without_values_and_no_columns_at_all():
    encoding = fit_attribute_encoding(torch.full((5, 1), NAN))
    assert torch.isfinite(encoding(torch.tensor([[NAN], [3.0]]))).all()
    assert fit_attribute_encoding(torch.zeros(5, 0))(torch.zeros(2, 0)).shape == (2, 0)


def test_an_encoding_can_be_saved():
    encoding = fit_attribute_encoding(torch.tensor([[1.0, NAN], [2.0, 3.0]]))
    copy = AttributeEncoding(2, 1)
    copy.load_state_dict(encoding.state_dict())
    row = torch.tensor([[1.5, NAN]])
    assert torch.equal(copy(row), encoding(row))


# --- heads -----------------------------------------------------------------------------------------------------------


def test_the_linear_head_finds_the_direction_and_shrinks_noise():
    generator = torch.Generator().manual_seed(0)
    features = torch.randn(600, 12, generator=generator)
    label = (torch.rand(600, generator=generator) < torch.sigmoid(2 * features[:, 0] - 1)).float()
    head = fit_linear_head(features, label, np.arange(600) // 20)
    weight = head.weight[0].detach()
    assert weight[0] > 1.0
    assert weight[1:].abs().max() < 0.5
    assert -1.6 < head.bias.item() < -0.5


def test_the_linear_head_works_in_one_block():
    features, label = torch.randn(40, 2), torch.tensor([0.0, 1.0] * 20)
    assert torch.isfinite(fit_linear_head(features, label, np.zeros(40)).weight).all()


def test_the_reduction_keeps_the_proportions_of_its_components_and_gives_gaps_the_mean():
    generator = torch.Generator().manual_seed(0)
    embedding = torch.randn(200, 3, generator=generator) @ torch.randn(3, 50, generator=generator) + 4
    embedding[7] = NAN
    reduction = fit_reduction(embedding)
    reduced = reduction(embedding)
    assert reduced.shape == (200, 39)
    assert (reduced[7] == 0).all()
    known = torch.cat([reduced[:7], reduced[8:]])
    deviations = known[:, :3].std(dim=0)
    assert float(deviations[0]) == pytest.approx(1, rel=1e-3)
    exact = torch.linalg.svdvals(torch.cat([embedding[:7], embedding[8:]]).double() - embedding.nanmean(dim=0).double())
    assert deviations.tolist() == pytest.approx((exact[:3] / exact[0]).tolist(), rel=1e-3)
    assert known[:, 3:].abs().max() < 1e-2
    assert (fit_reduction(torch.full((10, 4), NAN))(torch.ones(2, 4)) == 0).all()


def test_the_reduction_uses_the_images_that_a_tile_has():
    generator = torch.Generator().manual_seed(0)
    embedding = torch.randn(200, 6, generator=generator)
    reduction = fit_reduction(embedding)
    half = embedding[:1].clone()
    half[0, 3:] = NAN
    expected = half.clone()
    expected[0, 3:] = embedding.mean(dim=0)[3:]
    assert torch.allclose(reduction(half), reduction(expected), atol=1e-5)
    assert (reduction(half) != 0).any()


def test_tabm_learns_what_is_not_linear_and_is_the_same_every_time():
    generator = torch.Generator().manual_seed(0)
    encoded = torch.randn(500, 2, generator=generator)
    label = (encoded[:, 0].abs() > 0.8).float()
    block = np.arange(500) // 25
    options = FitOptions(seed=3, device=CPU, epochs=25)
    head = fit_tabm_head(encoded, label, block, options)
    with torch.no_grad():
        logits = head(encoded)
    assert ((logits > 0) == (label == 1)).float().mean() > 0.9
    again = fit_tabm_head(encoded, label, block, options)
    with torch.no_grad():
        assert torch.equal(logits, again(encoded))
    copy = TabMHead(head.bins).eval()
    copy.load_state_dict(head.state_dict())
    with torch.no_grad():
        assert torch.equal(logits, copy(encoded))


def test_tabm_takes_constant_and_binary_columns():
    encoded = torch.stack([torch.zeros(60), torch.tensor([0.0, 1.0] * 30)], dim=1)
    head = fit_tabm_head(encoded, encoded[:, 1], np.arange(60) // 6, FitOptions(seed=0, device=CPU, epochs=2))
    with torch.no_grad():
        assert torch.isfinite(head(torch.tensor([[5.0, 0.5], [-5.0, 9.0]]))).all()


# --- members ---------------------------------------------------------------------------------------------------------


def training_data(n=48, *, embedding=0, image_bands=(), attributes=3, missing=True) -> TrainingData:
    generator = torch.Generator().manual_seed(0)
    tabular = torch.randn(n, attributes, generator=generator)
    frozen = torch.randn(n, embedding, generator=generator)
    images = [random_images(n, bands) for bands in image_bands]
    present = [torch.ones(n, dtype=torch.bool) for _ in image_bands]
    if missing and attributes:
        tabular[0] = NAN
        tabular[1::5, 0] = NAN
    if missing and embedding:
        frozen[::4] = NAN
    if missing:
        for there in present:
            there[::4] = False
    label = torch.tensor([0.0, 1.0, 1.0, 0.0] * (n // 4))
    return TrainingData(frozen, images, present, tabular, label, np.arange(n) // 4)


CASES = {
    "attributes": {},
    "embedding": {"embedding": 20, "attributes": 0},
    "embedding and attributes": {"embedding": 20},
    "images": {"image_bands": (3,), "attributes": 0},
    "two images and attributes": {"image_bands": (3, 1)},
}


@pytest.mark.parametrize("architecture", sorted(ARCHITECTURES))
def test_of_two_images_each_counts_where_it_is_there(architecture):
    """Two frozen embeddings of which no tile has both."""
    data = training_data(embedding=20, missing=False)
    data.embedding[::2, :10] = NAN
    data.embedding[1::2, 10:] = NAN
    member = ARCHITECTURES[architecture].fit(data, FitOptions(seed=0, device=CPU, epochs=2)).eval()
    with torch.no_grad():
        logits = member(member.embed(data.embedding, [], []), data.tabular)
        assert torch.isfinite(logits).all()
        other = data.embedding + 1
        assert not torch.allclose(logits, member(member.embed(other, [], []), data.tabular))


@pytest.mark.parametrize("architecture", sorted(ARCHITECTURES))
@pytest.mark.parametrize("case", CASES)
def test_gaps_reach_neither_weights_nor_logits(architecture, case):
    data = training_data(**CASES[case])
    member = ARCHITECTURES[architecture].fit(data, FitOptions(seed=0, device=CPU, epochs=2)).eval()
    for name, tensor in member.state_dict().items():
        assert torch.isfinite(tensor).all(), name
    with torch.no_grad():
        embedding = member.embed(data.embedding, data.images, data.present)
        logits = member(embedding, data.tabular)
        assert logits.shape == (48, len(member.head_names))
        assert torch.isfinite(logits).all()
        assert torch.isfinite(member.domain_features(embedding, data.tabular)).all()
        nothing = member(torch.full_like(embedding, NAN), torch.full_like(data.tabular, NAN))
    assert torch.isfinite(nothing).all()
    assert torch.allclose(nothing, nothing[:1].expand_as(nothing))
    copy = ARCHITECTURES[architecture].member(member.config).eval()
    copy.load_state_dict(member.state_dict(), strict=True)
    with torch.no_grad():
        assert torch.equal(logits, copy(copy.embed(data.embedding, data.images, data.present), data.tabular))


def test_the_gradient_of_concat_is_finite_with_missing_images():
    from mmrisk_core.architectures.concat import ConcatMember

    data = training_data(image_bands=(3,))
    config = {"image_inputs": [[3, 32]], "embedding_size": 0, "n_attributes": 3, "n_flags": 0}
    member = ConcatMember(config).train()
    logits = member(member.embed(data.embedding, data.images, data.present), data.tabular)
    logits.sum().backward()
    for name, parameter in member.named_parameters():
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name


def test_an_absent_image_is_not_looked_at():
    branches = ImageBranches([(3, 32), (3, 32)]).eval()
    images = [random_images(4), random_images(4, seed=1)]
    present = [torch.tensor([True, True, False, False]), torch.tensor([True, False, True, False])]
    with torch.no_grad():
        activations = branches(images, present)
        alone = branches.branches[0](images[0].float() / 255)
    assert torch.allclose(activations[1], alone[1])
    assert torch.isnan(activations[3]).all()
    assert torch.isfinite(activations[:3]).all()


def test_heads_follow_the_modalities():
    assert head_names(True, True) == ("attributes_linear", "attributes_tabm", "image_linear", "joint_linear")
    assert head_names(False, True) == ("image_linear",)
    assert head_names(True, False) == ("attributes_linear", "attributes_tabm")
