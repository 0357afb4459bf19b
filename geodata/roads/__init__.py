"""A network from road lines and towns, with a report of every change.

Imports `readers`, `network`, `graph` and the floor. Entry point: `importer`.
"""
