"""Every limit on what may be read, in one place.

An untrusted file can be small and still cost gigabytes: a 1.5 kB workbook whose last cell
is XFD1048576 took 3.8 GB, a 756 kB archive unpacked to two million features. Each limit is far
above what an honest table of events or a road network of a region needs, and each refusal names
the limit and how to get below it.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Limits:
    """What a reader accepts before it refuses.

    Parameters
    ----------
    file_mb : int
        Size of the file as given, in MB (10**6 bytes).
    unpacked_mb : int
        Size of an archive or workbook once unpacked, in MB.
    members : int
        Files in an archive or workbook.
    rows : int
        Rows of a table.
    columns : int
        Columns of a table.
    cell_characters : int
        Characters of one cell.
    features : int
        Features of a layer.
    vertices : int
        Vertices of a layer.
    supply_points : int
        Supply points of an imported network: routes are searched from each of them.
    nesting : int
        Depth of nested brackets in JSON.
    seconds : float
        Time a reader may take.
    memory_mb : int
        Memory a reader may take, in MB.
    """

    file_mb: int = 25
    unpacked_mb: int = 100
    members: int = 50
    rows: int = 100_000
    columns: int = 500
    cell_characters: int = 10_000
    features: int = 50_000
    vertices: int = 2_000_000
    supply_points: int = 200
    nesting: int = 64
    seconds: float = 10.0
    memory_mb: int = 500


UPLOAD: Final = Limits()
"""For files opened in the app, where other users share the machine."""

COMMAND_LINE: Final = Limits(
    file_mb=200,
    unpacked_mb=1_000,
    members=500,
    features=1_000_000,
    vertices=20_000_000,
    supply_points=10_000,
    seconds=120.0,
    memory_mb=2_000,
)
"""For ``python -m geodata``, where the user waits on their own machine."""

SESSION_MB: Final = 250
"""What one session of the app may hold in memory: uploads and all that is made of them, in MB."""

COMPUTING_MB: Final = 500
"""What one question on a network may take in memory while its answer is computed, in MB."""

COMPUTING_SECONDS: Final = 180
"""What one question on a network may take of one core by its estimate, in seconds."""

SERVER_MB: Final = 1_500
"""What all sessions of one server may hold together, questions being computed included, in MB."""
