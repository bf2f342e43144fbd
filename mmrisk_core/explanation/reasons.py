"""Contributions -> the strongest reasons in words. They say what moves the model's answer, never what makes crashes."""

from __future__ import annotations

import math

import numpy as np

from mmrisk_core.bundle.manifest import AttributeInput, Manifest
from mmrisk_core.explanation.shapley import Contributions
from mmrisk_core.samples.image_inputs import ImageInput
from mmrisk_core.wording import number

MAX_REASONS = 3
MIN_EFFECT = 0.1
"""In logits: what moves a probability of 0.5 by less than 0.025 is no reason."""


def reasons(manifest: Manifest, contributions: Contributions, values: np.ndarray) -> list[str]:
    """A sentence for each tile.

    :param values: the attributes (n, F), as the model reads them: codes of categories, NaN where missing.
    """
    images = [_shown(image) for image in manifest.images]
    effects = np.concatenate([contributions.attributes, contributions.images], axis=1)
    strongest = np.argsort(-np.abs(effects), axis=1, kind="stable")[:, :MAX_REASONS]
    sentences = []
    for tile, players in enumerate(strongest):
        told = []
        for player in players:
            effect = effects[tile, player]
            if abs(effect) < MIN_EFFECT:
                continue
            verb = "raises" if effect > 0 else "lowers"
            if player < len(manifest.attributes):
                attribute = manifest.attributes[player]
                told.append(f"{_compared(attribute, float(values[tile, player]))} {verb} it")
            else:
                told.append(f"what {images[player - len(manifest.attributes)]} shows {verb} it")
        sentences.append("; ".join(told) if told else "nothing stands out")
    return sentences


def _shown(image: ImageInput) -> str:
    return f"'{image.name}'" if image.context == 1 else f"'{image.name}' around the tile"


def _compared(attribute: AttributeInput, value: float) -> str:
    """The value against the typical one, as 'aadt 18,400 against a typical 6,200'."""
    if math.isnan(value):
        return f"{attribute.name} missing"
    if attribute.categories:
        shown, usual = (_level(attribute, code) for code in (value, attribute.typical))
        return f"{attribute.name} '{shown}'" + ("" if shown == usual else f" instead of the usual '{usual}'")
    unit = f" {attribute.unit}" if attribute.unit else ""
    return f"{attribute.name} {number(value)}{unit} against a typical {number(attribute.typical)}{unit}"


def _level(attribute: AttributeInput, code: float) -> str:
    position = int(code)
    return attribute.categories[position] if 0 <= position < len(attribute.categories) else "another"
