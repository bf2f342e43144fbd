"""Several processes, on several GPUs or machines, that train one model together; ``torchrun`` starts them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.distributed_c10d import Store
from torch.distributed.rendezvous import rendezvous
from torch.nn.parallel import DistributedDataParallel

from mmrisk_core.errors import ResourceError

GIVEN_BY_TORCHRUN = ("RANK", "LOCAL_RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT")
TIMEOUT = timedelta(minutes=30)
"""How long a process waits for the others, which may be reading more slowly, before all end."""
LOST = "Another process of this training ended or can no longer be reached, and so it ends. Start it again."

_store: Store | None = None


@contextmanager
def process_group() -> Iterator[None]:
    """Join the other processes, if ``torchrun`` started this one, and part from them at the end, also after an error.

    Tensors of the CPU go by gloo, those of a GPU by NCCL; each process of a machine has a GPU of its own.

    :raises MMRiskError: when the others cannot be reached.
    """
    global _store
    if any(name not in os.environ for name in GIVEN_BY_TORCHRUN):
        yield
        return
    if torch.cuda.is_available() and _local_rank() < torch.cuda.device_count():
        torch.cuda.set_device(_local_rank())
    backend = "cpu:gloo,cuda:nccl" if torch.cuda.is_available() and dist.is_nccl_available() else "gloo"
    try:
        store, rank, size = next(rendezvous("env://", timeout=TIMEOUT))
        dist.init_process_group(backend, store=store, rank=rank, world_size=size, timeout=TIMEOUT)
    except (RuntimeError, ValueError) as error:
        address = f"{os.environ['MASTER_ADDR']}:{os.environ['MASTER_PORT']}"
        raise ResourceError(
            f"The processes of the training cannot reach each other at {address} ({str(error).splitlines()[0]}). Check the "
            "options of torchrun, and that no firewall lies between the machines."
        ) from error
    _store = store
    try:
        yield
    finally:
        _store = None
        dist.destroy_process_group()


def rank() -> int:
    """The number of this process, 0 and up; 0 where it is alone."""
    return dist.get_rank() if _is_joined() else 0


def world_size() -> int:
    """How many processes train together; 1 where this one is alone."""
    return dist.get_world_size() if _is_joined() else 1


def is_rank_zero() -> bool:
    """Whether this is the process that writes files and reports."""
    return rank() == 0


def gpu_of_process() -> torch.device:
    """The CUDA device of this process.

    :raises MMRiskError: when there are more processes than GPUs.
    """
    if not _is_joined():
        return torch.device("cuda")
    count = torch.cuda.device_count()
    if _local_rank() >= count:
        raise ResourceError(
            f"torchrun started more processes than this machine has GPUs ({count}). Use --nproc-per-node {count}, or set "
            "the device to cpu."
        )
    return torch.device("cuda", _local_rank())


def rank_slice(n: int, process: int | None = None) -> slice:
    """Which of ``n`` rows fall to a process (this one, if None): as many to each as can be, side by side."""
    number, size = rank() if process is None else process, world_size()
    return slice(n * number // size, n * (number + 1) // size)


def shared_gradients(network: nn.Module, function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """``function`` of ``network``, after which the gradients are the means over all processes, and so the same in each.

    Where this process is alone, ``function`` itself.
    """
    if world_size() == 1:
        return function
    return DistributedDataParallel(_FunctionOf(network, function), forward_sync_buffers=False)


def all_reduce_sum(value: float) -> float:
    """The sum of ``value`` over all processes, the same number in each."""
    return all_reduce_sums([value])[0]


def all_reduce_sums(values: Sequence[float]) -> list[float]:
    """The same of several values at a time, each by itself."""
    if world_size() == 1:
        return list(values)
    totals = torch.tensor(values, dtype=torch.float64)
    dist.all_reduce(totals)
    return [float(total) for total in totals]


def all_gather_rows(rows: Tensor) -> Tensor:
    """A tensor (n, ...) on the CPU of which each process has made its share, with the shares of all, in place."""
    for process in range(world_size()):
        share = rows[rank_slice(len(rows), process)]
        if world_size() > 1 and len(share):
            dist.broadcast(share, process)
    return rows


def require_alike(*things: object) -> None:
    """Check that all processes begin with the same: arrays, tensors, or what has a plain ``repr``.

    :raises MMRiskError: when they do not; they would train different models, or wait for each other forever.
    """
    if world_size() == 1:
        return
    digest = hashlib.sha256()
    for thing in things:
        is_array = isinstance(thing, (np.ndarray, Tensor))
        digest.update(np.ascontiguousarray(thing).tobytes() if is_array else repr(thing).encode())
    digests = torch.zeros(world_size(), digest.digest_size, dtype=torch.uint8)
    digests[rank()] = torch.frombuffer(bytearray(digest.digest()), dtype=torch.uint8)
    dist.all_reduce(digests)
    if (digests != digests[0]).any():
        raise ResourceError(
            "The processes of this training do not begin with the same tiles, options, kind of device or versions. Give the "
            "same command, the same files and the same engine to all machines."
        )


def is_lost_process(error: RuntimeError) -> bool:
    """Whether ``error`` says that another process is gone or does not answer."""
    return isinstance(error, dist.DistError) or "gloo" in str(error)


def last_sentence(sentence: str) -> str | None:
    """What a process that fails with ``sentence`` should print: why the first one failed, or None if that is said already.

    It is said once on each machine.
    """
    if _store is None:
        return sentence
    try:
        reason = _store.compare_set("mmrisk/reason", "", sentence).decode()
        is_first_here = _store.add(f"mmrisk/said on {os.environ.get('GROUP_RANK', '0')}", 1) == 1
    except RuntimeError:
        return sentence
    return reason if is_first_here else None


class _FunctionOf(nn.Module):
    """A function of a network as a module, which is what DistributedDataParallel asks for."""

    def __init__(self, network: nn.Module, function: Callable[..., Tensor]) -> None:
        super().__init__()
        self.network = network
        self._function = function

    def forward(self, *inputs: object) -> Tensor:
        return self._function(*inputs)


def _is_joined() -> bool:
    return dist.is_available() and dist.is_initialized()


def _local_rank() -> int:
    return int(os.environ.get("LOCAL_RANK", "0"))
