"""What a process that finds its kernels in the cache loads, and what `import modc` loads: no more than this."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import modc.runtime

PROGRAM = """
import sys
import numpy
before = set(sys.modules)
import modc.tensor as T
from modc import Method, Module
m = Module()
m.state, m.inc = T.dscalar(), T.dscalar()
m.add = Method(m.inc, m.state + m.inc, {m.state: m.state + m.inc})
acc = m.make(state=0)
value = float(acc.add(2)) + float(acc.state)
assert (value, acc.add.cache_hit) == (4.0, %s), (value, acc.add.cache_hit)
print(*sorted(sys.modules.keys() - before))
"""

#: Packages of modc that take part in a warm start, and the C modules and small ones that they use.
LAYERS = ("build", "config", "errors", "graph", "module", "pipeline", "runtime", "tensor")
OTHERS = {"__future__", "_blake2", "_cffi_backend", "_hashlib", "_heapq", "copy", "hashlib", "heapq"}
#: Parts of those packages that only compiling, reporting and administering need.
COLD = {
    "modc.build.admin", "modc.build.ahead", "modc.build.compiler", "modc.build.cross", "modc.build.glue",
    "modc.build.glue_text", "modc.build.image", "modc.build.miss",
    "modc.build.store", "modc.build.trial", "modc.graph.evaluate", "modc.graph.verify",
}  # fmt: skip
PURE = {"modc.runtime.cell", "modc.runtime.cffi_call", "modc.runtime.kernel", "modc.runtime.pure", "modc.runtime.scalar_call"}


def loaded(program: str, cache: str, **env: str) -> list[str]:
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True, text=True, check=False, env={**os.environ, "MODC_CACHE_DIR": cache, **env},
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (0, "")
    return run.stdout.split()


def strangers(names: list[str]) -> list[str]:
    """The modules that nothing here allows."""
    layers = tuple(f"modc.{layer}" for layer in LAYERS)
    return [
        name
        for name in names
        if name not in OTHERS | {"modc", "modc._abi", "modc._call"}
        and not (name not in COLD and name.startswith(layers) and ".".join(name.split(".")[:2]) in layers)
    ]


@pytest.mark.parametrize("runtime", ["c", "cffi"])
def test_a_warm_start_loads_neither_compiler_nor_heavy_libraries(runtime, tmp_path):
    try:
        modc.runtime.backend(runtime)
    except ImportError:
        pytest.skip("the extension modc._call is not built")
    cache = str(tmp_path / "cache")
    cold = loaded(PROGRAM % False, cache, MODC_RUNTIME=runtime)
    assert {"modc.compiler", "modc.rewrite", "modc.schedule", "modc.emit", "modc.build.miss"} <= set(cold)
    warm = loaded(PROGRAM % True, cache, MODC_RUNTIME=runtime)
    assert [name for name in strangers(warm) if runtime == "c" or name not in ("mmap", "threading")] == []
    assert set(warm) & PURE == (PURE if runtime == "cffi" else set())


def test_mode_numpy_loads_no_kernels(tmp_path):
    names = loaded(PROGRAM % False, str(tmp_path / "cache"), MODC_MODE="numpy")
    assert [name for name in names if name.startswith(("modc.build.", "modc.schedule", "modc.emit"))] == []


def test_importing_modc_alone_loads_nothing(tmp_path):
    program = "import sys; before = set(sys.modules); import modc; print(*sorted(sys.modules.keys() - before))"
    assert [name for name in loaded(program, str(tmp_path)) if name.startswith(("modc", "numpy"))] == ["modc"]
