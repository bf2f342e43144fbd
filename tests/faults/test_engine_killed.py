"""The engine killed in each phase of each job, and jobs cancelled at any moment: what had the name of the output is as it
was, or the new output is whole; and the next run works.
"""

import os
import random
import signal
import time

import pytest

from plugin.engine.errors import EngineCancelledError, EngineError
from tests.faults.city import WRITERS, Feedback, job, phase

pytestmark = pytest.mark.slow
ROUNDS = 5


EARLIER = b"of last year"
MOMENTS = 4


def left_behind(folder):
    """Size of each file, or :data:`EARLIER`, without those under another name that were being written."""
    files = [file for file in folder.rglob("*") if file.is_file() and not file.name.startswith(".")]
    contents = {str(file.relative_to(folder)): file.read_bytes() for file in files}
    return {name: EARLIER if content == EARLIER else len(content) for name, content in contents.items()}


def put_earlier(folder, files):
    for name in files:
        (folder / name).write_bytes(EARLIER)


def are_earlier_or_whole(folder, files):
    left = left_behind(folder)
    return left.keys() == files.keys() and all(left[name] in (EARLIER, size) for name, size in files.items())


@pytest.mark.parametrize("verb", WRITERS)
def test_killed_in_each_phase(client, city, verb, tmp_path, note):
    if verb == "sample":
        (tmp_path / "sample").mkdir()
    parameters, _ = job(city, verb, tmp_path)
    whole = Feedback()
    client.run(verb, parameters, whole)
    files = left_behind(tmp_path)
    phases = [one for one in dict.fromkeys(map(phase, whole.messages)) if one != "starting the engine"]
    killed = []
    for _ in range(ROUNDS):
        sentences = [killed_at(client, verb, parameters, wanted, tmp_path, files) for wanted in phases]
        killed += [sentence for sentence in sentences if sentence]
        if killed:
            break
    client.run(verb, parameters, Feedback())
    assert left_behind(tmp_path).keys() == files.keys()
    assert not [file for file in tmp_path.rglob(".*") if file.is_file()]
    # In the last the result may be there already, messages that follow each other closely do not always come, and on a
    # busy machine the signal may come when all is over.
    assert killed
    note(
        f"`{verb}`: engine killed in {len(killed)} of {len(phases)} phases",
        killed[0],
        "earlier outputs stay bit for bit until new ones are whole; the next run works and leaves nothing else",
    )


def killed_at(client, verb, parameters, wanted, folder, files):
    """Run a job whose engine is killed when it says ``wanted``.

    :return: what the user reads, or None where the job was through by then or did not say it this time.
    """
    put_earlier(folder, files)
    victims = []

    def kill(message):
        if phase(message) == wanted and not victims:
            victims.append(client.process_id)
            os.kill(client.process_id, signal.SIGKILL)

    sentence = None
    try:
        client.run(verb, parameters, Feedback(on_message=kill))
    except EngineError as error:
        sentence = str(error)
        assert "killed by signal 9" in sentence
    # Its threads may be still there when its last message has been read.
    while victims and client.process_id == victims[0]:
        time.sleep(0.01)
    assert are_earlier_or_whole(folder, files), wanted
    return sentence


@pytest.mark.parametrize("verb", WRITERS)
def test_cancelled_at_any_moment(client, city, verb, tmp_path, note):
    if verb == "sample":
        (tmp_path / "sample").mkdir()
    parameters, _ = job(city, verb, tmp_path)
    began = time.monotonic()
    client.run(verb, parameters, Feedback())
    seconds = time.monotonic() - began
    files = left_behind(tmp_path)
    cancelled = 0
    for share in random.Random(verb).choices([number / 100 for number in range(90)], k=MOMENTS):
        put_earlier(tmp_path, files)
        began = time.monotonic()
        feedback = Feedback()
        feedback.is_cancelled = lambda began=began, share=share: time.monotonic() - began > share * seconds
        try:
            client.run(verb, parameters, feedback)
        except EngineCancelledError:
            cancelled += 1
            assert left_behind(tmp_path) == dict.fromkeys(files, EARLIER)
        assert are_earlier_or_whole(tmp_path, files)
        assert not [file for file in tmp_path.rglob(".*") if file.is_file()]
    client.run(verb, parameters, Feedback())
    assert left_behind(tmp_path).keys() == files.keys()
    note(f"`{verb}`: cancelled at {MOMENTS} random moments", "", "earlier outputs stay bit for bit; the next run works")
