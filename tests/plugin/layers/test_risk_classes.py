"""Classes of the map: each tile is in the one that the legend says, whichever way the planner chose."""

import random

import pytest


@pytest.fixture
def layer(qgis_application):
    """Two hundred tiles whose risk is known."""
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    fields = "&".join(
        f"field={f}"
        for f in (
            "risk:double",
            "risk_low:double",
            "risk_high:double",
            "risk_class:int",
            "rank:int",
            "in_domain:int",
            "coverage:double",
        )
    )
    made = QgsVectorLayer(f"Polygon?crs=EPSG:32619&{fields}", "risk", "memory")
    chance = random.Random(5)  # nosec B311
    risks = sorted((chance.random() ** 3 for _ in range(200)), reverse=True)
    features = []
    for number, risk in enumerate(risks):
        feature = QgsFeature(made.fields())
        feature.setGeometry(QgsGeometry.fromWkt("Polygon((0 0,1 0,1 1,0 1,0 0))"))
        feature.setAttributes([risk, 0.0, 1.0, 1 + int(risk * 5), number + 1, 1, 1.0])
        features.append(feature)
    assert made.dataProvider().addFeatures(features)[0]
    return made


def classed(layer, way, cost=10.0):
    """How many tiles there are of each class, by the name in the legend; as the map draws them."""
    from qgis.core import QgsExpression, QgsExpressionContext, QgsExpressionContextUtils

    from plugin.layers.risk_classes import Classes
    from plugin.layers.styling import style_risk_layer

    style_risk_layer(layer, classes=Classes(way, cost), breaks=(0.2, 0.4, 0.6, 0.8))
    renderer = layer.renderer()
    expression = QgsExpression(renderer.classAttribute())
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    categories = renderer.categories()
    counts = {category.label().split(":")[0]: 0 for category in categories}
    for feature in layer.getFeatures():
        context.setFeature(feature)
        number = renderer.categoryIndexForValue(expression.evaluate(context))
        assert number >= 0
        counts[categories[number].label().split(":")[0]] += 1
    return counts


def test_the_models_classes(layer):
    counts = classed(layer, 0)
    assert sum(counts.values()) == 200
    expected = [0] * 5
    for feature in layer.getFeatures():
        expected[feature["risk_class"] - 1] += 1
    assert [counts[name] for name in ("Very low", "Low", "Medium", "High", "Very high")] == expected


def test_fifths_have_as_many_each(layer):
    counts = classed(layer, 1)
    assert [counts[name] for name in ("Very low", "Low", "Medium", "High", "Very high")] == [40] * 5


def test_equal_steps(layer):
    counts = classed(layer, 2)
    expected = [
        sum(number <= 5 * feature["risk"] < number + 1 for feature in layer.getFeatures()) for number in range(5)
    ]
    assert [counts[name] for name in ("Very low", "Low", "Medium", "High", "Very high")] == expected


def test_the_top_of_the_list(layer):
    counts = classed(layer, 3)
    assert (counts["Top 1 %"], counts["Top 5 %"], counts["Top 10 %"], counts["All others"]) == (2, 8, 10, 180)


@pytest.mark.parametrize("cost", [1.0, 10.0, 99.0])
def test_by_what_a_miss_costs(layer, cost):
    counts = classed(layer, 4, cost)
    worth = sum(feature["risk"] >= 1 / (1 + cost) for feature in layer.getFeatures())
    assert counts["Worth a visit"] == worth
    assert counts["Not worth a visit"] == 200 - worth


def test_tiles_without_imagery_or_unlike_the_training_are_marked(layer):
    names = layer.fields().names()
    ids = [feature.id() for feature in layer.getFeatures()]
    layer.dataProvider().changeAttributeValues(
        {ids[0]: {names.index("coverage"): 0.0}, ids[1]: {names.index("in_domain"): 0}}
    )
    for way in range(5):
        counts = classed(layer, way)
        assert counts["Without imagery"] == 1
        assert counts["Outside what the model knows"] == 1
        assert sum(counts.values()) == 200


def test_a_layer_without_any_risk_has_names_only(layer):
    layer.dataProvider().truncate()
    for way in (1, 3):
        assert set(classed(layer, way).values()) == {0}
