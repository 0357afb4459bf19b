"""What is good and what is doubtful in an imported network, each doubt with its place.

An import joins, leaves out and assumes. A user of the result must see what: in figures,
in sentences, and as points for the map.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata import schema as f
from geodata.errors import GeodataError
from geodata.graph.arrays import Floats
from geodata.i18n import number, plural, text
from geodata.network.files import read_geojson
from geodata.values import plain, whole_if_whole

PROBLEM: Final = "problem"
ABOUT: Final = "about"
VALUE: Final = "value"
COLUMNS: Final = (PROBLEM, ABOUT, VALUE)
PLACES_FILE: Final = "quality.geojson"
SHOWN: Final = 5
"""Places of one problem that the report for a terminal names; the files hold all."""

# Problem to its weight; `error`: not in use, `warning`: look at it, `info`: done, and said.
WEIGHTS: Final[dict[str, str]] = {
    "null_island": "error",
    "outside": "error",
    "too_far": "error",
    "null_vertex": "error",
    "barrier_shut": "warning",
    "jump": "warning",
    "town_far": "warning",
    "across_river": "warning",
    "off_stray": "warning",
    "not_nearest": "warning",
    "linked": "warning",
    "part": "warning",
    "near_miss": "warning",
    "ferry_end": "warning",
    "ferry_fork": "warning",
    "crossing": "warning",
    "self_crossing": "warning",
    "length_differs": "warning",
    "duplicate": "warning",
    "people_unread": "warning",
    "people_read": "info",
    "barrier_open": "info",
    "barrier_off_road": "info",
    "same_point": "info",
    "snapped": "info",
}
_WHOLE: Final = frozenset({"near_miss", "ferry_end", "snapped", "length_differs", "people_read"})


@dataclass(frozen=True, eq=False)
class Quality:
    """Report on an imported network.

    Parameters
    ----------
    figures : mapping of str to number
        Counts and kilometres, by name.
    places : GeoDataFrame
        One row a doubt: ``problem`` (a key of `WEIGHTS`), ``about`` (name or id), ``value``
        (metres, kilometres or per cent, as the problem's message says) and a point in
        EPSG:4326.
    notes : tuple of (key, params)
        What was assumed or done throughout, as messages of the catalogue.
    """

    figures: Mapping[str, float]
    places: gpd.GeoDataFrame
    notes: tuple[tuple[str, Mapping[str, Any]], ...] = field(default=())

    def counts(self) -> dict[str, int]:
        """Count the places of each problem, the heaviest first."""
        problem_counts = self.places[PROBLEM].value_counts()
        return {
            problem: int(problem_counts[problem])
            for problem in WEIGHTS
            if problem in problem_counts.index
        }

    def messages(self, lang: str = "en") -> list[str]:
        """Return one sentence for each place, in the order of ``places``."""
        return [
            message(row[PROBLEM], str(row[ABOUT]), float(row[VALUE]), lang)
            for row in self.places[list(COLUMNS)].to_dict("records")
        ]

    def as_dict(self, lang: str = "en") -> dict[str, Any]:
        """Return the report as plain values, as ``import-roads --format json`` prints it."""
        lon_lat = shapely.get_coordinates(self.places.geometry.to_numpy())
        rows = zip(
            self.places[PROBLEM],
            self.places[ABOUT],
            self.places[VALUE],
            lon_lat,
            self.messages(lang),
            strict=True,
        )
        return {
            "figures": {key: _plain(value) for key, value in self.figures.items()},
            "notes": [text(key, lang, **params) for key, params in self.notes],
            "problems": [
                {
                    "problem": problem,
                    "severity": WEIGHTS[problem],
                    "about": about,
                    "value": _plain(value),
                    "lon": round(float(lon), 6),
                    "lat": round(float(lat), 6),
                    "message": message,
                }
                for problem, about, value, (lon, lat), message in rows
            ],
        }

    def to_json(self, lang: str = "en") -> str:
        """Write the report as one JSON object."""
        return json.dumps(self.as_dict(lang), ensure_ascii=False, indent=1)

    def to_text(self, lang: str = "en") -> str:
        """Write the report for a terminal: figures, notes, then the problems with examples."""
        lines = [
            text("quality.figure", lang, name=name, value=value)
            for name, value in self.figures_in(lang)
        ]
        lines += self.notes_in(lang)
        for title, examples in self.doubts_in(lang):
            lines.append(title)
            lines += [f"  - {sentence}" for sentence in examples]
        return "\n".join(lines)

    def figures_in(self, lang: str) -> list[tuple[str, str]]:
        """Return the name and the value of each figure, in words."""
        return [
            (text(f"quality.{name}", lang), _written(value, lang))
            for name, value in self.figures.items()
        ]

    def notes_in(self, lang: str) -> list[str]:
        """Return what was assumed or done throughout, in sentences."""
        return [text(key, lang, **params) for key, params in self.notes]

    def doubts_in(self, lang: str) -> list[tuple[str, list[str]]]:
        """Return how often each problem was met and its first places, the heaviest first."""
        messages = pd.Series(self.messages(lang), index=self.places.index, dtype=object)
        return [
            (
                plural(f"quality.count_{problem}", n, lang),
                list(messages[self.places[PROBLEM] == problem].head(SHOWN)),
            )
            for problem, n in self.counts().items()
        ]


def message(problem: str, about: str, value: float, lang: str = "en") -> str:
    """Return one doubt in a sentence that says the fault and the remedy."""
    decimals = 0 if problem in _WHOLE else 1
    figure = number(value, lang, decimals=decimals) if np.isfinite(value) else ""
    return text(f"quality.{problem}", lang, about=about, value=figure)


def places(
    problem: str, lon_lat: Floats, about: Iterable[object], value: Iterable[float]
) -> gpd.GeoDataFrame:
    """Return the doubts of one kind as rows for `Quality.places`.

    Parameters
    ----------
    problem : str
        A key of `WEIGHTS`.
    lon_lat : array (n, 2)
        Where they are, in degrees.
    about : iterable of str
        Name or id, one a row.
    value : iterable of float
        Metres, kilometres or per cent; NaN where nothing is measured.
    """
    if problem not in WEIGHTS:
        raise ValueError(f"problem: unknown {problem!r}; there are {', '.join(WEIGHTS)}")
    names = [str(name) for name in about]
    columns = {PROBLEM: [problem] * len(names), ABOUT: names, VALUE: np.fromiter(value, float)}
    table = pd.DataFrame(columns).astype({PROBLEM: object, ABOUT: object})
    points = shapely.points(lon_lat.reshape(-1, 2))
    return gpd.GeoDataFrame(table, geometry=points, crs=f.CRS)


def read_places(folder: Path) -> gpd.GeoDataFrame | None:
    """Return the doubts that an import wrote beside its network; None where there are none.

    Raises
    ------
    GeodataError
        If the file is not what an import writes.
    """
    path = folder / PLACES_FILE
    if not path.exists():
        return None
    try:
        findings = read_geojson(path)
        if not len(findings):
            return collect_findings([])
        points = (shapely.get_type_id(findings.geometry) == shapely.GeometryType.POINT).all()
        value = findings[VALUE].astype(float)
        known = findings[PROBLEM].isin(WEIGHTS).all() and findings[ABOUT].map(_is_text).all()
    except (GeodataError, ValueError, TypeError, KeyError) as error:
        raise GeodataError("data.import_damaged", file=path.name) from error
    if not points or not known:
        raise GeodataError("data.import_damaged", file=path.name)
    return findings[[*COLUMNS, f.GEOMETRY]].assign(**{VALUE: value})


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def collect_findings(tables: Iterable[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Return all doubts in one table, the heaviest kind first, then by name and place."""
    frames = [frame for frame in tables if len(frame)]
    if not frames:
        return places("part", np.zeros((0, 2)), [], [])
    table = pd.concat(frames, ignore_index=True)
    xy = shapely.get_coordinates(table.geometry.to_numpy())
    weight = table[PROBLEM].map({problem: n for n, problem in enumerate(WEIGHTS)}).to_numpy()
    order = np.lexsort((xy[:, 1], xy[:, 0], table[ABOUT].to_numpy(str), weight))
    return gpd.GeoDataFrame(table.iloc[order].reset_index(drop=True), crs=f.CRS)


def _plain(value: float) -> float | int | None:
    number = whole_if_whole(plain(float(value)))
    return round(number, 3) if isinstance(number, float) else number


def _written(value: float, lang: str) -> str:
    return number(value, lang, decimals=0 if float(value).is_integer() else 1)
