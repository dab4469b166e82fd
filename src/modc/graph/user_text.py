"""The C text that a user gives with an op: found to be functions and tables, and renamed to what no other text uses.

Input: text. Output: `CText`; OpError for what could not stand in a kernel beside others. A kernel's file has its
includes before it and other text behind it, so user's text may hold `static inline` functions and `static const`
tables and nothing else. Neighbours: `user` keeps it; `modc.emit.sections` puts it into kernels.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from modc.errors import OpError

#: In front of every name that user's text defines. An export renames it with everything else that is modc's.
PREFIX = "modc_user_"

_QUOTED = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'')
_COMMENT = re.compile(rf"({_QUOTED.pattern})|/\*.*?\*/|//[^\n]*", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_FUNCTION = re.compile(r"static\s+inline\s+(?P<type>[\w\s*]*?[\s*])(?P<name>[A-Za-z_]\w*)\s*\((?P<params>[^()]*)\)\s*$", re.ASCII)
_TABLE = re.compile(r"static\s+const\s+[\w\s*]*?[\s*](?P<name>[A-Za-z_]\w*)\s*(?:\[[^\[\]]*\]\s*)*=", re.ASCII)


class CText:
    """Functions and tables of one op.

    text        the text, comments left out, with the names that it defines prefixed
    functions   name, as the user wrote it -> the types of its parameters
    names       all names that it defines, as the user wrote them
    """

    __slots__ = ("functions", "names", "text")

    def __init__(self, text: str, functions: dict[str, list[str]], names: list[str]) -> None:
        self.text, self.functions, self.names = text, functions, names


def c_text(op: str, given: str) -> CText:
    """Raises OpError, with a reason, for anything but functions and tables."""
    if not isinstance(given, str) or not given.isascii():
        raise OpError(f"op {op}: c_code is text of ASCII characters")
    text = _COMMENT.sub(lambda match: match[1] or " ", given)
    if "#" in _QUOTED.sub("", text) or "\\\n" in text:
        raise OpError(f"op {op}: c_code may not use the preprocessor\n  hint: <math.h>, <stdint.h> and <string.h> are included")
    refuse_own(op, text)
    functions: dict[str, list[str]] = {}
    names: list[str] = []
    for head, is_function in _parts(op, text):
        match = (_FUNCTION.match(head) if is_function else _TABLE.match(head + "="))
        if match is None:
            raise OpError(
                f"op {op}: c_code holds static inline functions and static const tables, not {' '.join(head.split())[:80]!r}"
            )
        name = match["name"]
        if name in names:
            raise OpError(f"op {op}: c_code defines {name} twice")
        names.append(name)
        if is_function:
            functions[name] = _types(match["params"])
    clean = "\n".join(line.rstrip() for line in text.strip().splitlines() if line.strip())
    return CText(prefixed(clean, names), functions, names)


def refuse_own(op: str, text: str) -> None:
    """Raise OpError where text mentions names of modc."""
    own = re.search(r"\b(?:modc|MODC)_(?!(?:c64|c128)\b)\w*", text)
    if own:
        raise OpError(f"op {op}: {own[0]} is a name of modc's own, which may change with any version: its C may not use it")


def prefixed(text: str, names: list[str]) -> str:
    """`text` with PREFIX in front of the names that it defines, `{t}` in names of an expression included."""
    if not names:
        return text
    found = [re.escape(name) for name in sorted(names, key=len, reverse=True)]
    return re.sub(rf"(?<![\w{{])({'|'.join(found)})(?![\w{{])", PREFIX + r"\1", text)


def _parts(op: str, text: str) -> list[tuple[str, bool]]:
    """(text before its body or value, whether it is a function) of everything at file scope."""
    found: list[tuple[str, bool]] = []
    head, depth, function, start = "", 0, False, 0
    bare = _QUOTED.sub(lambda match: " " * len(match[0]), text)
    for at, character in enumerate(bare):
        if character == "{":
            if depth == 0 and not head:
                head = bare[start:at]
                function = "=" not in head
                head = head.strip() if function else head.partition("=")[0].strip()
            depth += 1
        elif character == "}":
            depth -= 1
        if depth < 0:
            raise OpError(f"op {op}: c_code has a brace too many")
        ends = depth == 0 and (character == ";" or (character == "}" and function))
        if ends:
            found.append((head or bare[start:at].partition("=")[0].strip(), function))
            head, function, start = "", False, at + 1
    if depth or bare[start:].strip():
        raise OpError(f"op {op}: c_code ends in the middle of {' '.join(bare[start:].split())[:80]!r}")
    return found


def _types(parameters: str) -> list[str]:
    """C types of a function's parameters."""
    if parameters.strip() in ("", "void"):
        return []
    bare = [re.sub(r"\w+\s*$", "", one, count=1, flags=re.ASCII) for one in parameters.split(",")]
    return [" ".join(re.sub(r"\brestrict\b", "", one).split()) for one in bare]


_HOLE = re.compile(r"\{(\d|[TUtrf])\}")


_JUST_A_CALL = re.compile(r"[A-Za-z_](?:\w|\{t\})*\((?:\{\d\}(?:, )?)*\)", re.ASCII)


def expression(op: str, given: str, operands: int, renamed: Callable[[str], str], pairs: bool = False) -> str:
    """The C expression of an op in the form of the table's rows: it binds like a call, and so does every operand.
    `pairs`: it gives a complex number, which is a struct.

    Raises OpError for what is no expression with a hole for every operand.
    """
    refuse_own(op, given)
    rest = _HOLE.sub("0", given)
    if not given.strip() or re.search(r"[{};#\\\n\"]|//|/\*", rest):
        raise OpError(f"op {op}: c is one C expression with {{0}}, {{1}} ... for its operands, not {given!r}")
    holes = {int(hole) for hole in _HOLE.findall(given) if hole.isdigit()}
    if holes - set(range(operands)):
        raise OpError(f"op {op}: c mentions operand {max(holes)} of {operands} (they count from 0)")
    depth = 0
    for character in rest:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            break
    if depth:
        raise OpError(f"op {op}: brackets do not match in {given!r}")
    text = renamed(given.strip())
    if _JUST_A_CALL.fullmatch(text):
        return text if pairs else "({T})" + text
    if pairs:
        raise OpError(f"op {op}: complex numbers are structs in C: c is a call of a function in c_code, not {given!r}")
    return "(({T})(" + re.sub(r"\{(\d)\}", r"({\1})", text) + "))"
