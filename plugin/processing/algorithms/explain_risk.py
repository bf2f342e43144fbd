"""The algorithm 'Explain risk'."""

from __future__ import annotations

from qgis.core import QgsProcessingOutputDefinition

from ...i18n import tr
from .. import parameters
from ..model_algorithm import ModelAlgorithm, device_output, tile_count_output
from ..parameters import Parameter, SourceType


class ExplainRisk(ModelAlgorithm):
    """Says why tiles have their risk."""

    NAME = "explainrisk"
    SECTION = "the-risk-layer"
    VERB = "explain"

    def displayName(self) -> str:
        return tr("Explain risk")

    def shortHelpString(self) -> str:
        return tr(
            "Says for each tile what raised and what lowered its risk: the contribution of each attribute and of each image "
            "in logits, which with base_logit add up to the logit of the risk, and the strongest reasons in words.\n\n"
            "A contribution is measured against the typical value of the attribute in the training, and against the image "
            "being absent (Shapley values). It says what moves the model's answer, not what makes crashes happen: an "
            "attribute may stand for another one that goes along with it.\n\n"
            "The saliency raster says where in the imagery: how much the logit falls when a patch of the picture is hidden. "
            "It looks at each picture 64 times, so choose some tiles for it."
        )

    def table(self) -> list[Parameter]:
        return [
            parameters.tiles_or_table(tr("Tiles with the fields that the model was trained on.")),
            parameters.images(),
            parameters.model(),
            parameters.device(),
            parameters.image_column(),
            parameters.sink(tr("Contributions"), SourceType.TypeVector),
            parameters.new_raster(
                "SALIENCY",
                tr("Saliency"),
                tr("Where in the imagery the risk is raised (above 0) and lowered (below 0), in logits."),
                is_optional=True,
            ),
        ]

    def outputs(self) -> list[QgsProcessingOutputDefinition]:
        return [tile_count_output(), device_output()]
