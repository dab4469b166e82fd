"""Calls that a library may take over where matrices are large: which they are, and the C of them.

Input: a Call of the loop language. Output: the name of the function in csrc that gets a table of a BLAS's and LAPACK's
routines in front of the other arguments, or nothing. Neighbours: `stmt` prints calls, `unit` gets the table from a
modc_call; exports, which have no host, call modc's own functions.
"""

from __future__ import annotations

from modc.config import csrc_dir
from modc.emit.sections import library
from modc.schedule.loops import Address, Call, Const

#: The smallest number of rows or columns from which on any routine of a library is taken (csrc/modc_lapack.h).
LEAST = 16
#: The parameter: its type, its name, and what it is in a function that has a modc_call `c`.
KIND, NAME, GIVEN = "const modc_library *", "blas", "modc_blas_of(c)"


def large(call: Call) -> str:
    """Name of the function, "" where there is none, or where sizes are known and too small for a library."""
    name = call.function.replace("modc_", "modc_large_", 1)
    if name not in library(csrc_dir()):
        return ""
    numbers = [arg for arg in call.args if not isinstance(arg, Address) and arg.dtype.is_integer]
    small = [isinstance(arg, Const) and arg.value < LEAST for arg in numbers]
    if call.meaning is None:  # a product: two flags, then sizes; it is small where one of them is
        return "" if any(small[2:5]) else name
    return "" if all(small) else name
