"""Shared by all tests of the engine."""

from __future__ import annotations

import os
from pathlib import Path

# Two test runs beside each other are faster with one thread each, and results do not hang on the number of cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
import torch
from hypothesis import HealthCheck, settings

from tests.core.factories import QUICK, Town, make_town, real_data

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
settings.register_profile(
    "engine", deadline=None, max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("engine")


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory):
    """Tests begin without embeddings, and leave the user's cache alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MMRISK_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def torture() -> Path:
    """The folder with rasters and vectors that are odd, damaged or no such thing."""
    return real_data("torture")


@pytest.fixture(scope="session")
def boston() -> Path:
    """The folder with real imagery, roads and crashes."""
    return real_data("boston")


@pytest.fixture(scope="session")
def town(tmp_path_factory) -> Town:
    return make_town(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="session")
def model(town):
    """A stacked model over attributes and imagery, straight from training."""
    from mmrisk_core import train_model

    return train_model(town.tiles, "label", ["roads_length", "chance"], [town.ortho], **QUICK)


@pytest.fixture(scope="session")
def table_model(town):
    """A stacked model over attributes alone, straight from training."""
    from mmrisk_core import train_model

    return train_model(town.tiles, "label", ["roads_length"], **QUICK)
