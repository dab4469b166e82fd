"""Stack of the exported functions, from their C text: a bound that holds at every optimisation level.

Input: the C of a kernel and of what it calls (sections of csrc). Output: bytes per function. Neighbours:
`certificate` prints it; the tests compare it with what compilers report.

A function needs its arrays, a place for each variable and each parameter (unoptimised code keeps all in memory,
those of functions that are compiled in place included), and room to spill vector registers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import prod

#: Bytes of a function's frame beside variables: return address, saved registers; spilled vectors of loops.
FRAME, SPILLED = 64, 256
#: Bytes of a variable on the stack; of a vector of the widest CPU level.
SLOT, VECTOR = 8, 64

_TYPE = r"(?:double|float|u?int\d*(?:_t)?|size_t|void|unsigned char|char|modc_\w+|\w+_modc_\w+)"
_HEAD = re.compile(rf"^(?:static |modc_inline |modc_apart |modc_fft_fused |inline |const )*{_TYPE}[ *]+(\w+)\(", re.MULTILINE)
_DECLARED = re.compile(rf"\b(?:const )?{_TYPE} (?:restrict |const |\*)*(\w+)((?:\[[^\]]*\])*)(?= ?[=;,)])")
_MORE = re.compile(r"\*?(\w+)((?:\[[^\]]*\])*)\s*(?:=|$)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_ENUM = re.compile(r"\benum \{([^}]*)\}")
_NUMBER = re.compile(r"^#define (MODC_\w+) (\d+)$", re.MULTILINE)
_SIZEOF = re.compile(r"(\d+) / sizeof\(u?(\w+?)(?:_t)?\)")
_SIZES = {"int8": 1, "int16": 2, "int32": 4, "float": 4, "int64": 8, "double": 8}
_MACRO = re.compile(r"^#define (MODC_\w+)\(([\w, ]*)\)((?:[^\n]*\\\n)+[^\n]*)", re.MULTILINE)
_USE = re.compile(r"^ *(MODC_\w+)\(([^()]*(?:\([^()]*\))?[^()]*)\)$", re.MULTILINE)
_STRUCT = re.compile(r"^typedef struct (\w+) \{(.*?)\} \1;", re.MULTILINE | re.DOTALL)
_CALLED = re.compile(r"\b(\w+)\(")


@dataclass(slots=True)
class Frame:
    """One C function: bytes of arrays, number of variables, whether it is always compiled in place, what it calls."""

    name: str
    arrays: int = 0
    variables: int = 0
    vectors: int = 0
    inlined: bool = False
    loops: bool = False
    calls: list[str] = field(default_factory=list)


def frames(text: str) -> dict[str, Frame]:
    """The functions that a C text defines, by name."""
    code = _expanded(_COMMENT.sub(" ", text))
    lanes = _constants(code)
    lanes |= _structs(code, lanes)
    found: dict[str, Frame] = {}
    for head, body in _functions(code):
        title = _HEAD.search(head)
        if title is None:
            continue
        frame = Frame(title[1], inlined="modc_inline" in head, loops="for (" in body)
        _declared(frame, head[title.end() - 1 :] + body, {**lanes, **_constants(body)})
        frame.calls = [call for call in _CALLED.findall(body) if call != frame.name]
        known = found.get(frame.name)
        if known is None or known.variables < frame.variables:  # of two versions under #if the larger one
            found[frame.name] = frame
    return found


def _constants(code: str) -> dict[str, int]:
    """Numbers with a name; of several versions, which are for different CPU levels, the largest."""
    found: dict[str, int] = {}
    given = [*_NUMBER.findall(code), *(item.split("=") for body in _ENUM.findall(code) for item in body.split(",") if "=" in item)]
    for name, number in given:
        value = _sized(number.strip())
        if value.isdigit():
            found[name.strip()] = max(int(value), found.get(name.strip(), 0))
    return found


def _structs(code: str, lanes: dict[str, int]) -> dict[str, int]:
    """Bytes of each struct that the code defines, with 8 for a member."""
    found: dict[str, int] = {}
    for name, body in _STRUCT.findall(code):
        frame = Frame(name)
        for line in body.split(";"):
            _declared(frame, line.strip() + ";", lanes)
        found["struct " + name] = _own(frame)
    return found


def _sized(text: str) -> str:
    """`text` with how many elements of a type there are in some bytes; of a type that is not known as many as bytes."""
    return _SIZEOF.sub(lambda match: str(int(match[1]) // _SIZES.get(match[2], 1)), text)


def _expanded(code: str) -> str:
    """`code` with the functions that macros define in place of their names: `MODC_SORT(modc_sort_f64, double, ...)`."""
    macros: dict[str, list[tuple[list[str], str]]] = {}  # several versions are for different CPU levels
    for name, parameters, body in _MACRO.findall(code):
        version = parameters.replace(" ", "").split(","), re.sub(r" *\\\n", "\n", body)
        macros.setdefault(name, []).append(version)

    def expand(match: re.Match[str]) -> str:
        found = []
        for parameters, body in macros.get(match[1], ()):
            for parameter, value in zip(parameters, match[2].split(","), strict=False):
                body = re.sub(rf"\b{parameter}\b", value.strip().replace("\\", "\\\\"), body)
            body = re.sub(r"\s*##\s*", "", body)
            found.append(re.sub(r"^ *(?=static |modc_inline |modc_apart |modc_fft_fused |typedef )", "", body, flags=re.MULTILINE))
        return "\n".join(found)

    code = _MACRO.sub("", code)
    for _ in range(4):  # macros of macros
        code = _USE.sub(expand, code)
    return code


def _functions(code: str) -> Iterator[tuple[str, str]]:
    """(head, body) of every definition at file scope."""
    for match in re.finditer(r"^[a-zA-Z_][^;{}#=]*\)\s*\{", code, re.MULTILINE):
        at, depth = match.end(), 1
        while depth and at < len(code):
            depth += {"{": 1, "}": -1}.get(code[at], 0)
            at += 1
        yield match[0], code[match.end() : at]


def _declared(frame: Frame, code: str, lanes: dict[str, int]) -> None:
    """Count the variables that `code` declares."""
    for match in _DECLARED.finditer(code):
        vector = "vector" in match[0] or "modc_wide_" in match[0]
        _count(frame, match[2], match[0], vector, lanes)
        rest = code[match.end() :].partition(";")[0]
        if ")" not in rest.partition("=")[0].partition(",")[0] and code[match.end() :].lstrip()[:1] != ")":
            for piece in _outside(rest):
                more = _MORE.match(piece.strip())
                if more:
                    _count(frame, more[2], match[0], vector, lanes)


def _outside(text: str) -> list[str]:
    """The declarators after the first one: what stands between commas outside of brackets."""
    pieces, depth, start = [], 0, 0
    for at, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if depth < 0:
            break
        if character == "," and depth == 0:
            pieces.append(text[start:at])
            start = at + 1
    else:
        pieces.append(text[start:])
    return pieces[1:]


def _count(frame: Frame, sizes: str, declaration: str, vector: bool, lanes: dict[str, int]) -> None:
    if not sizes:
        kind = declaration.removeprefix("const ").split()[0]
        frame.arrays += 0 if "*" in declaration else lanes.get("struct " + kind, 0)
        frame.variables += 1
        frame.vectors += vector
        return
    factors = [factor.strip() for size in re.findall(r"\[([^\]]*)\]", _sized(sizes)) for factor in size.split("*")]
    count = prod(int(factor) if factor.isdigit() else lanes.get(factor, 1) for factor in factors)
    width = VECTOR if vector else 4 if re.search(r"\b(float|int32_t|uint32_t)\b", declaration) and "*" not in declaration else 8
    frame.arrays += (count * width + 15) // 16 * 16


def stack_bytes(name: str, known: dict[str, Frame]) -> int:
    """The most stack that a call of function `name` needs, what it calls included (not libm)."""
    frame = known[name]
    inlined = sum(_in_place(call, known) for call in frame.calls if call in known and known[call].inlined)
    deeper = [stack_bytes(call, known) for call in _outer_calls(frame, known, 0)]
    return FRAME + SPILLED * frame.loops + _own(frame) + inlined + max(deeper, default=0)


def _own(frame: Frame) -> int:
    return frame.arrays + SLOT * frame.variables + (VECTOR - SLOT) * frame.vectors


def _in_place(name: str, known: dict[str, Frame]) -> int:
    """The variables of a function that is compiled in place, with those of what it calls."""
    frame = known[name]
    return SLOT * 3 + SPILLED * frame.loops + _own(frame) + sum(_in_place(call, known) for call in frame.calls if call in known and known[call].inlined)


def _outer_calls(frame: Frame, known: dict[str, Frame], depth: int) -> Iterator[str]:
    """Functions that have a frame of their own, called from here or from what is compiled in place here."""
    for call in dict.fromkeys(frame.calls):
        if call not in known:
            continue
        if known[call].inlined and depth < 20:
            yield from _outer_calls(known[call], known, depth + 1)
        elif not known[call].inlined:
            yield call
