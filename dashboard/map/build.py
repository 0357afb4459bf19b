"""Make the map's static files: ``python -m dashboard.map.build``.

The map's modules are bundled (`dashboard.map.bundle`), as is the script of the exported page; the
base map, the shipped network and the map's texts are written as the browser reads them. Each file
is named by its content, so that a browser may keep it for ever; ``manifest.json`` says which file
serves which purpose, and which sources the bundles were made from.
"""

import json
import sys
from pathlib import Path
from typing import Any, Final

from dashboard.map import bundle
from dashboard.map.assets import MANIFEST, STATIC, manifest
from dashboard.map.basemap import FOCUS, Layers, base_map, world_map
from dashboard.map.geometry import coded, content_hash, network_geometry
from dashboard.map.vendor import VENDOR
from geodata._paths import DATA_FOLDER, NETWORK_FOLDER
from geodata.export.style import ASSETS
from geodata.i18n import LANGUAGES, catalogue
from geodata.network import shipped
from geodata.network.basemap import FRAME, WORLD, read_layer, read_layers
from geodata.network.files import read_network

SOURCES: Final = Path(__file__).parent / "web"
TEXTS: Final = "map."
BASE_LAYERS: Final = ("admin0", "admin1", "airports", "lakes", "land", "rail", "rivers", "world")


def script(name: str) -> bytes:
    """Return the bundle ``name``: made now, or the committed one if its sources are unchanged.

    Raises
    ------
    FileNotFoundError
        If a source has changed and esbuild is not there.
    """
    if bundle.can_bundle():
        return bundle.bundle(name)
    if manifest()["sources"].get(name) != bundle.sources_hash(name):
        return bundle.bundle(name)  # which names the remedy
    return committed(name).read_bytes()


def committed(name: str) -> Path:
    """Return where the bundle ``name`` is committed."""
    return ASSETS / name if name == "view.js" else STATIC / manifest()["files"][name]


def texts(lang: str) -> bytes:
    """Return the map's part of the catalogue."""
    messages = catalogue(lang)
    return coded({key: messages[key] for key in sorted(messages) if key.startswith(TEXTS)})


def inputs() -> str:
    """Return the name of the content of the layers that the base map is drawn from."""
    folder = DATA_FOLDER
    return content_hash(b"".join((folder / f"{name}.geojson").read_bytes() for name in BASE_LAYERS))


def contents(layers: Layers) -> tuple[dict[str, tuple[str, bytes]], dict[str, Any]]:
    """Return purpose to (name, bytes) of each file made here, and the facts for the manifest."""
    network, network_name = network_geometry(read_network(NETWORK_FOLDER))
    base = base_map(layers)
    files = {
        "map.js": _named("app/map", ".js", script("map.js")),
        "map.css": _named("app/map", ".css", (SOURCES / "map.css").read_bytes()),
        "base": _named("data/base", ".json", base),
        "world": _named("data/world", ".json", world_map(read_layer(WORLD))),
        "network": (f"data/network-{network_name}.json", network),
    }
    for lang in LANGUAGES:
        files[f"texts.{lang}"] = _named(f"data/texts-{lang}", ".json", texts(lang))
    facts = {
        "network": network_name,
        "layers": inputs(),
        "focus": FOCUS,
        "home": json.loads(network)["home"],
        "sources": {name: bundle.sources_hash(name) for name in bundle.BUNDLES},
        "frame": [[FRAME[1], FRAME[0]], [FRAME[3], FRAME[2]]],
    }
    return files, facts


def _named(stem: str, suffix: str, data: bytes) -> tuple[str, bytes]:
    return f"{stem}-{content_hash(data)}{suffix}", data


def vendored() -> dict[str, str]:
    """Return the purpose to name of the libraries' files."""
    record = json.loads((VENDOR / "vendored.json").read_text(encoding="utf-8"))
    names = [name for package in record for name in package["files"]]
    return {Path(name).name: f"vendor/{name}" for name in names if name.endswith((".js", ".css"))}


def main() -> int:
    """Write the files, drop those they replace; the exit status."""
    files, facts = contents(read_layers())
    page = script("view.js")
    for folder in (STATIC / "app", STATIC / "data"):
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
    for name, data in files.values():
        (STATIC / name).write_bytes(data)
    (ASSETS / "view.js").write_bytes(page)
    names = {purpose: name for purpose, (name, _) in files.items()} | vendored()
    content = facts | {"files": dict(sorted(names.items()))}
    MANIFEST.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(files)} files in {STATIC}\n")
    return shipped.main([])


if __name__ == "__main__":
    sys.exit(main())
