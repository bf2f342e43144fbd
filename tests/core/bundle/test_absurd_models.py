"""Model files whose every number is finite, and absurd: they are refused in a sentence, or do no harm."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from mmrisk_core import MMRiskError, Progress, RiskModel
from mmrisk_core.bundle.header import RISK_MANIFEST_KEY
from mmrisk_core.inference.risk_columns import NO_CLASS, are_possible
from tests.core.factories import rewrite

COMPUTED_WITH = ("ensemble", "class_breaks", "applicability_mean_distance", "applicability_threshold")
ABSURD = (0, -1, 1, 1e-308, 1e15, -1e15, 1e308, -1e308)


@pytest.fixture(scope="module")
def path(table_model, tmp_path_factory):
    return table_model.save(tmp_path_factory.mktemp("absurd") / "model.safetensors")


@pytest.fixture(scope="module")
def manifest(path):
    with safe_open(path, framework="pt") as file:
        return json.loads(file.metadata()[RISK_MANIFEST_KEY])


@pytest.fixture(scope="module")
def tiles(town):
    return town.tiles.iloc[:12]


def numbers_of(part: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of all numbers in a manifest."""
    entries = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in entries:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            yield (*place, key)
        yield from numbers_of(value, (*place, key))


def with_number(manifest: dict[str, Any], place: tuple[Any, ...], number: float) -> dict[str, Any]:
    changed = deepcopy(manifest)
    part = changed
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = number
    return changed


def filled(tensor: torch.Tensor, number: float) -> torch.Tensor:
    return torch.full_like(tensor, number if tensor.is_floating_point() else max(-1000, min(1000, number)))


def do_no_harm(path, tiles) -> str | None:
    """The sentence with which a model is refused; None where its figures are possible ones."""
    try:
        risk = RiskModel.load(path).predict(tiles, device="cpu")
    except MMRiskError as error:
        return str(error)
    figures = {name: risk[name].to_numpy() for name in risk.columns if name != "geometry"}
    assert are_possible(figures, len(tiles))
    assert sorted(figures["rank"]) == list(range(1, len(tiles) + 1))
    return None


@pytest.mark.filterwarnings("ignore")
def test_any_number_of_a_manifest(path, manifest, tiles, tmp_path):
    broken = tmp_path / "model.safetensors"
    tensors = load_file(path)
    places = list(numbers_of(manifest))
    assert len(places) > 60
    sentences = []
    for count, place in enumerate(places):
        for which, number in enumerate(ABSURD):
            # What figures do not hang on, and one fold after another, is tried with one number each: a tenth of the time.
            of_another_fold = place[:2] == ("ensemble", "unseen") and place[2] > 0
            if (place[0] in COMPUTED_WITH and not of_another_fold) or count % len(ABSURD) == which:
                save_file(tensors, broken, {RISK_MANIFEST_KEY: json.dumps(with_number(manifest, place, number))})
                sentences.append(do_no_harm(broken, tiles))
    refused = [sentence for sentence in sentences if sentence is not None]
    assert len(refused) > len(places)
    assert all("model.safetensors" in sentence and sentence.endswith(".") for sentence in refused)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("number", [1e-38, -3e38])
def test_any_tensor(path, tiles, tmp_path, number):
    broken = tmp_path / "model.safetensors"
    for name in load_file(path):
        broken.write_bytes(path.read_bytes())
        rewrite(broken, tensors=lambda tensors, name=name: {**tensors, name: filled(tensors[name], number)})
        do_no_harm(broken, tiles)


@pytest.mark.filterwarnings("ignore")
def test_where_there_is_no_number_there_is_no_class_and_it_is_outside_the_domain(path, town, tiles, tmp_path):
    broken = tmp_path / "model.safetensors"
    broken.write_bytes(path.read_bytes())
    huge = {"weight", "bias"}
    rewrite(
        broken,
        tensors=lambda tensors: {
            name: torch.full_like(tensor, 3e38)
            if name.rpartition(".")[2] in huge and tensor.is_floating_point()
            else tensor
            for name, tensor in tensors.items()
        },
    )
    said: list[str] = []
    risk = RiskModel.load(broken).predict(tiles, device="cpu", progress=Progress(log=said.append))
    missing = risk["risk"].isna()
    assert missing.any()
    assert (risk.loc[missing, "risk_class"] == NO_CLASS).all()
    assert (risk.loc[missing, "in_domain"] == 0).all()
    assert risk.loc[missing, ["risk_low", "risk_high"]].isna().all(axis=None)
    assert any(f"of {int(missing.sum())} of 12 tiles the model gives no number" in line for line in said)
    with pytest.raises(MMRiskError, match="the model gives no number, so it cannot be judged"):
        RiskModel.load(broken).evaluate(town.tiles.assign(label=np.arange(len(town.tiles)) % 2), "label", device="cpu")


CONTRADICTIONS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "falling classes": lambda m: m.update(class_breaks=[0.8, 0.6, 0.4, 0.2]),
    "classes beyond 1": lambda m: m.update(class_breaks=[0.2, 0.4, 0.6, 1.5]),
    "an attribute twice": lambda m: m["attributes"].append(m["attributes"][0]),
    "a head twice": lambda m: m["ensemble"].update(
        head_names=[m["ensemble"]["head_names"][0]] * len(m["ensemble"]["head_names"])
    ),
    "a unit with markup": lambda m: m["attributes"][0].update(
        unit='<img src="https://example.org/x.png"><script>1</script>'
    ),
    "a weight of 1e308": lambda m: m["ensemble"].update(head_weights=[1e308] * len(m["ensemble"]["head_weights"])),
    "an AUC of 7": lambda m: m["validation"]["figures"].update(auc=7),
    "tiles of no width": lambda m: m["provenance"].update(tile_size=0),
    "fewer than no tiles": lambda m: m["provenance"].update(tiles=-5),
}


@pytest.mark.parametrize("contradict", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_what_cannot_be_is_refused(path, tmp_path, contradict):
    broken = tmp_path / "model.safetensors"
    broken.write_bytes(path.read_bytes())
    rewrite(broken, manifest=lambda m: contradict(m) or m)
    with pytest.raises(MMRiskError, match=r"model.safetensors"):
        RiskModel.load(broken)
