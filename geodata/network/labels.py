"""Names of nodes as lists show them: no two look alike, and each in the reader's language."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from geodata import schema as f
from geodata.i18n import LANGUAGES, text
from geodata.sanitize import folded

DESCRIBED: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        "place.border_post": re.compile(r"Frontière (?P<name>.+)"),
        "place.junction_of": re.compile(r"Carrefour de (?P<name>.+)"),
        "place.junction": re.compile(r"Carrefour (?P<name>.+)"),
        "place.district": re.compile(r"District de (?P<name>.+)"),
        "place.right_bank": re.compile(r"(?P<name>.+) rive droite"),
        "place.left_bank": re.compile(r"(?P<name>.+) rive gauche"),
    }
)
"""Names that describe a place, as Malian sources write them, by the message that says the same."""

AIRPORT: Final = re.compile(r"( International)? (Airport|Heliport)$")


def label_in(lang: str, label: str) -> str:
    """Return the name of a node or region in a language: what describes the place is translated.

    Parameters
    ----------
    lang : str
        ``en`` or ``fr``; in any other the name stays as the data has it.
    label : str
        Name as `labels` returns it, or that of a region.

    Examples
    --------
    >>> label_in("en", "Carrefour de Djenné"), label_in("fr", "Carrefour de Djenné")
    ('Djenné junction', 'Carrefour de Djenné')
    >>> label_in("en", "Gao")
    'Gao'
    """
    if lang not in LANGUAGES:
        return label
    for key, form in DESCRIBED.items():
        if described := form.fullmatch(label):
            return text(key, lang, name=described["name"])
    return label


def airport_name(name: str) -> str:
    """Return the name of an airport without the English word for what it is.

    Examples
    --------
    >>> airport_name("Modibo Keita International Airport"), airport_name("San")
    ('Modibo Keita', 'San')
    """
    return AIRPORT.sub("", name)


def labels(nodes: pd.DataFrame) -> dict[str, str]:
    """Return the name of each node for lists, by id: no two nodes with a name look alike.

    A name that several nodes share gets the region, ``Benkadi (Sikasso)``; where that does not
    distinguish them, the id as well, ``Benkadi (Sikasso, t12)``. Case and accents do not count.
    A node without a name has the empty text.

    Parameters
    ----------
    nodes : DataFrame
        ``node_id, name, admin1``.

    Examples
    --------
    >>> import pandas as pd
    >>> names = {"node_id": ["a", "b", "c"], "name": ["Benkadi", "Benkadi", "Gao"]}
    >>> labels(pd.DataFrame({**names, "admin1": ["Kayes", "Sikasso", "Gao"]}))
    {'a': 'Benkadi (Kayes)', 'b': 'Benkadi (Sikasso)', 'c': 'Gao'}
    """
    given = _texts(nodes[f.NAME])
    labels_of = dict(zip(map(str, nodes[f.NODE_ID].to_numpy(object)), given, strict=True))
    # Most nodes of a large network are plain junctions, which have no name.
    named = nodes[np.array([name.strip() != "" for name in given], bool)]
    ids = [str(node) for node in named[f.NODE_ID]]
    names, regions = _texts(named[f.NAME]), _texts(named[f.ADMIN1])
    same = _shared(names)
    alike = _shared(zip(map(folded, names), map(folded, regions), strict=True))
    for node, name, region, shared, both in zip(ids, names, regions, same, alike, strict=True):
        added = [region] if region else []
        if both or not region:
            added.append(node)
        labels_of[node] = f"{name} ({', '.join(added)})" if shared else name
    return labels_of


def _texts(column: pd.Series) -> list[str]:
    return [value if isinstance(value, str) else "" for value in column.to_numpy(object)]


def _shared(names: Iterable[object]) -> list[bool]:
    """Return whether each of some names occurs more than once."""
    keys = [folded(name) if isinstance(name, str) else name for name in names]
    counts = Counter(keys)
    return [counts[key] > 1 for key in keys]
