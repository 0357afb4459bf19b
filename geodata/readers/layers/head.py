"""The layers and columns of a file, for the step in which a user says what they mean."""

from dataclasses import asdict, dataclass
from typing import Any, Final, cast

from geodata.readers import sandbox
from geodata.readers.layers import gdal
from geodata.readers.layers.parser import read_raw
from geodata.readers.layers.raw import LayerRequest
from geodata.readers.layers.reader import content
from geodata.readers.limits import UPLOAD, Limits

MOST_LAYERS: Final = 200
NAME_CHARACTERS: Final = 200


@dataclass(frozen=True)
class LayerHead:
    """What a file of roads or places holds.

    Parameters
    ----------
    layers : tuple of str
        Names of its layers, in order; empty where the format has no names for them.
    layer : str
        The one that is read.
    columns : tuple of str
        Its columns besides the geometry, as the file writes them.
    """

    layers: tuple[str, ...]
    layer: str
    columns: tuple[str, ...]


def read_layer_head(
    data: bytes, *, kind: str = "auto", layer: str | None = None, limits: Limits = UPLOAD
) -> LayerHead:
    """Return the layers of a file, and the columns of the one that an import would read.

    Read in a bounded process, like the layer itself.

    Parameters
    ----------
    data : bytes
        Content of the file.
    kind : {'auto', 'towns', 'roads', 'boundary'}
        What it should hold.
    layer : str, optional
        Layer asked for.
    limits : Limits

    Raises
    ------
    GeodataError
        If the file is of no format that is read, damaged or too large, or has no such layer.
    """
    answer, _ = sandbox.run(
        "geodata.readers.layers.head:work",
        content(data, limits),
        {"limits": asdict(limits), "kind": kind, "layer": layer},
        seconds=limits.seconds,
        memory_mb=limits.memory_mb,
        environment=gdal.environment(),
    )
    with sandbox.untrusted_answer():
        layers, columns = (_names(answer[name]) for name in ("layers", "columns"))
        (chosen,) = _names([answer["layer"]])
        if len(layers) > MOST_LAYERS or len(columns) > limits.columns:
            raise ValueError("names")
        return LayerHead(layers, chosen, columns)


def _names(cells: object) -> tuple[str, ...]:
    names = cast("list[object]", cells)
    if not all(isinstance(name, str) and len(name) <= NAME_CHARACTERS for name in names):
        raise TypeError("names")
    return tuple(map(str, names))


def work(data: bytes, params: dict[str, Any]) -> tuple[dict[str, object], bytes]:
    """Return the body of the bounded process."""
    request = LayerRequest(Limits(**params["limits"]), params["kind"], params["layer"])
    raw = read_raw(data, request)
    layers = sorted(name for name in raw.layers if len(name) <= NAME_CHARACTERS)[:MOST_LAYERS]
    columns = [str(name)[:NAME_CHARACTERS] for name in raw.properties.columns]
    return {"layers": layers, "layer": raw.layer[:NAME_CHARACTERS], "columns": columns}, b""
