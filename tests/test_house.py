"""The code keeps to its own rules: lint, strict types, one job a module."""

import ast
import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import FEW_AND_LONG

ROOT = Path(__file__).parent.parent
# About 400 is the guide; no module is cut in two only to fit.
LONGEST_MODULE = 450


def run(*words):
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_ruff_finds_nothing():
    code, told = run("ruff", "check", ".", "--output-format", "concise", "--no-cache")
    assert code == 0, told


def test_mypy_strict_finds_nothing():
    code, told = run("mypy", f"--cache-dir={os.devnull}")  # to write one takes 3 s
    assert code == 0, told


def test_modules_stay_small():
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for folder in ("geodata", "dashboard")
        for path in (ROOT / folder).rglob("*.py")
    }
    assert {name: n for name, n in lengths.items() if n > LONGEST_MODULE} == {}


def test_no_object_waits_for_another_of_its_class():
    """Python 3.11's `functools.cached_property` holds one lock for all objects of a class."""
    named = [
        str(path.relative_to(ROOT))
        for folder in ("geodata", "dashboard", "tests")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (
            isinstance(node, ast.ImportFrom)
            and node.module == "functools"
            and any(name.name == "cached_property" for name in node.names)
        )
        or (
            isinstance(node, ast.Attribute)
            and node.attr == "cached_property"
            and isinstance(node.value, ast.Name)
            and node.value.id == "functools"
        )
    ]
    assert named == []


def test_no_function_leaves_the_layout_of_the_formatter():
    """Only tables of constants are laid out by hand."""
    mark, left = "# fmt: " + "skip", []
    for folder in ("geodata", "dashboard", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if mark not in text:
                continue
            functions = [
                range(node.lineno, (node.end_lineno or 0) + 1)
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            ]
            left += [
                f"{path.relative_to(ROOT)}:{number}"
                for number, line in enumerate(text.splitlines(), 1)
                if mark in line and any(number in lines for lines in functions)
            ]
    assert left == []


def test_files_that_begin_first_exist() -> None:
    assert [name for name in FEW_AND_LONG if not (ROOT / name).is_file()] == []
