"""The report is one file that needs nothing else and trusts nothing it prints."""

from __future__ import annotations

import base64
import dataclasses
import re

import numpy as np
import pytest
from markupsafe import escape

from mmrisk_core import MMRiskError, Progress, train_model
from mmrisk_core.evaluation.evidence import Importance, choose_examples
from mmrisk_core.evaluation.metrics import capture_rate
from mmrisk_core.report import capture_curve as capture_curve_module
from mmrisk_core.report import render_card, render_report, write_report
from mmrisk_core.report.capture_curve import capture_section
from mmrisk_core.report.importance import importance_section
from mmrisk_core.report.residuals import residuals_section
from mmrisk_core.training.challengers import measure_ladder
from mmrisk_core.wording import EARLIER_INTERVAL, RISK_INTERVAL, percent
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
    top = np.argsort(-evidence.risk, kind="stable")
    share = 26 / 256
    assert capture_rate(evidence.risk, evidence.label, share) == pytest.approx(
        evidence.label[top[:26]].sum() / evidence.label.sum()
    )
    assert capture_rate(evidence.risk, evidence.events, 1.0) == 1.0
    assert capture_rate(evidence.risk, np.zeros(256), 0.1) == 0.0
    assert f"holds {capture_rate(evidence.risk, evidence.label, 0.1):.0%} of the high-risk tiles" in html


def test_the_curve_shows_the_simpler_model_that_ranks_best(model, monkeypatch):
    drawn = []
    monkeypatch.setattr(capture_curve_module, "title_of_model", lambda name: drawn.append(name) or name)
    challengers = model.manifest.validation.challengers
    best = max((name for name in challengers if name != "prevalence"), key=lambda name: challengers[name].auc)
    capture_section(model.evidence)
    worst = {**model.evidence.challengers, best: np.zeros(256)}
    capture_section(dataclasses.replace(model.evidence, challengers=worst))
    capture_section(dataclasses.replace(model.evidence, challengers={}))
    assert drawn[0] == best
    assert len(drawn) == 2
    assert drawn[1] != best


def test_the_cost_of_a_miss_draws_the_line(model, html):
    looked = model.evidence.risk >= 0.1
    ones = model.evidence.label.sum()
    row = rf"<td[^>]*>10 looks</td><td[^>]*>0.10</td><td[^>]*>{looked.sum()}</td>"
    assert re.search(
        row
        + rf"<td[^>]*>{percent(looked.mean())}</td><td[^>]*>{model.evidence.label[looked].sum():.0f} of {ones:.0f}</td>",
        html,
    )


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


def test_random_folds_are_said_to_flatter_only_where_they_do(model):
    evidence = model.evidence
    alike = np.clip(evidence.risk + np.random.default_rng(0).normal(0, 0.02, 256), 0, 1)
    worse = np.clip(evidence.risk - 0.3 * (evidence.label - 0.5), 0, 1)
    for risk in (alike, worse):
        ladder = measure_ladder(evidence.challengers, evidence.risk, evidence.label, evidence.block, 1, risk)
        manifest = with_validation(model, differences=ladder.differences, random=ladder.random)
        html = render_report(dataclasses.replace(model, manifest=manifest))
        assert "would flatter it" not in html
        assert "The model, on random folds" in html
        assert "that neighbours flatter it cannot be measured here" in html


def test_models_from_before_do_not_promise_what_they_do_not_know(model):
    ensemble = model.manifest.ensemble.model_copy(update={"unexplained_variance": None})
    page = render_card(model.manifest.model_copy(update={"ensemble": ensemble}))
    assert str(escape(EARLIER_INTERVAL)) in page
    assert str(escape(RISK_INTERVAL)) not in page


def test_what_the_interval_is_and_what_figures_are_of_is_said(model, html):
    for page in (html, render_card(model.manifest)):
        assert str(escape(RISK_INTERVAL)) in page
        assert "Figures are of single members" in page
        assert "A tile that was learnt from gets such an answer in the risk layer too (learnt_from is 1)" in page
        assert "Any other tile gets the mean of all 3 members, which can only be judged on other labelled tiles" in page


def test_what_a_label_of_0_means_is_said_and_nothing_is_called_low_risk(model, html):
    assert "All others are labelled 0: none was recorded there, which does not make them safe." in html
    assert "low-risk" not in html
    own = model.manifest.model_copy(update={"recipe": model.manifest.recipe.model_copy(update={"label": None})})
    assert "All others are labelled 0 by that field, which does not say that they are safe." in render_card(own)


