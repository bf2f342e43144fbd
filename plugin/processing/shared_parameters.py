"""Parameters that several algorithms have, each with its help."""

from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterMultipleLayers,
)

from ..i18n import tr

DEVICES = ("auto", "cpu", "gpu")


def tiles_parameter(help_text: str) -> tuple[QgsProcessingParameterFeatureSource, str]:
    """TILES: the tiles that an algorithm works on."""
    return QgsProcessingParameterFeatureSource(
        "TILES", tr("Tiles"), [QgsProcessing.SourceType.TypeVectorPolygon]
    ), help_text


def images_parameter(help_text: str) -> tuple[QgsProcessingParameterMultipleLayers, str]:
    """IMAGES: the rasters that a model looks at."""
    images = QgsProcessingParameterMultipleLayers(
        "IMAGES", tr("Imagery"), QgsProcessing.SourceType.TypeRaster, optional=True
    )
    return images, help_text


def model_parameter() -> tuple[QgsProcessingParameterFile, str]:
    """MODEL: a model file to use."""
    model = QgsProcessingParameterFile("MODEL", tr("Model"), fileFilter=tr("MMRisk model (*.safetensors)"))
    return model, tr("A model made by 'Train model'. 'Describe model' lists what it needs.")


def device_parameter() -> tuple[QgsProcessingParameterEnum, str]:
    """DEVICE: where to compute."""
    names = [tr("Automatic"), tr("CPU"), tr("GPU")]
    return (
        QgsProcessingParameterEnum("DEVICE", tr("Device"), names, defaultValue=0),
        tr("Where to compute. Automatic takes a GPU when one works; log and output say what was used."),
    )
