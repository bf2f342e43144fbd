"""Attributes that are text: levels, codes, and what models make of them."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest
import shapely
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from mmrisk_core import MMRiskError, Progress, RiskModel, TileDataset, join_attributes, train_model
from mmrisk_core.architectures.attribute_encoding import fit_attribute_encoding
from mmrisk_core.bundle.header import RISK_MANIFEST_KEY
from mmrisk_core.bundle.model_file import read_manifest
from mmrisk_core.geo.layer_io import read_geo_layer
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.report import render_card
from mmrisk_core.samples.attribute_columns import find_categories, read_attributes
from tests.core.factories import QUICK, make_layer, make_tiles, place

NAN = math.nan


def table(**columns) -> pd.DataFrame:
    return pd.DataFrame(columns)


@pytest.fixture(scope="module")
def zoned(town):
    """The town's tiles with a land use that goes with the roads: three frequent levels, two rare ones, some gaps."""
    tiles = town.tiles.copy()
    tiles.attrs = dict(town.tiles.attrs)
    use = np.array(["farm", "homes", "centre"], dtype=object)[np.digitize(tiles["roads_length"], [35, 65])]
    use[5:8], use[8:10], use[::20] = "quarry", "harbour", None
    tiles["use"] = use
    return tiles


# --- levels ----------------------------------------------------------------------------------------------------------


def test_levels_are_ordered_by_how_frequent_they_are_and_rare_ones_pooled():
    said = []
    use = ["b"] * 30 + ["a"] * 30 + ["c"] * 50 + ["d"] * 4 + ["e"] + [None] * 9
    frame = table(use=use, number=range(124), yes=[True, False] * 62)
    levels = find_categories(frame, ["use", "number", "yes"], Progress(log=said.append))
    assert levels == {"use": ("c", "a", "b")}
    assert said == ["The field 'use' has 5 levels. The 2 rarest of them count as 'other': 'd', 'e'."]
    assert find_categories(frame.sample(frac=1, random_state=0), ["use"]) == levels


@pytest.mark.parametrize("number", ["1,5", "1.5", "-2", "1.234,5", "1 234", "1'234.5", "1\u202f234", "2e5", "007"])
def test_numbers_written_as_text_are_said_to_be(number):
    said = []
    frame = table(speed=[number] * 50 + ["3", "12"] * 20 + ["fast", None])
    find_categories(frame, ["speed"], Progress(log=said.append))
    assert any("'speed' holds numbers written as text" in line and "field calculator" in line for line in said)


@pytest.mark.parametrize("text", ["B 96", "1,5 m", "A1", "-", "1,2,3", "2024-05-01", "e5"])
def test_other_text_is_no_number(text):
    said = []
    find_categories(table(name=[text] * 50 + ["3"] * 40), ["name"], Progress(log=said.append))
    assert said == []


def test_of_many_tiles_one_per_cent_is_rare():
    frame = table(use=["a"] * 960 + ["b"] * 31 + ["c"] * 9)
    assert find_categories(frame, ["use"]) == {"use": ("a", "b")}


def test_ten_thousand_levels_become_thirty_two():
    rng = np.random.default_rng(0)
    frequent = [f"street {k}" for k in range(40) for _ in range(400)]
    rare = [f"lane {k}" for k in rng.integers(0, 10_000, 15_000)]
    said = []
    levels = find_categories(table(name=frequent + rare), ["name"], Progress(log=said.append))["name"]
    assert len(levels) == 32
    assert all(level.startswith("street") for level in levels)
    assert " and " in said[0]
    assert len(said[0]) < 300


def test_the_most_frequent_level_is_kept_however_rare():
    assert find_categories(table(use=["a", "a", "b", "c"]), ["use"]) == {"use": ("a",)}


def test_identifiers_are_refused():
    with pytest.raises(MMRiskError, match="'name' has another text in each tile"):
        find_categories(table(name=[f"tile {k}" for k in range(30)]), ["name"])


def test_blanks_around_text_play_no_part_and_nothing_but_blanks_is_missing():
    frame = table(use=["a", "a ", " a", "b", "  ", "", None, "b"], blank=[""] * 8)
    levels = find_categories(frame, ["use", "blank"])
    assert levels == {"use": ("a",)}
    codes = read_attributes(frame, ["use", "blank"], levels)
    np.testing.assert_array_equal(codes[:, 0].numpy(), [0, 0, 0, 1, NAN, NAN, NAN, 1])
    assert codes[:, 1].isnan().all()


