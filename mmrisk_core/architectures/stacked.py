"""Stacked fusion: one head per modality and a joint one, weighted by how well each does on tiles it has not seen.

On the few hundred labelled tiles of a real county this does not lose to attributes alone, as networks trained end to
end do.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from mmrisk_core.architectures.attribute_encoding import AttributeEncoding, fit_attribute_encoding
from mmrisk_core.architectures.base import Member
from mmrisk_core.architectures.early_stopping_split import hold_out
from mmrisk_core.architectures.fine_tuning import FineTunedImages
from mmrisk_core.architectures.image_branches import ImageBranches
from mmrisk_core.architectures.linear_head import LinearHead, fit_linear_head
from mmrisk_core.architectures.normal_scores import NormalScores, fit_normal_scores
from mmrisk_core.architectures.reduction import Reduction, fit_reduction
from mmrisk_core.architectures.reference_loop import train_end_to_end
from mmrisk_core.architectures.tabm_head import TabMHead, fit_tabm_head
from mmrisk_core.architectures.training_data import FitOptions, TrainingData
from mmrisk_core.architectures.training_loop import train_member
from mmrisk_core.encoders import LastStage, make_last_stage

ATTRIBUTE_HEADS = ("attributes_linear", "attributes_tabm")
IMAGE_HEADS = ("image_linear",)
JOINT_HEADS = ("joint_linear",)


class StackedMember(Member):
    """Heads over attributes, over the image embedding, and over both; their weights lie outside, in the stack.

    Linear heads see each number twice, as it is and by its normal score: long tails, as of traffic, are told by ranks, and
    what grows evenly by the number itself. TabM bends its inputs by itself.
    """

    numbers: Tensor

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        has_tabular, has_image = bool(config["n_attributes"]), bool(config["n_components"])
        self.head_names = head_names(has_tabular, has_image)
        self.branches = ImageBranches([(b, p) for b, p in config["image_inputs"]]) if config["image_inputs"] else None
        self.last_stage = make_last_stage(**config["last_stage"]) if config.get("last_stage") else None
        self.encoding = AttributeEncoding(config["n_attributes"], config["n_flags"], config.get("levels", ()))
        self.reduction = Reduction(config["embedding_size"], config["n_components"])
        self.register_buffer("numbers", torch.nonzero(self.encoding.level < 0).flatten(), persistent=False)
        self.scores = NormalScores(self.numbers.numel())
        encoded, reduced = self.encoding.out_features + self.numbers.numel(), config["n_components"]
        if has_tabular:
            self.attributes_linear = LinearHead(encoded)
            self.attributes_tabm = TabMHead(config["bins"])
        if has_image:
            self.image_linear = LinearHead(reduced)
        if has_tabular and has_image:
            self.joint_linear = LinearHead(encoded + reduced)

    @classmethod
    def min_elements(cls, config: dict[str, Any]) -> int:
        return TabMHead.min_elements(config["bins"])

    @property
    def image_branches(self) -> ImageBranches | None:
        return self.branches

    def encode_images(self, embedding: Tensor, images: list[Tensor], present: list[Tensor]) -> Tensor:
        if self.last_stage is not None:
            return torch.as_tensor(self.last_stage(embedding, images, present))
        return embedding if self.branches is None else self.branches.encode_images(images, present)

    def pool_images(self, seen: Tensor) -> Tensor:
        return seen if self.branches is None else self.branches.pool_images(seen)

    def _inputs(self, embedding: Tensor, encoded: Tensor) -> dict[str, Tensor]:
        """What each head sees."""
        reduced = self.reduction(embedding)
        with_scores = torch.cat([encoded, self.scores(encoded[:, self.numbers])], dim=1)
        return {
            "attributes_linear": with_scores,
            "attributes_tabm": encoded,
            "image_linear": reduced,
            "joint_linear": torch.cat([with_scores, reduced], dim=1),
        }

    def forward(self, embedding: Tensor, tabular: Tensor) -> Tensor:
        inputs = self._inputs(embedding, self.encoding(tabular))
        logits = []
        for name in self.head_names:
            head = getattr(self, name)
            logit = head(inputs[name])
            logits.append(logit if name == "attributes_tabm" else logit.squeeze(1))
        return torch.stack(logits, dim=1)

    def logit_deviation(self, embedding: Tensor, tabular: Tensor) -> Tensor:
        """By the posterior of the linear heads; TabM has none and is taken to err like the linear head beside it."""
        inputs = self._inputs(embedding, self.encoding(tabular))
        heads = ["attributes_linear" if name == "attributes_tabm" else name for name in self.head_names]
        return torch.stack([getattr(self, head).deviation(inputs[head]) for head in heads], dim=1)

    def domain_features(self, embedding: Tensor, tabular: Tensor) -> Tensor:
        strongest = "joint_linear" if "joint_linear" in self.head_names else self.head_names[0]
        features = self._inputs(embedding, self.encoding.unclipped(tabular))[strongest]
        return features * torch.as_tensor(getattr(self, strongest).weight[0])


def head_names(has_tabular: bool, has_image: bool) -> tuple[str, ...]:
    """The heads there are for the modalities there are."""
    names: tuple[str, ...] = ()
    if has_tabular:
        names += ATTRIBUTE_HEADS
    if has_image:
        names += IMAGE_HEADS
    return names + (JOINT_HEADS if has_tabular and has_image else ())


def fit_stacked(data: TrainingData, options: FitOptions) -> StackedMember:
    """Fit all heads of a :class:`StackedMember`; what of its image network learns is trained on the labels first."""
    progress = options.progress
    fitted: dict[str, nn.Module] = {}
    embedding = data.embedding
    first = dataclasses.replace(options, progress=progress.part(0.0, 0.6))
    if data.last_stage is not None:
        last_stage = _fit_last_stage(data.last_stage, data, first)
        fitted["last_stage"], embedding = last_stage, _embed_all(last_stage, data)
    elif data.images:
        branches = _fit_branches(data, first)
        fitted["branches"], embedding = branches, _embed_all(lambda _, *images: branches(*images), data)
    encoding = fit_attribute_encoding(data.tabular, data.levels)
    has_image = embedding.shape[1] > 0
    reduction = fit_reduction(embedding) if has_image else Reduction(0, 0)
    encoded, reduced = encoding(data.tabular), reduction(embedding)
    numbers = encoded[:, torch.nonzero(encoding.level < 0).flatten()]
    scores = fit_normal_scores(numbers)
    with_scores = torch.cat([encoded, scores(numbers)], dim=1)
    fitted |= {"encoding": encoding, "reduction": reduction, "scores": scores}
    bins: list[list[float]] = []
    if data.tabular.shape[1]:
        fitted["attributes_linear"] = fit_linear_head(with_scores, data.label, data.block)
        tabm_options = dataclasses.replace(options, progress=progress.part(0.6, 0.9))
        tabm = fit_tabm_head(encoded, data.label, data.block, tabm_options)
        fitted["attributes_tabm"], bins = tabm, tabm.bins
    if has_image:
        fitted["image_linear"] = fit_linear_head(reduced, data.label, data.block)
    if data.tabular.shape[1] and has_image:
        fitted["joint_linear"] = fit_linear_head(torch.cat([with_scores, reduced], dim=1), data.label, data.block)
    member = StackedMember(
        {
            **data.image_config,
            "embedding_size": embedding.shape[1],
            "n_components": reduction.components.shape[1],
            "n_attributes": data.tabular.shape[1],
            "n_flags": encoding.flagged.numel(),
            "levels": list(data.levels),
            "bins": bins,
        }
    )
    for name, module in fitted.items():
        getattr(member, name).load_state_dict(module.state_dict())
    progress.update(1.0)
    return member.eval()


def _fit_last_stage(pretrained: LastStage, data: TrainingData, options: FitOptions) -> LastStage:
    """Train the last stage together with a linear head that was fitted to what it sees before (Kumar 2022).

    The head must not know the tiles that training stops by, or nothing would be better than it.
    """
    torch.manual_seed(options.seed)
    embedding = _embed_all(pretrained, data)
    reduction = fit_reduction(embedding)
    train, _ = hold_out(data.label.numpy(), data.block, options.seed)
    head = fit_linear_head(reduction(embedding)[train], data.label[train], data.block[train.numpy()])
    network = FineTunedImages(copy.deepcopy(pretrained), reduction, head)
    train_member(network.to(options.device), data, options)
    return network.cpu().last_stage


def _fit_branches(data: TrainingData, options: FitOptions) -> ImageBranches:
    torch.manual_seed(options.seed)
    network = nn.ModuleDict(
        {
            "branches": ImageBranches([(image.shape[1], image.shape[2]) for image in data.images]),
            "classifier": nn.Linear(ImageBranches.out_features, 1),
        }
    ).to(options.device)

    def logits(rows: Tensor) -> Tensor:
        part = data.take(rows.numpy())
        images = [image.to(options.device) for image in part.images]
        activations = network["branches"](images, [p.to(options.device) for p in part.present])
        return torch.as_tensor(network["classifier"](torch.nan_to_num(activations))).squeeze(1)

    train_end_to_end(network, logits, data.label.to(options.device), options)
    branches = network["branches"].cpu()
    assert isinstance(branches, ImageBranches)  # nosec B101  # for the type checker
    return branches


@torch.no_grad()
def _embed_all(network: Callable[[Tensor, list[Tensor], list[Tensor]], Tensor], data: TrainingData) -> Tensor:
    parts = [data.take(rows.numpy()) for rows in torch.split(torch.arange(len(data.label)), 256)]
    return torch.cat([network(part.embedding, part.images, part.present) for part in parts])
