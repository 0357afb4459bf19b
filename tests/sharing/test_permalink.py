"""The link: what goes in comes out, and no hostile input stops it from opening."""

import csv
import datetime as dt
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.i18n import LANGUAGES
from geodata.scenario import CLOSING, ShockAssumptions
from geodata.schema import Grouping, Measure, Traffic, Vehicle
from geodata.sharing import encoding as codes
from geodata.sharing import permalink as links
from geodata.sharing.permalink import KnownIds, Note, View, ViewState

CORPUS = Path(__file__).parents[3] / "shared" / "hostile" / "p01_permalinks.csv"
SEGMENTS = tuple(sorted(f"town{n}--town{n + 1}" for n in range(220)))
KNOWN = KnownIds(
    segments=SEGMENTS,
    supply_points=("abidjan", "dakar", "niamey"),
    towns=("gao", "mopti"),
    presets=("phase-1", "phase-2"),
    layers=("events", "rail", "rivers"),
    corridors=("Dakar-Kayes-Bamako", "Léré-Niafunké-Timbuktu"),
    regions=("Gao", "Ségou"),
    tabs=("towns", "events"),
    networks=("", "own roads"),
    rules=("half_life_days", "reach_km.point"),
    data="abc123",
)

printable = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S"], include_characters=" "),
    min_size=1,
    max_size=30,
)
any_id = printable
line = printable.map(str.strip)
days = st.dates(dt.date(2000, 1, 1), dt.date(2100, 12, 31))
ids = st.lists(any_id, max_size=12).map(tuple)
switch = line.filter(
    lambda name: bool(name) and codes.clean_label(name, codes.ID_CHARACTERS) == name
)
chance = st.floats(0, 1).map(lambda value: round(value, 6))
number = st.floats(-999_999, 999_999).map(lambda value: round(value, 6))


def states(compare: bool = True) -> st.SearchStrategy[ViewState]:
    base = st.builds(
        ViewState,
        cut=ids,
        reopen=ids,
        off=ids,
        vehicle=st.sampled_from(Vehicle),
        traffic=st.sampled_from(Traffic),
        by=st.sampled_from(Measure),
        date=st.none() | days,
        window=st.integers(1, 366),
        rules=st.lists(
            st.tuples(st.from_regex(r"[a-z_.]{1,20}", fullmatch=True), number), max_size=4
        ).map(tuple),
        shocks=st.builds(
            ShockAssumptions,
            by=st.sampled_from(Grouping),
            together=chance,
            on=st.lists(st.tuples(switch, chance), max_size=3, unique_by=lambda pair: pair[0]),
            closing=st.lists(chance, min_size=3, max_size=3).map(
                lambda chances: tuple(zip(CLOSING, sorted(chances), strict=True))
            ),
        ),
        preset=st.none() | any_id,
        lang=st.none() | st.sampled_from(LANGUAGES),
        town=st.none() | any_id,
        way=st.lists(any_id, max_size=2, unique=True).map(tuple),
        view=st.none()
        | st.builds(View, st.floats(-90, 90), st.floats(-180, 180), st.floats(0, 22)),
        hide=ids,
        show=ids,
        corridor=ids,
        region=ids,
        tab=line,
        title=line,
        notes=st.lists(st.builds(Note, any_id, line, line, st.none() | days, line), max_size=3).map(
            tuple
        ),
        network=line,
        data=st.from_regex(r"[0-9a-f]{0,64}", fullmatch=True),
    )
    if not compare:
        return base
    return st.builds(links.comparing, base, states(compare=False)) | base


@given(states())
def test_a_link_gives_back_the_state_it_was_made_from(state: ViewState) -> None:
    opened, notices = links.parse(links.format(state))
    kept = state if links.notes_fit(state) else replace(state, notes=())
    assert opened == kept
    assert notices == ()


@given(states())
def test_parameters_give_back_the_state_too(state: ViewState) -> None:
    kept = state if links.notes_fit(state) else replace(state, notes=())
    assert links.parse(links.params(state))[0] == kept


@given(states(compare=False), states(compare=False))
def test_the_scenario_compared_with_is_given_back(state: ViewState, other: ViewState) -> None:
    got = links.compared(links.comparing(state, other))
    assert got is not None
    for name in ("cut", "reopen", "off", "vehicle", "traffic", "by", "date", "window", "preset"):
        assert getattr(got, name) == getattr(other, name)
    assert got.rules == state.rules
    assert got.shocks == state.shocks


def test_closing_probabilities_that_do_not_rise_are_named_and_the_rest_kept() -> None:
    state, (notice,) = links.parse("shocks=together:0.5,closing.closed:0.1,closing.contested:0.1")
    assert state.shocks == ShockAssumptions(together=0.5)
    assert notice.key == "state.unknown_shocks"
    risen = links.parse("shocks=closing.escort_only:0.1,closing.closed:0.1")[0].shocks
    assert risen == ShockAssumptions(closing=[("escort_only", 0.1), ("closed", 0.1)])
    for wrong in ("closing.open:0.1", "closing.closed:7", "closing.:0.9"):
        state, notices = links.parse(f"shocks={wrong}")
        assert state.shocks == ShockAssumptions()
        assert [each.key for each in notices] == ["state.unknown_shocks"]


