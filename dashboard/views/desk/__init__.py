"""The team's shared table of events: entering, listing, reviewing, scenarios, remarks, versions.

Imports `widgets`, `page` and what lies below. Entry points: `page.draw`, `entry.draw`.
"""
