"""A small city, the jobs that can be done with it, and looks at what came of them."""

import contextlib
import re
import sqlite3
import time
from dataclasses import dataclass, field
from pathlib import Path

WRITERS = (
    "sample",
    "tiles",
    "join",
    "label",
    "train",
    "evaluate",
    "predict",
    "explain",
    "roads-train",
    "roads-extract",
    "map",
)
"""All jobs that write an output."""


@dataclass
class Feedback:
    """Keeps what it is told, and does something at a message."""

    on_message: object = lambda message: None
    messages: list = field(default_factory=list)
    logs: list = field(default_factory=list)
    cancelled: bool = False

    def report(self, fraction, message):
        if message:
            self.messages.append(message)
            self.on_message(message)

    def log(self, message):
        self.logs.append(message)

    def trained(self, epoch):
        pass

    def is_cancelled(self):
        return self.cancelled


def wait_for(condition, seconds=30):
    """What ``condition()`` gives, once that is something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s in vain")


def files_in(folder):
    return sorted(str(file.relative_to(folder)) for file in Path(folder).rglob("*") if file.is_file())


@dataclass(frozen=True)
class City:
    """A sample city with the files of every step, made by the engine itself."""

    folder: Path
    imagery: str
    roads: str
    crashes: str

    def file(self, name):
        return str(self.folder / name)


def job(city, verb, folder):
    """The parameters of a job that reads the city's files and writes into ``folder``, and its output."""
    data = {"tiles": city.file("labelled.gpkg"), "images": [city.imagery], "model": city.file("model.safetensors")}
    if verb == "sample":
        return {"folder": str(folder / "sample"), "seed": 4, "size": 8}, folder / "sample" / "imagery.tif"
    wanted, name = {
        "tiles": (
            {"extent": [600000.0, 4400000.0, 601200.0, 4401200.0], "crs": "EPSG:32619", "tile_size": 150.0},
            "tiles.gpkg",
        ),
        "join": (
            {"tiles": city.file("tiles.gpkg"), "input": city.roads, "fields": ["aadt"], "statistics": ["length", "mean"],
             "prefix": "roads_"},
            "joined.gpkg",
        ),
        "label": ({"tiles": city.file("joined.gpkg"), "events": city.crashes}, "labelled.gpkg"),
        "train": (
            {"tiles": data["tiles"], "images": data["images"], "features": ["roads_length", "roads_aadt_mean"],
             "backbone": "rcf", "image_pixels": 32, "folds": 2, "epochs": 2, "model": str(folder / "model.safetensors"),
             "report": str(folder / "report.html")},
            "model.safetensors",
        ),
        "evaluate": ({**data, "report": str(folder / "evaluation.html")}, "evaluation.html"),
        "predict": ({**data}, "risk.gpkg"),
        "explain": ({**data, "saliency": str(folder / "saliency.tif")}, "reasons.gpkg"),
        "roads-train": (
            {"images": data["images"], "roads": city.roads, "pixel_size": 10.0, "backbone": "plain", "epochs": 1,
             "model": str(folder / "roads.safetensors")},
            "roads.safetensors",
        ),
        "map": (
            {"extent": [600000.0, 4400000.0, 601200.0, 4401200.0], "crs": "EPSG:32619", "model": data["model"],
             "images": data["images"], "layers": [city.roads]},
            "map.gpkg",
        ),
        "roads-extract": ({"image": city.imagery, "model": city.file("roads.safetensors")}, "mask.tif"),
    }[verb]  # fmt: skip
    output = folder / name
    key = {"train": "model", "roads-train": "model", "evaluate": "report"}.get(verb, "output")
    return {**wanted, key: str(output)}, output


def read_figures(layer):
    """Risk and interval of each tile of a risk layer in a GeoPackage, one after the other."""
    with contextlib.closing(sqlite3.connect(layer)) as database:
        (table,) = database.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features'").fetchone()
        rows = database.execute(f'SELECT risk, risk_low, risk_high FROM "{table}" ORDER BY tile_id').fetchall()
    return [value for row in rows for value in row]


def phase(message):
    """A message without its numbers: what the engine is about, and not how far it is."""
    return re.sub(r"\d[\d,.]*( of \d[\d,.]*)?", "…", message)
