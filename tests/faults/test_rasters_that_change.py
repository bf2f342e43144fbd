"""Rasters that are damaged, or that another program writes to while they are read."""

import json
import os
import shutil

import pytest

from plugin.engine.errors import EngineError
from plugin.engine.paths import plugin_root
from tests.faults.city import Feedback, job

pytestmark = pytest.mark.slow
READERS = ("train", "evaluate", "predict", "explain", "map", "inspect", "roads-train", "roads-extract")
"""All jobs that read a raster."""


@pytest.fixture
def image(city, tmp_path):
    copy = tmp_path / "imagery.tif"
    shutil.copyfile(city.imagery, copy)
    return copy


def reading(city, verb, folder, image):
    """The job with a raster of its own."""
    (folder / "out").mkdir()
    parameters, _ = job(city, "predict" if verb == "inspect" else verb, folder / "out")
    if verb == "inspect":
        parameters = {
            "change": {"roads_length": 3},
            **{name: parameters[name] for name in ("tiles", "images", "model")},
        }
    return {**parameters, **({"image": str(image)} if "image" in parameters else {"images": [str(image)]})}


def test_these_are_all_that_read_a_raster():
    known = json.loads((plugin_root() / "resources" / "jobs.json").read_text(encoding="utf-8"))
    assert {verb for verb, job in known.items() if {"image", "images"} & set(job["properties"])} == set(READERS)


def sentence_of(client, verb, parameters, on_message=lambda message: None):
    with pytest.raises(EngineError) as caught:
        client.run(verb, parameters, Feedback(on_message=on_message))
    sentence = str(caught.value)
    assert "imagery.tif" in sentence
    assert "unexpectedly" not in sentence
    assert sentence.endswith(".")
    return sentence


def cut_off(image):
    os.truncate(image, image.stat().st_size // 3)


def written_anew(image):
    image.write_bytes(image.read_bytes()[::-1])


def replaced(image):
    other = image.with_name("other.tif")
    shutil.copyfile(image, other)
    other.replace(image)


def deleted(image):
    image.unlink()


# Each kind of change, and each job; all of both would take minutes and show nothing more.
CHANGES = [("predict", change) for change in (cut_off, replaced, deleted)] + [(verb, written_anew) for verb in READERS]


@pytest.mark.parametrize(("verb", "change"), CHANGES, ids=lambda part: getattr(part, "__name__", part))
def test_a_raster_that_changes_while_it_is_read(client, city, verb, change, image, tmp_path, note):
    parameters = reading(city, verb, tmp_path, image)
    changed = []

    def once(message):
        if not changed and message != "starting the engine":
            changed.append(message)
            change(image)

    sentence = sentence_of(client, verb, parameters, once)
    assert changed
    # On a busy machine it is changed before the job looks at what it is.
    assert "imagery" in sentence
    assert "was changed while it was read" in sentence or "cannot be read" in sentence
    assert not list((tmp_path / "out").iterdir())
    if verb == "predict":
        shutil.copyfile(city.imagery, image)
        client.run(verb, parameters, Feedback())
    what = change.__name__.replace("_", " ")
    note(f"`{verb}`: the raster is {what} while it is read", sentence, "nothing is written")


@pytest.mark.parametrize(("verb", "share"), [("predict", 0.05), ("predict", 0.95), *((verb, 0.5) for verb in READERS)])
def test_a_raster_that_was_cut_off(client, city, verb, share, image, tmp_path, note):
    parameters = reading(city, verb, tmp_path, image)
    os.truncate(image, int(image.stat().st_size * share))
    sentence = sentence_of(client, verb, parameters)
    assert not list((tmp_path / "out").iterdir())
    note(f"`{verb}`: the raster was cut off at {share:.0%} before", sentence, "nothing is written")
