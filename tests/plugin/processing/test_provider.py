"""The public contract: ids, parameters and outputs of the algorithms, held against the engine's jobs."""

import pytest

CONTRACT = {
    "loadevents": (
        ["INPUT", "X_FIELD", "Y_FIELD", "CRS", "DATE_FIELD", "DATE_ORDER", "YEARS", "EXTENT"],
        ["OUTPUT", "READ", "LOADED", "WITHOUT_PLACE", "AT_ZERO", "DUPLICATES", "OTHER_YEARS", "OUT_OF_AREA"],
    ),
    "createtiles": (["LAYOUT", "EXTENT", "INPUT", "TILE_SIZE", "SPACING", "MASK", "CRS"], ["OUTPUT", "TILE_COUNT"]),
    "joinattributes": (
        ["TILES", "INPUT", "FIELDS", "STATISTICS", "PREFIX", "JOIN_FIELD", "TILE_FIELD"],
        ["OUTPUT"],
    ),
    "labeltiles": (
        [
            "TILES", "EVENTS", "WEIGHT_FIELD", "RULE", "THRESHOLD", "EXPOSURE_FIELD",
            "STUDY_AREA", "DATE_FIELD", "SPLIT_DATE", "EMPIRICAL_BAYES", "LENGTH_FIELD",
            "OVERDISPERSION", "LENGTH_EXPONENT",
        ],
        ["OUTPUT", "TILES_HIGH", "TILES_LOW", "TILES_WITHOUT_LABEL", "EVENTS_USED"],
    ),
    "renderimagery": (["EXTENT", "LAYERS", "THEME", "PIXEL_SIZE", "CRS"], ["OUTPUT"]),
    "trainmodel": (
        [
            "TILES", "LABEL", "FEATURES", "IMAGES", "CONTEXT", "IMAGE_PIXELS", "ARCHITECTURE", "BACKBONE", "WEIGHTS",
            "VALIDATION", "FOLDS", "BLOCK_SIZE", "EPOCHS", "BATCH_SIZE", "LEARNING_RATE", "SEED", "DEVICE",
            "TORCHVISION_BACKBONE", "LATER_LABEL", "PREVALENCE", "IMAGE_COLUMN", "GROUP_COLUMN",
            "FINE_TUNE",
        ],
        ["MODEL", "REPORT", "AUC", "AUC_LOW", "AUC_HIGH", "AVERAGE_PRECISION", "BRIER", "ECE", "DEVICE_USED"],
    ),
    "evaluatemodel": (
        ["TILES", "LABEL", "IMAGES", "MODEL", "DEVICE", "IMAGE_COLUMN"],
        ["REPORT", "AUC", "AUC_LOW", "AUC_HIGH", "AVERAGE_PRECISION", "BRIER", "ECE", "DEVICE_USED"],
    ),
    "predictrisk": (
        ["TILES", "IMAGES", "MODEL", "BATCH_SIZE", "DEVICE", "IMAGE_COLUMN"],
        ["OUTPUT", "TILE_COUNT", "DEVICE_USED"],
    ),
    "maprisk": (["EXTENT", "MODEL", "IMAGES", "LAYERS", "DEVICE"], ["OUTPUT", "TILE_COUNT", "DEVICE_USED"]),
    "explainrisk": (
        ["TILES", "IMAGES", "MODEL", "DEVICE", "IMAGE_COLUMN"],
        ["OUTPUT", "SALIENCY", "TILE_COUNT", "DEVICE_USED"],
    ),
    "inspecttiles": (
        ["TILES", "FEATURES", "IMAGES", "MODEL", "DEVICE", "IMAGE_COLUMN", "CHANGE", "DETAILS", "FOLDER"],
        ["INSPECTION"],
    ),
    "trainroads": (
        [
            "IMAGES", "ROADS", "ROAD_WIDTH", "WIDTH_FIELD", "CLASS_WIDTHS", "PIXEL_SIZE", "BACKBONE",
            "WEIGHTS", "TOLERANCE", "EPOCHS", "BATCH_SIZE", "LEARNING_RATE", "SEED", "DEVICE",
        ],
        ["MODEL", "REPORT", "IOU", "RELAXED_F1", "DEVICE_USED"],
    ),
    "extractroads": (
        ["IMAGE", "MODEL", "PROBABILITIES", "BATCH_SIZE", "DEVICE"],
        ["OUTPUT", "ROAD_SHARE", "DEVICE_USED"],
    ),
    "describemodel": (["MODEL"], ["HTML"]),
    "samplecity": (["FOLDER", "SEED", "SIZE"], ["IMAGERY", "ROADS", "ZONES", "CRASHES"]),
}  # fmt: skip
# QGIS draws; the engine has no part in it.
WITHOUT_ENGINE = {"renderimagery"}
# Parameters that become something else on the way: an extent carries its CRS.
EXTRA_FIELDS = {"maprisk": {"crs", "scheduler"}, "predictrisk": {"scheduler"}}
# Parameters that go into the field of another one.
SHARED_FIELDS = {"trainmodel": {"torchvision_backbone"}, "inspecttiles": {"features"}}


