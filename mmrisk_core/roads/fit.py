"""The training loop of the U-Net: random crops, turned and relit, until held-out blocks get no better."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from mmrisk_core.architectures.early_stopping import EarlyStopping
from mmrisk_core.architectures.optimisation import make_adamw
from mmrisk_core.progress import Progress
from mmrisk_core.roads.blocks import SceneBlock, SceneBlocks
from mmrisk_core.roads.loss import UNKNOWN, Label, road_loss, without_edges
from mmrisk_core.roads.model import road_probability, to_input
from mmrisk_core.roads.raster_grid import Mask
from mmrisk_core.roads.scenes import Scene
from mmrisk_core.roads.scores import RELAXED_BY, Counts, count
from mmrisk_core.roads.unet import COARSEST, UNet

CROP = 256
MARGIN = 64
"""Pixels around a block that the network sees, as it does in a mask of a whole raster."""
EPOCHS, PATIENCE = 40, 10
PATIENT_PART = 3
CROPS_AN_EPOCH = (16, 256)
BATCH_SIZE = 8
LEARNING_RATE = 1e-3
PRETRAINED_RATE = 0.3
WEIGHT_DECAY = 1e-2
GRADIENT_NORM = 1.0
DRAWS_FOR_ROADS = 4
MIN_ROAD = 0.005
LIGHT, CONTRAST, TINT = 0.2, 0.2, 0.05


@dataclass(frozen=True)
class RoadFit:
    """How to train; None leaves the choice to the program.

    :param low, high: the values of each band that become -1 and 1.
    :param tolerance: pixels on both sides of the edge of a road that are not learnt from.
    """

    low: tuple[float, ...]
    high: tuple[float, ...]
    device: torch.device
    seed: int
    tolerance: int = 1
    epochs: int | None = None
    batch_size: int | None = None
    learning_rate: float | None = None


def train_network(
    network: UNet, scenes: Sequence[Scene], blocks: SceneBlocks, fit: RoadFit, progress: Progress
) -> None:
    """Train ``network`` in place; the state with the least loss on the blocks to stop by is kept.

    AdamW as of :func:`make_adamw`; a pretrained encoder learns at 0.3 of the rate. Crops are drawn
    anywhere, up to four times until there is road in it. The same seed gives the same weights on a CPU.

    :param network: on ``fit.device``.
    """
    rng = np.random.default_rng(fit.seed)
    epochs, batch_size = fit.epochs or EPOCHS, fit.batch_size or BATCH_SIZE
    largest = max(max(scene.height, scene.width) for scene in scenes)
    side = min(CROP, math.ceil(largest / COARSEST) * COARSEST)
    area = sum(scene.height * scene.width for scene in scenes)
    crops = int(np.clip(area / side**2, *CROPS_AN_EPOCH))
    rate = fit.learning_rate or LEARNING_RATE
    encoder = set(network.stages.parameters()) if network.pretrained else set()
    parts = [
        ([p for p in network.parameters() if p not in encoder], rate),
        ([p for p in network.parameters() if p in encoder], PRETRAINED_RATE * rate),
    ]
    steps = epochs * math.ceil(crops / batch_size)
    optimizer, schedule = make_adamw(parts, WEIGHT_DECAY, steps)
    # While the rate is high, the loss on held-out blocks goes up and down.
    patience = max(PATIENCE, epochs // PATIENT_PART)
    stopping, done = EarlyStopping(network, patience), 0
    for epoch in range(epochs):
        network.train()
        for first in range(0, crops, batch_size):
            progress.update(done / steps, "")
            drawn = [_crop(scenes, blocks, side, fit, rng) for _ in range(min(batch_size, crops - first))]
            images, labels = (torch.stack(part).to(fit.device) for part in zip(*drawn, strict=True))
            loss = road_loss(network(images), labels)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), GRADIENT_NORM)
            optimizer.step()
            schedule.step()
            done += 1
        held_out = _loss(network, scenes, blocks, fit, progress, done / steps)
        progress.update(done / steps, f"epoch {epoch + 1} of {epochs}, loss {held_out:.3f} on held-out squares")
        if stopping.is_over(held_out):
            break
    stopping.restore()


@dataclass(frozen=True)
class SeenBlock:
    """A block as the network sees it: ``probability`` and ``label`` (side, side)."""

    block: SceneBlock
    probability: np.ndarray
    label: Label


def see_block(
    network: UNet, scenes: Sequence[Scene], blocks: SceneBlocks, block: SceneBlock, fit: RoadFit
) -> SeenBlock:
    """What the network, in eval mode, says of a block with its surroundings, and what is known of it."""
    image, shows, label = _read(scenes, blocks, block, fit)
    core = (slice(MARGIN, MARGIN + blocks.side),) * 2
    probability = road_probability(network, image[None], fit.device)[0]
    return SeenBlock(block, probability[core], np.where(shows, label, UNKNOWN)[core])


def sum_counts(seen: Sequence[SeenBlock], threshold: float, relaxed_by: int = RELAXED_BY) -> Counts:
    """Counts over blocks, where all is taken for road that is at least as probable as ``threshold``."""
    counts = (count(s.probability >= threshold, s.label == 1, s.label != UNKNOWN, relaxed_by) for s in seen)
    return sum(counts, Counts())


def _loss(
    network: UNet, scenes: Sequence[Scene], blocks: SceneBlocks, fit: RoadFit, progress: Progress, done: float
) -> float:
    """The mean loss over the blocks to stop by."""
    network.eval()
    probabilities, labels = [], []
    for block in blocks.stopping:
        progress.update(done, "")
        seen = see_block(network, scenes, blocks, block, fit)
        probabilities.append(torch.from_numpy(seen.probability))
        labels.append(torch.from_numpy(without_edges(seen.label, fit.tolerance)))
    logits = torch.logit(torch.stack(probabilities), eps=1e-6)
    return float(road_loss(logits, torch.stack(labels)))


def _read(scenes: Sequence[Scene], blocks: SceneBlocks, block: SceneBlock, fit: RoadFit) -> tuple[Tensor, Mask, Label]:
    scene, side = scenes[block.scene], blocks.side + 2 * MARGIN
    window = (block.row - MARGIN, block.col - MARGIN, side, side)
    pixels, shows = scene.pixels(*window)
    return to_input(pixels, shows, fit.low, fit.high), shows, scene.label(*window)


def _crop(
    scenes: Sequence[Scene], blocks: SceneBlocks, side: int, fit: RoadFit, rng: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """A crop (bands, side, side) turned and relit, and its label; scenes count by their area."""
    areas = np.array([scene.height * scene.width for scene in scenes], dtype=float)
    for _ in range(DRAWS_FOR_ROADS):
        number = int(rng.choice(len(scenes), p=areas / areas.sum()))
        scene = scenes[number]
        row, col = (
            int(rng.integers(min(0, size - side), max(0, size - side) + 1)) for size in (scene.height, scene.width)
        )
        label = blocks.hide(scene.label(row, col, side, side), number, row, col)
        if (label == 1).mean() >= MIN_ROAD:
            break
    pixels, shows = scene.pixels(row, col, side, side)
    label = np.where(shows, without_edges(label, fit.tolerance), np.uint8(UNKNOWN))
    image = to_input(pixels, shows, fit.low, fit.high)
    turns, mirrored = int(rng.integers(4)), bool(rng.integers(2))
    image, truth = (torch.rot90(x, turns, (-2, -1)) for x in (image, torch.from_numpy(label)))
    if mirrored:
        image, truth = image.flip(-1), truth.flip(-1)
    return _relit(image, rng), truth


def _relit(image: Tensor, rng: np.random.Generator) -> Tensor:
    """Under other light: brightness, contrast and, of each band, a tint; what shows nothing stays 0."""
    light, contrast = rng.uniform(-LIGHT, LIGHT), 1 + rng.uniform(-CONTRAST, CONTRAST)
    tint = torch.from_numpy(rng.uniform(-TINT, TINT, (len(image), 1, 1)).astype(np.float32))
    shows = (image != 0).any(dim=0)
    return torch.where(shows, image * contrast + light + tint, 0.0).clamp(-1, 1)
