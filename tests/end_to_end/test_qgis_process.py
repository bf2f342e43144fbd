"""The algorithms as a server runs them: qgis_process, no window, files in and out."""

import json
import sqlite3

import pytest

pytestmark = pytest.mark.slow

RISK_FIELDS = [
    "tile_id", "risk", "risk_low", "risk_high", "risk_class", "rank", "image_effect", "attribute_effect", "coverage",
    "in_domain", "learnt_from",
]  # fmt: skip


def rows(file, table, columns):
    with sqlite3.connect(file) as database:
        return database.execute(f"SELECT {columns} FROM {table}").fetchall()


@pytest.fixture(scope="module")
def made(qgis, sample):
    """What the sample's model says of the sample, in many ways; in one process, since each takes seconds to start."""
    folder = sample["folder"]
    names = ("risk.gpkg", "one.gpkg", "of_picture.gpkg", "as_drawn.tif", "card.html")
    made = {name.split(".")[0]: folder / name for name in names}
    model, imagery = {"MODEL": sample["MODEL"]}, [sample["IMAGERY"]]
    tiles = {**model, "TILES": folder / "attributes.gpkg"}
    extent = {"EXTENT": sample["IMAGERY"]}
    results = qgis.run_chain(
        ("mmrisk:predictrisk", {**tiles, "IMAGES": imagery, "OUTPUT": made["risk"]}),
        (
            "mmrisk:maprisk",
            {**model, **extent, "IMAGES": imagery, "LAYERS": [sample["ROADS"]], "OUTPUT": made["one"]},
        ),
        ("mmrisk:renderimagery", {**extent, "LAYERS": imagery, "OUTPUT": made["as_drawn"]}),
        ("mmrisk:predictrisk", {**tiles, "IMAGES": [made["as_drawn"]], "OUTPUT": made["of_picture"]}),
        ("mmrisk:describemodel", {**model, "HTML": made["card"]}),
    )
    return {**made, "TILE_COUNT": results[0]["TILE_COUNT"]}


def test_all_algorithms_are_listed(qgis):
    listed = qgis.call(["list"]).stdout
    for name in ("createtiles", "joinattributes", "labeltiles", "trainmodel", "predictrisk", "maprisk", "samplecity"):
        assert f"mmrisk:{name}" in listed
    assert "mmrisk:renderimagery" in listed


def test_training_gives_model_report_and_figures(sample):
    assert (sample["folder"] / "model.safetensors").stat().st_size > 10_000
    assert "Model card" in (sample["folder"] / "report.html").read_text(encoding="utf-8")
    assert 0 <= sample["AUC_LOW"] <= sample["AUC"] <= sample["AUC_HIGH"] <= 1
    assert sample["DEVICE_USED"]


def test_prediction_is_a_styled_risk_layer(made):
    output = made["risk"]
    assert made["TILE_COUNT"] == 144
    columns = [row[1] for row in sqlite3.connect(output).execute("PRAGMA table_info(risk)")]
    assert [c for c in columns if c not in ("fid", "geom")][: len(RISK_FIELDS)] == RISK_FIELDS
    for low, risk, high, kind in rows(output, "risk", "risk_low, risk, risk_high, risk_class"):
        assert 0 <= low <= risk <= high <= 1
        assert 1 <= kind <= 5
    assert sorted(r for (r,) in rows(output, "risk", "rank")) == list(range(1, 145))
    style = rows(output, "layer_styles", "useAsDefault, styleQML")
    assert len(style) == 1
    assert style[0][0] == 1
    assert "risk_class" in style[0][1]


def test_map_risk_in_one_step_equals_the_steps_one_by_one(made):
    steps = dict(rows(made["risk"], "risk", "tile_id, risk"))
    assert dict(rows(made["one"], "one", "tile_id, risk")) == pytest.approx(steps, abs=1e-6)


def test_model_card(made):
    assert "roads_aadt_mean" in made["card"].read_text(encoding="utf-8")


