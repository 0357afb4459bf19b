"""Access analysis of supply routes: pure, offline, exact.

Never imports the user interface. Each name in ``__all__`` loads on first use, because the command
line and the parser process import the package too and must start fast.

>>> import geodata as gd
>>> gd.access(gd.load(), gd.Scenario(vehicle="tanker", cut={"gao--bourem"})).summary.isolated
10
"""

import importlib
from typing import TYPE_CHECKING, Any

from geodata._version import __version__

if TYPE_CHECKING:
    from geodata.analysis.hindcast import hindcast
    from geodata.api import (
        access,
        compare,
        critical_pairs,
        critical_segments,
        explain,
        publish,
        read_events,
        reopening_order,
        replay,
    )
    from geodata.dataset import Dataset, load
    from geodata.errors import GeodataError
    from geodata.events.rules import Rules
    from geodata.export.view import export_view
    from geodata.network.model import Network
    from geodata.outlook import fuel, plan, reliability
    from geodata.readers.layers.reader import read_layer
    from geodata.roads.importer import import_roads
    from geodata.scenario import Scenario, ShockAssumptions

__all__ = [
    "Dataset",
    "GeodataError",
    "Network",
    "Rules",
    "Scenario",
    "ShockAssumptions",
    "__version__",
    "access",
    "compare",
    "critical_pairs",
    "critical_segments",
    "explain",
    "export_view",
    "fuel",
    "hindcast",
    "import_roads",
    "load",
    "plan",
    "publish",
    "read_events",
    "read_layer",
    "reliability",
    "reopening_order",
    "replay",
]

_MODULES = {
    "Dataset": "geodata.dataset",
    "GeodataError": "geodata.errors",
    "Network": "geodata.network.model",
    "Rules": "geodata.events.rules",
    "Scenario": "geodata.scenario",
    "ShockAssumptions": "geodata.scenario",
    "export_view": "geodata.export.view",
    "fuel": "geodata.outlook",
    "hindcast": "geodata.analysis.hindcast",
    "import_roads": "geodata.roads.importer",
    "load": "geodata.dataset",
    "plan": "geodata.outlook",
    "reliability": "geodata.outlook",
    "read_layer": "geodata.readers.layers.reader",
}
"""Modules of the public names that `geodata.api` does not define."""


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    if name not in __all__:
        raise AttributeError(f"module 'geodata' has no attribute {name!r}")
    value = getattr(importlib.import_module(_MODULES.get(name, "geodata.api")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted({*globals(), *__all__})
