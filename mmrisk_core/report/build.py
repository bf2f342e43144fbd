"""Sections put together: the report of a training, and the card of a model file."""

from __future__ import annotations

from pathlib import Path

from mmrisk_core.bundle.manifest import Manifest
from mmrisk_core.bundle.trained_model import TrainedModel
from mmrisk_core.files import atomic_write
from mmrisk_core.html.page import page
from mmrisk_core.prediction.evaluate import ModelEvaluation
from mmrisk_core.report.capture_curve import capture_section
from mmrisk_core.report.challengers import ladder_section
from mmrisk_core.report.curves import curves_section
from mmrisk_core.report.data_card import data_card_section, label_rule, rest_rule
from mmrisk_core.report.example_tiles import contact_sheet_section
from mmrisk_core.report.importance import importance_section
from mmrisk_core.report.maps import map_section
from mmrisk_core.report.model_card import model_card_section
from mmrisk_core.report.other_area import area_section, elsewhere_verdict_section
from mmrisk_core.report.residuals import residuals_section
from mmrisk_core.report.thresholds import thresholds_section
from mmrisk_core.report.verdict import verdict_section
from mmrisk_core.wording import counted, tile_width

OVER = "MMRisk"


def write_report(model: TrainedModel, path: str | Path) -> Path:
    """Write the report of ``model`` to ``path``, straight after training.

    :raises MMRiskError: when the output cannot be written.
    """
    path = Path(path)
    with atomic_write(path) as part:
        part.write_text(render_report(model), encoding="utf-8")
    return path


def render_report(model: TrainedModel) -> str:
    """The report of ``model`` as HTML text; what needs evidence is left out of one that was read from a file."""
    manifest, evidence = model.manifest, model.evidence
    sections = [verdict_section(manifest, evidence), ladder_section(manifest)]
    if evidence is not None and manifest.validation.figures is not None:
        sections += [
            map_section(evidence, manifest.class_breaks),
            capture_section(evidence),
            thresholds_section(evidence),
            contact_sheet_section(evidence),
            importance_section(evidence),
            curves_section(evidence),
            residuals_section(evidence, manifest.validation.block_size),
        ]
    if evidence is not None:
        sections.append(data_card_section(manifest, evidence))
    sections.append(model_card_section(manifest))
    return page(f"{OVER} · model report", "How far can this risk model be trusted?", _lines(manifest), sections)


def write_evaluation_report(model: TrainedModel, evaluation: ModelEvaluation, path: str | Path) -> Path:
    """Write the report of ``model`` and its ``evaluation`` on other tiles to ``path``.

    :raises MMRiskError: when the output cannot be written.
    """
    path = Path(path)
    with atomic_write(path) as part:
        part.write_text(render_evaluation_report(model, evaluation), encoding="utf-8")
    return path


def render_evaluation_report(model: TrainedModel, evaluation: ModelEvaluation) -> str:
    """The report of ``model`` and its ``evaluation`` on other tiles, as HTML text."""
    manifest, evidence = model.manifest, evaluation.evidence
    sections = [
        elsewhere_verdict_section(manifest, evaluation),
        area_section(manifest, evaluation),
        map_section(evidence, manifest.class_breaks),
        capture_section(evidence),
        thresholds_section(evidence),
        contact_sheet_section(evidence),
        curves_section(evidence),
        residuals_section(evidence, None),
        data_card_section(manifest, evidence),
        model_card_section(manifest),
    ]
    return page(f"{OVER} · evaluation report", "How well does this risk model do here?", _lines(manifest), sections)


def render_card(manifest: Manifest) -> str:
    """The model card by ``manifest`` as HTML text, with verdict and ladder, for a model read from a file."""
    sections = [verdict_section(manifest, None), ladder_section(manifest), model_card_section(manifest)]
    return page(f"{OVER} · model card", "What this risk model is", _lines(manifest), sections)


def _lines(manifest: Manifest) -> list[str]:
    where, rule = manifest.provenance, manifest.recipe.label
    what = label_rule(rule) if rule is not None else f"the field '{manifest.label}' is 1"
    return [
        f"A tile{tile_width(where.tile_size)} is high-risk where {what}. {rest_rule(rule)}",
        f"Trained on {counted(where.tiles, 'tile')}, {where.created[:10]}.",
    ]
