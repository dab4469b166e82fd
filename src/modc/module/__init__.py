"""The Module system: Components, Modules, Methods, and what `make` turns them into.

Input: Variables of `modc.tensor`. Output: instances whose members are arrays and whose Methods run
compiled. Neighbours: Programs go to `pipeline`, cells and callables come from `runtime`.

Imports within this package go one way: io, plan, made, lower, compiled, wrapping, memo | component,
naming, member, method | containers, module | sharing, functions, persist.
"""

from modc.module import persist  # noqa: F401  registers pickling of made graphs
from modc.module.component import Component, Composite
from modc.module.containers import ComponentDict, ComponentList
from modc.module.functions import func_to_mod, function
from modc.module.io import In, Out
from modc.module.member import External, Member
from modc.module.method import Method
from modc.module.module import Module
from modc.module.naming import name_join
from modc.module.sharing import SharedVariable, shared
from modc.module.wrapping import register_wrapper, wrap
from modc.runtime.instance import ModuleInstance
from modc.runtime.instances import ComponentDictInstance, ComponentListInstance

__all__ = [
    "Component", "ComponentDict", "ComponentDictInstance", "ComponentList", "ComponentListInstance", "Composite",
    "External", "In", "Member", "Method", "Module", "ModuleInstance", "Out", "SharedVariable", "func_to_mod",
    "function", "name_join", "register_wrapper", "shared", "wrap",
]  # fmt: skip
