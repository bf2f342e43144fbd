"""'Label tiles' in QGIS with the real engine: every rule and option, and the numbers that it reports."""

import json

import pytest

# Ten tiles of 150 m in a row.
EXTENT = "300000,301500,4700000,4700150 [EPSG:32619]"


@pytest.fixture(scope="module")
def run(qgis_application):
    import processing

    def run_algorithm(name, feedback=None, **parameters):
        return processing.run(f"mmrisk:{name}", {"OUTPUT": "TEMPORARY_OUTPUT", **parameters}, feedback=feedback)

    return run_algorithm


@pytest.fixture(scope="module")
def tiles(run):
    return run("createtiles", EXTENT=EXTENT, TILE_SIZE=150)["OUTPUT"]


@pytest.fixture(scope="module")
def many_tiles(run):
    """100 tiles with the field ``metres``, from 10 to 505."""
    tiles = run("createtiles", EXTENT="300000,301500,4700000,4701500 [EPSG:32619]", TILE_SIZE=150)["OUTPUT"]
    return calculated(tiles, "metres", "10 + 5 * tile_id")


def calculated(layer, field, formula):
    import processing

    parameters = {
        "INPUT": layer,
        "FIELD_NAME": field,
        "FIELD_TYPE": 0,
        "FORMULA": formula,
        "OUTPUT": "TEMPORARY_OUTPUT",
    }
    return processing.run("native:fieldcalculator", parameters)["OUTPUT"]


def make_layer(kind, rows, fields):
    """A memory layer from (WKT, attributes) pairs."""
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    layer = QgsVectorLayer(f"{kind}?crs=EPSG:32619&{fields}", "made", "memory")
    for wkt, attributes in rows:
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromWkt(wkt))
        feature.setAttributes(attributes)
        assert layer.dataProvider().addFeature(feature)
    layer.updateExtents()
    return layer


def crashes(*numbers, row=0, fields="field=year:integer", attributes=(2020,)):
    """That many events in each tile of a row."""
    rows = [
        (f"Point({300075 + 150 * i} {4700075 + 150 * row})", list(attributes))
        for i, number in enumerate(numbers)
        for _ in range(number)
    ]
    return make_layer("Point", rows, fields)


def column(layer, name):
    """The values of a field, None where NULL."""
    from qgis.core import NULL

    return [None if feature[name] == NULL else feature[name] for feature in layer.getFeatures()]


def failing(run, **parameters):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException) as caught:
        run("labeltiles", **parameters)
    return str(caught.value)


