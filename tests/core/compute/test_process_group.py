"""Several processes train what one process trains."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from mmrisk_core import MMRiskError, cli
from mmrisk_core.api import RiskModel
from mmrisk_core.architectures import ARCHITECTURES, FitOptions
from mmrisk_core.cli import main
from mmrisk_core.compute import batch_shards, process_group
from mmrisk_core.compute.batch_shards import BatchDropout, draw_rows, share_of_batch
from mmrisk_core.geo.layer_writing import write_layer
from tests.core.compute.distributed_fits import EPOCHS, NAMES, fit_all, made_up_tiles

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}


def torchrun(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Two processes as users start them."""
    options = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", *map(str, arguments)]
    return subprocess.run(
        [sys.executable, *options], env=ENVIRONMENT, cwd=ROOT, capture_output=True, text=True, timeout=300
    )


def two_processes(*arguments: object) -> None:
    """Two processes with what torchrun gives them, as its own start takes seconds."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    given = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    started = [
        subprocess.Popen(
            [sys.executable, *map(str, arguments)],
            env={**ENVIRONMENT, **given, "RANK": rank, "LOCAL_RANK": rank},
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in ("0", "1")
    ]
    said = [process.communicate(timeout=300)[1] for process in started]
    assert [process.returncode for process in started] == [0, 0], said


@pytest.fixture
def one_of(monkeypatch):
    """Pretends to be a process of several."""

    def pretend(rank: int, size: int) -> None:
        for module in (process_group, batch_shards):
            monkeypatch.setattr(module, "world_size", lambda: size)
        monkeypatch.setattr(process_group, "rank", lambda: rank)

    return pretend


@pytest.fixture
def town_command(town, tmp_path):
    """A quick training of the town on the command line, and the model that it writes."""
    write_layer(town.tiles, tmp_path / "tiles.gpkg")
    model = tmp_path / "model.safetensors"
    options = {
        "tiles": tmp_path / "tiles.gpkg", "features": "roads_length", "images": town.ortho, "architecture": "concat",
        "image_pixels": 32, "validation": "none", "folds": 2, "epochs": 2, "device": "cpu", "model": model,
    }  # fmt: skip
    return ["train", *(word for name, value in options.items() for word in (f"--{name}", value))], model


# --- the same as one process -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_two_processes_have_the_loss_curve_of_one(tmp_path):
    two_processes(HERE / "distributed_fits.py", tmp_path / "two.json")
    two, one = json.loads((tmp_path / "two.json").read_text()), fit_all()
    for name in NAMES:
        assert len(one[name]["losses"]) == EPOCHS
        assert one[name]["losses"][-1] < one[name]["losses"][0] - 1e-3
        assert two[name]["losses"] == pytest.approx(one[name]["losses"], abs=1e-4), name
        assert two[name]["logits"] == pytest.approx(one[name]["logits"], abs=2e-3), name


@pytest.mark.slow
def test_the_command_line_under_torchrun(town, town_command, capsys, tmp_path):
    command, model = town_command
    done = torchrun("-m", "mmrisk_core", *command)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["model"] == str(model)
    assert "in each of 2 processes" in done.stdout
    assert done.stderr.count("Computing on") == 1
    together = RiskModel.load(model).predict(town.tiles, images=[town.ortho])
    assert main([str(word) for word in command]) == 0
    alone = RiskModel.load(model).predict(town.tiles, images=[town.ortho])
    assert together["risk"].tolist() == pytest.approx(alone["risk"].tolist(), abs=1e-3)
    assert together["coverage"].tolist() == alone["coverage"].tolist()
    assert [file.name for file in tmp_path.iterdir() if ".part" in file.name] == []


@pytest.mark.parametrize("size", [1, 2, 5, 8])
def test_shares_of_a_batch_make_up_its_gradient(one_of, size):
    torch.manual_seed(0)
    network, x, y = nn.Linear(3, 1), torch.randn(size, 3), torch.randint(0, 2, (size, 1)).float()
    whole = torch.autograd.grad(nn.functional.binary_cross_entropy_with_logits(network(x), y), network.weight)[0]
    parts, taken = [], []
    for rank in range(3):
        one_of(rank, 3)
        with share_of_batch(size) as share:
            loss = nn.functional.binary_cross_entropy_with_logits(network(x[share.rows]), y[share.rows]) * share.weight
        parts.append(torch.autograd.grad(loss, network.weight)[0])
        taken += list(range(size))[share.rows] if share.weight else []
    assert torch.allclose(torch.stack(parts).mean(dim=0), whole, atol=1e-7)
    assert taken == list(range(size))


def test_draws_are_those_of_the_whole_batch(one_of):
    x = torch.randn(7, 40)
    torch.manual_seed(4)
    whole = nn.Dropout(0.3)(x)
    drawn = torch.rand(7, 2)
    parts, draws = [], []
    for rank in range(3):
        one_of(rank, 3)
        torch.manual_seed(4)
        with share_of_batch(7) as share:
            parts.append(BatchDropout(0.3)(x[share.rows]))
            draws.append(draw_rows(len(parts[-1]), lambda n: torch.rand(n, 2)))
    assert torch.equal(torch.cat(parts), whole)
    assert torch.equal(torch.cat(draws), drawn)


def test_no_network_learns_batch_statistics():
    """They would be those of a process's share, not of the batch."""
    for name, architecture in ARCHITECTURES.items():
        member = architecture.fit(made_up_tiles(), FitOptions(seed=1, device=torch.device("cpu"), epochs=1)).train()
        learning = [m for m in member.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm) and m.training]
        assert not learning, name


