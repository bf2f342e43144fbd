"""Tables without geometry: a field of pictures, numbered features and a label, as the method had them at first."""

import json
import subprocess
import sys

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import torch

from mmrisk_core import MMRiskError, Progress, RiskModel, TileDataset, train_model
from mmrisk_core.cli import main
from mmrisk_core.geo.layer_io import read_layer, read_tiles
from mmrisk_core.geo.layer_source import LayerSource
from mmrisk_core.geo.layer_writing import write_layer
from mmrisk_core.imagery import PictureColumn, PictureReader, describe_pictures
from mmrisk_core.jobs import make_job
from mmrisk_core.report import render_card, render_evaluation_report, render_report
from mmrisk_core.samples.image_batches import iterate_images
from mmrisk_core.samples.image_inputs import plan_image_inputs
from tests.core.factories import make_tiles
from tests.core.hostile_files import huge_picture

QUICK = {"image_pixels": 32, "epochs": 12, "folds": 3, "seed": 1, "device": "cpu", "backbone": "rcf"}
ROWS = 48
pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")


def write_picture(path, bands, driver="PNG", **profile):
    count, height, width = bands.shape
    options = {"driver": driver, "count": count, "height": height, "width": width, "dtype": bands.dtype, **profile}
    with rasterio.open(path, "w", **options) as picture:
        picture.write(bands)
    return path


def make_table(folder, rows=ROWS, features=1, sizes=(16, 24, 64)):
    """Pictures whose brightness, and rows whose first feature, go with the label."""
    rng = np.random.default_rng(7)
    (folder / "tiles").mkdir(parents=True, exist_ok=True)
    bright, known = rng.normal(size=rows), rng.normal(size=(rows, features))
    logit = 1.5 * bright + 1.5 * known[:, 0] + 0.3 * rng.normal(size=rows)
    for i in range(rows):
        side = sizes[i % len(sizes)]
        pixels = np.clip(rng.normal(120 + 40 * bright[i], 20, size=(3, side, side + i % 3)), 0, 255)
        write_picture(folder / "tiles" / f"{i:02}.png", pixels.astype(np.uint8))
    table = pd.DataFrame({"path": [f"tiles/{i:02}.png" for i in range(rows)], "label": (logit > 0).astype(int)})
    for k in range(features):
        table[f"x{k + 1}"] = known[:, k]
    table["county"] = [f"county {i % 12}" for i in range(rows)]
    return table


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chips")
    make_table(folder).to_csv(folder / "table.csv", index=False)
    return folder


@pytest.fixture(scope="module")
def table(folder):
    return read_tiles(LayerSource(path=str(folder / "table.csv")))


@pytest.fixture(scope="module")
def chip_model(table):
    return train_model(table, "label", ["x1"], image_column="path", group_column="county", **QUICK)


def logged(call):
    lines = []
    return call(Progress(log=lines.append)), " ".join(lines)


@pytest.mark.slow
def test_a_table_trains_on_pictures_and_features_in_groups(chip_model, table):
    manifest, evidence = chip_model.manifest, chip_model.evidence
    assert manifest.validation.figures.auc > 0.8
    assert (manifest.validation.kind, manifest.validation.group_column) == ("groups", "county")
    assert manifest.provenance.place is None
    assert [(i.kind, i.name, i.metres_per_pixel) for i in manifest.images] == [("pictures", "path", None)]
    assert all(
        table["county"][evidence.fold == k].isin(table["county"][evidence.fold != k]).sum() == 0 for k in range(3)
    )
    assert evidence.bounds is None
    assert evidence.thumbnails


def test_both_the_pictures_and_the_feature_are_learnt_from(chip_model, table):
    risk = chip_model.predict(table, device="cpu")
    bright = [rasterio.open(f"{table.attrs['mmrisk_folder']}/{path}").read().mean() for path in table["path"]]
    assert np.corrcoef(risk["image_effect"], bright)[0, 1] > 0.5
    assert np.corrcoef(risk["attribute_effect"], table["x1"])[0, 1] > 0.8


