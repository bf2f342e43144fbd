"""Outputs on a disk that is full."""

import shutil

import pytest

from plugin.engine.errors import EngineError
from tests.faults.city import WRITERS, Feedback, files_in, job

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
