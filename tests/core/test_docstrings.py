"""What is public is described: every parameter of what a package names in ``__all__``."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import pytest

import mmrisk_core

PACKAGES = ["mmrisk_core", *(m.name for m in pkgutil.walk_packages(mmrisk_core.__path__, "mmrisk_core.") if m.ispkg)]


def functions_of(name: str, thing: Any) -> Iterator[tuple[str, Any, str]]:
    """The functions that ``thing`` is or has, each with the text that may describe its parameters."""
    if inspect.isfunction(thing):
        yield name, thing, inspect.getdoc(thing) or ""
    elif inspect.isclass(thing) and thing.__module__.startswith("mmrisk_core"):
        about = inspect.getdoc(thing) or ""
        if "__init__" in vars(thing) and inspect.isfunction(thing.__init__):
            yield name, thing.__init__, f"{about}\n{inspect.getdoc(thing.__init__) or ''}"
        for method, found in vars(thing).items():
            function = getattr(found, "__func__", found)
            if not method.startswith("_") and getattr(function, "__name__", "") == method:
                # What overrides a method is described where that is declared.
                yield f"{name}.{method}", function, inspect.getdoc(getattr(thing, method)) or ""


def public() -> dict[str, tuple[Any, str]]:
    found = {}
    for package in PACKAGES:
        module = importlib.import_module(package)
        for name in getattr(module, "__all__", ()):
            for path, function, text in functions_of(name, getattr(module, name)):
                found[f"{package}.{path}"] = function, text
    return found


PUBLIC = public()


def is_described(parameter: str, text: str) -> bool:
    return bool(re.search(rf":param [^:]*\b{parameter}\b[^:]*:", text)) or f"``{parameter}``" in text


@pytest.mark.parametrize("name", PUBLIC)
def test_every_parameter_of_a_public_function_is_described(name):
    function, text = PUBLIC[name]
    parameters = [p for p in inspect.signature(function).parameters if p not in ("self", "cls")]
    assert [p for p in parameters if not is_described(p, text)] == []


def test_what_is_public_is_found():
    assert len(PUBLIC) > 80
    assert {"mmrisk_core.train_model", "mmrisk_core.RiskModel.predict", "mmrisk_core.models.BasicCNN"} <= set(PUBLIC)
