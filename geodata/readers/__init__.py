"""Read files from untrusted sources: event tables, map layers, services.

Parsing happens in a limited child process; this side only validates its answer. All limits are
in `limits`. Imports `network`, `events` and what lies below; never `analysis`. Entry points:
`events.reader.read_events`, `layers.reader.read_layer`.
"""
