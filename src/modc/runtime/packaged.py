"""Instances from the kernels of a package, without graphs and without a compiler.

    Acc = modc.runtime.load("mypackage", "acc")
    a = Acc(state=0)
    a.add(2)

Input: a package that was built with kernels (docs/wheels.md). Output: instances with the members,
Methods, submodules, defaults, private states and first values that the package's Module had. Python
code of the user's, such as ``_instance_`` methods, is not among it. Neighbours: `package` reads the
manifest; `instance`, `instances` and `state` are those of every instance.
"""

from __future__ import annotations

import copy
import weakref
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from modc import runtime
from modc.errors import ModeError
from modc.runtime.compound import CompoundInstance, Packed, Packing, Slot
from modc.runtime.failed import failed
from modc.runtime.instance import Fixed, ModuleInstance, Shown, initialize_by_name
from modc.runtime.instances import ComponentDictInstance, ComponentListInstance
from modc.runtime.package import MALFORMED, Package, open_package
from modc.runtime.sparse import SparseForm
from modc.runtime.spec import MISSING, Input, Output, Spec
from modc.runtime.state import kept, part

_NUMBERS = {"bool": bool, "int": int, "float": float}


def load(package: Any, name: str | None = None) -> Factory:
    """See `modc.runtime.load`."""
    found = open_package(package)
    try:
        return Factory(found, *found.object(name))
    except MALFORMED as error:
        raise found.malformed(error) from None


class Described:
    """Stands where an instance made from a Module has its Module: has the names that messages show."""

    def __init__(self, name: str, expressions: list[str]) -> None:
        self.name = name
        for one in expressions:
            vars(self)[one] = None

    def _instance_initialize(self, inst: Any, /, *args: Any, **kwargs: Any) -> None:
        self.default_initialize(inst, *args, **kwargs)

    def default_initialize(self, inst: Any, init: Any = None, /, **kwargs: Any) -> None:
        """``inst[name] = value`` for a dict of values, then for the keywords."""
        initialize_by_name(type(self).__name__, inst, init, kwargs)

    default_initialize.__qualname__ = "Module.default_initialize"  # Python's own messages show it

    def __repr__(self) -> str:
        return f"<{type(self).__name__}, from a package>"


def _packing(row: dict[str, Any]) -> Packing:
    """How a Method's arguments and results are made of arrays."""
    inputs, outputs = (
        [Slot(one["name"], None if one["form"] is None else SparseForm(**one["form"])) for one in row[key]]
        for key in ("inputs", "outputs")
    )
    return Packing(inputs, outputs, row["result"])


class Factory:
    """Makes independent instances; its arguments are those of the Module's `make`."""

    def __init__(self, package: Package, name: str, data: dict[str, Any]) -> None:
        self.package = package
        self.name = self.__name__ = name
        self.data = data
        keys = [row["kernel"] for row in data["methods"]]
        self.libraries = [None if key is None else package.library(key) for key in keys]
        self.kinds = [_kind(row, data["instances"]) for row in data["instances"]]
        self.components = [_component(row) for row in data["instances"]]
        root = data["instances"][data["root"]["instance"]] if "instance" in data["root"] else {}
        self.__doc__ = root.get("doc") or type(self).__doc__

    def __call__(self, /, *args: Any, mode: Any = None, **kwargs: Any) -> Any:
        """A new instance, or, where the object is one Method, a new callable.

        Raises what initialising its members raises, and ModeError for another mode than "c".
        """
        if mode not in (None, "c"):
            raise ModeError(
                f"{self.name}: a package has kernels alone: there is no mode {mode!r}, only 'c'"
            )
        loaded, result = self.build()
        loaded.begin(result, args, kwargs)
        return result

    def build(self) -> tuple[Loaded, Any]:
        """An instance with its first values, and what lives as long as any part of it."""
        loaded, parts = self.loaded()
        return loaded, parts[0]

    def loaded(self) -> tuple[Loaded, list[Any]]:
        """The same with every part, the root first."""
        try:
            loaded = Loaded(self)
            return loaded, loaded.build()
        except MALFORMED as error:
            raise self.package.malformed(error) from None

    def __repr__(self) -> str:
        return f"<factory {self.name} of {self.package.origin}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return load, (self.package.origin, self.name)


def _component(row: dict[str, Any]) -> Described:
    kind = type(row["class"], (Described,), {"__doc__": row.get("doc")})
    found: Described = kind(row["name"], row.get("expressions", []))
    return found


