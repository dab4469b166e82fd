"""The documented example of the Module system, printed as an interactive transcript.

    python examples/accumulator.py
"""

from __future__ import annotations

import code

TRANSCRIPT = """
import modc.tensor as T
from modc import Method, Module
m = Module()
m.state = T.dscalar()
m.inc = T.dscalar('inc')
m.new_state = m.state + m.inc
m.add = Method(m.inc, m.new_state, {m.state: m.new_state})
m.sub = Method(m.inc, None, {m.state: m.state - m.inc})
acc = m.make(state=0)
acc.state, acc.inc
acc.add(2)
acc.state, acc.inc
acc.state = 39.99
acc.add(0.01)
acc.state
acc.sub(20)
acc.state
"""


def main() -> None:
    """Type each line into an interpreter, echoing it behind a prompt."""
    interpreter = code.InteractiveInterpreter({})
    for line in TRANSCRIPT.strip().splitlines():
        print(">>>", line)
        interpreter.runsource(line)


if __name__ == "__main__":
    main()
