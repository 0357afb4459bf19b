"""A read-only HTTP API on the app's own server, for programs.

Entry point: `routes.routes`.
"""
