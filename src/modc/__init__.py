"""modc: array programs with state, compiled to C.

    >>> import modc.tensor as T
    >>> from modc import Method, Module
    >>> m = Module()
    >>> m.state = T.dscalar()
    >>> m.inc = T.dscalar()
    >>> m.add = Method(m.inc, m.state + m.inc, {m.state: m.state + m.inc})
    >>> acc = m.make(state=0)
    >>> acc.add(2)
    array(2.)

Input: nothing. Output: the public names, each loaded when it is first used, so that ``import modc``
costs nothing. Neighbours: `modc.tensor` is the language, `modc.module` has what stands here.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from modc import cache, config, errors, sparse, tensor
    from modc import tensor as gradient
    from modc.ahead.warm import warm
    from modc.embed import export
    from modc.errors import (
        AllocationError,
        CacheError,
        CheckError,
        CompileError,
        DTypeError,
        ExportError,
        MissingKernel,
        ModcError,
        ModcWarning,
        ModeError,
        NoCompiler,
        OpError,
        PackageError,
        ShapeError,
    )
    from modc.module import (
        Component,
        ComponentDict,
        ComponentDictInstance,
        ComponentList,
        ComponentListInstance,
        Composite,
        External,
        In,
        Member,
        Method,
        Module,
        ModuleInstance,
        Out,
        func_to_mod,
        function,
        register_wrapper,
        shared,
        wrap,
    )
    from modc.module.checkgrad import GradientError, check_grad
    from modc.tensor import (
        Lop,
        OpFromGraph,
        Rop,
        Variable,
        as_op,
        clone_replace,
        dot,
        grad,
        graph_replace,
        nnet,
        op,
        printing,
    )

__version__ = "0.1.0"

__all__ = [
    "AllocationError", "CacheError", "CheckError", "CompileError", "Component", "ComponentDict",
    "ComponentDictInstance", "ComponentList", "ComponentListInstance", "Composite", "DTypeError",
    "ExportError", "External", "GradientError", "In", "Lop", "Member", "Method", "MissingKernel", "ModcError",
    "ModcWarning", "ModeError", "Module", "ModuleInstance", "NoCompiler", "OpError", "OpFromGraph", "Out", "PackageError",
    "Rop", "ShapeError", "Variable", "cache", "check_grad", "clone_replace", "config", "dot", "errors", "export", "func_to_mod",
    "as_op", "function", "grad", "gradient", "graph_replace", "nnet", "op", "printing", "register_wrapper", "shared", "sparse", "tensor", "warm", "wrap",
]  # fmt: skip

_MODULES = {
    "cache": "modc.cache", "config": "modc.config", "errors": "modc.errors", "sparse": "modc.sparse", "tensor": "modc.tensor",
    "gradient": "modc.tensor", "nnet": "modc.tensor.nnet", "printing": "modc.tensor.printing",
}  # fmt: skip
#: Names that are not of modc.module, by the module that has them.
_HOMES = {
    "modc.errors": ("AllocationError", "CacheError", "CheckError", "CompileError", "DTypeError", "ExportError",
                    "MissingKernel", "ModcError", "ModcWarning", "ModeError", "NoCompiler", "OpError", "PackageError",
                    "ShapeError"),
    "modc.tensor": ("Lop", "OpFromGraph", "Rop", "Variable", "as_op", "clone_replace", "dot", "grad", "graph_replace", "op"),
    "modc.embed": ("export",),
    "modc.module.checkgrad": ("GradientError", "check_grad"),
    "modc.ahead.warm": ("warm",),
}  # fmt: skip
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        found: Any = import_module(_MODULES[name])
    elif name in __all__:
        found = getattr(import_module(_HOME.get(name, "modc.module")), name)
    else:
        raise AttributeError(f"module 'modc' has no attribute {name!r}", name=name, obj=sys.modules[__name__])
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
