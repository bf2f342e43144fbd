"""Model files: what is written can be read, and what is damaged is named."""

from __future__ import annotations

import json
import pickle

import pytest
import torch
from safetensors.torch import load_file, save_file

from mmrisk_core import MMRiskError, RiskModel
from mmrisk_core.bundle.header import RISK_MANIFEST_KEY, read_header
from mmrisk_core.bundle.manifest import Manifest
from mmrisk_core.bundle.model_file import REFERENCE_KEY, read_manifest
from tests.core.factories import QUICK, rewrite


@pytest.fixture
def path(table_model, tmp_path):
    return table_model.save(tmp_path / "model.safetensors")


def test_a_model_comes_back_as_it_was(model, tmp_path):
    path = model.save(tmp_path / "model.safetensors")
    loaded = RiskModel.load(path)
    assert loaded.manifest == model.manifest
    assert loaded.evidence is None
    assert torch.equal(loaded.reference, model.reference)
    for one, two in zip(loaded.members, model.members, strict=True):
        assert not one.training
        assert all(torch.equal(a, b) for a, b in zip(one.state_dict().values(), two.state_dict().values(), strict=True))
    assert [p.name for p in tmp_path.iterdir()] == ["model.safetensors"]
    assert read_manifest(path) == model.manifest


@pytest.mark.slow
def test_another_suffix_or_folder_is_refused(table_model, tmp_path):
    with pytest.raises(MMRiskError, match=r"saved as .safetensors, not as 'model.pt'"):
        table_model.save(tmp_path / "model.pt")
    with pytest.raises(MMRiskError, match="does not exist"):
        table_model.save(tmp_path / "missing" / "model.safetensors")


@pytest.mark.parametrize("share", [0.0, 0.001, 0.01, 0.5, 0.999])
def test_a_truncated_file_is_named(path, share):
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(MMRiskError, match=r"model.safetensors"):
        RiskModel.load(path)


@pytest.mark.parametrize("content", [b"hello", b"\xff" * 100, b"PK\x03\x04" + b"\0" * 200])
def test_what_is_no_safetensors_is_named(path, content):
    path.write_bytes(content)
    with pytest.raises(MMRiskError, match=r"model.safetensors is not a model"):
        RiskModel.load(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MMRiskError, match=r"gone.safetensors does not exist"):
        RiskModel.load(tmp_path / "gone.safetensors")


def test_a_pickle_is_never_opened(tmp_path):
    class Bomb:
        def __reduce__(self):
            return (exec, (f"open({str(tmp_path / 'boom')!r}, 'w')",))

    path = tmp_path / "model.safetensors"
    for write in (lambda: path.write_bytes(pickle.dumps(Bomb())), lambda: torch.save(Bomb(), path)):
        write()
        with pytest.raises(MMRiskError, match="is not a model"):
            RiskModel.load(path)
    assert not (tmp_path / "boom").exists()


