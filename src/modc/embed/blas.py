"""Matrix products by a CBLAS instead of modc's own: -DNAME_USE_CBLAS when NAME.c is compiled.

Input: the C of an export's kernels, before its names are final. Output: the parts of csrc that it needs, those of
`modc_gemm_f64` and `modc_gemm_f32` with the other way beside them. Neighbours: `c_source`.

A CBLAS takes row-major matrices; products with one row or column become cblas_?gemv. Its sums have another order: results
agree within the tolerances of the self-test, not bit for bit.
"""

from __future__ import annotations

import re

from modc.emit import needs_of

_GEMM = re.compile(r"\bmodc_gemm_(f64|f32)\(")

_CALL = """static inline void modc_gemm_{t}(int ta, int tb, int64_t M, int64_t N, int64_t K, {T} alpha, const {T} *A,
                                 int64_t lda, const {T} *B, int64_t ldb, {T} beta, {T} *C, int64_t ldc) {
    const {I} m = ({I})M, n = ({I})N, k = ({I})K;
    const {I} pa = ({I})(lda > 1 ? lda : 1), pb = ({I})(ldb > 1 ? ldb : 1), pc = ({I})(ldc > 1 ? ldc : 1);
    if (M == 0 || N == 0)
        return;
    if (K == 0) {
        for (int64_t i = 0; i < M; i++)
            for (int64_t j = 0; j < N; j++)
                C[i * ldc + j] = beta == 0 ? 0 : beta * C[i * ldc + j];
        return;
    }
    if (N == 1)
        cblas_{x}gemv(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, ta ? k : m, ta ? m : k, alpha, A, pa, B, tb ? 1 : pb,
                    beta, C, pc);
    else if (M == 1)
        cblas_{x}gemv(CblasRowMajor, tb ? CblasNoTrans : CblasTrans, tb ? n : k, tb ? k : n, alpha, B, pb, A, ta ? pa : 1,
                    beta, C, 1);
    else
        cblas_{x}gemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, m, n, k, alpha, A, pa,
                    B, pb, beta, C, pc);
}"""


def products(code: str) -> list[str]:
    """The float types, by their suffix, whose matrix products `code` calls csrc for."""
    return sorted(set(_GEMM.findall(code)))


def includes(upper: str) -> str:
    """The header of the CBLAS, and its integers."""
    return f"""#ifdef {upper}_USE_CBLAS
#ifdef {upper}_CBLAS_HEADER
#include {upper}_CBLAS_HEADER
#else
#include "cblas.h"
#endif
#ifndef {upper}_CBLAS_INT
#define {upper}_CBLAS_INT int
#endif
#endif"""


def with_blas(code: str, upper: str) -> tuple[list[str], list[str]]:
    """`needs_of(code)`, with calls of a CBLAS in place of the float products under NAME_USE_CBLAS."""
    lines, sections = needs_of(code)
    types = products(code)
    if not types:
        return lines, sections
    others = set(needs_of(_GEMM.sub("(", code))[1])
    calls = [_call(suffix, upper) for suffix in types]
    first = next(at for at, section in enumerate(sections) if section not in others)
    found: list[str] = []
    for at, section in enumerate(sections):
        found += ["\n\n".join([f"#ifdef {upper}_USE_CBLAS", *calls, "#endif"])] if at == first else []
        found.append(section if section in others else f"#ifndef {upper}_USE_CBLAS\n{section}\n#endif")
    return [*lines, includes(upper)], found


def _call(suffix: str, upper: str) -> str:
    fields = {"{t}": suffix, "{T}": "double" if suffix == "f64" else "float", "{x}": "d" if suffix == "f64" else "s"}
    text = _CALL.replace("{I}", f"{upper}_CBLAS_INT")
    for name, value in fields.items():
        text = text.replace(name, value)
    return text
