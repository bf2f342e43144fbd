"""Where each algorithm stands in the Toolbox, and the words that it is found by."""

from __future__ import annotations

from ..i18n import tr

GROUPS = {
    "data": ("loadevents", "createtiles", "joinattributes", "labeltiles", "renderimagery", "samplecity"),
    "model": ("trainmodel", "evaluatemodel", "describemodel"),
    "map": ("maprisk", "predictrisk", "explainrisk", "inspecttiles"),
    "roads": ("trainroads", "extractroads"),
}
COMMON_TAGS = ("mmrisk", "risk", "crash", "accident", "safety", "road")
TAGS = {
    "loadevents": ("csv", "excel", "table", "import", "points", "coordinates", "event", "date"),
    "createtiles": ("tile", "grid", "fishnet", "segment", "cell"),
    "joinattributes": ("spatial join", "attribute", "statistics", "count", "density", "zonal"),
    "labeltiles": ("label", "event", "black spot", "hot spot", "threshold", "empirical bayes", "safety performance"),
    "renderimagery": ("imagery", "orthophoto", "wms", "xyz", "geotiff", "export"),
    "samplecity": ("sample", "demo", "example", "tutorial", "synthetic"),
    "trainmodel": ("train", "learn", "machine learning", "neural network", "deep learning", "fit"),
    "evaluatemodel": ("evaluate", "validate", "test", "accuracy", "auc", "calibration"),
    "describemodel": ("describe", "model card", "information", "metadata"),
    "maprisk": ("map", "canvas", "predict", "extent"),
    "predictrisk": ("predict", "forecast", "probability", "inference", "apply"),
    "explainrisk": ("explain", "why", "reason", "attribution", "importance", "saliency"),
    "inspecttiles": ("inspect", "what if", "scenario", "picture"),
    "trainroads": ("train", "segmentation", "mask", "street"),
    "extractroads": ("extract", "segmentation", "mask", "street"),
}


def group_of(name: str) -> str:
    """The id of an algorithm's group."""
    return next(group for group, names in GROUPS.items() if name in names)


def group_title(group: str) -> str:
    """The name of a group."""
    return {"data": tr("Data"), "model": tr("Model"), "map": tr("Map"), "roads": tr("Roads")}[group]
