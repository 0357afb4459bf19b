"""Documents and data files of a view.

Imports `sharing` and what lies below. Entry point: `view.export_view`.
"""