def test_a_saved_model_predicts_a_table_as_before_and_needs_nothing_said_again(chip_model, table, tmp_path):
    loaded = RiskModel.load(chip_model.save(tmp_path / "m.safetensors"))
    risk = loaded.predict(table, device="cpu")
    assert not isinstance(risk, gpd.GeoDataFrame)
    assert list(risk.columns[:2]) == ["risk", "risk_low"]
    assert list(risk.columns[-4:]) == ["path", "label", "x1", "county"]
    pd.testing.assert_frame_equal(risk, chip_model.predict(table, device="cpu"))
    renamed = loaded.predict(table.rename(columns={"path": "file"}), image_column="file", device="cpu")
    assert np.array_equal(renamed["risk"], risk["risk"])
    with pytest.raises(MMRiskError, match="'table' has no field 'path' with their paths"):
        loaded.predict(table.drop(columns="path"), device="cpu")


def test_the_report_leaves_out_maps_and_says_what_the_folds_were(chip_model, table):
    html = render_report(chip_model)
    assert "whole groups by the field &#39;county&#39;" in html
    assert "a table without geometry" in html
    assert "<h2>Where</h2>" not in html
    assert "What it misses in patches" not in html
    assert "See for yourself" in html
    assert "pictures that the field &#39;path&#39; names" in render_card(chip_model.manifest)


@pytest.mark.slow
def test_without_groups_log_and_report_say_that_the_figures_are_optimistic(table):
    model, log = logged(
        lambda progress: train_model(
            table.drop(columns="county"), "label", ["x1"], image_column="path", progress=progress, **QUICK
        )
    )
    assert "folds are drawn at random" in log
    assert "the figures are optimistic" in log
    assert model.manifest.validation.kind == "random"
    html = render_report(model)
    assert "These figures are likely to be optimistic" in html
    assert "group_column" in html


def test_a_table_is_judged(chip_model, folder, table):
    evaluation, log = logged(lambda progress: chip_model.evaluate(table, "label", device="cpu", progress=progress))
    assert evaluation.figures.auc > 0.8
    assert len(np.unique(evaluation.evidence.block)) == 12
    assert (evaluation.tiles_seen, evaluation.crs, evaluation.extent, evaluation.tile_size) == (None,) * 4
    assert f"The model learnt from {ROWS} of {ROWS} tiles" in log
    # Rows that hold something else are new ones, wherever they lie.
    new = table.assign(x1=table["x1"] + 0.001)
    evaluation, log = logged(lambda progress: chip_model.evaluate(new, "label", device="cpu", progress=progress))
    assert evaluation.tiles_learnt_from == 0
    assert "does not say where its rows lie" in log
    html = render_evaluation_report(chip_model, evaluation)
    assert "does not say where its rows lie" in html
    assert "<h2>Where</h2>" not in html
    alone = chip_model.evaluate(table.drop(columns="county"), "label", device="cpu")
    assert len(np.unique(alone.evidence.block)) == ROWS


@pytest.mark.parametrize("architecture", ["concat", "gated", "film"])
def test_networks_trained_from_scratch_take_pictures_too(table, architecture):
    few = {**QUICK, "folds": 2, "epochs": 2, "backbone": "basic_cnn"}
    model = train_model(table, "label", ["x1"], image_column="path", architecture=architecture, **few)
    assert model.predict(table, device="cpu")["risk"].between(0, 1).all()


@pytest.mark.slow
def test_the_form_that_the_method_had_at_first_trains(tmp_path):
    table = make_table(tmp_path, rows=16, features=20, sizes=(64,)).drop(columns="county")
    table["path"] = [str(tmp_path / path) for path in table["path"]]
    features = [f"x{k + 1}" for k in range(20)]
    with pytest.raises(MMRiskError, match=r"Only 16 tiles .* at least 20 .* 8 will do without validation"):
        train_model(table, "label", features, image_column="path", **QUICK)
    model, log = logged(
        lambda progress: train_model(
            table, "label", features, image_column="path", validation="none", progress=progress,
            **{**QUICK, "folds": 10},
        )
    )  # fmt: skip
    assert "not validated" in log
    rarer = int(min(table["label"].sum(), 16 - table["label"].sum()))
    assert len(model.members) == rarer
    assert model.manifest.validation.figures is None
    assert "not validated" in render_report(model)
    layer = model.predict(table, device="cpu")
    assert (layer["learnt_from"] == 1).all()
    # As new rows they are asked of all members, most of which know them.
    risk = model.predict(table.assign(tile_id=range(16)), device="cpu")["risk"]
    assert risk[table["label"] == 1].mean() > risk[table["label"] == 0].mean()
    with pytest.raises(MMRiskError, match="Only 7 tiles have a label; at least 8"):
        train_model(table.iloc[:7], "label", features, image_column="path", validation="none", **QUICK)


