"""Text that tries to be something else: code, markup, a formula, a path, a request.

One list serves every test that holds a display, a file or a reader to showing text as text.
Whatever runs sets ``__pwn`` in some window, opens a dialog, asks the canary for a page, or
leaves the product of a sum that no text here holds.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import pandas as pd

from geodata import schema as f
from geodata.dataset import Dataset, shipped
from geodata.network.model import Network

MARK: Final = "window.__pwn=1;top.__pwn=1"
PRODUCT: Final = str(987654 * 123457)
"""What a template that was evaluated would leave behind."""
CANARY: Final = "http://127.0.0.1:9/canary"
"""Asked for by whatever is loaded; tests count requests whose path is this."""

STRINGS: Final[Mapping[str, str]] = MappingProxyType({
    "jinja_sum": "{{ 987654*123457 }}",
    "jinja_system": "{{ cycler.__init__.__globals__.os.environ }}{{ 987654*123457 }}",
    "jinja_open": "{% for x in",
    "jinja_block": "{% if true %}987654{% endif %}{# gone #}",
    "jinja_macro": "{% macro script(this, kwargs) %}" + MARK + "{% endmacro %}",
    "template_literal": "${" + MARK + "}",
    "template_escape": "`;" + MARK + ";`",
    "string_escape": "';" + MARK + ";//",
    "string_escape_double": '";' + MARK + ';//',
    "backslash_end": "C:\\new\\u0041\\x\\",
    "windows_path": "C:\\Users\\unite\\rapport.csv",
    "script": "<script>" + MARK + "</script>",
    "script_close": "</script><script>" + MARK + "</script>",
    "style_close": "</style></title></textarea><script>" + MARK + "</script>",
    "image": f'<img src="{CANARY}" onerror="{MARK}">',
    "svg": f"<svg onload={MARK}><animate onbegin={MARK} attributeName=x></svg>",
    "svg_link": f'<svg><a xlink:href="javascript:{MARK}"><rect width=99 height=99 /></a></svg>',
    "frame": f'<iframe srcdoc="<script>{MARK}</script>" src="{CANARY}"></iframe>',
    "attribute": f"\" onmouseover=\"{MARK}\" autofocus onfocus=\"{MARK}",
    "attribute_single": f"' onmouseover='{MARK}' style='background:url({CANARY})",
    "details": f"<details open ontoggle={MARK}>x</details>",
    "form": f'<form action="{CANARY}"><input autofocus onfocus="{MARK}"></form>',
    "base": f'<base href="{CANARY}/"><meta http-equiv="refresh" content="0;url={CANARY}">',
    "entity": "&lt;script&gt;" + MARK + "&lt;/script&gt;",
    "comment": "--><script>" + MARK + "</script><!--",
    "cdata": "]]><script>" + MARK + "</script>",
    "javascript_link": "javascript:" + MARK,
    "javascript_link_spaced": " java\tscript:" + MARK,
    "data_link": "data:text/html,<script>" + MARK + "</script>",
    "markdown_link": f"[open](javascript:{MARK}) [there]({CANARY})",
    "markdown_image": f"![x]({CANARY})",
    "markdown_heading": "# BIG\n\n---\n\n> quoted\n\n| a | b |\n|---|---|",
    "streamlit_directive": ":red[red] :material/delete: :streamlit: $e^x$ :small[x]",
    "css": f"</style><style>*{{display:none}}@import '{CANARY}';</style>",
    "formula": "=1+1",
    "formula_dde": "=cmd|' /C calc'!A0",
    "formula_link": f'=HYPERLINK("{CANARY}","open")',
    "formula_plus": "+1+1",
    "formula_minus": "-2+3",
    "formula_at": "@SUM(1+1)",
    "formula_tab": "\t=1+1",
    "formula_return": "\r=1+1",
    "formula_wide": "＝1+1",
    "bidi": "\u202egpj.elif\u202c \u2066x\u2069 \u200f",
    "invisible": "Ga\u200bo\ufeff\u00ad",
    "lookalike": "G\u0430o",
    "combining": "Gao" + "\u0301" * 40,
    "nul": "Ga\0o",
    "controls": "Ga\x07o\x1b[31mred\x08\x7f",
    "lines": "one\u2028two\u2029three\u0085four\r\nfive",
    "percent": "%3Cscript%3E %s %(x)s {0} {name} {{name}} %00",
    "path": "../../etc/passwd",
    "long": "long " * 400 + "end",
    "one_word": "W" * 3000,
    "null_word": "null",
    "prototype": "__proto__",
    "emoji": "🇲🇱 👨‍👩‍👧‍👦 \U000e0041",
})  # fmt: skip

LINES: Final = tuple(STRINGS.values())

TEXT_COLUMNS: Final = (
    f.PLACE,
    f.CORRIDOR,
    f.ACTOR,
    f.SOURCE_NAME,
    f.SUMMARY,
    f.REPORTED_TYPE,
    f.PLACE_BASIS,
    f.ORIGIN,
)


def hostile_events(events: pd.DataFrame) -> pd.DataFrame:
    """``events`` with a string of the corpus in every text that their reader leaves alone."""
    changed = events.copy()
    for step, column in enumerate(TEXT_COLUMNS):
        values = [LINES[(row + 7 * step) % len(LINES)] for row in range(len(changed))]
        changed[column] = pd.Series(values, index=changed.index, dtype=changed[column].dtype)
    return changed


def hostile_network(network: Network) -> Network:
    """``network`` with the corpus as names of nodes and roads, and in every other text."""
    nodes, segments = network.nodes.copy(), network.segments.copy()
    for table, kept in (
        (nodes, {f.NODE_ID, f.KIND, f.COUNTRY}),
        (segments, {f.SEGMENT_ID, f.FROM_NODE, f.TO_NODE, f.TANKER}),
    ):
        for step, column in enumerate(table.columns):
            if column in kept or not _is_text(table[column]):
                continue
            values = [LINES[(row + 5 * step) % len(LINES)] for row in range(len(table))]
            table[column] = pd.Series(values, index=table.index, dtype=table[column].dtype)
    return Network(nodes, segments, focus_country=network.focus_country, title=STRINGS["script"])


def hostile_dataset() -> Dataset:
    """The shipped places and dates under hostile names and words."""
    real = shipped()
    events = hostile_events(real.events)
    events[f.EVENT_ID] = [f"OWN-{row}" for row in range(len(events))]
    network = hostile_network(real.network)
    return replace(Dataset(network), added_events=events, with_shipped_events=False)


def _is_text(column: pd.Series) -> bool:
    if column.dtype == object or pd.api.types.is_string_dtype(column.dtype):
        return all(isinstance(each, str) for each in column.dropna())
    return False
