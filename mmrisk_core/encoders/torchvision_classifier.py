"""Any classifier of torchvision by its name, without the layer that names classes."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import torch
import torchvision
from torch import Tensor, nn
from torch.nn import functional
from torchvision.models import WeightsEnum, get_model_builder, get_model_weights, list_models

from mmrisk_core.encoders.base import PictureEncoder
from mmrisk_core.encoders.batch_norm_folding import folded
from mmrisk_core.models.torchvision_weights import load_weights, require_weights, weights_made_for

MIN_PIXELS = 64
"""Of smaller images the last layers see little but padding."""

# Their weights take pictures normalised in another way, which these networks do themselves.
INCEPTION = {"aux_logits": False, "init_weights": False, "transform_input": True}
BUILT_WITH: dict[str, dict[str, Any]] = {"googlenet": INCEPTION, "inception_v3": INCEPTION}

COMPUTED = "regnet_"
"""How the names of networks begin whose widths torchvision computes with tensors, which the meta device cannot."""
RESIDUAL = ("resnet", "resnext", "wide_resnet")
IN_ROWS = {"efficientnet_": 2, "convnext_": 1}
"""Networks that are one row of layers, by how their names begin, and how many of these the last stage has."""


@cache
def torchvision_names() -> tuple[str, ...]:
    """The names of torchvision's classifiers, such as resnet34 or vit_b_16."""
    return tuple(list_models(module=torchvision.models))


class TorchvisionClassifier(PictureEncoder):
    """A classifier of torchvision up to its last layer, frozen.

    :param name: one of :func:`torchvision_names`.
    :param config: ``weights``, the name of torchvision's entry for the weights, which says how pictures are normalised
        and, where the network takes one size only, which; ``random`` where it began at random instead.
    """

    takes_weights = True
    mean: Tensor
    std: Tensor

    def __init__(self, name: str, config: dict[str, Any]) -> None:
        super().__init__(config)
        self._name = name
        entry: WeightsEnum = get_model_weights(name)[config["weights"]]
        least = max(entry.meta["min_size"])
        self._least = max(least, MIN_PIXELS)
        self._only: int | None = None
        options = dict(BUILT_WITH.get(name, {}))
        if name.startswith(("vit_", "maxvit_")):
            self._only = least
        if name.startswith("vit_"):
            options["image_size"] = least
        self.network = get_model_builder(name)(weights=None, **options)
        self.classifier, self.out_features = _take_off_classifier(self.network)
        normalisation = entry.transforms()
        self.register_buffer("mean", torch.tensor(normalisation.mean).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(normalisation.std).view(1, 3, 1, 1))
        self.requires_grad_(False)
        self.eval()

    def embed(self, image: Tensor) -> Tensor:
        """(n, 3, pixels, pixels) in 0..1 -> (n, out_features)."""
        return torch.as_tensor(self.network(self._prepared(image)))

    def embed_early(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """(n, 3, pixels, pixels) in 0..1 -> no features (n, 0), and activations (n, C, h, w)."""
        early, _ = _split(self._name, self.network)
        return image.new_zeros(len(image), 0), early(self._prepared(image))

    def last_layers(self) -> nn.Module:
        """The last stage of the network and what follows it but the classifier."""
        return _split(self._name, self.network)[1]

    def _prepared(self, image: Tensor) -> Tensor:
        """As large as the network takes it, and normalised."""
        pixels = image.shape[-1]
        wanted = self._only or max(pixels, self._least)
        if pixels != wanted:
            image = functional.interpolate(image, size=(wanted, wanted), mode="bilinear", antialias=True)
        return ((image - self.mean) / self.std).to(self.dtype)

    def fold(self, dtype: torch.dtype) -> None:
        self.network = folded(self.network).to(dtype)


def pretrained_classifier(name: str, weights: str | Path | None = None) -> TorchvisionClassifier:
    """The classifier ``name`` with its weights, from the file ``weights`` or from torch's cache.

    :raises MMRiskError: when there are none, or they are of another network.
    """
    path = require_weights(name, weights)
    encoder = TorchvisionClassifier(name, {"weights": weights_made_for(name, path).name})
    load_weights(encoder.network, path, without=(f"{encoder.classifier}.",), densenet=name.startswith("densenet"))
    return encoder


def random_classifier(name: str, seed: int) -> TorchvisionClassifier:
    """The classifier ``name`` as it is before anything was learnt; the same ``seed`` gives the same numbers."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return TorchvisionClassifier(name, {"weights": get_model_weights(name).DEFAULT.name, "random": True})


def min_elements(name: str) -> int:
    """How many numbers an encoder of ``COMPUTED`` has at the least; the layer that is taken off is a tenth of a network."""
    return int(min(entry.meta["num_params"] for entry in get_model_weights(name))) * 4 // 5


def has_last_stage(name: str) -> bool:
    """Whether it can be told where the last stage of the classifier ``name`` begins."""
    return name.startswith((*RESIDUAL, *IN_ROWS))


def _split(name: str, network: nn.Module) -> tuple[nn.Sequential, nn.Sequential]:
    """The layers before the last stage of ``network``, and the others."""
    layers = dict(network.named_children())
    if name.startswith(RESIDUAL):
        early = [layers[key] for key in ("conv1", "bn1", "relu", "maxpool", "layer1", "layer2", "layer3")]
        return nn.Sequential(*early), nn.Sequential(layers["layer4"], layers["avgpool"], nn.Flatten())
    row = layers["features"]
    assert isinstance(row, nn.Sequential)  # nosec B101  # for the type checker
    last = next(count for beginning, count in IN_ROWS.items() if name.startswith(beginning))
    # ConvNeXt normalises between pooling and classifier, EfficientNet only drops out.
    rest = (
        [layers["avgpool"], layers["classifier"]] if name.startswith("convnext_") else [layers["avgpool"], nn.Flatten()]
    )
    return row[:-last], nn.Sequential(*row[-last:], *rest)


def _take_off_classifier(network: nn.Module) -> tuple[str, int]:
    """Let ``network`` answer with what its classifier would get; the name of that layer, and how many features it is."""
    layers = [(name, module) for name, module in network.named_modules() if isinstance(module, nn.Linear)]
    if not layers:
        # SqueezeNet's classifier is a convolution.
        convolution = network.get_submodule("classifier.1")
        assert isinstance(convolution, nn.Conv2d)  # nosec B101  # for the type checker
        network.set_submodule("classifier", nn.AdaptiveAvgPool2d(1))
        return "classifier", convolution.in_channels
    name, last = layers[-1]
    network.set_submodule(name, nn.Identity())
    return name, last.in_features
