"""The log: one JSON object a line, with nothing in it that a visitor typed, opened or chose.

A fault is logged by its kind and by where in the code it arose, never by its text: the text of an
error often repeats a value of a visitor's file or link. What Streamlit, its web server and the
event loop log goes the same way, but for requests, of which there is no log; and none of them
writes more than a few lines a second, so that nobody fills a disk by what he sends.
"""

import datetime as dt
import json
import logging
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Final

NAME: Final = "supply_routes"
PLACES: Final = 8
"""Places in the code that a fault names, the innermost last."""
LINES_A_SECOND: Final = 5.0
LINES_AT_ONCE: Final = 50.0
SERVERS: Final = frozenset({"streamlit", "uvicorn", "websockets"})
"""Loggers, with those below them, that the server's own parts write to."""


class Ration(logging.Filter):
    """Let a few lines a second pass; the next one to pass says how many were left out."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._left = LINES_AT_ONCE
        self._at = time.monotonic()
        self._left_out = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether ``record`` is written."""
        with self._lock:
            now = time.monotonic()
            self._left = min(LINES_AT_ONCE, self._left + (now - self._at) * LINES_A_SECOND)
            self._at = now
            if self._left < 1:
                self._left_out += 1
                return False
            self._left -= 1
            if self._left_out:
                record.left_out = self._left_out
                self._left_out = 0
            return True


_RATION: Final = Ration()


class JsonLineFormatter(logging.Formatter):
    """One JSON object for each record.

    Of a record's message only the fixed part is written, not the values put into it.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Write ``record`` as one line."""
        entry: dict[str, object] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(
                "T", "milliseconds"
            ),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": str(record.msg).partition("\n")[0][:200],
        }
        if record.exc_info and record.exc_info[1] is not None:
            entry |= fault_of(record.exc_info[1])
        if left_out := getattr(record, "left_out", 0):
            entry["left_out"] = left_out
        return json.dumps(entry, ensure_ascii=False)


def fault_of(error: BaseException) -> dict[str, object]:
    """Return the kind of an error and where it arose: ``state.py:120``, the innermost last."""
    frames = traceback.extract_tb(error.__traceback__)[-PLACES:]
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
    return {"fault": type(error).__name__, "at": places}


def set_up() -> logging.Logger:
    """Return the have all logs written as lines of JSON, those of the server's parts rationed.

    May be called at every run: a part may have begun a log since.
    """
    own = logging.getLogger(NAME)
    if not own.handlers:
        own.addHandler(logging.StreamHandler(sys.stderr))
        own.setLevel(logging.INFO)
        own.propagate = False
    # The last resort writes for those that have no handler, such as the event loop's log.
    others = [handler for logger in _servers() for handler in logger.handlers]
    for handler in [*others, *([logging.lastResort] if logging.lastResort else [])]:
        if _RATION not in handler.filters:
            handler.addFilter(_RATION)
        if not isinstance(handler.formatter, JsonLineFormatter):
            handler.setFormatter(JsonLineFormatter())
    for handler in own.handlers:
        handler.setFormatter(JsonLineFormatter())
    return own


def _servers() -> list[logging.Logger]:
    every = logging.Logger.manager.loggerDict
    return [
        each
        for name, each in list(every.items())
        if name.partition(".")[0] in SERVERS and isinstance(each, logging.Logger)
    ]
