"""Make the shipped data again from pinned packages: ``python -m geodata build``.

Imports anything but `cli`; only the command line imports it. Entry point: `command.main`.
"""
