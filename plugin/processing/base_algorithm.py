"""What algorithms share: their table of parameters; and most of them a job for the engine, with its result in a sink."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any, ClassVar

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputNumber,
    QgsProcessingParameterDateTime,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingUtils,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QIcon

from ..engine.errors import EngineCancelledError, EngineError
from ..engine.job_schema import JobField, job_field
from ..engine.paths import plugin_root
from ..engine_sentences import in_users_language
from ..engine_service import engine, engine_environment, missing_sentence
from ..help_pages import GUIDE, help_address
from ..i18n import tr
from ..layers.crs import keep_crs
from ..layers.recipes import write_recipe
from ..layers.sinks import check_format, copy_into_sink
from ..layers.sources import feature_ids, missing_layers
from ..layers.styling import show_plain_map_tips
from ..plain_text import literal
from .destinations import check_output
from .feedback import ProcessingJobFeedback
from .inputs import Inputs
from .parameters import Parameter
from .plain_failures import plain_failures
from .toolbox import COMMON_TAGS, TAGS, group_of, group_title


class MMRiskAlgorithm(QgsProcessingAlgorithm):
    """An algorithm of the plugin.

    Subclasses set the class variables, give name and help, list their parameters in :meth:`table`, and implement
    ``processAlgorithm``.
    """

    NAME: ClassVar[str]
    SECTION: ClassVar[str]
    """The heading of the guide that tells of it, as it is in an address."""

    def name(self) -> str:
        return self.NAME

    def group(self) -> str:
        return group_title(self.groupId())

    def groupId(self) -> str:
        return group_of(self.NAME)

    def shortDescription(self) -> str:
        return self.shortHelpString().split(". ")[0].rstrip(".") + "."

    def helpUrl(self) -> str:
        return help_address(GUIDE, self.SECTION)

    def tags(self) -> list[str]:
        return [*COMMON_TAGS, *TAGS[self.NAME]]

    def icon(self) -> QIcon:
        return QIcon(str(plugin_root() / "resources" / "icons" / f"{self.NAME}.svg"))

    def createInstance(self) -> QgsProcessingAlgorithm:
        return type(self)()

    def table(self) -> list[Parameter]:
        """The parameters, in order."""
        return []

    def outputs(self) -> list[QgsProcessingOutputDefinition]:
        """What is told beside the outputs that parameters choose."""
        return []

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for row in self.table():
            definition = row.define(self._field(row))
            definition.setHelp(row.help)
            if row.is_advanced:
                definition.setFlags(definition.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
            self.addParameter(definition)
        for output in self.outputs():
            self.addOutput(output)

    def checkParameterValues(self, parameters: dict[str, Any], context: QgsProcessingContext) -> tuple[bool, str]:
        missing = missing_layers(self, parameters, context)
        if missing:
            return False, literal(missing[0])
        return super().checkParameterValues({**parameters, **self._years_as_dates(parameters)}, context)

    def _years_as_dates(self, parameters: dict[str, Any]) -> dict[str, str]:
        """The dates that are given as years, which the jobs take and QGIS's own check does not."""
        names = [row.name() for row in self.parameterDefinitions() if isinstance(row, QgsProcessingParameterDateTime)]
        given = {name: str(parameters.get(name)).strip() for name in names}
        return {name: f"{year}-01-01" for name, year in given.items() if re.fullmatch(r"\d{4}", year)}

    def _field(self, row: Parameter) -> JobField | None:
        return None


