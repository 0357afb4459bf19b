"""The public API: every name loads when used, is documented, and answers as the modules do."""

import dataclasses
import datetime as dt
import doctest
import inspect
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from griffe import Docstring, DocstringSectionKind

import geodata as gd
from geodata import api, outlook
from geodata import scenario as scenario_module
from geodata.analysis import (
    accessibility,
    critical_links,
    critical_pairs,
    explanation,
    reopening,
    timeline,
)
from geodata.analysis.fuel import fuel as fuel_model
from geodata.analysis.reliability import Sampling, shocks_on
from geodata.analysis.reliability import reliability as chances
from geodata.analysis.reopening_plan import reopening_plan
from geodata.analysis.resolution import conditions_on
from geodata.conditions import Conditions
from geodata.events.table import SHIPPED
from geodata.schema import Measure, Traffic, Vehicle

DAY = dt.date(2025, 11, 5)
CUT = "gao--bourem"


@pytest.fixture(scope="module")
def mali():
    return gd.load()


@pytest.fixture(scope="module")
def resolved(mali):
    manual = Conditions(cut=frozenset([CUT]), vehicle=Vehicle.TANKER)
    return conditions_on(mali, manual, on=DAY)


@pytest.fixture(scope="module")
def asked():
    return gd.Scenario(date="2025-11-05", vehicle="tanker", cut={CUT})


