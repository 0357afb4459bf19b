"""The browser's code: its unit tests, types and layout, and that the bundles match the sources."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from dashboard.map import assets, build, bundle

ROOT = bundle.ROOT
NODE = shutil.which("node")
NPM = shutil.which("npm")
REMEDY = "run: npm ci --ignore-scripts, then: python -m dashboard.map.build"


def run(*command: str, cwd: Path = ROOT, seconds: float = 300) -> str:
    """Run a command that must end well; its output."""
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=seconds, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


@pytest.fixture(scope="module")
def tools() -> Path:
    """Folder of the pinned tools; they are installed in CI and where they were before."""
    folder = ROOT / "node_modules" / ".bin"
    if not bundle.can_bundle():
        if not os.environ.get("CI") or NPM is None:
            pytest.skip("no Node packages here (npm ci --ignore-scripts brings them)")
        run("npm", "ci", "--ignore-scripts", "--prefer-offline", "--no-progress")
    return folder


@pytest.mark.parametrize("name", bundle.BUNDLES)
def test_a_bundle_was_made_from_the_sources_as_they_are(name: str) -> None:
    assert assets.manifest()["sources"][name] == bundle.sources_hash(name), REMEDY


@pytest.mark.parametrize("name", bundle.BUNDLES)
def test_a_committed_bundle_is_what_esbuild_makes(name: str, tools: Path) -> None:
    assert build.committed(name).read_bytes() == bundle.bundle(name), REMEDY


@pytest.mark.skipif(NODE is None, reason="no Node here")
def test_unit_tests_pass() -> None:
    files = sorted(path.as_posix() for path in (ROOT / "tests" / "web").glob("*.test.js"))
    said = run("node", "--test", *files)
    passed = re.search(r"^# pass (\d+)$", said, re.MULTILINE)
    assert passed
    assert int(passed[1]) > 20


def test_types_hold_in_strict_mode(tools: Path) -> None:
    run(str(tools / "tsc"), "--project", "tsconfig.json")


def test_layout_and_lint_are_clean(tools: Path) -> None:
    run(str(tools / "biome"), "ci")


def test_the_lock_file_names_no_host_and_pins_every_package() -> None:
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert not re.findall(r"https?://[^\s\"]+npm[^\s\"]*", lock)
    assert '"resolved"' not in lock
    assert lock.count('"integrity"') >= 5


def test_a_changed_source_without_esbuild_is_refused_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bundle, "ESBUILD", Path("nowhere/esbuild"))
    assert build.script("map.js") == build.committed("map.js").read_bytes()
    monkeypatch.setattr(bundle, "sources_hash", lambda name: "another")
    with pytest.raises(FileNotFoundError, match="npm ci"):
        build.script("map.js")


def test_modules_stay_small() -> None:
    for name in bundle.BUNDLES:
        for path in bundle.sources(name):
            assert len(path.read_text(encoding="utf-8").splitlines()) <= 560, path.name
