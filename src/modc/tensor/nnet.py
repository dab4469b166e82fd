"""Functions of neural networks: activations and losses. Reached as `T.nnet` and `modc.nnet`."""

from __future__ import annotations

from typing import Any

from modc.errors import DTypeError, ShapeError
from modc.graph import OPS, apply
from modc.graph.build import shape_text
from modc.tensor.arguments import axes_of
from modc.tensor.arrays import arange
from modc.tensor.elementwise import exp, expm1, log, log1p, maximum, sigmoid, softplus, switch, tanh
from modc.tensor.variable import Variable, as_variable, wrap


def _over_axes(op: str, x: Any, axis: Any) -> Variable:
    value = as_variable(x)
    if not value.ndim:
        raise ShapeError(f"{op} of a scalar: it needs an axis")
    return wrap(apply(OPS[op], value.node, axes=axes_of(axis, value.ndim)))


def softmax(x: Any, axis: Any = -1) -> Variable:
    """exp(x) / sum(exp(x)) over `axis`, the last one unless given, without overflow."""
    return _over_axes("softmax", x, axis)


def log_softmax(x: Any, axis: Any = -1) -> Variable:
    """log(softmax(x)), exact where softmax underflows."""
    return _over_axes("log_softmax", x, axis)


logsoftmax = log_softmax


def logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Variable:
    """log(sum(exp(x))) over `axis` (None: all), without overflow."""
    value = as_variable(x)
    axes = axes_of(axis, value.ndim)
    found = _over_axes("logsumexp", value, axes) if axes else value
    return found.dimshuffle(_kept(value.ndim, axes)) if keepdims else found


def _kept(ndim: int, axes: tuple[int, ...]) -> list[Any]:
    rest = iter(range(ndim))
    return ["x" if axis in axes else next(rest) for axis in range(ndim)]


def relu(x: Any, alpha: Any = 0) -> Variable:
    """max(x, 0), or alpha * x below 0. The gradient at 0 is that of the positive side."""
    value = as_variable(x)
    if isinstance(alpha, (int, float)) and alpha == 0:
        return maximum(value, 0)
    return switch(value >= 0, value, alpha * value)


def elu(x: Any, alpha: float = 1.0) -> Variable:
    """x, or alpha * (exp(x) - 1) below 0."""
    value = as_variable(x)
    if not value.node.dtype.is_float:
        value = value.astype("float64")
    return switch(value > 0, value, alpha * expm1(value.clip(float("-inf"), 0.0)))


def hard_sigmoid(x: Any) -> Variable:
    """0.2 * x + 0.5, cut to 0 and 1."""
    return (as_variable(x) * 0.2 + 0.5).clip(0.0, 1.0)


ultra_fast_sigmoid = hard_sigmoid


def swish(x: Any) -> Variable:
    """`x * sigmoid(x)`."""
    value = as_variable(x)
    return value * sigmoid(value)


silu = swish


def softsign(x: Any) -> Variable:
    """`x / (1 + abs(x))`."""
    value = as_variable(x)
    return value / (1.0 + abs(value))


def binary_crossentropy(output: Any, target: Any) -> Variable:
    """-(target * log(output) + (1 - target) * log(1 - output)), by element; `output` are probabilities."""
    probability, wanted = as_variable(output), as_variable(target)
    return -(wanted * log(probability) + (1 - wanted) * log(1.0 - probability))


def sigmoid_binary_crossentropy(output: Any, target: Any) -> Variable:
    """The same of sigmoid(output), without overflow."""
    value, wanted = as_variable(output), as_variable(target)
    return softplus(value) - value * wanted


def _picked(rows: Variable, classes: Variable, what: str) -> Variable:
    """Per row the element of its class."""
    if classes.ndim != rows.ndim - 1 or rows.ndim not in (1, 2):
        raise ShapeError(
            f"{what} of {shape_text(rows.node)} and {shape_text(classes.node)}: a matrix goes with a vector of classes"
        )
    if not classes.node.dtype.is_integer:
        raise DTypeError(f"{what}: classes are integers, not {classes.dtype}")
    if classes.dtype.startswith("int"):  # a class is no position: -1 is out of range, not the last one
        classes = switch(classes < 0, classes - rows.shape[-1], classes)
    return rows[arange(rows.shape[0]), classes] if rows.ndim == 2 else rows[classes]


def categorical_crossentropy(coding_dist: Any, true_dist: Any) -> Variable:
    """-sum(true * log(coding)) per row.

    coding_dist: matrix, each row a distribution; true_dist: a matrix likewise, or an integer vector of classes,
    which count from 0: others are an IndexError at the call.
    Of softmax(x) it is computed from x, without underflow.
    """
    coding, true = as_variable(coding_dist), as_variable(true_dist)
    logs = _log_of(coding)
    if true.ndim == coding.ndim:
        return -(true * logs).sum(axis=-1)
    return -_picked(logs, true, "categorical_crossentropy")


def _log_of(coding: Variable) -> Variable:
    node = coding.node
    if node.op is OPS["softmax"]:
        return wrap(apply(OPS["log_softmax"], node.args[0], axes=node.attrs[0]))
    return log(coding)


def softmax_cross_entropy(x: Any, target: Any) -> Variable:
    """Per row the cross-entropy of softmax(x): `target` is an integer vector of classes or rows of probabilities."""
    return categorical_crossentropy(softmax(x), target)


def crossentropy_softmax_1hot(x: Any, y_idx: Any) -> tuple[Variable, Variable]:
    """(-log(softmax(x))[class] per row, softmax(x))."""
    soft = softmax(x)
    return categorical_crossentropy(soft, y_idx), soft


def crossentropy_softmax_1hot_with_bias(x: Any, b: Any, y_idx: Any) -> tuple[Variable, Variable]:
    """As crossentropy_softmax_1hot, of x + b."""
    return crossentropy_softmax_1hot(as_variable(x) + b, y_idx)


def crossentropy_softmax_max_and_argmax_1hot(
    x: Any, y_idx: Any
) -> tuple[Variable, Variable, Variable, Variable]:
    """(cross-entropy per row, softmax(x), its largest element per row, the position of that)."""
    loss, soft = crossentropy_softmax_1hot(x, y_idx)
    return loss, soft, soft.max(axis=-1), as_variable(x).argmax(axis=-1)


def crossentropy_softmax_max_and_argmax_1hot_with_bias(
    x: Any, b: Any, y_idx: Any
) -> tuple[Variable, Variable, Variable, Variable]:
    """As crossentropy_softmax_max_and_argmax_1hot, of x + b."""
    return crossentropy_softmax_max_and_argmax_1hot(as_variable(x) + b, y_idx)


def crossentropy_categorical_1hot(coding_dist: Any, true_one_of_n: Any) -> Variable:
    """-log(coding)[class] per row."""
    return categorical_crossentropy(coding_dist, true_one_of_n)


__all__ = [
    "binary_crossentropy",
    "categorical_crossentropy",
    "crossentropy_categorical_1hot",
    "crossentropy_softmax_1hot",
    "crossentropy_softmax_1hot_with_bias",
    "crossentropy_softmax_max_and_argmax_1hot",
    "crossentropy_softmax_max_and_argmax_1hot_with_bias",
    "elu",
    "exp",
    "hard_sigmoid",
    "log1p",
    "log_softmax",
    "logsoftmax",
    "logsumexp",
    "relu",
    "sigmoid",
    "sigmoid_binary_crossentropy",
    "silu",
    "softmax",
    "softmax_cross_entropy",
    "softplus",
    "softsign",
    "swish",
    "tanh",
    "ultra_fast_sigmoid",
]
