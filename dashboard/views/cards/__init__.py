"""Cards of the panel, one module for each kind of thing that can be clicked.

Imports `views`, `widgets`, `page` and what lies below. Entry point: `card.draw`.
"""
