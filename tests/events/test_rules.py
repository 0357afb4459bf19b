"""Rules: bounds, names, words for each of them, and the document that lists them."""

import dataclasses

import pytest

from geodata.cli.rules import DOCUMENT, as_markdown, plain, rules_table
from geodata.errors import GeodataError
from geodata.events.rules import Rules, editable, rule_names
from geodata.events.vocabulary import Effect, EventType
from geodata.i18n import LANGUAGES, text


def test_every_rule_has_a_label_and_a_reason_in_both_languages() -> None:
    for rule in editable():
        for lang in LANGUAGES:
            assert text(rule.label, lang)
            assert len(text(rule.why, lang)) > 8


def test_defaults_lie_within_their_bounds() -> None:
    assert len(editable()) == len(dataclasses.fields(Rules))
    for rule in editable():
        assert rule.low <= rule.default <= rule.high


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_value_out_of_bounds_is_refused_by_name(value: float) -> None:
    with pytest.raises(GeodataError, match="confidence_low"):
        Rules(confidence_low=value)


def test_thresholds_must_rise() -> None:
    with pytest.raises(GeodataError, match="thresholds"):
        Rules(escort_from=0.8)


def test_changes_come_back() -> None:
    changed = Rules.changed({"convoy_days": 5, "ban_bfa": 0})
    assert changed.changes() == (("ban_bfa", 0.0), ("convoy_days", 5.0))
    assert Rules.changed(changed.changes()) == changed
    assert Rules().changes() == ()
    with pytest.raises(GeodataError, match="no rule called 'nonsense'"):
        Rules.changed({"nonsense": 1})


def test_a_link_keeps_what_can_be_used() -> None:
    given = {"convoy_days": 5.0, "nonsense": 1.0, "autonomy_days": -4.0, "escort_from": 0.9}
    rules, refused = Rules.usable(given)
    assert rules.changes() == (("convoy_days", 5.0),)
    assert refused == ("autonomy_days", "escort_from", "nonsense")
    together = {"contested_from": 0.8, "escort_from": 0.85, "closed_from": 0.95}
    assert Rules.usable(together) == (Rules(**together), ())


def test_strength_reads_type_and_effect() -> None:
    rules = Rules()
    for kind in EventType:
        assert rules.strength(kind, Effect.OPEN) == 0
        assert rules.strength(kind, Effect.CLOSED) == rules.closed_strength
    assert rules.strength("ambush", "contested") == 0.45
    assert rules.strength("ambush", "none stated") == 0.225
    assert rules.strength("policy", "none stated") == 0
    assert rules.strength("siege", "restricted") == rules.blockade_strength


def test_the_banned_countries_follow_their_switches() -> None:
    assert Rules().banned_countries == {"SEN", "MRT", "GIN", "CIV", "BFA"}
    assert Rules(ban_bfa=0, ban_ner=1).banned_countries == {"SEN", "MRT", "GIN", "CIV", "NER"}


def test_the_document_lists_the_rules_as_they_are() -> None:
    assert as_markdown() in DOCUMENT.read_text(encoding="utf-8")


def test_the_table_shows_changed_values_in_the_language() -> None:
    table = rules_table(Rules(convoy_days=2.5), "fr").set_index("name")
    assert list(table.index) == list(rule_names())
    assert table.loc["convoy_days", "value"] == 2.5
    assert table.loc["convoy_days", "default"] == 3
    assert plain(2.5, "fr") == "2,5"
    assert plain(90.0) == "90"
