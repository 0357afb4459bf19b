"""The commands of ``python -m geodata``, one module each.

Imports everything below; nothing imports it. Entry point: `main.main`.
"""
