"""Litres by town: the balance on toys, the facts that the model must meet on the shipped data."""

import datetime as dt
import json
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.analysis import fuel_filter
from geodata.analysis.fuel import Fuel, FuelWord, fuel, fuel_roads, word
from geodata.analysis.fuel_convoys import convoys
from geodata.analysis.fuel_doc import DOCUMENT, as_markdown
from geodata.analysis.fuel_members import fair_shares, members
from geodata.analysis.fuel_own import read_own, usable_own
from geodata.analysis.fuel_priors import NATIONAL_USE_LITRES, PRIORS, PUBLISHED_FLOWS
from geodata.analysis.fuel_reports import REPORTED, SHORT, likelihood, read_reports
from geodata.analysis.fuel_roads import IMPORT_CORRIDORS, Roads
from geodata.cli.main import main
from geodata.dataset import Dataset, OwnFuel, shipped
from geodata.errors import GeodataError
from geodata.network.model import Network
from geodata.sharing.fingerprints import versions
from tests.conftest import make_network

DECLARED = dt.date(2025, 9, 3)
MEMBERS = 400
POSITIVE = st.floats(0.1, 100, allow_nan=False)


@lru_cache(maxsize=1)
def ways() -> Roads:
    return fuel_roads(shipped())


@lru_cache(maxsize=8)
def unaware(*towns: str) -> Fuel:
    """The model without the reports on some towns."""
    dataset = shipped()
    known = read_reports(dataset.network, dataset.statuses)[0]
    others = [report for report in known if report.town not in towns]
    return fuel(dataset, on_roads=ways(), reports=others, n_members=MEMBERS)


def short(found: Fuel, town: str, *day: int) -> float:
    probability = found.probability_short(town, dt.date(*day))
    assert probability is not None
    return probability


@given(
    st.integers(1, 6).flatmap(
        lambda n: st.tuples(*(st.lists(POSITIVE, min_size=n, max_size=n) for _ in range(2)))
    ),
    st.floats(0, 500),
)
@settings(max_examples=200)
def test_shares_are_fair_and_use_up_what_there_is(
    given_: tuple[list[float], list[float]], available: float
) -> None:
    need, weight = (np.array(values, dtype=np.float32)[:, None] for values in given_)
    share = fair_shares(need, weight, np.array([available], dtype=np.float32), 1.2)[:, 0]
    used = float((share * need[:, 0]).sum())
    most = 1.2 * float(need.sum())
    assert used == pytest.approx(min(available, most), rel=1e-2, abs=1e-2)
    loose = share < 1.2 - 1e-4
    level = share[loose] / weight[loose, 0]
    assert np.allclose(level, level[:1], rtol=1e-3)
    if loose.any():
        assert (level[0] * weight[~loose, 0] * 1.01 >= 1.2).all()


@pytest.mark.parametrize("status", sorted(REPORTED))
def test_a_report_is_likelier_the_more_it_fits(status: str) -> None:
    served = np.linspace(0, 1, 101, dtype=np.float32)
    chance = likelihood(served, status)
    assert (chance > 0).all()
    assert (chance <= 1).all()
    assert (chance[0] > chance[-1]) == (REPORTED[status] == SHORT)


def test_the_words_follow_from_the_probability() -> None:
    told = [word(p) for p in (0.95, 0.7, 0.5, 0.2, 0.05, float("nan"))]
    assert told == [
        FuelWord.SHORT,
        FuelWord.PROBABLY_SHORT,
        FuelWord.UNKNOWN,
        FuelWord.PROBABLY_SUPPLIED,
        FuelWord.SUPPLIED,
        FuelWord.UNKNOWN,
    ]


def test_every_constant_has_a_source_and_its_band_holds_four_fifths() -> None:
    rng = np.random.default_rng(1)
    for prior in PRIORS:
        assert prior.source
        assert prior.why
        drawn = prior.draw(rng, (20_000,))
        assert ((prior.low <= drawn) & (drawn <= prior.high)).mean() == pytest.approx(0.8, abs=0.02)
    assert len(NATIONAL_USE_LITRES) == 2


def test_the_documentation_lists_the_priors_as_they_are() -> None:
    written = DOCUMENT.read_text(encoding="utf-8")
    assert as_markdown() in written


@pytest.mark.usefixtures("computed_each_time")
def test_the_same_seed_gives_the_same_figures(mali: Dataset) -> None:
    first, second = (fuel(mali, on_roads=ways(), n_members=50, seed=3) for _ in range(2))
    day = dt.date(2025, 11, 10)
    pd.testing.assert_frame_equal(first.on(day), second.on(day))