@pytest.mark.parametrize("kind", ["category", "string", object])
def test_text_of_any_type_of_column(kind):
    frame = table(use=pd.Series(["a"] * 6 + ["b"] * 5 + [None], dtype=kind))
    levels = find_categories(frame, ["use"])
    assert levels == {"use": ("a", "b")}
    np.testing.assert_array_equal(read_attributes(frame, ["use"], levels)[:, 0].numpy(), [0] * 6 + [1] * 5 + [NAN])


def test_a_category_of_numbers_is_a_category():
    frame = table(code=pd.Categorical([7, 7, 3, None] * 5))
    levels = find_categories(frame, ["code"])
    assert levels == {"code": ("7", "3")}
    np.testing.assert_array_equal(read_attributes(frame, ["code"], levels)[:4, 0].numpy(), [0, 0, 1, NAN])


def test_levels_that_a_model_does_not_know_are_others_and_said():
    said = []
    codes = read_attributes(
        table(use=["a", "x", "y", None, "x"]), ["use"], {"use": ("a", "b")}, Progress(log=said.append)
    )
    np.testing.assert_array_equal(codes[:, 0].numpy(), [0, 2, 2, NAN, 2])
    assert len(said) == 1
    assert said[0].startswith("3 tiles have a level of 'use' that the model does not know by itself ('x', 'y').")


@pytest.mark.parametrize("values", [[1.0, 2.0], [True, False], pd.to_datetime(["2024-01-01", "2024-01-02"])])
def test_what_is_no_text_where_text_was_learnt_from_is_named(values):
    with pytest.raises(MMRiskError, match=r"'use' of the tiles holds no text, but .* \('a', 'b'\)"):
        read_attributes(table(use=values), ["use"], {"use": ("a", "b")})
    assert read_attributes(table(use=[None, None]), ["use"], {"use": ("a",)}).isnan().all()


# --- encoding --------------------------------------------------------------------------------------------------------


def test_each_level_is_a_column_and_gaps_are_the_mean():
    # A number, a category of two levels and others, and a category of one level whose others never occur.
    tabular = torch.tensor([[1.0, 0, 0], [2.0, 1, NAN], [3.0, 0, 0], [6.0, 2, 0], [NAN, NAN, 0]])
    encoding = fit_attribute_encoding(tabular, (0, 2, 1))
    encoded = encoding(tabular)
    assert encoding.out_features == encoded.shape[1] == 1 + 3 + 2 + 3
    number, levels, single, flags = encoded.split([1, 3, 2, 3], dim=1)
    assert torch.equal(number, fit_attribute_encoding(tabular[:, :1])(tabular[:, :1])[:, :1])
    assert levels[0].tolist() == pytest.approx([1.0, -0.5, -0.5])
    assert levels[1].tolist() == pytest.approx([-1.0, 1.5, -0.5])
    assert levels[3].tolist() == pytest.approx([-1.0, -0.5, 1.5])
    assert levels[4].tolist() == [0, 0, 0]
    assert (single == 0).all()
    assert flags.tolist() == [[0, 0, 0], [0, 0, 1], [0, 0, 0], [0, 0, 0], [1, 1, 0]]


def test_a_level_that_did_not_occur_is_a_gap():
    encoding = fit_attribute_encoding(torch.tensor([[0.0], [1.0], [NAN], [0.0]]), (3,))
    missing = encoding(torch.tensor([[NAN]]))
    assert missing[0].tolist() == [0, 0, 0, 0, 1]
    for code in (2.0, 3.0, 9.0, -1.0, 0.5, math.inf):
        assert torch.equal(encoding(torch.tensor([[code]])), missing), code


def test_rare_levels_are_not_blown_up():
    codes = (torch.arange(1000) == 7).float()[:, None]
    assert fit_attribute_encoding(codes, (2,))(codes).abs().max() <= 2


# --- models ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def said():
    return []


@pytest.fixture(scope="module")
def zoned_model(zoned, said):
    return train_model(zoned, "label", ["use", "chance"], progress=Progress(log=said.append), **QUICK)


@pytest.mark.slow
def test_a_model_learns_from_text_and_keeps_its_levels(zoned, zoned_model, said):
    use, chance = zoned_model.manifest.attributes
    assert set(use.categories) == {"farm", "homes", "centre"}
    assert (chance.categories, use.missing_share) == ((), pytest.approx(13 / 256, abs=0.01))
    assert "The field 'use' has 5 levels. The 2 rarest of them count as 'other': 'quarry', 'harbour'." in said
    assert zoned_model.manifest.validation.figures.auc > 0.68
    risk = zoned_model.predict(zoned, device="cpu").groupby(zoned["use"])["risk"].mean()
    assert risk["farm"] < risk["homes"] < risk["centre"]
    assert "farm" in render_card(zoned_model.manifest)


