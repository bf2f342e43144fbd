"""Why an algorithm failed, as text wherever QGIS shows it."""

from __future__ import annotations

from functools import wraps
from typing import Any, Callable

from qgis.core import QgsProcessingException

from ..plain_text import literal


def plain_failures(method: Callable[..., Any]) -> Callable[..., Any]:
    """For a method that QGIS calls: it writes the sentence of a failure into its log, which takes all for HTML."""

    @wraps(method)
    def guarded(*arguments: Any) -> Any:
        try:
            return method(*arguments)
        except QgsProcessingException as error:
            raise QgsProcessingException(literal(str(error))) from error

    return guarded