def test_bands_hold_their_medians_and_probabilities_are_shares() -> None:
    found = unaware()
    low, middle, high = found.days.stock
    assert (low <= middle).all()
    assert (middle <= high).all()
    assert (low >= 0).all()
    for chance in (found.days.short, found.days.short_before):
        assert ((chance >= 0) & (chance <= 1)).all()
    table = found.on(dt.date(2026, 1, 7))
    assert len(table) == 84
    assert set(table["leading"]) <= {"", *fuel_filter.NAMES}
    assert table["word"].map(lambda w: w in set(FuelWord)).all()


def test_a_corridor_stops_from_a_reported_day_to_a_reported_end(mali: Dataset) -> None:
    days = ways().days
    stopped = {
        corridor: {str(day) for day, shut in zip(days, row > 0, strict=True) if shut}
        for corridor, row in zip(IMPORT_CORRIDORS, ways().stopped, strict=True)
    }
    ivorian, western = IMPORT_CORRIDORS
    assert stopped[ivorian] == {f"2025-09-{day:02}" for day in range(8, 16)}
    assert {day for day in stopped[western] if day < "2026"} == {"2025-09-06", "2025-09-07"}
    assert {min(d for d in stopped[western] if d > "2026"), max(stopped[western])} == {
        "2026-01-30",
        "2026-02-11",
    }
    endless = mali.events.assign(end_date=None)
    others = replace(mali, with_shipped_events=False, added_events=endless)
    assert not fuel_roads(others).stopped.any()


def test_a_stopped_corridor_leaves_less_to_the_towns_on_it() -> None:
    never = replace(ways(), stopped=np.zeros_like(ways().stopped))
    shut, open_ = (
        fuel(shipped(), on_roads=each, reports=(), n_members=100) for each in (ways(), never)
    )
    eve, last = shut.row(dt.date(2025, 9, 5)), shut.row(dt.date(2025, 9, 15))
    for town in ("sikasso", "bamako"):
        stock = [each.days.stock[1, :, shut.column(town)] for each in (shut, open_)]
        assert stock[0][eve] == stock[1][eve]
        assert stock[0][last] < stock[1][last]


def test_a_published_band_draws_the_flow_into_it() -> None:
    rng = np.random.default_rng(0)
    state = members(ways(), MEMBERS, rng)
    table = shipped().convoys
    known = convoys(ways(), table, MEMBERS, rng)
    for day, (low, high) in PUBLISHED_FLOWS.items():
        state.flow[:] = rng.normal(0, 0.35, MEMBERS)
        tankers = known.counted(ways().row(day), state, ways(), rng)
        assert low < np.median(tankers) < high
    assert not convoys(ways(), None, MEMBERS, rng).flows


def test_where_no_tanker_goes_nothing_is_said() -> None:
    table = unaware().on(dt.date(2025, 9, 10)).set_index("node_id")
    assert table.loc["taoudenit", "word"] == FuelWord.UNKNOWN
    assert pd.isna(table.loc["taoudenit", "stock_days"])
    assert unaware().probability_short("taoudenit", dt.date(2025, 9, 10)) is None


def test_a_month_after_the_last_news_nothing_is_said() -> None:
    found = unaware()
    assert found.probability_short("bamako", dt.date(2026, 4, 5)) is not None
    for day in (dt.date(2026, 4, 6), found.last_event):
        assert set(found.on(day)["word"]) == {FuelWord.UNKNOWN}
        assert found.on(day)["stock_days"].isna().all()
    assert found.last_day == dt.date(2026, 4, 5)
    assert found.heard[: found.row(dt.date(2026, 4, 5))].all()


def test_nothing_is_said_after_the_last_event(mali: Dataset) -> None:
    found = unaware()
    assert found.last_event == max(mali.events["date"]) == dt.date(2026, 4, 29)
    with pytest.raises(GeodataError, match="Choose a day in between"):
        found.on(found.last_event + dt.timedelta(days=1))
    with pytest.raises(GeodataError, match="atlantis"):
        found.over_time("atlantis")


