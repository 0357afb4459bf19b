"""Which layer and which columns of the visitor's files are read, chosen from what is in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from dashboard.markup import label
from dashboard.page import Page
from dashboard.widgets import option_names
from geodata import schema as f
from geodata.errors import GeodataError
from geodata.readers.layers.head import LayerHead, read_layer_head
from geodata.readers.sandbox import PASSING

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "roads": (f.ROAD_CLASS, f.SURFACE, f.TANKER, f.ROAD_REF, f.NAME),
    "towns": (f.NAME, f.POPULATION, f.ADMIN1, f.PCODE, f.SUPPLY_POINT),
}
"""Fields whose column is asked for; a line of text maps any other."""
HEADS: Final = "own_layer_heads"


@dataclass(frozen=True)
class Chosen:
    """What the visitor chose.

    Parameters
    ----------
    layers : mapping of str to str
        Layer to read, by file.
    mapping : mapping of str to str
        Column to field, as `geodata.roads.options.ImportOptions.mapping` has it.
    """

    layers: Mapping[str, str]
    mapping: Mapping[str, str]


def draw(
    page: Page, files: Mapping[str, UploadedFile | None], given: Mapping[str, bytes]
) -> Chosen:
    """Boxes for the layer and the columns of each file of roads and towns.

    Parameters
    ----------
    page : Page
    files : mapping of str to UploadedFile or None
        By the kind of layer.
    given : mapping of str to bytes
        Contents of those that were kept.
    """
    layers: dict[str, str] = {}
    mapping: dict[str, str] = {}
    for name in FIELDS:
        file, content = files[name], given.get(name)
        if file is None or content is None:
            continue
        try:
            head = _head(name, file.file_id, content, None)
            layer = _layer(page, name, file.file_id, head)
            if layer:
                layers[name] = layer
                head = _head(name, file.file_id, content, layer)
        except GeodataError as fault:
            st.error(
                label(
                    page.words.label(page.words(f"own.layer_{name}"))
                    + option_names.on_page(fault.text(page.words.lang), page.words)
                )
            )
            continue
        mapping |= _columns(page, name, file.file_id, head)
    return Chosen(layers, mapping)


def _layer(page: Page, name: str, file_id: str, head: LayerHead) -> str:
    """Return the layer to read; empty where the file has one only."""
    if len(head.layers) < 2:
        return ""
    picked = st.selectbox(
        page.words(f"own.which_{name}"),
        head.layers,
        index=head.layers.index(head.layer) if head.layer in head.layers else 0,
        key=f"own_which_{name}_{file_id}",
        format_func=lambda each: label(each[:80]),
    )
    return picked or ""


def _columns(page: Page, name: str, file_id: str, head: LayerHead) -> dict[str, str]:
    """Return the columns that the visitor gave a meaning."""
    words = page.words
    st.caption(words(f"own.columns_{name}"))
    mapping: dict[str, str] = {}
    with st.container(horizontal=True, key=f"own_fields_{name}"):
        for field in FIELDS[name]:
            picked = st.selectbox(
                words(f"field.{field}"),
                ["", *head.columns],
                key=f"own_field_{name}_{field}_{file_id}_{head.layer}",
                format_func=lambda each: label(each[:80]) if each else words("own.by_name"),
                width=180,
            )
            if picked:
                mapping[f"{name}:{picked}"] = field
    return mapping


def _head(name: str, file_id: str, content: bytes, layer: str | None) -> LayerHead:
    """Return what a file holds; read once for each layer looked at."""
    cache = st.session_state.setdefault(HEADS, {})
    cache_key = (file_id, layer)
    if name not in cache or cache_key not in cache[name]:
        try:
            new_head: LayerHead | GeodataError = read_layer_head(content, kind=name, layer=layer)
        except GeodataError as fault:
            if fault.key in PASSING:
                raise
            new_head = fault.again()
        others = {at: head for at, head in cache.get(name, {}).items() if at[0] == file_id}
        cache[name] = {**others, cache_key: new_head}
    head: LayerHead | GeodataError = cache[name][cache_key]
    if isinstance(head, GeodataError):
        raise head.again()
    return head
