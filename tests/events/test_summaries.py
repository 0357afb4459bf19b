"""French summaries of the shipped events say what the English ones say."""

import re
from collections import Counter

import pytest

from geodata.build.events import french_words
from geodata.dataset import Dataset
from geodata.events.summaries import place, summary
from geodata.schema import EVENT_ID, PLACE, SUMMARY


def numbers(text: str) -> Counter[str]:
    """Numbers of a summary, without the signs that set thousands and decimals apart."""
    plain = re.sub(r"(?<=\d)[,\u202f](?=\d{3}\b)", "", text)
    return Counter(re.findall(r"\d+(?:\.\d+)?", re.sub(r"(?<=\d),(?=\d)", ".", plain)))


def test_every_shipped_event_has_a_french_summary_with_the_same_numbers(mali: Dataset) -> None:
    for _, event in mali.events.iterrows():
        french = summary(event, "fr")
        assert french not in ("", event[SUMMARY]), event[EVENT_ID]
        assert numbers(french) == numbers(event[SUMMARY]), event[EVENT_ID]


@pytest.mark.parametrize(
    ("english", "french"),
    [
        (r"not confirmed", r"non confirmé"),
        (r"\bclaims?\b", r"revendique|affirme|affirmation|dit "),
        (r"\bdisputed\b", r"contesté"),
        (r"no other source", r"aucune autre source"),
        (r"page undated", r"page non datée"),
        (r"\bcould not verify\b", r"n’a pas pu vérifier"),
        (r"not (?:named|stated)", r"non |n’est pas nommé|absent"),
    ],
)
def test_words_of_doubt_are_kept(mali: Dataset, english: str, french: str) -> None:
    doubtful = mali.events[mali.events[SUMMARY].str.contains(english, case=False)]
    assert len(doubtful)
    for _, event in doubtful.iterrows():
        assert re.search(french, summary(event, "fr"), re.IGNORECASE), event[EVENT_ID]


def test_a_changed_or_foreign_event_keeps_the_summary_as_written(mali: Dataset) -> None:
    event = {**mali.events.iloc[0], SUMMARY: "Corrected on the desk."}
    assert summary(event, "fr") == "Corrected on the desk."
    assert summary(mali.events.iloc[0], "en") == mali.events.iloc[0][SUMMARY]


ENGLISH = re.compile(
    r"\b(and|area|near|region|road|national|north|south|east|west|town|border|sector|not|from|of)\b",
    re.IGNORECASE,
)


def test_every_place_is_french_in_french_with_the_same_numbers(mali: Dataset) -> None:
    for _, event in mali.events.iterrows():
        french = place(event, "fr")
        assert bool(french) == bool(event[PLACE])
        assert not ENGLISH.search(french), french
        assert numbers(french) == numbers(event[PLACE]), event[EVENT_ID]
    region = mali.events[mali.events[PLACE] == "Gao region"].iloc[0]
    assert place(region, "fr") == "Région de Gao"
    assert place({**region, PLACE: "Gao"}, "fr") == "Gao"  # corrected since


def test_the_build_refuses_an_event_without_a_french_summary(mali: Dataset) -> None:
    table = [
        {name: str(event[name]) for name in (EVENT_ID, SUMMARY, PLACE)}
        for _, event in mali.events.iterrows()
    ]
    assert len(french_words(table)) == len(table)
    with pytest.raises(ValueError, match="NEW"):
        french_words([*table, {EVENT_ID: "NEW", SUMMARY: "x", PLACE: ""}])
    with pytest.raises(ValueError, match=str(table[-1][EVENT_ID])):
        french_words(table[:-1])
