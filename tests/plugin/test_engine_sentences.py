"""What the engine says, in the language of QGIS."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOLE = re.compile(r"\{\d+\}")


def load_script():
    specification = importlib.util.spec_from_file_location("sentences", ROOT / ".ci" / "sentences.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


sentences = load_script()


@pytest.fixture
def german(qgis_application):
    from qgis.PyQt.QtCore import QLocale, QSettings

    before = QLocale()
    QSettings().setValue("locale/userLocale", "de")
    QLocale.setDefault(QLocale("de_DE"))
    yield
    QLocale.setDefault(before)
    QSettings().remove("locale/userLocale")


def told(sentence):
    from plugin.engine_sentences import in_users_language

    return in_users_language(sentence)


@pytest.mark.parametrize("language", sentences.LANGUAGES)
def test_all_that_the_progress_says_is_translated(language):
    said = {*sentences.templates(sentences.PROGRESS), *sentences.COMPOSED} - set(sentences.PARTS)
    assert said - set(sentences.translations(language)) == set()


@pytest.mark.parametrize("language", sentences.LANGUAGES)
def test_translations_are_of_what_the_engine_says_today_in_every_language_alike(language):
    known = sentences.translations(language)
    assert set(known) - set(sentences.templates()) - set(sentences.COMPOSED) == set()
    assert set(known) == set(sentences.translations("de"))
    assert {
        text for text, translated in known.items() if set(HOLE.findall(translated)) - set(HOLE.findall(text))
    } == set()


@pytest.mark.parametrize("language", sentences.LANGUAGES)
def test_every_template_is_recognised_and_put_together_again(qgis_application, language):
    from plugin import engine_sentences

    for text, translated in sentences.translations(language).items():
        assert engine_sentences._translated(fill(text), language) == fill(translated), text


@pytest.mark.parametrize(
    ("said", "german_text"),
    [
        ("aadt 18,400 against a typical 6,200.5 raises it", "aadt 18.400 gegenüber üblichen 6.200,5 erhöht es"),
        ("training member 1 of 5", "Training: Mitglied 1 von 5"),
        (
            "member 1 of 5: epoch 3 of 20, loss 0.1234, 0.2000 on held-out tiles",
            "Mitglied 1 von 5: Epoche 3 von 20, Verlust 0,1234, 0,2000 auf zurückgehaltenen Kacheln",
        ),
        (
            "imagery of 1,024 of 20,480 tiles, 512 per second, 38 seconds left",
            "Bilder von 1.024 von 20.480 Kacheln, 512 je Sekunde, noch 38 Sekunden",
        ),
        ("'roads 1,5' joined to 63 tiles", "'roads 1,5' mit 63 Kacheln verknüpft"),
        ("What nobody translated has 1,234.5 tiles", "What nobody translated has 1.234,5 tiles"),
        ("The file /data/2020.1/a-1.5.gpkg of 2020-07-01", "The file /data/2020.1/a-1.5.gpkg of 2020-07-01"),
    ],
)
def test_sentences_are_put_together_with_numbers_of_the_locale(german, said, german_text):
    assert told(said) == german_text


def fill(template):
    """The template with a number in each hole."""
    return HOLE.sub(lambda hole: f"{7 + int(hole.group()[1:-1])}", template)


def test_english_stays_as_the_engine_says_it(qgis_application):
    assert told("'roads' joined to 1,063 tiles") == "'roads' joined to 1,063 tiles"


def test_a_real_engine_fails_and_tells_of_its_progress_in_german(german, project):
    from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback

    from plugin.engine_service import engine_environment

    if engine_environment() is None:
        pytest.skip("the engine is not set up")
    texts = []

    class Feedback(QgsProcessingFeedback):
        def setProgressText(self, text):
            texts.append(text)

    def run(extent):
        parameters = {"EXTENT": extent, "TILE_SIZE": 100, "OUTPUT": "memory:"}
        algorithm = QgsApplication.processingRegistry().createAlgorithmById("mmrisk:createtiles")
        context = QgsProcessingContext()
        context.setProject(project)
        algorithm.prepare(parameters, context, Feedback())
        return algorithm.runPrepared(parameters, context, Feedback())

    run("300000,300200,4600000,4600200 [EPSG:32619]")
    assert "4 Kacheln" in texts
    with pytest.raises(QgsProcessingException, match="Die Ausdehnung ist leer"):
        run("300000,300000,4600000,4600000 [EPSG:32619]")
