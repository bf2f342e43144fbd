"""The method's architecture: activations of both networks side by side, trained end to end."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from mmrisk_core.architectures.attribute_encoding import AttributeEncoding, fit_attribute_encoding
from mmrisk_core.architectures.base import Member
from mmrisk_core.architectures.image_branches import ImageBranches
from mmrisk_core.architectures.reference_loop import train_end_to_end
from mmrisk_core.architectures.training_data import FitOptions, TrainingData
from mmrisk_core.architectures.training_loop import train_member
from mmrisk_core.encoders import make_last_stage
from mmrisk_core.models import BasicCNN, MultiModalNN, TabularNN


class ConcatMember(Member):
    """:class:`MultiModalNN` over :class:`BasicCNN` or over the embedding of a frozen encoder.

    A tile without any image gets the mean image activations of the training tiles in their place; where one of several
    is missing, its features are 0.
    """

    head_names = ("fused",)
    image_token: Tensor
    tabular_token: Tensor

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self.encoding = AttributeEncoding(config["n_attributes"], config["n_flags"], config.get("levels", ()))
        self.last_stage = make_last_stage(**config["last_stage"]) if config.get("last_stage") else None
        self.fusion = MultiModalNN(self._image_network(), self._tabular_network())
        self.register_buffer("image_token", torch.zeros(BasicCNN.out_features))
        self.register_buffer("tabular_token", torch.zeros(TabularNN.out_features))

    def _image_network(self) -> nn.Module:
        if self.config["image_inputs"]:
            return ImageBranches([(bands, pixels) for bands, pixels in self.config["image_inputs"]])
        if self.config["embedding_size"]:
            return nn.Sequential(nn.Linear(self.config["embedding_size"], BasicCNN.out_features), nn.ReLU())
        return nn.Identity()

    def _tabular_network(self) -> nn.Module:
        return TabularNN(self.encoding.out_features) if self.config["n_attributes"] else nn.Identity()

    @property
    def image_branches(self) -> ImageBranches | None:
        network = self.fusion.image_network
        return network if isinstance(network, ImageBranches) else None

    def encode_images(self, embedding: Tensor, images: list[Tensor], present: list[Tensor]) -> Tensor:
        if self.image_branches is not None:
            return self.image_branches.encode_images(images, present)
        if self.last_stage is not None:
            return torch.as_tensor(self.last_stage(embedding, images, present))
        return embedding

    def pool_images(self, seen: Tensor) -> Tensor:
        if self.image_branches is not None:
            return self.image_branches.pool_images(seen)
        # A gap is masked before and after the network: NaN inside it would reach the gradients.
        absent = torch.isnan(seen).all(dim=1, keepdim=True)
        return torch.as_tensor(self.fusion.image_network(torch.nan_to_num(seen)).masked_fill(absent, torch.nan))

    def forward(self, embedding: Tensor, tabular: Tensor) -> Tensor:
        image, attributes = self._activations(embedding, tabular)
        return torch.as_tensor(self.fusion.classifier(torch.cat([image, attributes], dim=1)))

    def _activations(self, embedding: Tensor, tabular: Tensor, *, clipped: bool = True) -> tuple[Tensor, Tensor]:
        n = len(tabular)
        if embedding.shape[1] == 0:
            image = self.image_token.expand(n, -1)
        else:
            image = torch.where(torch.isnan(embedding), self.image_token, embedding)
        if tabular.shape[1] == 0:
            return image, self.tabular_token.expand(n, -1)
        encoded = self.encoding(tabular) if clipped else self.encoding.unclipped(tabular)
        attributes = self.fusion.tabular_network(encoded)
        absent = torch.isnan(tabular).all(dim=1, keepdim=True)
        return image, torch.where(absent, self.tabular_token, attributes)

    def domain_features(self, embedding: Tensor, tabular: Tensor) -> Tensor:
        activations = torch.cat(self._activations(embedding, tabular, clipped=False), dim=1)
        return activations * self.fusion.classifier.weight[0]


def fit_concat(data: TrainingData, options: FitOptions) -> ConcatMember:
    """Train a :class:`ConcatMember` by the reference loop; where a last stage is fine-tuned, by :func:`train_member`."""
    torch.manual_seed(options.seed)
    encoding = fit_attribute_encoding(data.tabular, data.levels)
    member = ConcatMember(
        {
            **data.image_config,
            "n_attributes": data.tabular.shape[1],
            "n_flags": encoding.flagged.numel(),
            "levels": list(data.levels),
        }
    )
    member.encoding.load_state_dict(encoding.state_dict())
    member.to(options.device)
    label = data.label.to(options.device)

    def embed(rows: Tensor) -> tuple[Tensor, Tensor]:
        part = data.take(rows.numpy())
        images = [image.to(options.device) for image in part.images]
        present = [p.to(options.device) for p in part.present]
        return member.embed(part.embedding.to(options.device), images, present), part.tabular.to(options.device)

    if member.last_stage is not None and data.last_stage is not None:
        member.last_stage.load_state_dict(data.last_stage.state_dict())
        train_member(member, data, options)
    else:
        train_end_to_end(member, lambda rows: member(*embed(rows))[:, 0], label, options)
    _learn_tokens(member, data, embed)
    return member.cpu()


@torch.no_grad()
def _learn_tokens(member: ConcatMember, data: TrainingData, embed: Any) -> None:
    sums: list[Tensor] = []
    counts: list[Tensor] = []
    for rows in torch.split(torch.arange(len(data.label)), 256):
        embedding, tabular = embed(rows)
        known = ~torch.isnan(embedding)
        image = torch.nan_to_num(embedding).sum(dim=0), known.sum(dim=0)
        attributes = member._activations(embedding, tabular)[1]
        sums.append(torch.cat([image[0], attributes.sum(dim=0)]))
        counts.append(torch.cat([image[1], torch.full_like(attributes[0], len(rows)).long()]))
    mean = torch.stack(sums).sum(dim=0) / torch.stack(counts).sum(dim=0).clamp(min=1)
    split = mean.numel() - TabularNN.out_features
    if split:
        member.image_token.copy_(mean[:split])
    member.tabular_token.copy_(mean[split:])
