"""Functions of neural networks: activations and losses. Reached as `T.nnet` and `modc.nnet`."""

from __future__ import annotations

import math
from typing import Any

from modc.errors import DTypeError, ShapeError
from modc.graph import OPS, apply
from modc.graph.build import shape_text
from modc.tensor.arguments import axes_of, axis_of
from modc.tensor.arrays import arange
from modc.tensor.batch_norm import (
    batch_normalization,
    batch_normalization_test,
    batch_normalization_train,
)
from modc.tensor.declared import row_of
from modc.tensor.elementwise import (
    _floating,
    cast,
    exp,
    expm1,
    log,
    log1p,
    maximum,
    sigmoid,
    softplus,
    switch,
    tanh,
)  # fmt: skip
from modc.tensor.special import erfc
from modc.tensor.variable import Variable, as_variable, wrap


def _over_axes(op: str, x: Any, axis: Any) -> Variable:
    value = as_variable(x)
    if not value.ndim:
        raise ShapeError(f"{op} of a scalar: it needs an axis")
    return wrap(apply(OPS[op], value.node, axes=axes_of(axis, value.ndim)))


def softmax(x: Any, axis: Any = -1) -> Variable:
    """exp(x) / sum(exp(x)) over `axis`, the last one unless given, without overflow.

    >>> T.softmax([0.0, 0.0, 1000.0]).eval()
    array([0., 0., 1.])
    >>> T.softmax([[0.0, 1.0]], axis=0).eval()
    array([[1., 1.]])
    """
    return _over_axes("softmax", x, axis)


def log_softmax(x: Any, axis: Any = -1) -> Variable:
    """log(softmax(x)), exact where softmax underflows.

    >>> T.log_softmax([0.0, 1000.0]).eval()
    array([-1000.,     0.])
    """
    return _over_axes("log_softmax", x, axis)


logsoftmax = log_softmax


def logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Variable:
    """log(sum(exp(x))) over `axis` (None: all), without overflow.

    >>> T.logsumexp([1000.0, 1000.0]).eval(), T.logsumexp([]).eval()
    (array(1000.69314718), array(-inf))
    """
    value = as_variable(x)
    axes = axes_of(axis, value.ndim)
    found = _over_axes("logsumexp", value, axes) if axes else value
    return found.dimshuffle(_kept(value.ndim, axes)) if keepdims else found


def _kept(ndim: int, axes: tuple[int, ...]) -> list[Any]:
    rest = iter(range(ndim))
    return ["x" if axis in axes else next(rest) for axis in range(ndim)]


def relu(x: Any, alpha: Any = 0) -> Variable:
    """max(x, 0), or alpha * x below 0. The gradient at 0 is that of the positive side.

    >>> T.relu([-2.0, 3.0]).eval(), T.relu([-2.0, 3.0], alpha=0.1).eval()
    (array([0., 3.]), array([-0.2,  3. ]))
    """
    value = as_variable(x)
    if isinstance(alpha, (int, float)) and alpha == 0:
        return maximum(value, 0)
    return switch(value >= 0, value, alpha * value)


def relu6(x: Any) -> Variable:
    """x cut to 0 and 6.

    >>> T.nnet.relu6([-1.0, 3.0, 9.0]).eval()
    array([0., 3., 6.])
    """
    return _floating(x).clip(0.0, 6.0)


def leaky_relu(x: Any, alpha: Any = 0.01) -> Variable:
    """x, or alpha * x below 0.

    >>> T.nnet.leaky_relu([-1.0, 2.0]).eval()
    array([-0.01,  2.  ])
    """
    return relu(x, alpha)


def prelu(x: Any, alpha: Any) -> Variable:
    """x, or alpha * x below 0, where alpha is learned: it broadcasts against x.

    >>> T.nnet.prelu([[-1.0, -1.0], [2.0, 2.0]], [0.1, 0.5]).eval()
    array([[-0.1, -0.5],
           [ 2. ,  2. ]])
    """
    return relu(x, as_variable(alpha))


def elu(x: Any, alpha: Any = 1.0) -> Variable:
    """x, or alpha * (exp(x) - 1) below 0.

    >>> T.nnet.elu([-1.0, 0.0, 2.0]).eval()
    array([-0.63212056,  0.        ,  2.        ])
    """
    value = _floating(x)
    return switch(value > 0, value, alpha * expm1(value.clip(float("-inf"), 0.0)))


def celu(x: Any, alpha: Any = 1.0) -> Variable:
    """x, or alpha * (exp(x / alpha) - 1) below 0: `elu` with a continuous slope.

    >>> T.nnet.celu([-1.0, 0.0, 2.0], alpha=2.0).eval()
    array([-0.78693868,  0.        ,  2.        ])
    """
    value = _floating(x)
    return switch(value > 0, value, alpha * expm1(value.clip(float("-inf"), 0.0) / alpha))


