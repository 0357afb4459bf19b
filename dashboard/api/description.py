"""The API's own description, as OpenAPI 3.1."""

from typing import Any, Final

from geodata import __version__

PREFIX: Final = "/api/v1"
JSON: Final = "application/json"
GEOJSON: Final = "application/geo+json"
PARAMETERS: Final = {
    "date": "Day whose reports close roads, YYYY-MM-DD.",
    "vehicle": "any, tanker or tanker_all_year.",
    "traffic": "fuel, trucks or light.",
    "cut": "Segments cut, joined by commas.",
    "cut_by": "Roads and areas cut: road/RN6, corridor/NAME, circle/LON%2CLAT%2CKM; by commas.",
    "reopen": "Segments reopened, joined by commas.",
    "by": "km or hours: the measure of the shortest route.",
    "off": "Supply points switched off, joined by commas.",
    "desk": "Version of the desk; the newest by default.",
    "lang": "en or fr.",
}
FORMAT: Final = {
    "name": "format", "in": "query", "description": "json or geojson.",
    "schema": {"type": "string", "enum": ["json", "geojson"], "default": "json"},
}  # fmt: skip
TOWNS: Final = {
    "name": "towns", "in": "query", "schema": {"type": "string"},
    "description": "Ids or names of towns, joined by commas; all by default.",
}  # fmt: skip
SHOW: Final = {
    "name": "show", "in": "query", "schema": {"type": "string", "enum": ["fuel"]},
    "description": "fuel: also tell when the fuel model's word for a town changes.",
}  # fmt: skip


def description() -> dict[str, Any]:
    """Return the OpenAPI document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Supply routes",
            "version": __version__,
            "summary": "Which towns lose access to supply when roads are cut. Read-only.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": {
            f"{PREFIX}/access": _path("Access of every town.", {JSON: {}, GEOJSON: {}}, [FORMAT]),
            f"{PREFIX}/every-cut": _path("What each further closure would do.", {JSON: {}}, []),
            f"{PREFIX}/events": _path("Events in use.", {JSON: {}, GEOJSON: {}}, [FORMAT]),
            f"{PREFIX}/changes.atom": _path(
                "Changes of the last weeks.", {"application/atom+xml": {}}, [TOWNS, SHOW]
            ),
            f"{PREFIX}/changes.json": _path(
                "Changes of the last weeks.", {"application/feed+json": {}}, [TOWNS, SHOW]
            ),
            f"{PREFIX}/phases.ics": _path("Dated phases and ends.", {"text/calendar": {}}, []),
        },
        "components": {
            "schemas": {
                "Error": {
                    "type": "object",
                    "required": ["error", "message"],
                    "properties": {"error": {"type": "string"}, "message": {"type": "string"}},
                }
            }
        },
    }


def _path(purpose: str, content: dict[str, Any], more: list[dict[str, Any]]) -> dict[str, Any]:
    shared = [
        {"name": name, "in": "query", "description": description, "schema": {"type": "string"}}
        for name, description in PARAMETERS.items()
    ]
    error = {JSON: {"schema": {"$ref": "#/components/schemas/Error"}}}
    refused = {
        "400": "The question cannot be answered.",
        "403": "Not available at this level.",
        "429": "Too many requests.",
        "503": "The desk does not answer.",
    }
    return {
        "get": {
            "summary": purpose,
            "parameters": [*shared, *more],
            "responses": {
                "200": {"description": purpose, "content": content},
                "304": {"description": "Unchanged since the ETag given."},
                **{
                    code: {"description": description, "content": error}
                    for code, description in refused.items()
                },
            },
        }
    }
