"""The locks of the engine: in step with its requirements, whole for every system and Python, and what is installed."""

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement as Written
from packaging.utils import canonicalize_name, parse_wheel_filename

from plugin.engine.environment.engine_environment import default_spec, find_environment
from plugin.engine.environment.python_discovery import SUPPORTED_PYTHONS
from plugin.engine.environment.requirements import read_lock, read_requirements
from plugin.engine.paths import engine_lock_file, engine_requirements_file, plugin_root, torch_lock_file

LOCKS = [engine_lock_file(), torch_lock_file()]


def maker():
    """The script of 'make lock', which knows the systems."""
    file = plugin_root() / ".ci" / "lock.py"
    if not file.is_file() or sys.version_info < (3, 11):
        pytest.skip("the lock is made in the repository, by Python 3.11 or later")
    specification = importlib.util.spec_from_file_location("make_lock", file)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def entries(file):
    """Of each pin its requirement, the names of its wheels, and its hashes."""
    text = re.sub(r"\\\n", "", file.read_text(encoding="utf-8"))
    for block in re.findall(r"((?:^# \S+\.whl\n)*)(^[^#\s][^\n]*)\n", text, re.MULTILINE):
        pin, *hashes = block[1].split(" --hash=sha256:")
        yield Written(pin), re.findall(r"# (\S+)", block[0]), [digest.strip() for digest in hashes]


def locked():
    return [entry for file in LOCKS for entry in entries(file)]


def test_every_pin_has_the_hash_of_each_of_its_wheels_and_says_nothing_else():
    for requirement, wheels, hashes in locked():
        assert re.fullmatch(r"==[\w.]+", str(requirement.specifier)), requirement
        assert (requirement.extras, requirement.url) == (set(), None)
        assert 0 < len(wheels) == len(hashes) == len(set(hashes)), requirement
        assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in hashes), requirement
        for wheel in wheels:
            name, version, _, _ = parse_wheel_filename(wheel)
            assert (name, f"=={version}") == (canonicalize_name(requirement.name), str(requirement.specifier))


@pytest.mark.parametrize("file", LOCKS, ids=lambda file: file.name)
def test_a_lock_names_no_index_and_no_folder(file):
    text = file.read_text(encoding="utf-8")
    assert "/" not in text
    assert [pin.partition(" ")[0] for pin in read_lock(file)] == [
        f"{requirement.name}{requirement.specifier}" for requirement, _, _ in entries(file)
    ]


@pytest.mark.parametrize("python", SUPPORTED_PYTHONS, ids="{0[0]}.{0[1]}".format)
def test_each_system_finds_every_package_once_with_a_wheel_and_as_it_is_pinned(python):
    make = maker()
    pinned = {
        item.name: item.version for item in read_requirements(engine_requirements_file()) if item.applies_to(python)
    }
    for system in make.SYSTEMS:
        target = (system, python)
        tags = make.tags_of(target)
        here = [entry for entry in locked() if make.applies(entry[0].marker and str(entry[0].marker), target)]
        versions = {canonicalize_name(requirement.name): str(requirement.specifier) for requirement, _, _ in here}
        assert len(versions) == len(here), f"a package is locked twice for {target}"
        for requirement, wheels, _ in here:
            assert any(parse_wheel_filename(wheel)[3] & tags for wheel in wheels), f"no {requirement} for {target}"
        for name, version in pinned.items():
            assert versions.get(canonicalize_name(name)) == f"=={version}", (
                f"run 'make lock': {name} {version} on {target}"
            )


def test_pytorchs_lock_holds_pytorch_and_what_linux_alone_needs():
    """It is left out where PyTorch comes from its own index, whose build for CPUs needs nothing of it."""
    for requirement, _, _ in entries(torch_lock_file()):
        assert requirement.name in ("torch", "torchvision") or 'sys_platform == "linux"' in str(requirement.marker)
    assert not {"torch", "torchvision"} & {requirement.name for requirement, _, _ in entries(engine_lock_file())}


PACKAGES = """
import importlib.metadata, json
found = {d.metadata["Name"]: [d.version, d.requires or []] for d in importlib.metadata.distributions()}
print(json.dumps(found))
"""


def test_the_engine_that_is_there_is_made_of_the_lock_and_wants_nothing_else():
    environment = find_environment(spec=default_spec())
    assert environment is not None, "set up the engine first: python3 -m plugin.engine ensure"
    told = subprocess.run([environment.python, "-I", "-c", PACKAGES], capture_output=True, text=True, check=True).stdout
    found = {canonicalize_name(name): facts for name, facts in json.loads(told).items()}
    python = environment.python_version
    facts = {"python_version": python, "python_full_version": f"{python}.1"}
    here = [written for written, _, _ in locked() if written.marker is None or written.marker.evaluate(facts)]
    expected = {canonicalize_name(written.name): str(written.specifier)[2:] for written in here}
    assert {name: version for name, (version, _) in found.items() if name != "pip"} == expected
    for name, (_, requires) in found.items():
        for wanted in map(Written, requires):
            if wanted.marker is None or wanted.marker.evaluate({**facts, "extra": ""}):
                other = canonicalize_name(wanted.name)
                assert other in found, f"{name} wants {wanted}"
                assert wanted.specifier.contains(found[other][0], prereleases=True), f"{name} wants {wanted}"


def test_the_locks_are_part_of_what_users_get():
    packed = subprocess.run(
        ["/usr/bin/env", "git", "ls-files", "resources"], cwd=plugin_root(), capture_output=True, text=True, check=False
    ).stdout.split()
    if not packed:
        pytest.skip("git does not track this folder")
    assert {str(Path(file).relative_to(plugin_root())) for file in LOCKS} <= set(packed)
