"""Networks with less to compute: convolutions that do the scaling of the batch-norm layers behind them."""

from __future__ import annotations

import copy

import torch
from torch import nn
from torch.fx.experimental.optimization import fuse
from torch.fx.proxy import TraceError
from torch.nn.modules.batchnorm import _BatchNorm


def folded(network: nn.Module) -> nn.Module:
    """A copy of ``network``, which is in evaluation mode, with its batch-norm layers folded into the convolutions before.

    Where the path through the network hangs on what it sees, it cannot be followed, and the copy is as it was.
    """
    if any(isinstance(module, _BatchNorm) for module in network.modules()):
        try:
            return fuse(network).eval().to(memory_format=torch.channels_last)
        except (TraceError, TypeError, RuntimeError, AttributeError):
            pass
    return copy.deepcopy(network)
