"""The language: symbolic arrays, and functions of them with NumPy's names and meaning.

import modc.tensor as T
x = T.dmatrix("x")
y = T.tanh(x.dot(w) + b).sum(axis=1)
"""

# ruff: noqa: I001  names stand in rows

from __future__ import annotations

# fmt: off
from modc.tensor import nnet
from modc.tensor.arrays import (
    alloc, arange, as_tensor, as_tensor_variable, broadcast_to, concatenate, constant, dimshuffle, dot,
    expand_dims, eye, fill, flatten, full, full_like, inc_subtensor, join, linspace, matmul, moveaxis, ones,
    ones_like, outer, ravel, repeat, reshape, set_subtensor, shape, shape_padaxis, shape_padleft,
    shape_padright, size, squeeze, stack, swapaxes, take, tensordot, tile, transpose, tri, tril, triu, zeros,
    zeros_like,
)
from modc.tensor.elementwise import (
    abs, abs_, absolute, add, allclose, and_, arccos, arccosh, arcsin, arcsinh, arctan, arctan2, arctanh,
    bitwise_and, bitwise_not, bitwise_or, bitwise_xor, cast, ceil, clip, cos, cosh, divide, eq, equal, erf,
    erfc, exp, exp2, expm1, floor, floor_div, floor_divide, ge, greater, greater_equal, gt, int_div, inv,
    invert, isclose, isfinite, isinf, isnan, le, left_shift, less, less_equal, log, log10, log1p, log2,
    logical_and, logical_not, logical_or, logical_xor, lt, maximum, minimum, mod, mul, multiply, neg, negative,
    neq, not_equal, or_, pow, reciprocal, remainder, right_shift, round, sgn, sigmoid, sign, sin, sinh,
    softplus, sqr, sqrt, square, sub, subtract, switch, tan, tanh, true_div, true_divide, trunc, where, xor,
)
from modc.tensor.checks import (
    Assert, assert_op,
)
from modc.tensor.derivatives import (
    Lop, Rop, hessian, hessian_vector_product, jacobian, jvp, vjp,
)
from modc.tensor.gradient import (
    DisconnectedInputError, NoGradientError, disconnected_grad, grad, grad_clip, grad_scale, zero_grad,
)
from modc.tensor.nnet import (
    log_softmax, logsumexp, relu, softmax,
)
from modc.tensor.reductions import (
    all, any, argmax, argmin, cummax, cummin, cumprod, cumsum, max, max_and_argmax, mean, min, prod, ptp, std, sum, var,
)
from modc.tensor.types import (
    bcol, bcols, bmatrices, bmatrix, brow, brows, bscalar, bscalars, btensor3, btensor3s, btensor4, btensor4s,
    bvector, bvectors, col, cols, dcol, dcols, dmatrices, dmatrix, drow, drows, dscalar, dscalars, dtensor3,
    dtensor3s, dtensor4, dtensor4s, dvector, dvectors, fcol, fcols, fmatrices, fmatrix, frow, frows, fscalar,
    fscalars, ftensor3, ftensor3s, ftensor4, ftensor4s, fvector, fvectors, icol, icols, imatrices, imatrix,
    irow, irows, iscalar, iscalars, itensor3, itensor3s, itensor4, itensor4s, ivector, ivectors, lcol, lcols,
    lmatrices, lmatrix, lrow, lrows, lscalar, lscalars, ltensor3, ltensor3s, ltensor4, ltensor4s, lvector,
    lvectors, matrices, matrix, row, rows, scalar, scalars, tensor, tensor3, tensor3s, tensor4, tensor4s,
    ubcol, ubcols, ubmatrices, ubmatrix, ubrow, ubrows, ubscalar, ubscalars, ubtensor3, ubtensor3s, ubtensor4,
    ubtensor4s, ubvector, ubvectors, uicol, uicols, uimatrices, uimatrix, uirow, uirows, uiscalar, uiscalars,
    uitensor3, uitensor3s, uitensor4, uitensor4s, uivector, uivectors, ulcol, ulcols, ulmatrices, ulmatrix,
    ulrow, ulrows, ulscalar, ulscalars, ultensor3, ultensor3s, ultensor4, ultensor4s, ulvector, ulvectors,
    uwcol, uwcols, uwmatrices, uwmatrix, uwrow, uwrows, uwscalar, uwscalars, uwtensor3, uwtensor3s, uwtensor4,
    uwtensor4s, uwvector, uwvectors, vector, vectors, wcol, wcols, wmatrices, wmatrix, wrow, wrows, wscalar,
    wscalars, wtensor3, wtensor3s, wtensor4, wtensor4s, wvector, wvectors,
)
from modc.tensor.variable import (
    Constant, TensorType, Variable, power,
)