# --- what goes wrong -------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_error_in_one_process_ends_all(town_command, tmp_path):
    """The script gives the second process a file that is not there, while the first waits for it."""
    command, model = town_command
    script = tmp_path / "one_fails.py"
    script.write_text(
        "import os, sys\nfrom mmrisk_core.cli import main\n"
        "words = [w.replace('tiles.gpkg', 'gone.gpkg') if os.environ['RANK'] == '1' else w for w in sys.argv[1:]]\n"
        "sys.exit(main(words))\n"
    )
    done = torchrun(script, *command)
    assert done.returncode != 0
    # What follows is torchrun's own.
    ours = done.stderr.split("torch/distributed/elastic")[0]
    assert ours.count("gone.gpkg of layer 'gone' does not exist") == 1
    assert "Traceback" not in ours
    assert "can no longer be reached" not in ours
    assert not model.exists()


def test_other_verbs_are_not_shared(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(cli, "world_size", lambda: 2)
    output = tmp_path / "tiles.gpkg"
    assert main(["tiles", "--extent", *["0", "0", "900", "900"], "--crs", "EPSG:32619", "--output", str(output)]) == 1
    assert "Several processes cannot share 'tiles'. Run it without torchrun." in capsys.readouterr().err
    assert not output.exists()


def test_more_processes_than_gpus(monkeypatch):
    monkeypatch.setattr(process_group, "_is_joined", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert process_group.gpu_of_process() == torch.device("cuda", 1)
    monkeypatch.setenv("LOCAL_RANK", "2")
    with pytest.raises(MMRiskError, match=r"more processes than this machine has GPUs \(2\)"):
        process_group.gpu_of_process()


def test_alone_nothing_is_joined(monkeypatch):
    for name in process_group.GIVEN_BY_TORCHRUN:
        monkeypatch.delenv(name, raising=False)
    with process_group.process_group():
        assert not torch.distributed.is_initialized()
        assert (process_group.rank(), process_group.world_size(), process_group.all_reduce_sum(2.5)) == (0, 1, 2.5)
    network = nn.Linear(2, 1)
    assert process_group.shared_gradients(network, network.forward) == network.forward
