"""The project's prose uses the field's words: phrases of its former dialect stay out."""

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parent.parent

PHRASES: Final = {
    r"told apart|tells? apart": "distinguished, listed separately",
    r"\b(is|are|be|was|were) told\b(?! to\b)": "reported, shown, notified",
    r"held against": "compared with, evaluated against",
    r"\banew\b": "again",
    r"\b(take|takes|took|taken|taking) (back|(that|it|them|the \w+) back)\b": "undo",
    r"(?<!on )one day on\b(?! one)": "next day",
    r"on whose word": "source",
    r"set aside|sets aside": "rejected (an input row), excluded (by a filter)",
    r"\bwork(s|ed|ing)? (it |them |this )?out\b": "compute, calculate",
    r"whom (it|a closure) (concerns|stops)": "traffic affected",
    r"bears? (a|no|the) (tanker|vehicle)|bears? tankers": "passable for tankers",
    r"\bbears? on (a|the|its|some|any) (road|network)": "affect",
    r"longer ways?\b|\b(longest|shortest) ways?\b": "longer route, detour, shortest route",
    r"that no (single )?cut can split": "two-edge-connected components",
    r"stands? twice|told twice": "duplicate",
    r"at the door|\blast door\b": "on input, error boundary",
    r"\bgrave(r|st)\b": "more severe, most severe",
    r"\bnought\b": "zero",
    r"\bseldom\b": "rarely",
    r"\bleast lately\b|\bof late\b": "least recently, recently",
    r"\bmend(s|ed|ing)?\b": "fix",
    r"\blet go\b": "release",
    r"\bwhoever\b": "anyone",
    r"of whatever size": "of any size",
    r"of one's own": "custom, your own",
    r"make the data": "build the data",
    r"as wished for|should each have|each should have": "as expected, expected outcome",
}
"""Phrases to keep out (regular expressions), each with the words to write instead."""

EXCEPTIONS: Final[dict[str, set[str]]] = {}
"""Files in which a phrase is still left, by phrase. Take entries out; add none."""

FRENCH: Final = {
    r"ravitaill": "approvisionnement, point d’approvisionnement, desservie",
    r"\bfiabilité\b": "confiance",
    r"mise?s? de côté": "rejeté, exclu",
    r"\brapports? (utilisés?|datés?|publics?|récents?)|\b(dernier|sans) rapport\b": "signalement",
    r"postes? frontières?|postes-frontière\b": "poste-frontière, postes-frontières",
}
"""Words that the French catalogues do not use, each with the settled term."""

PLACES: Final = (
    "geodata/**/*.py",
    "dashboard/**/*.py",
    "tests/**/*.py",
    "docs/*.md",
    "*.md",
    "geodata/locale/en/*.po",
)
UNREAD: Final = {"tests/test_language.py", "docs/glossary.md"}
"""The list itself, and the glossary, which names the words to avoid."""


def files() -> list[Path]:
    """Return the files whose prose is read."""
    paths = {path for place in PLACES for path in ROOT.glob(place)}
    return sorted(path for path in paths if path.relative_to(ROOT).as_posix() not in UNREAD)


def uses(phrase: str) -> dict[str, list[int]]:
    """Return the lines that hold a phrase, by file."""
    pattern = re.compile(rf"(?:{phrase})", re.IGNORECASE)
    lines: dict[str, list[int]] = {}
    for path in files():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if pattern.search(line):
                lines.setdefault(path.relative_to(ROOT).as_posix(), []).append(number)
    return lines


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_phrase_of_the_old_dialect_stays_out(phrase: str) -> None:
    new = {
        file: numbers
        for file, numbers in uses(phrase).items()
        if file not in EXCEPTIONS.get(phrase, set())
    }
    assert not new, f"write “{PHRASES[phrase]}” instead, in {new}"


def test_exceptions_belong_to_a_phrase_of_the_list() -> None:
    assert set(EXCEPTIONS) <= set(PHRASES)


def test_the_search_reads_code_docs_and_the_catalogue() -> None:
    read = {path.relative_to(ROOT).as_posix() for path in files()}
    assert {"geodata/conditions.py", "docs/rules.md", "geodata/locale/en/events.po"} <= read


@pytest.mark.parametrize("phrase", FRENCH)
def test_the_french_catalogues_use_the_settled_terms(phrase: str) -> None:
    catalogues = sorted((ROOT / "geodata/locale/fr").glob("*.po"))
    lines = [
        f"{path.name}: {line}"
        for path in catalogues
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("msgstr") and re.search(phrase, line, re.IGNORECASE)
    ]
    assert catalogues
    assert not lines, f"write “{FRENCH[phrase]}” instead"
