"""Memory of a question is bounded before it is asked."""

import datetime as dt
import threading
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.page import Page
from dashboard.runtime import ledger
from dashboard.runtime.ledger import LEDGER, MB, Ledger
from dashboard.session import plans
from dashboard.session.results import AnalysisCache
from dashboard.translate import Translator
from geodata import schema as f
from geodata.analysis import paths
from geodata.analysis.critical_links import every_cut
from geodata.analysis.paths import routes_with_and_without_escort
from geodata.analysis.situation import change
from geodata.analysis.working_memory import PAIR_BYTES, every_cut_bytes, replay_bytes
from geodata.dataset import shipped
from geodata.errors import GeodataError
from geodata.export.view import export_view
from geodata.readers.limits import COMPUTING_MB
from geodata.schema import Vehicle
from geodata.sharing.permalink import ViewState
from geodata.sharing.publication import Publication, Sensitivity
from tests.support.strategies import networks, scenarios

FIXED_MB = 3
STATE = ViewState(date=dt.date(2025, 11, 5), vehicle=Vehicle.TANKER)


def own(_size):
    """An account with room for every result, as of a visitor's own data."""


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_every_cut_concerns_no_more_towns_than_were_counted(data):
    network = data.draw(networks())
    scenario = data.draw(scenarios(network))
    table = every_cut(network, scenario)
    for columns in ((f.TOWNS_ISOLATED, f.TOWNS_ESCORTED), (f.TOWNS_DETOURED,)):
        told = sum(int(table[column].map(len).sum()) for column in columns)
        assert told * PAIR_BYTES <= every_cut_bytes(network, scenario)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_paths_are_the_same_however_many_supply_points_are_searched_from_at_once(data):
    network = data.draw(networks())
    scenario = data.draw(scenarios(network))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(paths, "SOURCES_AT_ONCE", 1)
        by_one = routes_with_and_without_escort(network, scenario)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(paths, "EXACT", 0)  # as if no cost had room for the place of its source
        from_each = routes_with_and_without_escort(network, scenario)
    together = routes_with_and_without_escort(network, scenario)
    for one, each, all_ in zip(by_one, from_each, together, strict=True):
        for name in ("cost", "supply", "before"):
            assert np.array_equal(getattr(one, name), getattr(all_, name))
            assert np.array_equal(getattr(each, name), getattr(all_, name))


def page(state=STATE, allow=own):
    """A page on the shipped data as if they were the visitor's own."""
    return Page(AnalysisCache(shipped(), allow=allow), state, Translator("en"), "light")


QUESTIONS = {
    "every cut": Page.every_cut,
    "replay": lambda asked: asked.timeline,
    "fuel": Page.fuel,
    "plan": lambda asked: plans.plan(asked.held, asked.situation),
    "pairs": Page.pairs,
    "comparison": lambda asked: change(asked.situation, asked.situation),
    "order of reopening": lambda asked: asked.situation.reopening,
    "sets to reopen": lambda asked: asked.situation.reopening_sets,
    "probability of access": lambda asked: asked.situation.reliability,
    "roads to keep open": lambda asked: asked.situation.keep_open,
    "towns to stock": lambda asked: published(asked).stocks,
    "routes without a common danger": lambda asked: plans.routes(
        asked.held, asked.situation, "mopti"
    ),
}

TIMED = ("plan", "order of reopening", "sets to reopen", "probability of access",
         "roads to keep open", "towns to stock", "routes without a common danger")  # fmt: skip


def published(asked):
    """A product of a page's view."""
    return Publication(asked.situation, asked.state, dt.date(2026, 1, 1))


@pytest.mark.parametrize("question", TIMED)
def test_each_long_question_is_refused_before_it_is_computed(question, monkeypatch):
    asked = page()
    monkeypatch.setattr(ledger, "COMPUTING_SECONDS", 0)
    with pytest.raises(GeodataError, match="minutes"):
        QUESTIONS[question](asked)


