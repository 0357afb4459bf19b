"""What the server keeps of its visitors: Streamlit's stores, replaced by ones that count."""

import os
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from typing import Final

import streamlit as st
from streamlit.runtime import Runtime, RuntimeConfig

from dashboard.runtime import news
from dashboard.runtime.departures import KEPT_SECONDS, Departures
from dashboard.runtime.ledger import LEDGER, SERVER
from dashboard.runtime.session_files import OfferedFiles, SessionFiles, UploadStore

MEDIA: Final = "/media"
UPLOADS: Final = "/_stcore/upload_file"
KEPT: Final = "SESSION_KEPT_SECONDS"
"""Setting: how long a session waits for its visitor, unless `KEPT_SECONDS`."""


def equip(app: st.App, script: str, *, newest: Callable[[], Hashable]) -> None:
    """Give an app that has not started yet the stores of this package.

    Parameters
    ----------
    app : streamlit.App
    script : str
        Path of the file that draws the page.
    newest : callable
        Asks for the newest save of the desk, of which open pages are notified.
    """
    uploads = UploadStore(UPLOADS, LEDGER)
    files = SessionFiles(OfferedFiles(MEDIA), LEDGER)

    def clear_strays() -> None:
        """Release replaced files, and of what a run entered for a session that had ended."""
        files.remove_orphaned_files()
        for session in LEDGER.sessions():
            here = runtime.is_active_session(session) or departures.get(session) is not None
            if not here and session != SERVER:
                files.forget(session)
                uploads.remove_session_files(session)

    def ended(session: str) -> None:
        files.forget(session)
        news.forget(session)

    seconds = float(os.environ.get(KEPT, KEPT_SECONDS))
    departures = Departures(seconds=seconds, ended=ended, looked=clear_strays)
    runtime = Runtime(
        RuntimeConfig(
            script_path=script,
            media_file_storage=files._storage,
            uploaded_file_manager=uploads,
            session_storage=departures,
        )
    )
    # Streamlit lets the stores be chosen but makes their manager, and its app the runtime, itself.
    runtime._media_file_mgr = files
    app._runtime = runtime

    @asynccontextmanager
    async def lifespan(_app: object = None) -> AsyncIterator[None]:
        async with departures.watched(), news.notified(runtime, newest):
            yield

    app._user_lifespan = lifespan
