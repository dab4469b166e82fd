"""Discrete Fourier transforms: `numpy.fft`, of any length, along any axes, with gradients.

Takes and gives Variables. float32 and complex64 are transformed in single precision, everything else in double, as in
NumPy. `norm` says which direction divides by the number of points n: "backward" (default) the inverse, "forward" the other,
"ortho" both by sqrt(n). Neighbours: `modc.graph.ops_fft` has the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from modc.errors import DTypeError
from modc.graph import OPS, Node, Size, apply, size_node
from modc.graph.build import shape_text
from modc.graph.ops_fft import half_length
from modc.graph.sizes import size_max, size_mul, size_sub
from modc.tensor import shapes
from modc.tensor.arguments import Expression, axis_of, node_of, size_argument
from modc.tensor.arrays import arange
from modc.tensor.joining import roll
from modc.tensor.variable import Variable, as_variable, wrap

__all__ = [
    "fft", "fft2", "fftfreq", "fftn", "fftshift", "hfft", "ifft", "ifft2", "ifftn", "ifftshift", "ihfft", "irfft", "irfft2",
    "irfftn", "rfft", "rfft2", "rfftfreq", "rfftn",
]  # fmt: skip

_NORMS = {None: (0, 1), "backward": (0, 1), "ortho": (2, 2), "forward": (1, 0)}


def _norm(norm: Any, back: bool) -> int:
    """The number that stands for a factor. Raises ValueError for another norm."""
    if norm not in _NORMS:
        raise ValueError(f'Invalid norm value {norm}; should be "backward", "ortho" or "forward".')
    return _NORMS[norm][back]


def _points(node: Node, n: Any, axis: Any, default: Callable[[Size], Size]) -> tuple[Node, Node, int]:
    """The operand, which asks at the call for at least one point, their number, and the axis counted from the front."""
    place = axis_of(axis, node.ndim)
    count = size_argument(n) if n is not None else default(node.shape[place])
    if isinstance(count, int) and count < 1:
        raise ValueError(f"Invalid number of FFT data points ({count}) specified.")
    if not isinstance(count, int):
        ok = apply(OPS["gt"], size_node(count), size_node(0))
        node = shapes.required(node, ok, "value", "Invalid number of FFT data points: there must be at least one")
        count = size_max(count, 0)
    return node, size_node(count), place


def _all(size: Size) -> Size:
    return size


def _from_half(size: Size) -> Size:
    return size_mul(size_sub(size, 1), 2)


def _complex(x: Any, n: Any, axis: Any, norm: Any, back: bool) -> Variable:
    node, count, place = _points(node_of(x), n, axis, _all)
    factor = _norm(norm, back)
    if node.dtype.is_complex:
        return wrap(apply(OPS["fft"], node, count, axis=place, back=int(back), norm=factor))
    return wrap(apply(OPS["rfft"], node, count, axis=place, back=int(back), norm=factor, whole=1))


def _real(x: Any, n: Any, axis: Any, name: str, factor: int, back: bool) -> Variable:
    given = node_of(x)
    if given.dtype.is_complex:
        raise DTypeError(f"{name} of {shape_text(given)}: it takes real numbers")
    node, count, place = _points(given, n, axis, _all)
    return wrap(apply(OPS["rfft"], node, count, axis=place, back=int(back), norm=factor, whole=0))


def _hermitian(x: Any, n: Any, axis: Any, factor: int, back: bool) -> Variable:
    node, count, place = _points(node_of(x), n, axis, _from_half)
    return wrap(apply(OPS["irfft"], node, count, axis=place, back=int(back), norm=factor))


# Along one axis


def fft(a: Any, n: Any = None, axis: int = -1, norm: str | None = None) -> Variable:
    """The transform along `axis`: element k is the sum of a[j] * exp(-2 pi i j k / n).

    n      the number of points, may be symbolic: a is cut there or filled with zeros; default its size
    norm   "backward": no factor; "ortho": 1 / sqrt(n); "forward": 1 / n

    Raises ValueError for n < 1, at the call where it is not known before, for an unknown axis or norm.

    >>> T.fft.fft([1.0, 2.0, 3.0, 4.0]).eval()
    array([10.+0.j, -2.+2.j, -2.+0.j, -2.-2.j])
    """
    return _complex(a, n, axis, norm, False)


def ifft(a: Any, n: Any = None, axis: int = -1, norm: str | None = None) -> Variable:
    """The inverse of `fft`: element j is the sum of a[k] * exp(2 pi i j k / n), over n.

    >>> T.fft.ifft([0.0, 4.0, 0.0, 0.0]).eval() + 0
    array([ 1.+0.j,  0.+1.j, -1.+0.j,  0.-1.j])
    """
    return _complex(a, n, axis, norm, True)


def rfft(a: Any, n: Any = None, axis: int = -1, norm: str | None = None) -> Variable:
    """The elements 0, 1, ... n // 2 of the transform of real numbers: the others are their conjugates.

    Raises DTypeError (a TypeError) for complex numbers; else as `fft`.

    >>> T.fft.rfft([1.0, 2.0, 3.0, 4.0]).eval()
    array([10.+0.j, -2.+2.j, -2.+0.j])
    """
    return _real(a, n, axis, "rfft", _norm(norm, False), False)


def irfft(a: Any, n: Any = None, axis: int = -1, norm: str | None = None) -> Variable:
    """The inverse of `rfft`: n real numbers, by default 2 (m - 1) from m elements. Give an odd n.

    The imaginary parts of the first element, and of the last one where n is even, do not count.

    >>> T.fft.irfft([10.0, -2 + 2j, -2.0]).eval()
    array([1., 2., 3., 4.])
    """
    return _hermitian(a, n, axis, _norm(norm, True), True)


def hfft(a: Any, n: Any = None, axis: int = -1, norm: str | None = None) -> Variable:
    """The real transform of what is Hermitian (a[-k] is the conjugate of a[k]), from its elements 0, 1, ... n // 2.

    >>> T.fft.hfft([1.0, 2.0, 1.0]).eval()
    array([ 6.,  0., -2.,  0.])
    """
    return _hermitian(a, n, axis, _norm(norm, False), False)


def ihfft(a: Any, n: Any = None, axis: int = -1, norm: str | None = None) -> Variable:
    """The inverse of `hfft`: the elements 0, 1, ... n // 2. Raises DTypeError for complex numbers.

    >>> T.fft.ihfft([6.0, 0.0, -2.0, 0.0]).eval().real
    array([1., 2., 1.])
    """
    return _real(a, n, axis, "ihfft", _norm(norm, True), True)


# Along several axes


def _plan(a: Any, s: Any, axes: Any) -> tuple[Variable, list[tuple[Any, Any]]]:
    """The operand, and pairs of a number of points and an axis. Raises ValueError where s and axes do not match."""
    x = as_variable(a)
    if s is None:
        places = list(range(-x.ndim, 0) if axes is None else axes)
        sizes: list[Any] = [-1] * len(places)
    else:
        sizes = list(shapes.sizes_argument(s) if isinstance(s, Expression) else s)
        places = list(range(-len(sizes), 0) if axes is None else axes)
    if len(sizes) != len(places):
        raise ValueError("Shape and axes have different lengths.")
    own = [wrap(size_node(x.node.shape[axis_of(axis, x.ndim)])) for axis in places]
    return x, [
        (mine if isinstance(size, int) and size == -1 else wrap(size) if isinstance(size, Node) else size, axis)
        for size, mine, axis in zip(sizes, own, places, strict=True)
    ]


def _each(x: Variable, plan: Sequence[tuple[Any, Any]], norm: Any, back: bool) -> Variable:
    for n, axis in plan:
        x = _complex(x, n, axis, norm, back)
    return x


def fftn(a: Any, s: Any = None, axes: Any = None, norm: str | None = None) -> Variable:
    """The transform along several axes: all of them, or `axes`; s: the number of points along each (-1: the size).

    Raises ValueError where s and axes have different lengths; else as `fft`.

    >>> T.fft.fftn([[1.0, 2.0], [3.0, 4.0]]).eval().real
    array([[10., -2.],
           [-4.,  0.]])
    """
    x, plan = _plan(a, s, axes)
    return _each(x, plan[::-1], norm, False)


def ifftn(a: Any, s: Any = None, axes: Any = None, norm: str | None = None) -> Variable:
    """The inverse of `fftn`.

    >>> T.fft.ifftn(T.fft.fftn([[1.0, 2.0], [3.0, 4.0]])).eval().real
    array([[1., 2.],
           [3., 4.]])
    """
    x, plan = _plan(a, s, axes)
    return _each(x, plan[::-1], norm, True)


def rfftn(a: Any, s: Any = None, axes: Any = None, norm: str | None = None) -> Variable:
    """The transform of real numbers along several axes, of which the last has elements 0, 1, ... n // 2 alone.

    >>> T.fft.rfftn(np.ones((2, 4)), axes=(0, 1)).eval().shape
    (2, 3)
    """
    x, plan = _plan(a, s, axes)
    if not plan:
        raise IndexError("rfftn needs at least one axis")
    n, axis = plan[-1]
    return _each(_real(x, n, axis, "rfftn", _norm(norm, False), False), plan[-2::-1] if len(plan) > 1 else (), norm, False)


def irfftn(a: Any, s: Any = None, axes: Any = None, norm: str | None = None) -> Variable:
    """The inverse of `rfftn`; the last axis gets 2 (m - 1) points where `s` does not say how many.

    >>> T.fft.irfftn(T.fft.rfftn([[1.0, 2.0], [3.0, 4.0]])).eval()
    array([[1., 2.],
           [3., 4.]])
    """
    x, plan = _plan(a, s, axes)
    if not plan:
        raise IndexError("irfftn needs at least one axis")
    n, axis = plan[-1]
    return irfft(_each(x, plan[:-1], norm, True), None if s is None else n, axis, norm)


def fft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: str | None = None) -> Variable:
    """`fftn` along two axes.

    >>> T.fft.fft2([[1.0, 2.0], [3.0, 4.0]]).eval().real
    array([[10., -2.],
           [-4.,  0.]])
    """
    return fftn(a, s, axes, norm)


def ifft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: str | None = None) -> Variable:
    """The inverse of `fft2`.

    >>> T.fft.ifft2([[10.0, -2.0], [-4.0, 0.0]]).eval().real
    array([[1., 2.],
           [3., 4.]])
    """
    return ifftn(a, s, axes, norm)


def rfft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: str | None = None) -> Variable:
    """`rfftn` along two axes.

    >>> T.fft.rfft2([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]).eval().shape
    (2, 2)
    """
    return rfftn(a, s, axes, norm)


def irfft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: str | None = None) -> Variable:
    """The inverse of `rfft2`.

    >>> T.fft.irfft2([[10.0, -2.0], [-4.0, 0.0]]).eval()
    array([[1., 2.],
           [3., 4.]])
    """
    return irfftn(a, s, axes, norm)


# Frequencies


def fftfreq(n: Any, d: Any = 1.0) -> Variable:
    """The frequency of each element of a transform of n points at distances d: 0, 1, ... then the negative ones, over n d.

    >>> T.fft.fftfreq(4, 0.5).eval()
    array([ 0. ,  0.5, -1. , -0.5])
    """
    count = size_argument(n)
    places = arange(wrap(size_node(count)))
    total = wrap(size_node(count))
    signed = (places * 2 < total).where(places, places - total)
    return signed * (1.0 / (total * as_variable(d)))


def rfftfreq(n: Any, d: Any = 1.0) -> Variable:
    """The frequency of each element of `rfft` of n points at distances d: 0, 1, ... n // 2, over n d.

    >>> T.fft.rfftfreq(4, 0.5).eval()
    array([0. , 0.5, 1. ])
    """
    count = size_argument(n)
    places = arange(wrap(size_node(half_length(count))))
    return places * (1.0 / (wrap(size_node(count)) * as_variable(d)))


def _rolled(x: Any, axes: Any, up: bool) -> Variable:
    found = as_variable(x)
    places = range(found.ndim) if axes is None else [axes] if hasattr(axes, "__index__") else axes
    for axis in places:
        place = axis_of(axis, found.ndim)
        half = wrap(size_node(found.node.shape[place])) // 2
        found = roll(found, half if up else -half, place)
    return found


def fftshift(x: Any, axes: Any = None) -> Variable:
    """Elements moved by half of each axis (or of `axes`), so that frequency 0 is in the middle.

    >>> T.fft.fftshift([0, 1, 2, -2, -1]).eval()
    array([-2, -1,  0,  1,  2])
    """
    return _rolled(x, axes, True)


def ifftshift(x: Any, axes: Any = None) -> Variable:
    """The inverse of `fftshift`.

    >>> T.fft.ifftshift(T.fft.fftshift([0, 1, 2])).eval()
    array([0, 1, 2])
    """
    return _rolled(x, axes, False)
