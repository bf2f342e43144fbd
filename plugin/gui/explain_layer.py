"""'Explain risk' on a layer that is in the project, with its results added to it."""

from __future__ import annotations

from typing import Any, Callable

from qgis.core import (
    QgsColorRampShader,
    QgsProcessingFeatureSourceDefinition,
    QgsProject,
    QgsRasterBandStats,
    QgsRasterLayer,
    QgsRasterShader,
    QgsRectangle,
    QgsSingleBandPseudoColorRenderer,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor

from ..i18n import tr
from ..layers.matching import match_images
from ..layers.results import add_tiles
from ..locale_numbers import localised
from ..plain_text import escaped_expression
from .algorithm_runner import AlgorithmRunner, AlgorithmStep, Outcome
from .engine.engine_task import describe_model_task

# Saliency looks at each picture 64 times.
MAX_WITH_SALIENCY = 500
TEMPORARY = "TEMPORARY_OUTPUT"
# ColorBrewer's RdBu (Brewer 2003), clear where nothing is added.
LOWERS, NOTHING, RAISES = QColor(67, 147, 195, 230), QColor(247, 247, 247, 0), QColor(214, 96, 77, 230)
SAMPLED_CELLS = 250_000
WHY = escaped_expression('"why"')
MAP_TIP = f'<b>[% round("risk" * 100) %] %</b> risk: [% {WHY} %]'

Say = Callable[[str, bool], None]


def explain_layer(runner: AlgorithmRunner, layer: QgsVectorLayer, model: str, say: Say) -> None:
    """Explain the tiles of a layer, of a selection only those, in the background.

    :param runner: what runs it; it has to be free.
    :param layer: tiles with the fields of the model.
    :param model: the model file.
    :param say: told a sentence and whether it is about a problem.
    """
    say("", False)
    runner.run_task(
        lambda done, failed: describe_model_task(model, done, failed),
        lambda manifest: _explain(runner, layer.id(), model, manifest, say),
        lambda sentence: say(sentence, True),
    )


def _explain(runner: AlgorithmRunner, identifier: str, model: str, manifest: dict[str, Any], say: Say) -> None:
    layer = QgsProject.instance().mapLayer(identifier)
    if layer is None:
        say(tr("The layer is no longer in the project."), True)
        return
    images, missing = match_images(manifest, QgsProject.instance())
    if missing:
        say(
            tr("The model needs {layers}. Add them to the project under these names.").format(
                layers=", ".join(missing)
            ),
            True,
        )
        return
    runner.run(
        [AlgorithmStep("mmrisk:explainrisk", explain_parameters(layer, model, manifest, images))],
        lambda outcome: _add(outcome, say),
        lambda sentence: say(sentence, True),
        lambda: say(tr("Cancelled; nothing was added."), True),
    )


def explain_parameters(
    layer: QgsVectorLayer, model: str, manifest: dict[str, Any], images: list[Any]
) -> dict[str, Any]:
    """The parameters of 'Explain risk'; with saliency where that does not take too long."""
    selected = layer.selectedFeatureCount()
    parameters = {
        "TILES": QgsProcessingFeatureSourceDefinition(layer.id(), True) if selected else layer,
        "IMAGES": images,
        "MODEL": model,
        "OUTPUT": TEMPORARY,
    }
    sees_rasters = any(image.get("kind") != "pictures" for image in manifest["images"])
    if sees_rasters and (selected or layer.featureCount()) <= MAX_WITH_SALIENCY:
        parameters["SALIENCY"] = TEMPORARY
    return parameters


def _add(outcome: Outcome, say: Say) -> None:
    assert isinstance(outcome.layer, QgsVectorLayer)  # nosec B101  # for the type checker
    count = outcome.results["TILE_COUNT"]
    text = (
        tr("1 tile explained.") if count == 1 else tr("{count} tiles explained.").format(count=localised(f"{count:,}"))
    )
    if "SALIENCY" in outcome.results:
        saliency = QgsRasterLayer(outcome.results["SALIENCY"], tr("Saliency"))
        style_saliency(saliency)
        QgsProject.instance().addMapLayer(saliency)
    else:
        text += " " + tr("Where in the imagery is told of {most} tiles at most: select some.").format(
            most=MAX_WITH_SALIENCY
        )
    add_tiles(outcome.layer, tr("Contributions"))
    outcome.layer.setMapTipTemplate(MAP_TIP)
    say(text, False)


def style_saliency(layer: QgsRasterLayer) -> None:
    """Red where the imagery raises the risk, blue where it lowers it, clear where it does neither."""
    kinds = QgsRasterBandStats.Stats
    found = layer.dataProvider().bandStatistics(1, kinds.Min | kinds.Max, QgsRectangle(), SAMPLED_CELLS)
    most = max(abs(found.minimumValue), abs(found.maximumValue)) or 1.0
    ramp = QgsColorRampShader(-most, most)
    ramp.setColorRampType(QgsColorRampShader.Type.Interpolated)
    item = QgsColorRampShader.ColorRampItem
    ramp.setColorRampItemList(
        [
            item(-most, LOWERS, tr("lowers the risk ({logits})").format(logits=localised(f"{-most:.2f}"))),
            item(0.0, NOTHING, tr("adds nothing")),
            item(most, RAISES, tr("raises the risk ({logits})").format(logits=localised(f"{most:+.2f}"))),
        ]
    )
    shader = QgsRasterShader()
    shader.setRasterShaderFunction(ramp)
    layer.setRenderer(QgsSingleBandPseudoColorRenderer(layer.dataProvider(), 1, shader))