def _kind(row: dict[str, Any], instances: list[dict[str, Any]]) -> type:
    """The class of an instance: for a Module one with its names as attributes."""
    if row["kind"] != "module":
        kinds: dict[str, type] = {"list": ComponentListInstance, "dict": ComponentDictInstance, "compound": CompoundInstance}
        return kinds[row["kind"]]
    names = [key for key, _ in row["parts"]]
    body: dict[str, Any] = {
        "__slots__": (),
        "__doc__": row["doc"],
        "__module__": ModuleInstance.__module__,
        "__qualname__": ModuleInstance.__qualname__,
        "_modc_plain": tuple(row["plain"]),
        "_modc_keys": {name: index for index, name in enumerate(names)},
    }
    for index, (name, found) in enumerate(row["parts"]):
        shown = "instance" in found and instances[found["instance"]]["kind"] == "compound"
        body[name] = (Fixed if "number" in found else Shown if shown else runtime.Part)(index, name)
    return type(ModuleInstance.__name__, (ModuleInstance,), body)


def _plain(found: dict[str, Any]) -> Any:
    """A number as the manifest writes it."""
    ((kind, value),) = found.items()
    return _NUMBERS[kind](value)


def _nobody() -> None:
    """Stands for a callable that was not bound yet."""


class Method:
    """What is known about a Method from a package, behind the callable."""

    def __init__(self, loaded: Loaded, index: int, spec: Spec, library: Any) -> None:
        self.name = spec.name
        self.spec = spec
        self.mode = "numpy" if library is None else "c"
        self.cache_hit = True
        self.compile_time = 0.0
        self.side: Callable[[], Any] = _nobody
        self._library = library
        self._loaded = loaded
        self._index = index

    def defaults(self) -> dict[int, Any]:
        """Default arguments of the callable by position; private states are cells and not among them."""
        side = self.side()
        return {
            at: None if side is None else side.get_default(at)
            for at, one in enumerate(self.spec.inputs) if one.cell is None
        }  # fmt: skip

    @property
    def path(self) -> str | None:
        """File of the kernel."""
        path: str | None = getattr(self._library, "path", None)
        return path

    def __getattr__(self, name: str) -> Any:
        if name in ("key", "c_source") and self._library is not None:
            return getattr(self._library, name)  # 64 hex digits, and the C text
        label = f"Method {self.name}" if "name" in vars(self) else "a Method"
        raise AttributeError(
            f"{label} has no attribute {name!r}: it came with a package, without its graph"
        )

    def position(self, key: Any) -> int | None:
        """Nothing but names and numbers stands for the inputs here."""
        return None

    def reduce(self) -> tuple[Any, ...]:
        """How to pickle the callable: with the whole object that it belongs to."""
        return part, (self._loaded, "method", self._index)

    def refuse(self, inputs: Any, members: Any) -> NoReturn:
        """What a call of a Method without a kernel does."""
        raise ModeError(
            f"{self.name}: a package has kernels alone, and this Method has mode numpy, or Python between "
            f"its kernels\n  hint: make the package's Module instead"
        )

    def failed(self, site: int, axis: int, got: int, want: int) -> Exception:
        """The exception for a failed check of the kernel."""
        note = self._library.note
        return failed(note["name"], note["sites"][site][0], note["texts"][site], axis, got, want)


