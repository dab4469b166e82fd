"""The headers as text: strict compilers take them whole, sections are complete."""

from __future__ import annotations

import subprocess

import pytest
from header_library import CSRC, HEADERS, LEVELS, compiler, level_flags, sections

STRICT = [
    "-O2",
    "-ffp-contract=off",
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Wconversion",
    "-Wshadow",
    "-Werror",
]
LANGUAGES = [("gcc", "c99"), ("clang", "c99"), ("g++", "c++17"), ("clang++", "c++17")]


@pytest.mark.parametrize(("name", "standard"), LANGUAGES)
@pytest.mark.parametrize("header", HEADERS)
def test_a_header_compiles_whole_without_a_warning(header, name, standard, tmp_path):
    source = tmp_path / ("whole.c" if standard == "c99" else "whole.cpp")
    source.write_text(f'#include "{header}"\nint main(void) {{ return 0; }}\n')
    command = [compiler(name), f"-std={standard}", *STRICT, *level_flags(LEVELS[-1]), f"-I{CSRC}"]
    run = subprocess.run(
        [*command, "-c", str(source), "-o", str(tmp_path / "whole.o")],
        capture_output=True,
        text=True,
    )
    assert run.stderr == ""


def test_every_section_names_what_it_needs_and_compiles_with_nothing_else(tmp_path):
    known = {name: (names[0], needs, body) for names, needs, body in sections() for name in names}
    place = {names[0]: i for i, (names, _, _) in enumerate(sections())}

    def closure(name: str) -> set[str]:
        own, needs, _ = known[name]
        return {own}.union(*(closure(need) for need in needs))

    sources = []
    for names, _, _ in sections():
        picked = sorted(closure(names[0]), key=lambda name: place[name])
        text = "#include <math.h>\n#include <stdint.h>\n#include <string.h>\n"
        source = tmp_path / f"{names[0]}.c"
        source.write_text(text + "".join(known[name][2] for name in picked))
        sources.append(str(source))
    command = [
        compiler(),
        "-std=c99",
        "-fsyntax-only",
        "-Werror",
        "-Wimplicit-function-declaration",
    ]
    run = subprocess.run([*command, *sources], capture_output=True, text=True)
    assert run.stderr == ""


def test_no_header_takes_in_slow_or_foreign_headers():
    allowed = {"<math.h>", "<stdint.h>", "<string.h>", *(f'"{header}"' for header in HEADERS)}
    for header in HEADERS:
        lines = (CSRC / header).read_text().splitlines()
        assert {line.split()[1] for line in lines if line.startswith("#include")} <= allowed
