"""Which layer of a file with several is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from geodata.errors import GeodataError
from geodata.readers.layers.raw import LayerRequest
from geodata.readers.report import Problem

_DIMENSION: Final = {
    "POINT": "towns",
    "LINE": "roads",
    "CURVE": "roads",
    "POLYGON": "boundary",
    "SURFACE": "boundary",
}
# Towns may be drawn as areas, so polygons come before lines where points are missing.
_ORDER: Final = {
    "roads": ("roads", "", "boundary", "towns"),
    "towns": ("towns", "", "boundary", "roads"),
    "boundary": ("boundary", "", "roads", "towns"),
}


@dataclass(frozen=True)
class Inside:
    """One layer of a file.

    Parameters
    ----------
    geometry : str
        Its declared geometry, such as ``MultiLineString``; empty if unknown or mixed.
    count : int
        Features; -1 if only reading would show.
    """

    geometry: str
    count: int = -1

    def holds(self) -> str:
        """What a layer of this geometry is for: ``towns``, ``roads``, ``boundary`` or empty."""
        name = self.geometry.upper().removeprefix("MULTI")
        name = "POLYGON" if "CURVEPOLYGON" in name else name
        return next((kind for word, kind in _DIMENSION.items() if word in name), "")


def chosen(layers: Mapping[str, Inside], request: LayerRequest) -> tuple[str, tuple[Problem, ...]]:
    """Choose the layer asked for, else the largest of those that hold what is asked for.

    Parameters
    ----------
    layers : mapping of str to Inside
        At least one.
    request : LayerRequest

    Returns
    -------
    tuple of str and tuple of Problem
        Its name; remarks name the other layers.

    Raises
    ------
    GeodataError
        If the layer asked for is not there.
    """
    listing = listed(layers)
    if request.layer is not None:
        if request.layer not in layers:
            raise GeodataError("layer.no_such_layer", layer=request.layer[:80], found=listing)
        return request.layer, ()

    def rank(name: str) -> tuple[bool, int]:
        order = _ORDER.get(request.kind, ("",))
        holds = layers[name].holds() if request.kind in _ORDER else ""
        return layers[name].count == 0, order.index(holds)

    best = min(map(rank, layers))
    fitting = [name for name in sorted(layers) if rank(name) == best]
    name = max(fitting, key=lambda each: layers[each].count)
    if len(layers) == 1:
        return name, ()
    params = {"layer": name, "found": listing}
    if len(fitting) == 1 and request.kind != "auto":
        return name, (Problem.for_file("info", "layer.fitting_layer", **params),)
    return name, (Problem.for_file("warning", "layer.which_layer", **params),)


def listed(layers: Mapping[str, Inside]) -> str:
    """Return the names of layers with the number of features where it is known."""
    return ", ".join(
        name if inside.count < 0 else f"{name} ({inside.count})"
        for name, inside in sorted(layers.items())
    )[:300]