def selu(x: Any) -> Variable:
    """`elu` scaled so that layers keep mean 0 and variance 1 (Klambauer and others, 2017).

    >>> T.nnet.selu([-1.0, 0.0, 1.0]).eval()
    array([-1.11133074,  0.        ,  1.05070099])
    """
    return 1.0507009873554805 * elu(x, 1.6732632423543772)


def gelu(x: Any, approximate: bool | str = False) -> Variable:
    """x times the chance of less than x under the standard normal distribution (Hendrycks and Gimpel, 2016).

    approximate: True or "tanh" for their formula with tanh.

    >>> T.nnet.gelu([-1.0, 0.0, 2.0]).eval()
    array([-0.15865525,  0.        ,  1.95449974])
    >>> T.nnet.gelu(2.0, approximate=True).eval()
    array(1.95459769)
    """
    value = _floating(x)
    if approximate in (False, "none"):
        return 0.5 * value * erfc(value * -math.sqrt(0.5))
    if approximate not in (True, "tanh"):
        raise ValueError(f"gelu: approximate is True, False, 'tanh' or 'none', not {approximate!r}")
    inner = math.sqrt(2.0 / math.pi) * (value + 0.044715 * value * value * value)
    return 0.5 * value * (1.0 + tanh(inner))


def mish(x: Any) -> Variable:
    """x * tanh(softplus(x)) (Misra, 2019).

    >>> T.nnet.mish([-1.0, 0.0, 2.0]).eval()
    array([-0.30340146,  0.        ,  1.94395896])
    """
    value = _floating(x)
    return value * tanh(softplus(value))


def hard_sigmoid(x: Any) -> Variable:
    """0.2 * x + 0.5, cut to 0 and 1.

    >>> T.nnet.hard_sigmoid([-3.0, 0.0, 1.0]).eval()
    array([0. , 0.5, 0.7])
    """
    return (as_variable(x) * 0.2 + 0.5).clip(0.0, 1.0)


ultra_fast_sigmoid = hard_sigmoid


def hard_tanh(x: Any, low: Any = -1.0, high: Any = 1.0) -> Variable:
    """x cut to `low` and `high`.

    >>> T.nnet.hard_tanh([-3.0, 0.5, 4.0]).eval()
    array([-1. ,  0.5,  1. ])
    """
    return _floating(x).clip(low, high)


def hard_swish(x: Any) -> Variable:
    """x * relu6(x + 3) / 6 (Howard and others, 2019).

    >>> T.nnet.hard_swish([-3.0, 1.0, 4.0]).eval()
    array([-0.        ,  0.66666667,  4.        ])
    """
    value = _floating(x)
    return value * relu6(value + 3.0) / 6.0


def swish(x: Any, beta: Any = 1) -> Variable:
    """`x * sigmoid(beta * x)`.

    >>> T.nnet.swish([-1.0, 0.0, 2.0]).eval()
    array([-0.26894142,  0.        ,  1.76159416])
    """
    value = _floating(x)
    return value * sigmoid(value if isinstance(beta, (int, float)) and beta == 1 else value * beta)


silu = swish


def glu(x: Any, axis: int = -1) -> Variable:
    """The first half along `axis` times the sigmoid of the second. Raises ShapeError where the size is known to be odd.

    >>> T.nnet.glu([1.0, 2.0, 0.0, 100.0]).eval()
    array([0.5, 2. ])
    """
    value = as_variable(x)
    place = axis_of(axis, value.ndim)
    size = value.node.shape[place]
    if isinstance(size, int) and size % 2:
        raise ShapeError(f"glu of {shape_text(value.node)}: axis {axis} has {size} elements, which is odd")
    half = value.shape[place] // 2
    before = (slice(None),) * place
    return value[(*before, slice(None, half))] * sigmoid(value[(*before, slice(half, None))])


def softsign(x: Any) -> Variable:
    """`x / (1 + abs(x))`.

    >>> T.nnet.softsign([-1.0, 0.0, 3.0]).eval()
    array([-0.5 ,  0.  ,  0.75])
    """
    value = as_variable(x)
    return value / (1.0 + abs(value))


def binary_crossentropy(output: Any, target: Any, from_logits: bool = False) -> Variable:
    """-(target * log(output) + (1 - target) * log(1 - output)), by element; `output` are probabilities.

    from_logits: `output` are what sigmoid makes probabilities of; then nothing overflows.

    >>> T.nnet.binary_crossentropy([0.9, 0.1], [1.0, 1.0]).eval()
    array([0.10536052, 2.30258509])
    """
    if from_logits:
        return sigmoid_binary_crossentropy(output, target)
    probability, wanted = as_variable(output), as_variable(target)
    return -(wanted * log(probability) + (1 - wanted) * log(1.0 - probability))


