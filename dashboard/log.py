"""The log: one JSON object a line, with nothing in it that a visitor typed, opened or chose.

A fault is told by its kind and by where in the code it arose, never by its text: the text of an
error often repeats a value of somebody's file or link. Streamlit's own log goes the same way;
its web server writes no log of requests.
"""

import datetime as dt
import json
import logging
import sys
import traceback
from pathlib import Path
from typing import Final

NAME: Final = "supply_routes"
PLACES: Final = 8
"""Places in the code that a fault names, the innermost last."""


class Lines(logging.Formatter):
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
        return json.dumps(entry, ensure_ascii=False)


def fault_of(error: BaseException) -> dict[str, object]:
    """Kind of an error and where it arose: ``state.py:120``, the innermost last."""
    frames = traceback.extract_tb(error.__traceback__)[-PLACES:]
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
    return {"fault": type(error).__name__, "at": places}


def set_up() -> logging.Logger:
    """Have this app's log and Streamlit's written as lines of JSON; may be called at every run."""
    own = logging.getLogger(NAME)
    if not own.handlers:
        own.addHandler(logging.StreamHandler(sys.stderr))
        own.setLevel(logging.INFO)
        own.propagate = False
    for logger in [own, *_streamlits()]:
        for handler in logger.handlers:
            if not isinstance(handler.formatter, Lines):
                handler.setFormatter(Lines())
    return own


def _streamlits() -> list[logging.Logger]:
    found = logging.Logger.manager.loggerDict
    return [
        each
        for name, each in list(found.items())
        if name.partition(".")[0] == "streamlit" and isinstance(each, logging.Logger)
    ]
