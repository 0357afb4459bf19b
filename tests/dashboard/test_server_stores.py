"""A server as it is started: direct requests meet the ceilings, addresses are whole hashes."""

import asyncio
import re

import pytest
import requests

from geodata.readers.limits import SESSION_MB
from tests.benchmarks.load.visitor import Visitor
from tests.support.server import app

PIECE = 20_000_000


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with app(tmp_path_factory.mktemp("server")) as running:
        yield running


def held(server):
    """Bytes in the server's upload store, by its own figures."""
    told = requests.get(f"{server.url}/_stcore/metrics", timeout=30).text
    found = re.search(r'cache_memory_bytes{cache_type="UploadedFileManager".*?} (\d+)', told)
    return int(found[1]) if found else 0


def put(server, session, file_id, content):
    with requests.Session() as web:
        web.get(f"{server.url}/_stcore/health", timeout=30)
        token = web.cookies.get("_streamlit_xsrf")
        return web.put(
            f"{server.url}/_stcore/upload_file/{session}/{file_id}",
            files={"file": ("a.csv", content)},
            headers={"X-Xsrftoken": token},
            timeout=60,
        ).status_code


def test_a_session_that_sends_files_past_the_page_meets_its_ceiling(server):
    async def visit():
        visitor = Visitor(server.url.replace("http", "ws"), "lang=en&tab=own")
        await visitor.open()
        for number in range(SESSION_MB * 10**6 // PIECE + 3):
            code = await asyncio.to_thread(
                put, server, visitor._session, f"file-{number}", b"x" * PIECE
            )
            assert code == 204
        assert PIECE < held(server) <= SESSION_MB * 10**6
        await visitor.close()

    asyncio.run(visit())
