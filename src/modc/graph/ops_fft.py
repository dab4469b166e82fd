"""The table of discrete Fourier transforms along one axis, of which those along several are compositions.

The second operand is the length n to which lines are cut or filled with zeros. `back` is the sign of the exponent; `norm`
the factor: 0 none, 1 1 / n, 2 1 / sqrt(n). Neighbours: csrc/modc_fft.h, of which `words` knows how much scratch it uses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from modc.graph import rules
from modc.graph.build import size_of
from modc.graph.dtype import INT64, DType
from modc.graph.node import Node, Size
from modc.graph.op import Op, table
from modc.graph.ops_call import around
from modc.graph.sizes import size_add, size_floordiv, size_mul

Array = np.ndarray[Any, Any]

#: MODC_FFT_DIRECT, MODC_FFT_SHORT and MODC_FFT_COLUMNS of the header.
DIRECT, SHORT, COLUMNS = 31, 16, 2048

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
    if int(n) < 1:
        return np.zeros(_cut(z.shape, axis, 0), z.real.dtype)
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


def words(n: int, lanes: int) -> int:
    """Elements of scratch for transforms of n, `lanes` of which are columns of a block.

    This bounds, by sums of linear terms, what the header's plans take: with m = n, or at most 4 n + 64 for a convolution,
    and m = a b, a is at most sqrt(m) <= m / 64 + 16 and b at most sqrt(31 m) <= m / 32 + 248.
    """
    short = min(n, COLUMNS) + 1
    columns = 4 * lanes * short + 3 * short + 180
    m = n if is_smooth(n) else 4 * n + 64
    a, b = m // 64 + 17, m // 32 + 249
    middle = 2 * m + 4 * lanes * a
    line = 4 * lanes * (b + lanes) + 4 * a + 2 * b + 2 * lanes * a + middle + 3 * n + 420
    return max(columns, line if m == n else line + 2 * n + 4 * m)


def _scratch(args: Sequence[Node], axis: int, *params: int) -> Size:
    """In words of 8 bytes. A length that is not known may have large prime factors: `words` of one that has, made linear."""
    n, single = _length(args), args[0].dtype.bytes // (2 if args[0].dtype.is_complex else 1) == 4
    lanes = 16 if single else 8
    if isinstance(n, int):
        return (words(max(n, 1), lanes) + single) // (2 if single else 1) + 16
    slope, start = (26, 16000) if single else (38, 13000)
    return size_add(size_mul(n, slope), start + 16)


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
       grad=_fft_gradient, sizes=_sizes, scratch=_scratch, cost=32, ulp=2.5, traits=("complex", "counted"),
       doc="The discrete Fourier transform along an axis, or the other way back."),
    Op("rfft", "call", _rfft, "modc_rfft_{t}", dtypes=_dtypes(_complex, _part), shape=_rfft_shape,
       params=("axis", "back", "norm", "whole"), grad=_rfft_gradient, sizes=_sizes, scratch=_scratch, cost=16, ulp=2.5,
       traits=("counted",), doc="The transform of real numbers: its elements up to n // 2, or all."),
    Op("irfft", "call", _irfft, "modc_irfft_{t}", dtypes=_dtypes(_part, _complex), shape=_shape,
       params=("axis", "back", "norm"), grad=_irfft_gradient, sizes=_sizes, scratch=_scratch, cost=16, ulp=2.5,
       traits=("complex", "counted"), doc="Real numbers from the elements up to n // 2 of their transform."),
)
# fmt: on