def test_failure_is_a_sentence_an_exit_code_and_no_file(qgis, sample, tmp_path):
    output = tmp_path / "risk.gpkg"
    finished = qgis.call(
        ["run", "mmrisk:predictrisk", f"--TILES={sample['folder'] / 'tiles.gpkg'}", f"--MODEL={sample['MODEL']}",
         f"--IMAGES={sample['IMAGERY']}", f"--OUTPUT={output}"]
    )  # fmt: skip
    assert finished.returncode != 0
    assert "have no field 'roads_count'" in finished.stderr
    assert "Traceback" not in finished.stderr
    assert not list(tmp_path.iterdir())


def test_a_designer_model_chains_three_algorithms(qgis, sample, root):
    model = root / "resources" / "models" / "predict_extent.model3"
    output = sample["folder"] / "designed.gpkg"
    results = qgis.run(
        str(model),
        extent=sample["IMAGERY"],
        roads=sample["ROADS"],
        imagery=sample["IMAGERY"],
        model=sample["MODEL"],
        **{"predicted:risk": output},
    )
    assert results["predicted:risk"] == str(output)
    assert len(rows(output, "designed", "risk")) == 144
    assert rows(output, "layer_styles", "useAsDefault") == [(1,)]


def test_a_batch_of_three_algorithms_pays_the_engines_start_once(qgis, sample, root):
    """A Processing script that runs three algorithms for each of several tile sizes, as a batch panel does."""
    script = root / "tests" / "end_to_end" / "scripts" / "batch_of_tile_sizes.py"
    target = qgis.profile / "profiles" / "default" / "processing" / "scripts"
    target.mkdir(parents=True, exist_ok=True)
    (target / script.name).write_text(script.read_text(encoding="utf-8"), encoding="utf-8")
    folder = sample["folder"] / "batch"
    results = qgis.run(
        "script:batchoftilesizes",
        EXTENT=sample["IMAGERY"],
        ROADS=sample["ROADS"],
        CRASHES=sample["CRASHES"],
        SIZES="100,150,300",
        FOLDER=folder,
    )
    counts = json.loads(results["COUNTS"])
    assert counts == {"100": 18 * 18, "150": 12 * 12, "300": 6 * 6}
    assert results["ENGINE_STARTS"] == 1
    assert sorted(file.name for file in folder.glob("*.gpkg")) == ["100.gpkg", "150.gpkg", "300.gpkg"]


def test_a_picture_drawn_in_the_main_thread_keeps_every_pixel(qgis, sample):
    from osgeo import gdal

    picture = sample["folder"] / "picture.tif"
    qgis.run("mmrisk:renderimagery", EXTENT=sample["IMAGERY"], LAYERS=sample["IMAGERY"], OUTPUT=picture)
    drawn, source = gdal.Open(str(picture)), gdal.Open(str(sample["IMAGERY"]))
    assert drawn.GetGeoTransform() == source.GetGeoTransform()
    for band in (1, 2, 3):
        assert drawn.GetRasterBand(band).ReadRaster() == source.GetRasterBand(band).ReadRaster()


def test_a_drawn_picture_gives_the_risk_of_the_file_it_shows(made):
    """The engine reads what QGIS drew: four bands, of which the last is alpha."""
    drawn = dict(rows(made["of_picture"], "of_picture", "tile_id, risk"))
    assert drawn == pytest.approx(dict(rows(made["risk"], "risk", "tile_id, risk")), abs=1e-6)


def test_a_picture_that_is_refused_is_a_sentence_and_no_file(qgis, sample, tmp_path):
    finished = qgis.call(
        ["run", "mmrisk:renderimagery", f"--EXTENT={sample['IMAGERY']}", f"--LAYERS={sample['IMAGERY']}",
         "--PIXEL_SIZE=0.00001", f"--OUTPUT={tmp_path / 'picture.tif'}"]
    )  # fmt: skip
    assert finished.returncode != 0
    assert "Choose a smaller extent" in finished.stderr
    assert "Traceback" not in finished.stderr
    assert not list(tmp_path.iterdir())
