"""Images of tiles -> what the members of a model see in each, by copies of its image networks made for speed."""

from __future__ import annotations

import copy
from weakref import WeakKeyDictionary

import torch
from torch import Tensor, nn

from mmrisk_core.architectures.merged_branches import MergedBranches
from mmrisk_core.bundle.trained_model import TrainedModel
from mmrisk_core.encoders import FrozenEncoder, PictureEncoder, early_activations

_faster: WeakKeyDictionary[FrozenEncoder, dict[torch.dtype, FrozenEncoder]] = WeakKeyDictionary()
"""Of each encoder what it was made into, as long as it is there: following a network takes longer than a small job."""


class ImageEmbedder:
    """The image networks of a model on one device.

    :param dtype: what a frozen encoder that ``halves`` computes in.
    """

    def __init__(self, model: TrainedModel, device: torch.device, dtype: torch.dtype) -> None:
        self._device = device
        fine_tuned = model.manifest.ensemble.fine_tuned
        self._encoder = _on(device, model.encoder, dtype) if model.encoder and not fine_tuned else None
        self._fine_tuned = FineTunedEncoders(model).to(device) if fine_tuned else None
        branches = [member.image_branches for member in model.members]
        own = [each for each in branches if each is not None]
        self._branches = MergedBranches(own).eval().to(device) if own else None

    @torch.inference_mode()
    def __call__(self, images: list[Tensor], present: list[Tensor]) -> Tensor:
        """uint8 images (n, bands, pixels, pixels) and whether they are there (n,) -> (1 or members, n, D).

        What is seen in the images, side by side by :attr:`TrainedModel.columns_of_images`; NaN where one is not there.

        Only bytes travel to the device; what is computed there may not have ended when this returns.
        """
        seen = torch.stack(present).any(dim=0)
        if seen.all():
            return self._embed(images, present)
        # The networks would look at what is not there as long as at what is.
        some = self._embed([image[seen] for image in images], [there[seen] for there in present])
        embeddings = some.new_full((len(some), len(seen), some.shape[2]), torch.nan)
        embeddings[:, seen.to(self._device)] = some
        return embeddings

    def _embed(self, images: list[Tensor], present: list[Tensor]) -> Tensor:
        here = [self._sent(image) for image in images]
        there = [p.to(self._device) for p in present]
        if self._branches is not None:
            return torch.as_tensor(self._branches(here, there))
        if self._fine_tuned is not None:
            return torch.as_tensor(self._fine_tuned(here, there))
        assert self._encoder is not None  # nosec B101  # for the type checker
        return embed_images(self._encoder, here, there).unsqueeze(0)

    def _sent(self, image: Tensor) -> Tensor:
        if self._device.type != "cuda":
            return image.to(self._device)
        return image.contiguous().pin_memory().to(self._device, non_blocking=True)


class FineTunedEncoders(nn.Module):
    """The frozen stages of an encoder, which look at each image once, and the last stage of each member."""

    def __init__(self, model: TrainedModel) -> None:
        super().__init__()
        assert isinstance(model.encoder, PictureEncoder)  # nosec B101  # for the type checker
        # Not folded: the last stages learnt from what these stages say to the last bit.
        self.encoder = copy.deepcopy(model.encoder)
        self.members = nn.ModuleList(copy.deepcopy(member) for member in model.members)

    def forward(self, images: list[Tensor], present: list[Tensor]) -> Tensor:
        """As :class:`ImageEmbedder`: (members, n, D)."""
        frozen, activations = early_activations(self.encoder, images)
        seen = [member.encode_images(frozen, activations, present) for member in self.members]  # type: ignore[operator]
        return torch.stack(seen)


def _on(device: torch.device, encoder: FrozenEncoder, dtype: torch.dtype) -> FrozenEncoder:
    made = _faster.setdefault(encoder, {})
    if dtype not in made:
        made[dtype] = encoder.for_inference(dtype)
    return made[dtype] if device.type == "cpu" else copy.deepcopy(made[dtype]).to(device)


def embed_images(encoder: FrozenEncoder, images: list[Tensor], present: list[Tensor]) -> Tensor:
    """The embeddings of all image inputs side by side, (n, D); NaN where a tile has no image."""
    parts = []
    for position, (image, there) in enumerate(zip(images, present, strict=True)):
        embedding = torch.full((len(image), encoder.features_of(image.shape[1])), torch.nan, device=image.device)
        if there.any():
            embedding[there] = encoder.for_input(position)(image[there])
        parts.append(embedding)
    return torch.cat(parts, dim=1)
