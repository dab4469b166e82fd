"""-DNAME_USE_CBLAS: products by a CBLAS, here a small one written out in three loops."""

from __future__ import annotations

import pytest
from exported import C99, CXX17, STRICT, execute, zoo_export
from tools import need

HEADER = """#ifndef CBLAS_H
#define CBLAS_H
#ifdef __cplusplus
extern "C" {
#endif
typedef enum CBLAS_ORDER { CblasRowMajor = 101, CblasColMajor = 102 } CBLAS_ORDER;
typedef enum CBLAS_TRANSPOSE { CblasNoTrans = 111, CblasTrans = 112, CblasConjTrans = 113 } CBLAS_TRANSPOSE;
extern int calls;
#define DECLARE(T, x) \\
void cblas_##x##gemm(CBLAS_ORDER, CBLAS_TRANSPOSE, CBLAS_TRANSPOSE, int, int, int, T, const T *, int, const T *, int, T, T *, int); \\
void cblas_##x##gemv(CBLAS_ORDER, CBLAS_TRANSPOSE, int, int, T, const T *, int, const T *, int, T, T *, int);
DECLARE(double, d)
DECLARE(float, s)
#ifdef __cplusplus
}
#endif
#endif
"""

#: Refuses what a real one refuses: leading dimensions that are too short, increments of 0.
SOURCE = """#include "cblas.h"
#include <stdlib.h>
int calls;
#define DEFINE(T, x) \\
void cblas_##x##gemm(CBLAS_ORDER order, CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, int m, int n, int k, T alpha, const T *a, int lda, \\
                     const T *b, int ldb, T beta, T *c, int ldc) { \\
    calls++; \\
    if (order != CblasRowMajor || lda < (ta == CblasTrans ? m : k) || ldb < (tb == CblasTrans ? k : n) || ldc < n || lda < 1 || ldb < 1) \\
        abort(); \\
    for (int i = 0; i < m; i++) \\
        for (int j = 0; j < n; j++) { \\
            T sum = 0; \\
            for (int l = k - 1; l >= 0; l--) \\
                sum += (ta == CblasTrans ? a[l * lda + i] : a[i * lda + l]) * (tb == CblasTrans ? b[j * ldb + l] : b[l * ldb + j]); \\
            c[i * ldc + j] = alpha * sum + (beta == 0 ? 0 : beta * c[i * ldc + j]); \\
        } \\
} \\
void cblas_##x##gemv(CBLAS_ORDER order, CBLAS_TRANSPOSE t, int m, int n, T alpha, const T *a, int lda, const T *v, int step, T beta, \\
                     T *y, int stride) { \\
    calls++; \\
    if (order != CblasRowMajor || lda < n || step < 1 || stride < 1) \\
        abort(); \\
    for (int i = 0; i < (t == CblasTrans ? n : m); i++) { \\
        T sum = 0; \\
        for (int l = (t == CblasTrans ? m : n) - 1; l >= 0; l--) \\
            sum += (t == CblasTrans ? a[l * lda + i] : a[i * lda + l]) * v[l * step]; \\
        y[i * stride] = alpha * sum + (beta == 0 ? 0 : beta * y[i * stride]); \\
    } \\
}
DEFINE(double, d)
DEFINE(float, s)
"""

#: After the self-test: the CBLAS must have been called.
DRIVER = """extern int calls;
int {name}_selftest(void);
int main(void) {{ return {name}_selftest() != 0 || calls == 0; }}
"""


@pytest.mark.parametrize("name", ["gemm", "open_gemm", "thin_products"])
@pytest.mark.parametrize("compiler", ["gcc", "clang", "g++"])
def test_products_come_from_a_cblas(name, compiler):
    (tool,) = need(compiler)
    export = zoo_export(name)
    place, upper = export.directory, name.upper()
    (place / "cblas.h").write_text(HEADER)
    (place / "my_blas.h").write_text('#include "cblas.h"\n')
    (place / "cblas.c").write_text(SOURCE)
    (place / "driver.c").write_text(DRIVER.format(name=name))
    (gcc,) = need("gcc")
    execute([gcc, "-std=c99", "-c", "cblas.c", "driver.c"], place)
    use = [f"-D{upper}_USE_CBLAS", f'-D{upper}_CBLAS_HEADER="my_blas.h"' if compiler == "clang" else f"-D{upper}_CBLAS_INT=int"]
    flags = [*(CXX17 if compiler == "g++" else C99), *STRICT, "-O1", *use, f"-D{upper}_SELFTEST_NO_STDIO"]
    execute([tool, *flags, "-c", f"{name}.c", f"{name}_selftest.c"], place)
    execute([tool, f"{name}.o", f"{name}_selftest.o", "cblas.o", "driver.o", "-lm", "-o", "with_blas"], place)
    execute(["./with_blas"], place)
    assert "cblas_" in execute(["nm", "-u", f"{name}.o"], place)


def test_an_export_without_products_needs_no_cblas():
    text = (zoo_export("scalars").directory / "scalars.c").read_text()
    assert "CBLAS" not in text
