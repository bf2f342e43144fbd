"""How many tiles a rule would label high-risk, told while it is being chosen."""

from __future__ import annotations

from typing import Callable

from qgis.PyQt.QtCore import QObject, QTimer

from ...engine_service import engine_environment
from ...i18n import tr
from ...locale_numbers import localised
from ..algorithm_runner import AlgorithmRunner, AlgorithmStep, Outcome
from ..widgets.sentence_label import sentence_label

DELAY = 700
# Beyond, labels take longer than somebody looks at the line.
MOST_TILES = 50_000
FEW = 30


class LabelPreview(QObject):
    """Runs 'Label tiles' on the side, with the same rule as the training will, and says what comes of it.

    It waits while anything else of the plugin runs, and is stopped when something begins.

    :param page: it goes with this.
    :param step: gives the algorithm with its parameters, or None where nothing can be told.
    :param runner: what runs everything else.
    """

    def __init__(self, page: QObject, step: Callable[[], AlgorithmStep | None], runner: AlgorithmRunner) -> None:
        super().__init__(page)
        self._step = step
        self._others = runner
        self._own = AlgorithmRunner()
        self._told: AlgorithmStep | None = None
        self._running: AlgorithmStep | None = None
        self.sentence = sentence_label()
        self.sentence.setAccessibleName(tr("How many tiles would be high-risk"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY)
        self._timer.timeout.connect(self._run)
        runner.busy_changed.connect(self._others_changed)

    def refresh(self) -> None:
        """Tell anew where the choice is another one, once nothing has been chosen for a moment."""
        step = self._step()
        if step is None or step != self._told:
            self.sentence.setText("")
            self._told = None
            self._own.cancel()
            self._timer.start()

    def stop(self) -> None:
        """Leave the engine."""
        self._timer.stop()
        self._own.stop()

    def _others_changed(self, busy: bool) -> None:
        if busy:
            self._timer.stop()
            self._own.cancel()
        else:
            self.refresh()

    def _run(self) -> None:
        step = self._step()
        if step is None or step == self._told or self._others.is_busy() or engine_environment() is None:
            return
        if self._own.is_busy():
            # The one before is being stopped.
            self._timer.start()
            return
        tiles = step.parameters["TILES"]
        if tiles.featureCount() > MOST_TILES:
            self._tell(step, tr("There are many tiles: how many of them are high-risk is told by 'Label tiles'."))
            return
        self._running = step
        self._own.run([step], self._done, lambda sentence: self._tell(step, sentence), lambda: None)

    def _done(self, outcome: Outcome) -> None:
        if self._running is not None:
            self._tell(self._running, preview_sentence(outcome.results))

    def _tell(self, step: AlgorithmStep, sentence: str) -> None:
        if step == self._step():
            self._told = step
            self.sentence.setText(sentence)


def preview_sentence(results: dict[str, int]) -> str:
    """What labelling came to, and whether that can be learnt from.

    :param results: the outputs of 'Label tiles'.
    """
    high, low, without = (results[name] for name in ("TILES_HIGH", "TILES_LOW", "TILES_WITHOUT_LABEL"))
    text = tr("{high} of {count} tiles would be high-risk.").format(
        high=localised(f"{high:,}"), count=localised(f"{high + low:,}")
    )
    if without:
        text += " " + tr("{count} have no label, and are not learnt from.").format(count=localised(f"{without:,}"))
    if high == 0:
        text += " " + tr("Nothing can be learnt from that: lower the threshold, or choose other events.")
    elif low == 0:
        text += " " + tr("Nothing can be learnt from that: raise the threshold, or use smaller tiles.")
    elif min(high, low) < FEW:
        text += " " + tr("That is few to learn from: some hundred of each would be better.")
    return text
