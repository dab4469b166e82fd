"""Complex numbers taken apart and put together: `real`, `imag`, `conj`, `angle`, `complex`.

Arguments are Variables, numbers, arrays or lists; results Variables. Everything takes real numbers too, as in NumPy.
Neighbours: the rows are in `modc.graph.ops_complex`; sums, products, exp and their like take complex numbers as they are.
"""

from __future__ import annotations

from typing import Any

from modc.tensor.variable import Variable, as_variable, call

__all__ = [
    "angle", "complex", "complex_from_polar", "conj", "conjugate", "imag", "iscomplex", "iscomplexobj", "isreal",
    "isrealobj", "polar", "real",
]  # fmt: skip


def real(x: Any) -> Variable:
    """The real part; real numbers as they are.

    >>> T.real([1 + 2j, 3]).eval()
    array([1., 3.])
    """
    found: Variable = as_variable(x).real
    return found


def imag(x: Any) -> Variable:
    """The imaginary part; of real numbers zeros.

    >>> T.imag([1 + 2j, 3]).eval()
    array([2., 0.])
    """
    found: Variable = as_variable(x).imag
    return found


def conj(x: Any) -> Variable:
    """The complex conjugate; real numbers as they are.

    >>> T.conj(1 + 2j).eval()
    array(1.-2.j)
    """
    found: Variable = as_variable(x).conj()
    return found


conjugate = conj


def angle(z: Any, deg: bool = False) -> Variable:
    """The angle of a complex number counterclockwise from the positive real axis, between -pi and pi; with deg=True in
    degrees. Of negative real numbers it is pi.

    >>> T.angle([1, 1j, -1], deg=True).eval()
    array([  0.,  90., 180.])
    """
    value = as_variable(z)
    found = call("arctan2", value.imag, value.real)
    return found * (180.0 / 3.141592653589793) if deg else found


def complex(real: Any, imag: Any) -> Variable:
    """real + i imag, broadcast together: complex64 of float32, else complex128. Raises DTypeError for complex parts.

    >>> T.complex([1.0, 2.0], 0.5).eval()
    array([1.+0.5j, 2.+0.5j])
    """
    return call("complex", real, imag)


def complex_from_polar(abs: Any, angle: Any) -> Variable:
    """The complex number with this absolute value and angle: abs * (cos(angle) + i sin(angle)).

    >>> T.complex_from_polar(2.0, 0.0).eval()
    array(2.+0.j)
    """
    return call("complex", call("mul", abs, call("cos", angle)), call("mul", abs, call("sin", angle)))


polar = complex_from_polar


def iscomplex(x: Any) -> Variable:
    """True where the imaginary part is not zero.

    >>> T.iscomplex([1 + 1j, 1 + 0j]).eval()
    array([ True, False])
    """
    return call("ne", as_variable(x).imag, 0)


def isreal(x: Any) -> Variable:
    """True where the imaginary part is zero.

    >>> T.isreal([1 + 1j, 1 + 0j]).eval()
    array([False,  True])
    """
    return call("eq", as_variable(x).imag, 0)


def iscomplexobj(x: Any) -> bool:
    """Whether the dtype is complex.

    >>> T.iscomplexobj(T.zvector()), T.iscomplexobj(1.5)
    (True, False)
    """
    return as_variable(x).node.dtype.is_complex


def isrealobj(x: Any) -> bool:
    """Whether the dtype is not complex.

    >>> T.isrealobj(T.dvector()), T.isrealobj(T.zvector())
    (True, False)
    """
    return not iscomplexobj(x)
