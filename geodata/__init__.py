"""Access analysis of supply routes: pure, offline, exact.

The package knows networks, scenarios, events and what follows from them; it draws nothing
and never imports the user interface.
"""

from geodata._version import __version__

__all__ = ["__version__"]