class Loaded:
    """What lives as long as any part of one instance: storage, lock, how to begin again."""

    def __init__(self, factory: Factory) -> None:
        self.factory = factory
        self.lock = runtime.Lock()
        package = factory.package
        self.cells = [package.cell(row, self.lock) for row in factory.data["cells"]]
        self.functions: list[weakref.ref[Any]] = []
        self.instances: list[weakref.ref[Any]] = []
        self.given: tuple[tuple[Any, ...], dict[str, Any]] | None = None

    def build(self) -> list[Any]:
        """The root and then every Method and instance; the members are as the package has them."""
        data = self.factory.data
        functions = [self._bound(index, row) for index, row in enumerate(data["methods"])]
        self.functions = [weakref.ref(function.method) for function in functions]
        instances = [self._instance(index) for index in range(len(data["instances"]))]
        self.instances = [weakref.ref(inst) for inst in instances]
        known = {"cell": self.cells, "method": functions, "instance": instances}

        def resolved(found: dict[str, Any]) -> Any:
            ((kind, value),) = found.items()
            if kind == "nothing":
                return None
            return _plain(value) if kind == "number" else known[kind][value]

        for inst, row in zip(instances, data["instances"], strict=True):
            inst._parts = tuple(resolved(found) for _, found in row["parts"])
        return [resolved(data["root"]), *functions, *instances]

    def _instance(self, index: int) -> Any:
        row = self.factory.data["instances"][index]
        inst: Any = object.__new__(self.factory.kinds[index])
        inst._modc_made, inst._modc_component, inst._parts = (
            self,
            self.factory.components[index],
            (),
        )
        if row["kind"] == "dict":
            keys = [key if isinstance(key, str) else _plain(key) for key, _ in row["parts"]]
            inst._modc_keys = {key: at for at, key in enumerate(keys)}
        if row["kind"] == "compound":
            inst._form = SparseForm(**row["form"])
        for name, value in row.get("plain", {}).items():
            inst.__dict__[name] = copy.deepcopy(value)
        return inst

    def _bound(self, index: int, row: dict[str, Any]) -> Any:
        value = self.factory.package.value
        library = self.factory.libraries[index]
        inputs = [
            Input(
                one["name"], one["dtype"], one["ndim"], one["size"], one["strict"], one["allow_downcast"],
                MISSING if one["default"] is None else value(one["default"]), one["cell"],
            )
            for one in row["inputs"]
        ]  # fmt: skip
        outputs = [
            Output(one["dtype"], one["ndim"], one["size"], one["borrow"]) for one in row["outputs"]
        ]
        spec = Spec(
            row["name"], inputs, [self.cells[at] for at in row["cells"]], row["written"], outputs,
            library.reshaped if library is not None else (), row["result"], None, row["doc"], None, row["unread"],
        )  # fmt: skip
        method = Method(self, index, spec, library)
        spec.fail = method.failed
        if library is None:
            found = runtime.bind_python(method.refuse, spec, self.lock, method=method)
        else:
            found = runtime.bind(library, spec, self.lock, method=method)
        method.side = weakref.ref(found.side)
        return found if "packing" not in row else Packed(found, _packing(row["packing"]))

    # -- what instances ask of it

    def own_cells(self) -> list[Any]:
        """Every cell of this object whose value can change."""
        rows = self.factory.data["cells"]
        return [
            cell
            for cell, row in zip(self.cells, rows, strict=True)
            if "shared" not in row and not cell.readonly
        ]

    def all_cells(self) -> list[Any]:
        """The same and the shared variables that its Methods use."""
        return [cell for cell in self.cells if not cell.readonly]

    def living(self) -> Iterator[tuple[int, Any]]:
        """(number, instance) of the instances that still exist."""
        for index, reference in enumerate(self.instances):
            inst = reference()
            if inst is not None:
                yield index, inst

    def begin(self, result: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Initialise the members of a new instance by the arguments of the factory."""
        self.given = (kept(args), kept(kwargs))
        if hasattr(result, "initialize"):
            result.initialize(*args, **kwargs)
        elif args or kwargs:
            raise TypeError(
                f"{self.factory.name}: there is nothing to initialize with the arguments of make"
            )

    def reset(self) -> None:
        """Everything as the factory gave it: the package's values, then its arguments."""
        root = self._root()
        if root is None:
            raise ValueError(
                "the instance that make returned is gone: keep it to reset this part of it"
            )
        for cell, row in zip(self.cells, self.factory.data["cells"], strict=True):
            if "shared" not in row and not cell.readonly:
                cell.set(self.factory.package.value(row["value"]))
        if self.given is not None:
            args, kwargs = self.given
            self.begin(root, kept(args), kept(kwargs))

    def _root(self) -> Any:
        at = self.factory.data["root"].get("instance")
        return None if at is None else self.instances[at]()

    # -- pickles

    def __reduce__(self) -> tuple[Any, ...]:
        with self.lock:
            values = [cell.copy() for cell in self.own_cells()]
        methods = [reference() for reference in self.functions]
        state = {
            "values": values,
            "attributes": [
                (index, dict(vars(inst)))
                for index, inst in self.living()
                if hasattr(inst, "__dict__")
            ],
            "defaults": [{} if one is None else one.defaults() for one in methods],
            "given": self.given,
        }
        return restored, (self.factory,), state


class Restored:
    """An object on its way back. Holds its parts until whoever asked for them has them."""

    def __init__(self, loaded: Loaded, parts: list[Any]) -> None:
        self.loaded = loaded
        self.parts = parts
        self.functions = parts[1 : 1 + len(loaded.functions)]

    def part(self, kind: str, index: int) -> Any:
        """See `state.part`."""
        return self.functions[index] if kind == "method" else self.loaded.instances[index]()

    def __setstate__(self, state: dict[str, Any]) -> None:
        loaded = self.loaded
        cells = loaded.own_cells()
        if len(state["values"]) != len(cells) or len(state["defaults"]) != len(self.functions):
            raise ValueError("the pickle does not fit the package: that has changed since")
        for cell, value in zip(cells, state["values"], strict=True):
            cell.set(value)
        for index, values in state["attributes"]:
            loaded.instances[index]().__dict__.update(values)
        for function, values in zip(self.functions, state["defaults"], strict=True):
            for position, value in values.items():
                function.set_default(position, value)
        loaded.given = state["given"]


def restored(factory: Factory) -> Restored:
    """The parts of a factory's object again; pickles call it by this name."""
    return Restored(*factory.loaded())
