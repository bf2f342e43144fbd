"""Real installations by pip and uv: what was locked is installed into the environment, and nothing else anywhere."""

import contextlib
import functools
import http.server
import json
import os
import re
import subprocess
import sys
import threading
from dataclasses import replace

import pytest

from plugin.engine.child_process import scrubbed_environment
from plugin.engine.environment.diagnosis import diagnose, end_of_build_log
from plugin.engine.environment.engine_environment import ensure_environment
from plugin.engine.environment.install import install
from plugin.engine.environment.plan import plan_installation
from plugin.engine.errors import EngineEnvironmentError
from plugin.engine.installer_variables import is_ignored
from plugin.engine.paths import build_log_file, environment_interpreter
from tests.plugin.engine.environment.small_environment import UV, lock, small_spec, write_wheel

SECRET = "sEcRet42sEcRet42xY"
both_installers = pytest.mark.parametrize("installer", ["pip", "uv"])


def with_variables(spec, **variables):
    return replace(spec, host=replace(spec.host, environ={**spec.host.environ, **variables}))


def without_wheel_folder(spec):
    """As it is with an index, and without this user's own settings of pip and uv."""
    kept = {name: value for name, value in spec.host.environ.items() if not name.startswith(("PIP_", "UV_", "MMRISK_"))}
    home = spec.data_folder.parent / "home"
    home.mkdir(exist_ok=True)
    environ = {**kept, "HOME": str(home), "USERPROFILE": str(home), "APPDATA": str(home), "PIP_CONFIG_FILE": os.devnull}
    environ.pop("XDG_CONFIG_HOME", None)
    return replace(spec, host=replace(spec.host, environ=environ))


def ensure(spec, messages=None):
    told = [] if messages is None else messages
    return ensure_environment(lambda _fraction, message: told.append(message), lambda: False, spec=spec)


def packages_of(python):
    code = "import importlib.metadata as m; print(*sorted(d.metadata['Name'] for d in m.distributions()))"
    told = subprocess.run([str(python), "-I", "-c", code], capture_output=True, text=True, check=True).stdout
    return set(told.split()) - {"pip", "setuptools"}


def wheel_of(spec):
    return next((spec.data_folder.parent / "wheels à part").iterdir())


