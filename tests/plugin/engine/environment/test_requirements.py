"""The pinned requirements and the key of an environment."""

import pytest

from plugin.engine.environment.python_discovery import SUPPORTED_PYTHONS
from plugin.engine.environment.requirements import environment_key, read_lock, read_requirements
from plugin.engine.paths import engine_requirements_file

TEXT = """# a comment
alpha==1.2.3

scikit-learn==1.9.1; python_version >= "3.11"
scikit-learn==1.7.2; python_version < "3.11"
"""


@pytest.fixture
def requirements(tmp_path):
    file = tmp_path / "requirements.txt"

    def read(text):
        file.write_bytes(text.encode())
        return read_requirements(file)

    return read


def test_names_versions_and_markers(requirements):
    alpha, new, old = requirements(TEXT)
    assert (alpha.name, alpha.version, alpha.module) == ("alpha", "1.2.3", "alpha")
    assert new.module == "sklearn"
    assert new.applies_to((3, 11))
    assert not new.applies_to((3, 10))
    assert old.applies_to((3, 10))
    assert not old.applies_to((3, 11))


@pytest.mark.parametrize("line", ["alpha>=1", "alpha", "-r other.txt", "alpha==1; sys_platform == 'win32'"])
def test_other_forms_are_refused(requirements, line):
    with pytest.raises(ValueError, match="form name==version"):
        requirements(line)


LOCK = """# a comment
# alpha-1.2.3-py3-none-any.whl
alpha==1.2.3 \\
    --hash=sha256:00
# beta-2.0-py3-none-any.whl
beta==2.0 ; python_full_version < '3.11' \\
    --hash=sha256:00 \\
    --hash=sha256:11
"""


@pytest.fixture
def pins(tmp_path):
    file = tmp_path / "lock.txt"

    def read(text):
        file.write_bytes(text.encode())
        return read_lock(file)

    return read


def test_pins_of_a_lock(pins):
    assert pins(LOCK) == ("alpha==1.2.3", "beta==2.0 ; python_full_version < '3.11'")


def test_key_changes_with_everything_that_is_installed(pins):
    keys = {
        environment_key(pins(LOCK), (3, 11), "cpu"),
        environment_key(pins(LOCK), (3, 12), "cpu"),
        environment_key(pins(LOCK), (3, 11), "cuda"),
        environment_key(pins(LOCK.replace("1.2.3", "1.2.4")), (3, 11), "cpu"),
    }
    assert len(keys) == 4
    assert all(len(key) == 16 and int(key, 16) >= 0 for key in keys)


def test_key_ignores_comments_hashes_and_line_ends(pins):
    expected = environment_key(pins(LOCK), (3, 11), "cpu")
    assert environment_key(pins(LOCK.replace("a comment", "another")), (3, 11), "cpu") == expected
    assert environment_key(pins(LOCK.replace("sha256:11", "sha256:22")), (3, 11), "cpu") == expected
    assert environment_key(pins(LOCK.replace("\n", "\r\n")), (3, 11), "cpu") == expected


@pytest.mark.parametrize("version", SUPPORTED_PYTHONS)
def test_the_engines_own_requirements_pin_each_package_once_for_every_python(version):
    names = [item.name for item in read_requirements(engine_requirements_file()) if item.applies_to(version)]
    assert len(names) == len(set(names))
    assert {"torch", "torchvision", "numpy", "rasterio", "pydantic"} <= set(names)
