"""Sorting, selecting and searching in C: patterns around every threshold, on every CPU level, under sanitizers."""

from __future__ import annotations

import ctypes
import subprocess

import numpy as np
import pytest
from header_library import ALL_LEVELS, CSRC, DTYPES, FLAGS, LEVELS, TYPES, compiler, level_flags

KINDS = ("f64", "f32", "i8", "i16", "i32", "i64", "u8", "u32", "u64", "b8")
LENGTHS = (0, 1, 2, 3, 9, 16, 17, 31, 33, 47, 49, 63, 65, 96, 127, 129, 200, 255, 257, 511, 513, 700, 1100, 5000)
PATTERNS = ("random", "rising", "falling", "pipe", "few", "same", "ends", "close", "saw")
#: name, then what differs: the compiler's flags.
WAYS = {
    **{level or "base": level_flags(level) for level in ALL_LEVELS},
    "plain": ["-DMODC_PLAIN_LOOPS"],
    "clang": level_flags(LEVELS[-1]),
    "sanitized": [*level_flags(LEVELS[-1]), "-fsanitize=undefined", "-fno-sanitize-recover=all"],
}


def source() -> str:
    """C functions with one interface for every dtype."""
    lines = ['#include "modc_select.h"', '#include "modc_search.h"', "#define L const int64_t *n"]
    for kind in KINDS:
        t = TYPES[kind]
        s = f"modc_{{}}_{kind}"
        around = "n[0], n[1], n[2]"
        lines += [
            f"void sort_{kind}(L, const {t} *x, {t} *y, int64_t *s) {{ {s.format('sort')}({around}, x, y, s); }}",
            f"void argsort_{kind}(L, const {t} *x, int64_t *y, int64_t *s) {{ {s.format('argsort')}({around}, n[3], x, y, s); }}",
            f"void argtopk_{kind}(L, const {t} *x, int64_t *y, int64_t *s)"
            f" {{ {s.format('argtopk')}({around}, n[3], n[4], x, y, s); }}",
            f"void ranked_{kind}(L, const {t} *x, const int64_t *r, {t} *y, int64_t *s)"
            f" {{ {s.format('ranked')}({around}, n[3], x, r, y, s); }}",
            f"void search_{kind}(L, const {t} *a, const {t} *x, int64_t *y)"
            f" {{ {s.format('searchsorted')}(n[0], n[1], n[2], a, x, y); }}",
        ]
    lines.append(
        "void order_i64(L, int64_t *a, int64_t *b, int64_t *s)"
        " { modc_order_i64_select(n[0], a, b, 0, s, 0, (const int64_t *)0); }"
    )
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module", params=list(WAYS))
def library(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "sorting.c").write_text(source())
    command = [compiler("clang" if request.param == "clang" else "gcc"), "-std=c99", *FLAGS, *WAYS[request.param], f"-I{CSRC}", "-fPIC", "-shared"]
    subprocess.run([*command, str(folder / "sorting.c"), "-o", str(folder / "sorting.so")], check=True)
    return ctypes.CDLL(str(folder / "sorting.so"))


def pattern(name, kind, shape, rng):
    """Elements in some order along the middle axis, extremes of the dtype among them."""
    dtype, n = np.dtype(DTYPES[kind]), shape[1]
    places = np.arange(n).reshape(1, n, 1)
    if dtype.kind == "f":
        data = rng.normal(size=shape)
        ends = [np.nan, -np.nan, np.inf, -np.inf, 0.0, -0.0, np.finfo(dtype).max, np.finfo(dtype).tiny]
    else:
        info = np.iinfo(dtype)
        data = rng.integers(info.min, info.max, shape, dtype, endpoint=True)
        ends = [info.min, info.max, 0, 1]
    if name in ("rising", "falling"):
        data = np.sort(data, 1) if name == "rising" else np.flip(np.sort(data, 1), 1)
    elif name == "pipe":
        data = data * 0 + np.minimum(places, n - places) % 120
    elif name == "few":
        data = rng.integers(0, 3, shape)
    elif name == "same":
        data = np.full(shape, 5)
    elif name == "ends":
        data = rng.choice(np.array(ends, dtype), shape)
    elif name == "close" and dtype == np.float64:  # equal in all but the last bits, and one far away
        data = 1.0 + rng.integers(0, 50, shape) * 2.0**-52
        data[:, :1] = -1e300
    elif name == "saw":
        data = data * 0 + places % 7
    return np.ascontiguousarray(data.astype(dtype))


def call(library, name, kind, sizes, *arrays):
    numbers = np.array(sizes, np.int64)
    getattr(library, f"{name}_{kind}")(*(ctypes.c_void_p(a.ctypes.data) for a in (numbers, *arrays)))


