"""Parts of the panel by themselves: the grid's count, commands, the curve, the ladder, sentences about a model."""

import shlex

import pytest


def extent(edges, crs="EPSG:32619"):
    from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle, QgsReferencedRectangle

    return QgsReferencedRectangle(QgsRectangle(*edges), QgsCoordinateReferenceSystem(crs))


# --- the grid ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edges", "crs", "size", "spacing"),
    [
        ((300000, 4600000, 303000, 4603000), "EPSG:32619", 150, 150),
        ((300000, 4600000, 303000.1, 4602999.9), "EPSG:32619", 150, 150),
        ((300000, 4600000, 300100, 4600100), "EPSG:32619", 150, 150),
        ((300000, 4600000, 303000, 4601000), "EPSG:32619", 150, 60),
        ((300000, 4600000, 303000, 4601000), "EPSG:32619", 150, 400),
        ((0, 0, 0.3, 0.1), "EPSG:32619", 0.1, 0.1),
        ((231990, 890780, 233480, 893760), "EPSG:26986", 150, 150),
        ((761000, 2950000, 771000, 2960000), "EPSG:2249", 100, 100),
        ((-71.1, 42.3, -71.05, 42.35), "EPSG:4326", 150, 150),
        ((-7915000, 5210000, -7910000, 5215000), "EPSG:3857", 150, 150),
        ((18.0, -34.0, 18.1, -33.9), "EPSG:4326", 250, 250),
    ],
)
def test_the_count_is_that_of_create_tiles(qgis_application, edges, crs, size, spacing):
    import processing
    from qgis.core import QgsCoordinateReferenceSystem

    from plugin.gui.panel.grid_preview import preview_grid

    grid = preview_grid(extent(edges, crs), QgsCoordinateReferenceSystem(), size, spacing)
    made = processing.run(
        "mmrisk:createtiles",
        {"EXTENT": extent(edges, crs), "TILE_SIZE": size, "SPACING": spacing, "OUTPUT": "memory:"},
    )
    layer = made["OUTPUT"]
    assert grid.count == made["TILE_COUNT"]
    assert grid.crs.authid() == layer.crs().authid() or grid.crs == layer.crs()
    box, lines = layer.extent(), grid.lines()
    x = [point.x() for line in lines for point in line]
    y = [point.y() for line in lines for point in line]
    drawn = (min(x), min(y), max(x), max(y))
    assert drawn == pytest.approx((box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()), abs=0.02 * size)


def test_no_grid_without_area_or_crs(qgis_application):
    from qgis.core import QgsCoordinateReferenceSystem, QgsReferencedRectangle

    from plugin.gui.panel.grid_preview import preview_grid

    nothing = QgsCoordinateReferenceSystem()
    assert preview_grid(extent((0, 0, 0, 0)), nothing, 150, 150) is None
    assert preview_grid(QgsReferencedRectangle(extent((0, 0, 9, 9)), nothing), nothing, 150, 150) is None


# --- commands ----------------------------------------------------------------------------------------------------------


def test_a_command_reads_back_as_its_parameters(qgis_application):
    from qgis.core import QgsCoordinateReferenceSystem, QgsVectorLayer

    from plugin.gui.panel.qgis_process_command import command

    roads = QgsVectorLayer("/a folder/it's roads.gpkg|layername=main roads", "roads", "ogr")
    text = command(
        "mmrisk:joinattributes",
        {
            "EXTENT": extent((300000, 4600000.5, 303000, 4603000)),
            "INPUT": roads,
            "STATISTICS": [0, 5],
            "PREFIX": "",
            "JOIN_FIELD": None,
            "TILE_SIZE": 0.1,
            "CRS": QgsCoordinateReferenceSystem("EPSG:26986"),
            "FLAG": True,
        },
    )
    assert shlex.split(text) == [
        "qgis_process", "run", "mmrisk:joinattributes", "--",
        "EXTENT=300000,303000,4600000.5,4603000 [EPSG:32619]",
        "INPUT=/a folder/it's roads.gpkg|layername=main roads",
        "STATISTICS=0", "STATISTICS=5", "TILE_SIZE=0.1", "CRS=EPSG:26986", "FLAG=true",
    ]  # fmt: skip


def test_a_chain_hands_files_on_and_names_what_is_only_in_memory(qgis_application):
    from qgis.core import QgsVectorLayer

    from plugin.gui.algorithm_runner import AlgorithmStep
    from plugin.gui.panel.qgis_process_command import TEMPORARY, commands, unsaved_layers

    tiles = QgsVectorLayer("Polygon?crs=EPSG:32619", "My tiles", "memory")
    first = AlgorithmStep("mmrisk:joinattributes", {"TILES": tiles, "PREFIX": "a", "OUTPUT": TEMPORARY})
    second = AlgorithmStep("mmrisk:joinattributes", {"TILES": tiles, "PREFIX": "b", "OUTPUT": TEMPORARY}, "TILES")
    lines = [shlex.split(line)[4:] for line in commands([first, second]).splitlines()]
    assert lines == [
        ["TILES=My_tiles.gpkg", "PREFIX=a", "OUTPUT=attributes_1.gpkg"],
        ["TILES=attributes_1.gpkg", "PREFIX=b", "OUTPUT=attributes_2.gpkg"],
    ]
    assert unsaved_layers([first, second]) == ["My tiles"]


# --- the curve and the ladder ------------------------------------------------------------------------------------------


def epoch(number, network="member 1 of 5", held_out=0.9):
    """What the engine says of an epoch."""
    loss = (9 - number) / 10
    return {"network": network, "epoch": number, "epochs": 9, "loss": loss, "held_out": held_out}


