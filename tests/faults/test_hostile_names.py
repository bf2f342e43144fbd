"""Names of layers, fields and files that would do something if anybody took them for code."""

import html
import json
import re

import pytest

from tests.faults.city import files_in

pytestmark = pytest.mark.slow
FIELDS = [
    '"; DROP TABLE tiles; --',
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "[% env('HOME') %]",
    "../../escaped",
    "$(touch boom) `touch boom`",
    "{0.__class__}{x!r} %s%n",
    "\u202egnirts",
]
LAYER = "<img src=x onerror=alert(2)> '; DROP TABLE x; --"


@pytest.fixture(scope="module")
def roads(city, tmp_path_factory):
    """The roads with a field of each name, in a layer and a file with such names too."""
    from osgeo import ogr

    ogr.UseExceptions()
    source = ogr.Open(city.roads)
    features = []
    for number, feature in enumerate(source.GetLayer(0)):
        made = json.loads(feature.ExportToJson())
        made["properties"] = {name: float(number * (place + 1) % 17) for place, name in enumerate(FIELDS)}
        features.append(made)
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32619"}}
    file = tmp_path_factory.mktemp("roads") / "$(touch boom); roads&<b>.geojson"
    text = json.dumps({"type": "FeatureCollection", "name": LAYER, "crs": crs, "features": features})
    file.write_text(text, encoding="utf-8")
    return file


def test_names_that_are_no_code(new_qgis, city, roads, tmp_path, note):
    qgis = new_qgis()
    joined, model, report = tmp_path / "joined.gpkg", tmp_path / "model.safetensors", tmp_path / "report.html"
    features = [f"<b>'\"{name}_mean" for name in FIELDS]
    given = {"TILES": joined, "MODEL": model}
    qgis.run_chain(
        (
            "mmrisk:joinattributes",
            {
                "TILES": city.file("labelled.gpkg"),
                "INPUT": roads,
                "FIELDS": FIELDS,
                "STATISTICS": [5],
                "PREFIX": "<b>'\"",
                "OUTPUT": joined,
            },
        ),
        (
            "mmrisk:trainmodel",
            {**given, "LABEL": "label", "FEATURES": features, "FOLDS": 3, "EPOCHS": 3, "REPORT": report},
        ),
        ("mmrisk:predictrisk", {**given, "OUTPUT": tmp_path / "risk.gpkg"}),
        ("mmrisk:explainrisk", {**given, "OUTPUT": tmp_path / "reasons.gpkg"}),
        ("mmrisk:describemodel", {"MODEL": model, "HTML": tmp_path / "card.html"}),
    )
    for page in (report, tmp_path / "card.html"):
        text = page.read_text(encoding="utf-8")
        assert "alert(1)" in html.unescape(text), page
        assert not re.search(r"<script[^>]*>\s*alert|<img src=x", text), page
    assert files_in(tmp_path) == [
        "card.html",
        "joined.gpkg",
        "model.safetensors",
        "reasons.gpkg",
        "report.html",
        "risk.gpkg",
    ]
    assert not list(tmp_path.parent.rglob("*escaped*"))
    assert not list(tmp_path.parent.rglob("boom"))
    note(
        f"{len(FIELDS)} fields, a layer and a file whose names are SQL, HTML, expressions, shell and paths",
        "",
        "joined, learnt from, predicted, explained; in reports they are text",
    )
