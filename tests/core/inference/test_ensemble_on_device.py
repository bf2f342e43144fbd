"""What makes predictions fast must not change them: folded networks, half the bits, several devices, little memory."""

from __future__ import annotations

import dataclasses
import threading
from collections import Counter
from weakref import WeakKeyDictionary

import numpy as np
import pytest
import torch
import torchvision
from torch import nn

from mmrisk_core import MMRiskError
from mmrisk_core.architectures.image_branches import ImageBranches
from mmrisk_core.architectures.merged_branches import MergedBranches
from mmrisk_core.compute.devices import Device, choose_device
from mmrisk_core.encoders import make_frozen_encoder
from mmrisk_core.encoders.batch_norm_folding import folded
from mmrisk_core.encoders.torchvision_classifier import TorchvisionClassifier
from mmrisk_core.imagery import RasterSource
from mmrisk_core.inference import ensemble_on_device
from mmrisk_core.inference.batching import in_batches_of, one_ahead
from mmrisk_core.inference.device_pool import DevicePool, fitting
from mmrisk_core.inference.ensemble_on_device import EnsembleOnDevice, EnsembleOutput
from mmrisk_core.inference.model_cache import loaded_model
from mmrisk_core.inference.precision import compare
from mmrisk_core.progress import NO_PROGRESS, Progress
from mmrisk_core.samples.attribute_columns import read_attributes
from mmrisk_core.samples.image_batches import ImageBatch, iterate_images
from tests.core.factories import QUICK

CPU = torch.device("cpu")
PIXELS = 64


def pictures(n: int, pixels: int = PIXELS, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, (n, 3, pixels, pixels), dtype=torch.uint8, generator=generator)


def with_random_statistics(network: nn.Module) -> nn.Module:
    """Fresh batch norms do nothing, so folding them would be no test."""
    torch.manual_seed(0)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(std=0.1)
            module.running_var.uniform_(0.5, 1.5)
            module.bias.data.normal_(std=0.1)
    return network


@pytest.mark.parametrize("name", ["resnet18", "efficientnet_lite0", "densenet121", "shufflenet_v2_x0_5"])
def test_a_folded_encoder_answers_the_same(name):
    if name == "efficientnet_lite0":
        encoder = make_frozen_encoder(name)
    else:
        torch.manual_seed(0)
        encoder = TorchvisionClassifier(name, {"weights": "DEFAULT"})
        with_random_statistics(encoder)
    faster = encoder.for_inference()
    norms = [sum(isinstance(m, nn.BatchNorm2d) for m in each.modules()) for each in (encoder, faster)]
    assert norms[1] < norms[0]
    images = pictures(3)
    expected = encoder(images)
    assert (faster(images) - expected).abs().max() < 1e-5 * expected.abs().max().clamp(min=1)


def test_a_network_that_cannot_be_followed_stays_as_it_is():
    class Winding(nn.Module):
        def __init__(self):
            super().__init__()
            self.norm = nn.BatchNorm2d(3)

        def forward(self, x):
            return self.norm(x) if x.sum() > 0 else x

    winding = with_random_statistics(Winding()).eval()
    images = torch.rand(2, 3, 8, 8)
    assert torch.equal(folded(winding)(images), winding(images))


def test_folding_leaves_the_network_alone():
    network = with_random_statistics(torchvision.models.resnet18()).eval()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    folded(network).bfloat16()
    assert all(torch.equal(tensor, before[name]) for name, tensor in network.state_dict().items())


def test_merged_branches_answer_as_each_by_itself():
    torch.manual_seed(0)
    members = [ImageBranches([(3, 36), (1, 20)]).eval() for _ in range(3)]
    images = [pictures(21, 36), pictures(21, 20)[:, :1]]
    present = [torch.arange(21) % 2 == 0, torch.arange(21) % 3 == 0]
    with torch.no_grad():
        merged = MergedBranches(members).eval()(images, present)
        expected = torch.stack([member.encode_images(images, present) for member in members])
    assert expected.isnan().any()
    torch.testing.assert_close(merged, expected, rtol=0, atol=1e-6, equal_nan=True)


@pytest.fixture(scope="module")
def batch(model, town) -> tuple[ImageBatch, torch.Tensor]:
    """48 tiles, some without an image."""
    tiles = town.tiles.iloc[:48]
    read = iterate_images(tiles, model.manifest.images, [RasterSource(path=str(town.ortho))])
    whole = next(in_batches_of(read, lambda: 48))
    present = torch.arange(48) % 8 != 0
    tabular = read_attributes(tiles, [attribute.name for attribute in model.manifest.attributes], {})
    return dataclasses.replace(whole, present=[present], coverage=present.double().numpy()), tabular


