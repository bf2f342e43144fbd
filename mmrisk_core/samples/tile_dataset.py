"""Tiles as a dataset of torch: the sample of the method, a dictionary of image, attributes and label."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
import pandas as pd
from torch import Tensor
from torch.utils.data import Dataset

from mmrisk_core.errors import InputError
from mmrisk_core.imagery import PictureColumn, PictureReader, RasterSource
from mmrisk_core.samples.attribute_columns import Categories, find_categories, read_attributes
from mmrisk_core.samples.image_inputs import ImageReader, ImageSource, open_reader, plan_image_inputs


class Sample(TypedDict, total=False):
    """One sample of the method: image (bands, pixels, pixels) in 0..1 (one per input), attributes (F,), label."""

    image: Tensor | list[Tensor]
    tabular: Tensor
    label: Tensor


class TileDataset(Dataset[Sample]):
    """Tiles as a torch dataset of dictionaries with ``image``, ``tabular`` and ``label``.

    :param tiles: a GeoDataFrame of tiles, or a table with a column of image paths.
    :param features: attribute columns; of text ones the samples hold codes of ``categories``, found here where not given.
    :param label: the column with 0 and 1; without it samples have no label.
    :param images: rasters that cover the tiles.
    :param image_column: the column with the path of one ready-made picture per row, instead of ``images``.
    :param pixels: side of an image in pixels.
    :param context: side of the image window as a multiple of the tile's, one image for each.
    """

    def __init__(
        self,
        tiles: pd.DataFrame,
        *,
        features: Sequence[str] = (),
        label: str | None = None,
        images: Sequence[str | Path] = (),
        image_column: str | None = None,
        pixels: int = 196,
        context: Sequence[float] = (1.0,),
        categories: Categories | None = None,
    ) -> None:
        self.categories = find_categories(tiles, features) if categories is None else categories
        self._tabular = read_attributes(tiles, features, self.categories)
        self._label = read_attributes(tiles, [label])[:, 0] if label else None
        self._tiles = tiles
        self._readers: list[ImageReader] | None = None
        self._process = 0
        self._sources: list[ImageSource] = [RasterSource.model_validate(image) for image in images]
        if image_column:
            self._sources = [PictureColumn(column=image_column)]
        self._inputs = plan_image_inputs(tiles, self._sources, context, pixels) if self._sources else ()
        for reader in self._opened_readers() if image_column else []:
            if isinstance(reader, PictureReader) and not reader.inside.all():
                raise InputError(
                    f"{reader.missing} of {reader.source.shown} are missing. Leave their rows out, or put the files there."
                )

    def __len__(self) -> int:
        return len(self._tiles)

    def __getitem__(self, index: int) -> Sample:
        sample: Sample = {"tabular": self._tabular[index]}
        images = self._images(index)
        if images:
            sample["image"] = images[0] if len(images) == 1 else images
        if self._label is not None:
            sample["label"] = self._label[index]
        return sample

    def _images(self, index: int) -> list[Tensor]:
        chips = [reader.read(np.array([index])) for reader in self._opened_readers()]
        return [image.to_bytes(c)[0].float() / 255 for image, c in zip(self._inputs, chips, strict=True)]

    def _opened_readers(self) -> list[ImageReader]:
        """Files are opened in the process that reads them: a DataLoader's workers must not share its handles."""
        if self._readers is None or self._process != os.getpid():
            self._process = os.getpid()
            self._readers = [open_reader(self._tiles, image, self._sources[image.source]) for image in self._inputs]
        return self._readers

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_readers": None}
