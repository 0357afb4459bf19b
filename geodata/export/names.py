"""Names of towns' states, roads, nodes and supply points in the language of a product."""

import pandas as pd

from geodata import schema as f
from geodata.network.labels import label_in
from geodata.network.names import road_number
from geodata.sharing.publication import Publication


def town_state(release: Publication, town: pd.Series) -> str:
    """Name the state of a town, and of an isolated one the cause."""
    state = release.say(f"core.town_state.{town[f.STATE]}")
    cause = town[f.ISOLATED_BY]
    return f"{state} ({release.say(f'export.cause_{cause}')})" if cause else state


def segment_name(release: Publication, segment_id: str) -> str:
    """Name a road by its ends and number."""
    network = release.situation.dataset.network
    row = network.segments.iloc[network.segment_number[segment_id]]
    name = f"{node_name(release, row[f.FROM_NODE])} – {node_name(release, row[f.TO_NODE])}"
    road = road_number(row.get(f.ROAD_REF))
    return f"{name} ({road})" if road else name


def node_name(release: Publication, node_id: str) -> str:
    """Name a node."""
    return label_in(release.lang, release.situation.dataset.network.labels[node_id])


def region_name(release: Publication, region: object) -> str:
    """Name a region."""
    return label_in(release.lang, str(region))


def supply_name(release: Publication, town: pd.Series) -> str:
    """Name the nearest supply point of a town, and the one before it if that was another."""
    before, now = town[f.BASELINE_SUPPLY_POINT], town[f.SUPPLY_POINT]
    if before == now:
        return node_name(release, now)
    return f"{node_name(release, before)} → {node_name(release, now)}"
