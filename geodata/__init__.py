"""Access analysis of supply routes: pure, offline, exact.

The package knows networks, scenarios, events and what follows from them; it draws nothing
and never imports the user interface.
"""

__version__ = "0.1.0"
