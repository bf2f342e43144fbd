"""The algorithm 'Describe model'."""

from __future__ import annotations

from ...i18n import tr
from .. import parameters
from ..base_algorithm import EngineAlgorithm
from ..parameters import Parameter


class DescribeModel(EngineAlgorithm):
    """Checks a model file and writes its card."""

    NAME = "describemodel"
    SECTION = "the-report"
    VERB = "describe"

    def displayName(self) -> str:
        return tr("Describe model")

    def shortHelpString(self) -> str:
        return tr(
            "Checks a model file and writes its card: what it was trained on and where, which layers and imagery it needs, "
            "how good it was on tiles it had not seen, and how far it can be trusted."
        )

    def table(self) -> list[Parameter]:
        return [
            parameters.model(),
            parameters.new_file("HTML", tr("Model card"), tr("The card as one page."), tr("HTML files (*.html)")),
        ]
