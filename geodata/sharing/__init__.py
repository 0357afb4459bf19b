"""Links, snapshots and what may be published.

Imports `analysis` and what lies below. Entry points: `permalink.parse`, `permalink.format`,
`snapshot`, `publication`.
"""
