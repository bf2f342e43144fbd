"""Where a layer is, and what QGIS knows of it better than its file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator


class LayerSource(BaseModel):
    """Where a layer is: a file, a layer in it, and what QGIS knows better than the file.

    A plain text ``file`` or ``file|layername=layer`` is read as such. ``crs`` (any text that pyproj reads, empty for none)
    overrules the file's own; ``name`` is what messages call the layer; ``recipe`` is JSON text; ``folder`` is where paths
    in its fields start from, where the file is only a copy of the layer.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str
    layer: str | None = None
    crs: str | None = None
    name: str | None = None
    recipe: str | None = None
    folder: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if isinstance(value, Path):
            value = str(value)
        if isinstance(value, str):
            path, *options = value.split("|")
            ignored = [text for text in options if not text.startswith("layername=")]
            if ignored:
                raise ValueError(f"'{ignored[0]}' is not understood after the file name; only layername= is")
            return {"path": path, "layer": options[0].removeprefix("layername=") if options else None}
        return value

    @property
    def title(self) -> str:
        """The name to use in messages and recipes."""
        return self.name or self.layer or Path(self.path).stem
