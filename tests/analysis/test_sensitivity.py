"""Rules varied one at a time."""

import datetime as dt

import pytest

from geodata.analysis.sensitivity import sensitivity, variants
from geodata.conditions import Conditions
from geodata.dataset import Dataset
from geodata.events.rules import Rules, editable
from geodata.schema import Vehicle


def test_every_variant_is_a_valid_change() -> None:
    for rule in editable():
        for value in variants(rule):
            assert value != rule.default
            assert Rules.changed({rule.name: value}).changes() == ((rule.name, value),)


def test_the_table_shows_which_rules_matter(mali: Dataset) -> None:
    table = sensitivity(mali, dt.date(2025, 11, 10), scenario=Conditions(vehicle=Vehicle.TANKER))
    base = table.iloc[0]
    assert (base["rule"], base["towns_changed"]) == ("", 0)
    tried = sum(len(variants(rule)) for rule in editable())
    assert len(table) == 1 + tried
    changed = table.set_index("rule")["towns_changed"].groupby(level=0).max()
    assert changed["blockade_strength"] > 0
    assert changed["ban_bfa"] > 0
    assert changed["convoy_days"] == 0


def test_the_stock_rules_move_the_hindcast_alone(
    mali: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = tuple(r for r in editable() if r.name in {"convoy_days", "autonomy_days"})
    monkeypatch.setattr("geodata.analysis.sensitivity.editable", lambda: few)
    table = sensitivity(mali, dt.date(2025, 11, 10), statuses=mali.statuses)
    assert table["balanced_accuracy"].between(0, 1).all()
    assert table["balanced_accuracy"].nunique() > 1
    assert (table["towns_changed"] == 0).all()
