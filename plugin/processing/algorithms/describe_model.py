"""The algorithm 'Describe model'."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterFileDestination,
)

from ...i18n import tr
from ..base_algorithm import EngineAlgorithm
from ..shared_parameters import model_parameter


class DescribeModel(EngineAlgorithm):
    """Checks a model file and writes its card."""

    NAME = "describemodel"
    VERB = "describe"

    def displayName(self) -> str:
        return tr("Describe model")

    def shortHelpString(self) -> str:
        return tr(
            "Checks a model file and writes its card: what it was trained on and where, which layers and imagery it needs, "
            "how good it was on tiles it had not seen, and how far it can be trusted."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add(*model_parameter())
        self.add(
            QgsProcessingParameterFileDestination("HTML", tr("Model card"), tr("HTML files (*.html)")),
            tr("The card as one page."),
        )

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        job = {
            "model": self.parameterAsFile(parameters, "MODEL", context),
            "html": self.file_destination(parameters, "HTML", context),
        }
        result = self.run_job(job, feedback)
        return {"HTML": result["html"]}
