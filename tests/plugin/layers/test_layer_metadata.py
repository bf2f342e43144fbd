"""What a layer says of itself, where QGIS shows it as HTML."""

from tests.plugin.foreign_text import assert_harmless


def test_rights_are_escaped_once_however_often_they_are_handed_on(qgis_application):
    from qgis.core import QgsVectorLayer

    from plugin.layers.layer_metadata import rights_of, write_abstract

    theirs = ["© R&D", '<a href="https://example.org/">Somebody</a>', "&lt;b&gt;"]
    layers = [QgsVectorLayer("Point?crs=EPSG:4326", "layer", "memory") for _ in range(3)]
    metadata = layers[0].metadata()
    metadata.setRights(theirs)
    layers[0].setMetadata(metadata)
    for number in (1, 2):
        write_abstract(layers[number], "Risk", "by the model <b>.safetensors", rights_of(layers[number - 1]))
    assert layers[1].metadata().rights() == layers[2].metadata().rights()
    told = [assert_harmless(text) for text in layers[2].metadata().rights()]
    assert told == ["© R&D", '<a href="https://example.org/">Somebody</a>', "<b>"]
    assert assert_harmless(layers[2].metadata().abstract()) == "by the model <b>.safetensors"


def test_a_recipe_is_read_back_and_has_no_markup(qgis_application):
    import json

    from qgis.core import QgsVectorLayer

    from plugin.layers.recipes import read_recipe, write_recipe

    layer = QgsVectorLayer("Point?crs=EPSG:4326", "layer", "memory")
    recipe = {"joins": [{"layer": "<img src='x'> & &lt;b&gt; \\u003c \"", "fields": ["a < b > c"]}]}
    write_recipe(layer, json.dumps(recipe))
    assert json.loads(read_recipe(layer)) == recipe
    assert not set("<>&") & set("".join(layer.metadata().history()))
