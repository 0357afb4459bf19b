"""A read-only HTTP API on the app's own server, for programs.

Imports `session` and `geodata`; draws nothing. Entry point: `routes.routes`.
"""
