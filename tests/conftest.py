"""Shared by all suites."""

import sys


def pytest_sessionfinish():
    """Keep what has been run so far: a process that shares tests is killed where it takes long to end."""
    if "covering" in sys.modules:
        sys.modules["covering"].write()
