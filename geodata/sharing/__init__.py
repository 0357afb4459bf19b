"""Links, snapshots and what of a view may be published.

Imports `analysis` and what lies below. Entry points: `permalink.parse`, `permalink.format`,
`view_state.ViewState`, `publication.Publication`, `snapshot`.
"""
