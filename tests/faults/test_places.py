"""Outputs on places that cannot take them, and inputs that change while they are read."""

import os
import shutil

import pytest
from conftest import Feedback, job

from plugin.engine.errors import EngineError

pytestmark = pytest.mark.slow
WRITERS = (
    "sample",
    "tiles",
    "join",
    "label",
    "train",
    "evaluate",
    "predict",
    "explain",
    "roads-train",
    "roads-extract",
)
"""All jobs that write an output."""


@pytest.mark.parametrize("verb", WRITERS)
def test_the_folder_vanished(client, city, verb, tmp_path, note):
    parameters, _ = job(city, verb, tmp_path / "gone")
    if verb == "sample":
        pytest.skip("it makes its folder")
    with pytest.raises(EngineError) as caught:
        client.run(verb, parameters, Feedback())
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "unexpectedly" not in sentence
    assert not (tmp_path / "gone").exists()
    note(f"`{verb}`: the folder of the output is gone", sentence, "nothing is written")


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_a_raster_that_was_cut_off(client, city, share, tmp_path, note):
    parameters, output = job(city, "predict", tmp_path)
    image = tmp_path / "imagery.tif"
    shutil.copyfile(city.imagery, image)
    os.truncate(image, int(image.stat().st_size * share))
    with pytest.raises(EngineError) as caught:
        client.run("predict", {**parameters, "images": [str(image)]}, Feedback())
    sentence = str(caught.value)
    assert "imagery" in sentence
    assert "unexpectedly" not in sentence
    assert not output.exists()
    note(f"`predict`: the raster was cut off at {share:.0%}", sentence, "nothing is written")
