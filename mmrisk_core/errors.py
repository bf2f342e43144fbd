"""The errors a user may see."""


class MMRiskError(Exception):
    """Something the user can mend.

    The message is one or two sentences that name the layer or field and the way out; it is shown as it stands, in QGIS,
    on the command line and in Python.
    """


class Cancelled(Exception):
    """The user cancelled. Raised by :class:`mmrisk_core.progress.Progress`, and never shown as a failure."""
