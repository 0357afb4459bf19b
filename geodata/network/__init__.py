"""A road network, its files, its provenance and its background layers.

Imports `graph` and the floor (`values`, `sanitize`, `i18n`, `schema`, `errors`). Entry points:
`model.Network`, `files.read_network`, `provenance.verify`.
"""
