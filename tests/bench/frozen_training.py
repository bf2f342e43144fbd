"""Training over a frozen encoder: MMRisk's epochs over kept embeddings against the reference loop, in time.

    python tests/bench/frozen_training.py [--tiles 64] [--repetitions 2]

The reference loop sends every image through ResNet34 in every epoch, as the usual tutorial does; MMRisk embeds it once.
Both train the same head over 512 features of ResNet34 and 20 attributes, with the same loss and optimizer, on images of 196
pixels that are in memory already. The peer may choose: batches of 4 or of 32, and the order of its channels; of all its ways
and repetitions the fastest counts. ResNet34 has random weights, which take as long as others.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from mmrisk_core.architectures import FitOptions, TrainingData
from mmrisk_core.architectures.concat import fit_concat
from mmrisk_core.architectures.reference_loop import train_end_to_end
from mmrisk_core.encoders.torchvision_classifier import TorchvisionClassifier
from mmrisk_core.models import MultiModalNN, PretrainedCNN, TabularNN
from mmrisk_core.training.chip_embedding import ChipEmbedder
from mmrisk_core.training.embedding_cache import EmbeddingCache

PIXELS, ATTRIBUTES = 196, 20
EPOCHS = 20
AT_LEAST = 20.0
CPU = torch.device("cpu")


def main() -> None:
    """Reads the command line, prints seconds and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tiles", type=int, default=64)
    parser.add_argument("--repetitions", type=int, default=2)
    options = parser.parse_args()
    # The random weights are on purpose.
    logging.disable(logging.WARNING)
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (options.tiles, 3, PIXELS, PIXELS), generator=generator, dtype=torch.uint8)
    tabular = torch.randn(options.tiles, ATTRIBUTES, generator=generator)
    label = torch.randint(0, 2, (options.tiles,), generator=generator).float()

    embedding, cold, warm = embed_twice(images)
    ours = min(seconds(lambda: fit_ours(embedding, tabular, label)) for _ in range(options.repetitions)) / EPOCHS
    theirs = fastest_reference(images, tabular, label, options.repetitions)
    print(f"{options.tiles} tiles of {PIXELS} pixels, {torch.get_num_threads()} threads, torch {torch.__version__}")
    print(f"embedding them once            {cold:9.3f} s with an empty cache, {warm:.3f} s with a full one")
    print(f"an epoch over kept embeddings  {ours:9.4f} s")
    print(f"an epoch of the reference loop {theirs:9.4f} s")
    print(f"reference / MMRisk, an epoch   {theirs / ours:9.1f}   to be at least {AT_LEAST:g}")
    for name, once in (("empty", cold), ("full", warm)):
        ratio = EPOCHS * theirs / (once + EPOCHS * ours)
        print(f"reference / MMRisk, {EPOCHS} epochs with all embedding, {name} cache: {ratio:.1f}")
    if theirs / ours < AT_LEAST:
        sys.exit("MMRisk is not as much faster as asked for")


def seconds(work: Callable[[], object]) -> float:
    """How long ``work`` takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def embed_twice(images: Tensor) -> tuple[Tensor, float, float]:
    """The embeddings (n, 512), and seconds for them with an empty and with a full cache."""
    torch.manual_seed(0)
    encoder = TorchvisionClassifier("resnet34", {"weights": "IMAGENET1K_V1"}).to(memory_format=torch.channels_last)
    with tempfile.TemporaryDirectory() as folder:
        (cold, cold_seconds), (warm, warm_seconds) = (embed(encoder, images, Path(folder)) for _ in range(2))
    assert torch.equal(cold, warm)
    return warm, cold_seconds, warm_seconds


def embed(encoder: TorchvisionClassifier, images: Tensor, folder: Path) -> tuple[Tensor, float]:
    """All embeddings, and seconds for them; batches as they come from a raster."""
    begin = time.perf_counter()
    with EmbeddingCache(folder, sys.exit) as cache:
        embedder = ChipEmbedder("resnet34", encoder, 0, (len(images), 3), CPU, cache)
        for rows in np.array_split(np.arange(len(images)), max(1, len(images) // 64)):
            embedder.add(rows, images[rows])
        embedding = embedder.finish()
    return embedding, time.perf_counter() - begin


def fit_ours(embedding: Tensor, tabular: Tensor, label: Tensor) -> None:
    """The method's architecture over embeddings, as 'Train model' fits it."""
    block = np.arange(len(label))
    fit_concat(TrainingData(embedding, [], [], tabular, label, block), FitOptions(0, CPU, epochs=EPOCHS))


def fastest_reference(images: Tensor, tabular: Tensor, label: Tensor, repetitions: int) -> float:
    """Seconds of an epoch of the reference loop, in the way that suits it best."""
    fastest = np.inf
    for order in (torch.contiguous_format, torch.channels_last):
        network = MultiModalNN(PretrainedCNN(), TabularNN(ATTRIBUTES)).to(memory_format=order)
        for batch_size in (4, 32):
            for _ in range(repetitions):
                once = seconds(lambda n=network, b=batch_size: one_reference_epoch(n, images, tabular, label, b))
                fastest = min(fastest, once)
    return float(fastest)


def one_reference_epoch(network: MultiModalNN, images: Tensor, tabular: Tensor, label: Tensor, batch_size: int) -> None:
    """Every image through the network, the head trained on it."""

    def logits(rows: Tensor) -> Tensor:
        return network.logits(images[rows].float() / 255, tabular[rows])

    train_end_to_end(network, logits, label, FitOptions(0, CPU, epochs=1, batch_size=batch_size))


if __name__ == "__main__":
    main()
