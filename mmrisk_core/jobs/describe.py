"""Describe a model."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from pydantic import Field

from mmrisk_core.bundle.header import holds_road_model
from mmrisk_core.bundle.manifest import Manifest
from mmrisk_core.files import atomic_write
from mmrisk_core.inference.model_cache import loaded_model
from mmrisk_core.jobs.base import Job, Result
from mmrisk_core.progress import Progress
from mmrisk_core.report import render_card
from mmrisk_core.roads.model import RoadManifest
from mmrisk_core.roads.model_file import load_road_model
from mmrisk_core.roads.report import render_road_card


class DescribeJob(Job):
    """Check a model file and write its card."""

    verb: ClassVar[str] = "describe"
    help: ClassVar[str] = "check a model file and write its card"
    outputs: ClassVar[tuple[str, ...]] = ("html",)

    model: str = Field(description="the model file (.safetensors)")
    html: str | None = Field(None, description="the card (.html)")

    def run(self, progress: Progress) -> Result:
        manifest: Manifest | RoadManifest
        if holds_road_model(Path(self.model)):
            manifest = load_road_model(self.model).manifest
            card = render_road_card(manifest)
        else:
            manifest = loaded_model(self.model).manifest
            card = render_card(manifest)
        if self.html:
            with atomic_write(Path(self.html)) as part:
                part.write_text(card, encoding="utf-8")
        progress.finish()
        return {"html": self.html, "manifest": manifest.model_dump(mode="json")}
