"""Messages when a town's access changes, and the forms in which they are sent.

Imports `sharing`, `analysis` and what lies below. Entry points: `changes.watch`,
`changes.between`, `feeds`, `calendar`, `mail`, `webhook`.
"""
