"""Functions without a Module: `function`, `Variable.eval`, and `func_to_mod`.

Input: Variables. Output: one callable. Neighbours: a function is a Method that is made alone; shared
variables bring the storage.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from modc.errors import ModcWarning
from modc.graph import Leaf, Node, walk
from modc.module.apart import Several, nodes_of
from modc.module.io import In
from modc.module.memo import Memo
from modc.module.method import Method
from modc.module.module import Module
from modc.module.plan import Plan, listed_outputs, pairs
from modc.module.sharing import SharedVariable
from modc.tensor import as_tensor_variable
from modc.tensor.symbol import Symbol
from modc.tensor.variable import Variable


def function(
    inputs: Any = (),
    outputs: Any = None,
    updates: Any = None,
    givens: Any = None,
    mode: Any = None,
    name: str | None = None,
    on_unused_input: str = "raise",
    allow_input_downcast: bool | None = None,
    no_default_updates: Any = False,
    accept_inplace: bool = False,
    rebuild_strict: bool = True,
    profile: Any = None,
) -> Any:
    """A callable for `outputs`, with `updates` of shared variables.

    inputs, outputs, updates, givens and mode as for `Method`; a string says what happens with inputs
    that nothing uses: "raise" (ValueError), "warn" or "ignore". The last four arguments are accepted
    for Theano's sake. Raises what `make` raises, TypeError for a shared variable among the inputs.
    """
    if on_unused_input not in ("raise", "warn", "ignore"):
        raise ValueError(f"on_unused_input is 'raise', 'warn' or 'ignore', not {on_unused_input!r}")
    if not isinstance(inputs, (list, tuple)):
        raise TypeError(f"function: inputs are a list, not {inputs!r}")
    described = [_described(one, allow_input_downcast) for one in inputs]
    method = Method(described, outputs, updates, mode, name=name or "function", givens=givens)
    _check_unused(method, described, on_unused_input)
    return Memo(mode).make(method)


def _described(given: Any, downcast: bool | None) -> Any:
    """One input with the function's own default for lossy conversions."""
    if isinstance(given, (list, tuple)) and len(given) == 2:
        given = In(given[0], value=given[1])
    if not isinstance(given, In):
        given = In(given, allow_downcast=downcast)
    if isinstance(given.variable, SharedVariable):
        raise TypeError(
            f"function: the shared variable {given.variable} cannot be an input; replace it by another "
            "Variable with givens"
        )
    return given


def _check_unused(method: Method, inputs: list[In], action: str) -> None:
    if action == "ignore":
        return
    plan = Plan(method.name, method.name, method._modc_place)
    roots = [value for _, value in [*method.updates.items(), *pairs(plan, method.givens, "givens")]]
    roots += [one.update for one in inputs]
    roots += listed_outputs(method.outputs)
    used = set(walk([node for one in roots for node in nodes_of(getattr(one, "variable", one))]))
    names = {node.attrs[0] for node in used if node.op.name == "named_dim"}
    for one in inputs:
        if isinstance(one.variable, (Variable, Several)) and not _is_used(nodes_of(one.variable), used, names):
            text = f"{method.name}: the input {one.variable} is not used; on_unused_input='ignore' allows that"
            if action == "raise":
                raise ValueError(text)
            warnings.warn(text, ModcWarning, stacklevel=3)


def _is_used(nodes: Iterable[Node], used: set[Node], names: set[Any]) -> bool:
    """Whether any of an input's nodes is used, or the size of a named dimension that it gives."""
    return any(node in used or (isinstance(node, Leaf) and not names.isdisjoint(node.dims)) for node in nodes)


_evaluated: dict[tuple[Any, ...], Any] = {}
_EVALUATED_MOST = 64


def evaluate(variable: Any, values: Mapping[Any, Any]) -> Any:
    """`variable.eval(values)`: the functions of the latest Variables are kept."""
    keys = [_root(variable, key) for key in values]
    found = (variable, *keys)
    if found not in _evaluated:
        method = Method([In(key) for key in keys], variable, name="eval")
        _evaluated[found] = Memo().make(method)
        while len(_evaluated) > _EVALUATED_MOST:
            _evaluated.pop(next(iter(_evaluated)), None)
    return _evaluated[found](*values.values())


def _root(variable: Any, key: Any) -> Any:
    """The Variable of a key, which may be a name. Raises KeyError for an unknown or ambiguous one."""
    if isinstance(key, (Variable, Several)):
        return key
    found = [node.variable for node in walk(nodes_of(variable)) if isinstance(node, Leaf) and node.name == key]
    if len(found) != 1:
        raise KeyError(f"eval of {variable}: {len(found)} of its Variables are called {key!r}")
    root: Variable = found[0]
    return root


def func_to_mod(f: Callable[..., Any]) -> Callable[..., Module]:
    """From a function that returns Variables to one that returns a Module.

    The Module has the attribute ``output``, or ``output0``, ``output1``, ... for a list or tuple; the
    arguments that are Variables are attributes under their parameter names.
    """

    def make_module(**kwargs: Any) -> Module:
        module = Module(**{name: value for name, value in kwargs.items() if isinstance(value, Variable)})
        result = f(**kwargs)
        if isinstance(result, (list, tuple)):
            for index, one in enumerate(result):
                setattr(module, f"output{index}", as_tensor_variable(one))
        else:
            module.output = as_tensor_variable(result)
        return module

    make_module.__name__ = f.__name__
    make_module.__doc__ = f.__doc__
    return make_module


Symbol.eval_hook = evaluate

__all__ = ["evaluate", "func_to_mod", "function"]
