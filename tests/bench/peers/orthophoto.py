"""A picture that a codec takes for an aerial photograph: structure at every scale, and the noise of a sensor."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import rasterio
from rasterio.transform import from_origin
from rasterio.windows import Window

# Powers of two in whole numbers of metres: torchgeo then finds the file on its own grid and does not warp it.
LEFT, TOP, PIXEL, CRS = 300_000.0, 4_700_160.0, 0.25, "EPSG:32619"
TEXTURE, STRIP = 2048, 512
NOISE = 3


def make_orthophoto(path: Path, side: int, block: int, seed: int = 1) -> Path:
    """``side`` x ``side`` pixels in three bands as a tiled deflate GeoTIFF; made once, then found again."""
    if path.is_file():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    rng = np.random.default_rng(seed)
    texture = _texture(rng)
    options = {"tiled": True, "blockxsize": block, "blockysize": block, "compress": "deflate", "num_threads": 2}
    with rasterio.open(
        part, "w", driver="GTiff", width=side, height=side, count=3, dtype="uint8", crs=CRS,
        transform=from_origin(LEFT, TOP, PIXEL, PIXEL), photometric="RGB", **options,
    ) as raster:  # fmt: skip
        for row in range(0, side, STRIP):
            height = min(STRIP, side - row)
            columns = (np.arange(side) + int(rng.integers(TEXTURE))) % texture.shape[2]
            strip = texture[:, row % texture.shape[1] :][:, :height, columns]
            strip = strip + rng.integers(-NOISE, NOISE + 1, strip.shape, dtype=np.int16)
            raster.write(np.clip(strip, 0, 255).astype(np.uint8), window=Window(0, row, side, height))
    part.rename(path)
    return path


def _texture(rng: np.random.Generator) -> npt.NDArray[np.int16]:
    """Noise of every octave, the coarse ones the stronger; mirrored, so that it goes on without a seam."""
    grey = sum(_octave(rng, 2**level) * 2**level for level in range(9))
    colour = np.stack([grey + 0.3 * sum(_octave(rng, 2**level) * 2**level for level in range(4, 9)) for _ in range(3)])
    colour = 120 + colour / colour.std() * 45
    quarter = np.clip(colour, 0, 255).astype(np.int16)
    half = np.concatenate([quarter, quarter[:, ::-1]], axis=1)
    return np.concatenate([half, half[:, :, ::-1]], axis=2)


def _octave(rng: np.random.Generator, cell: int) -> npt.NDArray[np.float32]:
    """Noise in cells of ``cell`` pixels, interpolated between their middles."""
    coarse = rng.normal(size=(TEXTURE // cell + 1,) * 2).astype(np.float32)
    at = np.arange(TEXTURE) / cell
    first, share = at.astype(int), (at % 1).astype(np.float32)
    rows = coarse[first] * (1 - share[:, None]) + coarse[first + 1 - (cell == 1)] * share[:, None]
    return rows[:, first] * (1 - share) + rows[:, first + 1 - (cell == 1)] * share
