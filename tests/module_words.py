"""The words of random programs with their two meanings: `modc.tensor`, and NumPy as its documents have it."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special

import modc.tensor as T

Words = dict[str, Any]


def symbolic_words() -> Words:
    """T and the helpers of random programs, for Variables."""

    def put(x: Any, items: Any, value: Any) -> Any:
        return T.set_subtensor(x[items], value)

    def inc(x: Any, items: Any, value: Any) -> Any:
        return T.inc_subtensor(x[items], value)

    def position(x: Any, size: Any) -> Any:
        """Positions below `size`, some negative, of any integers."""
        return T.mod(T.cast(x, "int64"), size) - size // 2

    return {"T": T, "np": np, "put": put, "inc": inc, "position": position}


class NumPyWords:
    """What `T` means for arrays."""

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    def cast(self, x: Any, dtype: str) -> Any:
        return np.asarray(x).astype(dtype)

    def switch(self, test: Any, yes: Any, no: Any) -> Any:
        return np.where(test, yes, no)

    def sqr(self, x: Any) -> Any:
        return x * x

    def round(self, x: Any) -> Any:
        return np.rint(x) if np.asarray(x).dtype.kind == "f" else x

    def eq(self, a: Any, b: Any) -> Any:
        return np.equal(a, b)

    def neq(self, a: Any, b: Any) -> Any:
        return np.not_equal(a, b)

    def erf(self, x: Any) -> Any:
        return scipy.special.erf(x)

    def sigmoid(self, x: Any) -> Any:
        return scipy.special.expit(x)

    def softplus(self, x: Any) -> Any:
        return np.logaddexp(np.asarray(0, np.asarray(x).dtype), x)

    def softmax(self, x: Any, axis: int = -1) -> Any:
        return scipy.special.softmax(x, axis=axis)

    def log_softmax(self, x: Any, axis: int = -1) -> Any:
        return scipy.special.log_softmax(x, axis=axis)

    def logsumexp(self, x: Any, axis: Any = None, keepdims: bool = False) -> Any:
        return np.asarray(scipy.special.logsumexp(x, axis=axis, keepdims=keepdims))

    def dimshuffle(self, x: Any, *pattern: Any) -> Any:
        moved = x.transpose([axis for axis in pattern if axis != "x"])
        return moved[tuple(None if axis == "x" else slice(None) for axis in pattern)]

    def relu(self, x: Any) -> Any:
        return np.where(x > 0, x, np.asarray(0, x.dtype)) if np.asarray(x).dtype.kind != "f" else np.where(x < 0, np.asarray(0, x.dtype), x)

    def mean(self, x: Any, axis: Any = None, keepdims: bool = False) -> Any:
        return np.asarray(np.sum(x, axis=axis, keepdims=keepdims, dtype=None if x.dtype.kind == "f" else "float64")) / mean_type(x)(
            x.size if axis is None else np.prod([x.shape[at] for at in np.atleast_1d(axis)])
        )


def mean_type(x: Any) -> Any:
    """The dtype of a mean."""
    return x.dtype.type if x.dtype.kind == "f" else np.float64


def numpy_words() -> Words:
    """The same words for arrays."""

    def put(x: Any, items: Any, value: Any) -> Any:
        result = np.array(x)
        result[items] = value
        return result

    def inc(x: Any, items: Any, value: Any) -> Any:
        result = np.array(x)
        np.add.at(result, items, np.broadcast_to(value, result[items].shape))  # NumPy 2.4 does it wrongly itself
        return result

    def position(x: Any, size: Any) -> Any:
        size = np.int64(size)
        return np.asarray(np.mod(np.asarray(x).astype("int64"), size) - size // 2)

    return {"T": NumPyWords(), "np": np, "put": put, "inc": inc, "position": position}
