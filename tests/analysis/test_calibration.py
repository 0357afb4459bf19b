import numpy as np
import pandas as pd
import pytest

from geodata import schema as f
from geodata.analysis.calibration import _known_before, calibration, skill
from geodata.errors import GeodataError

TOWNS = ["a", "a", "b", "b", "c", "c"]
SHORT = np.array([True, False, True, False, True, False])


def test_a_model_that_is_right_takes_all_of_a_rivals_score_away():
    half = np.full(6, 0.5)
    assert skill(SHORT, SHORT.astype(float), half, TOWNS).value == 1
    assert skill(SHORT, half, half, TOWNS).value == 0
    assert skill(SHORT, 1.0 - SHORT, half, TOWNS).value == -3


@pytest.fixture(scope="module")
def three_reports(mali):
    statuses = pd.DataFrame(
        [
            ("2025-10-06", "Bamako", "shortage"),
            ("2025-10-23", "Kayes", "available"),
            ("2025-11-07", "Bamako", "partial"),
        ],
        columns=["date", "town", "status"],
    )
    return calibration(mali, statuses=statuses)


def test_rivals_know_only_what_was_reported_before(three_reports):
    rows = three_reports.rows
    assert rows.short.tolist() == [True, False, False]
    assert rows.climatology.tolist() == [0.5, 1.0, 0.5]
    assert rows.persistence.tolist() == [0.5, 1.0, 1.0]
    assert rows.model.between(0, 1).all()


def test_scores_are_those_of_the_rows(three_reports):
    rows = three_reports.rows
    for found in three_reports.scores:
        assert found.brier.value == pytest.approx(((rows[found.name] - rows.short) ** 2).mean())
    assert three_reports.reliability.reports.sum() == 3


def test_an_outlook_sees_no_event_after_its_origin(mali):
    day = pd.Timestamp("2025-10-01").date()
    assert max(_known_before(mali, day).events[f.DATE]) <= day


def test_a_lead_below_zero_is_refused(mali):
    with pytest.raises(GeodataError, match="below 0"):
        calibration(mali, lead_days=-1)
