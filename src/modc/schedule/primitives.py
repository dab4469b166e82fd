"""The csrc primitives that a Call may name, in Python, for `interpret`.

A primitive gets its arguments as the C function does: numbers, and for an Address something to index.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from modc.graph.dtype import DTYPES, DType


def _gemm(dtype: DType) -> Callable[..., None]:
    """C = alpha * op(A) @ op(B) + beta * C; C is not read where beta is 0."""
    number = dtype.numpy.type

    def gemm(
        ta: int, tb: int, m: int, n: int, k: int, alpha: Any, a: Any, lda: int, b: Any, ldb: int, beta: Any, c: Any, ldc: int
    ) -> None:
        for row in range(m):
            for column in range(n):
                total = number(0)
                for inner in range(k):
                    left = a[inner * lda + row] if ta else a[row * lda + inner]
                    right = b[column * ldb + inner] if tb else b[inner * ldb + column]
                    total = number(total + left * right)
                place = row * ldc + column
                c[place] = number(alpha * total) if beta == 0 else number(alpha * total + beta * c[place])

    return gemm


#: By the name of the C function.
PRIMITIVES: dict[str, Callable[..., Any]] = {
    f"modc_gemm_{row.suffix}": _gemm(row) for row in DTYPES.values() if row.kind != "b"
}
