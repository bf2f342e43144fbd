"""A layer that is copied into the sink of an algorithm is there whole, or not at all."""

import json
import subprocess
from pathlib import Path

import pytest

FEATURES = 5000


@pytest.fixture(scope="module")
def made(qgis_application, tmp_path_factory):
    """A layer in a file, as the engine gives it."""
    file = tmp_path_factory.mktemp("made") / "result.geojson"
    ring = [[0, 0], [1, 0], [1, 1], [0, 0]]
    features = [
        {"type": "Feature", "properties": {"tile_id": number, "name": "x" * 40},
         "geometry": {"type": "Polygon", "coordinates": [[[(x + number) / 100, y] for x, y in ring]]}}
        for number in range(FEATURES)
    ]  # fmt: skip
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return file


@pytest.fixture
def copy(made):
    """Copy the layer as an algorithm would."""
    from qgis.core import (
        QgsProcessing,
        QgsProcessingAlgorithm,
        QgsProcessingContext,
        QgsProcessingFeedback,
        QgsProcessingParameterFeatureSink,
        QgsVectorLayer,
    )

    from plugin.layers.sinks import check_format, copy_into_sink

    class Algorithm(QgsProcessingAlgorithm):
        def __init__(self):
            super().__init__()
            self.addParameter(
                QgsProcessingParameterFeatureSink("OUTPUT", "", QgsProcessing.SourceType.TypeVectorPolygon)
            )

        def initAlgorithm(self, configuration=None):
            pass

        def createInstance(self):
            return type(self)()

        def name(self):
            return "copy"

        def displayName(self):
            return "copy"

    def check(destination):
        check_format(Algorithm(), {"OUTPUT": str(destination)}, QgsProcessingContext())

    def run(destination, feedback=None, context=None):
        layer = QgsVectorLayer(str(made), "result", "ogr")
        given = {"OUTPUT": str(destination) if isinstance(destination, Path) else destination}
        return copy_into_sink(
            Algorithm(), layer, given, context or QgsProcessingContext(), feedback or QgsProcessingFeedback()
        )

    run.context = QgsProcessingContext
    run.check = check
    return run


