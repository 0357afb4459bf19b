"""The page run without a browser, but with what a browser remembers of its widgets.

A browser sends for every widget what was last typed or chosen in it, or what the server last
set it to. Streamlit's `AppTest` sends what the newest page says instead, so that it never sends
a label of the language that the page had before.
"""

from pathlib import Path
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Widget

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"
TRIGGERS = ("button", "download_button")


class Remembering(AppTest):
    """An `AppTest` that sends what a browser would send."""

    def _run(
        self, widget_state: WidgetStates | None = None, timeout: float | None = None
    ) -> AppTest:
        if widget_state is not None:
            widget_state = self._remembered(widget_state)
        ran = super()._run(widget_state, timeout)
        untouched = {node.id: node._value for node in self._tree if isinstance(node, Widget)}
        self.__dict__["untouched"] = untouched
        return ran

    def send(self, state: WidgetState) -> None:
        """Run with what the browser sends for one widget, of a kind that `AppTest` may not know."""
        self.__dict__["sent"] = state
        self.run()

    def _remembered(self, newest: WidgetStates) -> WidgetStates:
        before: dict[str, WidgetState] = self.__dict__.get("memory", {})
        untouched: dict[str, Any] = self.__dict__.get("untouched", {})
        widgets = {node.id: node for node in self._tree if isinstance(node, Widget)}
        memory = {name: state for name, state in before.items() if name in self._others()}
        for state in newest.widgets:
            node = widgets[state.id]
            touched = node._value is not untouched.get(state.id)
            told = touched or node.type in TRIGGERS or getattr(node.proto, "set_value", False)
            memory[state.id] = state if told else before.get(state.id, state)
        sent: WidgetState | None = self.__dict__.pop("sent", None)
        if sent is not None:
            memory[sent.id] = sent
        self.__dict__["memory"] = memory
        return WidgetStates(widgets=memory.values())

    def _others(self) -> set[str]:
        """Widgets that `AppTest` takes for mere elements or containers: tables, folds, the map."""
        protos = [getattr(node, "proto", None) for node in self._tree]
        parts = [*protos, *(getattr(proto, "popover", None) for proto in protos)]
        return {getattr(part, "id", "") for part in parts} - {
            node.id for node in self._tree if isinstance(node, Widget)
        }


def opened(query: dict[str, Any]) -> Remembering:
    """The page as a link opens it."""
    page = Remembering(str(APP), default_timeout=120)
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    return page
