"""A batch as a Processing script: tiles, roads and labels for several tile sizes, in one QGIS process."""

import json
from pathlib import Path

import processing
from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterString,
    QgsVectorLayer,
)


class BatchOfTileSizes(QgsProcessingAlgorithm):
    def name(self):
        return "batchoftilesizes"

    def displayName(self):
        return "Batch of tile sizes"

    def createInstance(self):
        return BatchOfTileSizes()

    def initAlgorithm(self, configuration=None):
        self.addParameter(QgsProcessingParameterExtent("EXTENT", "Extent"))
        self.addParameter(QgsProcessingParameterFeatureSource("ROADS", "Roads"))
        self.addParameter(QgsProcessingParameterFeatureSource("CRASHES", "Crashes"))
        self.addParameter(QgsProcessingParameterString("SIZES", "Sizes"))
        self.addParameter(QgsProcessingParameterFolderDestination("FOLDER", "Folder"))
        self.addOutput(QgsProcessingOutputString("COUNTS", "Tiles of each size"))
        self.addOutput(QgsProcessingOutputNumber("ENGINE_STARTS", "Engine processes"))

    def processAlgorithm(self, parameters, context, feedback):
        from mmrisk.plugin.engine_service import running_engine

        folder = self.parameterAsString(parameters, "FOLDER", context)
        Path(folder).mkdir(parents=True, exist_ok=True)
        counts, processes = {}, set()

        def run(algorithm, **values):
            values.setdefault("OUTPUT", "TEMPORARY_OUTPUT")
            result = processing.run(
                f"mmrisk:{algorithm}", values, context=context, feedback=feedback, is_child_algorithm=True
            )
            processes.add(running_engine().process_id)
            return result["OUTPUT"]

        for size in self.parameterAsString(parameters, "SIZES", context).split(","):
            tiles = run("createtiles", EXTENT=parameters["EXTENT"], TILE_SIZE=float(size))
            joined = run("joinattributes", TILES=tiles, INPUT=parameters["ROADS"], STATISTICS=[0, 1], PREFIX="roads_")
            file = str(Path(folder) / f"{size}.gpkg")
            run("labeltiles", TILES=joined, EVENTS=parameters["CRASHES"], OUTPUT=file)
            counts[size] = QgsVectorLayer(file, size, "ogr").featureCount()
        return {"FOLDER": folder, "COUNTS": json.dumps(counts), "ENGINE_STARTS": len(processes)}
