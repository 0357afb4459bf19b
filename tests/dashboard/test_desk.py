"""The desk on the page: who may write, and an event that closes its road after a restart."""

import datetime as dt

import pytest

from dashboard.api.questions import _held as api_held
from dashboard.session import datasets
from dashboard.session import desk as session_desk
from dashboard.views.desk import events as events_view
from dashboard.views.desk import remarks as remarks_view
from dashboard.views.desk import scenarios as scenarios_view
from geodata.desk.backup import back_up, put_back
from geodata.desk.database import writing
from geodata.desk.editing import add_event, edit_event, review
from geodata.desk.event_table import desk_events
from geodata.desk.journal import Kind, Status
from geodata.desk.people import Person, Role, store_role
from geodata.desk.scenarios import add_remark, save_scenario, saved_scenarios
from geodata.desk.store import opened as opened_desk
from geodata.errors import GeodataError
from geodata.i18n import text
from tests.dashboard.test_app import opened, sound
from tests.desk.conftest import AWA, BINTA, EVENT, TODAY

DESK = {"tab": "desk", "lang": "en"}
KITA = {
    **EVENT,
    "event_id": "own-1",
    "date": "2026-04-10",
    "event_type": "siege",
    "lat": "13.0349",
    "lon": "-9.4895",
    "node_id": "kita",
    "location_precision": "town",
    "confidence": "high",
}


@pytest.fixture
def url(tmp_path, monkeypatch):
    """A separate desk for one test, where names come from the page."""
    url = f"sqlite:///{tmp_path / 'desk.sqlite'}"
    monkeypatch.setenv("DESK_DATABASE", url)
    monkeypatch.setenv("DESK_ACCOUNTS", "local")
    session_desk._opened.cache_clear()
    return url


def labels(page, kind):
    return {each.label for each in page.get(kind)}


def keys(page):
    return {each.key for each in page.button}


def pressed(page, name):
    """Press the button with that key, and check that nothing failed."""
    page.button(name).click().run()
    sound(page)
    return page


def group(page, key):
    """The pills or the segmented control with that key."""
    return next(each for each in page.get("button_group") if each.key == key)


def entry(page, place="Kita"):
    """Fill in a siege that closes the roads at a place, of the spring of 2026."""
    pressed(page, "desk_add")
    page.text_input("entry_where").set_value(place).run()
    group(page, "entry_offered").set_value("0").run()
    page.date_input("entry_date").set_value(dt.date(2026, 4, 10))
    page.selectbox("entry_event_type").select("siege")
    page.selectbox("entry_effect_on_passage").select("closed")
    page.selectbox("entry_confidence").select("high")
    page.text_input("entry_source_name").set_value("Radio A").run()
    sound(page)
    return page


def named(params, name="Awa"):
    """A page of the desk on which a name was given."""
    page = opened(params)
    page.text_input("desk_name").set_value(name).run()
    return page


def told(page):
    return "".join(each.proto.body for each in page.get("html"))


def test_an_event_entered_on_the_page_closes_its_road_after_a_restart(url):
    first = opened(DESK)
    assert text("desk.begin", "en") in told(first)
    assert "desk_add" not in keys(first)
    page = named(DESK)
    assert text("desk.empty", "en") in told(page)
    assert "desk_filter_text" not in {each.key for each in page.text_input}
    page = entry(page)
    assert "Kayes · 60,147 people · on the road network" in told(page)
    assert "Kita–" in told(page)
    assert "town changes" in told(page) or "towns change" in told(page)
    assert opened_desk(url).version == 0
    pressed(page, "entry_save")
    assert "Siege · Kita, 10 April 2026 is proposed" in told(page)
    desk = opened_desk(url)
    ((_, event),) = [item for item in desk.records() if item[0] == Kind.EVENT]
    assert desk.records()[Kind.EVENT, event].values["node_id"] == "kita"
    assert page.query_params["desk"] == "1"
    review(desk, BINTA, [event], Status.REVIEWED, base=1)
    session_desk._opened.cache_clear()
    again = opened({**DESK, "desk": "2", "date": "2026-04-20"})
    sound(again)
    assert event in set(datasets.at_desk("2").dataset.events["event_id"])


