"""Parameters that several algorithms have, each with its help."""

from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterMultipleLayers,
)

from ..i18n import tr

DEVICES = ("auto", "cpu", "gpu")
FIGURES = ("AUC", "AUC_LOW", "AUC_HIGH", "AVERAGE_PRECISION", "BRIER", "ECE")


def tiles_parameter(help_text: str) -> tuple[QgsProcessingParameterFeatureSource, str]:
    """TILES: the tiles that an algorithm works on."""
    return QgsProcessingParameterFeatureSource(
        "TILES", tr("Tiles"), [QgsProcessing.SourceType.TypeVectorPolygon]
    ), help_text


def tiles_or_table_parameter(help_text: str) -> tuple[QgsProcessingParameterFeatureSource, str]:
    """TILES: tiles, or a table without geometry whose rows stand for tiles."""
    tiles = QgsProcessingParameterFeatureSource("TILES", tr("Tiles"), [QgsProcessing.SourceType.TypeVector])
    return tiles, f"{help_text} {tr('A table without geometry will do where its rows name pictures.')}"


def image_column_parameter(help_text: str) -> tuple[QgsProcessingParameterField, str]:
    """IMAGE_COLUMN: pictures that are files of their own."""
    column = QgsProcessingParameterField(
        "IMAGE_COLUMN",
        tr("Field of pictures"),
        None,
        "TILES",
        QgsProcessingParameterField.DataType.String,
        optional=True,
    )
    return column, help_text


def images_parameter(help_text: str) -> tuple[QgsProcessingParameterMultipleLayers, str]:
    """IMAGES: what a model looks at."""
    images = QgsProcessingParameterMultipleLayers(
        "IMAGES", tr("Imagery"), QgsProcessing.SourceType.TypeMapLayer, optional=True
    )
    drawn = tr(
        "Raster files are read as they are; web and vector layers are drawn first, as 'Render imagery' would, into a file "
        "that is deleted afterwards."
    )
    return images, f"{help_text} {drawn}"


def label_parameter() -> tuple[QgsProcessingParameterField, str]:
    """LABEL: what is to be learnt, or to be judged by."""
    label = QgsProcessingParameterField(
        "LABEL", tr("Label"), "label", "TILES", QgsProcessingParameterField.DataType.Numeric
    )
    return label, tr("The field with 1 for high-risk tiles and 0 for the rest.")


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
