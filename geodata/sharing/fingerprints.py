"""Which data a view was made on: a sha256 of every part, and one short name for all."""

import csv
import hashlib
import io
from dataclasses import dataclass, replace
from itertools import islice

import geopandas as gpd
import pandas as pd
import shapely

from geodata.analysis.resolution import last_report
from geodata.dataset import Dataset
from geodata.events.presets import preset_ids
from geodata.events.rules import rule_names
from geodata.sharing.permalink import KnownIds

SHORT = 12
ROWS_AT_ONCE = 500


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
    plain = pd.DataFrame(table[columns]).reset_index(drop=True).astype(str)
    content = _csv(plain).encode(errors="replace")
    if isinstance(table, gpd.GeoDataFrame):
        content += b"".join(shapely.to_wkb(table.geometry.to_numpy(), byte_order=1))
    return _sha256(content)


def _csv(table: pd.DataFrame) -> str:
    """Return a table of text as pandas' ``to_csv`` writes it, in half the time.

    Rows are written some at a time, since no other thread works meanwhile.
    """
    columns = [table[name].fillna("").to_numpy(object).tolist() for name in table]
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(table.columns)
    rows = zip(*columns, strict=True)
    while part := list(islice(rows, ROWS_AT_ONCE)):
        writer.writerows(part)
    return written.getvalue()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
