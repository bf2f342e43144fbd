"""Say what this engine is and whether it works."""

from __future__ import annotations

import platform
import sys
import time
from importlib.metadata import version as installed_version
from typing import ClassVar

import rasterio
import torch
from pydantic import Field

from mmrisk_core.compute.devices import DeviceChoice, choose_device
from mmrisk_core.errors import ResourceError
from mmrisk_core.geo.drivers import RASTERS
from mmrisk_core.jobs.base import Job, Result
from mmrisk_core.models import MultiModalNN
from mmrisk_core.progress import Progress
from mmrisk_core.version import PROTOCOL_VERSION, __version__

PACKAGES = ("torch", "torchvision", "rasterio", "shapely", "geopandas", "scikit-learn", "safetensors", "tabm")


class DoctorJob(Job):
    """Run the method's network once and report versions and device."""

    verb: ClassVar[str] = "doctor"
    help: ClassVar[str] = "say what this engine is and whether it works"

    device: DeviceChoice = Field("auto", description="where to compute")

    def run(self, progress: Progress) -> Result:
        device = choose_device(self.device)
        milliseconds = _run_model(device.torch_device)
        system = platform.uname()
        progress.update(1.0)
        return {
            "engine": __version__,
            "protocol": PROTOCOL_VERSION,
            "python": platform.python_version(),
            "interpreter": sys.executable,
            # Not platform.platform(), which starts a program "uname" that it looks for on the PATH.
            "platform": f"{system.system}-{system.release}-{system.machine}",
            "device": device.summary,
            "model_milliseconds": milliseconds,
            "raster_drivers": _raster_drivers(),
            "packages": {name: installed_version(name) for name in PACKAGES},
        }


def _run_model(device: torch.device) -> float:
    """Run the untrained network of the method on one tile of noise; return how long that took.

    :raises MMRiskError: when what comes out is no probability.
    """
    network = MultiModalNN().to(device).eval()
    image, tabular = torch.rand(1, 3, 196, 196, device=device), torch.rand(1, 20, device=device)
    begun = time.perf_counter()
    with torch.inference_mode():
        risk = float(network(image, tabular).cpu())
    if not 0 < risk < 1:
        raise ResourceError(
            f"The engine computes wrongly: a model gave {risk} as a probability. Set the engine up anew."
        )
    return round(1000 * (time.perf_counter() - begun), 1)


def _raster_drivers() -> list[str]:
    """GDAL's names of the raster formats that this engine reads."""
    with rasterio.Env() as environment:
        return sorted(set(environment.drivers()) & set(RASTERS))
