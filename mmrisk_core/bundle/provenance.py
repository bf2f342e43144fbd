"""What a model file says of the data and the machine that the model comes from."""

from __future__ import annotations

import platform
from datetime import datetime, timezone
from importlib import metadata

import numpy as np
import pandas as pd
import pyproj
import sklearn
import torch
from torch import Tensor

from mmrisk_core import version
from mmrisk_core.arrays import FloatArray
from mmrisk_core.bundle.attribute_units import unit_of
from mmrisk_core.bundle.manifest import AttributeInput, Place, Provenance
from mmrisk_core.geo.frames import has_geometry
from mmrisk_core.geo.metric_bounds import bounds_in_metres, median_width
from mmrisk_core.geo.recipe import recipe_of

TYPICAL = (0.05, 0.5, 0.95)


def describe_attribute(name: str, column: Tensor, categories: tuple[str, ...]) -> AttributeInput:
    """What the model file says of an attribute, of which ``column`` (n,) holds the values; NaN where missing."""
    known = column[~torch.isnan(column)].double().numpy()
    has_range = len(known) and not categories
    low, typical, high = np.quantile(known, TYPICAL).tolist() if has_range else (0.0, 0.0, 0.0)
    missing = 1 - len(known) / len(column)
    return AttributeInput(
        name=name, unit=unit_of(name), low=low, typical=typical, high=high, missing_share=missing, categories=categories
    )


def provenance_of(tiles: pd.DataFrame, label: FloatArray, seed: int, device: str) -> Provenance:
    """Where, when and with what a model was trained."""
    place = _place(tiles) if has_geometry(tiles) else None
    return Provenance(
        crs=place.crs if place else None,
        extent=place.extent if place else None,
        tile_size=place.tile_size if place else None,
        tiles=len(tiles),
        ones=int(label.sum()),
        seed=seed,
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        device=device,
        versions=package_versions(),
    )


def package_versions() -> dict[str, str]:
    """The versions of all that a model hangs on."""
    return {
        "mmrisk": version.__version__,
        "python": platform.python_version(),
        "torch": str(torch.__version__),
        "torchvision": metadata.version("torchvision"),
        "scikit-learn": sklearn.__version__,
        "numpy": np.__version__,
    }


def _place(tiles: pd.DataFrame) -> Place:
    crs = pyproj.CRS(tiles.crs)
    left, bottom, right, top = tiles.total_bounds.tolist()
    recipe = recipe_of(tiles).tiles
    return Place(
        crs=crs.to_string() if crs.to_authority() else crs.to_wkt(),
        extent=(left, bottom, right, top),
        tile_size=recipe.tile_size if recipe else median_width(bounds_in_metres(tiles)),
    )
