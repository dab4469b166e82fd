"""A scalar Method call against NumPy and Numba.

    pip install ".[bench]" && python benchmarks/call_overhead.py
"""

from __future__ import annotations

import numpy as np
from timing import interleaved, report

import modc.tensor as T
from modc import Method, Module


def accumulator():
    """The documented example, made."""
    m = Module()
    m.state = T.dscalar()
    m.inc = T.dscalar("inc")
    m.new_state = m.state + m.inc
    m.add = Method(m.inc, m.new_state, {m.state: m.new_state})
    return m.make(state=0)


def numpy_add(state=np.zeros(())):  # noqa: B008  one state for all calls is the point
    """NumPy's way to do the same: update in place, give a copy."""
    state += 2
    return state.copy()


def numba_add():
    """A Numba-jitted function that updates a one-element array and returns the new value."""
    import numba

    @numba.njit
    def add(state, inc):
        state[0] += inc
        return state[0]

    state = np.zeros(1)
    return lambda: add(state, 2.0)


def main() -> None:
    acc = accumulator()
    contenders = {
        "acc.add(2)": lambda: acc.add(2),
        "numpy state += 2; state.copy()": numpy_add,
        "numba": numba_add(),
        "acc.state": lambda: acc.state,
        "empty lambda": lambda: None,
    }
    report("scalar call", interleaved(contenders, rounds=31), "numpy state += 2; state.copy()", "ns")


if __name__ == "__main__":
    main()
