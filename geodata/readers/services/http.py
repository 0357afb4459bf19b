"""Ask a public service for JSON: over https only, within limits, with plain words for faults."""

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import requests

from geodata.errors import GeodataError

ANSWER_MB: Final = 50
"""Most that one answer may hold, in MB."""

USER_AGENT: Final = "supply-routes (humanitarian access analysis)"
_HOME: Final = {"127.0.0.1", "::1", "localhost"}


def ask(
    service: str,
    method: str,
    url: str,
    *,
    params: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    token: str | None = None,
    timeout: float = 30.0,
) -> Any:
    """Return the JSON that a service answers.

    Parameters
    ----------
    service : str
        Name for messages.
    method : {'GET', 'POST'}
    url : str
        https, or http on this machine (for tests). Redirects are not followed, so that neither
        a token nor a question ends up elsewhere.
    params, form : mapping of str to str, optional
        Query, and fields of a form to post.
    token : str, optional
        Bearer token.
    timeout : float
        Seconds to wait for a connection and between parts of the answer.

    Raises
    ------
    GeodataError
        ``connect.*``: what failed and what to do; never with a password or token in it.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HOME):
        raise GeodataError("connect.secure", url=f"{parts.scheme}://{parts.hostname}")
    headers = {"Accept": "application/json", "User-Agent": USER_AGENT}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        with requests.request(
            method,
            url,
            params=params,
            data=form,
            headers=headers,
            timeout=timeout,
            allow_redirects=False,
            stream=True,
        ) as response:
            body = _body(service, response)
    except requests.Timeout:
        raise GeodataError("connect.slow", service=service, seconds=f"{timeout:g}") from None
    except requests.RequestException:
        raise GeodataError("connect.offline", service=service) from None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise GeodataError("connect.unreadable", service=service) from None


def _body(service: str, response: requests.Response) -> bytes:
    """Return the body of a good answer, read up to the limit."""
    status = response.status_code
    if status in {400, 401, 403}:
        raise DeniedError("connect.denied", service=service)
    if status == 429:
        raise GeodataError("connect.busy", service=service)
    if status != 200:
        raise GeodataError("connect.fault", service=service, status=status)
    body = bytearray()
    for part in response.iter_content(1 << 16):
        body += part
        if len(body) > ANSWER_MB * 10**6:
            raise GeodataError("connect.unreadable", service=service)
    return bytes(body)


class DeniedError(GeodataError):
    """The service refuses the credentials or the token."""


@dataclass(frozen=True)
class Answer:
    """Rows of a service and when they were fetched.

    ``stale`` says that the service could not be reached and an older answer is used.
    """

    rows: list[dict[str, Any]]
    fetched: datetime
    stale: bool = False


def stored(folder: Path | None, question: Mapping[str, str]) -> Answer | None:
    """The answer to ``question`` kept in ``folder``, or None if there is none that is whole."""
    if folder is None:
        return None
    try:
        record = json.loads(_path(folder, question).read_text(encoding="utf-8"))
        fetched = datetime.fromisoformat(record["fetched"])
        rows = record["rows"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not isinstance(rows, list) or fetched.tzinfo is None:
        return None
    return Answer([row for row in rows if isinstance(row, dict)], fetched)


def store(folder: Path | None, question: Mapping[str, str], answer: Answer) -> None:
    """Keep an answer in ``folder``, readable by its owner only.

    A full disk or a folder that cannot be written costs the copy, not the answer.
    """
    if folder is None:
        return
    content = json.dumps({"fetched": answer.fetched.isoformat(), "rows": answer.rows})
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(content)
            Path(name).replace(_path(folder, question))
        except OSError:
            Path(name).unlink(missing_ok=True)
    except OSError:
        return


def fresh(answer: Answer | None, *, days: float) -> bool:
    """Return whether there is an answer younger than ``days``."""
    return answer is not None and datetime.now(UTC) - answer.fetched < timedelta(days=days)


def _path(folder: Path, question: Mapping[str, str]) -> Path:
    mark = hashlib.sha256(json.dumps(dict(question), sort_keys=True).encode()).hexdigest()
    return folder / f"{mark[:24]}.json"