@pytest.fixture(scope="module")
def algorithms(qgis_application):
    from qgis.core import QgsApplication

    provider = QgsApplication.processingRegistry().providerById("mmrisk")
    return {algorithm.name(): algorithm for algorithm in provider.algorithms()}


def inputs(algorithm):
    return [p for p in algorithm.parameterDefinitions() if not p.isDestination() or p.name() == "FOLDER"]


def test_all_algorithms_are_there(algorithms):
    assert set(algorithms) == set(CONTRACT)


@pytest.mark.parametrize("name", CONTRACT)
def test_parameters_are_those_of_the_contract_in_order(algorithms, name):
    assert [p.name() for p in inputs(algorithms[name])] == CONTRACT[name][0]


@pytest.mark.parametrize("name", CONTRACT)
def test_outputs_are_those_of_the_contract(algorithms, name):
    declared = {o.name() for o in algorithms[name].outputDefinitions()}
    assert declared - {"FOLDER"} == set(CONTRACT[name][1])


@pytest.mark.parametrize("name", CONTRACT)
def test_every_algorithm_and_parameter_has_help(algorithms, name):
    algorithm = algorithms[name]
    assert len(algorithm.shortHelpString()) > 80
    assert algorithm.shortDescription()
    assert algorithm.group()
    assert not algorithm.icon().isNull()
    for parameter in inputs(algorithm):
        assert parameter.help(), parameter.name()


def test_the_toolbox_is_in_groups_and_each_algorithm_has_tags_and_an_icon_of_its_own(algorithms):
    groups = {group: {name for name, one in algorithms.items() if one.groupId() == group} for group in
              ("data", "model", "map", "roads")}  # fmt: skip
    assert set.union(*groups.values()) == set(algorithms)
    assert min(map(len, groups.values())) >= 2
    assert len({frozenset(one.tags()) for one in algorithms.values()}) == len(algorithms)
    assert all("mmrisk" in one.tags() for one in algorithms.values())
    pictures = {
        bytes(picture_of(one).constBits().asstring(picture_of(one).sizeInBytes())) for one in algorithms.values()
    }
    assert len(pictures) == len(algorithms)


def picture_of(algorithm):
    return algorithm.icon().pixmap(48, 48).toImage()


def test_the_architecture_is_among_the_advanced_parameters(algorithms):
    from qgis.core import QgsProcessingParameterDefinition

    flags = algorithms["trainmodel"].parameterDefinition("ARCHITECTURE").flags()
    assert flags & QgsProcessingParameterDefinition.Flag.FlagAdvanced


@pytest.mark.parametrize("value", [None, "", "2020-07-01", "2020", 2020])
def test_a_split_date_is_asked_for_by_a_date_and_may_be_a_year(algorithms, value):
    from qgis.core import QgsProcessingContext, QgsProcessingParameterDateTime

    algorithm = algorithms["labeltiles"]
    assert isinstance(algorithm.parameterDefinition("SPLIT_DATE"), QgsProcessingParameterDateTime)
    told = algorithm.checkParameterValues({"SPLIT_DATE": value}, QgsProcessingContext())[1]
    assert "SPLIT_DATE" not in told
    assert "Split date" not in told


