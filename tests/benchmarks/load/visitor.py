"""One visitor of the app, as its websocket sees one: opens a link, clicks roads, reads towns."""

import asyncio
import base64
import json
import re
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import Final

import httpx
import requests
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from dashboard.runtime.session_answers import PATH as ANSWERS
from dashboard.session.places import PAGES, PANELS

PATH: Final = "/_stcore/stream"
LARGEST_MESSAGE: Final = 64 * 2**20
SILENT_SECONDS: Final = 20
WHOLE_PAGE: Final = ForwardMsg.FINISHED_SUCCESSFULLY
"""What the end of a run of the whole page says: parts that it did not name are gone."""

HEADING: Final = "sr-by_closure"
"""In the heading of the list of towns without supply, which a list follows unless it is empty."""

LISTS: Final = ("list_lost", "list_by_closure")
STATE: Final = re.compile(r"supplyRoutes\.show\(\W*([A-Za-z0-9+/]+=*)")
"""The map's state, in the script that shows it."""


@dataclass
class Visitor:
    """A session: its connection, what it has cut, and what it was last shown.

    Parameters
    ----------
    url : str
        ``ws://127.0.0.1:PORT``.
    query : str
        Query string of the link opened.
    headers : mapping of str to str
        Sent beside the browser's own, as a proxy does that names its users.
    token : str
        Against cross-site requests, from its cookie; without it nobody is logged in.
    kept : list of bytes, optional
        Takes every message as it came.
    noted : re.Pattern, optional
        With a number as its group: what the page says of it is noted in `shown`.
    shown : mapping of int to float
        Moment at which each such number was first shown, in seconds since 1970.
    """

    url: str
    query: str
    headers: Mapping[str, str] = field(default_factory=dict)
    token: str = ""
    kept: list[bytes] | None = None
    noted: re.Pattern[str] | None = None
    shown: dict[int, float] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)
    lost: list[str] | None = None
    received: int = 0
    failed: bool = False
    _socket: ClientConnection | None = None
    _session: str = ""
    _uploaders: dict[str, tuple[str, str]] = field(default_factory=dict)
    _buttons: dict[str, tuple[str, str]] = field(default_factory=dict)
    _choices: dict[str, tuple[str, str, list[str]]] = field(default_factory=dict)
    _fields: dict[str, tuple[str, str]] = field(default_factory=dict)
    _asked_for: dict[str, float] = field(default_factory=dict)
    _told_of: dict[str, float] = field(default_factory=dict)
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    _hearing: "asyncio.Future[str | bytes] | None" = None
    _map: tuple[str, str] = ("", "")
    _shown_state: str = ""
    _web: httpx.AsyncClient | None = None
    _page: str = ""
    _number: int = 0

    async def open(self) -> float:
        """Open the link; seconds until the first run is done."""
        began = time.perf_counter()
        self._socket = await connect(
            self.url + PATH,
            subprotocols=["streamlit", *([self.token] if self.token else [])],
            max_size=LARGEST_MESSAGE,  # type: ignore[list-item]
            additional_headers=dict(self.headers),
            origin=self.url.replace("ws", "http", 1),
            open_timeout=30,  # type: ignore[arg-type]
        )
        message = BackMsg()
        message.rerun_script.query_string = self.query
        await self._run(message)
        return time.perf_counter() - began

    async def click(self, segment: str) -> float:
        """Cut or reopen a segment on the map; seconds until the run that follows is done."""
        self.cut ^= {segment}
        return await self.tap("segment", segment)

    async def tap(self, kind: str, name: str) -> float:
        """Click something on the map; seconds until the run that follows is done."""
        self._number = max(self._number + 1, int(time.time() * 1000))
        value = {"kind": kind, "id": name, "n": self._number, "before": []}
        return await self._change(self._map, "json_value", json.dumps(value))

    async def rest(self, segment: str) -> tuple[float, list[str] | None]:
        """Rest on a road of the map, which then asks what a click there would change.

        Returns
        -------
        seconds, towns
            How long the answer takes, and the towns that would be listed; None without an answer.
        """
        state = STATE.search(self._shown_state)
        token = json.loads(base64.b64decode(state[1])).get("effects", "") if state else ""
        if self._web is None:
            home = self.url.replace("ws", "http", 1)
            # Unlike a browser it does not ask once more on a connection that has just been closed.
            each_its_own = httpx.Limits(max_keepalive_connections=0)
            self._web = httpx.AsyncClient(
                base_url=home, verify=False, timeout=60, limits=each_its_own
            )
        began = time.perf_counter()
        answer = await self._web.get(ANSWERS, params={"of": token, "about": segment})
        took = time.perf_counter() - began
        if answer.status_code != httpx.codes.OK:
            return took, None
        return took, [_without_people(name) for name in answer.json()["towns"]["names"]]

    async def upload(self, uploader: str, name: str, content: bytes) -> float:
        """Give a file to the uploader of that key; seconds until the run that follows is done.

        The way a browser does: ask for an address, send the file there with the token against
        cross-site requests, then run the page with the file in the uploader's state.
        """
        began = time.perf_counter()
        asked = BackMsg()
        asked.file_urls_request.request_id = str(began)
        asked.file_urls_request.file_names.append(name)
        asked.file_urls_request.session_id = self._session
        found = (await self._answer(asked, "file_urls_response")).file_urls_response.file_urls[0]
        home = self.url.replace("ws", "http", 1)
        await asyncio.to_thread(_put, home, found.upload_url, name, content)
        widget, fragment = self._uploaders[uploader]
        message = self._asking(fragment)
        state = message.rerun_script.widget_states.widgets.add()
        state.id = widget
        file = state.file_uploader_state_value.uploaded_file_info.add()
        file.name, file.size, file.file_id = name, len(content), found.file_id
        file.file_urls.CopyFrom(found)
        await self._run(message)
        return time.perf_counter() - began

    def sees(self, button: str) -> bool:
        """Whether the button of that key was ever drawn for this visitor."""
        return button in self._buttons

    async def press(self, button: str) -> float:
        """Press the button of that key; seconds until the run that follows is done.

        A run for news may end just before the one that draws the button: it is waited for.
        """
        last = time.monotonic() + SILENT_SECONDS
        while button not in self._buttons and (left := last - time.monotonic()) > 0:
            await self._hear(left)
        return await self._change(self._buttons[button], "trigger_value", True)

    async def interrupt(self, button: str) -> None:
        """Press a button during a run: a task that waits for its end waits for the next one's."""
        if self._socket is None:
            raise ConnectionError("the visitor has not opened the page")
        widget, fragment = self._buttons[button]
        message = self._asking(fragment)
        state = message.rerun_script.widget_states.widgets.add()
        state.id, state.trigger_value = widget, True
        await self._socket.send(message.SerializeToString())

    async def write(self, name: str, content: str) -> float:
        """Fill in the text field of that key; seconds until the run that follows is done."""
        return await self._change(self._fields[name], "string_value", content)

    async def _change(self, drawn: tuple[str, str], kind: str, value: str | bool) -> float:
        """Give a widget a value of a kind; seconds until the run that follows is done."""
        widget, fragment = drawn
        message = self._asking(fragment)
        state = message.rerun_script.widget_states.widgets.add()
        state.id = widget
        setattr(state, kind, value)
        began = time.perf_counter()
        await self._run(message)
        return time.perf_counter() - began

    async def stay(self) -> None:
        """Read what the server sends by itself, and ask for parts that run by themselves.

        A part is asked for as often as the page tells a browser to.
        """
        asked: dict[str, float] = {}
        while True:
            await asyncio.sleep(0)
            now = time.monotonic()
            due = {
                name: asked.setdefault(name, now) + every for name, every in self._asked_for.items()
            }
            async with self._one_at_a_time:
                await self._hear(min(due.values(), default=now + SILENT_SECONDS) - now)
            for fragment, moment in due.items():
                if time.monotonic() >= moment and fragment in self._asked_for:
                    asked[fragment] = time.monotonic()
                    await self._ask(fragment)

    async def _hear(self, seconds: float) -> None:
        """Read one message, unless none comes for so long or somebody wants to send."""
        if self._socket is None:
            raise ConnectionError("the visitor has not opened the page")
        self._hearing = asyncio.ensure_future(self._socket.recv())
        try:
            await asyncio.wait({self._hearing}, timeout=max(seconds, 0.0))
        finally:
            self._hearing.cancel()
        with suppress(asyncio.CancelledError):
            self._take(await self._hearing)

    async def _ask(self, fragment: str) -> None:
        """Have one part run; a server is silent about one that the page no longer has."""
        message = self._asking(fragment)
        message.rerun_script.is_auto_rerun = True
        try:
            async with asyncio.timeout(SILENT_SECONDS):
                await self._run(message)
        except TimeoutError:
            self._asked_for.pop(fragment, None)

    async def choose(self, choice: str, place: int) -> float:
        """Choose the option at that place of the choice of that key; seconds the run takes."""
        widget, fragment, labels = self._choices[choice]
        message = self._asking(fragment)
        state = message.rerun_script.widget_states.widgets.add()
        state.id = widget
        state.string_array_value.data.append(labels[place])
        began = time.perf_counter()
        await self._run(message)
        return time.perf_counter() - began

    async def go(self, page: str, panel: str = "") -> None:
        """Open a page, and a panel of the map's page."""
        await self.choose("choose_page", PAGES.index(page))
        if panel:
            await self.choose("choose_panel", PANELS.index(panel))

    async def close(self) -> None:
        """Leave."""
        if self._web is not None:
            await self._web.aclose()
        if self._socket is not None:
            await self._socket.close()

    def _asking(self, fragment: str) -> BackMsg:
        """A request to run one part of the page, or with an empty name all of it."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_script_hash = self._page
        message.rerun_script.fragment_id = fragment
        return message

    async def _run(self, message: BackMsg) -> None:
        """Send one request and read until its run, and any it asks for, is over.

        A run of another part that goes on meanwhile, such as one for news, is not the answer.
        """
        asked, begun = message.rerun_script.fragment_id, False
        async with aclosing(self._answers(message)) as answers:
            async for answer in answers:
                kind = answer.WhichOneof("type")
                if kind == "new_session":
                    parts = answer.metadata.run.fragment_ids
                    begun = begun or not parts or asked in parts
                elif kind == "script_finished" and begun and self._is_last(answer):
                    return

    async def _answer(self, message: BackMsg, wanted: str) -> ForwardMsg:
        """Send one request and read up to the kind of message wanted."""
        async with aclosing(self._answers(message)) as answers:
            async for answer in answers:
                if answer.WhichOneof("type") == wanted:
                    return answer
        raise ConnectionError("the app ended the connection")

    async def _answers(self, message: BackMsg) -> AsyncGenerator[ForwardMsg, None]:
        """Send one request and yield what comes after it."""
        if self._socket is None:
            raise ConnectionError("the visitor has not opened the page")
        if self._hearing is not None:
            self._hearing.cancel()
        async with self._one_at_a_time:
            await self._socket.send(message.SerializeToString())
            async for raw in self._socket:
                yield self._take(raw)
        raise ConnectionError("the app ended the connection")

    def _take(self, raw: str | bytes) -> ForwardMsg:
        """Note what one message says of the page."""
        content = raw.encode() if isinstance(raw, str) else raw
        self.received += len(content)
        if self.kept is not None:
            self.kept.append(content)
        answer = ForwardMsg()
        answer.ParseFromString(content)
        kind = answer.WhichOneof("type")
        if kind == "new_session":
            self._page = answer.new_session.page_script_hash
            self._session = answer.new_session.initialize.session_id
            self._told_of.clear()
        elif kind == "auto_rerun":
            part = answer.auto_rerun
            self._asked_for[part.fragment_id] = self._told_of[part.fragment_id] = part.interval
        elif kind == "stop_auto_rerun":
            for fragment in answer.stop_auto_rerun.fragment_ids:
                self._asked_for.pop(fragment, None)
        elif kind == "delta":
            self._read(answer)
        elif kind == "script_finished" and answer.script_finished == WHOLE_PAGE:
            self._asked_for = dict(self._told_of)
        return answer

    @staticmethod
    def _is_last(answer: ForwardMsg) -> bool:
        early = ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return bool(answer.script_finished != early)

    def _read(self, answer: ForwardMsg) -> None:
        element = answer.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "component_instance":
            self._map = element.component_instance.id, answer.delta.fragment_id
            self._shown_state = element.component_instance.json_args
        elif kind == "file_uploader":
            widget = element.file_uploader.id
            self._uploaders[widget_key(widget)] = widget, answer.delta.fragment_id
        elif kind == "button":
            widget = element.button.id
            self._buttons[widget_key(widget)] = widget, answer.delta.fragment_id
        elif kind == "text_input":
            widget = element.text_input.id
            self._fields[widget_key(widget)] = widget, answer.delta.fragment_id
        elif kind == "markdown" and self.noted is not None:
            for number in self.noted.findall(element.markdown.body):
                self.shown.setdefault(int(number), time.time())
        elif kind == "exception":
            self.failed = True
        elif kind == "html":
            if HEADING in element.html.body:
                self.lost = []
        elif kind == "button_group":
            widget, options = element.button_group.id, element.button_group.options
            labels = [option.content for option in options]
            self._choices[widget_key(widget)] = widget, answer.delta.fragment_id, labels
            if widget.endswith(LISTS):
                self.lost = [_without_people(name) for name in labels]


def _without_people(label: str) -> str:
    """A town's name from its label in a list, which goes on with its people."""
    return re.sub(r"\\(.)|( · .*)", r"\1", label)


def widget_key(widget: str) -> str:
    """The key that the app gave a widget: what follows ``$$ID-`` and a hash, hyphens and all."""
    return widget.split("-", 2)[-1]


def _put(home: str, address: str, name: str, content: bytes) -> None:
    """Send a file to the address that the app gave for it."""
    with requests.Session() as web:
        web.get(f"{home}/_stcore/health", timeout=30)
        token = web.cookies.get("_streamlit_xsrf") or ""
        sent = web.put(
            home + address,
            files={"file": (name, content)},
            headers={"X-Xsrftoken": token},
            timeout=120,
        )
        sent.raise_for_status()
