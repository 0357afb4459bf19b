"""Files a visitor uploaded: each uploader's last one only, all together below a limit.

Streamlit keeps every file that was ever uploaded until its session ends. Here a file is let go
when another takes its place, and what a session holds, networks made of files included, is
counted: a visitor who goes on uploading cannot fill the server's memory.
"""

from dataclasses import dataclass, field
from typing import Final

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from geodata.errors import GeodataError
from geodata.limits import SESSION_MB

_KEY: Final = "uploads"


@dataclass
class Shelf:
    """What one session holds.

    Parameters
    ----------
    files : dict of str to str
        Uploader to the id of its file.
    sizes : dict of str to int
        Uploader or network to its bytes.
    """

    files: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def hold(self, name: str, size: int) -> None:
        """Count something, in place of what had its name.

        Raises
        ------
        GeodataError
            If all together would be more than a session may hold; nothing is changed then.
        """
        others = sum(self.sizes.values()) - self.sizes.get(name, 0)
        if others + size > SESSION_MB * 10**6:
            raise GeodataError("own.session_full", mb=SESSION_MB)
        self.sizes[name] = size


def shelf() -> Shelf:
    """This session's shelf."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Shelf()
    found: Shelf = st.session_state[_KEY]
    return found


def content(uploader: str, file: UploadedFile | None) -> bytes | None:
    """Content of the file in an uploader; what was in it before is let go.

    Raises
    ------
    GeodataError
        If the session holds too much already; the file is let go then.
    """
    mine = shelf()
    before = mine.files.get(uploader)
    if before is not None and (file is None or file.file_id != before):
        _let_go(before)
        del mine.files[uploader], mine.sizes[uploader]
    if file is None:
        return None
    try:
        mine.hold(uploader, file.size)
    except GeodataError:
        _let_go(file.file_id)
        raise
    mine.files[uploader] = file.file_id
    return file.getvalue()


def _let_go(file_id: str) -> None:
    context = get_script_run_ctx()
    if context is None:
        return
    manager = context.uploaded_file_mgr
    if isinstance(manager, MemoryUploadedFileManager):
        manager.remove_file(context.session_id, file_id)
