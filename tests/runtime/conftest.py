"""Both runtimes, and kernels to run on them."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import modc.runtime
from modc.runtime import Input, Output, Spec

from . import kernels


@pytest.fixture(params=["c", "cffi"])
def runtime(request: pytest.FixtureRequest) -> Any:
    """The module of one runtime: Lock, Cell, Part, bind, bind_python."""
    try:
        return modc.runtime.backend(request.param)
    except ImportError:
        pytest.skip("the extension modc._call is not built")


_loaded: dict[str, Any] = {}


@pytest.fixture(scope="session")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    """Compile and load a kernel of `kernels.KERNELS`, or any C text."""
    directory: Path = tmp_path_factory.mktemp("kernels")

    def load(name: str, text: str | None = None) -> Any:
        if name not in _loaded:
            path = kernels.compile_kernel(text or kernels.KERNELS[name], directory, name)
            handle = ctypes.CDLL(str(path))
            address = ctypes.addressof(ctypes.c_char.in_dll(handle, "modc_entry"))
            _loaded[name] = SimpleNamespace(address=address, name=name, handle=handle)
        return _loaded[name]

    return load


@pytest.fixture
def accumulator(runtime: Any, kernel: Callable[..., Any]) -> Callable[..., Any]:
    """`acc = accumulator(); acc.add(2)`: the smallest Method with state and an output."""

    def make(value: Any = 0.0, **options: Any) -> Any:
        lock = runtime.Lock()
        cell = runtime.Cell("state", "float64", 0, lock=lock)
        cell.value = value
        spec = Spec(
            "Acc.add",
            inputs=[Input("inc", "float64", 0, **options)],
            cells=[cell],
            written=[True],
            outputs=[Output("float64", 0)],
            result="one",
        )
        add = runtime.bind(kernel("add"), spec, lock)
        return SimpleNamespace(add=add, cell=cell, lock=lock, spec=spec)

    return make


@pytest.fixture
def vector(runtime: Any, kernel: Callable[..., Any]) -> Callable[..., Any]:
    """`v.add(x)`: a vector member that takes in reversed x, and returns its new value."""

    def make(value: Any) -> Any:
        lock = runtime.Lock()
        cell = runtime.Cell("v", "float64", 1, lock=lock)
        cell.value = value
        spec = Spec(
            "V.add",
            inputs=[Input("x", "float64", 1)],
            cells=[cell],
            written=[True],
            outputs=[Output("float64", 1)],
            result="one",
        )
        return SimpleNamespace(add=runtime.bind(kernel("vector"), spec, lock), cell=cell, lock=lock)

    return make
