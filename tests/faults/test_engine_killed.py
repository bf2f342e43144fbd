"""The engine killed in each phase of each job: a sentence, nothing under the output's name, and the next run works."""

import os
import signal
import time

import pytest

from plugin.engine.errors import EngineError
from tests.faults.city import WRITERS, Feedback, job, phase

pytestmark = pytest.mark.slow
ROUNDS = 5


def left_behind(folder):
    """Size of each file, without those under another name that were being written."""
    files = [file for file in folder.rglob("*") if file.is_file() and not file.name.startswith(".")]
    return {str(file.relative_to(folder)): file.stat().st_size for file in files}


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
        "outputs are whole or not there; the next run works and leaves nothing else",
    )


def killed_at(client, verb, parameters, wanted, folder, files):
    """Run a job whose engine is killed when it says ``wanted``.

    :return: what the user reads, or None where the job was through by then or did not say it this time.
    """
    for file in folder.rglob("*.*"):
        file.unlink()
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
    # What was finished by then is whole, and nothing else has the name of an output.
    assert left_behind(folder).items() <= files.items(), wanted
    return sentence
