"""Why a tile has its risk: contributions of attributes and images, reasons in words, and where in the picture."""

from mmrisk_core.explanation.explain import explain_risk
from mmrisk_core.explanation.inspect import inspect_tiles
from mmrisk_core.explanation.what_if import what_if

__all__ = ["explain_risk", "inspect_tiles", "what_if"]
