"""Makefile, CMakeLists.txt, pkg-config file and README of an export.

Input: a `Model`. Output: paths and texts. Neighbours: `project`.
"""

from __future__ import annotations

import modc
from modc.embed.c_header import about, signature
from modc.embed.model import Model

#: What the C must pass without a warning.
STRICT = "-Wall -Wextra -Wpedantic -Wconversion -Wshadow"


def build_files(model: Model) -> dict[str, str]:
    """Everything beside the C that a C programmer expects."""
    return {
        "Makefile": _makefile(model), "CMakeLists.txt": _cmake(model), f"{model.name}.pc.in": _pkg_config(model),
        "README.md": _readme(model),
    }  # fmt: skip


def warnings(model: Model) -> str:
    """The warnings that are errors in this export."""
    return STRICT + (" -Wdouble-promotion" if model.options.real == "float32" else "")


def _makefile(model: Model) -> str:
    name = model.name
    return f"""# make: the library; make test: the self-test; make install PREFIX=...; make clean
CC ?= cc
CFLAGS ?= -O2
PREFIX ?= /usr/local
WARNINGS = {warnings(model)}
# Products and sums stay two roundings on every machine, as in modc itself.
override CFLAGS += -std=c99 $(WARNINGS) -ffp-contract=off

lib{name}.a: {name}.o
\t$(AR) rcs $@ $^

{name}.o: {name}.c {name}.h
\t$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ {name}.c

{name}_selftest: {name}_selftest.c {name}.c {name}.h
\t$(CC) $(CPPFLAGS) $(CFLAGS) -o $@ {name}_selftest.c {name}.c $(LDFLAGS) -lm $(LDLIBS)

test: {name}_selftest
\t./{name}_selftest

{name}.pc: {name}.pc.in
\tsed 's|@PREFIX@|$(PREFIX)|' {name}.pc.in > $@

install: lib{name}.a {name}.pc
\tmkdir -p $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(PREFIX)/lib/pkgconfig
\tcp {name}.h $(wildcard {name}.hpp) $(DESTDIR)$(PREFIX)/include/
\tcp lib{name}.a $(DESTDIR)$(PREFIX)/lib/
\tcp {name}.pc $(DESTDIR)$(PREFIX)/lib/pkgconfig/

clean:
\trm -f {name}.o lib{name}.a {name}_selftest {name}.pc

.PHONY: test install clean
"""


def _cmake(model: Model) -> str:
    name = model.name
    blob = f" ${{CMAKE_CURRENT_SOURCE_DIR}}/{name}.bin" if model.options.blob else ""
    return f"""cmake_minimum_required(VERSION 3.10)
project({name} C)

add_library({name} STATIC {name}.c)
set_target_properties({name} PROPERTIES C_STANDARD 99 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON)
target_include_directories({name} PUBLIC $<BUILD_INTERFACE:${{CMAKE_CURRENT_SOURCE_DIR}}> $<INSTALL_INTERFACE:include>)
if(NOT MSVC)
  # Products and sums stay two roundings on every machine, as in modc itself.
  target_compile_options({name} PRIVATE -ffp-contract=off)
  target_link_libraries({name} PUBLIC m)
endif()
install(TARGETS {name} EXPORT {name} ARCHIVE DESTINATION lib)
install(FILES {name}.h DESTINATION include)
install(FILES {name}.hpp DESTINATION include OPTIONAL)
install(EXPORT {name} NAMESPACE {name}:: FILE {name}Config.cmake DESTINATION lib/cmake/{name})

if(CMAKE_SOURCE_DIR STREQUAL CMAKE_CURRENT_SOURCE_DIR)
  enable_testing()
  add_executable({name}_selftest {name}_selftest.c)
  set_target_properties({name}_selftest PROPERTIES C_STANDARD 99 C_EXTENSIONS OFF)
  target_link_libraries({name}_selftest {name})
  add_test(NAME {name}_selftest COMMAND {name}_selftest{blob})
endif()
"""


def _pkg_config(model: Model) -> str:
    name = model.name
    return f"""prefix=@PREFIX@
libdir=${{prefix}}/lib
includedir=${{prefix}}/include

Name: {name}
Description: {model.title}, written by modc
Version: {modc.__version__}
Libs: -L${{libdir}} -l{name} -lm
Cflags: -I${{includedir}}
"""


def _readme(model: Model) -> str:
    name = model.name
    rows = [f"| `{one.name}` | {about(one)} | {'constant' if one.constant else 'state'} |" for one in (*model.members, *model.constants)]
    calls = [f"- `{signature(model, one)}`" for one in model.functions]
    text = f"""# {name}

C99 written by modc {modc.__version__} from the Module {model.title}. It needs a C compiler and libm, nothing else:
no allocation, no global state. One `{name}_state` ({model.state_bytes} bytes) is one instance.

    {name}_state s;
    {name}_init(&s);

`make test` builds and runs the self-test, which compares with results that modc checked; `make` builds `lib{name}.a`;
`CMakeLists.txt` and `{name}.pc.in` are for CMake and pkg-config. Or copy `{name}.h` and `{name}.c` into your project, and
compile with `-ffp-contract=off` to have the same bits everywhere.

## Functions

{chr(10).join(calls)}

They return 0, or a code that `{name}_error` explains; then nothing has changed. `{name}_reset` goes back to the initial values.
Different states may be used by different threads at the same time.

## Members

| field | shape, unit | |
|---|---|---|
{chr(10).join(rows)}
"""
    return text
