"""The Processing provider."""

from __future__ import annotations

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from ..engine.paths import plugin_root
from .create_tiles import CreateTiles
from .describe_model import DescribeModel
from .evaluate_model import EvaluateModel
from .explain_risk import ExplainRisk
from .extract_roads import ExtractRoads
from .inspect_tiles import InspectTiles
from .join_attributes import JoinAttributes
from .label_tiles import LabelTiles
from .map_risk import MapRisk
from .predict_risk import PredictRisk
from .render_imagery import RenderImagery
from .sample_city import SampleCity
from .train_model import TrainModel
from .train_roads import TrainRoads

ALGORITHMS = (
    CreateTiles,
    JoinAttributes,
    LabelTiles,
    RenderImagery,
    TrainModel,
    EvaluateModel,
    PredictRisk,
    MapRisk,
    TrainRoads,
    ExplainRisk,
    InspectTiles,
    ExtractRoads,
    DescribeModel,
    SampleCity,
)


class MMRiskProvider(QgsProcessingProvider):
    """All algorithms of the plugin, as ``mmrisk:...``."""

    def id(self) -> str:
        return "mmrisk"

    def name(self) -> str:
        return "MMRisk"

    def longName(self) -> str:
        return "MMRisk - crash risk from imagery and attributes"

    def icon(self) -> QIcon:
        return QIcon(str(plugin_root() / "resources" / "icons" / "mmrisk.svg"))

    def supportedOutputRasterLayerExtensions(self) -> list[str]:
        return ["tif", "tiff"]

    def loadAlgorithms(self) -> None:
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())
