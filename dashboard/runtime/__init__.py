"""What the server does beside drawing: logs, memory, connections, files on offer.

Imports `geodata` only. Entry points: `hosting.equip`, `connections`, `callbacks.guarded`.
"""
