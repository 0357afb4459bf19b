"""Blocks of work on this machine and on Dask; scheduler and workers are separate processes."""

import datetime as dt
import operator
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from geodata.analysis.blocks import run_blocks
from geodata.analysis.critical_links import every_cut, every_cut_of_each
from geodata.analysis.critical_pairs import pairs_of_each, pairs_table
from geodata.analysis.hindcast import hindcast
from geodata.analysis.resolution import conditions_on
from geodata.analysis.rule_draws import rule_draws
from geodata.analysis.sampled_reliability import sampled_reliability
from geodata.analysis.sensitivity import sensitivity
from geodata.analysis.uncertain_network import UncertainNetwork
from geodata.conditions import Conditions
from geodata.errors import GeodataError
from geodata.events.rules import editable
from tests.support import dask

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 60


def multiplied(shared: int, block: int) -> int:
    return shared * block


def slowly(shared: float, block: int) -> tuple[int, int]:
    """The block after a while, and the process that did it."""
    time.sleep(shared)
    return block, os.getpid()


@pytest.fixture(scope="module")
def scheduler():
    pytest.importorskip("distributed")
    with dask.scheduler() as address:
        yield address


@pytest.fixture(scope="module")
def two_workers(scheduler):
    """Two workers for all tests: starting one takes longer than most of them."""
    with dask.workers(scheduler, 2) as running:
        yield running


@pytest.fixture
def ladder():
    """0 -- 1 -- ... -- 9 with rungs, every edge closed with 0.2."""
    ends = np.array([(i, i + 1) for i in range(9)] + [(i, i + 2) for i in range(8)])
    chance = np.full(len(ends), 0.2)
    return UncertainNetwork(
        10,
        np.arange(10),
        np.arange(len(ends)),
        ends,
        chance,
        chance,
        np.full(len(ends), -1),
        np.zeros(0),
        np.arange(1, 10),
        np.ones(9),
    )


def test_blocks_come_back_in_their_order():
    assert run_blocks(multiplied, 3, [2, 0, 1]) == [6, 0, 3]
    assert run_blocks(multiplied, 3, [2, 0, 1], workers=2) == [6, 0, 3]


def test_dask_gives_the_same_bytes_as_this_process(scheduler, two_workers, ladder):
    here = sampled_reliability(ladder, samples=5_000)
    there = sampled_reliability(ladder, samples=5_000, scheduler=scheduler)
    assert here.connected.tobytes() == there.connected.tobytes()
    assert here.people.tobytes() == there.people.tobytes()


@pytest.fixture(scope="module")
def two_days(mali):
    days = [dt.date(2025, 9, 10), dt.date(2025, 11, 10)]
    return [conditions_on(mali, Conditions(), on=day) for day in days]


def test_every_cut_of_many_scenarios_is_the_same_on_dask(scheduler, two_workers, mali, two_days):
    there = every_cut_of_each(mali.network, two_days, scheduler=scheduler)
    here = [every_cut(mali.network, scenario) for scenario in two_days]
    assert not here[0].equals(here[1])
    for a, b in zip(here, there, strict=True):
        assert a.to_json() == b.to_json()


def test_pairs_of_many_scenarios_are_the_same_on_dask(scheduler, two_workers, mali, two_days):
    there = pairs_of_each(mali.network, two_days, scheduler=scheduler)
    here = [pairs_table(mali.network, scenario) for scenario in two_days]
    assert not here[0][0].equals(here[1][0])
    for (a, searched), (b, also) in zip(here, there, strict=True):
        assert a.to_json() == b.to_json()
        assert searched == also


def test_replays_under_drawn_rules_are_the_same_on_dask(scheduler, two_workers, mali):
    day = dt.date(2025, 11, 10)
    here = rule_draws(mali, day, draws=4)
    there = rule_draws(mali, day, draws=4, scheduler=scheduler)
    assert here.segments["share_shut"].between(0, 1, inclusive="neither").any()
    for name in ("segments", "towns", "rules"):
        assert getattr(here, name).to_json() == getattr(there, name).to_json()


def test_fuel_ensembles_without_each_town_are_the_same_on_dask(scheduler, two_workers, mali):
    known = mali.statuses.drop_duplicates("town").head(2)
    here = hindcast(mali, known, leave_towns_out=True, n_members=20)
    there = hindcast(mali, known, leave_towns_out=True, n_members=20, scheduler=scheduler)
    assert here.rows["probability_without_town"].notna().all()
    assert here.rows.to_json() == there.rows.to_json()


def test_replays_of_sensitivity_are_the_same_on_dask(scheduler, two_workers, mali, monkeypatch):
    few = tuple(r for r in editable() if r.name in {"blockade_strength", "ban_bfa"})
    monkeypatch.setattr("geodata.analysis.sensitivity.editable", lambda: few)
    day = dt.date(2025, 11, 10)
    here = sensitivity(mali, day)
    assert here["towns_changed"].max() > 0
    assert here.to_json() == sensitivity(mali, day, scheduler=scheduler).to_json()


def test_both_workers_work(scheduler, two_workers):
    done = run_blocks(slowly, 0.05, range(20), scheduler=scheduler)
    assert [block for block, _ in done] == list(range(20))
    assert {pid for _, pid in done} == {process.pid for process in two_workers}


def test_a_worker_killed_in_mid_run_loses_nothing(scheduler, two_workers):
    lost, done = dask.worker(scheduler), []
    run = threading.Thread(
        target=lambda: done.extend(run_blocks(slowly, 0.2, range(30), scheduler=scheduler))
    )
    run.start()
    time.sleep(1)
    assert not done
    os.kill(lost.pid, signal.SIGKILL)
    run.join(60)
    dask.end(lost)
    assert [block for block, _ in done] == list(range(30))


def test_a_scheduler_that_does_not_answer_is_refused_with_the_remedy():
    pytest.importorskip("distributed")
    with pytest.raises(GeodataError, match="cannot be used"):
        run_blocks(multiplied, 1, [1], scheduler="tcp://127.0.0.1:9")


def test_without_dask_the_option_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(GeodataError, match="install"):
        run_blocks(multiplied, 1, [1], scheduler="tcp://127.0.0.1:9")
    assert run_blocks(multiplied, 1, [1]) == [1]


def test_workers_run_nothing_of_a_script_without_a_guard(tmp_path):
    script = tmp_path / "plan of a day.py"
    script.write_text(
        "import operator\n"
        "from geodata.analysis.blocks import run_blocks\n"
        "print('started')\n"
        "print(run_blocks(operator.mul, 3, range(4), workers=2))\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, script],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
        capture_output=True,
        timeout=STARTS_WITHIN,
    )
    assert (done.stdout, done.stderr) == ("started\n[0, 3, 6, 9]\n", "")


def test_workers_run_beside_a_page_of_streamlit():
    """Streamlit puts the page it runs in the place of the main module, and leaves it there."""

    def page(name):
        import streamlit as st

        st.write(name)

    main = sys.modules["__main__"]
    try:
        assert not AppTest.from_function(page, args=("Mopti",)).run().exception
        assert sys.modules["__main__"] is not main
        assert run_blocks(operator.mul, 3, range(4), workers=2) == [0, 3, 6, 9]
    finally:
        sys.modules["__main__"] = main
