"""Files that a session sends or is offered: kept in memory, counted, and its own.

Streamlit names a file that it offers by a part of its bytes alone once it is larger than 1 MiB,
and for all sessions alike; so two that differ elsewhere would be one. Here an address is a hash
over every byte, under a key of this server and the id of the session, so that no session meets
another's file, nor an older one of its own. Files that are sent count before they are kept,
from any sender: the page or a bare request to the upload address.
"""

import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict, defaultdict
from typing import Final

from starlette.exceptions import HTTPException
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileKind
from streamlit.runtime.memory_media_file_storage import MemoryFile, MemoryMediaFileStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from dashboard.runtime.ledger import Ledger
from geodata.errors import GeodataError

FILES: Final = 40
"""Files that a session may have in the upload store at once."""

DOWNLOADS: Final = 2
"""Downloads of a session that are kept after they were made."""

NAME_CHARACTERS: Final = 200
RECORD_BYTES: Final = 2_000
"""What an uploaded file takes beside its content."""

TOO_MANY: Final = 429

_asking: Final = threading.local()


class OfferedFiles(MemoryMediaFileStorage):
    """Files offered for the browser to fetch, each under an address that nobody can guess.

    Parameters
    ----------
    media_endpoint : str
        Path under which Streamlit serves them.
    """

    def __init__(self, media_endpoint: str) -> None:
        super().__init__(media_endpoint)
        self._key = secrets.token_bytes(32)

    def load_and_get_id(
        self,
        path_or_data: str | bytes,
        mimetype: str,
        kind: MediaFileKind,
        filename: str | None = None,
    ) -> str:
        """Keep a file and give the id that its address holds."""
        data = self._read_file(path_or_data) if isinstance(path_or_data, str) else path_or_data
        file_id = self.id_of(data, mimetype, filename, session=_session())
        self._files_by_id[file_id] = MemoryFile(data, mimetype, kind, filename)
        return file_id

    def id_of(self, data: bytes, mimetype: str, filename: str | None, *, session: str) -> str:
        """Hexadecimal HMAC-SHA256 over the session, the file's kind and name, and every byte."""
        made = hmac.new(self._key, digestmod=hashlib.sha256)
        for part in (session, mimetype, filename or ""):
            encoded = part.encode(errors="surrogatepass")
            made.update(len(encoded).to_bytes(8, "big") + encoded)
        made.update(data)
        return made.hexdigest()


class Downloads(MediaFileManager):
    """Files offered, and downloads made when they are asked for: each session's last ones only.

    Parameters
    ----------
    storage : OfferedFiles
    ledger : Ledger
    """

    def __init__(self, storage: OfferedFiles, ledger: Ledger) -> None:
        super().__init__(storage)
        self._ledger = ledger
        self._made: defaultdict[str, OrderedDict[str, None]] = defaultdict(OrderedDict)

    def execute_deferred(self, file_id: str) -> str:
        """Make a download for the session whose button was pressed, and give its address."""
        entry = self._deferred_callables.get(file_id)
        session = entry["session_id"] if entry else ""
        _asking.session = session
        try:
            address = super().execute_deferred(file_id)
        finally:
            del _asking.session
        self._keep(session, address.rpartition("/")[2].partition(".")[0])
        return address

    def forget(self, session: str) -> None:
        """Let go of what was made for a session that has left."""
        with self._lock:
            for old in self._made.pop(session, ()):
                self._let_go(session, old)
        self.clear_session_refs(session)
        self.remove_orphaned_files()

    def _keep(self, session: str, made: str) -> None:
        with self._lock:
            mine = self._made[session]
            mine[made] = None
            mine.move_to_end(made)
            while len(mine) > DOWNLOADS:
                self._let_go(session, mine.popitem(last=False)[0])
            try:
                size = self._storage.get_file(made).content_size  # type: ignore[attr-defined]
                self._ledger.hold(session, f"download {made}", size)
            except GeodataError:
                del mine[made]
                self._let_go(session, made)
                raise

    def _let_go(self, session: str, made: str) -> None:
        """Drop a download; the lock is held."""
        if made in self._file_metadata:
            self._delete_file(made)
        self._ledger.release(session, f"download {made}")


class UploadStore(MemoryUploadedFileManager):
    """Files that sessions sent.

    A file beyond a ceiling is not kept: an empty one stands in its place, so that the page can
    say in its own words why (`refusal`).

    Parameters
    ----------
    upload_endpoint : str
        Path at which Streamlit takes them.
    ledger : Ledger
    """

    def __init__(self, upload_endpoint: str, ledger: Ledger) -> None:
        super().__init__(upload_endpoint)
        self._ledger = ledger
        self._refusals: defaultdict[str, dict[str, GeodataError]] = defaultdict(dict)

    def add_file(self, session_id: str, file: UploadedFileRec) -> None:
        """Keep a file, counted in its session's account.

        Raises
        ------
        HTTPException
            If the session has `FILES` already.
        """
        present = self.file_storage.get(session_id, {})
        if len(present) >= FILES and file.file_id not in present:
            raise HTTPException(status_code=TOO_MANY)
        name = file.name[:NAME_CHARACTERS]
        kept = UploadedFileRec(file.file_id, name, file.type[:NAME_CHARACTERS], file.data)
        try:
            self._ledger.hold(session_id, _entry(file.file_id), len(file.data) + RECORD_BYTES)
        except GeodataError as error:
            self._ledger.release(session_id, _entry(file.file_id))
            self._refusals[session_id][file.file_id] = error
            kept = UploadedFileRec(file.file_id, name, "", b"")
        else:
            self._refusals[session_id].pop(file.file_id, None)
        super().add_file(session_id, kept)

    def remove_file(self, session_id: str, file_id: str) -> None:
        """Let go of one file."""
        super().remove_file(session_id, file_id)
        self._refusals.get(session_id, {}).pop(file_id, None)
        self._ledger.release(session_id, _entry(file_id))

    def remove_session_files(self, session_id: str) -> None:
        """Let go of all that a session sent and of all else it held: it has left."""
        super().remove_session_files(session_id)
        self._refusals.pop(session_id, None)
        self._ledger.release(session_id)

    def refusal(self, session_id: str, file_id: str) -> GeodataError | None:
        """Return why a file was not kept, if it was not."""
        return self._refusals.get(session_id, {}).get(file_id)


def _entry(file_id: str) -> str:
    return f"upload {file_id}"


def _session() -> str:
    """Return session for which this thread works; outside of any a name that nothing else has."""
    asking: str | None = getattr(_asking, "session", None)
    if asking:
        return asking
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context is not None else secrets.token_hex(16)
