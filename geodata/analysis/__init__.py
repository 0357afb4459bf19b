"""What a scenario does to towns: access, critical links, reopening, comparison, fuel.

Every function takes what is asked and returns a new object; none reads a visitor's file or
writes text for users. Imports `dataset`, `events`, `network`, `graph` and the floor; never
`readers`. Entry points: `situation.situation` with all results on one scenario, and each of them:
`accessibility.access`, `critical_links.every_cut`, `reopening.reopening_order`,
`explanation.explain`, `timeline.replay`, `fuel.fuel`.
"""
