"""The model file: one ``.safetensors`` with the manifest as JSON in its header.

Reading it never runs code. What it says is checked before it is used: schema version, names, shapes and finiteness.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from mmrisk_core.architectures import ARCHITECTURES, TRAINED_BACKBONES, Member
from mmrisk_core.encoders import (
    FrozenEncoder,
    PictureEncoder,
    can_be_fine_tuned,
    encoder_class,
    restore_frozen_encoder,
    see_early,
)
from mmrisk_core.errors import MMRiskError
from mmrisk_core.files import written_beside
from mmrisk_core.manifest import SCHEMA_VERSION, Manifest
from mmrisk_core.model_header import RISK_MANIFEST_KEY, read_header
from mmrisk_core.risk_model import RiskModel

REFERENCE_KEY = "applicability.reference"
ENCODER_PREFIX = "encoder."
PIXELS_TO_TRY = 64


def save_model(model: RiskModel, path: str | Path) -> Path:
    """Write ``model``, whole or not at all.

    :raises MMRiskError: when the output cannot be written.
    """
    path = Path(path)
    if path.suffix != ".safetensors":
        raise MMRiskError(f"A model is saved as .safetensors, not as '{path.name}'.")
    tensors = {REFERENCE_KEY: model.reference.contiguous()}
    for number, member in enumerate(model.members):
        for name, tensor in member.state_dict().items():
            tensors[f"members.{number}.{name}"] = tensor.contiguous()
    if model.encoder is not None and model.encoder.in_model_file:
        for name, tensor in model.encoder.state_dict().items():
            tensors[ENCODER_PREFIX + name] = tensor.cpu().contiguous()
    with written_beside(path) as part:
        part.write_bytes(save(tensors, metadata={RISK_MANIFEST_KEY: model.manifest.model_dump_json()}))
    return path


def read_manifest(path: str | Path) -> Manifest:
    """The manifest of a model file, without its tensors.

    :raises MMRiskError: when the file is missing, is no model, or is of another schema version.
    """
    return read_header(Path(path), RISK_MANIFEST_KEY, SCHEMA_VERSION, Manifest)


def load_model(path: str | Path) -> RiskModel:
    """Read a model file and check it.

    :raises MMRiskError: naming what is wrong with it.
    """
    path = Path(path)
    manifest = read_manifest(path)
    with safe_open(path, framework="pt") as file:
        try:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        except SafetensorError as error:
            raise MMRiskError(f"The model {path.name} is damaged ({error}).") from error
    for name, tensor in tensors.items():
        if tensor.is_floating_point() and not torch.isfinite(tensor).all():
            raise MMRiskError(f"The model {path.name} is damaged: '{name}' holds values that are not finite.")
    reference = tensors.pop(REFERENCE_KEY, None)
    if reference is None or reference.ndim != 2 or len(reference) == 0:
        raise MMRiskError(f"The model {path.name} is damaged: '{REFERENCE_KEY}' is missing or misshapen.")
    encoder = _load_encoder(path, manifest, tensors)
    configs = manifest.ensemble.member_configs
    members = tuple(_load_member(path, manifest, number, tensors) for number in range(len(configs)))
    if tensors:
        raise MMRiskError(f"The model {path.name} is damaged: '{next(iter(tensors))}' belongs to no member.")
    model = RiskModel(manifest, members, reference, encoder=encoder)
    _try_out(path, model)
    return model


@torch.inference_mode()
def _try_out(path: Path, model: RiskModel) -> None:
    """Run all members on a tile of zeros, so that what does not fit shows now and not in the middle of a prediction."""
    manifest = model.manifest
    images = [torch.zeros(1, i.bands, i.pixels, i.pixels, dtype=torch.uint8) for i in manifest.images]
    present = [torch.ones(1, dtype=torch.bool)] * len(images)
    encoder = model.encoder
    frozen = torch.zeros(1, sum(encoder.features_of(i.bands) for i in manifest.images) if encoder else 0)
    tabular = torch.zeros(1, len(manifest.attributes))
    if manifest.ensemble.fine_tuned:
        assert isinstance(encoder, PictureEncoder)  # nosec B101  # for the type checker
        frozen, images = see_early(encoder, [image[..., :PIXELS_TO_TRY, :PIXELS_TO_TRY] for image in images])
    for number, member in enumerate(model.members):
        try:
            embedding = member.embed(frozen, images, present)
            fits = member(embedding, tabular).shape[1] == len(manifest.ensemble.head_names)
            # The area of applicability is that of the first member; others may have features of another size.
            fits &= number > 0 or member.domain_features(embedding, tabular).shape[1] == model.reference.shape[1]
            problem = "its outputs have another size"
        except (RuntimeError, ValueError, IndexError) as error:
            fits, problem = False, str(error).splitlines()[0]
        if not fits:
            raise MMRiskError(
                f"The model {path.name} is damaged: member {number} does not fit its inputs and outputs ({problem})."
            )


def _load_encoder(path: Path, manifest: Manifest, tensors: dict[str, Tensor]) -> FrozenEncoder | None:
    """The frozen encoder, whose tensors are taken out of ``tensors``; tried out on a small image of each input."""
    name = manifest.ensemble.backbone
    if manifest.ensemble.fine_tuned and not (can_be_fine_tuned(name) and manifest.images):
        raise MMRiskError(
            f"The model {path.name} is damaged: its image encoder '{name}' has no last stage that could be fine-tuned."
        )
    if name in (*TRAINED_BACKBONES, "none"):
        return None
    if encoder_class(name) is None:
        raise MMRiskError(
            f"The model {path.name} uses the image encoder '{name}', which this version of MMRisk does not know. Update "
            "MMRisk."
        )
    names = [key for key in tensors if key.startswith(ENCODER_PREFIX)]
    state = {key.removeprefix(ENCODER_PREFIX): tensors.pop(key) for key in names}
    try:
        encoder = restore_frozen_encoder(name, manifest.ensemble.encoder_config, state)
        with torch.inference_mode():
            for position, image in enumerate(manifest.images):
                pixels = min(image.pixels, PIXELS_TO_TRY)
                chip = torch.full((1, image.bands, pixels, pixels), 128, dtype=torch.uint8)
                embedding = encoder.for_input(position)(chip)
                if embedding.shape[1] != encoder.features_of(image.bands) or not torch.isfinite(embedding).all():
                    raise ValueError(f"its answer to image {position} is misshapen or not finite")
    except (RuntimeError, KeyError, TypeError, ValueError, IndexError) as error:
        reason = str(error).splitlines()[-1].strip()[:200]
        raise MMRiskError(
            f"The model {path.name} is damaged: the image encoder '{name}' does not fit its manifest ({reason})."
        ) from error
    return encoder


def _load_member(path: Path, manifest: Manifest, number: int, tensors: dict[str, Tensor]) -> Member:
    architecture = ARCHITECTURES.get(manifest.ensemble.architecture)
    if architecture is None:
        raise MMRiskError(
            f"The model {path.name} has the architecture '{manifest.ensemble.architecture}', which this version of MMRisk "
            "does not know. Update MMRisk."
        )
    prefix = f"members.{number}."
    state = {name.removeprefix(prefix): tensors.pop(name) for name in list(tensors) if name.startswith(prefix)}
    config = manifest.ensemble.member_configs[number]
    try:
        if config.get("last_stage") != manifest.ensemble.last_stage:
            raise ValueError("its last stage is of another image encoder")
        member = architecture.member(config)
        member.load_state_dict(state, strict=True)
    except (RuntimeError, KeyError, TypeError, ValueError, AssertionError) as error:
        raise MMRiskError(
            f"The model {path.name} is damaged: member {number} does not fit its manifest ({error})."
        ) from error
    if member.head_names != manifest.ensemble.head_names:
        raise MMRiskError(
            f"The model {path.name} is damaged: the heads of member {number} are not those of the manifest."
        )
    return member.eval()
