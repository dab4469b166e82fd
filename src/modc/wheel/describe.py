"""Made graphs as plain data: what `runtime.packaged` builds instances from, without any graph.

Input: what a factory made. Output: one JSON-able description of it, and the arrays that it starts
from. Neighbours: `gather` calls the factories; docs/wheels.md describes the result.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import numpy as np

from modc.graph.fingerprint import fingerprint
from modc.graph.split import split
from modc.module.compiled import Compiled
from modc.runtime import Cell
from modc.runtime.compound import CompoundInstance, Packed
from modc.runtime.instance import Instance, ModuleInstance
from modc.runtime.instances import ComponentListInstance
from modc.wheel.problem import Problem

ALIGNMENT = 64


class Values:
    """Arrays in one run of bytes; equal ones are kept once."""

    def __init__(self) -> None:
        self.data = bytearray()
        self._places: dict[tuple[str, tuple[int, ...], bytes], int] = {}

    def add(self, value: Any) -> dict[str, Any] | None:
        """Where an array lies; None for None."""
        if value is None:
            return None
        array = np.ascontiguousarray(value).reshape(np.shape(value))
        array = array.astype(array.dtype.newbyteorder("<"), copy=False)
        key = array.dtype.name, array.shape, sha256(array.tobytes()).digest()
        if key not in self._places:
            self.data.extend(bytes(-len(self.data) % ALIGNMENT))
            self._places[key] = len(self.data)
            self.data.extend(array.tobytes())
        return {"at": self._places[key], "dtype": array.dtype.name, "shape": list(array.shape)}


class Describer:
    """Writes down the objects of one package: they share arrays, shared variables and kernels."""

    def __init__(self) -> None:
        self.values = Values()
        self.shared: list[dict[str, Any]] = []
        self.methods: list[Compiled] = []  # those that have kernels
        self._shared: dict[int, int] = {}
        self._alive: list[Any] = []  # so that an id stays its own

    def describe(self, found: Any, name: str) -> dict[str, Any]:
        """One instance, or one compiled Method. Raises Problem for what no package can hold."""
        one = _Object(self, name)
        root = one.part(found)
        if "cell" in root or "number" in root:
            raise Problem(f"{name}: the factory gives a single value, no Module and no Method")
        self._alive.append(found)
        return {
            "root": root,
            "cells": one.cells,
            "methods": one.methods,
            "instances": one.instances,
        }

    def shared_cell(self, cell: Any) -> int:
        """Number of a shared variable's cell, which several objects may use."""
        if id(cell) not in self._shared:
            self._shared[id(cell)] = len(self.shared)
            self._alive.append(cell)
            self.shared.append(self.cell(cell))
        return self._shared[id(cell)]

    def cell(self, cell: Any) -> dict[str, Any]:
        """A cell with the value that it starts from."""
        return {
            "name": cell.name,
            "dtype": cell.dtype.name,
            "ndim": cell.ndim,
            "size": None if cell.size is None else list(cell.size),
            "readonly": bool(cell.readonly),
            "value": self.values.add(cell.copy()),
        }

    def kernel(self, compiled: Compiled) -> str | None:
        """The fingerprint of a Method that the package is to have kernels of.

        None where one kernel is not all of it: for mode numpy, and for several kernels with Python
        between them.
        """
        if compiled.asked_mode == "numpy":
            return None
        if all(one is not compiled for one in self.methods):
            self.methods.append(compiled)
        program = compiled.program
        return fingerprint(program, {}) if split(program) is None else None