def test_a_product_is_refused_where_one_of_its_tables_is_too_large(monkeypatch):
    asked = page()
    assert export_view(published(asked), "towns.csv")
    monkeypatch.setattr(ledger, "COMPUTING_SECONDS", 0)
    with pytest.raises(GeodataError, match="minutes"):
        export_view(published(page()), "tables.xlsx")
    public = replace(published(page()), level=Sensitivity.PUBLIC)
    assert export_view(public, "tables.xlsx")


def test_few_search_for_the_best_sets_at_once_and_one_that_waits_may_be_stopped(monkeypatch):
    searching, most, begun = [], [], threading.Semaphore(0)
    go_on = threading.Event()
    found = plans.reopening_plan

    def slow(*asked, **options):
        searching.append(1)
        most.append(len(searching))
        begun.release()
        go_on.wait(30)
        searching.pop()
        return found(*asked, **options)

    class StoppedError(Exception):
        pass

    def stop(_):
        raise StoppedError

    monkeypatch.setattr(plans, "reopening_plan", slow)
    monkeypatch.setattr(plans, "LOOK_SECONDS", 0.01)
    views = [page(replace(STATE, date=STATE.date - dt.timedelta(days=n))) for n in range(4)]
    threads = [
        threading.Thread(target=lambda each=each: plans.plan(each.held, each.situation))
        for each in views[:3]
    ]
    for each in threads:
        each.start()
    for _ in range(plans.SOLVING):
        assert begun.acquire(timeout=30)
    with pytest.raises(StoppedError):
        plans.plan(views[3].held, views[3].situation, progress=stop)
    go_on.set()
    for each in threads:
        each.join(60)
    assert len(most) == 3
    assert max(most) <= plans.SOLVING


def test_a_plan_that_is_stopped_leaves_nothing_and_may_be_asked_again():
    asked, held_before = page(), LEDGER.held()

    def stop(share):
        raise InterruptedError(share)

    with pytest.raises(InterruptedError):
        plans.plan(asked.held, asked.situation, progress=stop)
    assert LEDGER.held() == held_before
    shares = []
    plans.plan(asked.held, asked.situation, progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_large_question_is_refused_before_it_is_computed(question, monkeypatch):
    held_by_others = LEDGER.held()
    asked = page()
    monkeypatch.setattr(ledger, "COMPUTING_MB", 0)
    with pytest.raises(GeodataError, match="MB"):
        QUESTIONS[question](asked)
    assert "every_cut" not in vars(asked.situation)
    assert LEDGER.held() == held_by_others


def test_no_question_on_the_data_that_all_share_is_refused_because_a_server_is_full(monkeypatch):
    asked = page(allow=None)
    monkeypatch.setattr(LEDGER, "server_mb", 0)
    assert len(asked.every_cut())
    assert len(asked.timeline.days)


def test_large_questions_on_the_shipped_network_take_no_more_than_was_estimated():
    """Measured; what does not grow with the network is allowed for."""
    asked, network = page(), shipped().network
    days = (asked.period[1] - asked.period[0]).days + 1
    estimates = {
        "every cut": every_cut_bytes(network, asked.situation.conditions),
        "replay": replay_bytes(network, len(asked.dataset.events), days),
    }
    for name, estimate in estimates.items():
        tracemalloc.start()
        QUESTIONS[name](asked)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert 0 < estimate < COMPUTING_MB * MB / 10
        assert peak < estimate + FIXED_MB * MB, name


def test_what_is_being_computed_counts_with_what_is_held():
    account = Ledger(session_mb=10, server_mb=10)
    account.hold("a", "table", 4 * MB)
    with account.computing(5 * MB):
        assert account.held() == 9 * MB
        with pytest.raises(GeodataError), account.computing(2 * MB):
            pass
        with pytest.raises(GeodataError):
            account.hold("b", "table", 2 * MB)
    with pytest.raises(ZeroDivisionError), account.computing(5 * MB):
        raise ZeroDivisionError
    assert account.held() == 4 * MB
