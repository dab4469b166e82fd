"""Ops of the user's own in a package with kernels."""

from __future__ import annotations

import numpy as np
import pytest
from wheel_packages import models, pack

import modc.runtime
from modc.errors import ModcError
from modc.runtime.packaged import load

if modc.runtime.KIND == "numpy":
    pytest.skip("no kernel can be called", allow_module_level=True)

TEXT = '''
from modc import as_op, op

quad = op("quad", numpy=lambda x: x * 4, c_code="static inline double quad(double x) { return x * 4.0; }")


@as_op([T.dvector], [T.dvector])
def halved(x):
    return x / 2


class Ops(Module):
    def __init__(self):
        self.s = Member(T.dvector(), init=[1.0])
        x = T.dvector("x")
        self.step = Method(x, quad(x), {self.s: self.s + quad(x)})
        self.half = Method(x, halved(x))
'''


def test_kernels_with_c_of_the_user_travel_and_calls_of_python_are_refused_with_a_reason(tmp_path):
    packed = pack(tmp_path, TEXT, {"ops": "Ops"})
    inst = load(str(packed.folder), "ops")()
    assert inst.step([2.0]).tolist() == [8.0]
    assert inst.s.tolist() == [9.0]
    with pytest.raises(ModcError, match="half") as caught:
        inst.half([1.0])
    assert "\n  hint: " in str(caught.value)


def test_the_module_itself_finds_the_kernel_of_its_package(tmp_path, monkeypatch):
    packed = pack(tmp_path, TEXT.replace("quad", "fourfold"), {"ops": "Ops"})
    monkeypatch.setenv("MODC_CACHE_DIR", str(tmp_path / "cache"))
    found = models(packed)
    inst = found.Ops().make()
    assert inst.step.cache_hit
    np.testing.assert_array_equal(inst.half([3.0]), [1.5])
