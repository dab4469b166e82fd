"""Expressions that the languages of modc and of PyTensor both know, one text for both.

A case is a function of the language (`modc.tensor` or `pytensor.tensor`) and of Variables; `ARGUMENTS` says what arrays they stand for. Each
runs for every dtype of DTYPES, which letters in lower case take.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

DTYPES = ("float64", "float32", "int8", "uint16", "int64", "bool")

#: Letter -> shape of an operand in the dtype of the run, with elements between -3 and 3.
SHAPES = {"s": (), "v": (4,), "m": (3, 4), "t": (2, 3, 4), "q": (3, 3), "r": (4, 3)}

#: Letter -> an operand that is the same in every run.
FIXED = {
    "V": np.array([0.5, -1.25, 2.0, 0.75]), "M": np.linspace(-2, 2, 12).reshape(3, 4), "Q": np.array([[4.0, 1.0, 0.5], [1.0, 3.0, 0.25], [0.5, 0.25, 5.0]]),
    "I": np.array([2, 0, 1, 2]), "P": np.array([2, 0, 1]), "N": np.array(2), "B": np.arange(12).reshape(3, 4) % 3 == 0, "C": np.array([True, False, True, True]),
    "S": np.array([-2.0, -0.5, 0.25, 1.5]), "J": np.array([[0, 2, 1, 0], [1, 1, 0, 2], [2, 0, 2, 1]]), "K": np.array([1, 3, 1]),
    "Z": np.array([1 + 2j, -0.5j, -3 + 0.25j, 0.75]), "W": np.array([[1j, 2.0, -1 + 1j, 0.5]] * 3),
}  # fmt: skip


class Case(NamedTuple):
    """A label, the expression, and a letter for each operand."""

    label: str
    build: Callable[..., Any]
    operands: str


#: Elementwise functions of one operand -> bounds of its elements.
UNARY = {
    "abs": (-3, 3), "arccos": (-1, 1), "arccosh": (1, 4), "arcsin": (-1, 1), "arcsinh": (-3, 3), "arctan": (-3, 3), "arctanh": (-0.9, 0.9),
    "bitwise_not": (0, 3), "ceil": (-3, 3), "cos": (-3, 3), "cosh": (-3, 3), "deg2rad": (-3, 3), "digamma": (0.5, 5), "erf": (-2, 2),
    "erfc": (-2, 2), "erfcinv": (0.1, 1.9), "erfcx": (-2, 2), "erfinv": (-0.9, 0.9), "exp": (-3, 3), "exp2": (-3, 3), "expit": (-3, 3),
    "expm1": (-3, 3), "floor": (-3, 3), "gamma": (0.5, 4), "gammaln": (0.5, 4), "i0": (-3, 3), "i1": (-3, 3), "invert": (0, 1),
    "iround": (-3, 3), "isfinite": (-3, 3), "isinf": (-3, 3), "isnan": (-3, 3), "isneginf": (-3, 3), "isposinf": (-3, 3), "j0": (-3, 3),
    "j1": (-3, 3), "log": (0.5, 4), "log10": (0.5, 4), "log1mexp": (-4, -0.5), "log1p": (0, 3), "log1pexp": (-3, 3), "log2": (0.5, 4), "nan_to_num": (-3, 3),
    "neg": (-3, 3), "psi": (0.5, 4), "rad2deg": (-3, 3), "reciprocal": (1, 4), "round": (-3, 3), "round_half_away_from_zero": (-3, 3),
    "round_half_to_even": (-3, 3), "sgn": (-3, 3), "sigmoid": (-3, 3), "sign": (-3, 3), "sin": (-3, 3), "sinh": (-3, 3),
    "softplus": (-3, 3), "sqr": (-3, 3), "sqrt": (0, 4), "square": (-3, 3), "tan": (-1, 1), "tanh": (-3, 3), "tensor_copy": (-3, 3),
    "tri_gamma": (0.5, 4), "trunc": (-3, 3),
}  # fmt: skip

_ANY, _POSITIVE, _SMALL, _CHANCE = (-3, 3), (1, 4), (1, 3), (0.1, 0.9)

#: Elementwise functions of two operands -> bounds of both.
BINARY = {
    **dict.fromkeys(
        ["add", "sub", "mul", "maximum", "minimum", "largest", "smallest", "arctan2", "eq", "neq", "lt", "le", "gt", "ge", "equal", "not_equal", "less", "less_equal", "greater", "greater_equal", "and_", "or_", "xor", "bitwise_and", "bitwise_or", "bitwise_xor", "logaddexp", "isclose", "allclose"], (_ANY, _ANY)),
    **dict.fromkeys(["true_div", "floor_div", "int_div", "mod", "ceil_intdiv", "divmod"], (_ANY, _POSITIVE)),
    **dict.fromkeys(["pow", "power", "gammainc", "gammaincc", "gammal", "gammau", "chi2sf", "polygamma"], (_POSITIVE, _SMALL)),
    "owens_t": (_ANY, _ANY), **dict.fromkeys(["iv", "ive", "jv", "kn", "kv", "kve"], ((0, 3), _POSITIVE)), "gammaincinv": (_POSITIVE, _CHANCE), "gammainccinv": (_POSITIVE, _CHANCE),
}  # fmt: skip


def elements(key: str, dtype: str, shape: tuple[int, ...], low: float = -3, high: float = 3) -> Any:
    """Elements between two bounds, as far as the dtype has them; the same for the same key."""
    random = np.random.default_rng(zlib.crc32(key.encode()))
    kind = np.dtype(dtype).kind
    if kind == "b":
        return random.integers(0, 2, shape).astype(bool)
    if kind in "iu":
        first = int(np.ceil(max(low, 0) if kind == "u" else low))
        return np.asarray(random.integers(first, max(first, int(np.floor(high))), shape, endpoint=True)).astype(dtype)
    return np.asarray(random.uniform(low, high, shape)).astype(dtype)


def operands(case: Case, dtype: str) -> list[Any]:
    """The arrays of a case."""
    return [
        FIXED[letter].copy() if letter in FIXED else elements(f"{case.label} {place}", dtype, SHAPES[letter])
        for place, letter in enumerate(case.operands)
    ]  # fmt: skip


def _reduced(name: str) -> Iterator[Case]:
    """A reduction of a matrix over nothing, each axis, and with its options."""
    yield Case(name, lambda T, x: getattr(T, name)(x), "m")
    yield Case(f"{name} axis=0", lambda T, x: getattr(T, name)(x, axis=0), "t")
    yield Case(f"{name} axis=-1 keepdims", lambda T, x: getattr(T, name)(x, axis=-1, keepdims=True), "t")
    if not name.startswith("arg"):
        yield Case(f"{name} of two axes", lambda T, x: getattr(T, name)(x, axis=(0, 2)), "t")


REDUCTIONS = ["all", "any", "argmax", "argmin", "max", "mean", "min", "prod", "std", "sum", "var", "logsumexp", "max_and_argmax"]

#: Everything else: label -> (expression, operands). The label begins with the function's name.
OTHERS: dict[str, tuple[Callable[..., Any], str]] = {
    # Shape
    "reshape": (lambda T, x: T.reshape(x, (4, 3)), "m"), "reshape -1": (lambda T, x: T.reshape(x, (-1, 2)), "m"),
    "reshape ndim": (lambda T, x: T.reshape(x, (2, 6), ndim=2), "m"), "flatten": (lambda T, x: T.flatten(x), "t"),
    "flatten ndim": (lambda T, x: T.flatten(x, ndim=2), "t"), "transpose": (lambda T, x: T.transpose(x), "m"),
    "transpose axes": (lambda T, x: T.transpose(x, axes=(2, 0, 1)), "t"), "squeeze": (lambda T, x: T.squeeze(T.expand_dims(x, 1)), "m"),
    "squeeze axis": (lambda T, x: T.squeeze(T.expand_dims(x, axis=0), axis=0), "m"), "expand_dims": (lambda T, x: T.expand_dims(x, axis=(0, 2)), "m"),
    "swapaxes": (lambda T, x: T.swapaxes(x, axis1=0, axis2=2), "t"), "moveaxis": (lambda T, x: T.moveaxis(x, source=0, destination=-1), "t"),
    "shape": (lambda T, x: T.shape(x), "t"), "shape_padleft": (lambda T, x: T.shape_padleft(x, 2), "v"),
    "shape_padright": (lambda T, x: T.shape_padright(x, n_ones=2), "v"), "shape_padaxis": (lambda T, x: T.shape_padaxis(x, axis=1), "m"),
    "atleast_1d": (lambda T, x: T.atleast_1d(x), "s"), "atleast_2d": (lambda T, x: T.atleast_2d(x), "v"),
    "atleast_3d": (lambda T, x: T.atleast_3d(x), "v"), "atleast_Nd": (lambda T, x: T.atleast_Nd(x, n=4), "m"),
    "atleast_Nd right": (lambda T, x: T.atleast_Nd(x, n=3, left=False), "v"), "broadcast_to": (lambda T, x: T.broadcast_to(x, (3, 4)), "v"),
    "join_dims": (lambda T, x: T.join_dims(x, start_axis=1), "t"), "join_dims none": (lambda T, x: T.join_dims(x, 1, 0), "m"),
    "split_dims": (lambda T, x: T.split_dims(x, shape=(2, 2), axis=1), "m"), "specify_broadcastable": (lambda T, x: T.specify_broadcastable(x[:1], 0), "m"),
    "broadcast_arrays": (lambda T, x, y: T.broadcast_arrays(x, T.expand_dims(y, 0)), "mv"), "flip": (lambda T, x: T.flip(x), "m"),
    "flip axis": (lambda T, x: T.flip(x, axis=1), "m"), "roll": (lambda T, x: T.roll(x, 2), "v"), "roll axis": (lambda T, x: T.roll(x, shift=1, axis=1), "m"),
    "repeat": (lambda T, x: T.repeat(x, 2), "m"), "repeat axis": (lambda T, x: T.repeat(x, repeats=3, axis=1), "m"),
    "repeat counts": (lambda T, x, k: T.repeat(x, k, axis=0), "mK"), "tile": (lambda T, x: T.tile(x, (2, 3)), "m"),
    "tile more": (lambda T, x: T.tile(x, (2, 1, 2)), "m"), "specify_shape": (lambda T, x: T.specify_shape(x, (3, None)), "m"),
    "pad": (lambda T, x: T.pad(x, ((1, 2), (0, 1))), "m"), "pad edge": (lambda T, x: T.pad(x, 2, mode="edge"), "m"),
    "pad reflect": (lambda T, x: T.pad(x, 2, mode="reflect"), "m"), "pad wrap": (lambda T, x: T.pad(x, 2, mode="wrap"), "m"),
    "pad symmetric": (lambda T, x: T.pad(x, 2, mode="symmetric"), "m"), "pad maximum": (lambda T, x: T.pad(x, 1, mode="maximum"), "m"),
    "pad constants": (lambda T, x: T.pad(x, 1, mode="constant", constant_values=2), "m"), "broadcast_shape": (lambda T, x, y: T.stack(list(T.broadcast_shape(x, T.expand_dims(y, 0)))), "mv"),
    # Joining and splitting
    "concatenate": (lambda T, x, y: T.concatenate([x, y], axis=1), "mm"), "concatenate with": (lambda T, x, y: T.concatenate([x, y]), "vV"),
    "concatenate tensor_list": (lambda T, x, y: T.concatenate(tensor_list=[x, y], axis=0), "vv"), "join": (lambda T, x, y: T.join(1, x, y), "mm"),
    "stack": (lambda T, x, y: T.stack([x, y], axis=1), "vv"), "stack tensors": (lambda T, x, y: T.stack(tensors=[x, y]), "vv"),
    "stacklists": (lambda T, x, y: T.stacklists([[x, y], [y, x]]), "ss"), "horizontal_stack": (lambda T, x, y: T.horizontal_stack(x, y), "mm"),
    "vertical_stack": (lambda T, x, y: T.vertical_stack(x, y), "mm"), "split": (lambda T, x: T.split(x, [1, 3], n_splits=2, axis=1), "m"),
    "split names": (lambda T, x: T.split(x, splits_size=[2, 1, 1], n_splits=3), "v"),
    # Making
    "zeros": (lambda T, n: T.zeros((n, 3)), "N"), "zeros dtype": (lambda T: T.zeros((2, 3), dtype="int32"), ""), "ones": (lambda T: T.ones((2, 3)), ""),
    "ones dtype": (lambda T, n: T.ones(shape=(n,), dtype="float32"), "N"), "zeros_like": (lambda T, x: T.zeros_like(x), "m"),
    "zeros_like dtype": (lambda T, x: T.zeros_like(x, dtype="int8"), "m"), "ones_like": (lambda T, x: T.ones_like(x), "m"),
    "ones_like dtype": (lambda T, x: T.ones_like(x, dtype="float64"), "m"), "full": (lambda T, x: T.full((2, 3), x), "s"),
    "full number": (lambda T: T.full((2, 3), 7), ""), "full names": (lambda T: T.full(shape=(2,), fill_value=1.5, dtype="float32"), ""),
    "full_like": (lambda T, x: T.full_like(x, fill_value=2), "m"), "fill": (lambda T, x, y: T.fill(x, y), "ms"), "second": (lambda T, x, y: T.second(x, y), "mV"), "alloc": (lambda T, x: T.alloc(x, 2, 4), "v"),
    "empty_like": (lambda T, x: T.empty_like(x) * 0, "m"), "empty": (lambda T: T.empty((2, 3)) * 0, ""),
    "eye": (lambda T: T.eye(3), ""), "eye all": (lambda T: T.eye(3, 4, 1, dtype="int64"), ""), "eye names": (lambda T: T.eye(n=2, m=3, k=-1), ""),
    "identity_like": (lambda T, x: T.identity_like(x), "q"), "arange": (lambda T, n: T.arange(n), "N"), "arange all": (lambda T: T.arange(1, 9, 2), ""),
    "arange float": (lambda T: T.arange(0.0, 1.0, 0.25), ""), "arange dtype": (lambda T: T.arange(4, dtype="float32"), ""),
    "arange of": (lambda T, x: T.arange(T.abs(x)), "s"), "linspace": (lambda T: T.linspace(0, 1, 5), ""), "linspace names": (lambda T: T.linspace(0.0, 2.0, num=4, endpoint=False, dtype="float32"), ""),
    "logspace": (lambda T: T.logspace(0, 2, 5), ""), "geomspace": (lambda T: T.geomspace(1, 100, 5), ""), "tri": (lambda T: T.tri(3, 4, k=1), ""),
    "tri names": (lambda T: T.tri(N=3, M=2, dtype="int64"), ""), "tril": (lambda T, x: T.tril(x), "m"), "tril k": (lambda T, x: T.tril(x, k=-1), "m"),
    "triu": (lambda T, x: T.triu(x), "m"), "triu k": (lambda T, x: T.triu(x, k=1), "m"), "tril_indices": (lambda T: T.tril_indices(3, k=1), ""),
    "triu_indices": (lambda T: T.triu_indices(3, m=4), ""), "tril_indices_from": (lambda T, x: T.tril_indices_from(x), "q"),
    "triu_indices_from": (lambda T, x: T.triu_indices_from(x, k=1), "q"), "mgrid": (lambda T: T.mgrid[0:2, 1:4], ""), "ogrid": (lambda T: T.ogrid[0:2, 1:4], ""),
    "diag": (lambda T, x: T.diag(x), "v"), "diag of": (lambda T, x: T.diag(x, k=1), "m"), "diagonal": (lambda T, x: T.diagonal(x, offset=1), "m"),
    "diagonal axes": (lambda T, x: T.diagonal(x, axis1=1, axis2=2), "t"), "extract_diag": (lambda T, x: T.extract_diag(x), "q"),
    "trace": (lambda T, x: T.trace(x), "q"), "trace offset": (lambda T, x: T.trace(x, offset=1), "m"), "fill_diagonal": (lambda T, x: T.fill_diagonal(x, 1), "m"),
    "fill_diagonal_offset": (lambda T, x: T.fill_diagonal_offset(x, 1, 1), "m"), "cast": (lambda T, x: T.cast(x, "float32"), "m"),
    "cast int": (lambda T, x: T.cast(x, dtype="int16"), "m"), "constant": (lambda T: T.constant([1, 2, 3]), ""), "constant float": (lambda T: T.constant(1.5), ""),
    "constant dtype": (lambda T: T.constant(3, dtype="float32"), ""), "as_tensor_variable": (lambda T, x, y: T.as_tensor_variable([x, y]), "ss"),
    "as_tensor": (lambda T: T.as_tensor([[1.0, 2.0]], name="a"), ""),
    # Choosing
    "switch": (lambda T, c, x, y: T.switch(c, x, y), "Bmm"), "switch with": (lambda T, c, x, y: T.switch(c, x, y), "BmM"), "where": (lambda T, c, x, y: T.where(c, x, y), "Cvv"),
    "where names": (lambda T, c, x, y: T.where(c, ift=x, iff=y), "Cvv"), "where one": (lambda T, c: T.where(c), "B"), "clip": (lambda T, x: T.clip(x, 0, 1), "m"),
    "clip of": (lambda T, x, y, z: T.clip(x, y, z), "mss"), "nonzero": (lambda T, x: T.nonzero(x), "m"), "nonzero matrix": (lambda T, x: T.nonzero(x, return_matrix=True), "m"),
    "flatnonzero": (lambda T, x: T.flatnonzero(x), "m"), "nonzero_values": (lambda T, x: T.nonzero_values(x), "m"), "take": (lambda T, x, i: T.take(x, i), "mI"),
    "take axis": (lambda T, x, i: T.take(x, i, axis=1), "mI"), "take clip": (lambda T, x: T.take(x, [0, 9], mode="clip"), "v"), "take wrap": (lambda T, x: T.take(x, [-9, 9], mode="wrap"), "v"),
    "take_along_axis": (lambda T, x, i: T.take_along_axis(x, i, axis=0), "mJ"), "choose": (lambda T, i, x, y: T.choose(i % 2, [x, y]), "Ivv"),
    "compress": (lambda T, c, x: T.compress(c, x), "Cv"), "compress axis": (lambda T, c, x: T.compress(c, x, axis=1), "Cm"),
    "permute_row_elements": (lambda T, x, p: T.permute_row_elements(x, p), "qP"), "permute_row_elements inverse": (lambda T, x, p: T.permute_row_elements(x, p, inverse=True), "qP"),
    "inverse_permutation": (lambda T, p: T.inverse_permutation(p), "P"), "set_subtensor": (lambda T, x: T.set_subtensor(x[1:3], 1), "v"),
    "set_subtensor of": (lambda T, x, y: T.set_subtensor(x[0], y), "mv"), "set_subtensor mask": (lambda T, x, c: T.set_subtensor(x[c], 0), "vC"),
    "inc_subtensor": (lambda T, x, i: T.inc_subtensor(x[i], 1), "vI"), "inc_subtensor names": (lambda T, x, y: T.inc_subtensor(x=x[:, 1], y=y[:3]), "mv"),
    "unravel_index": (lambda T, i: T.unravel_index(i, (2, 3)), "I"), "ravel_multi_index": (lambda T, i: T.ravel_multi_index((i, i), (3, 4)), "I"),
    # Sorting, sets, running
    "sort": (lambda T, x: T.sort(x), "m"), "sort axis": (lambda T, x: T.sort(x, axis=0), "m"), "sort all": (lambda T, x: T.sort(x, axis=None), "m"),
    "argsort": (lambda T, x: T.argsort(x, kind="stable"), "m"), "argsort axis": (lambda T, x: T.argsort(x, axis=0, stable=True), "m"),
    "searchsorted": (lambda T, s, x: T.searchsorted(s, x), "Sv"), "searchsorted right": (lambda T, s, x: T.searchsorted(s, x, side="right"), "Sm"),
    "unique": (lambda T, x: T.unique(x), "m"), "unique all": (lambda T, x: T.unique(x, return_index=True, return_inverse=True, return_counts=True), "v"),
    "bincount": (lambda T, i: T.bincount(i), "I"), "bincount weights": (lambda T, i, x: T.bincount(i, weights=x, minlength=5), "IV"),
    "cumsum": (lambda T, x: T.cumsum(x), "m"), "cumsum axis": (lambda T, x: T.cumsum(x, axis=1), "m"), "cumprod": (lambda T, x: T.cumprod(x), "m"),
    "cumprod axis": (lambda T, x: T.cumprod(x, axis=0), "m"), "diff": (lambda T, x: T.diff(x), "m"), "diff twice": (lambda T, x: T.diff(x, n=2, axis=0), "m"),
    "median": (lambda T, x: T.median(x), "m"), "median axis": (lambda T, x: T.median(x, axis=1), "m"), "ptp": (lambda T, x: T.ptp(x), "m"), "ptp axis": (lambda T, x: T.ptp(x, axis=0), "m"),
    "cov": (lambda T, x: T.cov(x), "m"), "cov all": (lambda T, x, y: T.cov(x, y, rowvar=False, ddof=0), "mm"), "interp": (lambda T, x, xp, fp: T.interp(x, xp, fp), "mSV"),
    "interp ends": (lambda T, x, xp, fp: T.interp(x, xp, fp, left=-1.0, right=9.0), "vSV"),
    # Products
    "dot": (lambda T, x, y: T.dot(x, y), "vv"), "dot mv": (lambda T, x, y: T.dot(x, y), "mv"), "dot mm": (lambda T, x, y: T.dot(x, y), "mr"),
    "dot with": (lambda T, x, y: T.dot(x, y), "mV"), "matmul": (lambda T, x, y: T.matmul(x, y), "mr"), "matmul stack": (lambda T, x, y: T.matmul(x, y), "tr"),
    "tensordot": (lambda T, x, y: T.tensordot(x, y), "mm"), "tensordot axes": (lambda T, x, y: T.tensordot(x, y, axes=[[1, 2], [0, 1]]), "tm"),
    "outer": (lambda T, x, y: T.outer(x, y), "vv"), "batched_dot": (lambda T, x, y: T.batched_dot(x, T.swapaxes(y, 1, 2)), "tt"),
    "batched_tensordot": (lambda T, x, y: T.batched_tensordot(x, y, axes=[[1, 2], [1, 2]]), "tt"), "vecdot": (lambda T, x, y: T.vecdot(x, y), "mV"),
    "matvec": (lambda T, x, y: T.matvec(x, y), "tv"), "vecmat": (lambda T, x, y: T.vecmat(x1=x, x2=y), "vr"),
    "matrix_transpose": (lambda T, x: T.matrix_transpose(x), "t"), "bartlett": (lambda T: T.bartlett(5), ""),
    "einsum": (lambda T, x, y: T.einsum("ij,kj->ik", x, y), "mm"), "einsum trace": (lambda T, x: T.einsum("ii", x), "q"), "betaincinv": (lambda T, a, b, x: T.betaincinv(T.abs(a) + 1, T.abs(b) + 1, T.sigmoid(x)), "vvv"),
    "betainc": (lambda T, a, b, x: T.betainc(T.abs(a) + 1, T.abs(b) + 1, 0.25 + 0 * x), "vvv"),
}  # fmt: skip


def _square(T: Any, x: Any) -> Any:
    """A matrix that is surely not singular."""
    return T.dot(x, x.T) + 2 * T.eye(3)


#: Complex numbers.
OTHERS |= {
    "real": (lambda T, z: T.real(z), "Z"), "imag": (lambda T, z: T.imag(z), "Z"), "angle": (lambda T, z: T.angle(z), "Z"), "conj": (lambda T, z: T.conj(z), "Z"),
    "conjugate": (lambda T, z: T.conjugate(z), "Z"), "complex": (lambda T, x, y: T.complex(x, y), "VV"),
    "complex_from_polar": (lambda T, x, y: T.complex_from_polar(T.abs(x), y), "VV"), "abs of complex": (lambda T, z: T.abs(z), "Z"),
    "exp of complex": (lambda T, z: T.exp(z), "Z"), "product of complex": (lambda T, w, z: T.dot(w, z), "WZ"), "sum of complex": (lambda T, w: T.sum(w, axis=0), "W"),
    "mixed complex": (lambda T, z, x: z * x + 1j, "Zv"), "real of real": (lambda T, x: T.real(x), "v"), "imag of real": (lambda T, x: T.imag(x), "v"),
    "cast to complex": (lambda T, x: T.cast(x, "complex64"), "v"),
}  # fmt: skip

#: Linear algebra, in float64 and float32: x is of three rows and columns. Where signs are free they are taken off.
LINALG: dict[str, tuple[Callable[..., Any], str]] = {
    "block_diag": (lambda T, x, y: T.linalg.block_diag(x, y), "qm"), "cho_solve": (lambda T, x, y: T.linalg.cho_solve((T.linalg.cholesky(_square(T, x)), True), y), "qm"),
    "cholesky": (lambda T, x: T.linalg.cholesky(_square(T, x)), "q"), "cholesky upper": (lambda T, x: T.linalg.cholesky(_square(T, x), lower=False), "q"),
    "det": (lambda T, x: T.linalg.det(x), "q"), "eig": (lambda T, x: T.sort(T.real(T.linalg.eig(_square(T, x))[0])), "q"),
    "eigh": (lambda T, x: T.linalg.eigh(_square(T, x))[0], "q"), "eigh vectors": (lambda T, x: T.abs(T.linalg.eigh(_square(T, x))[1]), "q"),
    "eigvalsh": (lambda T, x: T.linalg.eigvalsh(_square(T, x)), "q"),
    "expm": (lambda T, x: T.linalg.expm(x / 4), "q"), "inv": (lambda T, x: T.linalg.inv(_square(T, x)), "q"), "kron": (lambda T, x, y: T.linalg.kron(x, y), "qm"),
    "lstsq": (lambda T, x, y: T.linalg.lstsq(_square(T, x), y, -1)[0], "qm"),
    "lu": (lambda T, x: T.linalg.lu(x), "q"), "lu left": (lambda T, x: T.linalg.lu(x, permute_l=True), "q"), "lu_factor": (lambda T, x: T.linalg.lu_factor(x)[0], "q"),
    "lu_solve": (lambda T, x, y: T.linalg.lu_solve(T.linalg.lu_factor(_square(T, x)), y), "qm"), "matrix_dot": (lambda T, x, y: T.linalg.matrix_dot(x, x, y), "qm"),
    "matrix_power": (lambda T, x: T.linalg.matrix_power(x, 3), "q"), "norm": (lambda T, x: T.linalg.norm(x), "m"),
    "norm axis": (lambda T, x: T.linalg.norm(x, ord=2, axis=1), "m"), "norm ord": (lambda T, x: T.linalg.norm(x, ord=1), "q"), "pinv": (lambda T, x: T.linalg.pinv(x), "m"),
    "qr": (lambda T, x: [T.abs(one) for one in T.linalg.qr(x)], "r"), "qr economic": (lambda T, x: [T.abs(one) for one in T.linalg.qr(x, mode="economic")], "r"),
    "qr full": (lambda T, x: [T.abs(one) for one in T.linalg.qr(x, mode="full")], "r"),
    "slogdet": (lambda T, x: T.linalg.slogdet(x), "q"), "solve": (lambda T, x, y: T.linalg.solve(_square(T, x), y), "qm"),
    "solve pos": (lambda T, x, y: T.linalg.solve(_square(T, x), y, assume_a="pos"), "qm"), "solve_triangular": (lambda T, x, y: T.linalg.solve_triangular(_square(T, x), y), "qm"),
    "solve_triangular lower": (lambda T, x, y: T.linalg.solve_triangular(_square(T, x), y, trans=1, lower=True), "qm"),
    "svd": (lambda T, x: T.linalg.svd(x, compute_uv=False), "m"), "svd vectors": (lambda T, x: [T.abs(one) for one in T.linalg.svd(x, full_matrices=False)], "m"),
    "tensorinv": (lambda T, x: T.linalg.tensorinv(T.reshape(_square(T, x), (3, 3, 1)), ind=1), "q"), "tensorsolve": (lambda T, x: T.linalg.tensorsolve(_square(T, x), x[0]), "q"),
    "trace": (lambda T, x: T.linalg.trace(x), "q"),
    "softmax": (lambda T, x: _special(T, "softmax")(x, axis=0), "m"), "log_softmax": (lambda T, x: _special(T, "log_softmax")(x, axis=1), "m"),
    "logit": (lambda T, x: _special(T, "logit")(T.sigmoid(x)), "m"), "beta": (lambda T, x, y: _special(T, "beta")(T.exp(x), T.exp(y)), "vv"),
    "betaln": (lambda T, x, y: _special(T, "betaln")(T.exp(x), T.exp(y)), "vv"), "factorial": (lambda T, x: _special(T, "factorial")(T.abs(x)), "v"),
    "poch": (lambda T, x, y: _special(T, "poch")(T.exp(x), T.abs(y)), "vv"), "xlogy": (lambda T, x, y: _special(T, "xlogy")(x, T.exp(y)), "vv"),
    "xlog1py": (lambda T, x, y: _special(T, "xlog1py")(x, T.exp(y)), "vv"),
}  # fmt: skip


def _special(T: Any, name: str) -> Any:
    """PyTensor has these in a module of their own."""
    return getattr(T, name, None) or getattr(T.special, name)


def linalg_cases() -> list[Case]:
    """Those of LINALG."""
    return [Case(label, build, letters) for label, (build, letters) in LINALG.items()]


def cases() -> list[Case]:
    """All of them, without UNARY and BINARY, which run over more dtypes."""
    return [*(case for name in REDUCTIONS for case in _reduced(name)), *(Case(label, build, letters) for label, (build, letters) in OTHERS.items())]
