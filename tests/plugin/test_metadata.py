"""What the plugin site and QGIS read of the plugin before anything runs."""

import configparser
import re
from pathlib import Path

from plugin.engine.client import PROTOCOL_VERSION

ROOT = Path(__file__).resolve().parents[2]
ENGINE_VERSION = (ROOT / "mmrisk_core" / "version.py").read_text(encoding="utf-8")


def metadata():
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / "metadata.txt", encoding="utf-8")
    return parser["general"]


def test_metadata_has_what_qgis_asks_for():
    general = metadata()
    for name in ("description", "about", "version", "author", "email", "tracker", "repository", "homepage", "tags"):
        assert general[name].strip(), name
    assert general["name"] == "MMRisk"
    assert general["qgisMinimumVersion"] == "3.22"
    assert general["qgisMaximumVersion"] == "4.99"
    assert general["hasProcessingProvider"] == "yes"
    assert general["changelog"].strip()


def test_about_says_that_an_engine_environment_is_needed():
    assert "engine environment" in metadata()["about"]


def test_icon_and_licence_are_there():
    assert (ROOT / metadata()["icon"]).is_file()
    assert "GNU GENERAL PUBLIC LICENSE" in (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_plugin_and_engine_have_one_version():
    assert re.search(r'__version__ = "(.+)"', ENGINE_VERSION).group(1) == metadata()["version"]


def test_plugin_and_engine_speak_one_protocol():
    assert int(re.search(r"PROTOCOL_VERSION = (\d+)", ENGINE_VERSION).group(1)) == PROTOCOL_VERSION


def test_changelog_has_the_version():
    assert f"## {metadata()['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
