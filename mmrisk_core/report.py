"""The report of a model: one HTML file with everything in it, for the person who has to trust it."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Callable
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from sklearn.metrics import precision_recall_curve, roc_curve

from mmrisk_core.evaluation import Figures, calibration_bins
from mmrisk_core.files import written_beside
from mmrisk_core.manifest import AttributeInput, Manifest
from mmrisk_core.risk_model import Evidence, RiskModel

matplotlib.use("agg")

INK, BLUE, ORANGE, GREY = "#1f2933", "#2b6cb0", "#c05621", "#9aa5b1"
HEAD_TITLES = {
    "attributes_linear": "Attributes alone, linear",
    "attributes_tabm": "Attributes alone, TabM network",
    "image_linear": "Imagery alone, linear on embeddings",
    "joint_linear": "Attributes and imagery, jointly linear",
    "fused": "Fused, end to end",
}
STYLE = """
body{font:15px/1.5 system-ui,sans-serif;color:#1f2933;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin-bottom:.2rem} h2{font-size:1.15rem;margin:2rem 0 .4rem;border-bottom:1px solid #d9e2ec}
table{border-collapse:collapse;margin:.6rem 0} td,th{padding:.25rem .8rem .25rem 0;text-align:left;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums} tr{border-bottom:1px solid #e4e7eb}
.note{color:#52606d} .row{display:flex;flex-wrap:wrap;gap:1rem} .row img{width:18.5rem;max-width:100%} img.wide{width:100%}
.box{background:#f0f4f8;padding:.6rem 1rem;border-left:4px solid #2b6cb0}
"""


def write_report(model: RiskModel, path: str | Path) -> Path:
    """Write the report of a model straight after training.

    :raises MMRiskError: when the output cannot be written.
    """
    path = Path(path)
    with written_beside(path) as part:
        part.write_text(render_report(model), encoding="utf-8")
    return path


def render_report(model: RiskModel) -> str:
    """The report as HTML text."""
    body = [_verdict(model.manifest), _ladder(model.manifest)]
    if model.evidence is not None and model.manifest.validation.figures is not None:
        body += [_plots(model.evidence), _map(model.evidence)]
    return _page("MMRisk model report", [*body, _card(model.manifest)])


def render_card(manifest: Manifest) -> str:
    """The model card alone as HTML text, for a model read from a file."""
    return _page("MMRisk model", [_verdict(manifest), _ladder(manifest), _card(manifest)])


def _page(title: str, body: list[str]) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head><body><h1>{title}</h1>{''.join(body)}</body></html>"
    )


def _verdict(manifest: Manifest) -> str:
    where = manifest.provenance
    facts = (
        f"Trained on {where.tiles:,} tiles of {where.tile_size:g} m, {where.ones:,} of them "
        f"({where.ones / where.tiles:.0%}) labelled high-risk by the field '{_text(manifest.label)}'."
    )
    validation = manifest.validation
    figures = validation.figures
    if figures is None:
        return f'<p class="box">{facts} The model was not validated: nothing is known of how well it does.</p>'
    how = {
        "spatial": f"in {validation.folds} folds of whole blocks of {validation.block_size or 0:,.0f} m, so that it is "
        "judged on places it has not seen",
        "random": f"in {validation.folds} random folds; neighbouring tiles look alike, so these figures are optimistic",
        "none": "",
    }[validation.kind]
    if figures.auc_low <= 0.5:
        reading = "The interval includes 0.5, that of a coin: there is no measurable signal in these data."
    else:
        reading = (
            f"Of a high-risk and a low-risk tile, the model ranks the high-risk one higher {figures.auc:.0%} of the time "
            f"(95 % interval {figures.auc_low:.0%} to {figures.auc_high:.0%})."
        )
    return f'<p class="box">{facts} It was validated {how}. <b>{reading}</b></p>'


def _ladder(manifest: Manifest) -> str:
    validation = manifest.validation
    if validation.figures is None:
        return ""
    rows = [_figures_row(HEAD_TITLES.get(name, name), figures) for name, figures in validation.heads.items()]
    rows.append(_figures_row(f"The model ({manifest.ensemble.architecture})", validation.figures, bold=True))
    return (
        "<h2>What adds what</h2><table><tr><th>On tiles not seen</th><th class=n>AUC</th><th class=n>95 % interval</th>"
        "<th class=n>Average precision</th><th class=n>Brier</th><th class=n>Calibration error</th></tr>"
        f"{''.join(rows)}</table>{_image_sentence(validation.heads, validation.figures)}"
        '<p class="note">AUC: 0.5 is chance, 1 is perfect. Average precision: chance is '
        f"{validation.figures.ones / validation.figures.tiles:.2f}. Brier and calibration error: lower is better.</p>"
    )


def _image_sentence(heads: dict[str, Figures], whole: Figures) -> str:
    attributes = [figures.auc for name, figures in heads.items() if name.startswith("attributes")]
    if not attributes or "image_linear" not in heads:
        return ""
    gain = whole.auc - max(attributes)
    return f"<p>Against the better of the attribute models, the imagery changes the AUC by {gain:+.3f}.</p>"


def _figures_row(title: str, figures: Figures, *, bold: bool = False) -> str:
    cells = [
        f"{figures.auc:.3f}",
        f"{figures.auc_low:.3f} to {figures.auc_high:.3f}",
        f"{figures.average_precision:.3f}",
        f"{figures.brier:.3f}",
        f"{figures.ece:.3f}",
    ]
    tag = "b" if bold else "span"
    return f"<tr><td><{tag}>{_text(title)}</{tag}></td>{''.join(f'<td class=n>{cell}</td>' for cell in cells)}</tr>"


def _plots(evidence: Evidence) -> str:
    pictures = [
        _picture(_draw_roc, evidence),
        _picture(_draw_precision, evidence),
        _picture(_draw_reliability, evidence),
    ]
    return (
        f'<h2>How it ranks and how it means it</h2><div class="row">{"".join(pictures)}</div>'
        '<p class="note">Left: share of high-risk tiles found against share of low-risk tiles taken along, for the model '
        "(blue), for attributes alone or jointly linear (grey), and for imagery alone (orange). Middle: of the tiles taken, "
        "how many are high-risk. Right: in ten groups of tiles, what was predicted against what happened; on the line is "
        "right.</p>"
    )


def _picture(
    draw: Callable[[Figure, Evidence], None], evidence: Evidence, size: tuple[float, float] = (3.6, 3.4)
) -> str:
    figure = Figure(figsize=size, layout="constrained")
    draw(figure, evidence)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=150)
    encoded = base64.b64encode(buffer.getvalue()).decode("ascii")
    return f'<img class="{"wide" if size[0] > 5 else ""}" src="data:image/png;base64,{encoded}" alt="{draw.__doc__}">'


def _draw_roc(figure: Figure, evidence: Evidence) -> None:
    """ROC curve"""
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color=GREY, lw=1)
    for name, risk in evidence.head_risk.items():
        rates = roc_curve(evidence.label, risk)
        axes.plot(rates[0], rates[1], color=ORANGE if name.startswith("image") else GREY, lw=1, alpha=0.8)
    false_rate, true_rate, _ = roc_curve(evidence.label, evidence.risk)
    axes.plot(false_rate, true_rate, color=BLUE, lw=2)
    axes.set(title="ROC", xlabel="low-risk tiles taken", ylabel="high-risk tiles found", xlim=(0, 1), ylim=(0, 1))


def _draw_precision(figure: Figure, evidence: Evidence) -> None:
    """Precision-recall curve"""
    axes = figure.subplots()
    axes.axhline(evidence.label.mean(), color=GREY, lw=1)
    precision, recall, _ = precision_recall_curve(evidence.label, evidence.risk)
    axes.plot(recall, precision, color=BLUE, lw=2)
    axes.set(
        title="Precision", xlabel="high-risk tiles found", ylabel="share that is high-risk", xlim=(0, 1), ylim=(0, 1.02)
    )


def _draw_reliability(figure: Figure, evidence: Evidence) -> None:
    """Reliability of the probabilities"""
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color=GREY, lw=1)
    mean, share, size = np.array(calibration_bins(evidence.risk, evidence.label)).T
    spread = 1.64 * np.sqrt(np.clip(share * (1 - share), 0.01, None) / size)
    axes.errorbar(mean, share, yerr=spread, color=BLUE, fmt="o", ms=4, lw=1)
    axes.set(title="Reliability", xlabel="predicted risk", ylabel="observed share", xlim=(0, 1), ylim=(-0.02, 1.02))


def _map(evidence: Evidence) -> str:
    return (
        f"<h2>Where</h2>{_picture(_draw_map, evidence, (9.6, 4.6))}"
        '<p class="note">Left: folds; each colour was predicted by a model that had not seen it. Right: these predictions, '
        "with a dot on each tile labelled high-risk.</p>"
    )


def _draw_map(figure: Figure, evidence: Evidence) -> None:
    """Map of folds and of out-of-fold risk"""
    left, bottom, right, top = evidence.bounds.T
    corners = [np.c_[left, bottom], np.c_[right, bottom], np.c_[right, top], np.c_[left, top]]
    squares = list(np.stack(corners, axis=1))
    fold_axes, risk_axes = figure.subplots(1, 2)
    fold_axes.add_collection(PolyCollection(squares, array=evidence.fold, cmap="Set2", edgecolors="none"))
    risk = PolyCollection(squares, array=evidence.risk, cmap="cividis", edgecolors="none")
    risk.set_clim(0, 1)
    risk_axes.add_collection(risk)
    ones = evidence.label == 1
    size = max(0.5, 2500 / len(ones))
    risk_axes.scatter(((left + right) / 2)[ones], ((bottom + top) / 2)[ones], s=size, c="#e53e3e", lw=0)
    figure.colorbar(risk, ax=risk_axes, label="risk", shrink=0.8)
    for axes, title in ((fold_axes, "folds"), (risk_axes, "out-of-fold risk")):
        axes.set(xlim=(left.min(), right.max()), ylim=(bottom.min(), top.max()), aspect="equal", title=title)
        axes.set_xticks([])
        axes.set_yticks([])


def _card(manifest: Manifest) -> str:
    where, ensemble = manifest.provenance, manifest.ensemble
    weights = ", ".join(
        f"{HEAD_TITLES.get(name, name)} {weight:.2f}"
        for name, weight in zip(ensemble.head_names, ensemble.head_weights, strict=True)
    )
    images = [
        f"{i.name}: {i.bands} bands, {i.dtype}, {i.pixels} px, window {i.context:g} tiles, {i.metres_per_pixel:.2f} m/px"
        for i in manifest.images
    ]
    joins = [
        f"{', '.join(join.statistics)} of {', '.join(join.fields) or join.geometry + 's'} from layer '{join.layer}' "
        f"(prefix '{join.prefix}')"
        for join in manifest.recipe.joins
    ]
    rows = {
        "Architecture": f"{_text(ensemble.architecture)}, {len(ensemble.member_configs)} members",
        "Image encoder": _text(ensemble.backbone),
        "Weights of the heads": _text(weights),
        "Imagery": "<br>".join(map(_text, images)) or "none",
        "Recipe": "<br>".join(map(_text, joins)) or "not recorded",
        "Trained in": f"{_text(where.crs[:60])}, extent {', '.join(f'{edge:.0f}' for edge in where.extent)}",
        "Made": f"{_text(where.created)} with {_text(', '.join(f'{k} {v}' for k, v in where.versions.items()))}",
        "Computed on": _text(where.device),
        "Seed": str(where.seed),
        "Risk classes begin at": ", ".join(f"{value:.2f}" for value in manifest.class_breaks),
    }
    attributes = "".join(
        f"<tr><td>{_text(a.name)}</td><td>{_text(a.unit)}</td>{_range(a)}<td class=n>{a.missing_share:.0%}</td></tr>"
        for a in manifest.attributes
    )
    table = (
        "<table><tr><th>Attribute</th><th>Unit</th><th class=n>5 %</th><th class=n>Median</th><th class=n>95 %</th>"
        f"<th class=n>Missing</th></tr>{attributes}</table>"
    )
    facts = "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in rows.items())
    return (
        f"<h2>Model card</h2><table>{facts}</table>{table if attributes else ''}"
        '<p class="note">Risk is the probability that a tile gets the label, given what the model was shown. It says where '
        "to look, not what to build: what raises a prediction need not cause crashes. Outside the area of applicability "
        "(in_domain = 0) the probabilities are extrapolation.</p>"
    )


def _range(attribute: AttributeInput) -> str:
    if attribute.categories:
        return f"<td colspan=3>{_text(', '.join(attribute.categories))}</td>"
    return "".join(f"<td class=n>{_number(v)}</td>" for v in (attribute.low, attribute.typical, attribute.high))


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _text(value: str) -> str:
    return html.escape(value)
