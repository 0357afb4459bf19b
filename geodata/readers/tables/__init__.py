"""Tables as people write them: CSV, workbooks, their dates and numbers.

Imports `readers.limits`, `readers.report` and the floor; no other reader. Entry points:
`delimited.read_table`, `dates`, `numbers`.
"""
