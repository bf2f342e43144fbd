"""A table of crashes looked at and loaded in the window, by the real engine."""


def test_a_table_is_looked_at_and_loaded(canvas, project, qtbot, tmp_path):
    from plugin.gui.algorithm_runner import AlgorithmRunner
    from plugin.gui.crash_data.crash_data_dialog import CrashDataDialog
    from plugin.layers.results_place import choose_results_folder

    choose_results_folder(project, str(tmp_path / "results"))
    file = tmp_path / "unfaelle.csv"
    file.write_text(
        "LON;LAT;Datum\n-71,06;42,36;17.05.2019\n-71,05;42,35;18.05.2018\n0;0;1.1.2019\n", encoding="cp1252"
    )
    dialog = CrashDataDialog(canvas, AlgorithmRunner())
    qtbot.addWidget(dialog)
    dialog.file.setFilePath(str(file))
    qtbot.waitUntil(dialog.load_button.isEnabled, timeout=60_000)
    assert (dialog.x.currentText(), dialog.y.currentText(), dialog.date.currentText()) == ("LON", "LAT", "Datum")
    assert dialog.crs.crs().authid() == "EPSG:4326"
    assert dialog.rows.item(0, 2).text() == "17.05.2019"
    assert "2018 (1), 2019 (2)" in dialog.sentence.text()
    dialog.years.setText("2019")
    dialog.load()
    qtbot.waitUntil(lambda: dialog.layer is not None or bool(dialog.problem.text()), timeout=60_000)
    assert dialog.problem.text() == ""
    assert [f["event_date"] for f in dialog.layer.getFeatures()] == ["2019-05-17"]
    assert "1 at 0, 0" in dialog.sentence.text()
