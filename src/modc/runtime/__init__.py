"""Runtime: storage of members, and the checked call of Methods.

Input: loaded kernels (`build.Library`) or Python functions, Specs, values of any kind. Output:
callables and live arrays. Neighbours: the module layer makes the cells and binds the Methods;
`pipeline` picks `bind` or `bind_python` by the mode.

The work is done by the extension `modc._call` where it could be built, else in pure Python; both
behave alike. `KIND` says which: "c", "cffi", or "numpy", where no kernel can run and only
`bind_python` works. MODC_RUNTIME, read at import, forces one.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from modc import config
from modc.errors import PackageError
from modc.runtime.convert import convert
from modc.runtime.side import BindError
from modc.runtime.spec import MISSING, Input, Output, Spec

__all__ = [
    "KIND",
    "MISSING",
    "BindError",
    "Cell",
    "Input",
    "Lock",
    "Output",
    "Part",
    "Spec",
    "backend",
    "bind",
    "bind_python",
    "convert",
    "load",
]


def backend(kind: str) -> Any:
    """The module with Lock, Cell, Part, bind and bind_python of one kind of runtime.

    Raises ImportError for "c" where the extension was not built.
    """
    if kind == "c":
        from modc.runtime import native  # the extension is optional

        return native
    from modc.runtime import pure  # not needed beside the extension

    return pure


def load(package: Any, name: str | None = None) -> Factory:
    """What makes the instances that a package's kernels belong to; see `modc.runtime.packaged`.

    package  name of an installed package, the package itself, or a directory
    name     of the object in it; may be left out where there is only one

    Needs NumPy and cffi, no compiler. Raises PackageError when the package has no kernels, none of
    that name, none that this CPU runs, or damaged ones.
    """
    if KIND == "numpy":
        raise PackageError(
            "kernels of packages cannot be called without cffi\n"
            "  hint: `pip install cffi`, and do not set MODC_RUNTIME=numpy"
        )
    packaged = import_module("modc.runtime.packaged")  # most programs load nothing of the kind
    found: Factory = packaged.load(package, name)
    return found


def _choose() -> tuple[str, Any]:
    wanted = config.get("MODC_RUNTIME")
    if wanted in ("", "c"):
        try:
            return "c", backend("c")
        except ImportError:
            if wanted:
                raise
    if wanted != "numpy":
        try:
            import_module("modc._abi")  # made when modc is installed, and in need of cffi
        except ImportError as error:
            if wanted:
                raise ImportError(
                    "MODC_RUNTIME=cffi needs cffi, and modc._abi, which installing modc makes"
                ) from error
        else:
            return "cffi", backend("cffi")
    return "numpy", backend("numpy")


KIND, _backend = _choose()

if TYPE_CHECKING:
    from modc.runtime.packaged import Factory
    from modc.runtime.pure import Cell, Lock, Part, bind, bind_python
else:
    Lock, Cell, Part = _backend.Lock, _backend.Cell, _backend.Part
    bind, bind_python = _backend.bind, _backend.bind_python
