"""Reported events and the road closures that follow from them.

Imports `network`, `graph` and the floor; reads no file of a visitor. Entry points:
`closures.closures`, `rules.Rules`, `presets`, `matching`.
"""
