"""Examples of docs/ run as they are."""

from __future__ import annotations

import runpy
from pathlib import Path

from mmrisk_core import RiskModel
from mmrisk_core.evaluation.metrics import auc
from mmrisk_core.models import BasicCNN, TabularNN, count_parameters

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def test_there_is_a_test_for_every_example():
    assert sorted(path.name for path in EXAMPLES.iterdir() if path.suffix == ".py") == ["original_method.py"]


def test_the_original_form_of_the_method(tmp_path, capsys):
    """16 pictures of 196 pixels, 20 attributes, seed 516; the networks have the numbers of parameters of the method."""
    example = runpy.run_path(str(EXAMPLES / "original_method.py"))
    model = example["main"](tmp_path)
    said = capsys.readouterr().out
    manifest = model.manifest
    assert (manifest.provenance.tiles, manifest.provenance.seed) == (16, 516)
    assert (manifest.images[0].pixels, manifest.images[0].bands, len(manifest.attributes)) == (196, 3, 20)
    assert (manifest.ensemble.architecture, manifest.ensemble.backbone) == ("concat", "basic_cnn")
    for member in model.members:
        (cnn,) = (part for part in member.modules() if isinstance(part, BasicCNN))
        (dense,) = (part for part in member.modules() if isinstance(part, TabularNN))
        assert (count_parameters(cnn), count_parameters(dense)) == (1_024_604, 13_792)
    assert "The model is not validated" in said
    lines = [line for line in said.splitlines() if "batch by batch" in line]
    assert len(lines) == 2 * example["EPOCHS"]
    losses = [float(line.split("loss ")[1].split()[0]) for line in lines[: example["EPOCHS"]]]
    assert losses[-1] < losses[0]
    table = example["make_table"](tmp_path)
    risk = RiskModel.load(tmp_path / "original_method.safetensors").predict(table, device="cpu")
    assert auc(risk["risk"].to_numpy(), table["label"].to_numpy()) == 1
