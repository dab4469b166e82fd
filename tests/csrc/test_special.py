"""csrc's special functions: a loop over one becomes vector code; two compilers and two CPU levels nearly agree."""

from __future__ import annotations

import subprocess

import header_library
import numpy as np
import pytest
from header_library import HEADERS, LEVELS, Headers

ONE = ["arcsin", "arccos", "arctan", "gamma", "gammaln", "digamma", "trigamma", "erfc", "erfcx", "erfinv", "erfcinv", "i0", "i0e"]
ONE += ["i1", "i1e", "j0", "j1", "cbrt", "logit", "log1mexp"]
TWO = ["arctan2", "hypot", "logaddexp", "logaddexp2", "xlogy", "xlog1py", "fmax"]


@pytest.mark.parametrize("name", [*ONE, *TWO])
def test_a_loop_over_a_special_function_becomes_vector_code(name, tmp_path):
    if not LEVELS[-1]:
        pytest.skip("needs vectors of more than two doubles")
    include = "".join(f'#include "{header}"\n' for header in HEADERS if "gemm" not in header)
    operands, call = ("const double *a, const double *b", "a[i], b[i]") if name in TWO else ("const double *a", "a[i]")
    loop = f"void run({operands}, double *restrict r, int64_t n) {{ for (int64_t i = 0; i < n; ++i) r[i] = modc_{name}_f64({call}); }}"
    source = tmp_path / "loop.c"
    source.write_text(f"{include}\n{loop}\n")
    flags = [*header_library.FLAGS, *header_library.level_flags(LEVELS[-1]), "-fvect-cost-model=dynamic", "-fopt-info-vec-optimized"]
    command = [header_library.compiler(), "-std=c99", *flags, f"-I{header_library.CSRC}", "-c", str(source)]
    run = subprocess.run([*command, "-o", str(tmp_path / "loop.o")], capture_output=True, text=True, check=True)
    assert "loop.c" in run.stderr and "loop vectorized" in run.stderr


def test_two_compilers_give_the_same_bits(headers, tmp_path):
    other = Headers(headers.level, tmp_path, cc="clang")
    x = np.concatenate([np.linspace(-30.0, 30.0, 997), np.linspace(-1.0, 1.0, 501), [0.0, -0.0, np.inf, -np.inf, np.nan]])
    for name in ONE:
        assert np.array_equal(headers(f"{name}_f64", x), other(f"{name}_f64", x), equal_nan=True), name
    for name in [*TWO, "gammainc", "gammaincc", "betaln"]:
        args = (np.abs(x), np.abs(x[::-1].copy()))
        assert np.array_equal(headers(f"{name}_f64", *args), other(f"{name}_f64", *args), equal_nan=True), name