class _Object:
    """The parts of one made graph by number, in the order in which they are met."""

    def __init__(self, all_: Describer, name: str) -> None:
        self.all = all_
        self.name = name
        self.cells: list[dict[str, Any]] = []
        self.methods: list[dict[str, Any]] = []
        self.instances: list[dict[str, Any]] = []
        self._numbers: dict[int, dict[str, Any]] = {}

    def part(self, found: Any) -> dict[str, Any]:
        """What stands for a part: {"cell": 0}, {"method": 0}, {"instance": 0}, {"number": ...}."""
        known = self._numbers.get(id(found))
        if known is not None:
            return known
        if found is None:
            return {"nothing": True}
        if isinstance(found, Cell):
            return self._cell(found)
        if isinstance(found, Instance):
            return self._instance(found)
        compiled = getattr(found, "method", None)
        if isinstance(compiled, Compiled):
            return self._method(found, compiled)
        if not _is_number(found):
            raise Problem(f"{self.name}: a {type(found).__name__} cannot be put into a package")
        return {"number": plain(found)}

    def _cell(self, cell: Any) -> dict[str, Any]:
        self._numbers[id(cell)] = place = {"cell": len(self.cells)}
        self.cells.append({})
        self.cells[place["cell"]] = self.all.cell(cell)
        return place

    def _foreign(self, cell: Any) -> dict[str, Any]:
        """The cell of a shared variable: it has a lock of its own."""
        self._numbers[id(cell)] = place = {"cell": len(self.cells)}
        self.cells.append({"shared": self.all.shared_cell(cell)})
        return place

    def _method(self, function: Any, compiled: Compiled) -> dict[str, Any]:
        self._numbers[id(function)] = place = {"method": len(self.methods)}
        self.methods.append({})
        spec = compiled.spec
        lock = compiled._made.lock
        cells = [
            self.part(cell)
            if cell.readonly or cell.lock is lock or id(cell) in self._numbers
            else self._foreign(cell)
            for cell in spec.cells
        ]
        self.methods[place["method"]] = {
            "name": spec.name,
            "kernel": self.all.kernel(compiled),
            "doc": spec.doc,
            "result": spec.result,
            "inputs": self._inputs(function, spec),
            "cells": [cell["cell"] for cell in cells],
            "written": list(spec.written),
            "unread": list(spec.unread),
            "outputs": [
                {
                    "dtype": out.dtype.name,
                    "ndim": out.ndim,
                    "size": None if out.size is None else list(out.size),
                    "borrow": bool(out.borrow),
                }
                for out in spec.outputs
            ],
        }
        if isinstance(function, Packed):
            packing = function.packing
            self.methods[place["method"]]["packing"] = {
                "inputs": [_slot(slot) for slot in packing.inputs],
                "outputs": [_slot(slot) for slot in packing.outputs],
                "result": packing.result,
            }
        return place

    def _inputs(self, function: Any, spec: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": one.name,
                "dtype": one.dtype.name,
                "ndim": one.ndim,
                "size": None if one.size is None else list(one.size),
                "strict": bool(one.strict),
                "allow_downcast": None if one.allow_downcast is None else bool(one.allow_downcast),
                "default": None
                if one.cell is not None
                else self.all.values.add(function.get_default(at)),
                "cell": one.cell,
            }
            for at, one in enumerate(spec.inputs)
        ]

    def _instance(self, inst: Any) -> dict[str, Any]:
        self._numbers[id(inst)] = place = {"instance": len(self.instances)}
        self.instances.append({})
        component = inst.component
        listed = isinstance(inst, ComponentListInstance)
        parts: list[Any] = []
        left: list[str] = []
        for key, part in inst._modc_parts():
            known = _packable(part) and (isinstance(key, str) or _is_number(key))
            if not known:
                left.append(str(key))
            if listed:
                parts.append([None, self.part(part) if known else {"nothing": True}])
            elif known:
                parts.append([key if isinstance(key, str) else plain(key), self.part(part)])
        found: dict[str, Any] = {
            "kind": _kind(inst),
            "class": type(component).__name__,
            "name": component.name,
            "parts": parts,
            "left_out": left,
        }
        if isinstance(inst, ModuleInstance):
            found["doc"] = type(inst).__doc__
            found["expressions"] = [
                name
                for name in vars(component)
                if name not in inst._modc_keys and not name.startswith("_")
            ]
            found["plain"] = _attributes(inst, left)
        if isinstance(inst, CompoundInstance):
            found["form"] = inst._form.described()
        self.instances[place["instance"]] = found
        return place


def _kind(inst: Any) -> str:
    """What kind of instance it is."""
    kinds = ((ModuleInstance, "module"), (ComponentListInstance, "list"), (CompoundInstance, "compound"))
    return next((name for kind, name in kinds if isinstance(inst, kind)), "dict")


def _slot(slot: Any) -> dict[str, Any]:
    """One argument or result as users see it."""
    return {"name": slot.name, "form": None if slot.form is None else slot.form.described()}


def _packable(found: Any) -> bool:
    """Whether a part can be described: Components of the user's own may give anything."""
    known = found is None or isinstance(found, (Cell, Instance)) or _is_number(found)
    return known or isinstance(getattr(found, "method", None), Compiled)


def _is_number(found: Any) -> bool:
    return type(found) in (bool, int, float)


def _attributes(inst: Any, left: list[str]) -> dict[str, Any]:
    """Plain attributes of the Module that JSON holds as they are; the names of others go to `left`."""
    kept: dict[str, Any] = {}
    for name in inst._modc_literals():
        value = inst.__dict__[name]
        try:
            same = repr(json.loads(json.dumps(value, allow_nan=False))) == repr(value)
        except (TypeError, ValueError, RecursionError):
            same = False
        if same:
            kept[name] = value
        else:
            left.append(name)
    return kept


def plain(value: bool | int | float) -> dict[str, Any]:
    """A number as JSON holds it without loss."""
    if isinstance(value, bool):
        return {"bool": value}
    if isinstance(value, int):
        return {"int": value}
    return {"float": repr(value)}  # nan and inf are no JSON


__all__ = ["Describer", "Values", "plain"]
