"""Controls, charts and tables that views share.

Imports `page` and what lies below. Entry points: `controls`, `date_controls`, `charts`, `tables`.
"""
