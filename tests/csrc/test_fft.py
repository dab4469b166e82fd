"""modc_fft.h and modc_fft_real.h alone: against NumPy's transforms in double precision, on every CPU level, within its scratch."""

from __future__ import annotations

import ctypes
import subprocess
from pathlib import Path

import numpy as np
import pytest
from header_library import CSRC, FLAGS, compiler, level_flags

from modc.graph.ops_fft import any_length, words

SOURCE = """
#include "modc_fft_real.h"
#define EACH(D, C, S, T)                                                                                          \\
    void fft_##D(const int64_t *n, const C *x, C *y, int64_t *s) {                                                \\
        modc_fft_##D(n[0], n[1], n[2], n[3], n[4], n[5], x, y, s);                                                \\
    }                                                                                                             \\
    void rfft_##D(const int64_t *n, const T *x, C *y, int64_t *s) {                                               \\
        modc_rfft_##S(n[0], n[1], n[2], n[3], n[4], n[5], n[6], x, y, s);                                         \\
    }                                                                                                             \\
    void irfft_##D(const int64_t *n, const C *x, T *y, int64_t *s) {                                              \\
        modc_irfft_##D(n[0], n[1], n[2], n[3], n[4], n[5], x, y, s);                                              \\
    }                                                                                                             \\
    void roots_##D(const int64_t *n, T *out) { modc_fft_roots_##S(n[0], n[1], n[2], out); }
EACH(c128, modc_c128, f64, double)
EACH(c64, modc_c64, f32, float)
"""
#: One line, some lines fewer than a block, some blocks and a rest; along every place of an axis.
STACKS = [((), ()), ((3,), ()), ((), (5,)), ((19,), ()), ((2,), (17,)), ((), (33,))]
LENGTHS = [*range(1, 131), 144, 210, 243, 254, 256, 343, 509, 961, 1000, 1009, 1024, 2018, 2048, 2187, 4099, 8192, 10007]
COMPLEX = {"c128": np.complex128, "c64": np.complex64}


class Transforms:
    """The header's functions on NumPy arrays, with scratch that is watched."""

    def __init__(self, level: str, folder: Path, *extra: str, cc: str = "gcc") -> None:
        source = folder / "fft.c"
        source.write_text(SOURCE)
        command = [compiler(cc), "-std=c99", *FLAGS, *level_flags(level), *extra, f"-I{CSRC}"]
        subprocess.run([*command, "-fPIC", "-shared", str(source), "-o", str(folder / "fft.so"), "-lm"], check=True)
        self.library = ctypes.CDLL(str(folder / "fft.so"))

    def __call__(self, name, x, n, axis=-1, give=None, result=None, **flags):
        axis %= x.ndim
        single = x.dtype in (np.complex64, np.float32)
        shape = (*x.shape[:axis], n if give is None else give, *x.shape[axis + 1 :])
        y = np.full(shape, np.nan, result or (np.complex64 if single else np.complex128))
        around = [int(np.prod(x.shape[:axis])), x.shape[axis], int(np.prod(x.shape[axis + 1 :])), n]
        sizes = np.array([*around, *flags.values()], np.int64)
        count = words(n, around[0], around[2], single, name != "fft")
        room = np.full(count, 0x7FF0123412341234, np.int64)
        guarded = np.concatenate([room, np.full(64, 77, np.int64)])
        arrays = [sizes, np.ascontiguousarray(x), y, guarded]
        pointers = [ctypes.c_void_p(array.ctypes.data) for array in arrays]
        getattr(self.library, f"{name}_{'c64' if single else 'c128'}")(*pointers)
        assert (guarded[room.size :] == 77).all(), "wrote behind its scratch"
        return y


@pytest.fixture(scope="module")
def transforms(level, tmp_path_factory):
    return Transforms(level, tmp_path_factory.mktemp(f"fft-{level or 'base'}"))


def close(found, expected, n):
    """Within a few rounding errors per pass, of the norm of each line's transform or of all."""
    assert found.shape == expected.shape
    limit = np.finfo(found.dtype).eps * (2.0 + 0.6 * np.log2(n)) * np.linalg.norm(expected)
    assert np.linalg.norm(found - expected) <= limit


def data(n, front, behind, kind, seed=0):
    rng = np.random.default_rng(seed + n)
    shape = (*front, n, *behind)
    if np.dtype(kind).kind == "c":
        return (rng.normal(size=shape) + 1j * rng.normal(size=shape)).astype(kind), len(front)
    return rng.normal(size=shape).astype(kind), len(front)


@pytest.mark.parametrize("kind", COMPLEX)
def test_complex_transforms_of_every_length_equal_numpy(transforms, kind):
    for n in LENGTHS:
        for front, behind in STACKS if n < 2049 else STACKS[:3]:
            x, axis = data(n, front, behind, COMPLEX[kind])
            for back, norm in ((0, 0), (1, 1), (1, 2)):
                found = transforms("fft", x, n, axis, back=back, norm=norm)
                expected = np.fft.ifft(x.astype(complex), axis=axis) if back else np.fft.fft(x.astype(complex), axis=axis)
                close(found, expected * (np.sqrt(n) if norm == 2 else 1), n)