def room(words, longest):
    """Scratch: no counters for few elements."""
    return np.full(words + (8 * 256 if longest >= 256 else 0), -1, np.int64)


def rows(count, n, size):
    """Room for some rows of numbers of that size, or for a block of columns."""
    return room(max(-(-count * n * size // 8), 8 * min(n, 512)), n)


def top_room(n, count):
    return room(max(5 * (2 * count + 128), 8 * min(n, 512)), 2 * count + 128)


def shapes(n):
    """A vector, rows, columns, and a few columns side by side."""
    return [(1, n, 1), (11, n, 1), (1, n, 19), (3, n, 2)] if n <= 600 else [(1, n, 1), (2, n, 3)]


def reference_order(x, down):
    if not down:
        return np.argsort(x, 1, kind="stable")
    return np.flip(x.shape[1] - 1 - np.argsort(np.flip(x, 1), 1, kind="stable"), 1)


@pytest.mark.parametrize("name", PATTERNS)
@pytest.mark.parametrize("kind", KINDS)
def test_elements_and_positions_are_sorted(library, kind, name):
    rng = np.random.default_rng(len(name))
    for n in LENGTHS:
        for shape in shapes(n):
            x = pattern(name, kind, shape, rng)
            got, expected = np.empty_like(x), np.sort(x, 1)
            call(library, "sort", kind, shape, x, got, rows(2, n, x.itemsize))
            np.testing.assert_array_equal(got, expected)
            if x.dtype.kind == "f":  # the bits too: -0.0 first
                zeros = (np.signbit(x) & (x == 0)).sum(1), (np.signbit(got) & (got == 0))
                np.testing.assert_array_equal(zeros[0], zeros[1].sum(1))
                assert not (np.diff(zeros[1].astype(np.int8), axis=1)[(got == 0)[:, 1:] & (got == 0)[:, :-1]] > 0).any()
            for down in (0, 1):
                order = np.empty(shape, np.int64)
                call(library, "argsort", kind, (*shape, down), x, order, rows(4, n, 8))
                np.testing.assert_array_equal(order, reference_order(x, down))


@pytest.mark.parametrize("name", PATTERNS)
@pytest.mark.parametrize("kind", ("f64", "f32", "i8", "i32", "u64"))
def test_the_first_and_the_ranked_ones_are_those_of_sorting(library, kind, name):
    rng = np.random.default_rng(len(name))
    for n in LENGTHS[1:]:
        for shape in shapes(n):
            x = pattern(name, kind, shape, rng)
            whole = np.sort(x, 1)
            for count in {1, min(3, n), n // 2 + 1, n}:
                got = np.empty((shape[0], count, shape[2]), np.int64)
                for down in (0, 1):
                    call(library, "argtopk", kind, (*shape, down, count), x, got, top_room(n, count))
                    np.testing.assert_array_equal(got, reference_order(x, down)[:, :count])
                ranks = rng.integers(0, n, min(count, 40))
                found = np.empty((shape[0], len(ranks), shape[2]), x.dtype)
                call(library, "ranked", kind, (*shape, len(ranks)), x, ranks, found, rows(2, n, max(4, x.itemsize)))
                np.testing.assert_array_equal(found, whole[:, ranks])


@pytest.mark.parametrize("kind", KINDS)
def test_places_in_what_is_sorted_are_found(library, kind):
    rng = np.random.default_rng(3)
    for n in (0, 1, 2, 11, 12, 13, 14, 31, 32, 33, 100, 1000):
        for name in ("random", "few", "ends", "same"):
            a = np.sort(pattern(name, kind, (1, n, 1), rng).ravel())
            for count in (0, 1, 15, 16, 17, 100):
                x = np.concatenate([pattern("ends", kind, (1, count, 1), rng).ravel(), rng.permutation(a)[:count]]).astype(a.dtype)
                for values in (x, x[np.isfinite(x.astype(float))]):
                    for right in (0, 1):
                        got = np.empty(len(values), np.int64)
                        call(library, "search", kind, (n, len(values), right), a, np.ascontiguousarray(values), got)
                        np.testing.assert_array_equal(got, np.searchsorted(a, values, "right" if right else "left"))


def test_quicksort_that_gets_nowhere_is_distribution(library):
    rng = np.random.default_rng(4)
    for n in (256, 1000, 4000):
        x = rng.integers(-(2**63), 2**63 - 1, n)
        got = x.copy()
        call(library, "order", "i64", (n,), got, np.empty_like(x), room(0, n))  # no depth left at the start
        np.testing.assert_array_equal(got, np.sort(x))