@pytest.fixture
def disk(tmp_path):
    """Make a disk of so many kilobytes."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(kilobytes):
        command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
        if subprocess.run(command, check=False, capture_output=True).returncode:
            pytest.skip("a small disk can only be mounted by root")
        return folder

    yield mount
    subprocess.run(["umount", "--lazy", str(folder)], check=False, capture_output=True)


@pytest.mark.parametrize("name", ["risk.gpkg", "risk.shp", "risk.geojson", "risk.fgb"])
def test_it_is_copied_whole(copy, tmp_path, name):
    from qgis.core import QgsVectorLayer

    written = QgsVectorLayer(copy(tmp_path / name), "written", "ogr")
    assert written.featureCount() == FEATURES
    assert written.fields().names()[-2:] == ["tile_id", "name"]


@pytest.mark.parametrize("name", ["risk.gpkg", "risk.shp", "risk.geojson", "risk.fgb"])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.7, 0.9])
def test_on_a_full_disk_nothing_is_left(copy, disk, tmp_path, name, share):
    from qgis.core import QgsProcessingException

    copy(tmp_path / name)
    needed = sum(file.stat().st_size for file in tmp_path.glob("risk.*"))
    folder = disk(int(needed * share) // 1024)
    with pytest.raises(QgsProcessingException, match=r"."):
        copy(folder / name)
    assert list(folder.iterdir()) == []


def test_what_had_the_name_stays_where_there_is_no_room(copy, disk, made):
    from qgis.core import QgsProcessingException

    folder = disk(400)
    (folder / "risk.gpkg").write_bytes(b"of last year")
    with pytest.raises(
        QgsProcessingException, match=r"risk\.gpkg could not be written whole. The disk of .* may be full"
    ):
        copy(folder / "risk.gpkg")
    assert (folder / "risk.gpkg").read_bytes() == b"of last year"


@pytest.mark.parametrize("name", ["risk.gpkg", "risk.shp", "risk.geojson", "risk.fgb"])
@pytest.mark.parametrize("earlier", [False, True])
@pytest.mark.parametrize("looks", [0, 1, 2, 4])
def test_after_a_cancel_all_is_as_it_was(copy, tmp_path, name, earlier, looks):
    from qgis.core import QgsProcessingException, QgsProcessingFeedback

    class SoonCancelled(QgsProcessingFeedback):
        looks = 0

        def isCanceled(self):
            self.looks += 1
            return self.looks > looks

    if earlier:
        copy(tmp_path / name)
    before = contents(tmp_path)
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        copy(tmp_path / name, SoonCancelled())
    assert contents(tmp_path) == before
    copy(tmp_path / name)
    assert not [file for file in contents(tmp_path) if file.startswith(".")]


def contents(folder):
    return {str(file.relative_to(folder)): file.read_bytes() for file in Path(folder).rglob("*") if file.is_file()}


# FlatGeobuf is written twice, to put its index before its features.
@pytest.mark.parametrize(
    ("name", "room"), [("risk.gpkg", 1.5), ("risk.shp", 1.5), ("risk.geojson", 1.5), ("risk.fgb", 2.6)]
)
def test_on_a_full_disk_what_had_the_name_stays(copy, disk, tmp_path, name, room):
    from qgis.core import QgsProcessingException

    copy(tmp_path / name)
    needed = sum(file.stat().st_size for file in tmp_path.glob("risk.*"))
    folder = disk(int(needed * room) // 1024)
    copy(folder / name)
    before = contents(folder)
    with pytest.raises(QgsProcessingException, match=r"."):
        copy(folder / name)
    assert contents(folder) == before


def test_a_layer_that_is_to_be_loaded_is_the_one_in_its_place(copy, tmp_path, project):
    from qgis.core import QgsProcessingOutputLayerDefinition, QgsProperty

    definition = QgsProcessingOutputLayerDefinition()
    definition.sink = QgsProperty.fromValue(str(tmp_path / "risk.gpkg"))
    definition.destinationProject = project
    (context := copy.context()).setProject(project)
    identifier = copy(definition, context=context)
    assert identifier.split("|")[0] == str(tmp_path / "risk.gpkg")
    assert context.willLoadLayerOnCompletion(identifier)
    assert list(context.layersToLoadOnCompletion()) == [identifier]


def formats():
    """All that QGIS offers, and endings that it knows nothing of."""
    from qgis.core import QgsVectorFileWriter

    return [*QgsVectorFileWriter.supportedFormatExtensions(), "abc", "tif", "parquet"]


def test_a_format_that_qgis_cannot_write_is_refused_before_the_work(copy, tmp_path):
    from qgis.core import QgsProcessingException, QgsVectorLayer

    refused = {}
    for ending in formats():
        folder = tmp_path / ending
        folder.mkdir()
        try:
            copy.check(folder / f"risk.{ending}")
        except QgsProcessingException as error:
            refused[ending] = str(error)
            assert not list(folder.iterdir()), ending
        else:
            assert not list(folder.iterdir()), ending
            written = QgsVectorLayer(copy(folder / f"risk.{ending}"), "risk", "ogr")
            assert written.featureCount() == FEATURES, ending
    assert {"dxf", "gpx"} <= set(refused)
    assert not {"gpkg", "shp", "geojson", "fgb", "csv", "abc"} & set(refused)
    for ending, sentence in refused.items():
        assert sentence.startswith(f"The output risk.{ending} cannot be written in this format (")
        assert sentence.endswith("). Choose another one, such as .gpkg.")
        assert "/tmp" not in sentence


def test_an_algorithm_asks_for_the_format_before_its_engine(project, tmp_path, monkeypatch):
    import processing
    from qgis.core import QgsProcessingException

    from plugin.processing.base_algorithm import EngineAlgorithm

    def never(*arguments, **options):
        raise AssertionError("the engine was asked")

    monkeypatch.setattr(EngineAlgorithm, "run_job", never)
    extent = "0,1000,0,1000 [EPSG:32633]"
    with pytest.raises(QgsProcessingException, match=r"tiles\.gpx cannot be written in this format"):
        processing.run("mmrisk:createtiles", {"EXTENT": extent, "OUTPUT": str(tmp_path / "tiles.gpx")})
    assert not list(tmp_path.iterdir())
