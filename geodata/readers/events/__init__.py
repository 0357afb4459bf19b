"""Tables of events: which column means what, and what each row says.

Imports `readers.layers`, `readers.tables` and what lies below. Entry point: `reader.read_events`;
`parser.parse` runs in the child process.
"""