def test_a_backup_put_back_under_a_running_server_is_seen_at_once(url, tmp_path, monkeypatch):
    """Version 2 before and after are two saves; so is it through the API and on an open page."""
    monkeypatch.setattr(session_desk, "ASK_SECONDS", 0.0)
    desk = opened_desk(url)
    add_event(desk, AWA, KITA, today=TODAY)
    back_up(desk, tmp_path / "desk.backup")
    add_event(desk, AWA, {**KITA, "event_id": "gone-1"}, today=TODAY)
    review(desk, BINTA, ["own-1", "gone-1"], Status.REVIEWED, base=2)
    page = opened({**DESK, "desk": "3", "date": "2026-04-20"})
    assert {"own-1", "gone-1"} <= set(datasets.at_desk("3").dataset.events["event_id"])
    assert "desk_pick_gone-1" in keys(page)
    seen, records = session_desk.newest(), desk.records()
    other = f"sqlite:///{tmp_path / 'other.sqlite'}"
    put_back(opened_desk(other), tmp_path / "desk.backup")
    review(opened_desk(other), BINTA, ["own-1"], Status.REVIEWED, base=1)
    add_event(opened_desk(other), AWA, {**KITA, "event_id": "new-1"}, today=TODAY)
    for ending in ("", "-wal", "-shm"):
        (tmp_path / f"desk.sqlite{ending}").unlink(missing_ok=True)
    (tmp_path / "other.sqlite").rename(tmp_path / "desk.sqlite")
    assert set(datasets.at_desk("3p").dataset.events["event_id"]) >= {"own-1", "new-1"}
    assert "gone-1" not in set(datasets.at_desk("3").dataset.events["event_id"])
    assert session_desk.newest().version == seen.version == 3
    assert session_desk.newest() != seen
    assert desk.records() != records
    assert desk.records() == opened_desk(url).records()
    assert "new-1" in api_held("3p").dataset.events["event_id"].to_numpy()
    page.run()
    sound(page)
    assert "desk_pick_gone-1" not in keys(page)


def test_while_the_database_is_away_the_version_that_was_read_stays_in_use(url, tmp_path):
    desk = opened_desk(url)
    add_event(desk, AWA, KITA, today=TODAY)
    review(desk, BINTA, ["own-1"], Status.REVIEWED, base=1)
    before = datasets.at_desk("2")
    (tmp_path / "desk.sqlite").rename(tmp_path / "away")
    session_desk._answers.at = -1e9
    assert session_desk.newest().version == -1
    assert datasets.at_desk("2") is before
    with pytest.raises(GeodataError):
        datasets.at_desk("1")


def test_a_known_event_is_offered_and_takes_a_second_report(url):
    add_event(opened_desk(url), BINTA, KITA, today=TODAY)
    page = entry(named({**DESK, "desk": "1"}))
    assert "may already be known" in told(page)
    assert page.button("entry_save").disabled
    pressed(page, "entry_same_own-1")
    page.text_input("entry_source_name").set_value("Radio B")
    page.text_input("entry_fatalities_high").set_value("4").run()
    pressed(page, "entry_save")
    values = opened_desk(url).records()[Kind.EVENT, "own-1"].values
    assert values["source_name"] == "Radio A; Radio B"
    assert values["fatalities_high"] == "4"


def test_two_editors_of_one_field_see_both_values_and_choose(url):
    desk = opened_desk(url)
    add_event(desk, BINTA, KITA, today=TODAY)
    page = named({**DESK, "desk": "1"})
    pressed(page, "desk_pick_own-1")
    pressed(page, "desk_back")
    assert "desk_edit" not in keys(page)
    pressed(page, "desk_pick_own-1")
    pressed(page, "desk_edit")
    assert "60,147 people" in told(page)
    edit_event(desk, BINTA, "own-1", {"summary": "theirs", "actor": "JNIM"}, base=1, today=TODAY)
    page.text_area("entry_summary").set_value("mine").run()
    pressed(page, "entry_save")
    assert desk.records()[Kind.EVENT, "own-1"].values["summary"] == "theirs"
    sides = [each.replace("\\", "") for each in page.radio("entry_clash_summary").options]
    assert sides == ["Yours: mine", "Binta: theirs"]
    pressed(page, "entry_decide")
    pressed(page, "entry_save")
    values = desk.records()[Kind.EVENT, "own-1"].values
    assert (values["summary"], values["actor"]) == ("mine", "JNIM")
    assert text("desk.edit_title", "en") in told(page)


def test_a_name_of_two_places_stays_without_a_point_until_one_is_chosen(url):
    page = named(DESK)
    pressed(page, "desk_add")
    page.text_input("entry_where").set_value("Kaye").run()
    assert len(group(page, "entry_offered").options) == 2
    page.date_input("entry_date").set_value(dt.date(2026, 4, 10))
    page.text_input("entry_source_name").set_value("Radio A").run()
    pressed(page, "entry_save")
    ((_, values),) = [(i, r.values) for i, r in opened_desk(url).records().items()]
    assert (values["place"], values["location_precision"]) == ("Kaye", "region")
    assert not values.get("lat")


