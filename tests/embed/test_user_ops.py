"""Exports of Methods with ops of the user's own."""

from __future__ import annotations

import numpy as np
import pytest
from exported import C99, compile_run

import modc
import modc.tensor as T
from modc import Method, Module, OpFromGraph, as_op, op

wobble = op(
    "wobble", numpy=lambda x: x * np.sin(x) + 0.5, ulp=4,
    c_code="""
    static const double wobble_shift[1] = {0.5};
    static inline double wobble_part(double x) { return sin(x); }
    static inline double wobble(double x) { return x * wobble_part(x) + wobble_shift[0]; }
    """,
)  # fmt: skip
ends = op(
    "ends", numpy=lambda x: x[-1] - x[0], shape="(n)->()", dtypes="float64 -> float64",
    c_code="static inline void ends(int64_t n, const double *restrict x, double *restrict y) { *y = x[n - 1] - x[0]; }",
)  # fmt: skip


@as_op([T.dvector], [T.dvector])
def pyhalf(x):
    return x / 2


class Wobbling(Module):
    def __init__(self):
        super().__init__()
        self.s = T.dvector(shape=4)
        v, q = T.dvector("v", shape=4), T.dvector("q")
        gate = OpFromGraph([q], T.tanh(q) * 2, name="gate")
        self.step = Method(v, [ends(gate(wobble(v))), ends(T.stack([v, self.s]))], {self.s: self.s + wobble(v)})
        self.half = Method(v, pyhalf(v))


@pytest.mark.parametrize("compiler, flags", [("gcc", C99), ("g++", ("-x", "c++", "-std=c++17"))])
def test_the_text_compiles_under_strict_flags_and_the_self_test_passes(compiler, flags, tmp_path):
    inst = Wobbling().make(s=[1.0, 2.0, 3.0, 4.0])
    found = modc.export(inst, tmp_path / "out", name="wob", only=["step"])
    assert "checks passed" in compile_run(found, compiler, flags)
    text = (tmp_path / "out" / "wob.c").read_text()
    assert "wob_modc_user_wobble(v[" in text and "modc_user_wobble_shift" in text
    assert " modc_user_" not in text  # two exports of one op link into one program


def test_a_method_that_calls_python_is_refused_by_name(tmp_path):
    with pytest.raises(modc.ExportError, match="half has no standalone C: pyhalf is a function of Python\n  hint: leave"):
        modc.export(Wobbling().make(s=np.zeros(4)), tmp_path / "out")
    assert not (tmp_path / "out").exists()
