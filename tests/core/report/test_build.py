"""The report is one file that needs nothing else and trusts nothing it prints."""

from __future__ import annotations

import base64
import dataclasses
import re

import numpy as np
import pytest

from mmrisk_core import MMRiskError, Progress, train_model
from mmrisk_core.evaluation.evidence import choose_examples
from mmrisk_core.evaluation.metrics import capture_rate
from mmrisk_core.report import render_card, render_report, write_report
from mmrisk_core.training.challengers import measure_ladder
from tests.core.factories import QUICK, Elements, with_texts

START = {"jpeg": b"\xff\xd8\xff", "png": b"\x89PNG", "svg+xml": b"<?xml"}


def with_validation(model, **changes):
    manifest = model.manifest
    return manifest.model_copy(update={"validation": manifest.validation.model_copy(update=changes)})


@pytest.fixture(scope="module")
def html(model):
    return render_report(model)


def test_the_report_needs_nothing_but_itself(model, tmp_path):
    path = write_report(model, tmp_path / "report.html")
    html = path.read_text(encoding="utf-8")
    assert re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?(?!["']?data:)[^\s"'>)]+""", html) == []
    assert "<script" not in html
    assert "@import" not in html
    pictures = re.findall(r'src="data:image/([a-z+]+);base64,([^"]+)"', html)
    kinds = [kind for kind, _ in pictures]
    assert (kinds.count("svg+xml"), kinds.count("png"), kinds.count("jpeg")) == (6, 1, 24)
    assert all(base64.b64decode(picture).startswith(START[kind]) for kind, picture in pictures)
    assert len(html) < 2_000_000
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]


def test_the_report_holds_the_figures(model, html):
    figures = model.manifest.validation.figures
    assert f"{figures.auc:.3f}" in html
    assert f"{figures.auc_low:.3f} to {figures.auc_high:.3f}" in html
    assert f"{figures.brier:.3f}" in html
    assert f"Trained on 256 tiles of 100 m, {figures.ones} of them" in html
    assert "roads_length" in html
    assert "layer &#39;roads&#39;" in html
    assert "in 3 folds of whole blocks of 200 m" in html
    assert "it holds at least 1 of &#39;crashes&#39;" in html


def test_the_same_evidence_gives_the_same_report(model, html):
    assert render_report(model) == html


def test_the_ladder_is_in_the_report_and_in_the_card(model, html):
    validation = model.manifest.validation
    for page in (html, render_card(model.manifest)):
        for name, figures in validation.challengers.items():
            assert f"{figures.auc:.3f}" in page
            assert f"{validation.differences[name].low:+.3f} to {validation.differences[name].high:+.3f}" in page
        assert "Attributes alone, gradient boosting" in page
        assert "The imagery adds 0." in page
        assert "The attributes add 0." in page


def test_every_section_has_its_reading(html):
    titles = re.findall(r"<h2>(.*?)</h2>", html)
    assert titles == [
        "The verdict", "What adds what", "Where", "How much of the risk is found", "Where to draw the line",
        "See for yourself", "What it rests on", "How it ranks, and how it means it", "What it misses in patches",
        "Data card", "Model card",
    ]  # fmt: skip
    assert html.count('<div class="reading">') == len(titles)


def test_capture_is_the_share_of_what_lies_in_the_top(model, html):
    evidence = model.evidence
    top = np.argsort(-evidence.risk, kind="stable")[:26]
    assert capture_rate(evidence.risk, evidence.label, 0.1) == evidence.label[top].sum() / evidence.label.sum()
    assert capture_rate(evidence.risk, evidence.events, 1.0) == 1.0
    assert capture_rate(evidence.risk, np.zeros(256), 0.1) == 0.0
    assert f"holds {capture_rate(evidence.risk, evidence.label, 0.1):.0%} of the high-risk tiles" in html


def test_the_cost_of_a_miss_draws_the_line(model, html):
    looked = model.evidence.risk >= 0.1
    ones = model.evidence.label.sum()
    row = rf"<td[^>]*>10 looks</td><td[^>]*>0.10</td><td[^>]*>{looked.sum()}</td>"
    assert re.search(row + rf"<td[^>]*>{model.evidence.label[looked].sum():.0f} of {ones:.0f}</td>", html)


def test_examples_are_the_most_telling_tiles(model):
    evidence = model.evidence
    examples = choose_examples(evidence.label, evidence.risk)
    assert evidence.risk[examples.riskiest[0]] == evidence.risk.max()
    assert evidence.risk[examples.safest[0]] == evidence.risk.min()
    assert evidence.risk[examples.misses[0]] == evidence.risk[evidence.label == 1].min()
    assert evidence.risk[examples.false_alarms[0]] == evidence.risk[evidence.label == 0].max()
    shown = np.unique(np.concatenate(dataclasses.astuple(examples)))
    assert sorted(evidence.thumbnails) == shown.tolist()
    bright = {row: picture.mean() for row, picture in evidence.thumbnails.items()}
    assert np.mean([bright[row] for row in examples.riskiest]) > np.mean([bright[row] for row in examples.safest])


def test_a_model_of_tables_shows_tables_of_examples(table_model):
    html = render_report(table_model)
    assert "image/jpeg" not in html
    assert "<th" in html.split("See for yourself")[1].split("</section>")[0]
    assert "The imagery adds" not in html


def test_importance_finds_what_the_town_is_made_of(model, html):
    drop = {importance.name: importance.drop for importance in model.evidence.importance}
    assert list(drop) == sorted(drop, key=lambda name: -drop[name])
    assert drop["imagery"] > 0.05
    assert drop["roads_length"] > 0.05
    assert abs(drop["chance"]) < 0.03
    assert drop["all attributes"] > drop["chance"]
    assert all(i.low <= i.drop <= i.high for i in model.evidence.importance)


@pytest.mark.slow
def test_a_label_of_chance_is_called_no_signal(town):
    tiles = town.tiles.assign(coin=np.random.default_rng(0).permutation(town.tiles["label"]))
    said: list[str] = []
    shuffled = train_model(tiles, "coin", ["roads_length", "chance"], progress=Progress(log=said.append), **QUICK)
    figures = shuffled.manifest.validation.figures
    assert figures.auc_low < 0.5 < figures.auc_high
    assert any("no measurable signal in these data" in sentence for sentence in said)
    html = render_report(shuffled)
    assert "There is no measurable signal in these data" in html
    assert "Do not use its map" in html


def test_random_folds_are_shown_beside_as_the_optimistic_figure(model):
    evidence = model.evidence
    flattered = np.clip(evidence.risk + 0.15 * (evidence.label - 0.5), 0, 1)
    ladder = measure_ladder(evidence.challengers, evidence.risk, evidence.label, evidence.block, 1, flattered)
    manifest = with_validation(model, differences=ladder.differences, random=ladder.random)
    evidence = dataclasses.replace(evidence, random_risk=flattered)
    html = render_report(dataclasses.replace(model, manifest=manifest, evidence=evidence))
    assert "as random folds would flatter it" in html
    assert f"{ladder.random.auc:.3f}" in html
    assert "On random folds the same model would show an AUC of" in html


def test_random_validation_is_called_optimistic_and_none_is_owned_up_to(town):
    quick = {**QUICK, "epochs": 1, "folds": 2}
    random = train_model(town.tiles, "label", ["roads_length"], **{**quick, "validation": "random"})
    assert "optimistic" in render_report(random)
    none = train_model(town.tiles, "label", ["roads_length"], **{**quick, "validation": "none"})
    html = render_report(none)
    assert "was not validated" in html
    assert "<img" not in html


EVIL = "<script>alert('x')</script>"


def test_names_are_escaped(town):
    tiles = town.tiles.rename(columns={"roads_length": EVIL, "label": "<b>"}).assign(**{"$x_{": town.tiles["chance"]})
    tiles.attrs = {}
    model = train_model(tiles, "<b>", [EVIL, "$x_{"], **{**QUICK, "epochs": 1, "folds": 2})
    html = render_report(model)
    assert "<script" not in html
    assert "&lt;script&gt;alert(&#39;x&#39;)" in html
    assert "'<b>'" not in html


def test_nothing_that_a_model_file_says_of_itself_becomes_markup(model):
    """Every text of a manifest is hostile; the page has the elements that it has with any other text."""
    differences = model.manifest.validation.differences
    without = {name: differences[name] for name in model.manifest.validation.challengers}
    # Figures on random folds are found by that name.
    manifest = with_validation(model, random=None, differences=without)
    hostile = with_texts(manifest, f"{EVIL}<img src='x' onerror='y'>\" onload=\"z")
    harmless = Elements(render_card(with_texts(manifest, "text")))
    for html in (render_card(hostile), render_report(dataclasses.replace(model, manifest=hostile))):
        page = Elements(html)
        assert page.text.count(EVIL) > 10
        assert "script" not in page.names
    assert Elements(render_card(hostile)).names == harmless.names


def test_a_loaded_model_has_a_card_without_pictures(model):
    html = render_report(dataclasses.replace(model, evidence=None))
    assert "<img" not in html
    assert "Model card" in html


def test_a_model_of_before_there_was_a_ladder_has_a_card_too(model):
    html = render_card(with_validation(model, challengers={}, differences={}, random=None))
    assert f"{model.manifest.validation.heads['image_linear'].auc:.3f}" in html


def test_a_report_that_cannot_be_written_is_named(model, tmp_path):
    with pytest.raises(MMRiskError, match="does not exist"):
        write_report(model, tmp_path / "missing" / "report.html")
