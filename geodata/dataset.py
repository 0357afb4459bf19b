"""One network with all that is known around it: events, phases, fuel status, base layers."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from geodata import schema as f
from geodata._paths import DATA_FOLDER, NETWORK_FOLDER
from geodata.cached import cached_property
from geodata.events.corridors import Corridors
from geodata.network.basemap import layers_around, lies_within
from geodata.network.files import read_network
from geodata.network.findings import read_places
from geodata.network.model import Network
from geodata.network.provenance import verify
from geodata.network.study_area import network_area, only_inside_may_close


@dataclass(frozen=True, eq=False)
class OwnFuel:
    """A user's own figures of fuel, which replace the model's assumptions for their towns.

    Parameters
    ----------
    tanks : DataFrame
        ``node_id, tank_litres, use_litres_per_day``, a row for each town; blank where not known.
    deliveries : tuple of (node id, date, litres)
    """

    tanks: pd.DataFrame
    deliveries: tuple[tuple[str, dt.date, float], ...] = ()

    @cached_property
    def towns(self) -> tuple[str, ...]:
        """Towns with a figure, in the order of the table."""
        named = [*self.tanks[f.NODE_ID], *(town for town, _, _ in self.deliveries)]
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True, eq=False)
class Dataset:
    """A network and the tables and layers that go with it, each read on first use.

    Parameters
    ----------
    network : Network
        Nodes and segments, in EPSG:4326.
    added_events : DataFrame, optional
        The user's events, in the shipped table's columns, added to the shipped ones.
    with_shipped_events : bool
        Whether the shipped events count too.
    shipped_network : bool
        Whether the network is the shipped one, whose sources are known.
    findings : GeoDataFrame, optional
        What the import of the network found doubtful: ``places`` of
        `geodata.network.findings.Quality`.
    replaced_events : frozenset of str
        Ids of shipped events that do not count, since a desk decided on them.
    own_fuel : OwnFuel, optional
        The user's own tanks, use and deliveries by town.
    """

    network: Network
    added_events: pd.DataFrame | None = None
    with_shipped_events: bool = True
    shipped_network: bool = True
    findings: gpd.GeoDataFrame | None = None
    replaced_events: frozenset[str] = frozenset()
    own_fuel: OwnFuel | None = None

    @cached_property
    def events(self) -> pd.DataFrame:
        """Dated events, in the columns of `geodata.events.table`."""
        from geodata.events.duplicates import joined, without
        from geodata.events.table import no_events

        shipped_ones = _shipped_events() if self.with_shipped_events else no_events()
        if self.replaced_events:
            shipped_ones = without(shipped_ones, self.replaced_events)
        if self.added_events is None:
            return shipped_ones
        return joined(shipped_ones, only_inside_may_close(self.added_events, self.area))

    @cached_property
    def area(self) -> BaseGeometry | None:
        """Study area, EPSG:4326: added events outside it close nothing on this network."""
        return network_area(self.network, shipped=self.shipped_network)

    @cached_property
    def statuses(self) -> pd.DataFrame:
        """Dated reports of towns' fuel."""
        return pd.read_csv(DATA_FOLDER / "town_status.csv", dtype=str, keep_default_na=False)

    @cached_property
    def convoys(self) -> pd.DataFrame:
        """Convoys and official counts of tankers, with their days."""
        return pd.read_csv(DATA_FOLDER / "convoys.csv", dtype=str, keep_default_na=False)

    @cached_property
    def corridor_segments(self) -> pd.DataFrame:
        """Which segments of this network the corridor names of the events mean."""
        table = pd.read_csv(DATA_FOLDER / "corridor_segments.csv", dtype=str)
        known = table[f.SEGMENT_ID].map(self.network.segment_number.__contains__).astype(bool)
        return table[known].reset_index(drop=True)

    @cached_property
    def corridors(self) -> Corridors:
        """What the corridor names of the events mean on this network."""
        return Corridors(self.network, self.corridor_segments)

    @cached_property
    def layers(self) -> dict[str, gpd.GeoDataFrame]:
        """Base layers by name, as they lie under this network: see `layers_around`."""
        return layers_around(self.network.nodes.total_bounds.tolist())


@lru_cache(maxsize=1)
def _shipped_events() -> pd.DataFrame:
    """The shipped events, read once: nobody changes a table that a data set gives."""
    from geodata.events.table import shipped_events

    return shipped_events()


def load(folder: Path | str | None = None) -> Dataset:
    """Return the data set on the network of a folder, or on the shipped one.

    Parameters
    ----------
    folder : Path or str, optional
        Folder of a network, as `geodata.network.files.write_network` writes it.

    Returns
    -------
    Dataset
        The network with its events, tables and layers.

    Raises
    ------
    GeodataError
        If the folder holds no valid network, or a shipped file is damaged or missing.
    """
    for fault in verify():
        raise fault
    if folder is None:
        return Dataset(read_network(NETWORK_FOLDER))
    return opened(read_network(folder), read_places(Path(folder)))


def opened(network: Network, findings: gpd.GeoDataFrame | None = None) -> Dataset:
    """Return the data set on a user's network; shipped events count only inside their area."""
    near = lies_within(network.nodes.total_bounds.tolist())
    return Dataset(network, with_shipped_events=near, shipped_network=False, findings=findings)


def shipped() -> Dataset:
    """Return the data set on the shipped network."""
    return load()
