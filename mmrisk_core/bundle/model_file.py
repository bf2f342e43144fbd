"""The model file: one ``.safetensors`` with the manifest as JSON in its header.

Reading it never runs code. What it says is checked before it is used: schema version, names, shapes and finiteness.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor

from mmrisk_core.architectures import ARCHITECTURES, TRAINED_BACKBONES, Member
from mmrisk_core.architectures.image_branches import ImageBranches
from mmrisk_core.bundle.donors import restored as restored_donors
from mmrisk_core.bundle.donors import stored as stored_donors
from mmrisk_core.bundle.header import RISK_MANIFEST_KEY, read_header
from mmrisk_core.bundle.manifest import SCHEMA_VERSION, UPGRADES, Manifest
from mmrisk_core.bundle.tensors import fill, read_tensors
from mmrisk_core.bundle.trained_model import TrainedModel
from mmrisk_core.bundle.trained_tiles import restored as restored_tiles
from mmrisk_core.bundle.trained_tiles import stored as stored_tiles
from mmrisk_core.compute.devices import is_out_of_memory
from mmrisk_core.encoders import (
    FrozenEncoder,
    PictureEncoder,
    can_be_fine_tuned,
    early_activations,
    encoder_class,
    restore_frozen_encoder,
)
from mmrisk_core.errors import ModelFileError, OutputError, ResourceError
from mmrisk_core.files import atomic_write
from mmrisk_core.samples.image_inputs import ImageInput
from mmrisk_core.wording import counted

REFERENCE_KEY = "applicability.reference"
ENCODER_PREFIX = "encoder."
PIXELS_TO_TRY = 64


def save_model(model: TrainedModel, path: str | Path) -> Path:
    """Write ``model``, whole or not at all.

    :raises MMRiskError: when the output cannot be written.
    """
    path = Path(path)
    if path.suffix != ".safetensors":
        raise OutputError(f"A model is saved as .safetensors, not as '{path.name}'.")
    tensors = {REFERENCE_KEY: model.reference.contiguous()}
    if model.donors is not None:
        tensors |= stored_donors(model.donors)
    if model.trained_tiles is not None:
        tensors |= stored_tiles(model.trained_tiles)
    for number, member in enumerate(model.members):
        for name, tensor in member.state_dict().items():
            tensors[f"members.{number}.{name}"] = tensor.contiguous()
    if model.encoder is not None and model.encoder.in_model_file:
        for name, tensor in model.encoder.state_dict().items():
            tensors[ENCODER_PREFIX + name] = tensor.cpu().contiguous()
    with atomic_write(path) as part:
        part.write_bytes(save(tensors, metadata={RISK_MANIFEST_KEY: model.manifest.model_dump_json()}))
    return path


def read_manifest(path: str | Path) -> Manifest:
    """The manifest of a model file, without its tensors.

    :raises MMRiskError: when the file is missing, is no model, or is of another schema version.
    """
    return read_header(Path(path), RISK_MANIFEST_KEY, SCHEMA_VERSION, Manifest, UPGRADES)


def load_model(path: str | Path) -> TrainedModel:
    """Read a model file and check it.

    :raises MMRiskError: naming what is wrong with it.
    """
    path = Path(path)
    manifest = read_manifest(path)
    tensors = read_tensors(path)
    reference = tensors.pop(REFERENCE_KEY, None)
    if reference is None or reference.ndim != 2 or len(reference) == 0 or reference.dtype != torch.float32:
        raise ModelFileError(f"The model {path.name} is damaged: '{REFERENCE_KEY}' is missing or misshapen.")
    encoder = _load_encoder(path, manifest, tensors)
    configs = manifest.ensemble.member_configs
    members = tuple(_load_member(path, manifest, number, tensors) for number in range(len(configs)))
    model = TrainedModel(manifest, members, reference, encoder=encoder)
    try:
        ways = len(members) if model.has_own_image_networks else 1
        donors = restored_donors(tensors, len(manifest.attributes), model.columns_of_images, ways)
        trained_tiles = restored_tiles(tensors, manifest.trained_place, len(manifest.ensemble.unseen))
        if (donors is None) != (manifest.donors_drawn == 0) or (donors and manifest.donors_drawn > len(donors.tabular)):
            raise ValueError("its donors are not those of the manifest")
    except ValueError as error:
        raise ModelFileError(f"The model {path.name} is damaged: {error}.") from error
    if tensors:
        raise ModelFileError(f"The model {path.name} is damaged: '{next(iter(tensors))}' belongs to no member.")
    model = replace(model, donors=donors, trained_tiles=trained_tiles)
    _try_out(path, model)
    return model


@torch.inference_mode()
def _try_out(path: Path, model: TrainedModel) -> None:
    """Run all members on a tile of zeros, so that what does not fit shows now and not in the middle of a prediction.

    Image networks of the members' own are left out: built for the images of the manifest, they fit them.
    """
    manifest = model.manifest
    images: list[Tensor] = []
    present = [torch.ones(1, dtype=torch.bool)] * len(manifest.images)
    encoder = model.encoder
    frozen = torch.zeros(1, sum(encoder.features_of(i.bands) for i in manifest.images) if encoder else 0)
    tabular = torch.zeros(1, len(manifest.attributes))
    if manifest.ensemble.fine_tuned:
        assert isinstance(encoder, PictureEncoder)  # nosec B101  # for the type checker
        frozen, images = early_activations(encoder, [_small_image(image, 0) for image in manifest.images])
    width = 0
    for number, member in enumerate(model.members):
        try:
            seen = torch.zeros(1, ImageBranches.out_features * len(present))
            embedding = member.pool_images(seen) if member.image_branches else member.embed(frozen, images, present)
            fits = member(embedding, tabular).shape[1] == len(manifest.ensemble.head_names)
            # The area of applicability is that of as many members as its reference has room for: in earlier files the first.
            if width < model.reference.shape[1]:
                width += member.domain_features(embedding, tabular).shape[1]
                fits &= width <= model.reference.shape[1] and (
                    number < len(model.members) - 1 or width == model.reference.shape[1]
                )
            problem = "its outputs have another size"
        except (RuntimeError, ValueError, IndexError) as error:
            fits, problem = False, str(error).splitlines()[0]
        if not fits:
            raise ModelFileError(
                f"The model {path.name} is damaged: member {number} does not fit its inputs and outputs ({problem})."
            )


def _small_image(image: ImageInput, value: int) -> Tensor:
    """An image of an input (1, bands, pixels, pixels) uint8, no larger than what every encoder takes."""
    pixels = min(image.pixels, PIXELS_TO_TRY)
    return torch.full((1, image.bands, pixels, pixels), value, dtype=torch.uint8)


def _check_config(config: dict[str, Any], manifest: Manifest, state: dict[str, Tensor]) -> None:
    """Hold what a member is to be built from against the rest of the file.

    :raises ValueError: when it is of other inputs, or larger than what the file brings of it.
    """
    ensemble = manifest.ensemble
    if config.get("last_stage") != ensemble.last_stage:
        raise ValueError("its last stage is of another image encoder")
    if config["n_attributes"] != len(manifest.attributes):
        raise ValueError(
            f"it has {counted(config['n_attributes'], 'attribute')}, and the manifest {len(manifest.attributes)}"
        )
    levels = [len(attribute.categories) for attribute in manifest.attributes]
    if list(config.get("levels") or [0] * len(levels)) != levels:
        raise ValueError("its levels are not those of the manifest's categories")
    own = [[i.bands, i.pixels] for i in manifest.images] if ensemble.backbone in TRAINED_BACKBONES else []
    if [list(image) for image in config["image_inputs"]] != own:
        raise ValueError("its image network is for other images than those of the manifest")
    brought = sum(tensor.numel() for tensor in state.values())
    if brought < ARCHITECTURES[ensemble.architecture].member.min_elements(config):
        raise ValueError("it is larger than what the model file brings of it")


def _load_encoder(path: Path, manifest: Manifest, tensors: dict[str, Tensor]) -> FrozenEncoder | None:
    """The frozen encoder, whose tensors are taken out of ``tensors``; tried out on a small image of each input."""
    name = manifest.ensemble.backbone
    if manifest.ensemble.fine_tuned and not (can_be_fine_tuned(name) and manifest.images):
        raise ModelFileError(
            f"The model {path.name} is damaged: its image encoder '{name}' has no last stage that could be fine-tuned."
        )
    if name in (*TRAINED_BACKBONES, "none"):
        return None
    if encoder_class(name) is None:
        raise ModelFileError(
            f"The model {path.name} uses the image encoder '{name}', which this version of MMRisk does not know. Update "
            "MMRisk."
        )
    names = [key for key in tensors if key.startswith(ENCODER_PREFIX)]
    state = {key.removeprefix(ENCODER_PREFIX): tensors.pop(key) for key in names}
    try:
        encoder = restore_frozen_encoder(name, manifest.ensemble.encoder_config, state)
        with torch.inference_mode():
            for position, image in enumerate(manifest.images):
                embedding = encoder.for_input(position)(_small_image(image, 128))
                if embedding.shape[1] != encoder.features_of(image.bands) or not torch.isfinite(embedding).all():
                    raise ValueError(f"its answer to image {position} is misshapen or not finite")
    except (RuntimeError, KeyError, TypeError, ValueError, IndexError) as error:
        if is_out_of_memory(error):
            raise ResourceError(
                f"There is not enough memory to open the model {path.name}. Close other programs."
            ) from error
        reason = str(error).splitlines()[-1].strip()[:200]
        raise ModelFileError(
            f"The model {path.name} is damaged: the image encoder '{name}' does not fit its manifest ({reason})."
        ) from error
    return encoder


def _load_member(path: Path, manifest: Manifest, number: int, tensors: dict[str, Tensor]) -> Member:
    architecture = ARCHITECTURES.get(manifest.ensemble.architecture)
    if architecture is None:
        raise ModelFileError(
            f"The model {path.name} has the architecture '{manifest.ensemble.architecture}', which this version of MMRisk "
            "does not know. Update MMRisk."
        )
    prefix = f"members.{number}."
    state = {name.removeprefix(prefix): tensors.pop(name) for name in list(tensors) if name.startswith(prefix)}
    config = manifest.ensemble.member_configs[number]
    try:
        _check_config(config, manifest, state)
        # Without memory for its tensors, so that a file cannot ask for more than it brings.
        with torch.device("meta"):
            member = architecture.member(config)
        fill(member, state)
    except (RuntimeError, KeyError, TypeError, ValueError, AssertionError, AttributeError, OverflowError) as error:
        reason = str(error).splitlines()[-1].strip()[:200] if str(error) else type(error).__name__
        raise ModelFileError(
            f"The model {path.name} is damaged: member {number} does not fit its manifest ({reason})."
        ) from error
    if member.head_names != manifest.ensemble.head_names:
        raise ModelFileError(
            f"The model {path.name} is damaged: the heads of member {number} are not those of the manifest."
        )
    return member.eval()
