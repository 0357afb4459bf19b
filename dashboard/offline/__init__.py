"""The last view without a connection: an installable page, and the worker that keeps the view.

Imports `geodata` only. Entry points: `routes.routes`, `routes.head`.
"""
