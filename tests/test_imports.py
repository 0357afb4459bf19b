"""The package imports nothing of the page, and the page's layers point one way."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Modules named by any import of a file, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def roots(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imported(path)}


def packages() -> list[Path]:
    return [ROOT / folder for folder in ("geodata", "dashboard")] + [
        path.parent
        for folder in ("geodata", "dashboard")
        for path in sorted((ROOT / folder).rglob("*/__init__.py"))
    ]


def test_every_import_points_down_a_floor_and_none_goes_round():
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", packages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_folder_says_briefly_what_it_is_for_and_may_import(path: Path) -> None:
    about = ast.get_docstring(ast.parse((path / "__init__.py").read_text(encoding="utf-8"))) or ""
    assert len(about.splitlines()) < 10
    if path.parent != ROOT:
        assert "mport" in about
        assert "Entry point" in about


def test_no_file_of_either_unpickles() -> None:
    for path in [*modules("geodata"), *modules("dashboard")]:
        assert not roots(path) & {"pickle", "dill", "cloudpickle", "joblib", "shelve"}, path


def test_the_composition_stays_short() -> None:
    lines = (ROOT / "dashboard" / "layout.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) < 80


def test_no_module_of_the_page_hides_one_of_the_standard_library() -> None:
    # Streamlit puts the script's folder first on the path of modules.
    names = {path.stem for path in (ROOT / "dashboard").glob("*.py")} - {"__init__"}
    names |= {path.name for path in (ROOT / "dashboard").iterdir() if path.is_dir()}
    assert not names & set(sys.stdlib_module_names)
