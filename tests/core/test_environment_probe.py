"""What an interpreter says of itself when QGIS asks whether it can run the engine."""

from __future__ import annotations

import json
import sys

import torch

from plugin.engine.environment import probe


def ask(monkeypatch, capsys, *distributions):
    wanted = [dict(zip(("name", "module", "version"), one, strict=True)) for one in distributions]
    monkeypatch.setattr(sys, "argv", ["probe", json.dumps(wanted)])
    probe.main()
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith(probe.ANSWER_PREFIX))
    return json.loads(line.removeprefix(probe.ANSWER_PREFIX))


def test_the_engines_own_interpreter_is_whole(monkeypatch, capsys):
    answer = ask(monkeypatch, capsys, ("torch", "torch", "2.0"), ("numpy", "numpy", "1.0"))
    assert answer["problems"] == []
    assert answer["versions"].keys() == {"torch", "numpy"}
    assert answer["torch_build"].startswith(torch.__version__)
    assert answer["device_summary"]


def test_what_is_missing_old_or_broken_is_told(monkeypatch, capsys):
    answer = ask(
        monkeypatch,
        capsys,
        ("no-such-thing", "no", "1.0"),
        ("numpy", "numpy", "999.0"),
        ("pytest", "no_such_module", "1.0"),
    )
    assert [problem["kind"] for problem in answer["problems"]] == ["missing", "old", "broken"]


def test_a_torch_that_computes_nonsense_is_broken(monkeypatch, capsys):
    monkeypatch.setattr(torch.nn.functional, "conv2d", lambda image, kernel: torch.zeros(1))
    answer = ask(monkeypatch, capsys, ("torch", "torch", "2.0"))
    assert "a convolution on cpu gave 0.0" in answer["problems"][0]["detail"]
