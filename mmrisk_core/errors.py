"""The errors a user may see."""


class MMRiskError(Exception):
    """Something the user can mend.

    The message is one or two sentences that name the layer or field and the way out; it is shown as it stands, in QGIS,
    on the command line and in Python.
    """


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
