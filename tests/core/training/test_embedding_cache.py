"""Embeddings on disk: training again on the same tiles does not look at the imagery again, and nothing else changes."""

from __future__ import annotations

import multiprocessing
import sqlite3
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from mmrisk_core import Progress, train_model
from mmrisk_core.encoders import make_frozen_encoder
from mmrisk_core.encoders.efficientnet_lite0 import EfficientNetLite0
from mmrisk_core.training.chip_embedding import CHIPS_AT_ONCE, ChipEmbedder
from mmrisk_core.training.embedding_cache import FILE_NAME, EmbeddingCache, cache_folder
from tests.core.factories import QUICK

CPU = torch.device("cpu")


def key(number):
    return number.to_bytes(32, "big")


def fill(folder, numbers, size=8, log=print, **options):
    with EmbeddingCache(folder, log, **options) as cache:
        for number in numbers:
            cache.store(key(number), torch.full((size,), float(number)))


def known(folder, numbers, size=8):
    with EmbeddingCache(folder, print) as cache:
        return {number for number in numbers if cache.find([key(number)], size)}


def never(message):
    raise AssertionError(message)


# --- the file --------------------------------------------------------------------------------------------------------


def test_vectors_come_back_bit_for_bit(tmp_path):
    vectors = {key(i): torch.randn(5, generator=torch.Generator().manual_seed(i)) for i in range(3)}
    with EmbeddingCache(tmp_path / "new" / "folder", never) as cache:
        assert cache.find(list(vectors), 5) == {}
        for name, vector in vectors.items():
            cache.store(name, vector)
    with EmbeddingCache(tmp_path / "new" / "folder", never) as cache:
        found = cache.find([*vectors, key(9)], 5)
        assert found.keys() == vectors.keys()
        assert all(torch.equal(found[name], vector) for name, vector in vectors.items())
        assert cache.find(list(vectors), 6) == {}
        assert cache.find([], 5) == {}


def test_what_was_stored_first_goes_first(tmp_path):
    for start in range(0, 400, 20):
        fill(tmp_path, range(start, start + 20), size=1000, most_bytes=500_000)
    left = known(tmp_path, range(400), size=1000)
    assert left == set(range(min(left), 400))
    assert 80 < len(left) < 125
    assert (tmp_path / FILE_NAME).stat().st_size < 700_000


def write_piece_by_piece(folder, first):
    for start in range(first, first + 600, 50):
        fill(folder, range(start, start + 50), log=sys.exit)


def test_two_processes_may_write_at_once(tmp_path):
    processes = multiprocessing.get_context("fork")
    running = [processes.Process(target=write_piece_by_piece, args=(tmp_path, first)) for first in (0, 500)]
    for process in running:
        process.start()
    for process in running:
        process.join(60)
    assert [process.exitcode for process in running] == [0, 0]
    assert known(tmp_path, range(1100)) == set(range(1100))


def unwritable(folder):
    folder.write_text("a file where the folder should be")


def damaged(folder):
    folder.mkdir()
    (folder / FILE_NAME).write_bytes(b"no database " * 1000)


def foreign(folder):
    folder.mkdir()
    with sqlite3.connect(folder / FILE_NAME) as database:
        database.execute("CREATE TABLE embeddings (other TEXT)")
    database.close()


@pytest.mark.parametrize("spoil", [unwritable, damaged, foreign])
def test_a_cache_that_cannot_be_used_is_told_once_and_no_error(tmp_path, spoil):
    folder, said = tmp_path / "cache", []
    spoil(folder)
    with EmbeddingCache(folder, said.append) as cache:
        for number in range(3):
            assert cache.find([key(number)], 8) == {}
            cache.store(key(number), torch.ones(8))
    assert len(said) == 1
    assert str(folder) in said[0]
    assert said[0].endswith((" to a folder that you may write to.", "It is damaged, and made anew."))


