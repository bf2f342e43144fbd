"""The file of a road model: one ``.safetensors`` with the manifest as JSON in its header.

Reading it never runs code. Names and shapes of tensors are held against those of the network before anything is read.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from mmrisk_core.bundle.header import ROAD_MANIFEST_KEY, read_header
from mmrisk_core.errors import ModelFileError
from mmrisk_core.files import atomic_write
from mmrisk_core.roads.model import ROAD_SCHEMA_VERSION, ROAD_UPGRADES, RoadManifest, RoadModel
from mmrisk_core.roads.unet import UNet


def save_road_model(model: RoadModel, path: str | Path) -> Path:
    """Write ``model`` to ``path``, whole or not at all.

    :raises MMRiskError: when the output cannot be written.
    """
    path = Path(path)
    if path.suffix != ".safetensors":
        raise ModelFileError(f"A model is saved as .safetensors, not as '{path.name}'.")
    tensors = {name: tensor.cpu().contiguous() for name, tensor in model.network.state_dict().items()}
    with atomic_write(path) as part:
        part.write_bytes(save(tensors, metadata={ROAD_MANIFEST_KEY: model.manifest.model_dump_json()}))
    return path


def read_road_manifest(path: str | Path) -> RoadManifest:
    """The manifest of a road model's file, without its tensors.

    :raises MMRiskError: when the file is missing, is no such model, or is of another schema version.
    """
    return read_header(Path(path), ROAD_MANIFEST_KEY, ROAD_SCHEMA_VERSION, RoadManifest, ROAD_UPGRADES)


def load_road_model(path: str | Path) -> RoadModel:
    """Read the file ``path`` of a road model and check it.

    :raises MMRiskError: naming what is wrong with it.
    """
    path = Path(path)
    manifest = read_road_manifest(path)
    with torch.device("meta"):
        network = UNet(manifest.backbone, manifest.bands, pretrained=manifest.pretrained)
    wanted = {name: (list(tensor.shape), tensor.dtype) for name, tensor in network.state_dict().items()}
    tensors = {}
    try:
        with safe_open(path, framework="pt") as file:
            names = set(file.keys())
            if names != set(wanted):
                other = sorted(names ^ set(wanted))[0]
                raise ModelFileError(f"The model {path.name} is damaged: '{other}' is missing, or belongs to no layer.")
            for name, (shape, dtype) in wanted.items():
                if file.get_slice(name).get_shape() != shape:
                    raise ModelFileError(f"The model {path.name} is damaged: '{name}' is misshapen.")
                # A copy: what safetensors gives lies in the file, which may be replaced or cut off later.
                tensors[name] = file.get_tensor(name).clone().to(dtype)
                if not torch.isfinite(tensors[name]).all():
                    raise ModelFileError(
                        f"The model {path.name} is damaged: '{name}' holds values that are not finite."
                    )
    except SafetensorError as error:
        raise ModelFileError(f"The model {path.name} is damaged ({error}).") from error
    network.load_state_dict(tensors, strict=True, assign=True)
    return RoadModel(manifest, network.eval())
