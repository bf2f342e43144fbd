"""The rows of an algorithm's table: what its dialog shows, and what its job is given.

Defaults, bounds and choices are the job's own; see :mod:`plugin.engine.job_schema`. A row belongs to the field of the job
that has its name in lower case.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterCrs,
    QgsProcessingParameterDateTime,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ..engine.job_schema import JobField
from ..i18n import tr
from .inputs import Inputs

SourceType = QgsProcessing.SourceType
FieldType = QgsProcessingParameterField.DataType


@dataclass(frozen=True)
class Parameter:
    """A row.

    :param define: makes QGIS's definition by what the job says of the field; by None where the job has no such field.
    :param read: the value for the job, from what the user gave; None where the row takes no part in the job by itself.
    :param is_advanced: whether the dialog folds it away.
    """

    name: str
    help: str
    define: Callable[[JobField | None], QgsProcessingParameterDefinition]
    read: Callable[[Inputs, JobField], Any] | None = None
    is_advanced: bool = False

    @property
    def field(self) -> str:
        """The name of the job's field."""
        return self.name.lower()


def number(
    name: str, title: str, help_text: str, *, minimum: float | None = None, is_advanced: bool = False
) -> Parameter:
    """A number; ``minimum`` is for dialogs, where that of the job is no number that can be taken."""
    kinds = QgsProcessingParameterNumber.Type

    def define(field: JobField | None) -> QgsProcessingParameterDefinition:
        assert field is not None  # nosec B101  # for the type checker
        bounds = {"minValue": field.minimum if minimum is None else minimum, "maxValue": field.maximum}
        return QgsProcessingParameterNumber(
            name,
            title,
            kinds.Integer if field.is_whole else kinds.Double,
            field.default,
            optional=field.default is None,
            **{side: bound for side, bound in bounds.items() if bound is not None},
        )

    def read(inputs: Inputs, field: JobField) -> float | None:
        if field.default is None and not inputs.is_given(name):
            return None
        return inputs.whole(name) if field.is_whole else inputs.number(name)

    return Parameter(name, help_text, define, read, is_advanced)


def choice(name: str, title: str, help_text: str, titles: Sequence[str], *, is_advanced: bool = False) -> Parameter:
    """One of several; ``titles`` are the names of the job's choices, in its order."""

    def define(field: JobField | None) -> QgsProcessingParameterDefinition:
        assert field is not None  # nosec B101  # for the type checker
        return QgsProcessingParameterEnum(
            name, title, list(titles), defaultValue=field.choices.index(str(field.default))
        )

    def read(inputs: Inputs, field: JobField) -> str:
        return field.choices[inputs.positions(name)[0]]

    return Parameter(name, help_text, define, read, is_advanced)


def choices(name: str, title: str, help_text: str, titles: Sequence[str]) -> Parameter:
    """Some of several."""

    def define(field: JobField | None) -> QgsProcessingParameterDefinition:
        assert field is not None  # nosec B101  # for the type checker
        chosen = [field.choices.index(value) for value in field.default]
        return QgsProcessingParameterEnum(name, title, list(titles), allowMultiple=True, defaultValue=chosen)

    def read(inputs: Inputs, field: JobField) -> list[str]:
        return [field.choices[position] for position in inputs.positions(name)]

    return Parameter(name, help_text, define, read)


def yes_or_no(name: str, title: str, help_text: str, *, is_advanced: bool = False) -> Parameter:
    """A box to tick."""
    return Parameter(
        name,
        help_text,
        lambda field: QgsProcessingParameterBoolean(name, title, bool(field and field.default)),
        lambda inputs, _: inputs.truth(name),
        is_advanced,
    )


def text(
    name: str,
    title: str,
    help_text: str,
    *,
    default: str | None = None,
    read: Callable[[Inputs, JobField], Any] | None = None,
    is_advanced: bool = False,
) -> Parameter:
    """A line of text, which may be empty where it has no default; ``read`` makes of it what the job takes."""

    def as_it_is(inputs: Inputs, field: JobField) -> str | None:
        return inputs.optional_text(name) if field.default is None else inputs.text(name)

    definition = QgsProcessingParameterString(name, title, default, optional=not default)
    return Parameter(name, help_text, lambda _: definition, read or as_it_is, is_advanced)


