"""The report is one file that needs nothing else and trusts nothing it prints."""

from __future__ import annotations

import base64
import dataclasses
import re

import pytest
from conftest import QUICK

from mmrisk_core import MMRiskError, train_model
from mmrisk_core.report import render_card, render_report, write_report


def test_the_report_needs_nothing_but_itself(model, tmp_path):
    path = write_report(model, tmp_path / "report.html")
    html = path.read_text(encoding="utf-8")
    assert re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?(?!["']?data:)[^\s"'>)]+""", html) == []
    assert "<script" not in html
    pictures = re.findall(r'src="data:image/png;base64,([^"]+)"', html)
    assert len(pictures) == 4
    assert all(base64.b64decode(picture).startswith(b"\x89PNG") for picture in pictures)
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]


def test_the_report_holds_the_figures(model):
    html = render_report(model)
    figures = model.manifest.validation.figures
    assert f"{figures.auc:.3f}" in html
    assert f"{figures.auc_low:.3f} to {figures.auc_high:.3f}" in html
    assert f"{figures.brier:.3f}" in html
    assert f"{model.manifest.validation.heads['image_linear'].auc:.3f}" in html
    assert f"Trained on 256 tiles of 100 m, {figures.ones} of them" in html
    assert "roads_length" in html
    assert "layer &#x27;roads&#x27;" in html
    assert "in 4 folds of whole blocks of 200 m" in html


def test_no_signal_is_said_plainly(model):
    validation = model.manifest.validation
    figures = validation.figures.model_copy(update={"auc_low": 0.45})
    manifest = model.manifest.model_copy(update={"validation": validation.model_copy(update={"figures": figures})})
    assert "no measurable signal" in render_card(manifest)


def test_random_validation_is_called_optimistic_and_none_is_owned_up_to(town):
    random = train_model(town.tiles, "label", ["roads_length"], **{**QUICK, "validation": "random", "epochs": 1})
    assert "optimistic" in render_report(random)
    none = train_model(town.tiles, "label", ["roads_length"], **{**QUICK, "validation": "none", "epochs": 1})
    html = render_report(none)
    assert "was not validated" in html
    assert "<img" not in html


EVIL = "<script>alert('x')</script>"


def test_names_are_escaped(town, table_model):
    tiles = town.tiles.rename(columns={"roads_length": EVIL, "label": "<b>"})
    tiles.attrs = {}
    model = train_model(tiles, "<b>", [EVIL], **{**QUICK, "epochs": 1, "folds": 2})
    html = render_report(model)
    assert "<script" not in html
    assert "&lt;script&gt;alert(&#x27;x&#x27;)" in html
    assert "'<b>'" not in html


def test_what_a_model_file_says_of_itself_is_escaped(table_model):
    manifest = table_model.manifest
    origin = manifest.provenance.model_copy(
        update={"created": EVIL, "device": EVIL, "crs": EVIL, "versions": {EVIL: EVIL}}
    )
    ensemble = manifest.ensemble.model_copy(
        update={"backbone": EVIL, "architecture": EVIL, "head_names": (EVIL, "fused")}
    )
    validation = manifest.validation.model_copy(update={"heads": {EVIL: manifest.validation.figures}})
    update = {"provenance": origin, "ensemble": ensemble, "validation": validation, "label": EVIL}
    html = render_card(manifest.model_copy(update=update))
    assert "<script" not in html


def test_a_loaded_model_has_a_card_without_pictures(model):
    html = render_report(dataclasses.replace(model, evidence=None))
    assert "<img" not in html
    assert "Model card" in html


def test_a_report_that_cannot_be_written_is_named(model, tmp_path):
    with pytest.raises(MMRiskError, match="does not exist"):
        write_report(model, tmp_path / "missing" / "report.html")
