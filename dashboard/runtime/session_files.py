"""Files that a session sends or is offered: kept in memory, counted, and its own.

Streamlit names a file that it offers by a part of its bytes alone once it is larger than 1 MiB,
and for all sessions alike; so two that differ elsewhere would be one. Here an address is a hash
over every byte, under a key of this server and the id of the session, so that no session meets
another's file, nor an older one of the same session. Files that are sent count before they are
kept, from any sender: the page or a bare request to the upload address.
"""

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from typing import Final

from starlette.exceptions import HTTPException
from streamlit.runtime.media_file_manager import MediaFileManager, _get_session_id
from streamlit.runtime.media_file_storage import MediaFileKind
from streamlit.runtime.memory_media_file_storage import MemoryFile, MemoryMediaFileStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from dashboard.runtime.ledger import MB, Ledger
from geodata.errors import GeodataError

FILES: Final = 40
"""Files that a session may have in the upload store at once."""

DOWNLOADS: Final = 2
"""Downloads of a session that are kept after they were made."""

REPLACED_SECONDS: Final = 20.0
"""How long a file stays after another took its place: a browser may still ask for it."""

REPLACED_MB: Final = 8
"""Replaced files of a session, the newest first, that are kept for so long."""

NAME_CHARACTERS: Final = 200
RECORD_BYTES: Final = 2_000
"""What an uploaded file takes beside its content."""

TOO_MANY: Final = 429

_REPLACED: Final = "replaced"
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
        digest = hmac.new(self._key, digestmod=hashlib.sha256)
        for part in (session, mimetype, filename or ""):
            encoded = part.encode(errors="surrogatepass")
            digest.update(len(encoded).to_bytes(8, "big") + encoded)
        digest.update(data)
        return digest.hexdigest()


class SessionFiles(MediaFileManager):
    """Files that the page refers to, and downloads made when they are asked for.

    Streamlit deletes a file as soon as no page refers to it, at the end of any session's run. A
    browser that is still loading the former state, or has just been given the address of a
    download, would get 404. So a file that was replaced stays for `REPLACED_SECONDS`, and the
    last `DOWNLOADS` of a session stay with it; both are counted in the session's account.

    Parameters
    ----------
    storage : OfferedFiles
    ledger : Ledger
    clock : callable, optional
        Seconds, never going back.
    """

    def __init__(
        self,
        storage: OfferedFiles,
        ledger: Ledger,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(storage)
        self._ledger = ledger
        self._clock = clock
        self._made: defaultdict[str, OrderedDict[str, None]] = defaultdict(OrderedDict)
        self._owners: dict[str, str] = {}
        self._replaced: dict[str, float] = {}

    def add(
        self,
        path_or_data: bytes | str,
        mimetype: str,
        coordinates: str,
        file_name: str | None = None,
        is_for_static_download: bool = False,
    ) -> str:
        """Keep a file that the page of this thread's session refers to, and give its address."""
        address = super().add(
            path_or_data, mimetype, coordinates, file_name, is_for_static_download
        )
        with self._lock:
            self._owners[_id_in(address)] = _get_session_id()
        return address

    def execute_deferred(self, file_id: str) -> str:
        """Make a download for the session whose button was pressed, and give its address."""
        entry = self._deferred_callables.get(file_id)
        session = entry["session_id"] if entry else ""
        _asking.session = session
        try:
            address = super().execute_deferred(file_id)
        finally:
            del _asking.session
        self._keep(session, _id_in(address))
        return address

    def forget(self, session: str) -> None:
        """Release all files of a session that has left."""
        with self._lock:
            for old in self._made.pop(session, ()):
                self._let_go(session, old)
            for file_id in [id_ for id_, owner in self._owners.items() if owner == session]:
                del self._owners[file_id]
            self._ledger.release(session, _REPLACED)
        self.clear_session_refs(session)
        self.remove_orphaned_files()

    def _get_inactive_file_ids(self) -> set[str]:
        """Return the files to delete; the lock is held."""
        unused = super()._get_inactive_file_ids()
        unused -= {file_id for session in self._made.values() for file_id in session}
        return unused - self._lately_replaced(unused)

    def _lately_replaced(self, unused: set[str]) -> set[str]:
        """Return the files that no page refers to any more but a browser may still ask for."""
        now = self._clock()
        since = {each: self._replaced.get(each, now) for each in unused if each in self._owners}
        waiting: defaultdict[str, list[str]] = defaultdict(list)
        for file_id in sorted(since, key=lambda each: since[each], reverse=True):
            if now - since[file_id] < REPLACED_SECONDS:
                waiting[self._owners[file_id]].append(file_id)
        former = {self._owners[each] for each in self._replaced if each in self._owners}
        recent = {
            each for name in former | set(waiting) for each in self._fitting(name, waiting[name])
        }
        self._replaced = {each: since[each] for each in recent}
        return recent

    def _fitting(self, session: str, newest_first: list[str]) -> list[str]:
        """Return the files that a session's account has room for, and count them there."""
        fitting, total = [], 0
        for file_id in newest_first:
            size = self._storage.get_file(file_id).content_size  # type: ignore[attr-defined]
            if total + size > REPLACED_MB * MB:
                break
            fitting.append(file_id)
            total += size
        try:
            self._ledger.hold(session, _REPLACED, total)
        except GeodataError:
            fitting, total = [], 0
        if not total:
            self._ledger.release(session, _REPLACED)
        return fitting

    def _delete_file(self, file_id: str) -> None:
        super()._delete_file(file_id)
        self._owners.pop(file_id, None)

    def _keep(self, session: str, made: str) -> None:
        with self._lock:
            session_files = self._made[session]
            session_files[made] = None
            session_files.move_to_end(made)
            while len(session_files) > DOWNLOADS:
                self._let_go(session, session_files.popitem(last=False)[0])
            try:
                size = self._storage.get_file(made).content_size  # type: ignore[attr-defined]
                self._ledger.hold(session, f"download {made}", size)
            except GeodataError:
                del session_files[made]
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
        record = UploadedFileRec(file.file_id, name, file.type[:NAME_CHARACTERS], file.data)
        try:
            self._ledger.hold(session_id, _entry(file.file_id), len(file.data) + RECORD_BYTES)
        except GeodataError as error:
            self._ledger.release(session_id, _entry(file.file_id))
            self._refusals[session_id][file.file_id] = error
            record = UploadedFileRec(file.file_id, name, "", b"")
        else:
            self._refusals[session_id].pop(file.file_id, None)
        super().add_file(session_id, record)

    def remove_file(self, session_id: str, file_id: str) -> None:
        """Release one file."""
        super().remove_file(session_id, file_id)
        self._refusals.get(session_id, {}).pop(file_id, None)
        self._ledger.release(session_id, _entry(file_id))

    def remove_session_files(self, session_id: str) -> None:
        """Release all that a session sent and held, once it has left."""
        super().remove_session_files(session_id)
        self._refusals.pop(session_id, None)
        self._ledger.release(session_id)

    def refusal(self, session_id: str, file_id: str) -> GeodataError | None:
        """Return why a file was not kept, if it was not."""
        return self._refusals.get(session_id, {}).get(file_id)


def _id_in(address: str) -> str:
    return address.rpartition("/")[2].partition(".")[0]


def _entry(file_id: str) -> str:
    return f"upload {file_id}"


def _session() -> str:
    """Return session for which this thread works; outside of any a name that nothing else has."""
    asking: str | None = getattr(_asking, "session", None)
    if asking:
        return asking
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context is not None else secrets.token_hex(16)
