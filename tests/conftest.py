"""Shared by all suites."""

import sys
from collections import Counter


def pytest_collection_modifyitems(items):
    """Files with most slow tests first, so that processes which share files end at about the same time."""
    slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
    items.sort(key=lambda item: -slow[item.path])


def pytest_sessionfinish():
    """Keep what has been run so far: a process that shares tests is killed where it takes long to end."""
    if "covering" in sys.modules:
        sys.modules["covering"].write()
