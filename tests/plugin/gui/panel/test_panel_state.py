"""The choices of the panel in the project: kept, restored, and none of them trusted."""

import json

import pytest


@pytest.fixture
def filled(project, layers):
    from plugin.gui.panel.panel_state import (
        AreaChoices,
        DataChoices,
        JoinChoices,
        MapChoices,
        PanelState,
        TrainChoices,
    )

    join = JoinChoices(layers["roads"].id(), ["aadt"], ["count", "mean"], "r_")
    return PanelState(
        step=2,
        area=AreaChoices(extent="1,2,3,4 [EPSG:32619]", tile_size=80.5, spacing=40.0, mask=layers["zones"].id()),
        data=DataChoices(layers["zones"].id(), [], [join]),
        train=TrainChoices(
            tiles=layers["zones"].id(),
            events=layers["crashes"].id(),
            rule=1,
            threshold=0.2,
            label="people",
            features=["people"],
            model="/a folder/model.safetensors",
            advanced={"FOLDS": 7, "EPOCHS": None, "CONTEXT": "1,3"},
        ),
        map=MapChoices("/a folder/other.safetensors", ""),
    )


def test_choices_go_through_a_project_file(project, filled, tmp_path, layers):
    from plugin.gui.panel.panel_state import read_state, write_state

    write_state(filled, project)
    assert read_state(project) == filled
    file = str(tmp_path / "project.qgz")
    assert project.write(file)
    project.clear()
    assert read_state(project) != filled
    assert project.read(file)
    assert read_state(project) == filled


def test_choices_that_stay_do_not_change_the_project(project, filled):
    from plugin.gui.panel.panel_state import write_state

    write_state(filled, project)
    project.setDirty(False)
    write_state(filled, project)
    assert not project.isDirty()


def test_layers_that_are_gone_are_left_out(project, filled, layers):
    from plugin.gui.panel.panel_state import read_state, write_state

    write_state(filled, project)
    project.removeMapLayers([layers["roads"].id(), layers["crashes"].id()])
    state = read_state(project)
    assert state.data.joins == []
    assert state.train.events == ""
    assert state.train.tiles == layers["zones"].id()


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        "[]",
        "null",
        json.dumps({"area": 3, "step": "x", "data": {"joins": [1, {"fields": 2}], "images": [None]}}),
        json.dumps({"train": {"advanced": [], "threshold": "much"}, "area": {"layout": 99, "extent": "a,b,c,d [x]"}}),
    ],
)
def test_damaged_entries_are_as_none(project, make_panel, text):
    project.writeEntry("mmrisk", "/panel", text)
    panel = make_panel()
    assert panel.tabs.currentIndex() == 0
    assert panel.data.choices().joins == []
    assert panel.area.extent.follows_canvas()
    assert panel.area.layout_box.currentIndex() == 0


def test_choices_that_nobody_could_make_are_none(project, make_panel, layers):
    join = {"layer": layers["roads"].id(), "statistics": ["guess", "count"], "fields": ["gone"], "prefix": "r_"}
    advanced = {"FOLDS": "x", "SEED": 1e300, "ARCHITECTURE": 77, "CONTEXT": 3, "other": {}}
    kept = {"data": {"joins": [join]}, "train": {"advanced": advanced, "rule": -4}}
    project.writeEntry("mmrisk", "/panel", json.dumps(kept))
    panel = make_panel()
    assert panel.data.choices().joins[0].statistics == ["count"]
    assert panel.train.choices().advanced["ARCHITECTURE"] == 0
    assert panel.train.choices().advanced["FOLDS"] == 2
    assert panel.train.rule.currentIndex() == 0


def test_the_panel_shows_what_was_kept_and_keeps_what_is_chosen(project, filled, make_panel, qtbot):
    from plugin.gui.panel.panel_state import read_state, write_state

    write_state(filled, project)
    panel = make_panel()
    state = panel.state()
    assert state.step == 2
    assert state.area.tile_size == 80.5
    assert state.area.extent == filled.area.extent
    assert state.area.mask == filled.area.mask
    assert state.data == filled.data
    assert (state.train.rule, state.train.threshold) == (1, 0.2)
    assert state.train.features == ["people"]
    assert state.train.advanced["FOLDS"] == 7
    assert state.train.advanced["CONTEXT"] == "1,3"
    assert state.map.model == filled.map.model
    panel.area.tile_size.setValue(120)
    qtbot.waitUntil(lambda: read_state(project).area.tile_size == 120, timeout=3000)


def test_another_project_brings_its_own_choices(project, filled, make_panel, tmp_path, qtbot):
    from plugin.gui.panel.panel_state import write_state

    panel = make_panel()
    write_state(filled, project)
    file = str(tmp_path / "project.qgz")
    project.write(file)
    project.clear()
    assert panel.area.tile_size.value() == 150
    assert panel.data.choices().joins == []
    project.read(file)
    assert panel.area.tile_size.value() == 80.5
    # Memory layers come back empty, but under their ids.
    assert len(panel.data.choices().joins) == 1