def test_top_share_and_the_numbers_reported(run, tiles):
    result = run("labeltiles", TILES=tiles, EVENTS=crashes(3, 1, 5), RULE=1, THRESHOLD=0.2)
    assert column(result["OUTPUT"], "label") == [1, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    numbers = {name: value for name, value in result.items() if name != "OUTPUT"}
    assert numbers == {"TILES_HIGH": 2, "TILES_LOW": 8, "TILES_WITHOUT_LABEL": 0, "EVENTS_USED": 9}


def test_a_share_that_is_none_is_named(run, tiles):
    assert "such as 0.1 for the top tenth" in failing(run, TILES=tiles, EVENTS=crashes(1), RULE=1)


def test_events_per_exposure_leave_tiles_without_exposure_null(run, tiles):
    with_exposure = calculated(tiles, "vkm", "if(tile_id = 3, NULL, tile_id)")
    result = run(
        "labeltiles", TILES=with_exposure, EVENTS=crashes(*[1] * 10), RULE=2, THRESHOLD=0.25, EXPOSURE_FIELD="vkm"
    )
    assert column(result["OUTPUT"], "label") == [None, 1, 1, None, 1, 0, 0, 0, 0, 0]
    assert column(result["OUTPUT"], "events") == [1] * 10
    assert result["TILES_WITHOUT_LABEL"] == 2


def test_the_study_area_is_kept_in_the_recipe_and_tiles_outside_are_null(run, tiles):
    from plugin.layers.recipes import read_recipe

    square = "Polygon((300000 4700000, 300400 4700000, 300400 4700150, 300000 4700150, 300000 4700000))"
    area = make_layer("Polygon", [(square, ["town"])], "field=name:string")
    result = run("labeltiles", TILES=tiles, EVENTS=crashes(1, 0, 2, 4), STUDY_AREA=area)
    assert column(result["OUTPUT"], "label") == [1, 0, 1] + [None] * 7
    assert column(result["OUTPUT"], "events") == [1, 0, 2] + [None] * 7
    assert (result["TILES_WITHOUT_LABEL"], result["EVENTS_USED"]) == (7, 3)
    assert json.loads(read_recipe(result["OUTPUT"]))["label"]["study_area"] == "made"


@pytest.mark.parametrize(
    ("kind", "early", "late"),
    [
        ("date", "2019-12-31", "2020-01-01"),
        ("datetime", "2019-12-31T23:30:00", "2020-01-01T00:30:00"),
        ("string", "2019-12-31", "2020-01-01T00:30:00+02:00"),
        ("integer", 2019, 2020),
    ],
)
def test_events_are_split_by_fields_of_every_kind(run, tiles, kind, early, late):
    from qgis.PyQt.QtCore import QDate, QDateTime, Qt

    convert = {
        "date": lambda text: QDate.fromString(text, Qt.DateFormat.ISODate),
        "datetime": lambda text: QDateTime.fromString(text, Qt.DateFormat.ISODate),
    }.get(kind, lambda value: value)
    rows = [("Point(300075 4700075)", early), ("Point(300225 4700075)", late), ("Point(300375 4700075)", None)]
    events = make_layer("Point", [(wkt, [value and convert(value)]) for wkt, value in rows], f"field=when:{kind}")
    result = run("labeltiles", TILES=tiles, EVENTS=events, DATE_FIELD="when", SPLIT_DATE="2020-01-01")
    assert column(result["OUTPUT"], "events") == [1] + [0] * 9
    assert column(result["OUTPUT"], "events_later") == [0, 1] + [0] * 8
    assert column(result["OUTPUT"], "label_later") == [0, 1] + [0] * 8
    assert result["EVENTS_USED"] == 2


def test_a_split_without_a_date_field_is_named(run, tiles):
    assert "split date but no date field" in failing(run, TILES=tiles, EVENTS=crashes(1), SPLIT_DATE="2020")


@pytest.fixture(scope="module")
def risky(many_tiles):
    """Events that grow with the metres, in clusters."""
    number = [int((10 + 5 * i) / 60 * (3 if i % 7 == 0 else 0.7)) for i in range(100)]
    points = [
        (f"Point({300075 + 150 * (i % 10)} {4701425 - 150 * (i // 10)})", [1.0])
        for i in range(100)
        for _ in range(number[i])
    ]
    return make_layer("Point", points, "field=severity:double"), number


@pytest.mark.parametrize("use", [1, 2])
def test_empirical_bayes_in_columns_and_as_label(run, many_tiles, risky, use):
    events, number = risky
    result = run(
        "labeltiles", TILES=many_tiles, EVENTS=events, THRESHOLD=5, EMPIRICAL_BAYES=use, LENGTH_FIELD="metres"
    )["OUTPUT"]
    assert column(result, "events") == number
    predicted, expected = column(result, "events_predicted"), column(result, "events_expected")
    for observed, mean, between in zip(number, predicted, expected, strict=True):
        assert min(observed, mean) - 1e-9 <= between <= max(observed, mean) + 1e-9
    assert column(result, "events_excess") == pytest.approx([e - p for e, p in zip(expected, predicted, strict=True)])
    assert column(result, "label") == [int(value >= 5) for value in (expected if use == 2 else number)]


def test_overdispersion_and_exponent_by_length_reach_the_engine_and_the_recipe(run, many_tiles, risky):
    import json

    from qgis.core import QgsProcessingFeedback

    from plugin.layers.recipes import read_recipe

    feedback = QgsProcessingFeedback()
    given = {"TILES": many_tiles, "EVENTS": risky[0], "EMPIRICAL_BAYES": 1}
    labelled = run("labeltiles", feedback, **given, LENGTH_FIELD="metres", OVERDISPERSION=1, LENGTH_EXPONENT=1)[
        "OUTPUT"
    ]
    step = json.loads(read_recipe(labelled))["label"]
    assert (step["overdispersion"], step["length_exponent"]) == ("per_length", "one")
    assert "* metres^1 events" in feedback.textLog()
    assert "that has the length of road" in failing(run, **given, OVERDISPERSION=1)


def test_a_model_of_a_label_that_repeats_its_attributes_is_warned_of_in_the_log(run, many_tiles, risky, tmp_path):
    from qgis.core import QgsProcessingFeedback

    labelled = run(
        "labeltiles", TILES=many_tiles, EVENTS=risky[0], RULE=1, THRESHOLD=0.3, EMPIRICAL_BAYES=2, LENGTH_FIELD="metres"
    )["OUTPUT"]

    class Feedback(QgsProcessingFeedback):
        def __init__(self):
            super().__init__(False)
            self.warnings = []

        def pushWarning(self, text):
            self.warnings.append(text)

    feedback = Feedback()
    run(
        "trainmodel", feedback, TILES=labelled, LABEL="label", FEATURES=["metres", "row"], VALIDATION=1, FOLDS=2, EPOCHS=1,
        SEED=1, DEVICE=1, MODEL=str(tmp_path / "model.safetensors"),
    )  # fmt: skip
    assert any("metres" in text and "the formula that the label was computed by" in text for text in feedback.warnings)


def test_empirical_bayes_refuses_weights(run, many_tiles, risky):
    message = failing(run, TILES=many_tiles, EVENTS=risky[0], EMPIRICAL_BAYES=1, WEIGHT_FIELD="severity")
    assert "cannot go with the weight field 'severity'" in message


def test_tiles_without_label_are_left_out_of_training(run, many_tiles, risky, tmp_path):
    from qgis.core import QgsProcessingFeedback

    half = calculated(many_tiles, "half", "if(tile_id < 50, 0, metres)")
    labelled = run("labeltiles", TILES=half, EVENTS=risky[0], RULE=2, THRESHOLD=0.012, EXPOSURE_FIELD="half")
    assert labelled["TILES_WITHOUT_LABEL"] == 50
    feedback = QgsProcessingFeedback()
    run(
        "trainmodel", feedback=feedback, TILES=labelled["OUTPUT"], LABEL="label", FEATURES=["row", "col"], VALIDATION=1,
        FOLDS=2, EPOCHS=2, SEED=1, DEVICE=1, MODEL=str(tmp_path / "model.safetensors"),
    )  # fmt: skip
    assert "50 tiles without label are left out" in feedback.textLog()
