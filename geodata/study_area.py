"""The area that the dashboard speaks of: one country's outline."""

import json
from pathlib import Path
from typing import Final

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geodata import fields as f

OUTLINES: Final = Path(__file__).parent / "data" / "admin0.geojson"
MALI: Final = "MLI"


def study_area(country: str = MALI, *, path: Path = OUTLINES) -> BaseGeometry | None:
    """Outline of a country in EPSG:4326, or None where the shipped borders do not hold it.

    Parameters
    ----------
    country : str
        ISO 3166-1 alpha-3 code.
    path : Path
        The shipped borders, or others in the same form.
    """
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        if feature["properties"].get(f.COUNTRY) == country:
            outline: BaseGeometry = shape(feature["geometry"])
            return outline
    return None
