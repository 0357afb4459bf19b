"""A click sent before the page knew of the last run changes nothing that nobody touched."""

import asyncio
from urllib.parse import parse_qs

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.session.places import PANELS
from tests.benchmarks.load.visitor import Visitor
from tests.support.server import Server


def boxes(visitor: Visitor) -> dict[str, str]:
    """Ids of the supply points' boxes drawn for a visitor, by point."""
    found = {}
    for raw in visitor.kept or ():
        message = ForwardMsg()
        message.ParseFromString(raw)
        widget = message.delta.new_element.checkbox.id
        if "-supply_" in widget:
            found[widget.partition("-supply_")[2]] = widget
    return found


def link(visitor: Visitor) -> str:
    """The link that the page was last given."""
    given = ""
    for raw in visitor.kept or ():
        message = ForwardMsg()
        message.ParseFromString(raw)
        given = message.page_info_changed.query_string or given
    return given


def off(query: str) -> set[str]:
    """The supply points that a link switches off."""
    return set(parse_qs(query)["off"][0].split(","))


def late(visitor: Visitor, ticked: dict[str, bool]) -> BackMsg:
    """A click on the panel of the scenario from a page that still shows the boxes."""
    widget, fragment, labels = visitor._choices["choose_panel"]
    message = visitor._asking(fragment)
    chosen = message.rerun_script.widget_states.widgets.add()
    chosen.id = widget
    chosen.string_array_value.data.append(labels[PANELS.index("scenario")])
    for box, value in ticked.items():
        state = message.rerun_script.widget_states.widgets.add()
        state.id, state.bool_value = box, value
    return message


def test_boxes_sent_again_switch_nothing_and_one_that_was_unticked_does(
    shipped_app: Server,
) -> None:
    async def visit() -> tuple[str, str, str]:
        url = shipped_app.url.replace("http", "ws")
        visitor = Visitor(url, "lang=en&tab=scenario&off=dakar", kept=[])
        await visitor.open()
        points = boxes(visitor)
        assert len(points) == 10
        as_drawn = {box: point != "dakar" for point, box in points.items()}
        await visitor.choose("choose_panel", PANELS.index("situation"))
        away = visitor.query = link(visitor)
        await visitor._run(late(visitor, as_drawn))
        again = visitor.query = link(visitor)
        await visitor.choose("choose_panel", PANELS.index("situation"))
        visitor.query = link(visitor)
        await visitor._run(late(visitor, {**as_drawn, points["abidjan"]: False}))
        await visitor.close()
        return away, again, link(visitor)

    away, again, unticked = asyncio.run(visit())
    assert "tab=scenario" not in away
    assert "tab=scenario" in again
    assert off(again) == {"dakar"}
    assert off(unticked) == {"abidjan", "dakar"}
