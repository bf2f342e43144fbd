"""Say what this engine is and whether it works."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import version as installed_version
from typing import ClassVar

import rasterio
from pydantic import Field

from mmrisk_core.devices import DeviceChoice, choose_device
from mmrisk_core.jobs.base import Job, Result
from mmrisk_core.progress import Progress
from mmrisk_core.version import PROTOCOL_VERSION, __version__

PACKAGES = ("torch", "torchvision", "rasterio", "shapely", "geopandas", "scikit-learn", "safetensors", "tabm")


class DoctorJob(Job):
    """Run a small convolution and report versions and device."""

    verb: ClassVar[str] = "doctor"
    help: ClassVar[str] = "say what this engine is and whether it works"

    device: DeviceChoice = Field("auto", description="where to compute")

    def run(self, progress: Progress) -> Result:
        device = choose_device(self.device)
        progress.update(1.0)
        return {
            "engine": __version__,
            "protocol": PROTOCOL_VERSION,
            "python": platform.python_version(),
            "interpreter": sys.executable,
            "platform": platform.platform(),
            "device": device.summary,
            "raster_drivers": _raster_drivers(),
            "packages": {name: installed_version(name) for name in PACKAGES},
        }


def _raster_drivers() -> list[str]:
    """GDAL's names of the raster formats that this engine reads."""
    with rasterio.Env() as environment:
        return sorted(environment.drivers())
