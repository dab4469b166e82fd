"""Functions of the stored elements of sparse matrices, by Theano's names.

Those that give 0 for 0 are functions of the matrix; the others are called structured_..., as what is not stored stays 0.
Neighbours: `modc.tensor` has each for dense arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from modc import tensor as T
from modc.sparse.variable import SparseVariable, as_sparse

__all__ = [
    "arcsin", "arcsinh", "arctan", "arctanh", "ceil", "conjugate", "deg2rad", "expm1", "floor", "log1p",
    "rad2deg", "rint", "sgn", "sin", "sinh", "sqr", "sqrt", "tan", "tanh", "trunc", "structured_add",
    "structured_exp", "structured_log", "structured_maximum", "structured_minimum", "structured_pow",
    "structured_sigmoid",
]  # fmt: skip

def _one(name: str, function: Callable[[Any], Any]) -> Callable[[Any], SparseVariable]:
    """A function of each stored element."""

    def of_matrix(x: Any) -> SparseVariable:
        return as_sparse(x).structured(function)

    of_matrix.__name__ = of_matrix.__qualname__ = name
    of_matrix.__doc__ = f"{name.removeprefix('structured_')} of each stored element; what is not stored stays 0."
    return of_matrix


def _two(name: str, function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], SparseVariable]:
    """A function of each stored element and a number, or an element of something else."""

    def of_matrix(x: Any, y: Any) -> SparseVariable:
        return as_sparse(x).structured(function, y)

    of_matrix.__name__ = of_matrix.__qualname__ = name
    of_matrix.__doc__ = (
        f"{name.removeprefix('structured_')} of the stored elements and a number, a dense array, or a matrix of the same "
        "structure; what is not stored stays 0."
    )
    return of_matrix


# 0 for 0, so that these are functions of the whole matrix
arcsin = _one("arcsin", T.arcsin)
arcsinh = _one("arcsinh", T.arcsinh)
arctan = _one("arctan", T.arctan)
arctanh = _one("arctanh", T.arctanh)
ceil = _one("ceil", T.ceil)
conjugate = _one("conjugate", T.conj)
deg2rad = _one("deg2rad", T.deg2rad)
expm1 = _one("expm1", T.expm1)
floor = _one("floor", T.floor)
log1p = _one("log1p", T.log1p)
rad2deg = _one("rad2deg", T.rad2deg)
rint = _one("rint", T.rint)
sgn = _one("sgn", T.sgn)
sin = _one("sin", T.sin)
sinh = _one("sinh", T.sinh)
sqr = _one("sqr", T.sqr)
sqrt = _one("sqrt", T.sqrt)
tan = _one("tan", T.tan)
tanh = _one("tanh", T.tanh)
trunc = _one("trunc", T.trunc)

# other values for 0: only what is stored changes
structured_exp = _one("structured_exp", T.exp)
structured_log = _one("structured_log", T.log)
structured_sigmoid = _one("structured_sigmoid", T.nnet.sigmoid)
structured_add = _two("structured_add", T.add)
structured_maximum = _two("structured_maximum", T.maximum)
structured_minimum = _two("structured_minimum", T.minimum)
structured_pow = _two("structured_pow", T.pow)
