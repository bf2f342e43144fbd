"""The pages that the zip carries, and the addresses by which they are opened."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / ".ci"))


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The pages, by file name."""
    from help_pages import write_pages

    folder = tmp_path_factory.mktemp("pages")
    write_pages(folder)
    return {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.html")}, folder


def ids(page):
    return set(re.findall(r'id="([^"]+)"', page))


def test_every_algorithm_has_its_section_in_the_guide(qgis_application, pages):
    texts, _ = pages
    algorithms = qgis_application.processingRegistry().providerById("mmrisk").algorithms()
    assert len(algorithms) >= 14
    for algorithm in algorithms:
        assert algorithm.SECTION in ids(texts["user-guide.html"]), algorithm.id()


def test_help_is_the_page_that_came_with_the_plugin(qgis_application, pages, monkeypatch, tmp_path):
    from qgis.PyQt.QtCore import QUrl

    from plugin import help_pages

    algorithm = qgis_application.processingRegistry().algorithmById("mmrisk:createtiles")
    in_checkout = QUrl(algorithm.helpUrl())
    assert Path(in_checkout.toLocalFile()) == ROOT / "docs" / "user-guide.md"
    _, folder = pages
    # As in the zip, in a folder with a space and an umlaut.
    installed = tmp_path / "Ünser Profil" / "mmrisk"
    (installed / "resources").mkdir(parents=True)
    (installed / "resources" / "help").symlink_to(folder)
    monkeypatch.setattr(help_pages, "plugin_root", lambda: installed)
    address = QUrl(algorithm.helpUrl())
    assert Path(address.toLocalFile()).is_file()
    assert address.fragment() == algorithm.SECTION


def test_every_link_of_a_page_leads_somewhere(pages):
    texts, folder = pages
    assert {"user-guide.html", "tutorial.html"} <= set(texts)
    for name, text in texts.items():
        for target in re.findall(r'href="([^"]+)"', text):
            if re.match(r"https?:", target):
                continue
            file, _, anchor = target.partition("#")
            assert (file or name) in texts, (name, target)
            assert not anchor or anchor in ids(texts[file or name]), (name, target)
        for source in re.findall(r'src="([^"]+)"', text):
            assert (folder / source).is_file(), (name, source)
    assert texts["tutorial.html"].count("<img") >= 4


def test_pages_need_nothing_from_elsewhere(pages):
    texts, _ = pages
    for name, text in texts.items():
        assert not re.search(r'(src|<link[^>]+href)="https?:|<script|@import', text), name
