"""Shared by all tests of the engine."""

from __future__ import annotations

import os

# Two test runs beside each other are faster with one thread each, and results do not hang on the number of cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch
from hypothesis import HealthCheck, settings

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
settings.register_profile(
    "engine", deadline=None, max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("engine")
