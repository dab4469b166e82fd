"""Method: inputs, outputs and updates of members, to be compiled by `make`.

Input: what users write. Output: the symbolic object, untouched by `make`. Neighbours: `plan` freezes
it, `memo` compiles it.
"""

from __future__ import annotations

import itertools
from typing import Any, NoReturn

from modc.module.component import Component
from modc.module.io import Out
from modc.module.memo import Memo
from modc.module.plan import listed_outputs
from modc.tensor.variable import Variable


class Method(Component):
    """A function over the members of a Module.

    inputs      a Variable, an `In`, or a list or tuple of these, in the order of a call; they hide
                members of the same Variable. An expression as an input cuts the graph there
    outputs     None: a call returns None; one Variable or `Out`: an array; list or tuple: a list; dict: a dict
    updates     {member: new value}, or pairs; every new value is computed from the old ones
    mode        "c", "numpy", "check" or a name that Theano used; None: the mode of `make`
    name, doc   the callable's own; default: the attribute's name, and a description
    givens      {Variable: what stands for it} in outputs and updates

    Nothing is checked before `make`. `updates` is a dict that may be extended until then.
    """

    def __init__(
        self,
        inputs: Any = (),
        outputs: Any = None,
        updates: Any = None,
        mode: Any = None,
        *,
        name: str | None = None,
        doc: str | None = None,
        givens: Any = None,
    ) -> None:
        self.inputs = inputs
        self.outputs = outputs
        self.repeated: Any = None
        self.updates = self._dict(updates)
        self.givens = {} if givens is None else givens
        self.mode = mode
        self.doc = doc
        if name is not None:
            self.name = name

    def _dict(self, updates: Any) -> Any:
        items = updates.items() if isinstance(updates, dict) else () if updates is None else updates
        found: dict[Any, Any] = {}
        try:
            for key, value in items:
                variable = getattr(key, "variable", key)
                if variable in found:
                    self.repeated = variable
                found[variable] = value
        except (TypeError, ValueError):  # no pairs: `make` says so
            return updates
        return found

    def __call__(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: it is symbolic."""
        raise TypeError(
            f"Method {self.name or '?'} is symbolic and cannot be called: call make() on its Module, "
            "then the Method of the instance that make returns"
        )

    def allocate(self, memo: Memo) -> None:
        """Register the Method, so that it is compiled with the others of this make."""
        memo.pend(self)

    def build(self, mode: Any, memo: Memo) -> Any:
        """The compiled callable."""
        return memo.method(self, mode)

    def __str__(self) -> str:
        inputs = self.inputs if isinstance(self.inputs, (list, tuple)) else [self.inputs]
        text = f"{', '.join(map(_text, inputs))} -> {_outputs_text(self.outputs)}"
        if self.updates:
            text += "; " + ", ".join(f"{key} <= {_text(value)}" for key, value in self.updates.items())
        return text

    def __repr__(self) -> str:
        return f"<Method {self.name or '?'}: {self}>"

    def pretty(self, *, mode: Any = None, **options: Any) -> str:
        """Inputs, outputs and updates, one on each line; with `mode`, the graph before and after rewriting."""
        inputs = self.inputs if isinstance(self.inputs, (list, tuple)) else [self.inputs]
        keys = self.outputs if isinstance(self.outputs, dict) else itertools.count()
        lines = [f"Method({', '.join(map(_text, inputs))})"]
        lines += [f"  output {at}: {_text(one)}" for at, one in zip(keys, listed_outputs(self.outputs), strict=False)]
        lines += [f"  {key} <= {_text(value)}" for key, value in self.updates.items()]
        if mode is not None:
            lines.append(Memo(mode).optimised(self))
        return "\n".join(lines)


def _text(value: Any) -> str:
    """An expression in full where it has no name, else its name."""
    value = value.variable if isinstance(value, Out) else value
    return str(value) if isinstance(value, Variable) else repr(value)


def _outputs_text(outputs: Any) -> str:
    if isinstance(outputs, (list, tuple)):
        return "[" + ", ".join(map(_text, outputs)) + "]"
    if isinstance(outputs, dict):
        return "{" + ", ".join(f"{key}: {_text(one)}" for key, one in outputs.items()) + "}"
    return _text(outputs)
