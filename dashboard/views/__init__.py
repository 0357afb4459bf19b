"""One module for each part of the page; each draws from a `dashboard.page.Page`.

Imports `widgets`, `page` and what lies below. Entry point: `layout.draw` calls each view.
"""
