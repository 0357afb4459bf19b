"""Map layers: formats, archives, and the repair of geometry.

Imports `readers.tables` and what lies below. Entry point: `reader.read_layer`; `parser.parse`
runs in the child process.
"""
