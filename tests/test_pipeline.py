"""What the pipeline does when a compiler is missing, or a Method cannot be a kernel."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import modc.tensor as T
from modc import Method, ModeError, Module, config
from modc.pipeline import mode_named

TWO_METHODS = """
import sys
import warnings
sys.modules["ziglang"] = None  # a compiler that need not be on PATH
import modc.tensor as T
from modc import Method, Module
m = Module()
m.x = T.dscalar()
m.double = Method([], m.x * 2)
{more}
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    inst = m.make(x=3)
assert inst.double() == 6
print(*[method.maker.mode for method in {methods}], len(seen), *[str(one.message) for one in seen])
"""


def run(cache, methods, more="", **env):
    text = TWO_METHODS.format(more=more, methods=methods)
    environment = {**os.environ, "MODC_CACHE_DIR": str(cache), **env}
    done = subprocess.run([sys.executable, "-c", text], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_without_a_compiler_kernels_of_the_cache_still_run_and_one_warning_names_remedies(tmp_path):
    assert run(tmp_path / "cache", "[inst.double]").split() == ["c", "0"]
    empty = tmp_path / "bin"
    empty.mkdir()
    more = "m.triple = Method([], m.x * 3)"
    env = {"PATH": str(empty), "CC": ""}
    text = run(tmp_path / "cache", "[inst.double, inst.triple]", more, **env)
    assert text.startswith("c numpy 1 ")
    assert "modc[zig]" in text


@pytest.mark.parametrize(
    ("name", "mode"),
    [("c", "c"), ("FAST_RUN", "c"), ("FAST_COMPILE", "numpy"), ("DebugMode", "check"), ("DEBUG_MODE", "check"), (None, "c")],
)
def test_modes_of_theano_have_their_names_here(name, mode):
    with config.using(MODC_MODE="c"):
        assert mode_named(name) == mode


def test_an_unknown_mode_is_refused_and_the_known_ones_are_listed():
    m = Module()
    m.f = Method([], T.constant(1.0))
    with pytest.raises(ModeError, match="c, numpy, check"):
        m.make(mode="FASTEST")