def date(name: str, title: str, help_text: str, *, is_advanced: bool = False) -> Parameter:
    """A day, if there is one; a year stands for its first day."""
    # The name of the enumeration's member is the same in Qt5 and Qt6, its scope is not.
    kinds = getattr(QgsProcessingParameterDateTime, "Type", QgsProcessingParameterDateTime)
    definition = QgsProcessingParameterDateTime(name, title, kinds.Date, None, True)
    return Parameter(name, help_text, lambda _: definition, lambda inputs, _: inputs.optional_text(name), is_advanced)


def field(
    name: str,
    title: str,
    help_text: str,
    of: str,
    kind: int = FieldType.Any,
    *,
    default: str | None = None,
    is_advanced: bool = False,
) -> Parameter:
    """A field of the layer that the parameter ``of`` chooses."""
    definition = QgsProcessingParameterField(name, title, default, of, kind, optional=default is None)
    return Parameter(name, help_text, lambda _: definition, lambda inputs, _: inputs.optional_text(name), is_advanced)


def fields(name: str, title: str, help_text: str, of: str) -> Parameter:
    """Any number of fields of the layer that the parameter ``of`` chooses."""
    definition = QgsProcessingParameterField(name, title, None, of, FieldType.Any, allowMultiple=True, optional=True)
    return Parameter(name, help_text, lambda _: definition, lambda inputs, _: inputs.fields(name))


def layer(
    name: str,
    title: str,
    help_text: str,
    kind: int,
    *,
    is_optional: bool = False,
    read: bool = True,
    is_advanced: bool = False,
) -> Parameter:
    """A vector layer; where ``read`` is False, the algorithm gives it to the job itself."""
    definition = QgsProcessingParameterFeatureSource(name, title, [kind], optional=is_optional)
    return Parameter(
        name, help_text, lambda _: definition, (lambda inputs, _: inputs.layer(name)) if read else None, is_advanced
    )


def layers(name: str, title: str, help_text: str) -> Parameter:
    """Any number of vector layers and tables, in order."""
    definition = QgsProcessingParameterMultipleLayers(name, title, SourceType.TypeVector, optional=True)
    return Parameter(name, help_text, lambda _: definition, lambda inputs, _: inputs.layers(name))


def raster(name: str, title: str, help_text: str) -> Parameter:
    """A raster layer, which the algorithm gives to the job itself."""
    return Parameter(name, help_text, lambda _: QgsProcessingParameterRasterLayer(name, title))


def extent(name: str, title: str, help_text: str, *, is_optional: bool = False) -> Parameter:
    """An extent, which the algorithm gives to the job itself, with its CRS."""
    return Parameter(name, help_text, lambda _: QgsProcessingParameterExtent(name, title, optional=is_optional))


def crs(name: str, title: str, help_text: str) -> Parameter:
    """A CRS, which the algorithm gives to the job itself."""
    return Parameter(name, help_text, lambda _: QgsProcessingParameterCrs(name, title, optional=True))


def file(name: str, title: str, help_text: str, *, is_advanced: bool = False) -> Parameter:
    """A file to read, if there is one, or a word in its place: QGIS's own filter asks for a dot in it."""
    definition = QgsProcessingParameterFile(name, title, optional=True, fileFilter=tr("All files (*)"))
    return Parameter(name, help_text, lambda _: definition, lambda inputs, _: inputs.optional_text(name), is_advanced)


def folder(name: str, title: str, help_text: str) -> Parameter:
    """A folder to write to."""
    definition = QgsProcessingParameterFolderDestination(name, title)
    return Parameter(name, help_text, lambda _: definition, lambda inputs, _: inputs.text(name))