def test_events_are_filtered_reviewed_together_and_the_last_save_is_undone(url):
    desk = opened_desk(url)
    for event, kind in (("a", "siege"), ("b", "ambush"), ("c", "siege")):
        add_event(desk, BINTA, {**KITA, "event_id": event, "event_type": kind}, today=TODAY)
    add_event(desk, AWA, {**KITA, "event_id": "own"}, today=TODAY)
    page = named({**DESK, "desk": "4"})
    assert page.checkbox("desk_choose_own").disabled
    page.multiselect("desk_filter_type").select("siege").run()
    assert "Matching: 3 of 4" in told(page)
    pressed(page, "desk_choose_all")
    pressed(page, "desk_decide_reviewed")
    status = {item: str(each.status) for (_, item), each in desk.records().items()}
    assert status == {"a": "reviewed", "b": "proposed", "c": "reviewed", "own": "proposed"}
    pressed(page, "desk_undo")
    assert {str(each.status) for each in desk.records().values()} == {"proposed"}
    assert len(desk_events(desk).events) == 0


def test_a_database_that_is_gone_takes_nothing_that_was_entered(url, tmp_path):
    add_event(opened_desk(url), BINTA, {**KITA, "date": "2026-01-10"}, today=TODAY)
    page = entry(named({**DESK, "desk": "1"}))
    (tmp_path / "desk.sqlite").rename(tmp_path / "away")
    page.button("entry_save").click().run()
    assert not page.exception
    assert any("does not answer" in each.value for each in page.error)
    assert page.text_input("entry_source_name").value == "Radio A"
    (tmp_path / "away").rename(tmp_path / "desk.sqlite")
    pressed(page, "entry_save")
    assert opened_desk(url).version == 2


def test_scenarios_and_remarks_are_kept_listed_and_removed(url):
    page = named({**DESK, "cut": "gao--bourem", "cut_by": "road/RN6"})
    group(page, "desk_part").set_value("scenarios").run()
    # What would be saved is said whole: the day, what moves, and each way of cutting.
    for part in ("Fuel by tanker", "1 road cut", "1 corridor, road number or area cut"):
        assert part in told(page)
    page.text_input("desk_scenario_title").set_value("Gao cut").run()
    pressed(page, "desk_scenario_save")
    desk = opened_desk(url)
    (saved,) = saved_scenarios(desk)
    assert "cut=gao--bourem" in saved.query
    pressed(page, f"desk_copy_{saved.token}")
    assert {each.title for each in saved_scenarios(desk)} == {"Gao cut", "Copy of Gao cut"}
    version = add_event(desk, AWA, KITA, today=TODAY).version
    add_remark(desk, BINTA, "gao", "No event.")
    page = named({**DESK, "desk": str(version)})
    assert "desk_newest" not in keys(page)
    group(page, "desk_part").set_value("scenarios").run()
    pressed(page, f"desk_open_{saved.token}")
    assert page.query_params["cut"] == "gao--bourem"
    assert "desk" not in page.query_params
    group(page, "choose_page").set_value("desk").run()
    group(page, "desk_part").set_value("scenarios").run()
    pressed(page, f"desk_withdraw_{saved.token}")
    assert [each.title for each in saved_scenarios(desk)] == ["Copy of Gao cut"]
    add_remark(desk, BINTA, "gao", "<b>The ferry</b> runs.")
    group(page, "desk_part").set_value("remarks").run()
    sound(page)
    assert "&lt;b&gt;The ferry" in told(page)


def test_a_view_without_a_link_begins_with_the_newest_version(url):
    add_event(opened_desk(url), AWA, KITA, today=TODAY)
    page = opened()
    sound(page)
    assert page.query_params["desk"] == "1"


def test_a_server_lets_nobody_write_until_it_knows_where_names_come_from(url, monkeypatch):
    add_event(opened_desk(url), AWA, KITA, today=TODAY)
    monkeypatch.delenv("DESK_ACCOUNTS")
    page = opened(DESK)
    sound(page)
    assert "Add an event" not in labels(page, "button")
    assert "Your name" not in labels(page, "text_input")


