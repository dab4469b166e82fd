"""A weaker CPU, emulated: one that really has no AVX-512."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from tools import need

import modc
from modc.build import target

pytestmark = pytest.mark.skipif(not target.cpu_level().startswith("x86-64"), reason="levels of x86-64")

BIG = """
import modc.tensor as T
from modc import Method, Module

class Big(Module):
    def __init__(self):
        x, y = T.dvector("x"), T.dvector("y")
        self.f = Method([x, y], T.exp(x) * y + T.dot(x, y))
"""
USES = """
import numpy as np
from modc.build import target
target.cpu_level = lambda: "x86-64-{level}"  # the emulator shows the files of the machine around it
from big import Big
big = Big().make()
print(round(float(big.f(np.ones(1000), np.ones(1000))[0]), 3), big.f._executable.library.note["build"]["level"])
"""


def emulated(qemu: str, level: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A Python on a Haswell, x86-64-v3, that takes itself for a CPU of the level."""
    command = [qemu, "-cpu", "Haswell", sys.executable, "-c", USES.format(level=level)]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "MODC_NO_COMPILE": "1", **env}
    )


def test_a_cache_that_moves_to_a_weaker_cpu_gives_it_only_what_it_runs(home):
    (qemu,) = need("qemu-x86_64")
    if subprocess.run([qemu, "-cpu", "Haswell", sys.executable, "-c", "import numpy"], check=False).returncode:
        pytest.skip("this NumPy does not run on a Haswell under this emulator")
    (home / "big.py").write_text(BIG)
    for name, levels in (("all", ["v2", "v3", "v4"]), ("two", ["v2", "v4"]), ("high", ["v4"])):
        assert modc.warm("big:Big", target=levels, out=name).ok
    for layer, said in (("all", "1002.718 x86-64-v3\n"), ("two", "1002.718 x86-64-v2\n")):
        run = emulated(qemu, "v3", MODC_CACHE_PATH=str(home / layer))
        assert said == run.stdout, run.stderr
    assert "MissingKernel" in emulated(qemu, "v3", MODC_CACHE_PATH=str(home / "high")).stderr
    if "x86-64-v4" in target.levels_below(target.cpu_level()):  # it would end like this
        assert emulated(qemu, "v4", MODC_CACHE_PATH=str(home / "high")).returncode in (-4, 132)