def test_shocks_that_cannot_be_used_are_named_and_the_others_kept() -> None:
    query = "shocks=together:1.5,by:weather,on.RN1:0.25,on.:0.5,RN2:0.5"
    state, notices = links.parse(query)
    assert state.shocks == ShockAssumptions(on=[("RN1", 0.25)])
    (notice,) = notices
    assert notice.key == "state.unknown_shocks"
    assert notice.params["n"] == 4


def test_blanks_at_the_ends_of_an_id_travel_and_those_around_a_comma_do_not_count() -> None:
    state = ViewState(cut=(" a", "b ", " ", "c d"))
    assert links.parse(links.format(state))[0] == state
    assert links.parse("cut=a , b,c d ")[0].cut == ("a", "b", "c d")


@given(st.text(max_size=300))
def test_any_query_opens(query: str) -> None:
    state, notices = links.parse(query, known=KNOWN)
    assert set(state.cut) <= set(SEGMENTS)
    for notice in notices:
        for lang in LANGUAGES:
            assert notice.text(lang)


wild = st.text(max_size=40)
names = st.sampled_from(("v", *links.ORDER)) | wild
nested = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | wild,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(wild, inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(names, nested, max_size=6))
def test_any_parameters_open_and_what_opens_can_be_linked_again(query: dict[str, object]) -> None:
    state, _ = links.parse(query, known=KNOWN)
    again, notices = links.parse(links.format(state), known=replace(KNOWN, data=""))
    assert again == state
    assert notices == ()


def test_a_typical_link_is_short_and_readable() -> None:
    state = ViewState(
        cut=("gao--bourem", "sevare--mopti", "didieni--kolokani"),
        reopen=("sikasso--zegoua",),
        off=("dakar",),
        vehicle=Vehicle.TANKER,
        date=dt.date(2026, 1, 7),
        compare="2025-10-06",
        lang="fr",
        town="mopti",
        view=View(14.5123, -4.1987, 6.5),
        data="1a2b3c4d",
    )
    link = links.format(state)
    assert len(link) < 300
    for part in (
        "cut=gao--bourem,sevare--mopti,didieni--kolokani",
        "date=2026-01-07",
        "view=14.5123,-4.1987,6.5",
    ):
        assert part in link


def test_150_cuts_fit_in_a_short_link_and_keep_their_order() -> None:
    cuts = SEGMENTS[150:0:-1]
    link = links.format(ViewState(cut=cuts), known=KNOWN)
    assert len(link) < 300
    assert links.parse(link, known=KNOWN) == (ViewState(cut=cuts), ())


def test_a_compact_list_is_not_read_against_another_network() -> None:
    link = links.format(ViewState(cut=SEGMENTS[:150]), known=KNOWN)
    other = replace(KNOWN, segments=(*SEGMENTS[1:], "x--y"))
    state, notices = links.parse(link, known=other)
    assert state.cut == ()
    assert [notice.key for notice in notices] == ["state.packed_for_other_network"]


@given(st.lists(st.sampled_from(SEGMENTS), unique=True), st.text(max_size=12))
def test_a_damaged_compact_list_never_gives_unknown_ids(cuts: list[str], damage: str) -> None:
    packed = codes.pack(cuts, SEGMENTS)
    assert packed is not None
    assert codes.unpack(packed, SEGMENTS) == tuple(cuts)
    got = codes.unpack(packed[:7] + damage + packed[9:], SEGMENTS)
    assert got is None or set(got) <= set(SEGMENTS)


def test_lists_may_be_joined_repeated_or_both() -> None:
    query = f"cut={SEGMENTS[0]},{SEGMENTS[1]}&cut={SEGMENTS[2]}&cut={SEGMENTS[0]}"
    assert links.parse(query, known=KNOWN) == (ViewState(cut=SEGMENTS[:3]), ())


def test_a_whole_address_opens_too() -> None:
    assert links.parse("https://example.org/app/?v=1&lang=fr#map") == (ViewState(lang="fr"), ())


