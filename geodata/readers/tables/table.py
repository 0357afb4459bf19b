"""A table as text, whatever file it was read from."""

from collections.abc import Sequence
from dataclasses import dataclass

from geodata.readers.report import Problem


@dataclass(frozen=True)
class TextTable:
    """A table of text.

    Parameters
    ----------
    header : tuple of str
        Names of the columns, as the file writes them.
    rows : tuple of (int, sequence of str)
        Number of each row as a spreadsheet shows it, and one cell for each column.
    problems : tuple of Problem
        Rows rejected (severity ``error``) and remarks on how the file was read.
    rejected : tuple of int
        Numbers of the rows rejected.
    epoch_1904 : bool
        Whether the workbook counts days from 1904.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[int, Sequence[str]], ...]
    problems: tuple[Problem, ...] = ()
    rejected: tuple[int, ...] = ()
    epoch_1904: bool = False
