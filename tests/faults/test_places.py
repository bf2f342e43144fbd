"""Outputs on places that cannot take them."""

import pytest

from plugin.engine.errors import EngineError
from tests.faults.city import WRITERS, Feedback, job

pytestmark = pytest.mark.slow


def refused(client, city, verb, folder):
    with pytest.raises(EngineError) as caught:
        client.run(verb, job(city, verb, folder)[0], Feedback())
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "unexpectedly" not in sentence
    return sentence


@pytest.mark.parametrize("verb", WRITERS)
def test_the_folder_vanished(client, city, verb, tmp_path, note):
    if verb == "sample":
        pytest.skip("it makes its folder")
    sentence = refused(client, city, verb, tmp_path / "gone")
    assert not (tmp_path / "gone").exists()
    note(f"`{verb}`: the folder of the output is gone", sentence, "nothing is written")


@pytest.mark.parametrize("verb", WRITERS)
def test_the_disk_is_read_only(client, city, verb, mount_disk, tmp_path, note):
    sentence = refused(client, city, verb, mount_disk("ro"))
    assert "cannot be written" in sentence
    # That each of them works elsewhere is seen where the disk is full.
    client.run("tiles", job(city, "tiles", tmp_path)[0], Feedback())
    note(f"`{verb}`: the disk of the output is read-only", sentence, "the engine goes on")


@pytest.mark.parametrize("verb", WRITERS)
def test_the_output_is_a_folder(client, city, verb, tmp_path, note):
    _, output = job(city, verb, tmp_path)
    output.mkdir(parents=True)
    (output / "kept").touch()
    sentence = refused(client, city, verb, tmp_path)
    assert (output / "kept").exists()
    note(f"`{verb}`: a folder has the name of the output", sentence, "the folder stays as it was")
