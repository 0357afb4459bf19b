"""The installed package works from any folder, and agrees with the requirements."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
START_SECONDS = 60
PROGRAMS = "Scripts" if os.name == "nt" else "bin"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def _requirements(name: str) -> set[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return {line.partition("#")[0].strip() for line in lines if line[:1].isalnum()}


def test_the_package_depends_on_what_the_requirements_list_but_pytest():
    wanted = {line for line in _requirements("requirements.txt") if not line.startswith("pytest")}
    assert set(PROJECT["dependencies"]) == wanted


@pytest.mark.parametrize(
    ("extra", "name"),
    [
        ("docs", "requirements-dev.txt"),
        ("postgres", "requirements-postgres.txt"),
        ("oidc", "requirements-oidc.txt"),
    ],
)
def test_each_extra_is_what_a_file_of_requirements_lists(extra, name):
    assert set(PROJECT["optional-dependencies"][extra]) <= _requirements(name)


def test_the_build_backend_is_among_the_development_requirements():
    backend = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]
    assert set(backend["requires"]) <= _requirements("requirements-dev.txt")


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Folder of an environment, its path with a blank and an accent, that holds the package.

    It sees the libraries of this environment but not this source tree.
    """
    folder = tmp_path_factory.mktemp("à côté") / "new environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    site = next(folder.glob("[Ll]ib*/**/site-packages"))
    libraries = [path for path in sys.path if path.endswith("-packages")]
    (site / "libraries.pth").write_text("\n".join(libraries), encoding="utf-8")
    python = str(folder / PROGRAMS / "python")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python]
    options = ["install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run([*pip, *options, str(ROOT)], check=True)
    return folder


@pytest.fixture
def run(installed, tmp_path):
    """Run a program of the environment in an empty folder; its standard output."""

    def _run(name, *words):
        done = subprocess.run(
            [str(installed / PROGRAMS / name), *words],
            cwd=tmp_path,
            env=_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return _run


def _environment():
    return {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "HOME": "/nonexistent"}


def _files(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_the_package_comes_from_the_environment_with_its_data_and_types(run, installed):
    script = "import geodata, pathlib; print(pathlib.Path(geodata.__file__).parent)"
    folder = Path(run("python", "-c", script).strip())
    assert folder.is_relative_to(installed.resolve())
    assert (folder / "py.typed").exists()
    assert run("supply-routes", "check").startswith("All shipped files")


def test_the_command_answers_as_the_module_does_in_the_source_tree(run):
    words = ["access", "--cut", "gao--bourem", "--vehicle", "tanker", "--format", "json"]
    source = subprocess.run(
        [sys.executable, "-m", "geodata", *words], cwd=ROOT, capture_output=True, check=True
    )
    assert json.loads(run("supply-routes", *words)) == json.loads(source.stdout)


def test_the_commands_read_untrusted_files_and_export(run, tmp_path, installed):
    before = _files(installed)
    assert "215 in use" in run("supply-routes", "check-events", str(_shipped_events(run)))
    run("supply-routes", "snapshot", "--state", "date=2025-11-05", "-o", str(tmp_path / "é.pdf"))
    assert (tmp_path / "é.pdf").read_bytes().startswith(b"%PDF")
    assert _files(installed) == before


def _shipped_events(run):
    script = "from geodata.events.table import SHIPPED; print(SHIPPED)"
    return run("python", "-c", script).strip()


def test_the_command_serve_shows_the_page_with_its_own_settings(installed, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = installed / PROGRAMS / "supply-routes"
    words = ["serve", "--server.port", str(port), "--server.headless", "true"]
    before = _files(installed)
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            [str(program), *words], cwd=tmp_path, env=_environment(), stdout=log, stderr=log
        )
    try:
        url = f"http://127.0.0.1:{port}"
        assert _answer(f"{url}/_stcore/health", server) == b"ok"
        # Streamlit serves static files only because the installed settings say so.
        assert b".js" in _answer(f"{url}/app/static/manifest.json", server)
    finally:
        server.terminate()
        server.wait(timeout=20)
    said = (tmp_path / "log").read_text(encoding="utf-8")
    assert re.findall(r"http://[^\s/]+", said) == [url]
    assert _files(installed) == before


def _answer(url, server):
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                return response.read()
        except OSError:
            assert server.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "no answer"
            time.sleep(0.2)
