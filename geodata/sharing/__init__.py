"""Links, snapshots, what a view shows and what of it may be published.

Imports `analysis` and what lies below. Entry points: `permalink.parse`, `permalink.format`,
`situation.situation`, `snapshot`, `publication`.
"""
