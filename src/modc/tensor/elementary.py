"""Elementary functions as methods: x.exp(), x.round(2), as Theano's and (round) NumPy's arrays have them.

Neighbours: `variable` inherits from `Elementary`; `elementwise` has the functions.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from modc.graph import OPS, apply
from modc.tensor.methods import Methods


def _method(op: str) -> Callable[[Any], Any]:
    """The method over the row called `op`."""

    def method(self: Any) -> Any:
        return self.wrapped(apply(OPS[op], self.node))

    method.__name__ = method.__qualname__ = op
    method.__doc__ = OPS[op].doc + "."
    return method


def _whole(op: str) -> Callable[[Any], Any]:
    """The same for rounding: integers are whole already."""

    def method(self: Any) -> Any:
        return self.wrapped(apply(OPS[op], self.node)) if self.node.dtype.is_inexact else self

    method.__name__ = method.__qualname__ = op
    method.__doc__ = OPS[op].doc + "."
    return method


class Elementary(Methods):
    """Functions of elements, as methods."""

    __slots__ = ()

    # fmt: off
    exp, exp2, expm1          = _method("exp"), _method("exp2"), _method("expm1")
    log, log2, log10, log1p   = _method("log"), _method("log2"), _method("log10"), _method("log1p")
    sin, cos, tan             = _method("sin"), _method("cos"), _method("tan")
    arcsin, arccos, arctan    = _method("arcsin"), _method("arccos"), _method("arctan")
    sinh, cosh, tanh          = _method("sinh"), _method("cosh"), _method("tanh")
    arcsinh, arccosh, arctanh = _method("arcsinh"), _method("arccosh"), _method("arctanh")
    sqrt                      = _method("sqrt")
    floor, ceil, trunc        = _whole("floor"), _whole("ceil"), _whole("trunc")
    __floor__, __ceil__, __trunc__ = floor, ceil, trunc
    # fmt: on

    def deg2rad(self) -> Any:
        """Degrees as radians."""
        me: Any = self
        return me * (np.pi / 180.0)

    def rad2deg(self) -> Any:
        """Radians as degrees."""
        me: Any = self
        return me * (180.0 / np.pi)

    def round(self, decimals: int | str = 0, mode: str = "half_to_even") -> Any:
        """The nearest multiple of 10 ** -decimals; see `T.round`."""
        if isinstance(decimals, str):
            return self.round(0, decimals)
        if mode not in ("half_to_even", "half_away_from_zero"):
            raise ValueError(f"round: mode is half_to_even or half_away_from_zero, not {mode!r}")
        me: Any = self
        if self.node.dtype.is_complex:
            return me.real.round(decimals, mode).function("complex", me.imag.round(decimals, mode))
        digits = operator.index(decimals)
        if not self.node.dtype.is_inexact:
            return me if digits >= 0 or self.dtype == "bool" else _round_whole(me, 10**-digits, mode)
        if digits == 0:
            return _nearest(me, mode)
        size = -digits if digits < 0 else digits
        if size > 300:  # finer than any float, or coarser than all
            return me if digits > 0 else me * 0.0
        scale = 10.0**size
        return _nearest(me * scale, mode) / scale if digits > 0 else _nearest(me / scale, mode) * scale


def _nearest(value: Any, mode: str) -> Any:
    if mode == "half_to_even":
        return value.function("round")
    cut = value.trunc()
    return (abs(value - cut) >= 0.5).where(cut + value.function("sign"), cut)


def _round_whole(value: Any, step: int, mode: str) -> Any:
    """Integers to multiples of `step`, without leaving the integers."""
    if step > np.iinfo(value.dtype).max:
        return value.zeros_like()
    down = value // step
    rest = value - down * step
    half_up = (down % 2).equals(1) if mode == "half_to_even" else value > 0
    up = (rest > step - rest) | (rest.equals(step - rest) & half_up)
    return (down + up.astype(value.dtype)) * step
