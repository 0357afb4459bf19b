"""Where events took place: coordinates read, and those that cannot be right distinguished."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geodata import schema as f
from geodata.errors import GeodataError
from geodata.events.vocabulary import LocationPrecision
from geodata.network.geodesy import near_pairs
from geodata.network.study_area import widened
from geodata.readers.events.draft import Draft
from geodata.readers.tables.numbers import angle

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


@dataclass
class EventLocations:
    """Coordinates by place in the draft; None where a row has no point."""

    lat: list[float | None]
    lon: list[float | None]


def read_places(
    draft: Draft, *, area: "BaseGeometry | None", swap: bool, crs: str | None
) -> EventLocations:
    """Return the coordinates of each row; rows whose point cannot be right are rejected.

    Parameters
    ----------
    draft : Draft
    area : shapely geometry in EPSG:4326, optional
        Study area: points outside it are kept and reported.
    swap : bool
        Whether to exchange latitude and longitude of rows where they look swapped.
    crs : str, optional
        Reference system of the coordinates where they are not degrees, such as ``EPSG:32630``.

    Raises
    ------
    GeodataError
        ``events.metres`` if most coordinates cannot be degrees; ``events.crs`` if ``crs`` names
        no reference system.
    """
    lat, lon = _numbers(draft)
    if crs:
        lat, lon = _degrees(lat, lon, crs)
    _refuse_metres(draft, lat, lon)
    _reject_impossible(draft, lat, lon)
    places = EventLocations(lat, lon)
    _compare_area(draft, places, area, swap=swap)
    return places


def _numbers(draft: Draft) -> tuple[list[float | None], list[float | None]]:
    """Coordinates as numbers; rows without are rejected unless only their region is known."""
    angles: dict[str, list[float | None]] = {f.LAT: [None] * len(draft), f.LON: [None] * len(draft)}
    region = draft[f.LOCATION_PRECISION]
    points, dropped = draft.in_use(), 0
    for place in points:
        if region[place] == LocationPrecision.REGION:
            dropped += bool(draft[f.LAT][place])
            continue
        values = {name: angle(draft[name][place]) for name in (f.LAT, f.LON)}
        for name, value in values.items():
            if value is None:
                text = draft[name][place]
                draft.reject(place, name, f"events.{'bad' if text else 'no'}_{name}")
                break
        else:
            for name, value in values.items():
                angles[name][place] = value
    if dropped:
        draft.remark("events.region_points", n=dropped)
    if other := sum(_other_digits(draft[f.LAT][place] + draft[f.LON][place]) for place in points):
        draft.remark("events.digits", n=other)
    return angles[f.LAT], angles[f.LON]


def _other_digits(cell: str) -> bool:
    return not cell.isascii() and any(sign.isdecimal() and not sign.isascii() for sign in cell)


def _degrees(
    lat: list[float | None], lon: list[float | None], crs: str
) -> tuple[list[float | None], list[float | None]]:
    """Return coordinates from another reference system; x stands in the column of longitudes."""
    from pyproj import Transformer
    from pyproj.exceptions import CRSError

    try:
        transformer = Transformer.from_crs(crs, f.CRS, always_xy=True)
    except CRSError:
        raise GeodataError("events.crs", crs=crs[:40]) from None
    places = [place for place, value in enumerate(lat) if value is not None]
    x, y = transformer.transform([lon[place] for place in places], [lat[place] for place in places])
    lat, lon = list(lat), list(lon)
    for place, east, north in zip(places, x, y, strict=True):
        # What lies outside the system's domain comes back as infinite: keep it out of range.
        lon[place] = east if math.isfinite(east) else 999.0
        lat[place] = north if math.isfinite(north) else 999.0
    return lat, lon


def _refuse_metres(draft: Draft, lat: list[float | None], lon: list[float | None]) -> None:
    """Refuse a file whose coordinates are mostly no degrees."""
    points = [place for place in draft.in_use() if lat[place] is not None]
    beyond = [place for place in points if max(abs(_at(lat, place)), abs(_at(lon, place))) > 360]
    if points and 2 * len(beyond) > len(points):
        first = beyond[0]
        raise GeodataError(
            "events.metres",
            row=draft.numbers[first],
            lat=draft[f.LAT][first][:20],
            lon=draft[f.LON][first][:20],
        )


def _at(values: list[float | None], place: int) -> float:
    value = values[place]
    assert value is not None, "only rows with a point are asked"  # noqa: S101
    return value


def _reject_impossible(draft: Draft, lat: list[float | None], lon: list[float | None]) -> None:
    """Reject what lies on no globe, and 0,0, which stands for an unknown place."""
    for place in draft.in_use():
        north, east = lat[place], lon[place]
        if north is None or east is None:
            continue
        if abs(north) > 90 or abs(east) > 180:
            swapped = abs(north) <= 180 and abs(east) <= 90
            key = "events.swapped" if swapped else "events.out_of_range"
            draft.reject(place, f.LAT, key, lat=f"{north:g}", lon=f"{east:g}")
        elif north == 0 and east == 0:
            draft.reject(place, f.LAT, "events.null_island")


def _compare_area(
    draft: Draft, places: EventLocations, area: "BaseGeometry | None", *, swap: bool
) -> None:
    """Report rows outside the study area, and those that lie inside once swapped."""
    rows = [place for place in draft.in_use() if places.lat[place] is not None]
    if area is None or area.is_empty or not rows:
        return
    import shapely

    wide = widened(area)
    lat = [_at(places.lat, place) for place in rows]
    lon = [_at(places.lon, place) for place in rows]
    inside = shapely.contains_xy(wide, lon, lat)
    swapped = shapely.contains_xy(wide, lat, lon)
    for position, place in enumerate(rows):
        shown = {"lat": f"{lat[position]:g}", "lon": f"{lon[position]:g}"}
        if inside[position]:
            continue
        if swapped[position] and swap:
            places.lat[place], places.lon[place] = lon[position], lat[position]
            draft.warn(place, f.LAT, "events.swapped_fixed", **shown)
        elif swapped[position]:
            draft.reject(place, f.LAT, "events.swapped", **shown)
        else:
            draft.warn(place, f.LAT, "events.outside", **shown)


def tell_near(draft: Draft, places: EventLocations, days: list[str], kinds: list[str]) -> None:
    """Report each event that may be another one reported twice: same day, same type, within 5 km.

    Parameters
    ----------
    draft : Draft
    places : Places
    days : list of str
        Date of each row.
    kinds : list of str
        Type of each row, as finely as it is known.
    """
    rows = [place for place in draft.in_use() if places.lat[place] is not None]
    spots = (
        (f"{days[place]} {kinds[place]}", _at(places.lat, place), _at(places.lon, place))
        for place in rows
    )
    for later, earlier, km in near_pairs(spots):
        number = draft.numbers[rows[earlier]]
        draft.warn(rows[later], None, "events.near", other=number, km=f"{km:.1f}")
