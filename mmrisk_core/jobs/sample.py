"""Make the sample city."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from pydantic import Field

from mmrisk_core.jobs.base import Job, Result
from mmrisk_core.progress import Progress
from mmrisk_core.sample_city import make_sample_city


class SampleJob(Job):
    """Make a city to learn with, whose true risk is known."""

    verb: ClassVar[str] = "sample"
    help: ClassVar[str] = "make the sample city"

    folder: str = Field(description="where to write it")
    seed: int = Field(1, ge=0, description="same seed, same city")
    size: int = Field(24, ge=4, le=200, description="tiles per side")

    def run(self, progress: Progress) -> Result:
        city = make_sample_city(Path(self.folder), size=self.size, seed=self.seed, progress=progress.update)
        paths = ("imagery", "roads", "zones", "crashes", "truth")
        return {
            **{name: str(getattr(city, name)) for name in paths},
            "extent": list(city.extent),
            "crs": str(city.crs),
        }
