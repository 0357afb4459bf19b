"""French summaries of the shipped events say what the English ones say."""

import re
from collections import Counter

import pytest

from geodata.build.events import french_summaries
from geodata.dataset import Dataset
from geodata.events.summaries import summary
from geodata.schema import EVENT_ID, SUMMARY


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


def test_the_build_refuses_an_event_without_a_french_summary(mali: Dataset) -> None:
    table = [
        {EVENT_ID: str(i), SUMMARY: str(s)}
        for i, s in zip(mali.events[EVENT_ID], mali.events[SUMMARY], strict=True)
    ]
    assert len(french_summaries(table)) == len(table)
    with pytest.raises(ValueError, match="NEW"):
        french_summaries([*table, {EVENT_ID: "NEW", SUMMARY: "x"}])
    with pytest.raises(ValueError, match=str(table[-1][EVENT_ID])):
        french_summaries(table[:-1])
