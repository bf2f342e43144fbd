"""A label that is computed from the attributes is told, and the figure on events observed later stands beside."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from mmrisk_core import Progress, RiskModel, label_tiles, train_model
from mmrisk_core.geo.layer_io import read_tiles
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.geo.recipe import recipe_of
from mmrisk_core.report import render_card, render_evaluation_report, render_report
from mmrisk_core.training.circular_labels import attributes_in_label, circularity, observed_later
from tests.core.factories import DEVICE, make_layer, make_tiles

BAYES = {"empirical_bayes": "label", "exposure": "vkm", "rule": "top_share", "threshold": 0.2}
SPLIT = {"date_field": "year", "split_date": 2015}


def city(seed: int, side: int = 24):
    """Tiles whose mean number of events is known: a little of it by exposure, most of it by what nobody records."""
    rng = np.random.default_rng(seed)
    n = side * side
    vkm = np.exp(rng.normal(0, 1, n))
    mean = 0.5 * vkm**0.3 * rng.gamma(3, 1 / 3, n)
    before, after = rng.poisson(mean), rng.poisson(mean)
    tiles = make_tiles(side, side).assign(vkm=vkm, metres=rng.uniform(10, 300, n), chance=rng.normal(size=n))
    centre = shapely.centroid(tiles.geometry.array)
    places = [*np.repeat(centre, before), *np.repeat(centre, after)]
    years = np.r_[np.full(before.sum(), 2010), np.full(after.sum(), 2020)]
    return tiles, make_layer(places, "crashes", year=years)


def trained(tiles, features=("vkm", "chance"), **options):
    said: list[str] = []
    model = train_model(
        tiles, "label", list(features), architecture="stacked", folds=2, epochs=1, block_size=300, device=DEVICE,
        progress=Progress(log=said.append), **options,
    )  # fmt: skip
    return model, said


@pytest.fixture(scope="module")
def circular():
    tiles, events = city(101)
    return trained(label_tiles(tiles, events, **BAYES, **SPLIT))


@pytest.mark.parametrize("seed", [102, 103])
def test_a_circular_label_flatters_and_the_later_figure_tells_the_truth(seed):
    tiles, events = city(seed)
    labelled = label_tiles(tiles, events, **BAYES, **SPLIT)
    model, _ = trained(labelled)
    validation = model.manifest.validation
    assert validation.label_attributes == ("vkm",)
    truth, _ = trained(label_tiles(tiles, events, rule="top_share", threshold=0.2, **SPLIT))
    assert truth.manifest.validation.label_attributes == ()
    assert truth.manifest.validation.observed_later is None
    assert validation.figures.auc > truth.manifest.validation.figures.auc + 0.05
    assert validation.observed_later.auc < validation.figures.auc - 0.1
    assert validation.observed_later.auc == pytest.approx(truth.manifest.validation.figures.auc, abs=0.08)


def test_log_manifest_report_and_card_say_so_in_red(circular, tmp_path):
    model, said = circular
    validation = model.manifest.validation
    assert [s for s in said if s == f"Beware: {circularity(['vkm'])}"]
    later = f"on places it has not seen, its AUC is {validation.observed_later.auc:.2f}"
    assert any(s.startswith("Beware: the label repeats its attributes.") and later in s for s in said)
    model.save(tmp_path / "model.safetensors")
    assert RiskModel.load(tmp_path / "model.safetensors").manifest.validation == validation
    for page in (render_report(model), render_card(model.manifest)):
        alarm = page.split('class="warning alarm"')[1].split("</div>")[0]
        assert "The attribute &#39;vkm&#39; is part of the formula that the label was computed by" in alarm
        assert later in alarm
        assert "AUC by a label that repeats its attributes" in page
        assert f"<b>{validation.observed_later.auc:.2f}</b><span>AUC by events that were observed later" in page


def test_without_later_events_the_way_to_them_is_told():
    tiles, events = city(104)
    model, said = trained(label_tiles(tiles, events, **BAYES))
    assert model.manifest.validation.observed_later is None
    assert any("Give 'Label tiles' the date of the events and a split date" in sentence for sentence in said)
    assert "the date of the events and a split date" in render_report(model)


def test_a_model_that_is_not_validated_or_shows_no_signal_says_so_too():
    tiles, events = city(105)
    labelled = label_tiles(tiles, events, **BAYES)
    model, said = trained(labelled, validation="none")
    assert any(sentence == f"Beware: {circularity(['vkm'])}" for sentence in said)
    assert "alarm" in render_report(model).split("<body")[1]


def test_an_evaluation_by_such_a_label_says_so(circular):
    model, _ = circular
    tiles, events = city(106)
    said: list[str] = []
    evaluation = model.evaluate(label_tiles(tiles, events, **BAYES), "label", progress=Progress(log=said.append))
    assert evaluation.label_attributes == ("vkm",)
    assert f"Beware: {circularity(['vkm'])}" in said
    assert "warning alarm" in render_evaluation_report(model, evaluation)
    assert model.evaluate(label_tiles(tiles, events), "label").label_attributes == ()


def test_a_later_label_of_the_same_kind_is_told_from_observed_events():
    tiles, events = city(107)
    model, said = trained(label_tiles(tiles, events, **BAYES, **SPLIT), later_label="label_later")
    validation = model.manifest.validation
    assert validation.later.auc > validation.observed_later.auc + 0.05
    assert any("later period, by a label that repeats its attributes as well" in sentence for sentence in said)


EVERY_LABEL = [
    ({}, ("vkm",), ()),
    ({"rule": "top_share", "threshold": 0.2}, ("vkm",), ()),
    ({"empirical_bayes": "columns", "exposure": "vkm"}, ("vkm",), ()),
    ({"rule": "per_exposure", "exposure": "vkm", "threshold": 1}, ("vkm", "metres"), ("vkm",)),
    ({**BAYES}, ("vkm", "metres", "chance"), ("vkm",)),
    ({**BAYES, "length": "metres"}, ("vkm", "metres", "chance"), ("vkm", "metres")),
    ({**BAYES}, ("metres", "chance"), ()),
    ({"empirical_bayes": "label"}, ("vkm", "metres"), ()),
]


@pytest.mark.parametrize(("options", "features", "repeated"), EVERY_LABEL)
def test_every_way_to_label_is_told_by_what_its_formula_holds(options, features, repeated):
    tiles, events = city(108, 20)
    labelled = label_tiles(tiles, events, **options)
    assert attributes_in_label(labelled, "label", features) == repeated
    assert attributes_in_label(labelled.assign(mine=labelled["label"]), "mine", features) == ()


@pytest.mark.parametrize(
    ("derived", "repeated"),
    [
        (lambda t: t["vkm"], True),
        (lambda t: np.log(t["vkm"]) * 3 - 1, True),
        (lambda t: -t["vkm"], True),
        (lambda t: t["vkm"].round(1).where(t["vkm"] > 0.2), True),
        (lambda t: np.digitize(t["vkm"], [0.3, 0.6, 1, 1.6, 3]), True),
        (lambda t: t["vkm"] * t["chance"], False),
        (lambda t: t["metres"], False),
        (lambda t: 1.0 + 0 * t["metres"], False),
        (lambda t: t["metres"].astype(str), False),
        (lambda t: t["vkm"].where(t.index < 10), False),
    ],
)
def test_what_orders_the_tiles_alike_is_found_whatever_it_is_called(derived, repeated):
    tiles, events = city(109, 20)
    labelled = label_tiles(tiles, events, **BAYES)
    labelled["traffic"] = derived(labelled)
    assert attributes_in_label(labelled, "label", ["traffic"]) == (("traffic",) if repeated else ())


def test_the_formula_of_exposure_and_length_together_is_found():
    tiles, events = city(110, 20)
    labelled = label_tiles(tiles, events, **{**BAYES, "length": "metres"})
    labelled["both"] = labelled["events_predicted"] ** 2
    assert attributes_in_label(labelled, "label", ["both", "chance"]) == ("both",)


@pytest.mark.filterwarnings("ignore:Normalized/laundered field name")
def test_the_short_names_of_a_shapefile_hide_nothing(tmp_path):
    tiles, events = city(111, 20)
    tiles = tiles.rename(columns={"vkm": "vehicle_kilometres"})
    labelled = label_tiles(tiles, events, **{**BAYES, "exposure": "vehicle_kilometres"}, **SPLIT)
    path = write_layer(labelled, tmp_path / "tiles.shp")
    read = read_tiles(LayerSource(path=str(path), recipe=recipe_of(labelled).model_dump_json()))
    assert "vehicle_ki" in read.columns
    assert attributes_in_label(read, "label", ["vehicle_ki", "chance"]) == ("vehicle_ki",)
    assert observed_later(read, "label").tolist() == observed_later(labelled, "label").tolist()


def test_observed_events_are_judged_by_the_rule_without_the_formula():
    tiles, events = city(112, 20)
    later = label_tiles(tiles, events, **SPLIT)["events_later"].to_numpy()
    for options, expected in (
        ({"empirical_bayes": "label", "exposure": "vkm", "threshold": 2}, later >= 2),
        (BAYES, label_tiles(tiles, events, rule="top_share", threshold=0.2, **SPLIT)["label_later"] == 1),
    ):
        labelled = label_tiles(tiles, events, **options, **SPLIT)
        assert observed_later(labelled, "label").tolist() == expected.astype(float).tolist()
    exposure = label_tiles(tiles, events, rule="per_exposure", exposure="vkm", threshold=1, **SPLIT)
    ones = observed_later(exposure, "label")
    assert later[ones == 1].min() > later[ones == 0].max()
    assert ones.mean() == pytest.approx(exposure["label"].mean(), abs=0.15)
    assert observed_later(exposure, "label_later") is None
    assert observed_later(label_tiles(tiles, events, **BAYES), "label") is None
    assert observed_later(exposure.assign(events_later=0), "label") is None
