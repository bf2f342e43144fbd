"""Types of arrays, by what they hold; docstrings give their shapes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
ByteArray = npt.NDArray[np.uint8]
GeometryArray = npt.NDArray[np.object_]
AnyArray = npt.NDArray[Any]
