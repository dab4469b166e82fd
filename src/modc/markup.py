"""HTML for notebooks: small tables of text that is escaped, whatever it is.

Input: rows of texts. Output: HTML without scripts, styles or links. Neighbours: `_repr_html_` of Variables, Modules and
instances.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

#: A table has at most so many rows, and a text so many characters.
MOST_ROWS, LONGEST = 60, 300


def escaped(text: object) -> str:
    """Text in which no character means anything to HTML, at most LONGEST characters of it."""
    from html import escape  # warm starts print nothing

    plain = str(text)
    plain = plain if len(plain) <= LONGEST else plain[: LONGEST - 3] + "..."
    return escape("".join(one if one.isprintable() or one == "\n" else "\N{REPLACEMENT CHARACTER}" for one in plain))


def table(title: object, head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table with a title; rows beyond MOST_ROWS are counted."""
    listed = list(rows)
    body = "".join(
        "<tr>" + "".join(f"<td style='text-align:left;white-space:pre'><code>{escaped(cell)}</code></td>" for cell in row) + "</tr>"
        for row in listed[:MOST_ROWS]
    )
    if len(listed) > MOST_ROWS:
        body += f"<tr><td colspan='{len(head)}'>and {len(listed) - MOST_ROWS} more</td></tr>"
    names = "".join(f"<th style='text-align:left'>{escaped(name)}</th>" for name in head)
    return f"<table><caption><b>{escaped(title)}</b></caption><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table>"
