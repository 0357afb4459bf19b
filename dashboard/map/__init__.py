"""The map: its geometry, its encoding for the browser, and the browser's part in `web`.

Imports `markup`, `translate`, `runtime` and `geodata`. Entry points: `component`, `payload`.
"""
