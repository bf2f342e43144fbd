"""Weights of torchvision's classifiers: where they are, what they were made for, and how they are read.

Nothing is downloaded here; files are torchvision's own, or ``.safetensors`` with the same names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torchvision.models import WeightsEnum, get_model_weights

from mmrisk_core.errors import ModelFileError
from mmrisk_core.files import require_file

AUXILIARY = ("aux1.", "aux2.", "AuxLogits.")
"""Further classifiers, of GoogLeNet and Inception, that only their training needs."""


def find_weights(name: str, given: str | Path | None = None) -> Path | None:
    """The weights file of the network ``name``: the given one, else that in torch's cache, else None.

    :raises MMRiskError: when the given file does not exist.
    """
    if given is None:
        return next((path for path in _cached(name) if path.is_file()), None)
    path = Path(given)
    require_file(path, "weights file")
    if not path.is_file():
        raise ModelFileError(f"The weights file {path} does not exist. Check the path.")
    return path


def require_weights(name: str, given: str | Path | None = None) -> Path:
    """The same, where a network without its weights would be of no use.

    :raises MMRiskError: saying which file is looked for, where it can be got and how to give it.
    """
    path = find_weights(name, given)
    if path is None:
        raise ModelFileError(
            f"The image encoder '{name}' needs its weights: no file was given, and {_cached(name)[0]} does not exist. "
            f"Download {get_model_weights(name).DEFAULT.url} and give that file as WEIGHTS, or use the image encoder "
            "efficientnet_lite0 or rcf, which need none. WEIGHTS=none (--weights none) starts it at random instead."
        )
    return path


def weights_made_for(name: str, path: Path) -> WeightsEnum:
    """Torchvision's entry for the weights in ``path``, by the name of the file; for others its default entry."""
    entries = get_model_weights(name)
    return next((entry for entry in entries if _file_name(entry) == path.name), entries.DEFAULT)


def load_weights(network: nn.Module, path: Path, *, without: Sequence[str], densenet: bool = False) -> None:
    """Load all of ``network`` from ``path``.

    :param without: beginnings of names that the file may have or not, and the network has not: its classifier's.
    :raises MMRiskError: when the file cannot be read, or is of another network.
    """
    state = _read_state(path)
    if densenet:
        # Old files of torchvision call the layers of a block norm.1; its networks now call them norm1.
        state = {re.sub(r"(denselayer\d+\.(?:norm|conv))\.([12]\.)", r"\1\2", key): state[key] for key in state}
    ignored = (*without, *AUXILIARY)
    state = {key: tensor for key, tensor in state.items() if not key.startswith(ignored)}
    for key, tensor in state.items():
        if tensor.is_floating_point() and not torch.isfinite(tensor).all():
            raise ModelFileError(f"The weights file {path.name} is damaged: '{key}' holds values that are not finite.")
    try:
        network.load_state_dict(state, strict=True)
    except RuntimeError as error:
        reason = str(error).splitlines()[-1].strip()[:200]
        raise ModelFileError(
            f"The weights file {path.name} does not fit the image encoder {type(network).__name__} that was asked for "
            f"({reason}). Give the weights of that very network, as torchvision names its layers."
        ) from error


def _cached(name: str) -> list[Path]:
    """Where torch keeps the weights that it downloads, torchvision's default entry first."""
    entries = get_model_weights(name)
    folder = Path(torch.hub.get_dir()) / "checkpoints"
    return [folder / _file_name(entry) for entry in dict.fromkeys([entries.DEFAULT, *entries])]


def _file_name(entry: WeightsEnum) -> str:
    return str(entry.url).rsplit("/", 1)[-1]


def _read_state(path: Path) -> dict[str, Tensor]:
    require_file(path, "weights file")
    try:
        if path.suffix == ".safetensors":
            content: Any = load_file(path)
        else:
            content = torch.load(path, map_location="cpu", weights_only=True)
    # What torch raises for a file that is no checkpoint hangs on the file's first bytes; errors of pickle are among it.
    except Exception as error:
        reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise ModelFileError(
            f"The weights file {path.name} cannot be read ({reason}). Give a file of torchvision (.pth) or .safetensors."
        ) from error
    if not isinstance(content, dict) or not all(isinstance(tensor, Tensor) for tensor in content.values()):
        raise ModelFileError(
            f"The weights file {path.name} holds something else than the tensors of one network. Give a file of "
            "torchvision (.pth) or .safetensors."
        )
    return {str(key): tensor for key, tensor in content.items()}
