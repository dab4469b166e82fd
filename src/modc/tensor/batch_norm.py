"""Batch normalisation by Theano's names: S. Ioffe and C. Szegedy, "Batch normalization" (2015).

Parameters and statistics have one element where the axes are normalised over: as many dimensions as the inputs, or only the
others. Neighbours: `nnet` gives these to the language; they are sums and products that fuse with what is around them.
"""

from __future__ import annotations

from typing import Any

from modc.errors import ShapeError
from modc.graph import size_node
from modc.graph.sizes import size_product
from modc.tensor.arguments import axes_of
from modc.tensor.variable import Variable, as_variable, wrap

__all__ = [
    "batch_normalization", "batch_normalization_test", "batch_normalization_train",
]  # fmt: skip


def batch_normalization(inputs: Any, gamma: Any, beta: Any, mean: Any, std: Any, mode: str = "low_mem") -> Variable:
    """(inputs - mean) * (gamma / std) + beta, with parameters that broadcast against the inputs.

    mode: "low_mem" or "high_mem", for Theano's callers; both are the same here.

    >>> batch_normalization([1.0, 3.0], 2.0, 1.0, 2.0, 1.0).eval()
    array([-1.,  3.])
    """
    if mode not in ("low_mem", "high_mem"):
        raise ValueError(f'mode must be either "low_mem" or "high_mem", not {mode!r}')
    found: Variable = (as_variable(inputs) - mean) * (as_variable(gamma) / std) + beta
    return found


def batch_normalization_train(
    inputs: Any, gamma: Any, beta: Any, axes: Any = "per-activation", epsilon: float = 1e-4,
    running_average_factor: float = 0.1, running_mean: Any = None, running_var: Any = None,
) -> tuple[Variable, ...]:  # fmt: skip
    """The inputs normalised by their own mean and variance over `axes`, scaled by gamma and shifted by beta; the mean; and
    1 / sqrt(variance + epsilon). With running_mean and running_var also what they become.

    axes: "per-activation" (the first one), "spatial" (all but the second), or a tuple. Raises ValueError where only one of
    running_mean and running_var is given.

    >>> batch_normalization_train([[0.0], [2.0]], [1.0], [0.0], epsilon=0.0)[0].eval()
    array([[-1.],
           [ 1.]])
    """
    value = as_variable(inputs)
    over = _axes(axes, value.ndim)
    scale, shift = (_wide(one, value, over) for one in (gamma, beta))
    mean = value.mean(over, keepdims=True)
    centred = value - mean
    spread = (centred * centred).mean(over, keepdims=True)
    invstd = 1.0 / (spread + epsilon).function("sqrt")
    found = centred * (scale * invstd) + shift
    if (running_mean is None) != (running_var is None):
        raise ValueError("running_mean and running_var must either both be given or not at all")
    if running_mean is None:
        return found, mean, invstd
    count = wrap(size_node(size_product([value.node.shape[at] for at in over]))).astype(value.dtype)
    unbiased = spread * (count / (count - 1))
    kept = []
    for old, new in ((running_mean, mean), (running_var, unbiased)):
        before = _wide(old, value, over)
        after = before * (1.0 - running_average_factor) + new * running_average_factor
        own = as_variable(old)
        kept.append(after if own.ndim == value.ndim else after.dimshuffle(*(at for at in range(value.ndim) if at not in over)))
    return found, mean, invstd, *kept


def batch_normalization_test(
    inputs: Any, gamma: Any, beta: Any, mean: Any, var: Any, axes: Any = "per-activation", epsilon: float = 1e-4
) -> Variable:
    """The inputs normalised by a given mean and variance; arguments as for batch_normalization_train.

    >>> batch_normalization_test([[0.0], [2.0]], [1.0], [0.0], [1.0], [1.0], epsilon=0.0).eval()
    array([[-1.],
           [ 1.]])
    """
    value = as_variable(inputs)
    over = _axes(axes, value.ndim)
    scale, shift, middle, spread = (_wide(one, value, over) for one in (gamma, beta, mean, var))
    found: Variable = (value - middle) * (scale / (spread + epsilon).function("sqrt")) + shift
    return found


def _axes(axes: Any, ndim: int) -> tuple[int, ...]:
    if axes == "per-activation":
        return (0,)
    if axes == "spatial":
        return (0, *range(2, ndim))
    if isinstance(axes, str) or not axes:
        raise ValueError(f"invalid axes: {axes!r}; they are 'per-activation', 'spatial' or some axes")
    return axes_of(axes, ndim)


def _wide(given: Any, value: Variable, over: tuple[int, ...]) -> Variable:
    """A parameter with one element along the axes normalised over."""
    found = as_variable(given)
    if found.ndim == value.ndim:
        return found
    rest = [at for at in range(value.ndim) if at not in over]
    if found.ndim != len(rest):
        raise ShapeError(f"a parameter has {value.ndim} dimensions as the inputs, or {len(rest)} as they have besides axes {over}, not {found.ndim}")
    places = iter(range(found.ndim))
    return found.dimshuffle(*("x" if at in over else next(places) for at in range(value.ndim)))