def answered(network: EnsembleOnDevice, batch: tuple[ImageBatch, torch.Tensor], size: int = 48) -> EnsembleOutput:
    output = EnsembleOutput(48, QUICK["folds"])
    for part in in_batches_of([batch[0]], lambda: size):
        network.predict_batch(part, batch[1][part.rows], output)
    return output


def difference(one: EnsembleOutput, other: EnsembleOutput) -> float:
    assert np.ptp(one.logits) > 0.1
    off = {name: float(np.abs(vars(one)[name] - vars(other)[name]).max()) for name in vars(one)}
    # Distances of many rows are by the squares of what they are the difference of: of tiles of the training, which are at
    # distance 0, half of the digits remain.
    off["dissimilarity"] /= 100
    return max(off.values())


@pytest.fixture(scope="module")
def usual(model, batch) -> EnsembleOutput:
    return answered(EnsembleOnDevice(model, choose_device("cpu")), batch)


def test_two_runs_are_equal_to_the_bit(model, batch, usual):
    assert difference(answered(EnsembleOnDevice(model, choose_device("cpu")), batch), usual) == 0


@pytest.mark.parametrize("size", [1, 7, 33])
def test_answers_do_not_hang_on_the_batch(model, batch, usual, size):
    assert difference(answered(EnsembleOnDevice(model, choose_device("cpu")), batch, size), usual) < 1e-4


def test_effects_are_those_of_a_modality_that_is_not_there(model, batch, usual):
    images, tabular = batch
    absent = dataclasses.replace(images, present=[torch.zeros(48, dtype=torch.bool)])
    without = answered(EnsembleOnDevice(model, choose_device("cpu")), (absent, tabular))
    effect = (usual.logits - without.logits).mean(axis=0)
    assert np.abs(effect).max() > 0.01
    assert usual.image_effect == pytest.approx(effect, abs=1e-5)
    assert without.image_effect == pytest.approx(np.zeros(48), abs=1e-6)


def test_blank_tiles_are_not_embedded(model, batch, monkeypatch):
    seen = []
    encoder = type(model.encoder)
    forward = encoder.forward
    monkeypatch.setattr(encoder, "forward", lambda self, pixels: seen.append(len(pixels)) or forward(self, pixels))
    answered(EnsembleOnDevice(model, choose_device("cpu")), batch)
    assert sum(seen) == 42


def test_several_devices_answer_as_one(model, batch, usual, monkeypatch):
    hands = []

    class Remembering(ensemble_on_device.ImageEmbedder):
        def __call__(self, images, present):
            hands.append((id(self), threading.get_ident()))
            return super().__call__(images, present)

    monkeypatch.setattr(ensemble_on_device, "ImageEmbedder", Remembering)
    network = EnsembleOnDevice(model, Device(CPU, "three", (CPU, CPU)), batch_size=5)
    assert network.batch_size == 15
    assert difference(answered(network, batch), usual) < 1e-4
    assert len({embedder for embedder, _ in hands}) == 3
    assert threading.get_ident() not in {thread for _, thread in hands}
    # Ten parts of at most 5 tiles, dealt in turn.
    assert sorted(Counter(embedder for embedder, _ in hands).values()) == [3, 3, 4]


class Small:
    """A device whose memory holds so many tiles."""

    def __init__(self, tiles: int, error: type[RuntimeError] = torch.OutOfMemoryError) -> None:
        self.tiles, self.error, self.asked = tiles, error, []

    def __call__(self, images, present):
        self.asked.append(len(images[0]))
        if len(images[0]) > self.tiles:
            raise self.error("CUDA out of memory. Tried to allocate")
        return images[0].float().mean(dim=(1, 2, 3))[None, :, None]


@pytest.mark.parametrize("error", [torch.OutOfMemoryError, RuntimeError])
def test_where_memory_runs_out_half_as_many_are_taken(error):
    small, heard = Small(7, error), []
    dealer = DevicePool(lambda device: small, [CPU], None, Progress(log=heard.append))
    images = pictures(40)
    expected = images.float().mean(dim=(1, 2, 3))[None, :, None]
    assert torch.equal(dealer.embed([images], [torch.ones(40, dtype=torch.bool)]), expected)
    assert small.asked == [40, 20, 10, *[5] * 8]
    assert heard[-1] == "Memory ran out with 10 tiles at once: 5 are taken from now on."
    assert dealer.at_once(PIXELS) == 5


