"""Encoders of the U-Net: those that bring weights, and what becomes of them in training."""

from __future__ import annotations

import pytest
import torch
from safetensors.torch import save_file
from torch import nn
from torchvision.models import resnet18

from mmrisk_core import MMRiskError
from mmrisk_core.encoders.efficientnet_lite0 import efficientnet_lite0
from mmrisk_core.roads.unet import make_unet

IMAGE = torch.rand(1, 3, 64, 96, generator=torch.Generator().manual_seed(0))


def test_the_encoder_of_imagenet_comes_with_its_weights():
    network = make_unet("efficientnet_lite0", 3).eval()
    wanted = list(efficientnet_lite0().features.parameters())
    # The last layer, which sees things and no places, is left out.
    found = list(network.stages.parameters())
    assert 0 < len(found) < len(wanted)
    assert all(one.equal(two) for one, two in zip(found, wanted, strict=False))
    assert network(IMAGE).shape == (1, 64, 96)


def test_a_resnet_takes_its_weights_from_a_file(tmp_path):
    torch.manual_seed(3)
    source = resnet18()
    save_file(source.state_dict(), tmp_path / "resnet18.safetensors")
    network = make_unet("resnet18", 3, tmp_path / "resnet18.safetensors").eval()
    assert network.stages[0][0].weight.equal(source.conv1.weight)
    assert network.stages[4][1].conv2.weight.equal(source.layer4[1].conv2.weight)
    assert network(IMAGE).shape == (1, 64, 96)
    assert not make_unet("resnet18", 3).stages[0][0].weight.equal(source.conv1.weight)


def test_an_encoder_for_three_bands_sees_mixtures_of_others():
    assert make_unet("efficientnet_lite0", 5).eval()(torch.rand(2, 5, 64, 64)).shape == (2, 64, 64)


def test_the_statistics_of_a_pretrained_encoder_stay_as_they_are():
    network = make_unet("efficientnet_lite0", 3).train()
    before = [module.running_mean.clone() for module in network.stages.modules() if isinstance(module, nn.BatchNorm2d)]
    network(IMAGE + 1)
    after = [module.running_mean for module in network.stages.modules() if isinstance(module, nn.BatchNorm2d)]
    assert all(one.equal(two) for one, two in zip(before, after, strict=True))
    assert any(module.training for module in network.ups.modules() if isinstance(module, nn.BatchNorm2d))


def test_weights_of_another_network_or_where_none_are_taken(tmp_path):
    save_file({"conv1.weight": torch.zeros(1)}, tmp_path / "weights.safetensors")
    with pytest.raises(MMRiskError, match=r"weights\.safetensors does not fit"):
        make_unet("resnet18", 3, tmp_path / "weights.safetensors")
    with pytest.raises(MMRiskError, match="'plain' takes no weights file"):
        make_unet("plain", 3, tmp_path / "weights.safetensors")
    with pytest.raises(MMRiskError, match="There is no backbone 'vgg'"):
        make_unet("vgg", 3)
