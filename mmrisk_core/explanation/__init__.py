"""Why a tile has its risk: contributions of attributes and images, reasons in words, and where in the picture."""

from mmrisk_core.explanation.explain import explain_risk

__all__ = ["explain_risk"]