def test_where_one_tile_is_too_much_the_cpu_goes_on():
    heard = []
    gpu = torch.device("meta")
    dealer = DevicePool(lambda device: Small(0 if device == gpu else 99), [gpu, gpu], 4, Progress(log=heard.append))
    images, there = pictures(6), torch.ones(6, dtype=torch.bool)
    assert torch.equal(dealer.embed([images], [there])[0, :, 0], images.float().mean(dim=(1, 2, 3)))
    assert dealer.devices == (CPU,)
    assert heard[-1] == "The GPU has no memory for a single tile: the CPU goes on."


def test_a_computer_without_memory_for_one_tile_is_an_error_and_so_is_any_other_failure():
    there = torch.ones(2, dtype=torch.bool)
    with pytest.raises(MMRiskError, match="no memory for the images of a single tile"):
        DevicePool(lambda device: Small(0), [CPU], None, NO_PROGRESS).embed([pictures(2)], [there])

    def broken(images, present):
        raise RuntimeError("shapes cannot be multiplied")

    with pytest.raises(RuntimeError, match="multiplied"):
        DevicePool(lambda device: broken, [CPU], None, NO_PROGRESS).embed([pictures(2)], [there])


def test_a_gpu_that_gives_up_is_named_no_more(model, batch, usual, monkeypatch):
    """A device of another kind than the CPU is not at hand, so a network on it always runs out of memory."""
    gpu, real = torch.device("meta"), ensemble_on_device.ImageEmbedder
    monkeypatch.setattr(
        ensemble_on_device,
        "ImageEmbedder",
        lambda model, device, dtype: Small(0) if device == gpu else real(model, device, dtype),
    )
    network = EnsembleOnDevice(model, choose_device("cpu"))
    network._pool = DevicePool(network._pool._make, [gpu], None, NO_PROGRESS)
    network._device = Device(gpu, "gpu (imaginary)")
    assert difference(answered(network, batch), usual) < 1e-4
    assert network.device_used.startswith("cpu (")
    assert "memory" in network.device_used


@pytest.mark.parametrize(
    ("free", "per_tile", "size"), [(2**30, 2**20, 512), (2**30, 8 * 2**20, 64), (2**30, 2**30, 1), (2**40, 1, 512)]
)
def test_the_size_of_a_batch_is_found_by_the_free_memory(free, per_tile, size):
    assert fitting(free, per_tile) == size


@pytest.mark.parametrize(("pixels", "size"), [(64, 64), (196, 64), (392, 16), (4096, 1)])
def test_large_images_are_taken_fewer_at_once_on_a_cpu(pixels, size):
    assert DevicePool(lambda device: Small(99), [CPU], None, NO_PROGRESS).at_once(pixels) == size


def taking(seconds: float, risk: float, clock: list[float]):
    def compute():
        clock[0] += seconds
        return np.full(32, risk)

    return compute


@pytest.mark.parametrize(
    ("seconds", "risk", "precision", "words"),
    [
        (1.0, 0.504, "bfloat16", "2.0 times as fast as float32, probabilities of 32 tiles differ by at most 0.0040"),
        (1.0, 0.506, "float32", "differ by up to 0.006"),
        (1.0, float("nan"), "float32", "differ"),
        (1.9, 0.5, "float32", "not clearly faster"),
    ],
)
def test_half_the_bits_are_for_what_is_faster_and_the_same(monkeypatch, seconds, risk, precision, words):
    clock = [0.0]
    monkeypatch.setattr("mmrisk_core.inference.precision.time.perf_counter", lambda: clock[0])
    choice = compare(taking(2.0, 0.5, clock), taking(seconds, risk, clock))
    assert choice.precision == precision
    assert words in choice.sentence


@pytest.fixture
def fast_halves(monkeypatch):
    """A processor on which bfloat16 is always faster; and a wider limit, as the plain pictures of the town need."""
    monkeypatch.setattr(ensemble_on_device, "supports_bfloat16", lambda device: True)
    monkeypatch.setattr("mmrisk_core.inference.precision.MIN_GAIN", 0.0)
    monkeypatch.setattr("mmrisk_core.inference.precision.MAX_DIFFERENCE", 0.05)


