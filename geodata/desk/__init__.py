"""A table of events and scenarios that a team shares, with its whole history.

Imports `analysis`, `events`, `sharing` and what lies below. Entry points: `store.opened`,
`editing`, `event_table.desk_events`, `preview.preview`.
"""