__all__ = [
    "Assert", "Constant", "DisconnectedInputError", "Lop", "NoGradientError", "Rop", "TensorType", "Variable",
    "abs", "abs_", "absolute", "add", "all", "allclose", "alloc", "and_", "any", "arange", "arccos",
    "arccosh", "arcsin", "arcsinh", "arctan", "arctan2", "arctanh", "argmax", "argmin", "as_tensor",
    "as_tensor_variable", "assert_op", "bcol", "bcols", "bitwise_and", "bitwise_not", "bitwise_or",
    "bitwise_xor", "bmatrices", "bmatrix", "broadcast_to", "brow", "brows", "bscalar", "bscalars", "btensor3",
    "btensor3s", "btensor4", "btensor4s", "bvector", "bvectors", "cast", "ceil", "clip", "col", "cols",
    "concatenate", "constant", "cos", "cosh", "cummax", "cummin", "cumprod", "cumsum", "dcol", "dcols",
    "dimshuffle", "disconnected_grad", "divide", "dmatrices", "dmatrix", "dot", "drow", "drows", "dscalar",
    "dscalars", "dtensor3", "dtensor3s", "dtensor4", "dtensor4s", "dvector", "dvectors", "eq", "equal", "erf",
    "erfc", "exp", "exp2", "expand_dims", "expm1", "eye", "fcol", "fcols", "fill", "flatten", "floor",
    "floor_div", "floor_divide", "fmatrices", "fmatrix", "frow", "frows", "fscalar", "fscalars", "ftensor3",
    "ftensor3s", "ftensor4", "ftensor4s", "full", "full_like", "fvector", "fvectors", "ge", "grad",
    "grad_clip", "grad_scale", "greater", "greater_equal", "gt", "hessian", "hessian_vector_product", "icol",
    "icols", "imatrices", "imatrix", "inc_subtensor", "int_div", "inv", "invert", "irow", "irows", "iscalar",
    "iscalars", "isclose", "isfinite", "isinf", "isnan", "itensor3", "itensor3s", "itensor4", "itensor4s",
    "ivector", "ivectors", "jacobian", "join", "jvp", "lcol", "lcols", "le", "left_shift", "less",
    "less_equal", "linspace", "lmatrices", "lmatrix", "log", "log10", "log1p", "log2", "log_softmax",
    "logical_and", "logical_not", "logical_or", "logical_xor", "logsumexp", "lrow", "lrows", "lscalar",
    "lscalars", "lt", "ltensor3", "ltensor3s", "ltensor4", "ltensor4s", "lvector", "lvectors", "matmul",
    "matrices", "matrix", "max", "max_and_argmax", "maximum", "mean", "min", "minimum", "mod", "moveaxis",
    "mul", "multiply", "neg", "negative", "neq", "nnet", "not_equal", "ones", "ones_like", "or_", "outer",
    "pow", "power", "prod", "ptp", "ravel", "reciprocal", "relu", "remainder", "repeat", "reshape",
    "right_shift", "round", "row", "rows", "scalar", "scalars", "set_subtensor", "sgn", "shape",
    "shape_padaxis", "shape_padleft", "shape_padright", "sigmoid", "sign", "sin", "sinh", "size", "softmax",
    "softplus", "sqr", "sqrt", "square", "squeeze", "stack", "std", "sub", "subtract", "sum", "swapaxes",
    "switch", "take", "tan", "tanh", "tensor", "tensor3", "tensor3s", "tensor4", "tensor4s", "tensordot",
    "tile", "transpose", "tri", "tril", "triu", "true_div", "true_divide", "trunc", "ubcol", "ubcols",
    "ubmatrices", "ubmatrix", "ubrow", "ubrows", "ubscalar", "ubscalars", "ubtensor3", "ubtensor3s",
    "ubtensor4", "ubtensor4s", "ubvector", "ubvectors", "uicol", "uicols", "uimatrices", "uimatrix", "uirow",
    "uirows", "uiscalar", "uiscalars", "uitensor3", "uitensor3s", "uitensor4", "uitensor4s", "uivector",
    "uivectors", "ulcol", "ulcols", "ulmatrices", "ulmatrix", "ulrow", "ulrows", "ulscalar", "ulscalars",
    "ultensor3", "ultensor3s", "ultensor4", "ultensor4s", "ulvector", "ulvectors", "uwcol", "uwcols",
    "uwmatrices", "uwmatrix", "uwrow", "uwrows", "uwscalar", "uwscalars", "uwtensor3", "uwtensor3s",
    "uwtensor4", "uwtensor4s", "uwvector", "uwvectors", "var", "vector", "vectors", "vjp", "wcol", "wcols",
    "where", "wmatrices", "wmatrix", "wrow", "wrows", "wscalar", "wscalars", "wtensor3", "wtensor3s",
    "wtensor4", "wtensor4s", "wvector", "wvectors", "xor", "zero_grad", "zeros", "zeros_like",
]
# fmt: on
