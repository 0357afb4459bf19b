"""Undirected multigraphs as arrays, and what single and double cuts do to them.

Imports numpy and scipy only. Entry points: ``Graph``, ``every_cut``, ``cut_pairs``.
"""

from geodata.graph.double_cuts import cut_pairs as cut_pairs
from geodata.graph.single_cuts import EveryCut, Graph, every_cut

__all__ = ["EveryCut", "Graph", "cut_pairs", "every_cut"]