class EngineAlgorithm(MMRiskAlgorithm):
    """An algorithm whose work is one job of the engine: its table read into the job, the result into its outputs."""

    VERB: ClassVar[str]
    KEEPS_TILES: ClassVar[bool] = False
    """Whether OUTPUT is TILES with further columns, row by row."""
    _watcher: QgsProcessingFeedback | None = None

    def canExecute(self) -> tuple[bool, str]:
        return (True, "") if engine_environment() is not None else (False, missing_sentence())

    @plain_failures
    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        self._watcher = feedback
        inputs = Inputs(self, parameters, context, feedback)
        return self.outputs_of(self.do(self.job(inputs), inputs))

    def job(self, inputs: Inputs) -> dict[str, Any]:
        """The parameters of the job."""
        rows = [(row, self._field(row)) for row in self.table() if row.read is not None]
        return {row.field: row.read(inputs, field) for row, field in rows if row.read is not None and field is not None}

    def do(self, job: dict[str, Any], inputs: Inputs) -> dict[str, Any]:
        """Let the engine do the job; the result, where ``output`` is what QGIS knows the sink OUTPUT by."""
        if isinstance(self.parameterDefinition("OUTPUT"), QgsProcessingParameterFeatureSink):
            return self.run_job_into_sink(job, inputs)
        return self.run_job(job, inputs.feedback)

    def outputs_of(self, result: dict[str, Any]) -> dict[str, Any]:
        """The outputs that a result holds, by their names."""
        names = [output.name() for output in self.outputDefinitions()]
        return {name: result[name.lower()] for name in names if result.get(name.lower()) is not None}

    def run_job(
        self, job: dict[str, Any], feedback: QgsProcessingFeedback, *, verb: str | None = None
    ) -> dict[str, Any]:
        """Let the engine do a job; a failure or a cancel raises a QgsProcessingException with a sentence."""
        try:
            return engine().run(verb or self.VERB, job, ProcessingJobFeedback(feedback, self._watcher))
        except EngineCancelledError:
            raise QgsProcessingException(tr("Cancelled; nothing was written.")) from None
        except EngineError as error:
            if error.detail:
                feedback.pushDebugInfo(literal(error.detail))
            raise QgsProcessingException(in_users_language(str(error))) from error

    def run_job_into_sink(self, job: dict[str, Any], inputs: Inputs) -> dict[str, Any]:
        """Let the engine do a job that makes a layer, and copy the layer into the sink OUTPUT.

        Returns the engine's result, with the sink's id as ``output``.
        """
        destination = self.parameterAsOutputLayer(inputs.parameters, "OUTPUT", inputs.context)
        if not destination.startswith("memory:"):
            check_output(destination, self, inputs.parameters, inputs.context)
            check_format(self, inputs.parameters, inputs.context)
        with tempfile.TemporaryDirectory(prefix="mmrisk-") as folder:
            result = self.run_job({**job, "output": str(Path(folder) / "result.gpkg")}, inputs.feedback)
            layer = QgsVectorLayer(result["output"], "result", "ogr")
            ids = feature_ids(self, inputs.parameters, "TILES", inputs.context) if self.KEEPS_TILES else ()
            result["output"] = copy_into_sink(self, layer, inputs.parameters, inputs.context, inputs.feedback, ids)
            # The file has to be closed before Windows lets its folder go.
            del layer
        self._result = result
        return result

    def postProcessAlgorithm(self, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        result: dict[str, Any] | None = getattr(self, "_result", None)
        if result is not None:
            layer = QgsProcessingUtils.mapLayerFromString(result["output"], context)
            if isinstance(layer, QgsVectorLayer):
                keep_crs(layer)
                self.finish_layer(layer, result, context)
        return {}

    def finish_layer(self, layer: QgsVectorLayer, result: dict[str, Any], context: QgsProcessingContext) -> None:
        """Attach to an output layer what a sink cannot carry: here, its recipe."""
        write_recipe(layer, result["recipe"])
        show_plain_map_tips(layer)

    def _field(self, row: Parameter) -> JobField | None:
        try:
            return job_field(self.VERB, row.field)
        except KeyError:
            return None


def number_output(name: str, title: str = "") -> QgsProcessingOutputNumber:
    """A number that is told; its title is its name where none is given."""
    return QgsProcessingOutputNumber(name, title or name)
