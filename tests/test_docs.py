"""The documentation is complete, its examples run, and its figures are those of the data."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import geodata as gd
from geodata.analysis.reopening_plan import SECONDS
from geodata.cli.main import COMMANDS, main
from geodata.events.rules import editable
from geodata.events.table import SHIPPED
from geodata.readers.limits import COMMAND_LINE, COMPUTING_SECONDS, SERVER_MB, SESSION_MB, UPLOAD
from geodata.sharing.permalink import ORDER
from tests.support.cli_reference import helps

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
RUN_ELSEWHERE = re.compile(r"^(python3 -m venv|\.venv/bin/pip|pip )")
"""Commands that set up an environment: CI runs the README's, `test_installed` the others."""


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page(name), re.DOTALL)


@pytest.mark.parametrize("name", ["README.md", "docs/quickstart.md", "docs/guide.md"])
def test_the_python_examples_run_in_their_order(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    examples = blocks(name, "python")
    assert examples
    names: dict[str, object] = {}
    for example in examples:
        exec(compile(example, name, "exec"), names)
    assert capsys.readouterr().out


def commands(name: str) -> list[str]:
    lines = [line for block in blocks(name, "sh") for line in block.splitlines()]
    return [line for line in lines if line and not RUN_ELSEWHERE.match(line)]


@pytest.mark.parametrize(
    "line", [each for name in ("README.md", "docs/quickstart.md") for each in commands(name)]
)
def test_the_command_examples_run(line, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    shutil.copy(SHIPPED, "my-events.csv")
    if "import-roads" in line:
        network = gd.load().network
        network.segments.to_file("roads.gpkg")
        towns = network.nodes[network.nodes.node_id.isin(network.towns)]
        towns.to_file("towns.geojson", driver="GeoJSON")
    words = shlex.split(line.removeprefix("python -m geodata").removeprefix("supply-routes"))
    assert main(words) in (0, 1)
    assert capsys.readouterr().out


def test_both_pages_have_commands():
    assert len(commands("README.md")) >= 5
    assert len(commands("docs/quickstart.md")) >= 2


def test_the_readme_is_short_and_begins_with_a_picture():
    readme = page("README.md")
    assert len(readme.splitlines()) <= 90
    assert readme.index("![") < readme.index("## ")


def test_the_figures_of_the_readme_and_the_limitations_are_those_of_the_data():
    mali = gd.load()
    segments, nodes = mali.network.segments, mali.network.nodes
    estimated = int((segments["length_basis"] == "estimated").sum())
    towns = nodes[nodes.node_id.isin(mali.network.towns) & (nodes.country == "MLI")]
    last = max(mali.events["date"])
    for name in ("README.md", "docs/limitations.md"):
        text = " ".join(page(name).split())
        assert f"{estimated} of {len(segments)} lengths are estimates" in text
        assert f"{int(towns.population.isna().sum())} Malian towns have no known" in text
        assert f"after {last.day} {last:%B %Y}" in text


def test_every_command_and_every_option_is_in_the_reference():
    sections = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", page("docs/cli.md"), re.M | re.S))
    live = helps()
    assert set(sections) == set(live)
    assert set(COMMANDS) <= set(sections)
    for words, text in live.items():
        options = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", text))
        missing = {option for option in options if option not in sections[words]}
        assert not missing, (words, missing, "run: python -m tests.support.cli_reference")


def test_every_rule_is_documented():
    rules = page("docs/rules.md")
    assert [rule.name for rule in editable() if f"`{rule.name}`" not in rules] == []


def test_every_parameter_of_a_link_is_documented():
    links = page("docs/links.md")
    assert [name for name in ORDER if f"`{name}`" not in links] == []


def test_every_limit_is_documented():
    numbers = {
        int(number.replace(",", ""))
        for number in re.findall(r"\d[\d,]*", page("docs/limitations.md").partition("## Limits")[2])
    }
    wanted = {int(value) for each in (UPLOAD, COMMAND_LINE) for value in vars(each).values()}
    assert {*wanted, SESSION_MB, SERVER_MB, COMPUTING_SECONDS // 60, SECONDS} == numbers


def test_every_public_name_is_in_the_reference_of_the_api():
    listed = set(re.findall(r"^::: \S+\.(\w+)$", page("docs/api.md"), re.MULTILINE))
    assert set(gd.__all__) - {"__version__"} <= listed


def test_every_page_is_in_the_navigation_and_every_module_of_the_tour_exists():
    navigation = page("mkdocs.yml").partition("nav:")[2]
    assert [p.name for p in DOCS.glob("*.md") if f" {p.name}\n" not in navigation] == []
    tour = page("docs/architecture.md")
    paths = re.findall(r"`((?:geodata|dashboard|docs)/[\w/.]+)`", tour)
    assert len(paths) > 15
    assert [path for path in paths if not (ROOT / path).exists()] == []
    short = re.findall(r"`((?:analysis|events|readers|sharing)/[\w/]+\.py)`", tour)
    assert [path for path in short if not (ROOT / "geodata" / path).exists()] == []


def test_the_site_builds_without_a_warning_and_asks_no_other_host(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        env={"PATH": "", "HOME": str(tmp_path), "NO_MKDOCS_2_WARNING": "1"},
    )
    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) > 20
    loaded = re.compile(
        r'<(?:script|img|iframe|source)[^>]*\ssrc="?(?:https?:)?//'
        r'|<link[^>]*rel="?(?:stylesheet|preconnect|icon)[^>]*href="?(?:https?:)?//'
    )
    for path in pages:
        if "examples" not in path.parts:
            assert not loaded.search(path.read_text(encoding="utf-8")), path
    assert 'id="geodata.api.access"' in (tmp_path / "api.html").read_text(encoding="utf-8")


def test_the_words_that_the_glossary_advises_against_are_not_names_of_the_api():
    avoided = {"way", "ways", "target", "gate", "door"}
    assert not {word for name in gd.__all__ for word in name.lower().split("_")} & avoided


def test_the_container_is_set_up_as_the_quick_start_says():
    container = page("Containerfile")
    assert "pip install" in container
    assert "supply-routes" in container
    assert "pip install ." in page("docs/quickstart.md")
    assert "CI does not build these images" in page("docs/deploy.md")
    assert ".ci/run" in page(".github/workflows/tests.yml")


def test_the_spelling_is_right():
    words = ["geodata", "dashboard", "docs", "tests", *(p.name for p in ROOT.glob("*.md"))]
    done = subprocess.run(
        [sys.executable, "-m", "codespell_lib", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")