@pytest.mark.slow
@pytest.mark.parametrize("architecture", ["concat", "gated", "film"])
def test_networks_learn_from_text_too(zoned, architecture):
    model = train_model(zoned, "label", ["use"], architecture=architecture, **{**QUICK, "learning_rate": 5e-3})
    risk = model.predict(zoned, device="cpu").groupby(zoned["use"])["risk"].mean()
    assert risk["farm"] < risk["homes"] < risk["centre"]


def test_a_saved_model_reads_text_from_a_file_as_it_did(zoned, zoned_model, tmp_path):
    loaded = RiskModel.load(zoned_model.save(tmp_path / "model.safetensors"))
    assert loaded.manifest == zoned_model.manifest
    write_layer(zoned, tmp_path / "tiles.gpkg")
    tiles = read_geo_layer(LayerSource(path=str(tmp_path / "tiles.gpkg")))
    there = loaded.predict(tiles, device="cpu")["risk"].tolist()
    assert there == zoned_model.predict(zoned, device="cpu")["risk"].tolist()


def test_other_levels_gaps_and_other_types_when_predicting(zoned, zoned_model):
    heard = []
    tiles = zoned.iloc[20:24].assign(use=["farm", "airport", None, "quarry"])
    risk = zoned_model.predict(tiles, device="cpu", progress=Progress(log=heard.append))
    assert risk["risk"].between(0, 1).all()
    assert any("2 tiles have a level of 'use'" in sentence and "'airport'" in sentence for sentence in heard)
    # Both are levels without a name of their own; of tiles that were learnt from other members speak.
    new = tiles.assign(chance=0.0, geometry=tiles.translate(1e5))
    same = zoned_model.predict(new, device="cpu")["risk"].to_numpy()
    assert same[1] == same[3]
    with pytest.raises(MMRiskError, match="'use' of the tiles holds no text"):
        zoned_model.predict(tiles.assign(use=[1, 2, 3, 4]), device="cpu")
    with pytest.raises(MMRiskError, match="'chance' of the tiles is not a number but text"):
        zoned_model.predict(tiles.assign(chance="low"), device="cpu")


def test_the_area_of_applicability_knows_text(zoned, zoned_model):
    inside = zoned_model.predict(zoned, device="cpu")["in_domain"]
    assert inside.mean() > 0.9
    far = zoned.iloc[:2].assign(chance=[0.0, 1e6])
    assert zoned_model.predict(far, device="cpu")["in_domain"].tolist() == [1, 0]


def test_the_majority_of_a_text_field_is_an_attribute():
    tiles = make_tiles(2, 4)
    points = [place(100 * (k % 4) + 50, 100 * (k // 4) + 50) for k in range(7)]
    layer = make_layer(
        list(shapely.points(points)), title="shops", kind=["food", "food", "bar", "bar", "food", "x", "x"]
    )
    joined = join_attributes(tiles, layer, statistics=["majority"], fields=["kind"])
    levels = find_categories(joined, ["kind_majority"])
    assert levels == {"kind_majority": ("food",)}
    codes = read_attributes(joined, ["kind_majority"], levels)[:, 0]
    np.testing.assert_array_equal(codes.numpy(), [0, 0, 1, 1, 0, 1, 1, NAN])


def test_samples_hold_codes_and_the_levels_of_another_dataset_may_be_used(zoned):
    train = TileDataset(zoned, features=["use"], label="label")
    assert set(train.categories["use"]) == {"farm", "homes", "centre"}
    test = TileDataset(zoned.iloc[:30], features=["use"], categories=train.categories)
    for k in range(30):
        torch.testing.assert_close(train[k]["tabular"], test[k]["tabular"], equal_nan=True)


def test_a_model_made_before_there_were_categories_still_opens(table_model, tmp_path):
    path = table_model.save(tmp_path / "old.safetensors")
    with safe_open(path, framework="pt") as file:
        entries = json.loads(file.metadata()[RISK_MANIFEST_KEY])
    for attribute in entries["attributes"]:
        del attribute["categories"]
    for config in entries["ensemble"]["member_configs"]:
        del config["levels"]
    save_file(load_file(path), path, metadata={RISK_MANIFEST_KEY: json.dumps(entries)})
    assert read_manifest(path).attributes == table_model.manifest.attributes
    RiskModel.load(path)
