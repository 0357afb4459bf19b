"""Every word a user reads comes from the catalogue, in both languages, with the same values."""

import ast
import re
import string
from functools import cache
from pathlib import Path

import pytest

from geodata.i18n import LANGUAGES, catalogue
from geodata.network import shipped

ROOT = Path(__file__).resolve().parent.parent
AREAS = (
    "page",
    "controls",
    "dates",
    "card",
    "tabs",
    "pages",
    "panel",
    "headline",
    "situation",
    "tables",
    "find",
    "road",
    "supply",
    "event_card",
    "region",
    "phase_name",
    "towns",
    "segments",
    "reopen",
    "scenario",
    "events_tab",
    "time",
    "compare_tab",
    "share",
    "own",
    "method",
    "responsible",
    "fuel",
    "field",
    "connect_tab",
    "plan_tab",
    "cutting",
    "way",
    "facility",
)
PROSE = re.compile(r"[^\W\d_]{2,}[,:;.!?]? [^\W\d_]{2,}")
"""Two words in a row: what a sentence or a label has, and a key has not."""

NO_TEXT = {"class_", "style", "key", "icon", "data", "mime", "file_name", "rel", "format"}
"""Keywords whose values are never read by a user."""

COMMANDS = (
    "benchmark",
    "description",
    "load",
    "vendor",
    "build",
    "screenshots",
    "log",
    "basemap",
    "chromium",
    "serving",
    "nginx",
    "packages",
)
"""Programs of the command line and the description of the API, which speak English, the operator's
log, and names of rivers."""


def forms(message: str | tuple[str, ...]) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else message


def values(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_hold_the_same_keys() -> None:
    english, french = (set(catalogue(lang)) for lang in LANGUAGES)
    assert english == french


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_message_is_empty(lang: str) -> None:
    empty = [key for key, message in catalogue(lang).items() if not all(forms(message))]
    assert not empty


def test_both_languages_take_the_same_values() -> None:
    for key, message in catalogue("en").items():
        mine = set().union(*map(values, forms(message)))
        other = set().union(*map(values, forms(catalogue("fr")[key])))
        assert mine == other, key


def test_both_languages_have_a_plural_where_one_has() -> None:
    english, french = (catalogue(lang) for lang in LANGUAGES)
    assert all(isinstance(english[key], str) == isinstance(french[key], str) for key in english)


def test_french_has_a_narrow_space_before_its_signs() -> None:
    """A thin or no-break space stands before ``: ; ! ? %`` and inside guillemets."""
    wrong = re.compile(r" [:;!?%»]|« |[^\W\d_][:;!?»](?=\s|$)")
    for key, message in catalogue("fr").items():
        for form in forms(message):
            plain = re.sub(r"\{[^}]*\}|https?://\S+", "x", form)
            assert not wrong.search(plain), (key, form)


@cache
def trees() -> list[tuple[Path, ast.Module]]:
    files = [
        path
        for path in sorted((ROOT / "dashboard").rglob("*.py"))
        if not path.name.startswith(COMMANDS)
    ]
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in files]


def told(tree: ast.Module) -> list[ast.Constant]:
    """String constants of a module that a user might read: no docstrings, no style, no keys."""
    skipped: set[int] = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):  # docstrings, and the strings under constants
            skipped |= {id(each.value) for each in body if isinstance(each, ast.Expr)}
        if isinstance(node, ast.keyword) and node.arg in NO_TEXT:
            skipped |= {id(each) for each in ast.walk(node.value)}
        if isinstance(node, ast.Call) and _logs(node):
            skipped |= {id(each) for each in ast.walk(node)}
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in skipped
    ]


def _logs(call: ast.Call) -> bool:
    """Whether a call writes the operator's log, compiles a pattern, or helps with a command."""
    called = call.func
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    silent = {"warning", "exception", "compile", "Template", "ArgumentParser", "add_argument"}
    return name in silent and not (
        isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "st"
    )


def test_no_sentence_is_written_in_the_page_itself() -> None:
    found = [
        (path.name, node.lineno, node.value)
        for path, tree in trees()
        for node in told(tree)
        if PROSE.search(node.value) and not node.value.lstrip().startswith("<")
    ]
    assert not found


WIDGETS = {
    "button",
    "caption",
    "markdown",
    "write",
    "error",
    "warning",
    "info",
    "success",
    "selectbox",
    "multiselect",
    "checkbox",
    "toggle",
    "radio",
    "text_input",
    "number_input",
    "date_input",
    "slider",
    "file_uploader",
    "download_button",
    "expander",
    "popover",
    "subheader",
    "header",
    "title",
    "segmented_control",
    "spinner",
}


def test_no_widget_is_labelled_by_a_word_of_its_own() -> None:
    """What Streamlit shows first is a call into the catalogue, an icon or a user's own text."""
    found = []
    for path, tree in trees():
        for node in ast.walk(tree):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if not named or node.func.attr not in WIDGETS or not node.args:
                continue
            of_streamlit = isinstance(node.func.value, ast.Name) and node.func.value.id == "st"
            label = node.args[0]
            if of_streamlit and isinstance(label, ast.Constant):
                icon = isinstance(label.value, str) and label.value.startswith(":material/")
                if not icon:
                    found.append((path.name, node.lineno, label.value))
    assert not found


def test_every_key_that_the_page_names_is_there() -> None:
    keys = set(catalogue("en"))
    areas = {key.partition(".")[0] for key in keys}
    shape = re.compile(r"^[a-z_]+(\.[A-Za-z0-9_]+)+$")
    pieces = {
        id(each)
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for each in node.values
    }
    missing = [
        (path.name, node.value)
        for path, tree in trees()
        for node in told(tree)
        if id(node) not in pieces
        and shape.match(node.value)
        and node.value.partition(".")[0] in areas
        and node.value not in keys
        and not _file(node.value)
    ]
    assert not missing


def _file(text: str) -> bool:
    return text.rpartition(".")[2] in {
        "json",
        "js",
        "css",
        "csv",
        "pdf",
        "png",
        "html",
        "md",
        "gpkg",
        "geojson",
        "kml",
        "xlsx",
        "zip",
        "txt",
        "ics",
    }


def test_no_message_of_the_page_lies_idle() -> None:
    """A key is named whole, or by the part of it that stands before a brace."""
    source = "\n".join(path.read_text(encoding="utf-8") for path, _ in trees())
    starts = set(re.findall(r'"([a-z_]+\.[A-Za-z0-9_]*)\{', source))
    areas = {f"{area}." for area in AREAS}
    idle = [
        key
        for key in catalogue("en")
        if any(key.startswith(area) for area in areas)
        and f'"{key}"' not in source
        and not any(key.startswith(start) for start in starts)
        and ".column_" not in key
    ]
    assert not idle


def test_the_list_of_shipped_files_is_that_of_the_files() -> None:
    listed = (shipped.ROOT / shipped.LIST).read_text(encoding="utf-8")
    assert listed == shipped.listed(), "run: python -m geodata seal"
