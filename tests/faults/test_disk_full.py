"""Outputs on a disk that is full."""

import shutil

import pytest

from plugin.engine.errors import EngineError
from tests.faults.city import WRITERS, Feedback, files_in, job, read_figures

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("verb", WRITERS)
def test_disk_full(client, city, verb, mount_disk, tmp_path, note):
    small_disk = mount_disk("size=8k")
    parameters, _ = job(city, verb, small_disk)
    if verb in ("explain", "roads-extract"):
        # Their rasters of this small city find room in a few kilobytes.
        (small_disk / ".other").write_bytes(bytes(shutil.disk_usage(small_disk).free))
    with pytest.raises(EngineError) as caught:
        client.run(verb, parameters, Feedback())
    sentence = str(caught.value)
    assert "is full" in sentence
    assert sentence.endswith(".")
    assert not [name for name in files_in(small_disk) if name != ".other"]
    enough = tmp_path / "enough"
    (enough / "sample").mkdir(parents=True)
    client.run(verb, job(city, verb, enough)[0], Feedback())
    note(f"`{verb}`: the disk is full", sentence, "nothing is left on the disk; elsewhere it works")
    shutil.rmtree(enough)


def test_the_disk_of_the_cache_is_full(client, new_client, city, mount_disk, tmp_path, note):
    small_disk = mount_disk("size=16k")
    (small_disk / ".other").write_bytes(bytes(shutil.disk_usage(small_disk).free))
    without_room = new_client(MMRISK_CACHE=str(small_disk))
    for verb, said in (("train", "cannot be used"), ("predict", "They are kept in memory")):
        for name, engine in (("room", client), ("no_room", without_room)):
            (tmp_path / f"{verb}_{name}").mkdir()
            feedback = Feedback()
            engine.run(verb, job(city, verb, tmp_path / f"{verb}_{name}")[0], feedback)
        (sentence,) = [line for line in feedback.logs if said in line]
        note(f"`{verb}`: the disk of the cache is full", sentence, "the same figures to the last bit")
    assert read_figures(tmp_path / "predict_no_room" / "risk.gpkg") == read_figures(
        tmp_path / "predict_room" / "risk.gpkg"
    )
    assert not [name for name in files_in(small_disk) if name.endswith(".shard")]