@pytest.mark.parametrize("name", sorted(set(CONTRACT) - WITHOUT_ENGINE))
def test_parameters_are_the_fields_of_the_engines_job(algorithms, job_schemas, name):
    algorithm = algorithms[name]
    schema = job_schemas[algorithm.VERB]["properties"]
    files = {p.name() for p in algorithm.parameterDefinitions() if p.isDestination()}
    parameters = {p.lower() for p in {*CONTRACT[name][0], *files}}
    assert SHARED_FIELDS.get(name, set()) <= parameters
    assert parameters - SHARED_FIELDS.get(name, set()) | EXTRA_FIELDS.get(name, set()) == set(schema)


@pytest.mark.parametrize("name", sorted(set(CONTRACT) - WITHOUT_ENGINE))
def test_defaults_bounds_and_choices_are_the_engines(algorithms, job_schemas, name):
    from qgis.core import QgsProcessingParameterEnum, QgsProcessingParameterNumber

    from plugin.engine.job_schema import job_field

    algorithm = algorithms[name]
    for parameter in inputs(algorithm):
        if parameter.name().lower() not in job_schemas[algorithm.VERB]["properties"]:
            continue
        field, default = job_field(algorithm.VERB, parameter.name().lower()), parameter.defaultValue()
        if isinstance(parameter, QgsProcessingParameterEnum):
            assert len(parameter.options()) == len(field.choices), parameter.name()
            chosen = [field.choices[i] for i in (default if isinstance(default, list) else [default])]
            assert chosen == (field.default if isinstance(field.default, list) else [field.default])
        elif isinstance(parameter, QgsProcessingParameterNumber):
            is_whole = parameter.dataType() == QgsProcessingParameterNumber.Type.Integer
            assert is_whole == field.is_whole, parameter.name()
            assert default == field.default, parameter.name()
            assert field.minimum is None or parameter.minimum() >= field.minimum, parameter.name()
            assert field.maximum is None or parameter.maximum() == field.maximum, parameter.name()


def what_is_said(verb, name):
    from plugin.engine.job_schema import job_field

    field = job_field(verb, name)
    return field.default, field.is_optional, field.is_whole, field.minimum, field.maximum


def test_what_a_field_may_be_is_read_from_every_form_of_schema():
    from plugin.engine.job_schema import job_field, known_of

    assert what_is_said("train", "folds") == (5, True, True, 2, 20)
    assert what_is_said("train", "prevalence") == (None, True, False, 0, 1)
    assert what_is_said("train", "epochs") == (None, True, True, 1, None)
    assert what_is_said("predict", "model") == (None, False, False, None, None)
    assert job_field("train", "backbone").choices[:2] == ("auto", "basic_cnn")
    assert job_field("join", "statistics").choices[-1] == "distance"
    assert "distance" in job_field("join", "statistics").known["without_field"]
    assert len(known_of("predict")["class_colours"]) == 5
    with pytest.raises(KeyError):
        job_field("predict", "folds")


def test_create_instance_gives_a_new_one(algorithms):
    algorithm = algorithms["createtiles"]
    assert algorithm.createInstance() is not algorithm
    assert algorithm.createInstance().name() == "createtiles"


def test_missing_engine_is_named_before_anything_runs(algorithms, tmp_path, monkeypatch):
    monkeypatch.setenv("MMRISK_HOME", str(tmp_path))
    monkeypatch.delenv("MMRISK_ENGINE_PYTHON", raising=False)
    possible, reason = algorithms["createtiles"].canExecute()
    assert not possible
    assert "Set up engine" in reason


@pytest.mark.parametrize("name", sorted(WITHOUT_ENGINE))
def test_what_needs_no_engine_runs_without_one(algorithms, name, tmp_path, monkeypatch):
    monkeypatch.setenv("MMRISK_HOME", str(tmp_path))
    monkeypatch.delenv("MMRISK_ENGINE_PYTHON", raising=False)
    assert algorithms[name].canExecute()[0]