@pytest.mark.parametrize(
    ("changes", "means"),
    [
        ({"threshold": 3.0}, "less, or nothing, was recorded there"),
        ({"weight_field": "severity"}, "less, or nothing, was recorded there"),
        ({"rule": "top_share", "threshold": 0.1}, "less, or nothing, was recorded there"),
        ({"empirical_bayes": "label"}, "fewer events are expected there"),
    ],
)
def test_what_a_label_of_0_means_is_said_by_the_rule(model, changes, means):
    recipe = model.manifest.recipe
    changed = recipe.model_copy(update={"label": recipe.label.model_copy(update=changes)})
    assert means in render_card(model.manifest.model_copy(update={"recipe": changed}))


def test_the_verdict_says_how_far_tiles_are_alike(model):
    card = render_card(with_validation(model, alike_up_to=150.0, block_size=200.0, blocks=64))
    assert "whole blocks of 200 m (64 blocks), so that it is judged on places it has not seen." in card
    assert "In what the label shows, tiles are alike up to 150 m, and a block is at least as wide." in card
    wide = render_card(with_validation(model, alike_up_to=1500.0, block_size=200.0, blocks=1))
    assert "(1 block)" in wide
    assert "alike up to 1,500 m: that is more than a block is wide, so the figures are likely to be optimistic" in wide
    earlier = render_card(with_validation(model, alike_up_to=None, blocks=None))
    assert "whole blocks of 200 m, so that" in earlier
    assert "tiles are alike" not in earlier


def test_the_calibration_error_stands_beside_that_of_a_perfect_model(model, html):
    figures = model.manifest.validation.figures
    said = f"a perfect model would show {percent(figures.ece_of_perfect)} at this number of tiles"
    assert html.count(said) == 2  # verdict and model card
    assert f"luck: {figures.ece_of_perfect:.3f}" in html
    for ece, words in ((0.0, "it is within chance"), (0.5, "it is more than chance")):
        assert words in render_card(with_validation(model, figures=figures.model_copy(update={"ece": ece})))
    old = figures.model_copy(update={"ece_of_perfect": None, "ece_of_perfect_high": None})
    assert "a perfect model" not in render_card(with_validation(model, figures=old))


def test_finding_nothing_in_patches_does_not_say_that_nothing_is_there(model):
    rng = np.random.default_rng(5)
    risk = np.full(256, 0.3)
    evidence = dataclasses.replace(model.evidence, risk=risk, label=(rng.random(256) < 0.3).astype(float))
    said = residuals_section(evidence, None)
    assert "no more alike than by chance" in said
    assert "misses nothing that lies in patches" not in said
    assert "alike up to some 500 m, would be found in about four of five cases if it moves the risk by" in said
    few = dataclasses.replace(
        evidence, risk=risk[:4], label=np.array([0.0, 1.0, 0.0, 1.0]), bounds=evidence.bounds[:4], weight=None
    )
    assert "That says little" in residuals_section(few, None)


def test_what_it_could_do_without_was_tried_one_at_a_time(model):
    chance = Importance("attribute", "chance", 0.0, -0.01, 0.01)
    alone = importance_section(dataclasses.replace(model.evidence, importance=(chance,)))
    assert "Tested one at a time, it could do without chance." in alone
    assert "all of these together" not in alone
    other = dataclasses.replace(chance, name="luck")
    both = importance_section(dataclasses.replace(model.evidence, importance=(chance, other)))
    assert "could do without chance, luck. Without all of these together it may be worse" in both


def test_what_is_one_is_not_many(model):
    """A card in which everything that can be counted is 1."""
    manifest = with_validation(model, folds=1, blocks=1)
    provenance = manifest.provenance.model_copy(update={"tiles": 1, "ones": 1})
    image = manifest.images[0].model_copy(update={"bands": 1, "context": 1.0})
    ensemble = manifest.ensemble.model_copy(update={"member_configs": manifest.ensemble.member_configs[:1]})
    card = render_card(manifest.model_copy(update={"provenance": provenance, "images": (image,), "ensemble": ensemble}))
    assert re.findall(r"\b1 (?:more )?\w+s\b", Elements(card).text) == []
    for words in ("Trained on 1 tile", "in 1 fold", "(1 block)", "1 member", "1 band", "window 1 tile,"):
        assert words in card


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