def test_the_package_imports_nothing_heavy_until_a_name_is_used():
    script = (
        "import sys, geodata; "
        "assert not {'pandas', 'numpy', 'geopandas', 'shapely'} & set(sys.modules); "
        "geodata.access; assert 'pandas' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize("name", gd.__all__)
def test_every_public_name_loads_and_is_listed(name):
    assert getattr(gd, name) is getattr(gd, name)
    assert name in dir(gd)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'acces_'"):
        _ = gd.acces_


PUBLIC = [getattr(gd, name) for name in gd.__all__ if name != "__version__"]


@pytest.mark.parametrize("value", PUBLIC, ids=lambda value: value.__name__)
def test_every_public_object_is_documented_and_typed(value):
    assert value.__doc__
    made = value.__init__ if inspect.isclass(value) else value
    parameters = inspect.signature(made).parameters
    missing = {name for name in parameters if name not in ("self", "key", "params")} - set(
        made.__annotations__
    )
    assert missing == set()


@pytest.mark.parametrize(
    "function", [v for v in PUBLIC if inspect.isfunction(v)], ids=lambda value: value.__name__
)
def test_every_public_function_describes_its_parameters_and_its_result(function):
    sections = {part.kind: part.value for part in Docstring(function.__doc__).parse("numpy")}
    parameters = sections[DocstringSectionKind.parameters]
    described = {parameter.name for parameter in parameters if parameter.description}
    assert described == set(inspect.signature(function).parameters)
    assert sections[DocstringSectionKind.returns][0].description


@pytest.mark.parametrize(
    "module",
    [gd, api, outlook, scenario_module],
    ids=["geodata", "api", "outlook", "scenario"],
)
def test_the_examples_in_the_docstrings_run(module):
    outcome = doctest.testmod(module)
    assert outcome.attempted > 0
    assert outcome.failed == 0


def test_every_public_function_has_an_example():
    functions = [
        v
        for v in PUBLIC
        if inspect.isfunction(v) and v.__module__ in ("geodata.api", "geodata.outlook")
    ]
    assert len(functions) >= 12
    assert [f.__name__ for f in functions if ">>>" not in (f.__doc__ or "")] == []


def test_strings_give_the_same_scenario_as_enums_and_dates(asked):
    assert asked == gd.Scenario(
        date=DAY, vehicle=Vehicle.TANKER, traffic=Traffic.FUEL, measure=Measure.KM, cut=[CUT]
    )
    assert hash(asked) == hash(dataclasses.replace(asked))
    assert gd.Scenario(cut=CUT).cut == {CUT}


@pytest.mark.parametrize(
    ("argument", "value", "remedy"),
    [
        ("vehicle", "lorry", "any, tanker, tanker_all_year"),
        ("traffic", "cargo", "fuel, trucks, light"),
        ("measure", "miles", "km, hours"),
        ("date", "05/11/2025", "YYYY-MM-DD"),
    ],
)
def test_a_wrong_argument_is_named_with_the_remedy(argument, value, remedy):
    with pytest.raises(gd.GeodataError) as caught:
        gd.Scenario(**{argument: value})
    assert str(caught.value).startswith(f"{argument} is '{value}'")
    assert remedy in str(caught.value)


def test_access_is_that_of_the_resolved_scenario(mali, asked, resolved):
    expected = accessibility.access(mali.network, resolved)
    pd.testing.assert_frame_equal(gd.access(mali, asked).towns, expected.towns)


def test_without_a_scenario_every_road_is_open(mali):
    expected = accessibility.access(mali.network, Conditions())
    pd.testing.assert_frame_equal(gd.access(mali).towns, expected.towns)


def test_critical_segments_pairs_and_the_reopening_order_are_those_of_the_modules(
    mali, asked, resolved
):
    network = mali.network
    segments = critical_links.every_cut(network, resolved)
    pd.testing.assert_frame_equal(gd.critical_segments(mali, asked), segments)
    pairs, searched = critical_pairs.pairs_table(network, resolved, limit=7)
    found = gd.critical_pairs(mali, asked, limit=7)
    assert found.attrs == searched
    pd.testing.assert_frame_equal(found, pairs)
    order = reopening.reopening_order(network, resolved)
    pd.testing.assert_frame_equal(gd.reopening_order(mali, asked), order)


def test_an_explanation_takes_the_id_or_the_name_of_a_town(mali, asked):
    manual = Conditions(cut=frozenset([CUT]), vehicle=Vehicle.TANKER)
    expected = explanation.explain(mali, "nioro", DAY, scenario=manual)
    for town in ("nioro", "Nioro du Sahel"):
        assert gd.explain(mali, asked, town=town).links == expected.links


def test_a_replay_has_the_states_that_the_module_gives(mali):
    asked = gd.Scenario(vehicle="tanker", cut=CUT, date="2025-09-10", traffic="trucks")
    expected = timeline.replay(
        mali.network,
        mali.events,
        dt.date(2025, 9, 1),
        dt.date(2025, 9, 20),
        scenario=Conditions(cut=frozenset([CUT]), vehicle=Vehicle.TANKER),
        traffic=Traffic.TRUCKS,
        corridor_segments=mali.corridor_segments,
    )
    found = gd.replay(mali, asked, start="2025-09-01", end=dt.date(2025, 9, 20))
    assert found.days == expected.days
    assert (found.segment_states == expected.segment_states).all()
    assert (found.town_states == expected.town_states).all()


def test_a_day_after_the_last_report_is_refused_by_every_function(mali):
    late = gd.Scenario(date="2030-01-01")
    calls = [
        lambda: gd.access(mali, late),
        lambda: gd.critical_segments(mali, late),
        lambda: gd.critical_pairs(mali, late),
        lambda: gd.reopening_order(mali, late),
        lambda: gd.compare(mali, None, late),
        lambda: gd.explain(mali, late, town="nioro"),
        lambda: gd.publish(mali, late),
        lambda: gd.replay(mali, start="2029-12-01", end="2030-01-01"),
    ]
    for call in calls:
        with pytest.raises(gd.GeodataError, match="reports in use end"):
            call()


def test_an_unknown_segment_is_named_with_the_nearest(mali):
    with pytest.raises(gd.GeodataError, match=r"Unknown segment 'gao--burem'; .*gao--bourem"):
        gd.access(mali, gd.Scenario(cut="gao--burem"))


def test_a_preset_closes_roads_but_has_no_days_and_no_sources(mali):
    phase = gd.Scenario(preset="kayes-nioro", vehicle="tanker")
    assert gd.access(mali, phase).summary != gd.access(mali, gd.Scenario(vehicle="tanker")).summary
    for call in (
        lambda: gd.replay(mali, phase, start="2025-09-01", end="2025-09-02"),
        lambda: gd.explain(mali, phase, town="nioro"),
    ):
        with pytest.raises(gd.GeodataError, match="without a preset"):
            call()


def test_events_are_read_from_a_path_its_name_or_its_content(mali):
    tables = [
        gd.read_events(source, filename="events.csv", today="2026-06-01")[0]
        for source in (SHIPPED, str(SHIPPED), SHIPPED.read_bytes())
    ]
    pd.testing.assert_frame_equal(tables[0], tables[1])
    pd.testing.assert_frame_equal(tables[0], tables[2])
    alone = dataclasses.replace(mali, added_events=tables[0], with_shipped_events=False)
    scenario = gd.Scenario(date=DAY, vehicle="tanker")
    expected = gd.access(mali, scenario).towns.state
    assert list(gd.access(alone, scenario).towns.state) == list(expected)


def test_a_missing_file_of_events_is_named(tmp_path):
    with pytest.raises(gd.GeodataError, match=r"none\.csv"):
        gd.read_events(tmp_path / "none.csv")


def test_a_publication_is_the_same_for_the_same_day_and_speaks_its_language(mali, asked):
    french = [
        gd.export_view(gd.publish(mali, asked, lang="fr", made="2026-05-01"), "view.html")
        for _ in range(2)
    ]
    assert french[0] == french[1]
    assert b'lang="fr"' in french[0]
    public = gd.publish(mali, asked, sensitivity="public", title="Gao")
    assert not public.ranked
    assert public.state.title == "Gao"
    with pytest.raises(gd.GeodataError, match="lang is 'de'"):
        gd.publish(mali, asked, lang="de")


def test_what_is_uncertain_is_what_the_modules_compute(mali):
    asked = gd.Scenario(date=DAY, vehicle="tanker")
    now = conditions_on(mali, Conditions(vehicle=Vehicle.TANKER), on=DAY)
    shocks = shocks_on(mali, now, on=DAY)
    expected = chances(mali, now, shocks, sampling=Sampling(samples=200)).towns
    pd.testing.assert_frame_equal(gd.reliability(mali, asked, samples=200).towns, expected)
    pd.testing.assert_frame_equal(
        gd.plan(mali, asked, budgets=[1]), reopening_plan(mali.network, now, budgets=[1]).frontier
    )
    estimate = gd.fuel(mali, n_members=20).probabilities
    assert np.array_equal(estimate, fuel_model(mali, n_members=20).probabilities, equal_nan=True)


@pytest.mark.parametrize(
    ("call", "part"),
    [
        (lambda mali: gd.reliability(mali, gd.Scenario()), "no date"),
        (lambda mali: gd.plan(mali, gd.Scenario(preset="phase-4"), what="stock"), "preset"),
        (lambda mali: gd.plan(mali, gd.Scenario(), what="build"), "reopen, keep_open, stock"),
        (lambda mali: gd.fuel(mali, gd.Scenario(preset="phase-4")), "preset"),
    ],
)
def test_a_question_of_what_is_uncertain_names_what_it_lacks(mali, call, part):
    with pytest.raises(gd.GeodataError, match=part):
        call(mali)