@pytest.mark.parametrize("kind", COMPLEX)
def test_real_transforms_of_every_length_equal_numpy_both_ways(transforms, kind):
    part = np.float64 if kind == "c128" else np.float32
    for n in LENGTHS:
        half = n // 2 + 1
        for front, behind in STACKS if n < 2049 else STACKS[:3]:
            x, axis = data(n, front, behind, part)
            whole = np.fft.fft(x.astype(float), axis=axis)
            some = np.take(whole, range(half), axis)
            close(transforms("rfft", x, n, axis, half, back=0, norm=0, whole=0), some, n)
            close(transforms("rfft", x, n, axis, half, back=1, norm=0, whole=0), some.conj(), n)
            close(transforms("rfft", x, n, axis, n, back=0, norm=2, whole=1), whole / np.sqrt(n), n)
            close(transforms("rfft", x, n, axis, n, back=1, norm=1, whole=1), whole.conj() / n, n)
            z, _ = data(half, front, behind, COMPLEX[kind], 7)
            back = transforms("irfft", z, n, axis, result=part, back=1, norm=1)
            close(back, np.fft.irfft(z.astype(complex), n, axis), n)
            close(transforms("irfft", z, n, axis, result=part, back=0, norm=0), np.fft.hfft(z.astype(complex), n, axis), n)


@pytest.mark.parametrize("kind", COMPLEX)
def test_lines_are_cut_and_filled_with_zeros(transforms, kind):
    part = np.float64 if kind == "c128" else np.float32
    for n in (1, 2, 5, 16, 24, 37, 100, 128):
        for have in (1, 2, 3, 15, 50, 99, 101, 200):
            for front, behind in STACKS:
                z, axis = data(have, front, behind, COMPLEX[kind])
                x, _ = data(have, front, behind, part)
                close(transforms("fft", z, n, axis, back=0, norm=0), np.fft.fft(z.astype(complex), n, axis), n)
                found = transforms("rfft", x, n, axis, n // 2 + 1, back=0, norm=0, whole=0)
                close(found, np.fft.rfft(x.astype(float), n, axis), n)
                found = transforms("irfft", z, n, axis, result=part, back=1, norm=1)
                close(found, np.fft.irfft(z.astype(complex), n, axis), n)


def test_lines_of_a_stack_do_not_meet(transforms):
    """NaN, and numbers of another size, stay in their line."""
    for n in (6, 7, 64, 74):
        x, _ = data(n, (16,), (), np.complex128)
        x[3] = np.nan
        x[5] *= 1e100
        found = transforms("fft", x, n, back=0, norm=0)
        real = transforms("rfft", x.real, n, give=n // 2 + 1, back=0, norm=0, whole=0)
        for line in range(16):
            if line == 3:
                assert np.isnan(found[line]).all() and np.isnan(real[line].real).all()
            else:
                close(found[line], np.fft.fft(x[line]), n)
                close(real[line], np.fft.rfft(x[line].real), n)


@pytest.mark.parametrize(("kind", "ulp"), [("c128", 0.75), ("c64", 0.501)])
def test_roots_of_unity_are_accurate(transforms, kind, ulp):
    part = np.float64 if kind == "c128" else np.float32
    for n in (1, 2, 3, 7, 8, 12, 1000, 10007, 2**20, 3**12, 10**9 + 7):
        count = 4096
        step = max(1, n // count)
        out = np.zeros(2 * count, part)
        sizes = np.array([count, step, n], np.int64)
        getattr(transforms.library, f"roots_{kind}")(ctypes.c_void_p(sizes.ctypes.data), ctypes.c_void_p(out.ctypes.data))
        k = np.arange(count, dtype=object) * step
        # by quarters of a turn, exactly, in long double
        quarter = np.array([(4 * int(at) + n // 2) // n for at in k])
        rest = np.array([4 * int(at) - int(q) * n for at, q in zip(k, quarter, strict=True)], np.longdouble)
        angle = rest / np.longdouble(n) * np.longdouble("1.5707963267948966192313216916397514420985846996876")
        cosine, sine = np.cos(angle), np.sin(angle)
        turned = [(cosine, -sine), (-sine, -cosine), (-cosine, sine), (sine, cosine)]
        for at in range(2):
            expected = np.choose(quarter % 4, [pair[at] for pair in turned])
            error = np.abs(out[at::2].astype(np.longdouble) - expected) / np.spacing(np.abs(expected).astype(part))
            assert error.max() <= ulp


def test_scratch_for_any_length_is_enough():
    lengths = [*range(1, 5000), *(2**k for k in range(12, 31)), *(31**k for k in range(3, 7)), 10007, 65537, 2 * 99991, 1000003]
    for n in lengths:
        for single in (False, True):
            for real in (False, True):
                assert words(n, None, None, single, real) <= any_length(n, single)


def test_plain_loops_and_clang_give_the_same_numbers(tmp_path):
    x, _ = data(360, (11,), (), np.complex128)
    expected = np.fft.fft(x)
    for folder, extra, cc in (("plain", ("-DMODC_PLAIN_LOOPS",), "gcc"), ("clang", (), "clang")):
        (tmp_path / folder).mkdir()
        one = Transforms("", tmp_path / folder, *extra, cc=cc)
        close(one("fft", x, 360, back=0, norm=0), expected, 360)
        close(one("fft", x[:1], 360, back=0, norm=0), expected[:1], 360)


def test_undefined_behaviour_is_not_reached(tmp_path):
    one = Transforms("", tmp_path, "-fsanitize=undefined", "-fno-sanitize-recover=all")
    for n in (1, 2, 3, 30, 37, 128, 1009, 1536):
        for front, behind in STACKS[:4]:
            x, axis = data(n, front, behind, np.complex128)
            close(one("fft", x, n, axis, back=1, norm=1), np.fft.ifft(x, axis=axis), n)
            half = one("rfft", x.real, n, axis, n // 2 + 1, back=0, norm=0, whole=0)
            close(half, np.fft.rfft(x.real, axis=axis), n)
            close(one("irfft", half, n, axis, result=np.float64, back=1, norm=1), x.real, n)