def test_loading_needs_no_unpickling(path, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("unpickled")

    for module, name in ((pickle, "load"), (pickle, "loads"), (pickle, "Unpickler"), (torch, "load")):
        monkeypatch.setattr(module, name, refuse)
    RiskModel.load(path)


def test_other_safetensors_are_told_from_models(tmp_path):
    path = tmp_path / "llm.safetensors"
    for metadata in (None, {"format": "pt"}):
        save_file({"w": torch.zeros(2)}, path, metadata=metadata)
        with pytest.raises(MMRiskError, match=r"llm.safetensors is not an MMRisk model"):
            RiskModel.load(path)


@pytest.mark.parametrize(
    ("version", "cure"),
    [(2, "Update MMRisk"), (99, "Update MMRisk"), (0, "Train"), (None, "Train"), ("1", "Train"), (True, "Train")],
)
def test_another_schema_version_is_named_with_ours(path, version, cure):
    rewrite(path, manifest=lambda m: {**m, "schema_version": version})
    with pytest.raises(MMRiskError, match=rf"schema version {version}; this version of MMRisk reads 1. {cure}"):
        RiskModel.load(path)


def test_an_older_schema_version_is_upgraded_step_by_step(path):
    """As there is no older version yet, with one that calls the label by another name."""

    def renamed(entries, version, old, new):
        kept = {name: value for name, value in entries.items() if name != old}
        return {**kept, "schema_version": version, new: entries[old]}

    rewrite(path, manifest=lambda m: renamed(m, -1, "label", "target"))
    upgrades = {
        -1: lambda entries: renamed(entries, 0, "target", "goal"),
        0: lambda entries: renamed(entries, 1, "goal", "label"),
    }
    assert read_header(path, RISK_MANIFEST_KEY, 1, Manifest, upgrades).label == "label"
    with pytest.raises(MMRiskError, match="schema version 0; this version of MMRisk reads 1"):
        read_header(path, RISK_MANIFEST_KEY, 1, Manifest, {-1: upgrades[-1]})


def test_a_manifest_that_is_no_json_object_is_named(path):
    content = load_file(path)
    for text in ("{", "[]", "[" * 100_000, '{"label": "\\ud800"}', "9" * 5000):
        save_file(content, path, metadata={RISK_MANIFEST_KEY: text})
        with pytest.raises(MMRiskError, match=r"manifest of model.safetensors is damaged"):
            RiskModel.load(path)


def drop(*keys):
    def change(manifest):
        *parents, last = keys
        for key in parents:
            manifest = manifest[key]
        del manifest[last]

    return change


def put(value, *keys):
    def change(manifest):
        *parents, last = keys
        for key in parents:
            manifest = manifest[key]
        manifest[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (drop("label"), "damaged at 'label'"),
        (drop("ensemble", "bias"), "damaged at 'ensemble.bias'"),
        (put(1, "surprise"), "damaged at 'surprise'"),
        (put(float("nan"), "ensemble", "bias"), "damaged at 'ensemble.bias'"),
        (put([float("inf"), 1.0], "ensemble", "head_weights"), "damaged at 'ensemble.head_weights.0'"),
        (put([1.0], "ensemble", "head_weights"), "1 weights for 2 heads"),
        (put([], "ensemble", "member_configs"), "damaged at 'ensemble.member_configs'"),
        (put("transformer", "ensemble", "architecture"), "'transformer', which this version of MMRisk does not know"),
        (put("clip", "ensemble", "backbone"), "'clip', which this version of MMRisk does not know"),
        (put(["a", "b"], "ensemble", "head_names"), "the heads of member 0 are not those of the manifest"),
        (put(2, "ensemble", "member_configs", 0, "n_attributes"), "member 0 does not fit"),
        (put("x", "ensemble", "member_configs", 0, "n_attributes"), "member 0 does not fit"),
        (put([[1.0, 0.0]], "ensemble", "member_configs", 0, "bins"), "member 0 does not fit"),
        (drop("ensemble", "member_configs", 0, "bins"), "member 0 does not fit"),
        (drop("validation", "differences", "prevalence"), "differences to 4 challengers for 5"),
        (drop("attributes", 0), "it has 1 attribute, and the manifest 0"),
    ],
)
def test_a_manifest_that_does_not_fit_is_named(path, change, words):
    rewrite(path, manifest=change)
    with pytest.raises(MMRiskError, match=words):
        RiskModel.load(path)


def without(name):
    return lambda tensors: {key: value for key, value in tensors.items() if key != name}


HEAD = "members.0.attributes_linear.weight"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (without(HEAD), "member 0 does not fit"),
        (without(REFERENCE_KEY), "'applicability.reference' is missing"),
        (lambda t: {**t, "members.0.extra": torch.zeros(1)}, "member 0 does not fit"),
        (lambda t: {**t, "members.9.weight": torch.zeros(1)}, r"'members.9.weight' belongs to no member"),
        (lambda t: {**t, HEAD: torch.full_like(t[HEAD], float("nan"))}, f"'{HEAD}' holds values that are not finite"),
        (lambda t: {**t, HEAD: t[HEAD] * float("inf")}, "not finite"),
        (lambda t: {**t, HEAD: torch.zeros(2, 2)}, "member 0 does not fit"),
        (lambda t: {**t, REFERENCE_KEY: torch.zeros(3)}, "misshapen"),
        (lambda t: {**t, REFERENCE_KEY: torch.zeros(5, 17)}, "does not fit its inputs and outputs"),
        (lambda t: {**t, REFERENCE_KEY: torch.zeros(0, t[REFERENCE_KEY].shape[1])}, "misshapen"),
    ],
)
def test_tensors_that_do_not_fit_are_named(path, change, words):
    rewrite(path, tensors=change)
    with pytest.raises(MMRiskError, match=words):
        RiskModel.load(path)


def test_a_flag_that_points_outside_the_attributes_is_named(town, tmp_path):

    from mmrisk_core import train_model

    gaps = town.tiles.assign(road=town.tiles["roads_length"].where(town.tiles["col"] > 2))
    path = train_model(gaps, "label", ["road"], **{**QUICK, "folds": 2, "epochs": 1}).save(tmp_path / "m.safetensors")
    rewrite(path, tensors=lambda t: {**t, "members.0.encoding.flagged": torch.tensor([7])})
    with pytest.raises(MMRiskError, match="member 0 does not fit"):
        RiskModel.load(path)


def test_a_tensor_of_an_impossible_shape_is_named(path):
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    header["empty"] = {"dtype": "F32", "shape": [0, 2**63], "data_offsets": [0, 0]}
    ends = max(entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__")
    header["empty"]["data_offsets"] = [ends, ends]
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + content[8 + length :])
    with pytest.raises(MMRiskError, match=r"The model model.safetensors is damaged \(.*\)\.$"):
        RiskModel.load(path)
