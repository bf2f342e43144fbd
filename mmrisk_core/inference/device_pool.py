"""Images dealt to one network on each device, so many at a time as its memory holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import torch
from torch import Tensor

from mmrisk_core.compute.devices import is_out_of_memory
from mmrisk_core.errors import ResourceError
from mmrisk_core.progress import Progress
from mmrisk_core.wording import counted

Embed = Callable[[list[Tensor], list[Tensor]], Tensor]
"""uint8 images of each input (n, bands, pixels, pixels) and whether they are there (n,) -> (k, n, D)."""

CPU = torch.device("cpu")
ON_CPU, ON_GPU = 64, 512
USUAL_PIXELS = 196
PROBE = 8
SHARE_OF_FREE_MEMORY = 0.6


class DevicePool:
    """Networks that embed images, one on each device.

    When memory runs out, half as many tiles are taken at once; when it does not suffice for one, the CPU takes over.

    :param make: makes the network of a device.
    :param size: most tiles at once on a device; None to find out.
    """

    def __init__(
        self,
        make: Callable[[torch.device], Embed],
        devices: Sequence[torch.device],
        size: int | None,
        progress: Progress,
    ) -> None:
        self._make = make
        self._progress = progress
        self._given = size
        self._use(devices, size)

    def _use(self, devices: Sequence[torch.device], size: int | None) -> None:
        self.devices = tuple(devices)
        self._networks = [self._make(device) for device in devices]
        self._size = size

    def at_once(self, pixels: int) -> int:
        """How many tiles with images of ``pixels`` to a side keep all devices busy; one at least."""
        most = self._size or (ON_GPU if self.devices[0].type == "cuda" else _usual(pixels))
        return most * len(self.devices)

    def embed(self, images: list[Tensor], present: list[Tensor]) -> Tensor:
        """The embeddings (k, n, D), on the first device.

        :raises MMRiskError: when even the CPU has no memory for a single tile.
        """
        while True:
            try:
                return self._embed(images, present)
            except (torch.OutOfMemoryError, RuntimeError) as error:
                if not is_out_of_memory(error):
                    raise
            # Only now, behind the exception, nothing refers to the tensors of the attempt any more.
            self._make_do(len(images[0]))

    def _embed(self, images: list[Tensor], present: list[Tensor]) -> Tensor:
        if self._size is None:
            self._size = self._find_size(images, present)
        slices = [slice(start, start + self._size) for start in range(0, len(images[0]), self._size)]
        if len(self._networks) == 1:
            return torch.cat([_embed_part(self._networks[0], images, present, part) for part in slices], dim=1)
        count = len(self._networks)
        with ThreadPoolExecutor(count) as pool:
            hands = [
                pool.submit(_embed_parts, network, images, present, slices[number::count])
                for number, network in enumerate(self._networks)
            ]
            dealt = [hand.result() for hand in hands]
        parts = [dealt[number % count][number // count].to(self.devices[0]) for number in range(len(slices))]
        return torch.cat(parts, dim=1)

    def _find_size(self, images: list[Tensor], present: list[Tensor]) -> int:
        device = self.devices[0]
        if device.type != "cuda":
            return _usual(images[0].shape[-1])
        torch.cuda.reset_peak_memory_stats(device)
        before = torch.cuda.memory_allocated(device)
        _embed_part(self._networks[0], images, present, slice(0, PROBE))
        used = torch.cuda.max_memory_allocated(device) - before
        return fitting(torch.cuda.mem_get_info(device)[0], used / min(PROBE, len(images[0])))

    def _make_do(self, tiles: int) -> None:
        torch.cuda.empty_cache()
        size = min(self._size or ON_CPU, tiles)
        if size > 1:
            self._size = size // 2
            self._progress.log(
                f"Memory ran out with {counted(size, 'tile')} at once: {self._size} are taken from now on."
            )
        elif self.devices != (CPU,):
            self._progress.log("The GPU has no memory for a single tile: the CPU goes on.")
            self._use([CPU], self._given)
        else:
            raise ResourceError(
                "The computer has no memory for the images of a single tile. Close other programs, or train a model with "
                "fewer IMAGE_PIXELS."
            )


def fitting(free: float, per_tile: float) -> int:
    """How many tiles of ``per_tile`` bytes to take at once where ``free`` bytes are free: a power of two."""
    most = min(float(ON_GPU), SHARE_OF_FREE_MEMORY * free / max(per_tile, 1.0))
    return 1 << (max(1, int(most)).bit_length() - 1)


def _usual(pixels: int) -> int:
    """More images at once are not faster on a CPU; larger ones fill its caches sooner."""
    return int(min(max(ON_CPU * USUAL_PIXELS**2 // pixels**2, 1), ON_CPU))


def _embed_part(network: Embed, images: list[Tensor], present: list[Tensor], part: slice) -> Tensor:
    return network([image[part] for image in images], [there[part] for there in present])


def _embed_parts(network: Embed, images: list[Tensor], present: list[Tensor], parts: Sequence[slice]) -> list[Tensor]:
    return [_embed_part(network, images, present, part) for part in parts]
