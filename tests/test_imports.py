"""The package imports nothing of the page, and the page's layers point one way."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE_ONLY = {"dashboard", "streamlit", "folium", "streamlit_folium", "branca"}
VIEWS = "dashboard.views"


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


@pytest.mark.parametrize("path", modules("geodata"), ids=lambda path: path.stem)
def test_the_package_knows_nothing_of_the_page(path: Path) -> None:
    assert not roots(path) & PAGE_ONLY


@pytest.mark.parametrize("path", modules("dashboard"), ids=lambda path: path.stem)
def test_only_the_composition_reaches_for_the_views(path: Path) -> None:
    inside = path.parent.name == "views" or path.name in ("layout.py", "screenshots.py")
    views = {name for name in imported(path) if name.startswith(VIEWS)}
    assert inside or not views


def test_no_file_of_either_unpickles() -> None:
    for path in [*modules("geodata"), *modules("dashboard")]:
        assert not roots(path) & {"pickle", "dill", "cloudpickle", "joblib", "shelve"}, path


def test_the_composition_stays_short() -> None:
    lines = (ROOT / "dashboard" / "layout.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) < 80


def test_no_module_of_the_page_hides_one_of_the_standard_library() -> None:
    # Streamlit puts the script's folder first on the path of modules.
    import sys

    names = {path.stem for path in (ROOT / "dashboard").glob("*.py")} - {"__init__"}
    names |= {path.name for path in (ROOT / "dashboard").iterdir() if path.is_dir()}
    assert not names & set(sys.stdlib_module_names)