@pytest.mark.slow
def test_missing_pictures_count_as_missing_imagery_and_are_named(table):
    paths = table["path"].copy()
    paths.iloc[[3, 5, 7, 9]] = ["tiles/gone.png", None, " ", "tiles/away.png"]
    some = table.assign(path=paths)
    model, log = logged(
        lambda progress: train_model(
            some, "label", ["x1"], image_column="path", group_column="county", progress=progress, **QUICK
        )
    )
    assert "4 of 48 pictures (" in log
    assert "gone.png, row 6 names none, row 8 names none and so on)" in log
    assert "4 of 48 tiles have no imagery and are left out" in log
    risk = model.predict(some, device="cpu")
    assert (risk["coverage"].iloc[[3, 5, 7, 9]] == 0).all()
    assert (risk["in_domain"].iloc[[3, 5, 7, 9]] == 0).all()
    assert risk["risk"].notna().all()
    with pytest.raises(MMRiskError, match=r"None of the pictures that the field 'path' names is there: 48 of 48"):
        model.predict(table.assign(path="nowhere.png"), device="cpu")


def chips_of(folder, *names, pixels=16):
    table = pd.DataFrame({"path": [str(folder / name) for name in names]})
    source = PictureColumn(column="path")
    inputs = plan_image_inputs(table, [source], (1.0,), pixels)
    (batch,) = iterate_images(table, inputs, [source])
    return inputs[0], batch


def test_pictures_of_all_kinds_are_read_as_other_imagery_is(tmp_path):
    rng = np.random.default_rng(1)
    colour = rng.integers(0, 256, (3, 64, 64)).astype(np.uint8)
    alpha = np.full((1, 64, 64), 255, dtype=np.uint8)
    alpha[:, :32] = 0
    write_picture(tmp_path / "colour.png", colour)
    write_picture(tmp_path / "alpha.png", np.concatenate([colour, alpha]), photometric="RGB")
    write_picture(tmp_path / "grey.png", colour[:1])
    write_picture(tmp_path / "small.tif", colour[:, :8, :4], driver="GTiff")
    write_picture(tmp_path / "photo.jpg", np.full((3, 40, 30), 90, dtype=np.uint8), driver="JPEG")
    with rasterio.open(
        tmp_path / "palette.png", "w", driver="PNG", count=1, height=20, width=20, dtype="uint8"
    ) as file:
        file.write(np.ones((1, 20, 20), dtype=np.uint8))
        file.write_colormap(1, {0: (0, 0, 0, 255), 1: (200, 100, 50, 255)})
    names = ("colour.png", "alpha.png", "grey.png", "small.tif", "photo.jpg", "palette.png")
    image, batch = chips_of(tmp_path, *names)
    assert (image.dtype, image.bands) == ("uint8", 3)
    pixels = batch.images[0].numpy()
    by_area = colour.reshape(3, 16, 4, 16, 4).mean(axis=(2, 4))
    assert np.abs(pixels[0] - by_area).max() <= 0.5
    assert batch.coverage[1] == 0.5
    assert np.abs(pixels[1][:, 8:] - by_area[:, 8:]).max() <= 0.5
    assert (pixels[2][0] == pixels[2][2]).all()
    assert np.abs(pixels[2][0] - by_area[0]).max() <= 0.5
    assert np.abs(pixels[4].astype(int) - 90).max() <= 2
    assert (pixels[5].reshape(3, -1).T == [200, 100, 50]).all()


def test_16_bit_pictures_are_stretched_and_kinds_do_not_mix(tmp_path, chip_model, table):
    ramp = np.linspace(1000, 3000, 32 * 32).reshape(1, 32, 32).astype(np.uint16)
    write_picture(tmp_path / "deep.png", ramp)
    image, batch = chips_of(tmp_path, "deep.png")
    assert image.dtype == "float32"
    assert 1000 < image.low[0] < 1100
    assert 2900 < image.high[0] < 3000
    assert int(batch.images[0].min()) <= 3
    assert int(batch.images[0].max()) >= 252
    write_picture(tmp_path / "plain.png", np.zeros((3, 8, 8), dtype=np.uint8))
    with pytest.raises(MMRiskError, match=r"deep.png has 3 bands of more than 8 bits, plain.png has 3 bands of 8 bits"):
        chips_of(tmp_path, "deep.png", "plain.png")
    with pytest.raises(MMRiskError, match=r"The picture deep.png .* more than 8 bits; the model looks at .* of 8 bits"):
        chip_model.predict(table.assign(path=str(tmp_path / "deep.png")), device="cpu")


