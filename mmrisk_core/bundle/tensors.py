"""The tensors of model files: read and checked, and filled into networks of the same shapes."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from mmrisk_core.encoders import LastStage
from mmrisk_core.errors import ModelFileError


def read_tensors(path: Path) -> dict[str, Tensor]:
    """All tensors of a model file, by name; the file is not needed any more afterwards.

    :raises MMRiskError: when it cannot be read, or holds numbers that are not finite.
    """
    tensors = {}
    try:
        with safe_open(path, framework="pt") as file:
            for name in file.keys():  # noqa: SIM118
                # A copy: what safetensors gives lies in the file, which may be replaced or cut off later.
                tensors[name] = file.get_tensor(name).clone()
    # What torch raises for a shape that it cannot have hangs on the shape, and goes on with a stack.
    except (
        SafetensorError,
        OSError,
        RuntimeError,
        ValueError,
        TypeError,
        OverflowError,
        KeyError,
        AttributeError,
    ) as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise ModelFileError(f"The model {path.name} is damaged ({reason}).") from error
    for name, tensor in tensors.items():
        if tensor.is_floating_point() and not is_finite(tensor):
            raise ModelFileError(f"The model {path.name} is damaged: '{name}' holds values that are not finite.")
    return tensors


def is_finite(tensor: Tensor) -> bool:
    """Whether a tensor holds neither NaN nor infinite numbers, told without much memory."""
    return tensor.numel() == 0 or bool(torch.isfinite(torch.stack(tensor.float().aminmax())).all())


def fill(network: nn.Module, state: dict[str, Tensor]) -> None:
    """Give a network that was built on the meta device its tensors; they are taken, not copied.

    :raises RuntimeError: when names or shapes differ.
    :raises ValueError: when a tensor has another type of numbers.
    """
    for name, wanted in network.state_dict().items():
        if name in state and state[name].dtype != wanted.dtype:
            raise ValueError(f"{name} is {state[name].dtype}, not {wanted.dtype}")
    network.load_state_dict(state, strict=True, assign=True)
    for module in network.modules():
        if isinstance(module, LastStage):
            module.in_order()
