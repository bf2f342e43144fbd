"""The method's own convolutional network."""

from __future__ import annotations

from torch import Tensor, nn

from mmrisk_core.compute.batch_shards import BatchDropout


class BasicCNN(nn.Module):
    """Two 5 x 5 convolutions (3 -> 6 -> 4 channels), each pooled, then 120 and 64 units.

    1,024,604 parameters at the reference size of 196 pixels and three bands.

    :param in_channels: bands of the image.
    :param image_pixels: side of the image in pixels.
    :param dropout: share of the 120 units dropped while training.
    """

    out_features = 64

    def __init__(self, in_channels: int = 3, image_pixels: int = 196, dropout: float = 0.1) -> None:
        super().__init__()
        side = ((image_pixels - 4) // 2 - 4) // 2
        if side < 1:
            raise ValueError(f"BasicCNN needs images of at least 16 pixels, not {image_pixels}")
        self.convolutions = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 4, 5), nn.ReLU(), nn.MaxPool2d(2)
        )
        self.head = nn.Sequential(
            nn.Flatten(),
            nn.Linear(4 * side * side, 120),
            nn.ReLU(),
            BatchDropout(dropout),
            nn.Linear(120, self.out_features),
            nn.ReLU(),
        )

    def forward(self, image: Tensor) -> Tensor:
        """``image`` (n, bands, pixels, pixels) in 0..1 -> (n, 64)."""
        activations: Tensor = self.head(self.convolutions(image))
        return activations


def count_parameters(module: nn.Module, *, trainable: bool = False) -> int:
    """Number of parameters of ``module``, all of them or the ``trainable`` ones."""
    return sum(p.numel() for p in module.parameters() if p.requires_grad or not trainable)