def test_a_report_counts_from_the_day_it_is_known(mali: Dataset) -> None:
    known = read_reports(mali.network, mali.statuses)[0]
    by_day = {(r.town, r.day): r.known for r in known}
    assert by_day["mopti", dt.date(2025, 9, 21)] == dt.date(2025, 9, 21)
    assert by_day["segou", dt.date(2025, 10, 6)] == dt.date(2025, 10, 7)
    assert all(r.day <= r.known <= r.day + dt.timedelta(days=27) for r in known)
    day = dt.date(2026, 3, 6)
    found = unaware()
    before = found.probability_short("koutiala", day, before=True)
    after = found.probability_short("koutiala", day)
    assert before is not None
    assert after is not None
    assert after > before + 0.1


def test_bamako_runs_short_in_october_and_not_on_20_september() -> None:
    found = unaware("bamako")
    assert short(found, "bamako", 2025, 9, 20) < 0.35
    low, middle, high = found.days.first_short[:, found.column("bamako")]
    lag = found.row(DECLARED + dt.timedelta(days=33))
    assert low <= lag <= high
    assert abs(middle - lag) <= 10


def test_kayes_is_served_from_24_october_to_16_november_while_bamako_is_not() -> None:
    west, all_known = unaware("kayes"), unaware()
    days = [dt.date(2025, 10, 24) + dt.timedelta(days=i) for i in range(24)]
    kayes = [west.probability_short("kayes", d) or 0.0 for d in days]
    bamako = [all_known.probability_short("bamako", d) or 0.0 for d in days]
    assert max(kayes) < 0.4
    assert np.mean(bamako) > np.mean(kayes) + 0.05
    assert short(all_known, "bamako", 2025, 10, 29) > 0.5


@pytest.mark.parametrize("town", ["kolondieba", "sikasso"])
def test_towns_by_the_ivorian_border_sell_in_early_november(town: str) -> None:
    found = unaware("sikasso")
    assert all(short(found, town, 2025, 11, day) < 0.35 for day in range(5, 12))


def test_koutialas_six_tankers_are_gone_within_a_week() -> None:
    found = unaware("koutiala")
    table = found.over_time("koutiala").set_index("date")
    on_sale = table.loc[dt.date(2025, 10, 17) : dt.date(2025, 10, 19)]
    assert table.loc[dt.date(2025, 10, 21), "stock_days"] == 0
    assert on_sale["probability_short"].min() < short(found, "koutiala", 2025, 10, 12) - 0.1
    assert short(found, "koutiala", 2025, 10, 27) > on_sale["probability_short"].min() + 0.1


def test_mopti_is_short_then_has_two_convoys_and_is_dry_again_on_7_january() -> None:
    found = unaware("mopti")
    assert short(found, "mopti", 2025, 9, 21) > 0.65
    assert short(found, "mopti", 2025, 11, 10) > 0.65
    for day in (5, 13):
        assert short(found, "mopti", 2025, 12, day) < 0.35
    assert short(found, "mopti", 2026, 1, 7) > 0.5


def test_the_north_lives_on_niger_and_algeria() -> None:
    found = unaware("gao", "tombouctou", "kidal")
    for month, day in ((10, 30), (11, 10), (12, 8)):
        assert short(found, "gao", 2025, month, day) < 0.35
        assert short(found, "tombouctou", 2025, month, day) < 0.35


def test_sikasso_still_has_fuel_on_7_january_and_bamako_improves_by_10_november() -> None:
    assert short(unaware("sikasso"), "sikasso", 2026, 1, 7) < 0.35
    known = unaware()
    assert short(known, "bamako", 2025, 11, 10) < short(known, "bamako", 2025, 10, 29)


def test_nioro_is_sealed_to_february() -> None:
    found = unaware("nioro")
    for day in ((2025, 9, 10), (2025, 11, 10), (2026, 1, 10), (2026, 2, 5), (2026, 2, 28)):
        assert short(found, "nioro", *day) > 0.8


def test_a_network_elsewhere_is_refused(mali: Dataset) -> None:
    kenya = make_network([("PORT", "a", 100.0)], supply=["PORT"])
    moved = kenya.nodes.set_geometry(kenya.nodes.geometry.translate(36, -3))
    dataset = Dataset(Network(moved, kenya.segments.assign(geometry=None)))
    with pytest.raises(GeodataError, match="figures of the fuel model are Mali"):
        fuel(dataset, n_members=10)
    none = type(mali)(mali.network, with_shipped_events=False)
    with pytest.raises(GeodataError, match="needs dated events"):
        fuel(none, n_members=10)