@pytest.mark.parametrize(
    ("role", "proof"), [*((role, "secret") for role in Role), (Role.REVIEWER, "guessed")]
)
def test_a_proxys_user_may_do_what_the_role_allows(url, monkeypatch, role, proof):
    monkeypatch.setenv("DESK_ACCOUNTS", "header:X-Remote-User")
    desk = opened_desk(url)
    add_event(desk, AWA, KITA, today=TODAY)
    with writing(desk.engine) as connection:
        store_role(connection, Person("c@example.org", "Cheick", role))
    monkeypatch.setenv("DESK_PROXY_SECRET", "secret")
    sent = {"X-Remote-User": "c@example.org", "X-Desk-Proxy": proof}
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.headers", sent)
    page = opened(DESK)
    sound(page)
    buttons = {each.label for each in page.button}
    trusted = proof == "secret"
    assert ("Add an event" in buttons) == (trusted and role != Role.VIEWER)
    assert ("Select all on this page" in buttons) == (trusted and role == Role.REVIEWER)
    reads_all = trusted and role != Role.VIEWER
    assert ("Siege · Diboli" in {name.replace("\\", "") for name in buttons}) == reads_all
    assert (opened({**DESK, "desk": "1p"}).query_params["desk"] == "1p") == reads_all


def test_a_viewer_reads_what_may_be_published_of_a_reviewed_event(url, monkeypatch):
    desk = opened_desk(url)
    add_event(desk, AWA, {**KITA, "summary": "Told in confidence"}, today=TODAY)
    review(desk, BINTA, ["own-1"], Status.REVIEWED, base=1)
    add_remark(desk, AWA, "kita", "For the team alone")
    shown = {**DESK, "desk": "2", "date": "2026-04-10", "town": "kita"}
    full = opened(shown)
    pressed(full, "desk_pick_own-1")
    assert "Told in confidence" in told(full)
    assert "For the team alone" in told(opened({**shown, "tab": ""}))
    monkeypatch.delenv("DESK_ACCOUNTS")
    public = opened(shown)
    pressed(public, "desk_pick_own-1")
    assert "Siege · Kayes" in told(public)
    assert "Told in confidence" not in told(public)
    assert "For the team alone" not in told(opened({**shown, "tab": ""}))
    for words, found in (("kayes", True), ("diboli", False), ("confidence", False)):
        public.text_input("desk_filter_text").set_value(words).run()
        assert ("desk_pick_own-1" in keys(public)) == found, words
    group(public, "desk_part").set_value("versions").run()
    assert "desk_before" not in {each.key for each in public.number_input}
    share = opened({**shown, "tab": "share"})
    assert share.radio("share_level").options == ["Public"]


def test_long_lists_are_shown_a_sheet_at_a_time_and_searched(url, monkeypatch):
    for module, name in (
        (events_view, "LISTED"),
        (scenarios_view, "LISTED"),
        (remarks_view, "SHOWN"),
        (remarks_view, "ON_CARD"),
    ):
        monkeypatch.setattr(module, name, 2)
    desk = opened_desk(url)
    for n in range(5):
        add_event(desk, AWA, {**KITA, "event_id": f"own-{n}"}, today=TODAY)
        save_scenario(desk, AWA, f"Scenario {n}", "?v=1&cut=gao--bourem")
        add_remark(desk, AWA, "kita", f"Remark {n}")
    page = named({**DESK, "desk": "15"})

    def drawn(prefix):
        return len([key for key in keys(page) if key and key.startswith(prefix)])

    assert drawn("desk_pick_own-") == 2
    page.number_input("desk_sheet").set_value(3).run()
    assert drawn("desk_pick_own-") == 1
    for part, prefix, sheet, find in (
        ("scenarios", "desk_open_", "desk_scenario_sheet", "desk_scenario_find"),
        ("remarks", "desk_at_", "desk_remark_sheet", "desk_remark_find"),
    ):
        group(page, "desk_part").set_value(part).run()
        assert drawn(prefix) == 2
        page.number_input(sheet).set_value(3).run()
        assert drawn(prefix) == 1
        page.text_input(find).set_value("3").run()
        sound(page)
        assert drawn(prefix) == 1
    card = opened({"town": "kita", "lang": "en", "desk": "15"})
    assert told(card).count('class="sr-remark"') == 2
    assert any("3 earlier remarks" in each.value for each in card.caption)


def test_a_short_link_opens_its_scenario_and_an_unknown_one_says_so(url):
    token = save_scenario(opened_desk(url), AWA, "Gao cut", "?v=1&cut=gao--bourem&vehicle=tanker")
    page = opened({"s": token, "lang": "en"})
    sound(page)
    assert page.query_params["cut"] == "gao--bourem"
    sound(opened({"s": "nothing"}))


def test_a_link_to_a_version_that_is_not_here_opens_without_the_desk(url):
    page = opened({"desk": "7", "date": "2026-01-15"})
    sound(page)
    assert "desk" not in page.query_params
    assert page.query_params["date"] == "2026-01-15"
