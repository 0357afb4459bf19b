"""Which data a view was made on: a sha256 of every part, and one short name for all."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geodata.analysis.resolution import last_report
from geodata.dataset import Dataset
from geodata.events.presets import preset_ids
from geodata.events.rules import rule_names
from geodata.sharing.permalink import KnownIds

SHORT = 12
ROWS_AT_ONCE = 10_000


@dataclass(frozen=True)
class Versions:
    """Sha256 of the parts of a data set.

    Parameters
    ----------
    network, events : str
        Sha256 of nodes and segments with geometry, and of the events in use.
    layers : dict of str to str
        Base layers by name.
    own_fuel : str
        Of the user's own figures of fuel; empty without any.
    """

    network: str
    events: str
    layers: dict[str, str]
    own_fuel: str = ""

    @property
    def short(self) -> str:
        """Short name of what results rest on: network, events and own figures of fuel."""
        parts = f"{self.network}{self.events}{self.own_fuel}"
        return hashlib.sha256(parts.encode()).hexdigest()[:SHORT]


def versions(dataset: Dataset) -> Versions:
    """Take the sha256 of every part of a data set.

    The order of rows does not count for events; columns, values and geometry do.
    """
    layers = {name: _table(table) for name, table in sorted(dataset.layers.items())}
    return replace(_without_layers(dataset), layers=layers)


def fingerprint(dataset: Dataset) -> str:
    """Give the short name of the data that results rest on, as a link carries it."""
    return _without_layers(dataset).short


def _without_layers(dataset: Dataset) -> Versions:
    network = dataset.network
    parts = [_table(network.nodes), _table(network.segments), str(network.focus_country)]
    events = dataset.events.sort_values("event_id", kind="stable")
    own = dataset.own_fuel
    fuel = "" if own is None else _sha256(f"{_table(own.tanks)}{own.deliveries}".encode())
    return Versions(_sha256("".join(parts).encode()), _table(events), {}, fuel)


def known(
    dataset: Dataset,
    *,
    tabs: tuple[str, ...] | None = None,
    layers: tuple[str, ...] | None = None,
    data: str = "",
) -> KnownIds:
    """Give what a link may name on this data.

    Parameters
    ----------
    dataset : Dataset
    tabs, layers : tuple of str, optional
        Tabs and layers of the page; anything well-formed if not given.
    data : str
        Fingerprint of the data, for the remark that a link was made on other data.
    """
    network = dataset.network
    regions = sorted({str(each) for each in network.nodes["admin1"] if isinstance(each, str)})
    corridors = tuple(dict.fromkeys(dataset.corridor_segments["corridor"]))
    return KnownIds(
        segments=network.segment_ids,
        nodes=network.node_ids,
        supply_points=network.supply_points,
        towns=network.towns,
        presets=preset_ids(),
        rules=rule_names(),
        corridors=corridors,
        regions=tuple(regions),
        tabs=tabs,
        layers=layers,
        data=data,
        last_report=last_report(dataset.events),
    )


def _table(table: pd.DataFrame) -> str:
    """Return the Sha256 of a table's columns, values and geometry."""
    columns = [name for name in table.columns if name != "geometry"]
    digest = hashlib.sha256()
    for part in _csv(pd.DataFrame(table[columns]).reset_index(drop=True)):
        digest.update(part)
    if isinstance(table, gpd.GeoDataFrame):
        digest.update(b"".join(shapely.to_wkb(table.geometry.to_numpy(), byte_order=1)))
    return digest.hexdigest()


def _csv(table: pd.DataFrame) -> Iterator[bytes]:
    """Yield a table as pandas' ``to_csv`` writes it as text, some rows at a time.

    Arrow joins the cells, and other threads go on meanwhile.
    """
    yield table.head(0).to_csv(index=False, lineterminator="\n").encode()
    for first in range(0, len(table) if len(table.columns) else 0, ROWS_AT_ONCE):
        part = table.iloc[first : first + ROWS_AT_ONCE].astype(str).fillna("")
        columns = [_quoted(_cells(part[name])) for name in part]
        if len(columns) == 1:  # a line without anything would be no row
            columns = [pc.if_else(pc.equal(columns[0], ""), '""', columns[0])]
        lines = pc.binary_join_element_wise(*columns, ",")
        rows = pa.ListArray.from_arrays([0, len(lines)], lines)
        yield pc.binary_join(rows, "\n")[0].as_buffer().to_pybytes() + b"\n"


def _cells(texts: pd.Series) -> pa.StringArray:
    cells = pa.array(texts, pa.string())
    return cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells


def _quoted(cells: pa.StringArray) -> pa.StringArray:
    """Return the cells, in quotes where they hold what would end one."""
    content = cells.buffers()[2]
    if content is None or not any(mark in content.to_pybytes() for mark in (b'"', b",", b"\n")):
        return cells  # as most columns are: looking at each cell takes most of the time
    unclear = pc.match_substring_regex(cells, '[",\n]')
    doubled = pc.replace_substring(cells, '"', '""')
    return pc.if_else(unclear, pc.binary_join_element_wise('"', doubled, '"', ""), cells)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