def test_a_damaged_file_is_made_anew(tmp_path):
    damaged(tmp_path / "cache")
    fill(tmp_path / "cache", [1], log=lambda message: None)
    fill(tmp_path / "cache", [1, 2], log=never)
    assert known(tmp_path / "cache", [1, 2]) == {1, 2}


@pytest.mark.parametrize("seed", range(3))
def test_flipped_bits_give_no_other_vector_and_are_made_anew(tmp_path, seed):
    numbers = range(300)
    fill(tmp_path, numbers, size=64)
    file = tmp_path / FILE_NAME
    content = bytearray(file.read_bytes())
    flips = np.random.default_rng(seed).integers(0, 8 * len(content), 200)
    for bit in flips:
        content[bit // 8] ^= 1 << (bit % 8)
    file.write_bytes(content)
    for attempt in range(2):
        found = {}
        with EmbeddingCache(tmp_path, lambda message: None) as cache:
            for number in numbers:
                found |= cache.find([key(number)], 64)
            for number in numbers:
                if key(number) not in found:
                    cache.store(key(number), torch.full((64,), float(number)))
        assert all((vector == int.from_bytes(name, "big")).all() for name, vector in found.items())
        assert len(found) < len(numbers) or attempt
    assert known(tmp_path, numbers, size=64) == set(numbers)


def test_vectors_of_an_earlier_version_or_of_another_key_are_not_used(tmp_path):
    fill(tmp_path, [1, 2])
    with sqlite3.connect(tmp_path / FILE_NAME) as database:
        database.execute(
            "UPDATE embeddings SET vector = (SELECT vector FROM embeddings WHERE key = ?) WHERE key = ?",
            (key(1), key(2)),
        )
        database.execute("INSERT INTO embeddings (key, vector) VALUES (?, ?)", (key(3), np.ones(8, "<f4").tobytes()))
    database.close()
    assert known(tmp_path, [1, 2, 3]) == {1}


def test_a_cache_that_another_process_keeps_locked_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr("mmrisk_core.training.embedding_cache.SECONDS_TO_WAIT", 0.1)
    fill(tmp_path, [1])
    other = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    said = []
    fill(tmp_path, [2], log=said.append)
    other.execute("ROLLBACK")
    other.close()
    assert len(said) == 1
    assert "locked" in said[0]
    assert known(tmp_path, [1, 2]) == {1}


def test_the_folder_is_where_each_system_keeps_what_can_be_made_again():
    home = Path("/home/me")
    assert cache_folder({"MMRISK_CACHE": "/big/disk", "HOME": "/home/me"}, "linux") == Path("/big/disk")
    assert cache_folder({"HOME": "/home/me"}, "linux") == home / ".cache" / "mmrisk"
    assert cache_folder({"HOME": "/home/me", "XDG_CACHE_HOME": "/x"}, "linux") == Path("/x/mmrisk")
    assert cache_folder({"HOME": "/home/me"}, "darwin") == home / "Library" / "Caches" / "mmrisk"
    windows = {"USERPROFILE": "/home/me", "LOCALAPPDATA": "/home/me/Local"}
    assert cache_folder(windows, "win32") == home / "Local" / "mmrisk" / "cache"


# --- chips -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lite0():
    return make_frozen_encoder("efficientnet_lite0")


@pytest.fixture(scope="module")
def chips():
    return torch.randint(0, 256, (40, 3, 64, 64), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)


def embed(encoder, folder, chips, rows=None, name="efficientnet_lite0"):
    rows = np.arange(len(chips)) if rows is None else np.asarray(rows)
    with EmbeddingCache(folder, never) as cache:
        embedder = ChipEmbedder(name, encoder, 0, (len(chips), chips.shape[1]), CPU, cache)
        for part in np.array_split(rows, 3):
            embedder.add(part, chips[part])
        return embedder.finish(), embedder.from_cache


def test_an_embedding_does_not_hang_on_what_was_known_or_beside_it(lite0, chips, tmp_path):
    cold, known = embed(lite0, tmp_path / "a", chips)
    assert known == 0
    assert torch.allclose(cold, lite0(chips), atol=1e-4)
    # Half of them, one and all of them known, in other batches.
    _, none = embed(lite0, tmp_path / "b", chips, rows=[*range(0, 40, 2), 7])
    some, half = embed(lite0, tmp_path / "b", chips, rows=np.random.default_rng(0).permutation(40))
    warm, all_of_them = embed(lite0, tmp_path / "b", chips)
    assert (none, half, all_of_them) == (0, 21, 40)
    assert torch.equal(some, cold)
    assert torch.equal(warm, cold)


def test_tiles_without_a_chip_have_no_embedding(lite0, chips, tmp_path):
    embedding, _ = embed(lite0, tmp_path, chips, rows=[3, 5])
    assert torch.isfinite(embedding[[3, 5]]).all()
    assert torch.isnan(embedding).all(dim=1).sum() == 38
    assert torch.isnan(embed(lite0, tmp_path, chips[:2], rows=[])[0]).all()


def test_the_encoder_always_gets_as_many_chips(lite0, chips, tmp_path, monkeypatch):
    seen = []
    forward = EfficientNetLite0.forward
    monkeypatch.setattr(EfficientNetLite0, "forward", lambda self, x: seen.append(len(x)) or forward(self, x))
    embed(lite0, tmp_path, chips)
    assert seen == [CHIPS_AT_ONCE] * 3


def test_other_pixels_weights_and_encoders_are_not_confused(chips, tmp_path):
    some = chips[:4]
    one, two = (make_frozen_encoder("efficientnet_lite0") for _ in range(2))
    with torch.no_grad():
        next(two.parameters()).add_(1e-3)
    assert embed(one, tmp_path, some)[1] == 0
    assert embed(two, tmp_path, some)[1] == 0
    assert embed(one, tmp_path, some, name="another")[1] == 0
    brighter = some.clone()
    brighter[0, 0, 0, 0] ^= 1
    assert embed(one, tmp_path, brighter)[1] == 3
    assert embed(one, tmp_path, some.transpose(2, 3))[1] == 0
    assert embed(one, tmp_path, some)[1] == 4


# --- training --------------------------------------------------------------------------------------------------------


def train(town, folder, monkeypatch, **options):
    said: list[str] = []
    monkeypatch.setenv("MMRISK_CACHE", str(folder))
    quick = {**QUICK, "folds": 2, "epochs": 2, **options}
    return train_model(town.tiles, "label", ["chance"], [town.ortho], progress=Progress(log=said.append), **quick), said


@pytest.mark.slow
@pytest.mark.parametrize("backbone", ["efficientnet_lite0", "rcf"])
def test_training_again_skips_the_encoder_and_gives_the_same_model(town, tmp_path, monkeypatch, backbone):
    cold, said = train(town, tmp_path, monkeypatch, backbone=backbone)
    assert not any("known from an earlier training" in message for message in said)
    monkeypatch.setattr(ChipEmbedder, "_embed_waiting", None)
    warm, said = train(town, tmp_path, monkeypatch, backbone=backbone)
    assert any(message.startswith("256 images were known from an earlier training") for message in said)
    assert warm.manifest.ensemble == cold.manifest.ensemble
    assert warm.manifest.validation == cold.manifest.validation
    assert torch.equal(warm.reference, cold.reference)
    for one, two in zip(cold.members, warm.members, strict=True):
        for name, tensor in one.state_dict().items():
            assert torch.equal(tensor, two.state_dict()[name]), name


@pytest.mark.slow
def test_training_goes_on_without_a_cache(town, tmp_path, monkeypatch):
    unwritable(tmp_path / "cache")
    model, said = train(town, tmp_path / "cache", monkeypatch, backbone="rcf")
    assert sum("cache of image embeddings" in message for message in said) == 1
    assert model.manifest.validation.figures is not None
