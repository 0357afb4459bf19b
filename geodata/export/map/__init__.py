"""The printed map: frame, drawing, labels, legend.

Imports `export.style` and what lies below `export`. Entry point: `drawing`.
"""
