"""Lines of C: indentation, braces, and line breaks; knows nothing of what they say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

WIDTH = 100
STEP = 4


class Writer:
    """Collects the lines of a text."""

    __slots__ = ("depth", "lines")

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.depth = 0

    def line(self, text: str = "", comment: str = "") -> None:
        """One statement, broken at spaces where it is too long, and a comment behind it.

        `text` holds no string literal with spaces: a break may fall on any space.
        """
        indent = " " * (self.depth * STEP)
        room = WIDTH - len(indent)
        pieces = [text] if len(text) <= room else _break(text, room)
        if comment:
            remark = f"/* {comment} */"
            if len(pieces) == 1 and len(pieces[0]) + 2 + len(remark) <= room:
                pieces[0] += "  " + remark
            else:
                pieces.insert(0, remark)
        self.lines += [indent + piece if piece else "" for piece in pieces]

    def raw(self, text: str) -> None:
        """Text as it is: several lines, preprocessor lines."""
        self.lines.extend(text.split("\n"))

    @contextmanager
    def block(self, head: str = "", tail: str = "}") -> Iterator[None]:
        """`head {`, the lines written meanwhile one step deeper, `}`."""
        self.line(f"{head} {{" if head else "{")
        self.depth += 1
        yield
        self.depth -= 1
        self.line(tail)

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """The lines written meanwhile stand one step deeper."""
        self.depth += 1
        yield
        self.depth -= 1

    def listing(self, head: str, items: Sequence[str], tail: str) -> None:
        """`head item, item, ... tail`, broken between items, later lines aligned with the first item."""
        indent = " " * (self.depth * STEP)
        pad = indent + " " * len(head)
        line, fresh = indent + head, True
        for at, item in enumerate(items):
            piece = item + (tail if at == len(items) - 1 else ",")
            if not fresh and len(line) + 1 + len(piece) > WIDTH:
                self.lines.append(line)
                line, fresh = pad, True
            line += piece if fresh else " " + piece
            fresh = False
        self.lines.append(line if items else line + tail)

    def text(self) -> str:
        """All lines."""
        return "\n".join(self.lines) + "\n"


def _break(text: str, room: int) -> list[str]:
    """`text` in lines of at most `room` characters where spaces allow it, the later ones indented.

    A line ends at the space that stands in the fewest brackets, behind an operator if it can, the last of those.
    """
    lines: list[str] = []
    while len(text) > room:
        at = _best_space(text, room)
        if at is None:
            break
        lines.append(text[:at])
        text = " " * STEP + text[at + 1 :]
    return [*lines, text]


def _best_space(text: str, room: int) -> int | None:
    """Where to end a line: between half of `room` and `room`, else at the first space after it."""
    depth, best, lowest = 0, None, (0, False)
    for at, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if character != " " or at <= room // 2:
            continue
        if at > room:
            return at if best is None else best
        rank = depth, text[at - 1] not in "+-*/,&|^<>=?:"
        if best is None or rank <= lowest:
            best, lowest = at, rank
    return best
