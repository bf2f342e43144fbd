"""Model files that were broken; they are loaded or refused in a sentence."""

from __future__ import annotations

import functools
import json
import random
import struct
import tempfile
from pathlib import Path
from typing import Any

from mutation import break_bytes, break_json

from mmrisk_core.bundle.header import RISK_MANIFEST_KEY, ROAD_MANIFEST_KEY, holds_road_model
from mmrisk_core.bundle.model_file import load_model
from mmrisk_core.encoders.efficientnet_lite0 import EfficientNetLite0
from mmrisk_core.errors import MMRiskError
from mmrisk_core.roads import RoadModel, load_road_model, save_road_model, train_roads, unet

KEYS = (RISK_MANIFEST_KEY, ROAD_MANIFEST_KEY)


@functools.cache
def whole_files() -> tuple[bytes, ...]:
    """Small models of every architecture, just trained: over attributes, over imagery, over both; and one of roads."""
    from mmrisk_core import train_model
    from tests.core.factories import make_town

    # What the engine brings itself is no memory that a file asks for.
    EfficientNetLite0()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        town = make_town(folder)
        quick = {"epochs": 1, "folds": 2, "block_size": 200, "seed": 1, "device": "cpu", "image_pixels": 16}
        chosen = [
            (["roads_length"], [], {}),
            (["roads_length"], [town.ortho], {"architecture": "concat", "backbone": "basic_cnn"}),
            (["chance"], [town.ortho], {"architecture": "film", "backbone": "rcf"}),
            ([], [town.ortho], {"architecture": "gated", "backbone": "rcf"}),
        ]
        models = [train_model(town.tiles, "label", fields, images, **how, **quick) for fields, images, how in chosen]
        files = [model.save(folder / f"{number}.safetensors") for number, model in enumerate(models)]
        files.append(save_road_model(_road_model(folder), folder / "roads.safetensors"))
        return tuple(file.read_bytes() for file in files)


def _road_model(folder: Path) -> RoadModel:
    from tests.core.factories import write_raster
    from tests.core.roads.streets import QUICK, make_roads, picture

    # As deep as the real one, and small enough to be read a hundred thousand times.
    unet.PLAIN_CHANNELS, unet.DECODER_CHANNELS = (2, 2, 2, 2, 2), (2, 2, 2, 2, 2)
    return train_roads([write_raster(folder / "image.tif", picture())], make_roads(), **{**QUICK, "epochs": 1})


def broken(rng: random.Random) -> bytes:
    """A model file with something wrong: in its bytes, in its header, in its manifest or in its numbers."""
    data = rng.choice(whole_files())
    kind = rng.randrange(4)
    if kind == 0:
        return break_bytes(data, rng)
    (length,) = struct.unpack("<Q", data[:8])
    header: Any = json.loads(data[8 : 8 + length])
    body = data[8 + length :]
    if kind == 1:
        header = break_json(header, rng)
    elif kind == 2:
        metadata = header["__metadata__"]
        key = next(key for key in KEYS if key in metadata)
        text = json.dumps(break_json(json.loads(metadata[key]), rng))
        metadata[key] = text if rng.random() < 0.9 else break_bytes(text.encode(), rng).decode("utf-8", "replace")
        if rng.random() < 0.05:
            metadata[rng.choice(KEYS)] = metadata.pop(key)
    else:
        numbers = bytearray(body)
        for _ in range(rng.randint(1, 20)):
            at = 4 * rng.randrange(len(numbers) // 4)
            value = rng.choice((float("nan"), float("inf"), 3e38, -3e38, 1e-45, 0.0, float(rng.randint(-9, 9))))
            raw = struct.pack("<f", value) if rng.random() < 0.7 else rng.randbytes(4)
            numbers[at : at + 4] = raw
        body = bytes(numbers)
    text = json.dumps(header).encode("utf-8", "surrogatepass")
    return struct.pack("<Q", len(text)) + text + body


def check(data: bytes, folder: Path) -> str:
    """Load the file; what is loaded has run on a tile of zeros.

    :return: ``loaded`` or ``refused``.
    """
    path = folder / "model.safetensors"
    path.write_bytes(data)
    sentence = _load(path)
    path.unlink()
    if sentence is None:
        return "loaded"
    assert path.name in sentence, sentence
    assert sentence.endswith("."), sentence
    assert "memory" not in sentence, sentence
    return "refused"


def _load(path: Path) -> str | None:
    try:
        (load_road_model if holds_road_model(path) else load_model)(path)
    except MMRiskError as error:
        return str(error)
    return None
