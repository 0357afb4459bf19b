"""Names of columns and of the few closed sets of values, written once.

Units are part of a name (``length_km``, ``detour_km``). Distances are kilometres along the
road, times are hours of driving, coordinates are WGS84 degrees (EPSG:4326).
"""

from enum import StrEnum
from typing import Final

CRS: Final = "EPSG:4326"

# Nodes
NODE_ID: Final = "node_id"
NAME: Final = "name"
NAME_EN: Final = "name_en"
NAME_FR: Final = "name_fr"
ALT_NAMES: Final = "alt_names"
KIND: Final = "kind"
COUNTRY: Final = "country"
ADMIN1: Final = "admin1"
ADMIN1_2023: Final = "admin1_2023"
ADMIN2: Final = "admin2"
PCODE: Final = "pcode"
POPULATION: Final = "population"
POPULATION_YEAR: Final = "population_year"
POPULATION_SOURCE: Final = "population_source"
NO_YEAR: Final = ", year not given"
"""End of a population's source that names no year."""
SUPPLY_POINT: Final = "supply_point"
COORD_SOURCE: Final = "coord_source"

# Segments
SEGMENT_ID: Final = "segment_id"
FROM_NODE: Final = "from_node"
TO_NODE: Final = "to_node"
LENGTH_KM: Final = "length_km"
LENGTH_BASIS: Final = "length_basis"
TANKER: Final = "tanker"
ROAD_REF: Final = "road_ref"
ROAD_CLASS: Final = "road_class"
SURFACE: Final = "surface"
VIA: Final = "via"
RESTRICTION: Final = "restriction"
MODE: Final = "mode"
FERRY: Final = "ferry"
VIA_SOURCE: Final = "via_source"
CORRIDORS: Final = "corridors"
CROSSING_NOTES: Final = "crossing_notes"
DRAWN_KM: Final = "drawn_km"
BRIDGE_STRUCTURE: Final = "bridge_structure"
SOURCE: Final = "source"
CONFIDENCE: Final = "confidence"
NOTES: Final = "notes"
SPEED_KMH: Final = "speed_kmh"
HOURS: Final = "hours"
GEOMETRY: Final = "geometry"

# Access results
STATE: Final = "state"
ISOLATED: Final = "isolated"
BASELINE_ISOLATED: Final = "baseline_isolated"
BASELINE_SUPPLY_POINT: Final = "baseline_supply_point"
DISTANCE_KM: Final = "distance_km"
BASELINE_KM: Final = "baseline_km"
DETOUR_KM: Final = "detour_km"
DETOUR_HOURS: Final = "detour_hours"
BASELINE_HOURS: Final = "baseline_hours"
REACHABLE_SUPPLY_POINTS: Final = "reachable_supply_points"
INDEPENDENT_ROUTES: Final = "independent_routes"
CUT_BY: Final = "cut_by"
CONTESTED_KM: Final = "contested_km"
ISOLATED_BY: Final = "isolated_by"
SUFFICIENT_CAUSES: Final = "sufficient_causes"

# Every-cut and reopening results
TOWNS_ISOLATED: Final = "towns_isolated"
POPULATION_ISOLATED: Final = "population_isolated"
POPULATION_UNKNOWN: Final = "population_unknown"
TOWNS_ESCORTED: Final = "towns_escorted"
POPULATION_ESCORTED: Final = "population_escorted"
POPULATION_ESCORTED_UNKNOWN: Final = "population_escorted_unknown"
TOWNS_DETOURED: Final = "towns_detoured"
DETOUR_KM_TOTAL: Final = "detour_km_total"
DETOUR_KM_MAX: Final = "detour_km_max"
DETOUR_HOURS_TOTAL: Final = "detour_hours_total"
DETOUR_HOURS_MAX: Final = "detour_hours_max"
SUPPLY_SWITCHED: Final = "supply_switched"
SEGMENTS: Final = "segments"
STEP: Final = "step"
TOWNS_RESTORED: Final = "towns_restored"
POPULATION_RESTORED: Final = "population_restored"

# Events
EVENT_ID: Final = "event_id"
DATE: Final = "date"
DATE_PRECISION: Final = "date_precision"
END_DATE: Final = "end_date"
EVENT_TYPE: Final = "event_type"
PLACE: Final = "place"
LAT: Final = "lat"
LON: Final = "lon"
LOCATION_PRECISION: Final = "location_precision"
CORRIDOR: Final = "corridor"
ACTOR: Final = "actor"
EFFECT: Final = "effect_on_passage"
APPLIES_TO: Final = "applies_to"
TANKERS_LOW: Final = "tankers_destroyed_low"
TANKERS_HIGH: Final = "tankers_destroyed_high"
FATALITIES_LOW: Final = "fatalities_low"
FATALITIES_HIGH: Final = "fatalities_high"
SOURCE_NAME: Final = "source_name"
SOURCE_URL: Final = "source_url"
SOURCE_DATE: Final = "source_date"
SUMMARY: Final = "summary"
ORIGIN: Final = "origin"
REGION: Final = "region"
PRECISION_KM: Final = "precision_km"
PLACE_BASIS: Final = "place_basis"
SEGMENT_IDS: Final = "segment_ids"
REPORTED_TYPE: Final = "reported_type"
MAY_CLOSE: Final = "may_close"

# A user's own figures of fuel by town
TANK_LITRES: Final = "tank_litres"
USE_LITRES: Final = "use_litres_per_day"
DELIVERED_LITRES: Final = "delivered_litres"
OWN_LITRES: Final = (TANK_LITRES, USE_LITRES, DELIVERED_LITRES)

# Closures
TRAFFIC: Final = "traffic"
SEVERITY: Final = "severity"
EVENT_IDS: Final = "event_ids"
EVIDENCE: Final = "evidence"

TOWN_KINDS: Final = ("city", "town")


class Vehicle(StrEnum):
    """What the road must bear: any vehicle, a tanker in season, a tanker all year."""

    ANY = "any"
    TANKER = "tanker"
    TANKER_ALL_YEAR = "tanker_all_year"


class Traffic(StrEnum):
    """Traffic affected by a closure: fuel tankers, other lorries, light vehicles and buses."""

    FUEL = "fuel"
    TRUCKS = "trucks"
    LIGHT = "light"


class SegmentState(StrEnum):
    """State of a segment; only the first three let traffic pass."""

    OPEN = "open"
    ESCORT_ONLY = "escort_only"
    CONTESTED = "contested"
    CLOSED = "closed"
    CUT = "cut"
    IMPASSABLE = "impassable"


PASSABLE: Final = frozenset({SegmentState.OPEN, SegmentState.ESCORT_ONLY, SegmentState.CONTESTED})


class TownState(StrEnum):
    """Access of a town: as before, by a longer route, under escort only, or none."""

    OPEN = "open"
    DETOUR = "detour"
    ESCORT_ONLY = "escort_only"
    ISOLATED = "isolated"


class Cause(StrEnum):
    """What isolates a town, in the order in which the restrictions are applied."""

    VEHICLE = "vehicle"
    SEASON = "season"
    SUPPLY = "supply"
    CLOSURE = "closure"


class Grouping(StrEnum):
    """What the segments share that are likely to close together."""

    CORRIDOR = "corridor"
    ACTOR = "actor"
    NONE = "none"


class Measure(StrEnum):
    """What 'shortest' means."""

    KM = "km"
    HOURS = "hours"
