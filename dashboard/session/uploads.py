"""Files a visitor uploaded, and what was made of them: each uploader's last file only.

Streamlit keeps every file that was ever uploaded until its session ends. Here a file is released
when another replaces it, and what a session makes of its files is entered in the same account as
the files are (`dashboard.runtime.ledger`).
"""

from collections.abc import Callable
from functools import partial
from typing import Final

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from dashboard.runtime.ledger import LEDGER
from dashboard.runtime.session_files import UploadStore
from geodata.readers.turns import PARTY

_KEY: Final = "uploads"


def content(uploader: str, file: UploadedFile | None) -> bytes | None:
    """Return the content of the file in an uploader; what was in it before is released.

    Raises
    ------
    GeodataError
        If the file was not kept since its session, or the server, holds too much already.
    """
    files: dict[str, str] = st.session_state.setdefault(_KEY, {})
    before = files.get(uploader)
    if before is not None and (file is None or file.file_id != before):
        _let_go(before)
        del files[uploader]
    if file is None:
        return None
    files[uploader] = file.file_id
    PARTY.set(session_id())  # whose turn it is when the file is read
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, UploadStore):
        refused = context.uploaded_file_mgr.refusal(context.session_id, file.file_id)
        if refused is not None:
            raise refused.again()
    return file.getvalue()


def hold(name: str, size: int) -> None:
    """Enter what this session makes of its files, in place of what had its name.

    Parameters
    ----------
    name : str
        Such as ``table``; names of uploads and downloads are entered by their stores.
    size : int
        Bytes in memory.

    Raises
    ------
    GeodataError
        If the session or the server would hold too much; nothing is changed then.
    """
    LEDGER.hold(session_id(), name, size)


def holder(name: str) -> Callable[[int], None]:
    """Return `hold` for this session and a name, fit to be called in any thread."""
    return partial(LEDGER.hold, session_id(), name)


def release(name: str) -> None:
    """Release what this session no longer holds."""
    LEDGER.release(session_id(), name)


def session_id() -> str:
    """Id of the session of this run; empty outside of one, as in a test of a single function."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context is not None else ""


def _let_go(file_id: str) -> None:
    context = get_script_run_ctx()
    if context is None:
        return
    manager = context.uploaded_file_mgr
    if isinstance(manager, MemoryUploadedFileManager):
        manager.remove_file(context.session_id, file_id)
