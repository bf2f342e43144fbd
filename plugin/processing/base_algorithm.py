"""What algorithms share: parameters with help; and most of them a job for the engine, with its result in a sink."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, ClassVar

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterNumber,
    QgsProcessingUtils,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QIcon

from ..engine.errors import EngineCancelledError, EngineError
from ..engine.paths import plugin_root
from ..engine_service import engine, engine_environment, missing_sentence
from ..i18n import tr
from ..layers.recipes import write_recipe
from ..layers.sinks import copy_into_sink
from ..layers.sources import missing_layers
from .feedback import ProcessingJobFeedback


class MMRiskAlgorithm(QgsProcessingAlgorithm):
    """An algorithm of the plugin.

    Subclasses set the class variables, give name and help, add their parameters with :meth:`add`, and implement
    ``processAlgorithm``.
    """

    NAME: ClassVar[str]

    def name(self) -> str:
        return self.NAME

    def group(self) -> str:
        return tr("Crash risk")

    def groupId(self) -> str:
        return "crashrisk"

    def shortDescription(self) -> str:
        return self.shortHelpString().split(". ")[0].rstrip(".") + "."

    def tags(self) -> list[str]:
        return ["mmrisk", "risk", "crash", "accident", "safety", "road", "tile"]

    def icon(self) -> QIcon:
        return QIcon(str(plugin_root() / "resources" / "icons" / "mmrisk.svg"))

    def createInstance(self) -> QgsProcessingAlgorithm:
        return type(self)()

    def checkParameterValues(self, parameters: dict[str, Any], context: QgsProcessingContext) -> tuple[bool, str]:
        missing = missing_layers(self, parameters, context)
        return (False, missing[0]) if missing else super().checkParameterValues(parameters, context)

    def add(self, parameter: QgsProcessingParameterDefinition, help_text: str, *, advanced: bool = False) -> None:
        """Add a parameter with its help."""
        parameter.setHelp(help_text)
        if advanced:
            parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
        self.addParameter(parameter)

    def fields_chosen(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> list[str]:
        """The names of the fields that a parameter chooses."""
        # Newer than QGIS 3.22, and all there is in QGIS 4.
        read = getattr(self, "parameterAsStrings", None) or self.parameterAsFields
        return read(parameters, name, context)

    def optional_number(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> float | None:
        """The value of an optional number; None where it is not set."""
        if parameters.get(name) is None:
            return None
        if self.parameterDefinition(name).dataType() == QgsProcessingParameterNumber.Type.Integer:
            return self.parameterAsInt(parameters, name, context)
        return self.parameterAsDouble(parameters, name, context)

    def optional_text(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> str | None:
        """The value of an optional text, field or file; None where it is not set."""
        return self.parameterAsString(parameters, name, context).strip() or None

    def file_destination(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> str | None:
        """The path of a file output, after checking that it can be written; None where it is not wanted."""
        path = self.parameterAsFileOutput(parameters, name, context)
        if path:
            check_writable(path)
        return path or None


class EngineAlgorithm(MMRiskAlgorithm):
    """An algorithm whose work is one job of the engine."""

    VERB: ClassVar[str]

    def canExecute(self) -> tuple[bool, str]:
        return (True, "") if engine_environment() is not None else (False, missing_sentence())

    def run_job(
        self, job: dict[str, Any], feedback: QgsProcessingFeedback, *, verb: str | None = None
    ) -> dict[str, Any]:
        """Let the engine do a job; a failure or a cancel raises a QgsProcessingException with a sentence."""
        try:
            return engine().run(verb or self.VERB, job, ProcessingJobFeedback(feedback))
        except EngineCancelledError:
            raise QgsProcessingException(tr("Cancelled; nothing was written.")) from None
        except EngineError as error:
            if error.detail:
                feedback.pushDebugInfo(error.detail)
            raise QgsProcessingException(str(error)) from error

    def manifest(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """What the model file says of itself."""
        model = self.parameterAsFile(parameters, "MODEL", context)
        manifest: dict[str, Any] = self.run_job({"model": model}, feedback, verb="describe")["manifest"]
        return manifest

    def run_job_into_sink(
        self,
        job: dict[str, Any],
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        """Let the engine do a job that makes a layer, and copy the layer into the sink OUTPUT.

        Returns the engine's result, with the sink's id as ``output``.
        """
        destination = self.parameterAsOutputLayer(parameters, "OUTPUT", context)
        if not destination.startswith("memory:"):
            check_writable(destination)
        with tempfile.TemporaryDirectory(prefix="mmrisk-") as folder:
            result = self.run_job({**job, "output": str(Path(folder) / "result.gpkg")}, feedback)
            layer = QgsVectorLayer(result["output"], "result", "ogr")
            result["output"] = copy_into_sink(self, layer, parameters, context, feedback)
            # The file has to be closed before Windows lets its folder go.
            del layer
        self._result = result
        return result

    def postProcessAlgorithm(self, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        result: dict[str, Any] | None = getattr(self, "_result", None)
        if result is not None:
            layer = QgsProcessingUtils.mapLayerFromString(result["output"], context)
            if isinstance(layer, QgsVectorLayer):
                self.finish_layer(layer, result, context)
        return {}

    def finish_layer(self, layer: QgsVectorLayer, result: dict[str, Any], context: QgsProcessingContext) -> None:
        """Attach to an output layer what a sink cannot carry: here, its recipe."""
        write_recipe(layer, result["recipe"])


def check_writable(path: str) -> None:
    """Raise a sentence where the folder of an output is missing or cannot be written to."""
    folder = Path(path.split("|")[0]).parent
    if not folder.is_dir():
        raise QgsProcessingException(
            tr("The folder {folder} of the output does not exist. Create it, or choose another.").format(folder=folder)
        )
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise QgsProcessingException(
            tr("The folder {folder} of the output cannot be written to ({reason}). Choose another.").format(
                folder=folder, reason=error.strerror
            )
        ) from error
