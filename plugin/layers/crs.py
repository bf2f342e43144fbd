"""CRS that outlive the thread in which they were first made.

In QGIS 3.22 a CRS is lost when the thread ends in which it was first made, as threads of a pool do after half a minute
without work: it has its code still, but no WKT, cannot be transformed, and the layer that has it exports without one. QGIS
3.40 has mended it.
"""

from __future__ import annotations

from qgis.core import QgsCoordinateReferenceSystem, QgsMapLayer
from qgis.PyQt.QtCore import QCoreApplication, QThread


def living(crs: QgsCoordinateReferenceSystem) -> QgsCoordinateReferenceSystem:
    """The same CRS, made anew where it is lost."""
    if not crs.isValid() or crs.toWkt():
        return crs
    made = QgsCoordinateReferenceSystem(crs.authid())
    if not made.isValid():
        made = QgsCoordinateReferenceSystem.fromProj(crs.toProj())
    return made if made.isValid() else crs


def crs_text(crs: QgsCoordinateReferenceSystem) -> str:
    """A CRS as the engine reads it, codes included; the user's own ones have no code that others know."""
    return living(crs).toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT_PREFERRED)


def keep_crs(layer: QgsMapLayer) -> None:
    """Make the CRS of a layer anew in the main thread, while the one has it still in which the layer was made."""
    application = QCoreApplication.instance()
    wkt = layer.crs().toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT_PREFERRED)
    if application is None or application.thread() != QThread.currentThread() or not wkt:
        return
    # Else it would be the one that is to be lost.
    QgsCoordinateReferenceSystem.invalidateCache()
    layer.setCrs(QgsCoordinateReferenceSystem.fromWkt(wkt))