def test_the_precision_is_chosen_on_the_first_images(model, batch, usual, fast_halves):
    heard = []
    network = EnsembleOnDevice(model, choose_device("cpu"), precision=None, progress=Progress(log=heard.append))
    output = answered(network, batch)
    assert network.precision == "bfloat16", heard
    assert "Computing in bfloat16" in heard[-1]
    assert difference(output, usual) > 0
    assert np.abs(output.logits - usual.logits).max() < 0.5
    given = EnsembleOnDevice(model, choose_device("cpu"), precision="bfloat16")
    assert difference(answered(given, batch), output) == 0


def test_a_network_that_disagrees_stays_in_float32(model, batch, usual, fast_halves, monkeypatch):
    real = type(model.encoder).for_inference

    def coarse(self, dtype=torch.float32):
        faster = real(self, dtype)
        if dtype == torch.bfloat16:
            faster.embed = lambda image: torch.full((len(image), faster.out_features), 3.0)
        return faster

    monkeypatch.setattr(type(model.encoder), "for_inference", coarse)
    monkeypatch.setattr("mmrisk_core.inference.image_embedder._faster", WeakKeyDictionary())
    heard = []
    network = EnsembleOnDevice(model, choose_device("cpu"), precision=None, progress=Progress(log=heard.append))
    assert difference(answered(network, batch), usual) == 0
    assert network.precision == "float32"
    assert "probabilities differ by up to" in heard[-1]


def test_a_processor_that_does_not_know_bfloat16_is_not_asked(model, batch, usual, monkeypatch):
    monkeypatch.setattr(ensemble_on_device, "supports_bfloat16", lambda device: False)
    heard = []
    network = EnsembleOnDevice(model, choose_device("cpu"), precision=None, progress=Progress(log=heard.append))
    assert difference(answered(network, batch), usual) == 0
    assert heard == ["Computing in float32: the processor does not know bfloat16."]


def test_a_model_is_read_again_only_when_its_file_changes(model, table_model, tmp_path):
    path = model.save(tmp_path / "model.safetensors")
    first = loaded_model(path)
    assert loaded_model(str(path)) is first
    table_model.save(path)
    assert len(loaded_model(path).manifest.images) == 0
    path.unlink()
    with pytest.raises(MMRiskError, match="does not exist"):
        loaded_model(path)


@pytest.mark.parametrize("size", [1, 4, 64])
def test_batches_are_cut_and_joined_without_loss(size):
    def part(start, stop):
        rows = np.arange(start, stop)
        there = torch.from_numpy(rows % 2 == 1)
        return ImageBatch(rows, [torch.from_numpy(rows).view(-1, 1, 1, 1)], [there], rows / 10)

    cut = list(in_batches_of([part(0, 5), part(5, 6), part(6, 17)], lambda: size))
    assert [len(batch.rows) for batch in cut[:-1]] == [size] * (len(cut) - 1)
    rows = np.concatenate([batch.rows for batch in cut])
    assert rows.tolist() == list(range(17))
    for batch in cut:
        assert batch.images[0].flatten().tolist() == batch.rows.tolist()
        assert batch.present[0].tolist() == (batch.rows % 2 == 1).tolist()
        assert batch.coverage.tolist() == (batch.rows / 10).tolist()


def test_tiles_without_any_image_go_by_themselves():
    def part(start, stop, there):
        rows = np.arange(start, stop)
        return ImageBatch(rows, [torch.zeros(len(rows), 1, 1, 1)], [torch.full((len(rows),), there)], rows / 10)

    cut = list(in_batches_of([part(0, 3, True), part(3, 100, False), part(100, 105, True)], lambda: 4))
    assert [(batch.rows[0], batch.rows[-1]) for batch in cut] == [(3, 99), (0, 100), (101, 104)]


def test_batches_made_ahead_come_in_order_and_none_is_made_after_the_end():
    made = []

    def make():
        for number in range(100):
            made.append(number)
            yield number

    assert list(one_ahead(make())) == list(range(100))
    made.clear()
    ready = one_ahead(make())
    assert [next(ready), next(ready)] == [0, 1]
    ready.close()
    assert made in ([0, 1], [0, 1, 2])
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("batches")]


def test_what_goes_wrong_while_a_batch_is_made_ahead_is_not_lost():
    def make():
        yield 0
        raise MMRiskError("The raster is damaged.")

    ready = one_ahead(make())
    assert next(ready) == 0
    with pytest.raises(MMRiskError, match="damaged"):
        next(ready)
