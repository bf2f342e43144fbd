"""Streets and a picture of them, to learn roads from."""

from __future__ import annotations

import numpy as np

from tests.core.factories import line, make_layer

SIDE = 192
QUICK = {
    "road_width": 6.0,
    "backbone": "plain",
    "epochs": 12,
    "batch_size": 4,
    "learning_rate": 3e-3,
    "seed": 1,
    "device": "cpu",
}


def make_roads(offset: int = 20):
    """Roads across a square of 192 m, one every 50 m in both directions."""
    places = range(offset, SIDE, 50)
    lines = [line((0, y), (SIDE, y)) for y in places] + [line((x, 0), (x, SIDE)) for x in places]
    return make_layer(lines, title="streets")


def picture(offset: int = 20, seed: int = 0) -> np.ndarray:
    """Grey roads on green, and roofs as bright as roads (3, 192, 192)."""
    random = np.random.default_rng(seed)
    ground = np.full((3, SIDE, SIDE), 80.0)
    ground[1] += 50
    for place in range(offset, SIDE, 50):
        ground[:, place - 3 : place + 3] = 150
        ground[:, :, place - 3 : place + 3] = 150
        for other in range(offset, SIDE, 50):
            ground[:, place + 15 : place + 35, other + 15 : other + 35] = [[[230]], [[110]], [[110]]]
    return np.clip(ground + random.normal(0, 12, ground.shape), 1, 254).astype(np.uint8)