def sigmoid_binary_crossentropy(output: Any, target: Any) -> Variable:
    """The same of sigmoid(output), without overflow.

    >>> T.nnet.sigmoid_binary_crossentropy([0.0, -1000.0], [1.0, 1.0]).eval()
    array([6.93147181e-01, 1.00000000e+03])
    """
    value, wanted = as_variable(output), as_variable(target)
    return softplus(value) - value * wanted


def one_hot(x: Any, num_classes: Any, dtype: Any = "floatX", axis: int = -1) -> Variable:
    """1 at the class of each element of `x` along a new axis, else 0; classes out of range give zeros only.

    Raises DTypeError where `x` are no integers.

    >>> T.one_hot([1, 0, 5], 3).eval()
    array([[0., 1., 0.],
           [1., 0., 0.],
           [0., 0., 0.]])
    """
    classes = _classes(as_variable(x), "one_hot")
    place = axis_of(axis, classes.ndim + 1)
    count = arange(num_classes).dimshuffle(*("x" * place), 0, *("x" * (classes.ndim - place)))
    spread = classes.dimshuffle(*range(place), "x", *range(place, classes.ndim))
    return cast(spread.equals(count), dtype)


def to_one_hot(y: Any, nb_class: Any, dtype: Any = None) -> Variable:
    """A matrix with a row per element of the vector `y`: 1 at its class, else 0. Theano's name; `dtype` None is floatX.

    >>> T.to_one_hot([1, 0], 3).eval()
    array([[0., 1., 0.],
           [1., 0., 0.]])
    """
    classes = _classes(as_variable(y), "to_one_hot")
    if classes.ndim != 1:
        raise ShapeError(f"to_one_hot of {shape_text(classes.node)}: it takes a vector")
    return one_hot(classes, nb_class, row_of("floatX" if dtype is None else dtype))


def _classes(value: Variable, what: str) -> Variable:
    if not value.node.dtype.is_integer:
        raise DTypeError(f"{what}: classes are integers, not {value.dtype}")
    return value


def confusion_matrix(actual: Any, pred: Any) -> list[Variable]:
    """Theano's: [counts of (actual, predicted) class pairs, the classes], for classes 0 to the largest one.

    >>> [one.eval() for one in T.nnet.confusion_matrix([0, 1, 1], [0, 1, 0])]
    [array([[1, 0],
           [1, 1]]), array([0, 1])]
    """
    first, second = _classes(as_variable(actual), "confusion_matrix"), _classes(as_variable(pred), "confusion_matrix")
    order = arange(maximum(first.max(), second.max()).astype("int64") + 1)
    left, right = first.dimshuffle(0, "x").equals(order), second.dimshuffle(0, "x").equals(order)
    return [left.astype("int64").T.dot(right.astype("int64")), order]


def _picked(rows: Variable, classes: Variable, what: str) -> Variable:
    """Per row the element of its class."""
    if classes.ndim != rows.ndim - 1:
        raise ShapeError(
            f"{what} of {shape_text(rows.node)} and {shape_text(classes.node)}: a matrix goes with a vector of classes"
        )
    if not classes.node.dtype.is_integer:
        raise DTypeError(f"{what}: classes are integers, not {classes.dtype}")
    if classes.dtype.startswith("int"):  # a class is no position: -1 is out of range, not the last one
        classes = switch(classes < 0, classes - rows.shape[-1], classes)
    if rows.ndim == 1:
        return rows[classes]
    if rows.ndim == 2:
        return rows[arange(rows.shape[0]), classes]
    flat = rows.reshape((-1, rows.shape[-1]), ndim=2)
    return flat[arange(flat.shape[0]), classes.flatten()].reshape(classes.shape, ndim=classes.ndim)


def categorical_crossentropy(
    coding_dist: Any, true_dist: Any, axis: int = -1, from_logits: bool = False
) -> Variable:
    """-sum(true * log(coding)) over `axis`.

    coding_dist: distributions along `axis`; true_dist: distributions likewise, or integer classes with one axis less,
    which count from 0: others are an IndexError at the call. from_logits: coding_dist is what softmax makes
    distributions of. Of softmax(x), too, it is computed from x, without underflow.

    >>> T.nnet.categorical_crossentropy([[0.9, 0.1], [0.5, 0.5]], [0, 1]).eval()
    array([0.10536052, 0.69314718])
    """
    coding, true = as_variable(coding_dist), as_variable(true_dist)
    place = axis_of(axis, coding.ndim)
    logs = log_softmax(coding, place) if from_logits else _log_of(coding)
    if true.ndim == coding.ndim:
        return -(true * logs).sum(axis=place)
    last = [at for at in range(coding.ndim) if at != place] + [place]
    return -_picked(logs if place == coding.ndim - 1 else logs.dimshuffle(*last), true, "categorical_crossentropy")


