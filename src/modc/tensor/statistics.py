"""Counting and correlating: bincount, digitize, covariances. Neighbours: `histograms`."""

from __future__ import annotations

from typing import Any

from modc.errors import DTypeError, ShapeError
from modc.graph import OPS, Node, Size, apply, cast, const, size_node, size_of
from modc.graph.build import shape_text
from modc.graph.dtype import FLOAT64, INT64
from modc.tensor import shapes
from modc.tensor.arguments import node_of, nodes_together
from modc.tensor.checks import require
from modc.tensor.variable import Variable, as_variable, call, wrap

__all__ = [
    "bincount", "corrcoef", "cov", "digitize",
]  # fmt: skip


def bincount(x: Any, weights: Any = None, minlength: Any = 0, assert_nonneg: bool = False) -> Variable:
    """How often each of 0, 1, ..., max(x) is in the integer vector x, int64; or the sum of the weights of each, float64.

    At least `minlength` numbers. The length depends on the data. A call raises ValueError for negative elements.

    >>> T.bincount([0, 1, 1, 3]).eval()
    array([1, 2, 0, 1])
    >>> T.bincount([0, 1, 1], weights=[0.5, 1.0, 2.0]).eval()
    array([0.5, 3. ])
    """
    places = node_of(x)
    if places.ndim != 1:
        raise ValueError(f"object of too small depth for desired array: bincount of {shape_text(places)}, not a vector")
    if places.dtype.is_float or places.dtype.name == "uint64":
        raise DTypeError(f"bincount takes integers, not {places.dtype.name}: use astype")
    places = cast(places, INT64)
    places = require(
        places, apply(OPS["ge"], places, 0), "value", "'list' argument must have no negative elements"
    )
    least = cast(node_of(minlength), INT64)
    if least.op.name == "const" and least.value < 0:
        raise ValueError("'minlength' must not be negative")
    counts = apply(OPS["concat"], apply(OPS["add"], places, 1), shapes.dimshuffle(least, (-1,)), axis=0)
    count = apply(OPS["max"], counts, axes=(0,))
    value = const(1, INT64) if weights is None else cast(node_of(weights), FLOAT64)
    if weights is not None:
        value = shapes.specified(value, places.shape, "shape") if value.ndim == 1 else value
    return wrap(added(value, places, size_of(count)))


def added(value: Node, places: Node, count: Size) -> Node:
    """`count` sums of the values that go to each place."""
    zeros = shapes.broadcast_to(const(0, value.dtype), [count])
    return apply(OPS["scatter"], zeros, value, places, axes=(0,), at=0, mode="add")


def digitize(x: Any, bins: Any, right: bool = False) -> Variable:
    """For each element the number i of its bin: bins[i - 1] <= x < bins[i] (with `right`: < and <=) for ascending bins,
    and turned round for descending ones; int64. A call raises ValueError for bins in no order.

    >>> T.digitize([0.5, 1.0, 9.0], [0, 1, 2]).eval()
    array([1, 2, 3])
    """
    values, edges = nodes_together([x, bins])
    if edges.ndim != 1:
        raise ValueError(f"bins are a vector, not {shape_text(edges)}")
    steps = wrap(edges)
    up, down = ((steps[1:].function(name, steps[:-1])).all() for name in ("ge", "le"))
    edges = require(edges, (up | down).node, "value", "bins must be monotonically increasing or decreasing")
    count = wrap(size_node(edges.shape[0]))
    turned = wrap(edges)[::-1]
    found = apply(OPS["searchsorted"], call("where", up, wrap(edges), turned).node, values, right=not right)
    return call("where", up, wrap(found), count - wrap(found))


# Covariances


def cov(
    m: Any, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: Any = None, fweights: Any = None,
    aweights: Any = None, *, dtype: Any = None,
) -> Variable:  # fmt: skip
    """The covariances of the rows of a matrix (of its columns without `rowvar`), a row being the observations of one
    variable; y has more of them. A vector is one variable.

    The sums are divided by the number of observations less `ddof`: 1, or 0 with `bias`. fweights: how often each
    observation counts, aweights: how much.

    >>> T.cov([[1.0, 2.0, 3.0], [3.0, 1.0, 2.0]]).eval()
    array([[ 1. , -0.5],
           [-0.5,  1. ]])
    """
    rows = _variables(m, rowvar, dtype)
    if y is not None:
        more = _variables(y, rowvar, dtype)
        first, second = nodes_together([rows, more])
        rows = wrap(apply(OPS["concat"], first, second, axis=0))
    if isinstance(ddof, float) and ddof != int(ddof):
        raise ValueError("ddof must be integer")
    off = (0 if bias else 1) if ddof is None else ddof
    weights = _observation_weights(fweights, aweights)
    if weights is None:
        total: Any = rows.shape[1].astype(rows.real.dtype)
        mean, scaled, norm = rows.mean(1, keepdims=True), None, total - off
    else:
        weights = weights.astype(rows.real.dtype)
        total = weights.sum()
        mean = (rows * weights).sum(1, keepdims=True) / total
        scaled = weights
        norm = total - off if aweights is None or not off else total - _spread(weights, aweights, weights.dtype) * off / total
    centred = rows - mean
    other = (centred if scaled is None else centred * scaled).conj()
    found = centred.dot(other.T) / call("maximum", norm, 0)
    single = found.node.shape == (1, 1)
    return found.reshape(()) if single else found


def _spread(weights: Variable, aweights: Any, dtype: str) -> Variable:
    found: Variable = (weights * as_variable(aweights).astype(dtype)).sum()
    return found


def _variables(m: Any, rowvar: bool, dtype: Any) -> Variable:
    value = as_variable(m)
    if value.ndim > 2:
        raise ValueError("m has more than 2 dimensions")
    wide = "complex128" if value.node.dtype.is_complex else "float64"
    value = value.astype(wide if dtype is None else dtype)
    if value.ndim < 2:
        return wrap(shapes.pad_left(value.node, 2))
    return value if rowvar else value.T


def _observation_weights(fweights: Any, aweights: Any) -> Variable | None:
    """The product of both weights."""
    found: Variable | None = None
    for name, given in (("fweights", fweights), ("aweights", aweights)):
        if given is None:
            continue
        weights = as_variable(given)
        if weights.ndim != 1:
            raise ShapeError(f"{name} are a vector, not {shape_text(weights.node)}")
        if name == "fweights" and weights.node.dtype.is_float:
            raise TypeError("fweights must be integer")
        weights = wrap(require(weights.node, (weights >= 0).node, "value", f"{name} cannot be negative"))
        found = weights if found is None else found * weights
    return found


def corrcoef(x: Any, y: Any = None, rowvar: bool = True, *, dtype: Any = None) -> Variable:
    """The correlations of the rows of a matrix, between -1 and 1; arguments as for cov.

    >>> T.corrcoef([[1.0, 2.0, 3.0], [3.0, 1.0, 2.0]]).eval()
    array([[ 1. , -0.5],
           [-0.5,  1. ]])
    """
    found = cov(x, y, rowvar, dtype=dtype)
    if not found.ndim:
        return found / found
    at = wrap(apply(OPS["iota"], size_node(found.node.shape[0])))
    spread = call("sqrt", found[at, at].real)
    shares = found / spread.dimshuffle(0, "x") / spread.dimshuffle("x", 0)
    if not shares.node.dtype.is_complex:
        return shares.clip(-1, 1)
    return call("complex", shares.real.clip(-1, 1), shares.imag.clip(-1, 1))
