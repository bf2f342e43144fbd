"""The Processing provider."""

from __future__ import annotations

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from ..engine.paths import plugin_root
from .create_tiles import CreateTiles
from .describe_model import DescribeModel
from .join_attributes import JoinAttributes
from .label_tiles import LabelTiles
from .map_risk import MapRisk
from .predict_risk import PredictRisk
from .sample_city import SampleCity
from .train_model import TrainModel

ALGORITHMS = (CreateTiles, JoinAttributes, LabelTiles, TrainModel, PredictRisk, MapRisk, DescribeModel, SampleCity)


class MMRiskProvider(QgsProcessingProvider):
    """All algorithms of the plugin, as ``mmrisk:...``."""

    def id(self) -> str:  # noqa: D102
        return "mmrisk"

    def name(self) -> str:  # noqa: D102
        return "MMRisk"

    def longName(self) -> str:  # noqa: N802, D102
        return "MMRisk - crash risk from imagery and attributes"

    def icon(self) -> QIcon:  # noqa: D102
        return QIcon(str(plugin_root() / "resources" / "icons" / "mmrisk.svg"))

    def loadAlgorithms(self) -> None:  # noqa: N802, D102
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())
