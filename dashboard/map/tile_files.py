"""Tiles of the network that the server was started with, sent from disk as they lie there."""

import gzip
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from dashboard.map.assets import TILE_ROUTE, tile_file
from dashboard.map.geometry import MIME
from dashboard.runtime.compression import A_YEAR

HEADERS: Final = {
    "Cache-Control": A_YEAR,
    "Vary": "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
}


def routes() -> list[Route]:
    """Return the route of the tiles; the name of each is the SHA-256 of its content."""
    return [Route(f"{TILE_ROUTE}/{{name}}.json", tile, methods=["GET"])]


def tile(request: Request) -> Response:
    """Send a tile, compressed as it is kept unless the client cannot take that."""
    path = tile_file(request.path_params["name"])
    if path is None:
        return Response(status_code=404)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return FileResponse(path, media_type=MIME, headers={**HEADERS, "Content-Encoding": "gzip"})
    return Response(gzip.decompress(path.read_bytes()), media_type=MIME, headers=HEADERS)
