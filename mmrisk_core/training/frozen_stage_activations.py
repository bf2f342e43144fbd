"""What the frozen stages of an encoder make of all tiles, kept in memory for the last stage to be trained on."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from mmrisk_core.encoders import PictureEncoder
from mmrisk_core.errors import ResourceError
from mmrisk_core.samples.augmentation import VIEWS, fixed_views
from mmrisk_core.samples.image_batches import ImageBatch
from mmrisk_core.samples.image_inputs import ImageInput
from mmrisk_core.training.chip_embedding import CHIPS_AT_ONCE
from mmrisk_core.wording import counted

MAX_BYTES = 2 * 10**9


class EarlyActivations:
    """The activations before the last stage, of each image in eight views, in half precision.

    :param n: number of tiles.
    :param seed: of the light in which the views are seen.
    :raises MMRiskError: when they take more than 2 GB.
    """

    def __init__(
        self, encoder: PictureEncoder, inputs: Sequence[ImageInput], n: int, device: torch.device, seed: int
    ) -> None:
        self.encoder = encoder
        self._device = device
        self._generator = torch.Generator().manual_seed(seed)
        shapes = [self._shape_of(image) for image in inputs]
        self.size = 2 * n * VIEWS * sum(shape.numel() for shape in shapes)
        if self.size > MAX_BYTES:
            raise ResourceError(
                f"Fine-tuning on {counted(n, 'tile')} would keep {self.size / 1e9:.1f} GB in memory, and "
                f"{MAX_BYTES / 1e9:.0f} GB are the most. Use smaller images (IMAGE_PIXELS), fewer images or fewer "
                "tiles, or train without "
                "fine-tuning (FINE_TUNE)."
            )
        self._kept = [torch.zeros(n, VIEWS, *shape, dtype=torch.float16) for shape in shapes]
        self.present = [torch.zeros(n, dtype=torch.bool) for _ in inputs]

    @property
    def images(self) -> list[Tensor]:
        """Per image input, the activations of the image as it is, (n, triples, C, h, w); 0 where a tile lacks it."""
        return [kept[:, 0] for kept in self._kept]

    @property
    def views(self) -> list[Tensor]:
        """Those of the image turned, mirrored and relit, (n, 7, triples, C, h, w)."""
        return [kept[:, 1:] for kept in self._kept]

    def add(self, batch: ImageBatch) -> None:
        """Look at the images of some tiles."""
        rows = torch.from_numpy(batch.rows)
        for kept, known, images, there in zip(self._kept, self.present, batch.images, batch.present, strict=True):
            known[rows] = there
            for number, view in enumerate(fixed_views(images[there], self._generator)):
                for some, chips in zip(*(torch.split(x, CHIPS_AT_ONCE) for x in (rows[there], view)), strict=True):
                    kept[some, number] = self.encoder.forward_early(chips.to(self._device))[1].cpu()

    def _shape_of(self, image: ImageInput) -> torch.Size:
        blank = torch.zeros(1, image.bands, image.pixels, image.pixels, dtype=torch.uint8, device=self._device)
        return self.encoder.forward_early(blank)[1].shape[1:]
