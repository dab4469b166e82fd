"""The table of discrete Fourier transforms along one axis, of which those along several are compositions.

The second operand is the length n to which lines are cut or filled with zeros. `back` is the sign of the exponent; `norm`
the factor: 0 none, 1 1 / n, 2 1 / sqrt(n). Neighbours: csrc/modc_fft.h, of which `words` knows how much scratch it uses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isqrt
from typing import Any

import numpy as np

from modc.graph import rules
from modc.graph.build import size_of
from modc.graph.dtype import INT64, DType
from modc.graph.node import Node, Size
from modc.graph.op import Op, table
from modc.graph.ops_call import around
from modc.graph.sizes import size_add, size_floordiv, size_min, size_mul

Array = np.ndarray[Any, Any]

#: MODC_FFT_DIRECT, MODC_FFT_SHORT, MODC_FFT_COLUMNS, MODC_FFT_LINES and MODC_FFT_HALF of the header.
DIRECT, SHORT, COLUMNS, LINES, HALF = 31, 16, 8192, 2048, 256

# NumPy: `norm` names the direction that has the factor

_FORWARD: tuple[Any, ...] = ("backward", "forward", "ortho")
_BACKWARD: tuple[Any, ...] = ("forward", "backward", "ortho")


def _fft(x: Array, n: Any, axis: int, back: int, norm: int) -> Array:
    """As NumPy's, with n = 0 for an axis without elements, of which the call fails elsewhere."""
    if int(n) < 1:
        return np.zeros(_cut(x.shape, axis, 0), x.dtype)
    if back:
        return np.asarray(np.fft.ifft(x, int(n), axis, _BACKWARD[norm]))
    return np.asarray(np.fft.fft(x, int(n), axis, _FORWARD[norm]))


def _rfft(x: Array, n: Any, axis: int, back: int, norm: int, whole: int) -> Array:
    if int(n) < 1:
        return np.zeros(_cut(x.shape, axis, 0 if whole else 1), np.result_type(x, 1j))
    found = (np.fft.fft if whole else np.fft.rfft)(x, int(n), axis, _FORWARD[norm])
    return np.asarray(np.conj(found) if back else found)


def _irfft(z: Array, n: Any, axis: int, back: int, norm: int) -> Array:
    if int(n) < 1 or z.shape[axis] == 0:  # NumPy 2.4 reads what is not there
        return np.zeros(_cut(z.shape, axis, max(int(n), 0)), z.real.dtype)
    return np.asarray(np.fft.irfft(z if back else np.conj(z), int(n), axis, _BACKWARD[norm]))


def _cut(shape: tuple[int, ...], axis: int, size: int) -> tuple[int, ...]:
    return (*shape[:axis], size, *shape[axis + 1 :])


# Rules


def _dtypes(result: Callable[[DType], DType], operand: Callable[[DType], DType]) -> Any:
    def rule(dtypes: Sequence[DType], *params: Any) -> rules.DTypes:
        return (operand(dtypes[0]), INT64), result(dtypes[0])

    return rule


def _complex(dtype: DType) -> DType:
    return dtype.complex


def _part(dtype: DType) -> DType:
    """The float dtype of the parts; NumPy computes integers in double precision."""
    return dtype.complex.real


def _length(args: Sequence[Node]) -> Size:
    return size_of(args[1])


def half_length(n: Size) -> Size:
    """How many elements of the transform of n real numbers are not the conjugates of others: n // 2 + 1."""
    return size_add(size_floordiv(n, 2), 1)


def _shape(args: Sequence[Node], axis: int, *params: Any) -> tuple[Size, ...]:
    shape = args[0].shape
    return (*shape[:axis], _length(args), *shape[axis + 1 :])


def _rfft_shape(args: Sequence[Node], axis: int, back: int, norm: int, whole: int) -> tuple[Size, ...]:
    shape = args[0].shape
    return (*shape[:axis], _length(args) if whole else half_length(_length(args)), *shape[axis + 1 :])


def _sizes(args: Sequence[Node], axis: int, *params: int) -> tuple[Size, ...]:
    return (*around(args, axis), _length(args), *map(int, params))


# Scratch


def is_smooth(n: int) -> bool:
    """Whether the header has passes for all prime factors of n."""
    for p in range(2, DIRECT + 1):
        while n % p == 0:
            n //= p
    return n == 1


def convolution_length(n: int) -> int:
    """The length of the header's convolutions for an n that is not smooth."""
    best = 4 * n + 64
    for f in range(1, 82, 2):
        m = 16 * f
        while m < 2 * n - 1:
            m *= 2
        best = min(best, m) if set(_factors(f)) <= {3, 5} else best
    return best


def _factors(n: int) -> list[int]:
    """Prime factors, with repetition."""
    found, p = [], 2
    while n > 1:
        while n % p == 0:
            found.append(p)
            n //= p
        p += 1
    return found


