"""Results that are there when the project is opened again, each in the place of the one before."""

import json

import pytest


@pytest.fixture
def saved(project, tmp_path):
    """A project in a file; its folder has a space and an umlaut."""
    folder = tmp_path / "Straßen Boston"
    folder.mkdir()
    assert project.write(str(folder / "boston.qgz"))
    return folder


def made(project, name, *, fields=("risk",), count=2, recipe=None):
    """A layer in a file among the results, as an algorithm hands it over."""
    from qgis.core import (
        QgsCoordinateTransformContext,
        QgsFeature,
        QgsGeometry,
        QgsRectangle,
        QgsVectorFileWriter,
        QgsVectorLayer,
    )

    from plugin.layers.recipes import write_recipe
    from plugin.layers.results_place import new_result_file

    memory = QgsVectorLayer(
        "Polygon?crs=EPSG:32619" + "".join(f"&field={field}:double" for field in fields), name, "memory"
    )
    features = []
    for number in range(count):
        feature = QgsFeature(memory.fields())
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(number, 0, number + 1, 1)))
        features.append(feature)
    memory.dataProvider().addFeatures(features)
    file = str(new_result_file(project, name, ".gpkg"))
    QgsVectorFileWriter.writeAsVectorFormatV3(
        memory, file, QgsCoordinateTransformContext(), QgsVectorFileWriter.SaveVectorOptions()
    )
    layer = QgsVectorLayer(file, "output", "ogr")
    if recipe:
        write_recipe(layer, json.dumps(recipe))
    return layer


def test_results_lie_beside_the_project_and_are_found_again(project, saved):
    from plugin.layers.recipes import read_recipe
    from plugin.layers.results import TILES, show_tiles

    layer = show_tiles(made(project, "tiles", recipe={"joins": []}), TILES)
    assert layer.name() == "Tiles"
    assert (saved / "boston_mmrisk" / "tiles.gpkg").is_file()
    project.write()
    project.clear()
    # Moved, as somebody hands it on.
    moved = saved.with_name("elsewhere")
    saved.rename(moved)
    assert project.read(str(moved / "boston.qgz"))
    (found,) = project.mapLayersByName("Tiles")
    assert found.isValid()
    assert found.featureCount() == 2
    assert read_recipe(found) == '{"joins": []}'


def test_a_step_that_is_done_again_replaces_its_own_result(project, saved):
    from qgis.core import QgsLayerTreeGroup

    from plugin.layers.results import ATTRIBUTES, TILES, show_tiles

    tiles = show_tiles(made(project, "tiles"), TILES)
    first = show_tiles(
        made(project, "attributes", fields=("roads_count", "crashes_count"), recipe={"joins": [1]}), ATTRIBUTES
    )
    group = QgsLayerTreeGroup("mine")
    root = project.layerTreeRoot()
    root.addChildNode(group)
    node = root.findLayer(first.id())
    group.addChildNode(node.clone())
    root.removeChildNode(node)
    first.setOpacity(0.5)
    again = show_tiles(made(project, "attributes", fields=("roads_count",), count=3, recipe={"joins": []}), ATTRIBUTES)
    assert again is first
    assert again.fields().names() == ["fid", "roads_count"]
    assert again.featureCount() == 3
    assert again.opacity() == 0.5
    assert root.findLayer(again.id()).parent().name() == "mine"
    assert {layer.name() for layer in project.mapLayers().values()} == {"Tiles", "Tiles with attributes"}
    assert tiles.fields().names() == ["fid", "risk"]
    # One file each, and nothing of the time before.
    assert {file.name for file in (saved / "boston_mmrisk").glob("*.gpkg")} == {"tiles.gpkg", "attributes_2.gpkg"}
    third = show_tiles(made(project, "attributes"), ATTRIBUTES)
    assert third is first
    assert {file.name for file in (saved / "boston_mmrisk").glob("*.gpkg")} == {"tiles.gpkg", "attributes.gpkg"}


@pytest.mark.parametrize("what", ["renamed", "copied"])
def test_what_the_user_made_of_a_result_stays(project, saved, what):
    from plugin.layers.results import TILES, show_tiles
    from plugin.layers.results_place import file_of

    first = show_tiles(made(project, "tiles"), TILES)
    if what == "renamed":
        first.setName("Tiles of 2019")
        kept = first
    else:
        kept = first.clone()
        kept.setName("Tiles copy")
        project.addMapLayer(kept)
    file = file_of(kept)
    second = show_tiles(made(project, "tiles", count=5), TILES)
    assert second is not kept
    assert file.is_file()
    assert file_of(kept) == file
    assert kept.featureCount() == 2
    assert second.featureCount() == 5


def test_what_is_being_edited_stays(project, saved):
    from plugin.layers.results import TILES, show_tiles

    first = show_tiles(made(project, "tiles"), TILES)
    assert first.startEditing()
    assert first.changeAttributeValue(1, first.fields().lookupField("risk"), 0.5)
    second = show_tiles(made(project, "tiles", count=5), TILES)
    assert second is not first
    assert first.isModified()
    assert first.rollBack()
    assert first.featureCount() == 2


RISK_FIELDS = ("risk", "risk_low", "risk_high", "risk_class", "rank", "in_domain", "coverage")


def test_risk_mapped_on_the_canvas_is_not_replaced_by_the_panel(project, saved):
    from plugin.layers.results import show_risk
    from plugin.layers.results_place import file_of

    of_canvas = show_risk(made(project, "risk", fields=RISK_FIELDS), instead=False)
    file = file_of(of_canvas)
    of_panel = show_risk(made(project, "risk", fields=RISK_FIELDS, count=3))
    again = show_risk(made(project, "risk", fields=RISK_FIELDS, count=4))
    assert again is of_panel
    assert of_panel is not of_canvas
    assert file_of(of_canvas) == file
    assert file.is_file()
    assert (of_canvas.featureCount(), again.featureCount()) == (2, 4)


def test_a_folder_of_ones_own_is_kept_in_the_project(project, saved, tmp_path):
    from plugin.layers.results_place import choose_results_folder, results_folder

    assert results_folder(project) == saved / "boston_mmrisk"
    choose_results_folder(project, str(saved / "mine"))
    assert results_folder(project) == saved / "mine"
    project.write()
    project.clear()
    assert project.read(str(saved / "boston.qgz"))
    assert results_folder(project).resolve() == (saved / "mine").resolve()
    project.clear()
    assert results_folder(project).name == "MMRisk"


def test_a_folder_that_cannot_be_made_is_a_sentence(project, saved):
    from plugin.layers.results_place import choose_results_folder, new_result_file, no_folder_sentence

    (saved / "a file").write_text("")
    choose_results_folder(project, str(saved / "a file" / "below"))
    with pytest.raises(OSError) as caught:  # noqa: PT011  # which of them, the system decides
        new_result_file(project, "tiles", ".gpkg")
    sentence = no_folder_sentence(caught.value)
    assert "a file" in sentence
    assert "Choose another one in the panel" in sentence


def test_files_that_are_not_ours_are_never_removed(project, saved, tmp_path):
    from plugin.layers.results_place import remove_result

    other = tmp_path / "precious.gpkg"
    other.write_text("x")
    remove_result(other, project)
    assert other.is_file()