def test_unknown_ids_are_counted_and_named_and_the_others_kept() -> None:
    unknown = ",".join(f"x{n}" for n in range(10_000))
    state, notices = links.parse(f"cut={SEGMENTS[3]},{unknown}", known=KNOWN)
    assert state.cut == (SEGMENTS[3],)
    unknown_ids = next(n for n in notices if n.key == "state.unknown_segments")
    assert unknown_ids.text("en").startswith("10,000 segments of the link are unknown")
    assert "x0, x1, x2 …" in unknown_ids.text("en")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("window", "-5"),
        ("window", "9" * 400),
        ("window", "NaN"),
        ("window", "1e3"),
        ("window", "٣٠"),
        ("window", "0"),
        ("window", "367"),
        ("date", "-0001-01-01"),
        ("date", "2025-02-30"),
        ("date", "2025-09-30..2025-01-01"),
        ("date", "1999-12-31"),
        ("date", "٢٠٢٥-٠١-٠١"),
        ("lang", "javascript:window.__pwn=1"),
        ("lang", "../../etc/passwd"),
        ("vehicle", "TANK"),
        ("traffic", "\x00"),
        ("by", "miles"),
        ("view", "inf,0,5"),
        ("view", "91,0,5"),
        ("view", "1,2"),
        ("town", "atlantis"),
        ("preset", "phase-99"),
        ("compare", "phase-99"),
        ("compare", "colour:red"),
        ("tab", "<b>"),
        ("network", "../secrets"),
        ("data", "{{7*7}}"),
    ],
)
def test_a_bad_value_falls_back_and_is_named(name: str, value: str) -> None:
    state, notices = links.parse(f"{name}={quote(value)}", known=KNOWN)
    assert state == ViewState() or (name == "compare" and links.compared(state) is not None)
    assert any(notice.params.get("name") == name for notice in notices)


def test_of_a_repeated_single_value_the_last_counts() -> None:
    state, notices = links.parse("window=30&window=90", known=KNOWN)
    assert state.window == 90
    assert [notice.key for notice in notices] == ["state.repeated"]


def test_a_link_made_on_other_data_says_so() -> None:
    _, notices = links.parse("data=0000000000000000", known=KNOWN)
    assert [notice.key for notice in notices] == ["state.data_differ"]


def test_a_link_of_a_newer_version_says_so_and_opens() -> None:
    state, notices = links.parse("v=2&lang=fr", known=KNOWN)
    assert state.lang == "fr"
    assert [notice.key for notice in notices] == ["state.newer_version"]


def test_comparing_with_a_date_keeps_the_cuts() -> None:
    state, _ = links.parse(f"cut={SEGMENTS[0]}&compare=2025-10-01", known=KNOWN)
    assert links.compared(state) == ViewState(cut=(SEGMENTS[0],), date=dt.date(2025, 10, 1))


def test_comparing_with_nothing_keeps_only_vehicle_and_traffic() -> None:
    query = f"cut={SEGMENTS[0]}&date=2025-10-01&vehicle=tanker&off=dakar&compare=none"
    other = links.compared(links.parse(query, known=KNOWN)[0])
    assert other == ViewState(vehicle=Vehicle.TANKER)


def test_a_comparison_drops_ids_that_are_not_here_and_names_them() -> None:
    state, notices = links.parse(f"compare=cut:zz,{SEGMENTS[1]};off:dakar", known=KNOWN)
    assert state.compare == f"cut:{SEGMENTS[1]};off:dakar"
    assert [notice.key for notice in notices] == ["state.unknown_segments"]


def test_notes_too_long_for_a_link_are_left_to_the_snapshot() -> None:
    notes = tuple(Note(SEGMENTS[n], reason="r" * 300) for n in range(8))
    state = ViewState(cut=SEGMENTS[:8], notes=notes)
    assert not links.notes_fit(state)
    assert "note=" not in links.format(state)


def test_free_text_is_one_short_line_without_hidden_characters() -> None:
    note = Note("a", reason="safe\x00\n\u202eevil\u202c " + "x" * 400)
    assert note.reason.startswith("safe evil xxx")
    assert len(note.reason) == 300


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of tampered links is not here")
def test_the_corpus_of_tampered_links() -> None:
    filled = {
        "IDS": "cut",
        "ID1": SEGMENTS[0],
        "INT": "window",
        "DATE": "date",
        "LANG": "lang",
        "DATAHASH": "data",
    }
    silent = {"repeated_id"}
    with CORPUS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 20
    for row in rows:
        query = row["query_template"]
        for name, value in filled.items():
            query = query.replace("{" + name + "}", value)
        started = time.perf_counter()
        state, notices = links.parse(query, known=KNOWN)
        assert time.perf_counter() - started < 2
        assert bool(notices) != (row["name"] in silent), row["name"]
        assert set(state.cut) <= {SEGMENTS[0]}, row["name"]
        assert len(" ".join(notice.text("fr") for notice in notices)) < 600


def test_a_link_whose_ampersands_were_escaped_opens_the_same_view() -> None:
    query = f"v=1&date=2025-11-05&vehicle=tanker&cut={SEGMENTS[0]}"
    escaped = query.replace("&", "&amp;")
    assert links.parse(escaped, known=KNOWN) == links.parse(query, known=KNOWN)
    named = dict(pair.split("=") for pair in escaped.split("&"))
    assert links.parse(named, known=KNOWN) == links.parse(query, known=KNOWN)