def test_the_views_of_days_towns_and_words_agree() -> None:
    found = unaware()
    day = dt.date(2025, 11, 10)
    on_day = found.on(day).set_index("node_id")
    for town in ("bamako", "mopti", "taoudenit"):
        line = found.over_time(town).set_index("date").loc[day]
        pd.testing.assert_series_equal(line, on_day.loc[town], check_names=False)
        assert found.words().loc[day, town] == on_day.loc[town, "word"]


def test_a_users_figures_replace_the_assumptions(mali: Dataset) -> None:
    table = pd.DataFrame(
        {
            "town": ["Ségou"],
            "tank_litres": ["9000000"],
            "use_litres_per_day": ["10000"],
            "date": ["2025-10-20"],
            "delivered_litres": ["2000000"],
        }
    )
    own = read_own(mali.network, table)
    found = fuel(mali, on_roads=ways(), reports=(), own=own, n_members=50)
    before, after = (
        found.over_time("segou").set_index("date").loc[dt.date(2025, 10, d)] for d in (18, 21)
    )
    assert found.over_time("segou").loc[0, "stock_days"] > 500
    assert after["stock_days"] - before["stock_days"] > 150
    plain = fuel(mali, on_roads=ways(), reports=(), n_members=50)
    assert plain.over_time("segou").loc[0, "stock_days"] < 30


@pytest.mark.parametrize(
    ("column", "cell"),
    [("town", "Atlantis"), ("tank_litres", "-3"), ("use_litres_per_day", "0"),
     ("use_litres_per_day", "much"), ("delivered_litres", "1e99"), ("date", "20/10/2025")],
)  # fmt: skip
def test_a_fault_in_a_users_table_is_named(mali: Dataset, column: str, cell: str) -> None:
    row = {
        "town": "Mopti",
        "tank_litres": "9",
        "use_litres_per_day": "1",
        "date": "2025-10-20",
        "delivered_litres": "5",
    }
    with pytest.raises(GeodataError) as caught:
        read_own(mali.network, pd.DataFrame([{**row, column: cell}]))
    assert caught.value.key == "fuel_days.own_cell"
    assert cell in str(caught.value)


def test_rows_with_faults_give_nothing_and_the_others_are_used(mali: Dataset) -> None:
    table = pd.DataFrame(
        {
            "row": [3, 4, 5, 9],
            "town": ["Mopti", "Atlantis", "mopti", "Gao"],
            "tank_litres": ["90000", "1", "80000", "-1"],
        }
    )
    own, faults = usable_own(mali.network, table)
    assert own.towns == ("mopti",)
    assert own.tanks["tank_litres"].tolist() == [90000]
    assert [fault.params["row"] for fault in faults] == [4, 5, 9]
    assert faults[1].key == "fuel_days.own_twice"


def test_own_figures_of_a_data_set_weigh_and_are_seen_in_its_fingerprint(mali: Dataset) -> None:
    own = OwnFuel(
        pd.DataFrame([{"node_id": "segou", "tank_litres": 5e8, "use_litres_per_day": 1e3}])
    )
    mine = replace(mali, own_fuel=own)
    found = fuel(mine, on_roads=ways(), reports=(), n_members=50)
    assert found.over_time("segou").loc[0, "stock_days"] > 500
    assert versions(mine).short != versions(mali).short
    assert versions(replace(mine, own_fuel=None)) == versions(mali)


def test_a_users_table_without_towns_is_refused(mali: Dataset) -> None:
    with pytest.raises(GeodataError, match="lacks the column town"):
        read_own(mali.network, pd.DataFrame({"place": ["Mopti"]}))


def test_an_empty_table_of_ones_own_changes_nothing(mali: Dataset) -> None:
    none = OwnFuel(pd.DataFrame(columns=["node_id", "tank_litres", "use_litres_per_day"]), ())
    day = dt.date(2026, 1, 7)
    plain, own = (fuel(mali, on_roads=ways(), n_members=30, own=o).on(day) for o in (None, none))
    pd.testing.assert_frame_equal(plain, own)


def test_the_command_prints_a_town_on_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["fuel", "--town", "Mopti", "--date", "2025-11-10"]
    assert main([*asked, "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["last_event"] == "2026-04-29"
    assert [row["node_id"] for row in answer["rows"]] == ["mopti"]
    assert answer["rows"][0]["probability_short"] > 0.65
    assert main([*asked, "--lang", "fr"]) == 0
    assert "2026-04-29" in capsys.readouterr().out


def test_the_command_refuses_a_day_after_the_last_event(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["fuel", "--date", "2026-06-01"]) == 2
    assert "2026-04-29" in capsys.readouterr().err
