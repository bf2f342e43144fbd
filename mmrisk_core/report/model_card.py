"""The model card: what the model is, where it comes from, what it needs and what it must not be used for."""

from __future__ import annotations

from markupsafe import Markup

from mmrisk_core.bundle.manifest import Ensemble, Manifest, Place
from mmrisk_core.geo.recipe import JoinStep
from mmrisk_core.html.page import alarm, facts, section, table
from mmrisk_core.report.verdict import beside_luck
from mmrisk_core.samples.image_inputs import ImageInput
from mmrisk_core.training.leaks import leakage
from mmrisk_core.wording import counted, number, percent, risk_interval

LONGEST_CRS = 60


def model_card_section(manifest: Manifest) -> Markup:
    """Everything that the manifest says but the figures."""
    where, ensemble = manifest.provenance, manifest.ensemble
    rows = {
        "Architecture": [f"{ensemble.architecture}, {counted(len(ensemble.member_configs), 'member')}"],
        "Image encoder": [_encoder(ensemble)],
        "Imagery": [_image(image) for image in manifest.images] or ["none"],
        "Recipe": [_join(join) for join in manifest.recipe.joins] or ["not recorded"],
        "Trained in": [_where(where.place)],
        "Made": [f"{where.created} with {', '.join(f'{k} {v}' for k, v in where.versions.items())}"],
        "Computed on": [where.device],
        "Seed": [str(where.seed)],
        "Risk classes begin at": [", ".join(percent(value) for value in manifest.class_breaks)],
    }
    figures, prevalence = manifest.validation.figures, manifest.validation.prevalence
    if prevalence is not None:
        rows["High-risk of all tiles"] = [f"{percent(prevalence)}; risk and figures are of all tiles"]
    if figures is not None:
        rows["Calibration error"] = [f"{percent(figures.ece)}{beside_luck(figures)}"]
    numbers = [
        [a.name, a.unit, number(a.low), number(a.typical), number(a.high), f"{a.missing_share:.0%}"]
        for a in manifest.attributes
        if not a.categories
    ]
    texts = [[a.name, ", ".join(a.categories), f"{a.missing_share:.0%}"] for a in manifest.attributes if a.categories]
    leaking = manifest.validation.leaking
    body = (alarm(leakage(leaking)) if leaking else Markup()) + facts(rows)
    if numbers:
        body += table(["Attribute needed", "Unit", "5%", "Median", "95%", "Missing"], numbers, words=2)
    if texts:
        body += table(["Attribute needed", "Texts it knows", "Missing"], texts, words=2)
    return section(
        "Model card",
        "What the model is, what it needs and where it comes from.",
        body,
        [
            "Risk is the probability that a tile gets the label, given what the model was shown. It says where to look, not "
            "what to build: what raises a prediction need not cause crashes. Outside the area of applicability (in_domain = "
            "0) the probabilities are extrapolation.",
            risk_interval(ensemble.unexplained_variance is not None),
            "It is not made to judge people, single crashes or single drivers, and it says nothing of places whose crashes "
            "are not recorded.",
        ],
    )


def _encoder(ensemble: Ensemble) -> str:
    start = ", begun at random" if ensemble.encoder_config.get("random") else ""
    return f"{ensemble.backbone}{start}{', its last stage fine-tuned' if ensemble.fine_tuned else ''}"


def _image(image: ImageInput) -> str:
    what = f"{counted(image.bands, 'band')}, {image.dtype}, {image.pixels} px"
    if image.metres_per_pixel is None:
        return f"pictures that the field '{image.name}' names: {what}"
    return f"{image.name}: {what}, window {counted(image.context, 'tile')}, {image.metres_per_pixel:.2f} m/px"


def _where(place: Place | None) -> str:
    if place is None:
        return "a table without geometry"
    return f"{place.crs[:LONGEST_CRS]}, extent {', '.join(f'{edge:.0f}' for edge in place.extent)}"


def _join(join: JoinStep) -> str:
    what = ", ".join(join.fields) or f"{join.geometry}s"
    return f"{', '.join(join.statistics)} of {what} from layer '{join.layer}' (prefix '{join.prefix}')"
