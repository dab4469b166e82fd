"""A temperature controller. Its users need no C compiler, and none of modc's compiler is loaded.

    >>> import heater
    >>> c = heater.controller(target=60.0)
    >>> float(c.step(20.0))
    100.0
"""

from __future__ import annotations

from typing import Any

import modc.runtime


def controller(**values: Any) -> Any:
    """A new controller; `values` are first values of its members, such as `target` in degrees Celsius."""
    return modc.runtime.load(__name__, "controller")(**values)


def smoother(**values: Any) -> Any:
    """A new exponential smoother of `width` measurements."""
    return modc.runtime.load(__name__, "smoother")(**values)