@contextlib.contextmanager
def index_of(folder, asked):
    """An index on this computer: of each package in ``folder`` a page with its wheels. Accounts and keys are not asked for.

    :param asked: gets the path of every request.
    """

    class Handler(http.server.SimpleHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.path = re.sub(r"^/[^/]*/simple", "", self.path)
            super().do_GET()

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def mirror(tmp_path):
    """The folder of an index with the locked package."""

    def make(spec):
        folder = tmp_path / "mirror" / "tinyrisk"
        folder.mkdir(parents=True)
        wheel_of(spec).rename(folder / wheel_of(spec).name)
        return folder.parent

    return make


@pytest.mark.slow
@both_installers
def test_a_wheel_that_was_made_anew_is_refused_with_the_way_out(tmp_path, installer):
    spec = small_spec(tmp_path, installer)
    write_wheel(wheel_of(spec).parent, "tinyrisk", "1.2.0", "LEVEL = 6\n")
    with pytest.raises(EngineEnvironmentError, match=r"tinyrisk==1\.2\.0 has another content .*MMRISK_ENGINE_PYTHON"):
        ensure(spec)
    assert list((spec.data_folder / "environments").glob("*/")) == []


@pytest.mark.slow
@both_installers
def test_a_wheel_with_one_byte_changed_is_refused(tmp_path, installer):
    spec = small_spec(tmp_path, installer)
    content = bytearray(wheel_of(spec).read_bytes())
    content[content.index(b"LEVEL = 5") + 8] ^= 1
    wheel_of(spec).write_bytes(content)
    with pytest.raises(EngineEnvironmentError, match=r"has another content|is damaged"):
        ensure(spec)


@pytest.mark.slow
@both_installers
def test_what_is_not_locked_is_not_installed(tmp_path, installer):
    """Neither a package without a hash nor a dependency that the lock does not name."""
    spec = small_spec(tmp_path, installer)
    wheels = wheel_of(spec).parent
    write_wheel(wheels, "stranger", "1.0.0", "")
    needy = write_wheel(wheels, "needy", "1.0.0", "", "Requires-Dist: stranger\n")
    lock(spec, needy)
    assert packages_of(ensure(spec).python) == {"needy"}
    spec.lock_file.write_text("stranger==1.0.0\n", encoding="utf-8")
    with pytest.raises(EngineEnvironmentError, match="Installing the engine's packages"):
        ensure(spec)


@pytest.mark.slow
@both_installers
def test_no_code_of_a_package_runs_while_it_is_installed(tmp_path, installer):
    """A package without a wheel is refused instead of built."""
    import tarfile

    spec = small_spec(tmp_path, installer)
    source = tmp_path / "tinyrisk-1.2.0"
    source.mkdir()
    (source / "setup.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n", encoding="utf-8")
    (source / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: tinyrisk\nVersion: 1.2.0\n", encoding="utf-8")
    archive = wheel_of(spec).parent / "tinyrisk-1.2.0.tar.gz"
    wheel_of(spec).unlink()
    with tarfile.open(archive, "w:gz") as files:
        files.add(source, "tinyrisk-1.2.0")
    lock(spec, archive)
    spec.lock_file.write_text(spec.lock_file.read_text().replace("1.2.0.tar.gz", "1.2.0"), encoding="utf-8")
    with pytest.raises(EngineEnvironmentError, match="mirror is complete"):
        ensure(spec)
    assert not (tmp_path / "ran").exists()


def every_variable(installer):
    """The variables that an installer knows, as it tells them itself, and some of uv's that it does not tell."""
    if installer == "uv":
        told = subprocess.run([UV, "pip", "install", "--help"], capture_output=True, text=True, check=True).stdout
        hidden = (
            "PYTHON",
            "TARGET",
            "PREFIX",
            "CONSTRAINT",
            "OVERRIDE",
            "BUILD_CONSTRAINT",
            "NO_BINARY",
            "EXCLUDE_NEWER",
        )
        return {*re.findall(r"\[env:\s+(UV_\w+)", told), *(f"UV_{name}" for name in hidden)}
    command = [sys.executable, "-m", "pip", "install", "--help"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {f"PIP_{name.upper().replace('-', '_')}" for name in re.findall(r"(?<=--)[a-z][a-z-]+", told)}


@pytest.mark.slow
@both_installers
def test_no_variable_changes_what_is_installed_or_where(tmp_path, installer):
    """Every one that is not on the list says something that would be obeyed, or break the installation."""
    spec = small_spec(tmp_path, installer)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    hostile = {name: str(elsewhere) for name in every_variable(installer) if is_ignored(name)}
    assert len(hostile) > 10
    assert {"pip": "PIP_TARGET", "uv": "UV_NO_VERIFY_HASHES"}[installer] in hostile
    messages = []
    made = ensure(with_variables(spec, **hostile), messages)
    assert packages_of(made.python) == {"tinyrisk"}
    assert list(elsewhere.iterdir()) == []
    assert all(any(name in message for message in messages) for name in hostile)


@pytest.mark.slow
@pytest.mark.parametrize("where", ["PIP_CONFIG_FILE", "pip.conf"])
def test_of_pips_configuration_the_mirror_counts_and_nothing_that_redirects(tmp_path, mirror, where):
    spec = without_wheel_folder(small_spec(tmp_path, "pip"))
    elsewhere = tmp_path / "elsewhere"
    home = tmp_path / "home"
    file = tmp_path / "agency.ini" if where == "PIP_CONFIG_FILE" else home / ".config" / "pip" / "pip.conf"
    file.parent.mkdir(parents=True, exist_ok=True)
    asked = []
    with index_of(mirror(spec), asked) as address:
        switches = {"user": "true", "site": "true", "quiet": "3", "no-binary": ":all:", "python": elsewhere}
        redirecting = dict.fromkeys(("target", "prefix", "root", "log", "requirement", "constraint"), elsewhere)
        text = [f"[global]\nindex-url = http://{address}/{SECRET}/simple"]
        text += [f"{name} = {value}" for name, value in switches.items()]
        text += ["[install]", *(f"{name} = {value}" for name, value in redirecting.items()), ""]
        file.write_text("\n".join(text), encoding="utf-8")
        environ = dict(spec.host.environ)
        environ.pop("PIP_CONFIG_FILE")
        environ.update({"PIP_CONFIG_FILE": str(file)} if where == "PIP_CONFIG_FILE" else {})
        made = ensure(replace(spec, host=replace(spec.host, environ=environ)))
    assert packages_of(made.python) == {"tinyrisk"}
    assert f"/{SECRET}/simple/tinyrisk/" in asked
    assert not elsewhere.exists()


@pytest.mark.slow
@both_installers
def test_a_mirror_is_named_by_a_variable(tmp_path, mirror, installer):
    spec = without_wheel_folder(small_spec(tmp_path, installer))
    asked = []
    with index_of(mirror(spec), asked) as address:
        name = {"pip": "PIP_INDEX_URL", "uv": "UV_DEFAULT_INDEX"}[installer]
        made = ensure(with_variables(spec, **{name: f"http://{address}/any/simple"}))
    assert packages_of(made.python) == {"tinyrisk"}
    assert "/any/simple/tinyrisk/" in asked


@pytest.mark.slow
def test_a_mirror_is_named_by_the_users_settings_of_uv(tmp_path, mirror):
    spec = without_wheel_folder(small_spec(tmp_path, "uv"))
    asked = []
    (tmp_path / "home" / ".config" / "uv").mkdir(parents=True)
    with index_of(mirror(spec), asked) as address:
        text = f'[[index]]\nurl = "http://{address}/any/simple"\ndefault = true\n'
        (tmp_path / "home" / ".config" / "uv" / "uv.toml").write_text(text, encoding="utf-8")
        assert packages_of(ensure(spec).python) == {"tinyrisk"}
    assert "/any/simple/tinyrisk/" in asked


@pytest.mark.slow
@both_installers
def test_settings_of_the_current_folder_do_not_count(tmp_path, monkeypatch, installer):
    spec = small_spec(tmp_path, installer)
    elsewhere = tmp_path / "elsewhere"
    for folder in (tmp_path, spec.data_folder, spec.data_folder / "environments"):
        folder.mkdir(exist_ok=True)
        (folder / "uv.toml").write_text(f'[pip]\ntarget = "{elsewhere}"\n', encoding="utf-8")
        (folder / "pip.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n", encoding="utf-8")
        monkeypatch.chdir(folder)
    assert packages_of(ensure(spec).python) == {"tinyrisk"}
    assert not elsewhere.exists()
    assert not (tmp_path / "ran").exists()


@pytest.mark.slow
@both_installers
def test_pytorchs_own_index_serves_pytorch_alone_and_no_other_index_does(tmp_path, mirror, installer):
    """Its builds are not in the lock, so neither variables nor files say where they are from."""
    spec = without_wheel_folder(small_spec(tmp_path, installer))
    for folder, code in (("official", "FROM = 'official'\n"), ("evil", "FROM = 'evil'\n")):
        (tmp_path / folder / "tinytorch").mkdir(parents=True)
        version = "1.0.0" if folder == "official" else "1.0.0+zzz"
        write_wheel(tmp_path / folder / "tinytorch", "tinytorch", version, code, "Requires-Dist: stranger\n")
    write_wheel(tmp_path / "evil", "stranger", "1.0.0", "")
    official_asked, evil_asked, mirror_asked = [], [], []
    with contextlib.ExitStack() as indexes:
        official = indexes.enter_context(index_of(tmp_path / "official", official_asked))
        evil = indexes.enter_context(index_of(tmp_path / "evil", evil_asked))
        packages = indexes.enter_context(index_of(mirror(spec), mirror_asked))
        (tmp_path / "home" / ".config" / "uv").mkdir(parents=True)
        (tmp_path / "home" / ".config" / "pip").mkdir(parents=True)
        (tmp_path / "home" / ".config" / "uv" / "uv.toml").write_text(f'extra-index-url = ["http://{evil}/a/simple"]\n')
        (tmp_path / "home" / ".config" / "pip" / "pip.conf").write_text(
            f"[global]\nextra-index-url = http://{evil}/a/simple\n"
        )
        spec = with_variables(
            spec,
            PIP_CONFIG_FILE="",
            PIP_FIND_LINKS=str(tmp_path / "evil" / "tinytorch"),
            UV_FIND_LINKS=str(tmp_path / "evil" / "tinytorch"),
            PIP_EXTRA_INDEX_URL=f"http://{evil}/b/simple",
            UV_EXTRA_INDEX_URL=f"http://{evil}/b/simple",
            UV_INDEX=f"http://{evil}/c/simple",
            UV_INDEX_STRATEGY="unsafe-best-match",
            PIP_INDEX_URL=f"http://{packages}/d/simple",
            UV_DEFAULT_INDEX=f"http://{packages}/d/simple",
        )
        plan = plan_installation(spec, "cpu")
        plan = replace(plan, torch_index=f"http://{official}/whl/simple", torch_pins=("tinytorch==1.0.0",))
        plan.folder.parent.mkdir(parents=True)
        install(plan, build_log_file(spec.data_folder), lambda _fraction, _message: None, lambda: False)
    python = environment_interpreter(plan.folder, sys.platform)
    told = subprocess.run(
        [python, "-I", "-c", "import tinytorch; print(tinytorch.FROM)"], capture_output=True, text=True
    )
    assert told.stdout.strip() == "official"
    assert packages_of(python) == {"tinytorch", "tinyrisk"}
    assert not any("tinytorch" in path for path in evil_asked + mirror_asked)
    assert not any("tinyrisk" in path for path in official_asked)


@pytest.mark.slow
@both_installers
def test_no_text_of_an_installation_tells_a_password_or_token(tmp_path, mirror, installer):
    """Wherever text leaves: what is reported, the sentence of the failure, the log, and diagnostics."""
    from plugin.settings import PluginSettings
    from plugin.support_report import diagnostics_text

    spec = without_wheel_folder(small_spec(tmp_path, installer))
    with index_of(mirror(spec), []) as address:
        write_wheel(tmp_path / "mirror" / "tinyrisk", "tinyrisk", "1.2.0", "LEVEL = 6\n")
        secret = f"http://zoe:{SECRET}@{address}/{SECRET}/simple"
        spec = with_variables(
            spec,
            PIP_INDEX_URL=secret,
            UV_DEFAULT_INDEX=secret,
            PIP_EXTRA_INDEX_URL=f"http://127.0.0.1:1/{SECRET}/simple?token={SECRET}",
            UV_INDEX_TOWN_PASSWORD=SECRET,
            PIP_RETRIES="1",
            HTTPS_PROXY=f"http://zoe:{SECRET}@proxy.town:8080",
            NO_PROXY="127.0.0.1",
            no_proxy="127.0.0.1",
        )
        messages = []
        with pytest.raises(EngineEnvironmentError) as caught:
            ensure(spec, messages)
    build_log_file(spec.data_folder.parent).write_text(f"Looking in indexes: {secret}\n", encoding="utf-8")
    leaving = {
        "reports": "\n".join(messages),
        "sentence": str(caught.value),
        "log": build_log_file(spec.data_folder).read_text(encoding="utf-8"),
        "end of a log": "\n".join(end_of_build_log(spec)),
        "end of a log of an older version": "\n".join(
            end_of_build_log(replace(spec, data_folder=spec.data_folder.parent))
        ),
        "diagnostics": json.dumps(diagnose(spec)),
        "copied diagnostics": diagnostics_text(spec, PluginSettings()),
    }
    assert [name for name, text in leaving.items() if SECRET in text] == []
    assert address in leaving["log"] or installer == "uv"
    assert "***@proxy.town" in leaving["copied diagnostics"]
    assert "has another content" in leaving["sentence"]


def test_the_engine_gets_no_variable_that_redirects_installers():
    """Not that it installs anything: there is one list for all children."""
    names = every_variable("pip") | every_variable("uv")
    child = scrubbed_environment(dict.fromkeys(names, "x"), "linux")
    assert not any(is_ignored(name) for name in child)
    assert {"PIP_CERT", "PIP_INDEX_URL", "UV_DEFAULT_INDEX"} <= set(child)
