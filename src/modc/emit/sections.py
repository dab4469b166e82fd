"""The parts of csrc that a kernel's text needs, in an order in which each stands after what it uses.

A header is cut into sections, `/* @section name ... : needs ... */` to `/* @end */`; a section is called
by the identifiers that it defines.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import lru_cache

from modc.config import csrc_dir
from modc.graph.user import c_sections
from modc.graph.user_text import PREFIX

_SECTION = re.compile(r"^/\* @section ([^:*]*?) *(?::([^*]*))?\*/\n(.*?)^/\* @end \*/", re.MULTILINE | re.DOTALL)
_WORD = re.compile(r"\b(?:modc_|MODC_)\w+")
_CALL = re.compile(r"\b(modc_\w+)\(")
_NO_CODE = re.compile(r'/\*.*?\*/|"(?:[^"\\]|\\.)*"', re.DOTALL)


class Section:
    """One section: its text and the sections that it needs."""

    __slots__ = ("name", "needs", "place", "text")

    def __init__(self, name: str, text: str, needs: tuple[str, ...], place: tuple[str, int]) -> None:
        self.name, self.text, self.needs, self.place = name, text, needs, place


def words(code: str) -> list[str]:
    """The modc identifiers in `code`, outside comments and strings, in order, each once."""
    return list(dict.fromkeys(_WORD.findall(_NO_CODE.sub(" ", code))))


@lru_cache(maxsize=4)
def library(directory: str) -> Mapping[str, Section]:
    """The sections of every header in `directory`, by each identifier that they define."""
    found: dict[str, Section] = {}
    for file in sorted(os.listdir(directory)):
        if file.startswith("modc_") and file.endswith(".h"):
            with open(os.path.join(directory, file), encoding="utf-8") as stream:
                text = stream.read()
            for match in _SECTION.finditer(text):
                names = match[1].split()
                body = match[3].rstrip("\n")
                needs = tuple((match[2] or "").split()) + tuple(words(body))
                section = Section(names[0], body, needs, (file, match.start()))
                for name in names:
                    if name in found:
                        raise AssertionError(f"modc bug: two sections define {name}")
                    found[name] = section
    return found


def inlined_calls(code: str) -> int:
    """How often `code` calls functions that are always compiled in place (modc_inline of csrc/modc_bits.h)."""
    known = library(csrc_dir())
    return sum("modc_inline" in known[called].needs for called in _CALL.findall(code) if called in known)


def _of_users() -> Mapping[str, Section]:
    """The C texts of users' ops, as sections behind modc's own."""
    found: dict[str, Section] = {}
    for at, (op, names, text) in enumerate(c_sections()):
        section = Section(op, text, tuple(words(text)), ("~", at))
        found.update(dict.fromkeys(names, section))
    return found


def sections_for(code: str, directory: str | None = None) -> list[str]:
    """Texts of the sections that `code` needs, dependencies first; the same code gives the same list.

    Raises AssertionError for a function called modc_... that no section defines.
    """
    known = library(csrc_dir() if directory is None else directory)
    if PREFIX in code:
        known = {**known, **_of_users()}
    for called in _CALL.findall(_NO_CODE.sub(" ", code)):
        if called not in known:
            raise AssertionError(f"modc bug: no section of csrc defines {called}")
    roots = {known[word].name: known[word] for word in words(code) if word in known}
    order: list[str] = []
    done: set[str] = set()

    def visit(section: Section) -> None:
        if section.name in done:
            return
        done.add(section.name)
        for need in section.needs:
            if need in known:
                visit(known[need])
        order.append(section.text)

    for section in sorted(roots.values(), key=lambda section: section.place):
        visit(section)
    return order
