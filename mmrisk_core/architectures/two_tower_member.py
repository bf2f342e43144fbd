"""What the networks that fuse two towers share; they differ in how they fuse."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from mmrisk_core.architectures.attribute_encoding import fit_attribute_encoding
from mmrisk_core.architectures.base import Member
from mmrisk_core.architectures.image_branches import ImageBranches
from mmrisk_core.architectures.reduction import Reduction, fit_reduction
from mmrisk_core.architectures.towers import AttributeTower, ImageTower
from mmrisk_core.architectures.training_data import FitOptions, TrainingData
from mmrisk_core.architectures.training_loop import train_member


class TwoTowerMember(Member):
    """Image activations and attribute activations, fused into 64 and judged by one linear layer.

    What a tile lacks is replaced by a token that was learnt with modality dropout.
    """

    head_names = ("fused",)
    fused_features = 64
    importance: Tensor

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self.image_tower = ImageTower(
            config["image_inputs"], config["embedding_size"], config["n_components"], config.get("last_stage")
        )
        self.attribute_tower = AttributeTower(config["n_attributes"], config["n_flags"], config["levels"])
        self.classifier = nn.Linear(self.fused_features, 1)
        self.register_buffer("importance", torch.ones(ImageTower.out_features + AttributeTower.out_features))

    @abstractmethod
    def fuse(self, image: Tensor, attributes: Tensor) -> Tensor:
        """Activations of both towers (n, 64) and (n, 32) -> (n, 64)."""

    @property
    def image_branches(self) -> ImageBranches | None:
        return self.image_tower.branches

    def encode_images(self, embedding: Tensor, images: list[Tensor], present: list[Tensor]) -> Tensor:
        return self.image_tower.encode_images(embedding, images, present)

    def pool_images(self, seen: Tensor) -> Tensor:
        return self.image_tower.pool_images(seen)

    def forward(self, embedding: Tensor, tabular: Tensor) -> Tensor:
        return torch.as_tensor(self.classifier(self.fuse(*self._activations(embedding, tabular))))

    def _activations(self, embedding: Tensor, tabular: Tensor, *, clipped: bool = True) -> tuple[Tensor, Tensor]:
        return self.image_tower.with_token(embedding, len(tabular)), self.attribute_tower(tabular, clipped=clipped)

    def domain_features(self, embedding: Tensor, tabular: Tensor) -> Tensor:
        # Not what was fused: there, where gates and tangents saturate, what is far away looks near.
        return torch.cat(self._activations(embedding, tabular, clipped=False), dim=1) * self.importance

    def learn_importance(self, embedding: Tensor, tabular: Tensor) -> None:
        """Weigh each activation by how much the logit of the tiles hangs on it: the root mean square of its gradient."""
        with torch.no_grad():
            image, attributes = self._activations(embedding, tabular)
        image, attributes = image.clone().requires_grad_(), attributes.clone().requires_grad_()
        gradients = torch.autograd.grad(self.classifier(self.fuse(image, attributes)).sum(), [image, attributes])
        self.importance.copy_(torch.cat(gradients, dim=1).square().mean(dim=0).sqrt())


AnyTwoTowerMember = TypeVar("AnyTwoTowerMember", bound=TwoTowerMember)


def fit_two_towers(network: type[AnyTwoTowerMember], data: TrainingData, options: FitOptions) -> AnyTwoTowerMember:
    """Train a member that fuses two towers. See :func:`train_member`."""
    torch.manual_seed(options.seed)
    encoding = fit_attribute_encoding(data.tabular, data.levels)
    reduction = fit_reduction(data.embedding) if data.embedding.shape[1] else Reduction(0, 0)
    member = network(
        {
            **data.image_config,
            "n_components": reduction.components.shape[1],
            "n_attributes": data.tabular.shape[1],
            "n_flags": encoding.flagged.numel(),
            "levels": list(data.levels),
        }
    )
    member.attribute_tower.encoding.load_state_dict(encoding.state_dict())
    member.image_tower.reduction.load_state_dict(reduction.state_dict())
    if member.image_tower.last_stage is not None and data.last_stage is not None:
        member.image_tower.last_stage.load_state_dict(data.last_stage.state_dict())
    # Whatever is known of a tile moves the answer away from the share of high-risk tiles.
    member.classifier.bias.data.copy_(torch.logit(data.label.mean(), eps=1e-3))
    train_member(member.to(options.device), data, options)
    member.cpu()
    member.learn_importance(_embed_all(member, data), data.tabular)
    return member


@torch.no_grad()
def _embed_all(member: Member, data: TrainingData) -> Tensor:
    parts = [data.take(rows.numpy()) for rows in torch.split(torch.arange(len(data.label)), 256)]
    return torch.cat([member.embed(part.embedding, part.images, part.present) for part in parts])
