"""Whatever a browser sends, and whatever a callback raises, the page stands and says so."""

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

import dashboard
from dashboard.runtime import callbacks

ROOT = Path(dashboard.__file__).parent
CALLED = ("on_change", "on_click", "on_submit")
FORWARDED = {"on_change", "st.login", "st.logout"}
"""A parameter that is handed on, and Streamlit's own."""


def named(path: Path) -> Iterator[str]:
    """Names of functions that a module gives to widgets; a loop's name stands for all in it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    loops: dict[str, ast.expr] = {}
    assigned: dict[str, ast.expr] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.comprehension):
            for each in ast.walk(node.target):
                if isinstance(each, ast.Name):
                    loops[each.id] = node.iter
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            assigned[node.targets[0].id] = node.value
    for node in ast.walk(tree):
        for keyword in node.keywords if isinstance(node, ast.Call) else ():
            if keyword.arg not in CALLED or isinstance(keyword.value, ast.Constant):
                continue
            value = keyword.value
            if isinstance(value, ast.Name) and value.id in loops:
                rows = loops[value.id]
                rows = assigned.get(rows.id, rows) if isinstance(rows, ast.Name) else rows
                asked = {each.func for each in ast.walk(rows) if isinstance(each, ast.Call)}
                given = {
                    each for each in ast.walk(rows) if isinstance(each, ast.Attribute | ast.Name)
                }
                yield from {ast.unparse(each) for each in given - asked}
            else:
                yield ast.unparse(value)


def unguarded(module: object, name: str) -> bool:
    found = module
    for part in name.split("."):
        found = getattr(found, part, None)
    return inspect.isfunction(found) and inspect.unwrap(found) is found


def test_every_function_that_a_widget_calls_is_guarded() -> None:
    seen, bare = 0, []
    for path in sorted(ROOT.rglob("*.py")):
        names = set(named(path)) - FORWARDED
        if not names:
            continue
        where = ".".join(path.relative_to(ROOT.parent).with_suffix("").parts)
        module = importlib.import_module(where)
        seen += len(names)
        bare += [(where, name) for name in names if unguarded(module, name)]
    assert seen > 30
    assert bare == []


def test_a_fault_in_a_callback_is_kept_for_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})

    @callbacks.guarded
    def act(number: int) -> None:
        raise ValueError(number)

    act(3)
    assert isinstance(callbacks.fault(), ValueError)
    assert callbacks.fault() is None
