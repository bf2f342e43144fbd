"""The algorithm 'Join attributes to tiles'."""

from __future__ import annotations

from ...i18n import tr
from .. import parameters
from ..base_algorithm import EngineAlgorithm
from ..parameters import Parameter, SourceType


class JoinAttributes(EngineAlgorithm):
    """Turns what a layer holds in each tile into columns."""

    NAME = "joinattributes"
    SECTION = "attributes-and-architectures"
    VERB = "join"
    KEEPS_TILES = True

    def displayName(self) -> str:
        return tr("Join attributes to tiles")

    def shortHelpString(self) -> str:
        return tr(
            "Adds columns to the tiles that say what of a layer lies in each: how many features, how many metres of "
            "lines, the sum or mean of a field.\n\n"
            "Lines and polygons are cut at the tile's edge: a road that lies half in a tile gives it half of its length and "
            "half of a sum; means, deviations and majorities are weighted by length or area. An empty tile has count 0 and "
            "length 0, but no mean.\n\n"
            "Columns are named prefix + statistic, or prefix + field + _ + statistic. How they were made is kept with the "
            "layer, so that a model can make them again elsewhere."
        )

    def table(self) -> list[Parameter]:
        return [
            parameters.tiles(tr("Tiles made by 'Create tiles', or any polygons.")),
            parameters.layer(
                "INPUT",
                tr("Layer to join"),
                tr("Points, lines, polygons or a table: roads, junctions, zones, traffic counts."),
                SourceType.TypeVector,
            ),
            parameters.fields(
                "FIELDS",
                tr("Fields"),
                tr(
                    "Fields to take the sum, mean, minimum, maximum or standard deviation of (numbers), or the majority of "
                    "(any field). Count, length, area, share and distance need none."
                ),
                "INPUT",
            ),
            parameters.choices(
                "STATISTICS",
                tr("Statistics"),
                tr(
                    "What to compute of the features in a tile. Length is of lines, area and share (the part of the tile "
                    "that is covered) of polygons; distance is that from the tile to the nearest feature."
                ),
                [
                    tr("Count"),
                    tr("Length (m)"),
                    tr("Area (m²)"),
                    tr("Share of the tile"),
                    tr("Sum"),
                    tr("Mean"),
                    tr("Minimum"),
                    tr("Maximum"),
                    tr("Standard deviation"),
                    tr("Majority"),
                    tr("Distance to nearest (m)"),
                ],
            ),
            parameters.text(
                "PREFIX", tr("Prefix of the new columns"), tr("Begin of the new columns' names, such as roads_.")
            ),
            parameters.field(
                "JOIN_FIELD",
                tr("Key of the layer"),
                tr("To match rows by a key instead of by place: the layer's field with the key."),
                "INPUT",
                is_advanced=True,
            ),
            parameters.field(
                "TILE_FIELD",
                tr("Key of the tiles"),
                tr("To match rows by a key instead of by place: the tiles' field with the key."),
                "TILES",
                is_advanced=True,
            ),
            parameters.sink(tr("Tiles with attributes")),
        ]
