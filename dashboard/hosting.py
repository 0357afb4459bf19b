"""What the server keeps of its visitors: Streamlit's stores, replaced by ones that count."""

from typing import Final

import streamlit as st
from streamlit.runtime import Runtime, RuntimeConfig

from dashboard.departures import Departures
from dashboard.ledger import LEDGER
from dashboard.session_files import Downloads, OfferedFiles, UploadStore

MEDIA: Final = "/media"
UPLOADS: Final = "/_stcore/upload_file"


def equip(app: st.App, script: str) -> None:
    """Give an app that has not started yet the stores of this package.

    Parameters
    ----------
    app : streamlit.App
    script : str
        Path of the file that draws the page.
    """
    files = Downloads(OfferedFiles(MEDIA), LEDGER)
    departures = Departures(ended=files.forget)
    runtime = Runtime(
        RuntimeConfig(
            script_path=script,
            media_file_storage=files._storage,
            uploaded_file_manager=UploadStore(UPLOADS, LEDGER),
            session_storage=departures,
        )
    )
    # Streamlit lets the stores be chosen but makes their manager, and its app the runtime, itself.
    runtime._media_file_mgr = files
    app._runtime = runtime
    app._user_lifespan = departures.watched