def new_file(name: str, title: str, help_text: str, kind: str, *, is_optional: bool = False) -> Parameter:
    """A file to write; ``kind`` is its filter in dialogs."""
    definition = QgsProcessingParameterFileDestination(name, title, kind, optional=is_optional)
    return Parameter(name, help_text, lambda _: definition, lambda inputs, _: inputs.new_file(name))


def new_raster(name: str, title: str, help_text: str = "", *, is_optional: bool = False) -> Parameter:
    """A raster to write."""

    def define(_: JobField | None) -> QgsProcessingParameterDefinition:
        by_default = {"createByDefault": False} if is_optional else {}
        return QgsProcessingParameterRasterDestination(name, title, optional=is_optional, **by_default)

    return Parameter(name, help_text, define, lambda inputs, _: inputs.new_raster(name))


def sink(title: str, kind: int = SourceType.TypeVectorPolygon) -> Parameter:
    """OUTPUT: the layer that an algorithm makes."""
    return Parameter("OUTPUT", "", lambda _: QgsProcessingParameterFeatureSink("OUTPUT", title, kind))


# --- rows that several algorithms have --------------------------------------------------------------------------------


def tiles(help_text: str) -> Parameter:
    """TILES: the tiles that an algorithm works on."""
    return layer("TILES", tr("Tiles"), help_text, SourceType.TypeVectorPolygon)


def tiles_or_table(help_text: str) -> Parameter:
    """TILES: tiles, or a table without geometry whose rows stand for tiles."""
    whole_text = f"{help_text} {tr('A table without geometry will do where its rows name pictures.')}"
    return layer("TILES", tr("Tiles"), whole_text, SourceType.TypeVector)


def image_column(help_text: str = "") -> Parameter:
    """IMAGE_COLUMN: pictures that are files of their own."""
    of_model = tr("The field with the paths of the pictures, if it is not called as in the training of the model.")
    title = tr("Field of pictures")
    return field("IMAGE_COLUMN", title, help_text or of_model, "TILES", FieldType.String, is_advanced=True)


def images(help_text: str = "", *, is_optional: bool = True) -> Parameter:
    """IMAGES: what a model looks at; see :class:`.image_sources.ImageLayers`."""
    drawn = tr(
        "Raster files are read as they are; web and vector layers are drawn first, as 'Render imagery' would, into a file "
        "that is deleted afterwards."
    )
    what = help_text or tr("Layers of the same kind as in training, in the same order.")

    definition = QgsProcessingParameterMultipleLayers(
        "IMAGES", tr("Imagery"), SourceType.TypeMapLayer, optional=is_optional
    )
    return Parameter("IMAGES", f"{what} {drawn}" if is_optional else what, lambda _: definition)


def label() -> Parameter:
    """LABEL: what is to be learnt, or to be judged by."""
    help_text = tr("The field with 1 for high-risk tiles and 0 for the rest.")
    return field("LABEL", tr("Label"), help_text, "TILES", FieldType.Numeric, default="label")


def model(title: str = "", help_text: str = "") -> Parameter:
    """MODEL: a model file to use."""
    definition = QgsProcessingParameterFile(
        "MODEL", title or tr("Model"), fileFilter=tr("MMRisk model (*.safetensors)")
    )
    about = help_text or tr("A model made by 'Train model'. 'Describe model' lists what it needs.")
    return Parameter("MODEL", about, lambda _: definition, lambda inputs, _: inputs.file("MODEL"))


def seed() -> Parameter:
    """SEED of a training."""
    return number("SEED", tr("Seed"), tr("The same seed on the same computer gives the same model."), is_advanced=True)


def device() -> Parameter:
    """DEVICE: where to compute."""
    names = [tr("Automatic"), tr("CPU"), tr("GPU")]
    help_text = tr("Where to compute. Automatic takes a GPU when one works; log and output say what was used.")
    return choice("DEVICE", tr("Device"), help_text, names, is_advanced=True)


def report(help_text: str) -> Parameter:
    """REPORT: how good a model is, as one page."""
    return new_file("REPORT", tr("Report"), help_text, tr("HTML files (*.html)"), is_optional=True)
