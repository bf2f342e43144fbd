"""A Processing script that runs algorithms one after the other, in one QGIS process and with one engine."""

import json

import processing
from qgis.core import QgsProcessingAlgorithm, QgsProcessingOutputString, QgsProcessingParameterString


class ChainOfAlgorithms(QgsProcessingAlgorithm):
    def name(self):
        return "chainofalgorithms"

    def displayName(self):
        return "Chain of algorithms"

    def createInstance(self):
        return ChainOfAlgorithms()

    def initAlgorithm(self, configuration=None):
        self.addParameter(QgsProcessingParameterString("STEPS", "Algorithms with their parameters, as JSON"))
        self.addOutput(QgsProcessingOutputString("RESULTS", "Their outputs, as JSON"))

    def processAlgorithm(self, parameters, context, feedback):
        steps = json.loads(self.parameterAsString(parameters, "STEPS", context))
        results = [
            processing.run(algorithm, values, context=context, feedback=feedback, is_child_algorithm=True)
            for algorithm, values in steps
        ]
        return {"RESULTS": json.dumps(results, default=str)}
