"""The parameter DEVICE, the same in all algorithms."""

from __future__ import annotations

from qgis.core import QgsProcessingParameterEnum

from ..i18n import tr

DEVICES = ("auto", "cpu", "gpu")


def device_parameter() -> tuple[QgsProcessingParameterEnum, str]:
    """The parameter and its help."""
    names = [tr("Automatic"), tr("CPU"), tr("GPU")]
    return (
        QgsProcessingParameterEnum("DEVICE", tr("Device"), names, defaultValue=0),
        tr(
            "Where to compute. Automatic takes a GPU when one works, and says in the log and in the output what was used."
        ),
    )