def test_the_curve_takes_epochs_and_begins_anew_with_a_network(qgis_application, qtbot):
    from plugin.gui.panel.loss_curve import LossCurve

    curve = LossCurve()
    qtbot.addWidget(curve)
    for number in range(1, 4):
        curve.add(epoch(number))
    assert [one["epoch"] for one in curve.epochs] == [1, 2, 3]
    assert "member 1 of 5, epoch 3 of 9" in curve.accessibleDescription()
    assert "0.6000" in curve.accessibleDescription()
    curve.add(epoch(1, "member 2 of 5", None))
    assert len(curve.epochs) == 1
    assert "held-out" not in curve.accessibleDescription()
    curve.add(epoch(2, "member 2 of 5"))
    curve.add(epoch(1, "member 2 of 5"))
    assert len(curve.epochs) == 1


def test_the_curve_is_drawn_in_the_colours_of_the_palette(qgis_application, qtbot):
    from qgis.PyQt.QtGui import QColor, QPalette

    from plugin.gui.panel.loss_curve import LossCurve

    curve = LossCurve()
    qtbot.addWidget(curve)
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Base, QColor("#101010"))
    palette.setColor(QPalette.ColorRole.Text, QColor("#f0f0f0"))
    palette.setColor(QPalette.ColorRole.Link, QColor("#00ff00"))
    curve.setPalette(palette)
    curve.resize(300, 120)
    for number in range(1, 9):
        curve.add(epoch(number, held_out=0.5))
    image = curve.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert {"#101010", "#f0f0f0", "#00ff00"} <= colours


FIGURES = {"auc": 0.8, "auc_low": 0.7, "auc_high": 0.9}
VALIDATION = {
    "kind": "spatial",
    "figures": FIGURES,
    "heads": {},
    "challengers": {
        "image_linear": {"auc": 0.75, "auc_low": 0.6, "auc_high": 0.85},
        "prevalence": {"auc": 0.5, "auc_low": 0.5, "auc_high": 0.5},
    },
    "differences": {"image_linear": {"auc": 0.05, "low": -0.01, "high": 0.11}},
}


def test_the_ladder_goes_up_to_the_model(qgis_application):
    from plugin.gui.panel.ladder_table import ladder_rows

    assert ladder_rows(VALIDATION) == [
        ("How common the label is", "0.50 (0.50–0.50)"),
        ("Imagery alone", "0.75 (0.60–0.85)\n+0.05 (-0.01 to +0.11)"),
        ("The model", "0.80 (0.70–0.90)"),
    ]
    assert ladder_rows({**VALIDATION, "figures": None}) == []


# --- sentences about a model -------------------------------------------------------------------------------------------


def test_the_verdict_says_when_a_model_is_worth_nothing(qgis_application):
    from plugin.gui.panel.model_card import auc_sentence

    assert auc_sentence(VALIDATION).startswith("AUC 0.80 (0.70 to 0.90) in places it had not seen")
    assert "Do not use its map" in auc_sentence({**VALIDATION, "figures": {**FIGURES, "auc_low": 0.48}})
    assert "which flatter" in auc_sentence({**VALIDATION, "kind": "random"})
    assert "nothing is known" in auc_sentence({**VALIDATION, "figures": None})


def test_a_label_computed_from_attributes_is_told_with_the_figure_that_counts(qgis_application):
    from plugin.gui.panel.model_card import circular_sentence

    assert circular_sentence({**VALIDATION, "label_attributes": [], "observed_later": None}) == ""
    circular = {**VALIDATION, "label_attributes": ["vkm", "metres"], "observed_later": None}
    assert circular_sentence(circular).startswith("Beware: the label was computed from vkm, metres,")
    assert "With a split date" in circular_sentence(circular)
    told = circular_sentence({**circular, "observed_later": {"auc": 0.6, "auc_low": 0.5, "auc_high": 0.7}})
    assert told.endswith("By events that were observed later, its AUC is 0.60 (0.50 to 0.70).")


def test_what_the_engine_says_to_beware_of_stands_out_in_the_log(qgis_application):
    from qgis.core import QgsProcessingFeedback

    from plugin.processing.feedback import ProcessingJobFeedback

    class Log(QgsProcessingFeedback):
        def __init__(self):
            super().__init__(False)
            self.warnings, self.others = [], []

        def pushWarning(self, text):
            self.warnings.append(text)

        def pushInfo(self, text):
            self.others.append(text)

    log = Log()
    for sentence in ("Beware: the label repeats.", "Events before 2015: beware: few.", "All is well."):
        ProcessingJobFeedback(log).log(sentence)
    assert len(log.warnings) == 2
    assert log.others == ["All is well."]


@pytest.mark.parametrize(
    ("edges", "crs", "words", "careful"),
    [
        ((1000, 1000, 2000, 2000), "EPSG:32619", "lies where it was trained", False),
        ((2000, 2000, 4000, 4000), "EPSG:32619", "reaches beyond", False),
        ((4000, 0, 5000, 1000), "EPSG:32619", "lies beside", False),
        ((90000, 0, 91000, 1000), "EPSG:32619", "far from", True),
        ((10, 50, 10.1, 50.1), "EPSG:4326", "far from", True),
    ],
)
def test_where_an_extent_lies(qgis_application, edges, crs, words, careful):
    from plugin.gui.panel.model_card import place_sentence

    manifest = {"provenance": {"extent": [0, 0, 3000, 3000], "crs": "EPSG:32619"}}
    sentence, is_careful = place_sentence(manifest, extent(edges, crs))
    assert words in sentence
    assert is_careful == careful


def test_a_model_of_a_table_maps_nothing(qgis_application):
    from plugin.gui.panel.model_card import place_sentence

    sentence, careful = place_sentence({"provenance": {"extent": None, "crs": None}}, extent((0, 0, 1, 1)))
    assert careful
    assert "cannot map" in sentence
