"""A small service on this machine that answers as ACLED's and HDX HAPI's do."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

Asked = list[tuple[str, str, dict[str, str], str]]
Reply = Callable[[str, str, dict[str, str], str], tuple[int, object]]


@contextmanager
def service(reply: Reply) -> Iterator[tuple[str, Asked]]:
    """Serve ``reply(method, path, fields, token)`` -> (status, answer); record what is asked."""
    asked: Asked = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            parts = urlsplit(self.path)
            fields = dict(parse_qsl(self.rfile.read(length).decode() or parts.query))
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            asked.append((self.command, parts.path, fields, token))
            status, body = reply(self.command, parts.path, fields, token)
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer  # noqa: N815 - names the library asks for

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


NOWHERE = "http://127.0.0.1:9"
"""The discard port: nothing answers there."""