def test_a_damaged_picture_is_named(tmp_path, table, chip_model):
    whole = write_picture(
        tmp_path / "whole.png", np.random.default_rng(1).integers(0, 255, (3, 64, 64)).astype(np.uint8)
    )
    (tmp_path / "cut.png").write_bytes(whole.read_bytes()[:3000])
    paths = table["path"].copy()
    paths.iloc[20] = str(tmp_path / "cut.png")
    with pytest.raises(MMRiskError, match=r"The raster cut\.png is damaged"):
        chip_model.predict(table.assign(path=paths), device="cpu")


def test_relative_paths_begin_where_the_table_lies(folder, table, tmp_path, monkeypatch):
    write_layer(table, folder / "table.gpkg")
    for name in ("table.csv", "table.gpkg"):
        assert describe_pictures(read_layer(LayerSource(path=str(folder / name))), PictureColumn(column="path"))
    write_layer(table, tmp_path / "copy.gpkg")
    away = LayerSource(path=str(tmp_path / "copy.gpkg"))
    with pytest.raises(MMRiskError, match="begin at the folder of the table"):
        describe_pictures(read_tiles(away), PictureColumn(column="path"))
    at_home = away.model_copy(update={"folder": str(folder)})
    assert describe_pictures(read_tiles(at_home), PictureColumn(column="path"))
    monkeypatch.chdir(folder)
    assert describe_pictures(pd.read_csv("table.csv"), PictureColumn(column="path")).dtype == "uint8"


@pytest.mark.slow
def test_tiles_on_the_map_may_have_pictures_of_their_own(folder, table, tmp_path):
    tiles = make_tiles(6, 8)
    for name in ("label", "x1"):
        tiles[name] = table[name].to_numpy()
    tiles["path"] = [str(folder / path) for path in table["path"]]
    options = {**QUICK, "folds": 2, "block_size": 200}
    model = train_model(tiles, "label", ["x1"], image_column="path", **options)
    assert model.manifest.validation.kind == "spatial"
    assert model.manifest.provenance.tile_size == 100
    assert "<h2>Where</h2>" in render_report(model)
    assert isinstance(model.predict(tiles, device="cpu"), gpd.GeoDataFrame)
    assert model.predict(pd.DataFrame(tiles.drop(columns="geometry")), device="cpu")["coverage"].eq(1).all()
    model.save(tmp_path / "m.safetensors")
    job = {"extent": (0, 0, 1, 1), "crs": "EPSG:32619", "model": str(tmp_path / "m.safetensors"), "output": "risk.gpkg"}
    with pytest.raises(MMRiskError, match=r"ready-made pictures \(the field 'path'\), which an extent does not have"):
        make_job("map", job).run(Progress())


def test_what_does_not_go_together_is_said(chip_model, table, town, model):
    with pytest.raises(MMRiskError, match=r"looks at rasters \('ortho'\), but the table 'table' has no geometry"):
        model.predict(table.assign(roads_length=1.0, chance=0.0), [town.ortho], device="cpu")
    with pytest.raises(MMRiskError, match=r"'tiles' has no field 'path' with their paths"):
        chip_model.predict(town.tiles.assign(x1=0.0), device="cpu")
    with pytest.raises(MMRiskError, match=r"expects 0 rasters \(none\), in this order; 1 were given"):
        chip_model.predict(table, [town.ortho], device="cpu")
    with pytest.raises(MMRiskError, match="has no use for the field 'path'"):
        model.predict(town.tiles, [town.ortho], image_column="path", device="cpu")
    with pytest.raises(MMRiskError, match=r"nobody knows where in ortho\.tif its rows lie"):
        train_model(table, "label", ["x1"], [town.ortho], **QUICK)
    for options, words in (
        ({"image_column": "picture"}, "has no field 'picture' with the paths"),
        ({"image_column": "x1"}, "'x1' of the table 'table' holds no text"),
        ({"image_column": "path", "context": (1.0, 3.0)}, "Leave the context at 1"),
        ({"image_column": "path", "group_column": "state"}, "no field 'state' to tell groups"),
        ({"image_column": "path", "group_column": "half"}, "makes only 2 groups of the rows, too few for 3 folds"),
    ):
        with pytest.raises(MMRiskError, match=words):
            train_model(table.assign(half=table.index % 2), "label", ["x1"], **{**QUICK, **options})