def _room(*counts: int) -> int:
    """Elements of several arrays, each rounded up to a multiple of 16."""
    return sum((count + 15) // 16 * 16 for count in counts)


def _columns_room(n: int, lanes: int, halves: bool) -> int:
    """What modc_fft_plan_columns takes."""
    return _room(*[2 * lanes * (n + 1)] * 2, 2 * n + 64, *[n + 40] * halves)


def _line_room(n: int, lanes: int, halves: bool) -> int:
    """What modc_fft_plan_line takes."""
    smooth = is_smooth(n)
    m = n if smooth else convolution_length(n)
    a = 1 if m <= SHORT else max(d for d in range(1, isqrt(m) + 1) if m % d == 0)
    b = m // a
    rows = (b + lanes - 1) // lanes * lanes
    counts = [2 * lanes * rows, 2 * lanes * rows, 2 * a + 32, 2 * b + 32, 2 * n + 2]
    if a > 1:
        counts += [2 * lanes * a, 2 * a + 32, a * (2 * rows + 2 * lanes)]
    counts += [n + 40] * halves + ([] if smooth else [2 * n + 64, 2 * m, 2 * m])
    return _room(*counts)


def words(n: int, outer: Size | None, inner: Size | None, single: bool, real: bool) -> int:
    """Words of 8 bytes of scratch for outer * inner transforms of n (None, or not a number: any), in float32 or not, of real
    numbers or of complex ones.
    """
    lanes, halves = 16 if single else 8, real and n % 2 == 0
    n = n // 2 if halves else n
    together = n <= (LINES if inner == 1 else COLUMNS) and is_smooth(n)
    lines = outer * inner if isinstance(outer, int) and isinstance(inner, int) else None
    least = lanes // 2 if inner != 1 or n <= HALF else lanes
    needs = [_columns_room(n, lanes, halves)] if together and (lines is None or lines >= least) else []
    if not together or lines is None or lines < least:
        needs.append(_line_room(n, lanes, halves))
    return max(needs) // (2 if single else 1)


#: For a length that is not known, which may have large prime factors: words per element, per element up to COLUMNS, and
#: besides. A bound, not the value of `words`: exports need one that grows with the length.
ANY_LENGTH = {True: (11, 24, 600), False: (20, 24, 600)}


def any_length(n: Size, single: bool) -> Size:
    """At least `words` of n and of smaller lengths, for any number of lines."""
    each, few, more = ANY_LENGTH[single]
    return size_add(size_add(size_mul(n, each), size_mul(size_min(n, COLUMNS), few)), more)


def _scratch(real: bool) -> Callable[..., Size]:
    """The rule, in words of 8 bytes, of transforms with real numbers on one side or without."""

    def rule(args: Sequence[Node], axis: int, *params: int) -> Size:
        n, single = _length(args), args[0].dtype.real.bytes == 4
        if isinstance(n, int):
            outer, _, inner = around(args, axis)
            return words(max(n, 1), outer, inner, single, real)
        return any_length(n, single)

    return rule


# Gradients: every transform is linear, and its matrix is symmetric


def _fft_gradient(g: Any, y: Any, x: Any, n: Any, axis: int, back: int, norm: int) -> tuple[Any, None]:
    return g.row("fft", n, axis=axis, back=back, norm=norm).resized(axis, x), None


def _inside(g: Any, n: Any, axis: int) -> Any:
    """Which elements of a half stand for their conjugates as well."""
    places = g.numbered_along(axis)
    return (places > 0) & (places * 2 < n)


def _rfft_gradient(g: Any, y: Any, x: Any, n: Any, axis: int, back: int, norm: int, whole: int) -> tuple[Any, None]:
    if whole:
        found = g.row("fft", n, axis=axis, back=back, norm=norm).real
    else:
        halved = _inside(g, n, axis).where(g * 0.5, g)
        found = halved.row("irfft", n, axis=axis, back=back, norm=norm)
    return found.resized(axis, x), None


def _irfft_gradient(g: Any, y: Any, z: Any, n: Any, axis: int, back: int, norm: int) -> tuple[Any, None]:
    found = g.row("rfft", n, axis=axis, back=back, norm=norm, whole=0)
    return _inside(found, n, axis).where(found * 2, found).resized(axis, z), None


# fmt: off
TRANSFORMS = table(
    Op("fft", "call", _fft, "modc_fft_{t}", dtypes=_dtypes(_complex, _complex), shape=_shape, params=("axis", "back", "norm"),
       grad=_fft_gradient, sizes=_sizes, scratch=_scratch(False), cost=32, ulp=2.5, traits=("complex", "counted"),
       doc="The discrete Fourier transform along an axis, or the other way back."),
    Op("rfft", "call", _rfft, "modc_rfft_{t}", dtypes=_dtypes(_complex, _part), shape=_rfft_shape,
       params=("axis", "back", "norm", "whole"), grad=_rfft_gradient, sizes=_sizes, scratch=_scratch(True), cost=16, ulp=2.5,
       traits=("counted",), doc="The transform of real numbers: its elements up to n // 2, or all."),
    Op("irfft", "call", _irfft, "modc_irfft_{t}", dtypes=_dtypes(_part, _complex), shape=_shape,
       params=("axis", "back", "norm"), grad=_irfft_gradient, sizes=_sizes, scratch=_scratch(True), cost=16, ulp=2.5,
       traits=("complex", "counted"), doc="Real numbers from the elements up to n // 2 of their transform."),
)
# fmt: on
