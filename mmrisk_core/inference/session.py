"""A model on a device with what it looks at: opened once, and asked by all that predict, explain, inspect and judge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass

import pandas as pd

from mmrisk_core.bundle.trained_model import TrainedModel
from mmrisk_core.compute.devices import DeviceChoice, choose_device
from mmrisk_core.geo.frames import require_tiles
from mmrisk_core.imagery import RasterSource
from mmrisk_core.imagery.change_guard import guard_unchanged
from mmrisk_core.inference import tile_slices
from mmrisk_core.inference.batching import in_batches_of
from mmrisk_core.inference.ensemble_on_device import EnsembleOnDevice
from mmrisk_core.inference.precision import Precision
from mmrisk_core.inference.scale_check import check_scale
from mmrisk_core.inference.tile_slices import PendingSlice
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.samples.image_batches import ImageBatch, require_images
from mmrisk_core.samples.image_inputs import ImageSource
from mmrisk_core.samples.image_source_checks import image_sources


@dataclass(frozen=True)
class Session:
    """A model on a device, and the imagery of some tiles, which is held against change until the session ends.

    :param sources: of the model's images, in its order.
    :param network: the networks of the model on the device.
    :param progress: says each sentence once, however many slices give rise to it.
    """

    model: TrainedModel
    sources: list[ImageSource]
    network: EnsembleOnDevice
    progress: Progress

    def open_slice(self, tiles: pd.DataFrame) -> AbstractContextManager[PendingSlice]:
        """Read the attributes of some tiles, and begin to read their images; closed at the end.

        :param tiles: as many as fit into memory; see :func:`slices_of`.
        :raises MMRiskError: when a field is not what the model needs.
        """
        return closing(tile_slices.open_slice(self.model, tiles, self.sources, self.progress))

    def batches(self, opened: PendingSlice, at_most: int | None = None) -> Iterator[ImageBatch]:
        """The images of a slice, so many tiles at once as suit the device.

        :param at_most: more tiles do not suit whoever asks.
        """
        network = self.network
        return in_batches_of(opened.batches, lambda: min(network.batch_size, at_most or network.batch_size))


@contextmanager
def open_session(
    model: TrainedModel,
    tiles: pd.DataFrame,
    rasters: Sequence[RasterSource] = (),
    *,
    image_column: str | None = None,
    device: DeviceChoice = "auto",
    precision: Precision | None = "float32",
    batch_size: int | None = None,
    must_overlap: bool = True,
    progress: Progress = NO_PROGRESS,
) -> Iterator[Session]:
    """Put a model on a device, after a look at whether tiles and rasters are what it needs.

    :param tiles: all that are to be looked at; polygons, or rows of a table where the model looks at no raster.
    :param rasters: in the order in which the model was trained on them.
    :param image_column: the field with the paths of pictures, where it is not called as in the training.
    :param precision: of the image encoder; None chooses on the first images.
    :param batch_size: most tiles at once on a device; None to find out.
    :param must_overlap: whether it is an error when no tile at all has an image.
    :raises MMRiskError: when tiles or rasters are not what the model needs; when the session ends, naming a raster that was
        changed meanwhile.
    """
    require_tiles(tiles)
    inputs = model.manifest.images
    sources = image_sources(inputs, tiles, rasters, image_column, progress)
    with guard_unchanged(rasters):
        check_scale(model.manifest, tiles, rasters, progress)
        if must_overlap and inputs:
            require_images(tiles, inputs, sources, progress)
        chosen = choose_device(device)
        progress.log(f"Computing on {chosen.summary}.")
        network = EnsembleOnDevice(model, chosen, precision=precision, batch_size=batch_size, progress=progress)
        yield Session(model, sources, network, progress.deduplicated())


def slices_of(tiles: pd.DataFrame) -> Iterator[slice]:
    """The rows of ``tiles``, so many at a time as fit into memory."""
    for start in range(0, len(tiles), tile_slices.SLICE_TILES):
        yield slice(start, min(start + tile_slices.SLICE_TILES, len(tiles)))
