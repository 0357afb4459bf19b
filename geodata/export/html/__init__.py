"""The page that opens from disk without a network.

Imports `export` and what lies below. Entry point: `page.page`.
"""