def _log_of(coding: Variable) -> Variable:
    node = coding.node
    if node.op is OPS["softmax"]:
        return wrap(apply(OPS["log_softmax"], node.args[0], axes=node.attrs[0]))
    return log(coding)


def softmax_cross_entropy(x: Any, target: Any) -> Variable:
    """Per row the cross-entropy of softmax(x): `target` is an integer vector of classes or rows of probabilities.

    >>> T.nnet.softmax_cross_entropy([[0.0, 0.0], [0.0, 1000.0]], [1, 0]).eval()
    array([6.93147181e-01, 1.00000000e+03])
    """
    return categorical_crossentropy(softmax(x), target)


def crossentropy_softmax_1hot(x: Any, y_idx: Any) -> tuple[Variable, Variable]:
    """(-log(softmax(x))[class] per row, softmax(x)).

    >>> [one.eval() for one in T.nnet.crossentropy_softmax_1hot([[0.0, 1.0]], [1])]
    [array([0.31326169]), array([[0.26894142, 0.73105858]])]
    """
    soft = softmax(x)
    return categorical_crossentropy(soft, y_idx), soft


def crossentropy_softmax_1hot_with_bias(x: Any, b: Any, y_idx: Any) -> tuple[Variable, Variable]:
    """As crossentropy_softmax_1hot, of x + b.

    >>> [one.eval() for one in T.nnet.crossentropy_softmax_1hot_with_bias([[0.0, 0.0]], [0.0, 1.0], [1])]
    [array([0.31326169]), array([[0.26894142, 0.73105858]])]
    """
    return crossentropy_softmax_1hot(as_variable(x) + b, y_idx)


def crossentropy_softmax_max_and_argmax_1hot(
    x: Any, y_idx: Any
) -> tuple[Variable, Variable, Variable, Variable]:
    """(cross-entropy per row, softmax(x), its largest element per row, the position of that).

    >>> [one.eval() for one in T.nnet.crossentropy_softmax_max_and_argmax_1hot([[0.0, 1.0]], [0])]
    [array([1.31326169]), array([[0.26894142, 0.73105858]]), array([0.73105858]), array([1])]
    """
    loss, soft = crossentropy_softmax_1hot(x, y_idx)
    return loss, soft, soft.max(axis=-1), as_variable(x).argmax(axis=-1)


def crossentropy_softmax_max_and_argmax_1hot_with_bias(
    x: Any, b: Any, y_idx: Any
) -> tuple[Variable, Variable, Variable, Variable]:
    """As crossentropy_softmax_max_and_argmax_1hot, of x + b.

    >>> T.nnet.crossentropy_softmax_max_and_argmax_1hot_with_bias([[0.0, 0.0]], [0.0, 1.0], [0])[3].eval()
    array([1])
    """
    return crossentropy_softmax_max_and_argmax_1hot(as_variable(x) + b, y_idx)


def crossentropy_categorical_1hot(coding_dist: Any, true_one_of_n: Any) -> Variable:
    """-log(coding)[class] per row.

    >>> T.nnet.crossentropy_categorical_1hot([[0.9, 0.1], [0.5, 0.5]], [0, 1]).eval()
    array([0.10536052, 0.69314718])
    """
    return categorical_crossentropy(coding_dist, true_one_of_n)


__all__ = [
    "batch_normalization",
    "batch_normalization_test",
    "batch_normalization_train",
    "binary_crossentropy",
    "categorical_crossentropy",
    "celu",
    "confusion_matrix",
    "crossentropy_categorical_1hot",
    "crossentropy_softmax_1hot",
    "crossentropy_softmax_1hot_with_bias",
    "crossentropy_softmax_max_and_argmax_1hot",
    "crossentropy_softmax_max_and_argmax_1hot_with_bias",
    "elu",
    "exp",
    "gelu",
    "glu",
    "hard_sigmoid",
    "hard_swish",
    "hard_tanh",
    "leaky_relu",
    "log1p",
    "log_softmax",
    "logsoftmax",
    "logsumexp",
    "mish",
    "one_hot",
    "prelu",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "sigmoid_binary_crossentropy",
    "silu",
    "softmax",
    "softmax_cross_entropy",
    "softplus",
    "softsign",
    "swish",
    "tanh",
    "to_one_hot",
    "ultra_fast_sigmoid",
]
