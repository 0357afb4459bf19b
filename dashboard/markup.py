"""The one place where text becomes HTML or a label in Markdown.

Whatever is no `Html` is text from somewhere else: it is escaped, so that names, notes and
links of any origin stay text.
"""

import html
import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

_DROPPED: Final = str.maketrans("", "", "\0\u2028\u2029")
_ENCODED: Final = str.maketrans({each: f"&#{ord(each)};" for each in "`\\${}"})
_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()<>#+.!|~$:^-])")
_NO_CHILDREN: Final = frozenset({"br", "hr"})


class Html(str):
    """Markup made here; only this passes unescaped."""

    __slots__ = ()


Part = str | None
Attribute = str | float | bool | None


def escape(text: object) -> Html:
    """``text`` as text in an element or in a quoted attribute.

    Backtick, backslash, dollar and braces are encoded too: they start code in the template
    languages that stand behind a folium map.
    """
    plain = str(text).translate(_DROPPED)
    return Html(html.escape(plain, quote=True).translate(_ENCODED))


def tag(name: str, /, *parts: Part, **attributes: Attribute) -> Html:
    """An element; parts that are no `Html` are escaped.

    ``class_`` stands for ``class``; underscores in a name stand for hyphens. True gives a bare
    attribute; None and False leave it out.
    """
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(value)}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if name in _NO_CHILDREN:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{join(*parts)}</{name}>")


def join(*parts: Part) -> Html:
    """Parts one after another, escaped where they are no `Html`."""
    shown = (part if isinstance(part, Html) else escape(part) for part in parts if part)
    return Html("".join(shown))


def link(url: str, label: str) -> Html:
    """A link to http(s) that opens in a new tab; any other address is shown as text."""
    if not is_web(url):
        return escape(label)
    return tag("a", label, href=url, target="_blank", rel="noopener noreferrer nofollow")


def is_web(url: str) -> bool:
    """Whether ``url`` is a plain http or https address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[Part]],
    *,
    caption: str = "",
    numeric: tuple[int, ...] = (),
    stacked: bool = False,
) -> Html:
    """A table of text that scrolls inside itself when it is too wide for the screen.

    Parameters
    ----------
    head : list of str
    rows : list of list of str or Html
        The first cell names the row.
    caption : str
        Read by screen readers, not shown.
    numeric : tuple of int
        Columns set to the right.
    stacked : bool
        Whether each row becomes a block with a line for each column where there is little room.
    """
    heads = [tag("th", name, scope="col") for name in head]
    names = [name if stacked else None for name in head]
    body = [
        tag(
            "tr",
            tag("th", row[0], scope="row"),
            *(
                tag("td", cell, data_name=name)
                for cell, name in zip(row[1:], names[1:], strict=False)
            ),
        )
        for row in rows
    ]
    right = " ".join(str(column + 1) for column in numeric) or None
    shown = tag(
        "table",
        tag("caption", caption) if caption else None,
        tag("thead", tag("tr", *heads)),
        tag("tbody", *body),
        data_right=right,
    )
    class_ = " ".join(["sr-table", *(["sr-stacked"] if stacked else [])])
    return tag("div", shown, class_=class_, tabindex="0", role="region", aria_label=caption)


def label(text: object) -> str:
    """``text`` for a widget's label, which reads Markdown: every mark is made plain."""
    return _MARKDOWN.sub(r"\\\1", str(text).translate(_DROPPED))
