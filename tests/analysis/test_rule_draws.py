import dataclasses
import datetime as dt

import numpy as np
import pytest

from geodata.analysis.rule_draws import _matter, rule_draws, rules_at
from geodata.errors import GeodataError
from geodata.events.rules import SWITCH, THRESHOLDS, editable

DAY = dt.date(2025, 11, 10)


def test_every_corner_of_the_bounds_makes_valid_rules():
    varied = editable()
    for point in (np.zeros(len(varied)), np.full(len(varied), 0.999), np.full(len(varied), 0.4)):
        rules = dataclasses.asdict(rules_at(varied, point))
        assert all(r.low <= rules[r.name] <= r.high for r in varied)
        assert [rules[n] for n in THRESHOLDS] == sorted(rules[n] for n in THRESHOLDS)
        assert all(rules[r.name] in (0, 1) for r in varied if r.unit == SWITCH)


def test_the_rule_that_decides_is_named_and_chance_is_not():
    varied = editable()[:5]
    rng = np.random.default_rng(0)
    unit = rng.random((400, 5))
    isolated = np.c_[unit[:, 2] > 0.6, rng.random(400) > 0.5]
    found = _matter(varied, unit, isolated, ["decided", "chance"])
    assert found.node_id.tolist() == ["decided"]
    assert found.rule.tolist() == [varied[2].name]
    assert found.share_low.iloc[0] == 0
    assert found.share_high.iloc[0] > 0.6


def test_draws_report_shares_of_segments_and_towns(mali):
    found = rule_draws(mali, DAY, draws=4, seed=1)
    assert found.segments.share_shut.between(0, 1).all()
    assert set(found.towns.share_isolated * 4) <= {0, 1, 2, 3, 4}
    assert found.towns.node_id.tolist() == list(mali.network.towns)
    again = rule_draws(mali, DAY, draws=4, seed=1)
    assert found.segments.equals(again.segments)


def test_one_draw_is_refused(mali):
    with pytest.raises(GeodataError, match="at least 2"):
        rule_draws(mali, DAY, draws=1)
