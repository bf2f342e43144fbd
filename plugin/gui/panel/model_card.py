"""A model in plain sentences: what it is, how good it is, and whether it fits this project and this place."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsProject,
    QgsRectangle,
    QgsReferencedRectangle,
)

from ...i18n import tr
from ...layers.matching import MatchedLayers
from ...locale_numbers import localised

# Beyond once its own width, an area has little to do with that of the training.
NEAR = 1.0


def card_sentences(manifest: dict[str, Any]) -> list[str]:
    """What a model is and how good it is on tiles that it had not seen."""
    provenance, validation = manifest["provenance"], manifest["validation"]
    size = provenance["tile_size"]
    wide = "" if size is None else tr(" of {size} m").format(size=localised(f"{size:g}"))
    sentences = [
        tr(
            "Learnt '{label}' from {tiles} tiles{wide}, {ones} of them high-risk, with {images} and {attributes}."
        ).format(
            label=manifest["label"],
            tiles=localised(f"{provenance['tiles']:,}"),
            wide=wide,
            ones=localised(f"{provenance['ones']:,}"),
            images=_number(len(manifest["images"]), tr("no imagery"), tr("1 image"), tr("{n} images")),
            attributes=_number(
                len(manifest["attributes"]), tr("no attributes"), tr("1 attribute"), tr("{n} attributes")
            ),
        )
    ]
    return [*sentences, auc_sentence(validation)]


def auc_sentence(validation: dict[str, Any]) -> str:
    """How well a model ranks, and how that is known."""
    figures = validation["figures"]
    if figures is None:
        return tr("It was not validated: nothing is known of how good it is.")
    if figures["auc_low"] <= 0.5:
        text = tr("AUC {auc} ({low} to {high}): no better than a coin, as far as can be told. Do not use its map.")
    elif validation["kind"] == "random":
        text = tr("AUC {auc} ({low} to {high}) on random folds, which flatter; 0.5 is a coin, 1 perfect.")
    else:
        text = tr("AUC {auc} ({low} to {high}) in places it had not seen; 0.5 is a coin, 1 perfect.")
    return text.format(**{key: localised(f"{figures[name]:.2f}") for key, name in
                          (("auc", "auc"), ("low", "auc_low"), ("high", "auc_high"))})  # fmt: skip


def leak_sentence(validation: dict[str, Any]) -> str:
    """What it means where attributes hold what is to be foreseen; empty where none does."""
    if not validation["leaking"]:
        return ""
    return tr(
        "Beware: {names} come from the events that make the label, or tell nearly all tiles apart alone. The model only "
        "learns to count these events again, and its figures mean nothing. Train without them, unless they are of earlier "
        "events."
    ).format(names=", ".join(validation["leaking"]))


def circular_sentence(validation: dict[str, Any]) -> str:
    """What it means where a label was computed from the attributes; empty where it was not."""
    if not validation["label_attributes"]:
        return ""
    repeats = tr(
        "Beware: the label was computed from {names}, or from what orders the tiles as these do. The model learns that "
        "formula again, and its figures say how well it repeats it, not how well it foresees events."
    ).format(names=", ".join(validation["label_attributes"]))
    later = validation["observed_later"]
    if later is None:
        return f"{repeats} {split_sentence()}"
    foresees = tr("By events that were observed later, its AUC is {auc} ({low} to {high}).").format(
        auc=localised(f"{later['auc']:.2f}"),
        low=localised(f"{later['auc_low']:.2f}"),
        high=localised(f"{later['auc_high']:.2f}"),
    )
    return f"{repeats} {foresees}"


def split_sentence() -> str:
    """How events that were observed later are got."""
    return tr("With a split date in 'Label tiles' it is judged by events that were observed later.")


def layers_sentence(matched: MatchedLayers) -> str:
    """Whether the project has the layers that a model needs."""
    if matched.missing:
        return tr("It needs {layers}. Add them to the project under these names.").format(
            layers=", ".join(matched.missing)
        )
    found = [layer.name() for layer in (*matched.images, *matched.layers)]
    return tr("The project has all it needs: {layers}.").format(layers=", ".join(dict.fromkeys(found)))


def place_sentence(manifest: dict[str, Any], extent: QgsReferencedRectangle) -> tuple[str, bool]:
    """Where an extent lies as seen from the training area, and whether that is a reason for care."""
    provenance = manifest["provenance"]
    if provenance["extent"] is None:
        return tr("It learnt from a table, so it cannot map an extent."), True
    trained, crs = QgsRectangle(*provenance["extent"]), crs_of(provenance)
    transform = QgsCoordinateTransform(extent.crs(), crs, QgsProject.instance().transformContext())
    try:
        asked = transform.transformBoundingBox(extent)
    except QgsCsException:
        return tr("The extent lies far from where it was trained."), True
    # The outer half of a tile is no other place.
    rim = 0.01 * max(trained.width(), trained.height())
    if trained.buffered(rim).contains(asked):
        return tr("The extent lies where it was trained."), False
    if trained.intersects(asked):
        return tr("The extent reaches beyond where it was trained; tiles unlike those it knows are hatched."), False
    if trained.buffered(NEAR * max(trained.width(), trained.height())).intersects(asked):
        return tr("The extent lies beside where it was trained; tiles unlike those it knows are hatched."), False
    return tr("The extent lies far from where it was trained. Check its map against places that you know."), True


def crs_of(provenance: dict[str, Any]) -> QgsCoordinateReferenceSystem:
    """The CRS that a model's tiles lie in; a code or WKT."""
    crs = QgsCoordinateReferenceSystem(provenance["crs"] or "")
    return crs if crs.isValid() else QgsCoordinateReferenceSystem.fromWkt(provenance["crs"] or "")


def _number(count: int, none: str, one: str, several: str) -> str:
    return none if count == 0 else one if count == 1 else several.format(n=count)
