"""The Processing provider."""

from __future__ import annotations

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from ..engine.paths import plugin_root
from .algorithms.create_tiles import CreateTiles
from .algorithms.describe_model import DescribeModel
from .algorithms.evaluate_model import EvaluateModel
from .algorithms.explain_risk import ExplainRisk
from .algorithms.extract_roads import ExtractRoads
from .algorithms.inspect_tiles import InspectTiles
from .algorithms.join_attributes import JoinAttributes
from .algorithms.label_tiles import LabelTiles
from .algorithms.load_events import LoadEvents
from .algorithms.map_risk import MapRisk
from .algorithms.predict_risk import PredictRisk
from .algorithms.render_imagery import RenderImagery
from .algorithms.sample_city import SampleCity
from .algorithms.train_model import TrainModel
from .algorithms.train_roads import TrainRoads

ALGORITHMS = (
    LoadEvents,
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
