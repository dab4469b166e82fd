"""The messages shown in docs/errors.md, by making the mistakes.

Input: a small program, and mistakes. Output: Markdown with what modc really says. Neighbours: `regenerate` puts it
into the page.
"""

from __future__ import annotations

PROGRAM = """\
import numpy as np
import modc.tensor as T
from modc import Method, Module

class Regression(Module):
    def __init__(self):
        x, y, at = T.dmatrix("x"), T.dvector("y"), T.lscalar("at")
        self.w, self.bias = T.dvector(), T.dscalar()
        self.guess = Method(x, T.dot(x, self.w))
        self.pick = Method(at, self.w[at])
        self.best = Method([], self.w.max())
        self.shift = Method(x, x + self.bias)
        self.fit = Method([x, y], None, {self.w: self.w + T.dot(y - T.dot(x, self.w), x)})

model = Regression().make(w=[1, 2])
"""

#: Heading -> mistakes, each made in a file of its own after the program.
MISTAKES: dict[str, list[str]] = {
    "When the program is written": [
        "T.dvector(shape=(3,)) + T.dvector(shape=(4,))",
        "T.dvector('v') > 0 and T.dvector('u') > 0",
    ],
    "When it is made": [
        "Regression().make(baes=1)",
        "Regression().make(mode='fast')",
        "m = Module()\nm.n = T.lscalar()\nm.half = Method([], None, {m.n: m.n / 2})\nm.make()",
        "m = Module()\nm.double = Method([], T.dscalar('z') * 2)\nm.make()",
    ],
    "When a Method is called": [
        "model.guess()",
        "model.fit([[1, 2]], target=[3])",
        "model.guess(['a', 'b'])",
        "model.guess([[1, 2, 3]])",
        "model.fit([[1, 2], [3, 4]], [5])",
        "model.pick(2)",
        "model.shift([[1]])",
        "model.w = []\nmodel.best()",
    ],
    "When a member is assigned": ["model.w = np.ones((2, 2))", "model['guess'] = None"],
}
CHECKED = """\
m = Module()
x = T.dscalar("x")
m.log = Method(x, T.log(x - 1))
m.make(mode="check").log(0)
"""


def program() -> str:
    """The program of the page."""
    return f"```python\n{PROGRAM}```"


def messages() -> str:
    """Every mistake with its message."""
    parts = []
    for heading, mistakes in MISTAKES.items():
        parts.append(f"### {heading}")
        parts += [f"```python\n{mistake}\n```\n```\n{message(mistake)}\n```" for mistake in mistakes]
    return "\n\n".join(parts)


def checked() -> str:
    """What mode check says of a NaN."""
    return f"```python\n{CHECKED}```\n```\n{message(CHECKED)}\n```"


def message(mistake: str) -> str:
    """The exception of a mistake, made after the program. Raises AssertionError where there is none."""
    scope: dict[str, object] = {"__name__": "program"}
    exec(compile(PROGRAM, "program.py", "exec"), scope)
    try:
        exec(compile(mistake, "mistake.py", "exec"), scope)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    raise AssertionError(f"this works: {mistake}")