def test_a_table_of_attributes_alone_is_enough_for_a_model_without_imagery(table, table_model, town):
    plain = pd.DataFrame(town.tiles.drop(columns="geometry"))
    on_map = table_model.predict(town.tiles, device="cpu")
    assert np.array_equal(table_model.predict(plain, device="cpu")["risk"], on_map["risk"])


@pytest.mark.slow
def test_the_command_line_trains_judges_and_predicts(folder, tmp_path, capsys):
    model, risk, report = (str(tmp_path / name) for name in ("m.safetensors", "risk.gpkg", "report.html"))
    table = ["--tiles", str(folder / "table.csv")]
    options = ["--image-pixels", "32", "--backbone", "rcf", "--folds", "3", "--device", "cpu", "--report", report]
    trained = ["train", *table, "--label", "label", "--features", "x1", "--image-column", "path", "--model", model]
    assert main([*trained, "--group-column", "county", *options]) == 0
    assert json.loads(capsys.readouterr().out)["auc"] > 0.8
    assert main(["evaluate", *table, "--model", model, "--device", "cpu", "--report", report]) == 0
    assert json.loads(capsys.readouterr().out)["auc"] > 0.8
    for output in (risk, str(tmp_path / "risk.csv")):
        assert main(["predict", *table, "--model", model, "--device", "cpu", "--output", output]) == 0
        assert json.loads(capsys.readouterr().out)["tile_count"] == ROWS
        written = read_tiles(LayerSource(path=output))
        assert not isinstance(written, gpd.GeoDataFrame)
        assert written["risk"].between(0, 1).all()


@pytest.mark.parametrize("suffix", ["xlsx", "dbf"])
def test_tables_of_other_formats_are_read(table, tmp_path, suffix):
    import pyogrio

    driver = {"xlsx": "XLSX", "dbf": "ESRI Shapefile"}[suffix]
    plain = table.copy()
    plain.attrs = {}
    pyogrio.write_dataframe(plain, tmp_path / f"table.{suffix}", driver=driver)
    read = read_tiles(LayerSource(path=str(tmp_path / f"table.{suffix}")))
    assert list(read["path"]) == list(table["path"])
    assert np.allclose(read["x1"], table["x1"])
    assert list(read["label"]) == list(table["label"])


def test_a_dataset_of_torch_reads_the_same_pictures(folder, table):
    dataset = TileDataset(table, features=["x1"], label="label", image_column="path", pixels=32)
    source = PictureColumn(column="path")
    batches = list(iterate_images(table, plan_image_inputs(table, [source], (1.0,), 32), [source]))
    for batch in batches:
        for row, image in zip(batch.rows, batch.images[0], strict=True):
            assert torch.equal(dataset[int(row)]["image"], image.float() / 255)


READ_ONE = """
import resource, sys
import pandas as pd
from mmrisk_core.errors import MMRiskError
from mmrisk_core.imagery import PictureColumn, PictureReader, describe_pictures
import numpy as np
from rasterio.errors import NotGeoreferencedWarning
import warnings
warnings.simplefilter("ignore", NotGeoreferencedWarning)
table = pd.DataFrame({"path": [sys.argv[1]]})
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for read in (
    lambda: describe_pictures(table, PictureColumn(column="path")),
    lambda: PictureReader(table, PictureColumn(column="path"), pixels=32, bands=3, dtype="uint8").read(np.array([0])),
):
    try:
        read()
        print("read")
    except MMRiskError as error:
        print(error)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="where peaks of memory are told otherwise")
def test_a_small_file_of_a_huge_picture_is_refused_before_it_fills_the_memory(tmp_path):
    path = huge_picture(tmp_path / "bomb.png", 20_000)
    assert path.stat().st_size < 100_000
    output = subprocess.run(
        [sys.executable, "-c", READ_ONE, str(path)], capture_output=True, text=True, check=True
    ).stdout
    *answers, growth = output.splitlines()
    assert len(answers) == 2
    for answer in answers:
        assert answer.startswith(
            "The picture bomb.png has 20,000 x 20,000 pixels, which take 1,144 MiB; the most is 256"
        )
    assert int(growth) < 100 * 1024  # KiB; decoded it would be a gigabyte


def test_a_large_picture_is_read(tmp_path):
    path = huge_picture(tmp_path / "large.png", 2_000)
    table = pd.DataFrame({"path": [str(path)]})
    chips = PictureReader(table, PictureColumn(column="path"), pixels=32, bands=3, dtype="uint8").read(np.array([0]))
    assert (chips.valid == 1).all()
