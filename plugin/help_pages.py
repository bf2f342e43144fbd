"""Where the guide and the tutorial lie, as addresses for a browser."""

from __future__ import annotations

from .engine.paths import plugin_root

GUIDE, TUTORIAL = "user-guide", "tutorial"


def help_address(page: str, section: str = "") -> str:
    """The address of a page that came with the plugin; in a checkout of the repository, of what it is made from.

    :param page: its name in docs/, without ending.
    :param section: the part of an address that names a heading; the page's beginning where it is empty.
    """
    made = plugin_root() / "resources" / "help" / f"{page}.html"
    if not made.is_file():
        return (plugin_root() / "docs" / f"{page}.md").as_uri()
    return made.as_uri() + (f"#{section}" if section else "")
