"""The errors a user may see: a small family, whose members can be told apart and caught."""

from __future__ import annotations

from typing import ClassVar, Literal

ErrorKind = Literal["input", "model_file", "output", "resource", "unexpected"]


class MMRiskError(Exception):
    """Something the user can mend.

    The message is one or two sentences that name the layer or field and the way out; it is shown as it stands, in QGIS,
    on the command line and in Python. ``kind`` tells programs what it is about.
    """

    kind: ClassVar[ErrorKind] = "input"


class InputError(MMRiskError):
    """Layers, fields, rasters or options that do not do."""


class ModelFileError(MMRiskError):
    """A model file that is missing, damaged, or of another version."""

    kind: ClassVar[ErrorKind] = "model_file"


class OutputError(MMRiskError):
    """An output that cannot be written."""

    kind: ClassVar[ErrorKind] = "output"


class ResourceError(MMRiskError):
    """Memory, a device, a process or a program that the work needs and that is not there."""

    kind: ClassVar[ErrorKind] = "resource"


class Cancelled(Exception):
    """The user cancelled. Raised by :class:`mmrisk_core.progress.Progress`, and never shown as a failure."""


def file_sentence(error: OSError) -> str:
    """What to tell the user when the system refused a file or folder, and nobody knew better."""
    name = str(error.filename or "a file")
    shown = name if len(name) <= 200 else f"{name[:200]}…"
    reason = error.strerror or type(error).__name__
    return (
        f"The system does not let {shown} be used ({reason}). Check the path, and that its disk is there and not full."
    )
