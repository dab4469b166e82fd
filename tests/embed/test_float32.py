"""real="float32": single precision from the arguments to the results, whatever the Module mixes."""

from __future__ import annotations

import re

import numpy as np
import pytest
from export_zoo import module
from exported import compile_run
from exported_calls import Exported

import modc
import modc.tensor as T
from modc import Method, grad
from modc.embed import Options
from modc.embed.model import model_of
from modc.graph.dtype import FLOAT64

X, F = T.dvector("x", shape=(12,)), T.fvector("f", shape=(12,))
I, U = T.lvector("i", shape=(12,)), T.tensor("uint8", (12,), "u")
B, N, M = T.tensor("bool", (12,), "b"), T.lscalar("n"), T.dmatrix("m", shape=(6, 12))

PROGRAMS = {
    "the mean": (X.mean(), [X]),
    "the mean of integers": (I.mean(), [I]),
    "the mean of bools and bytes": (B.mean() + U.mean(), [B, U]),
    "a quotient of integers": (I / (I * I + 1), [I]),
    "integers among floats": (X * N + I, [X, N, I]),
    "functions of integers": (T.exp(I / 8) + T.sqrt(abs(I)), [I]),
    "comparisons": (T.where(X > I, X, I), [X, I]),
    "constants": (X * T.constant(np.linspace(0, 1, 12)) + 0.1, [X]),
    "a constant without room": (T.maximum(X, -1e308), [X]),
    "softmax": (T.softmax(M), [M]),
    "softmax of integers": (T.softmax(I), [I]),
    "logsumexp": (T.logsumexp(M), [M]),
    "spread": (M.std(axis=0) + I.var(), [M, I]),
    "casts": (T.cast(I, "float64") + T.cast(X, "float32"), [I, X]),
    "sizes": (X.sum() / X.shape[0], [X]),
    "a gradient": (grad((T.log_softmax(T.dot(M, X)) ** 2).mean(), [M, X])[0], [M, X]),
    "both float types": (F * X + F, [F, X]),
    "ranges": (T.arange(12) * 0.5 + X + T.linspace(0, 1, 12), [X]),
    "powers": (abs(X) ** X + X ** 3, [X]),
    "running sums": (T.cumsum(X) + T.cumsum(I) / 3, [X, I]),
    "rounding": (T.round(X * 10) / 10 + T.floor(X) + X // 0.75, [X]),
    "products": (T.dot(T.eye(12), X) + X.prod(), [X]),
    "angles": (T.sin(X * 100) + T.cos(X) + T.arctan2(X, F), [X, F]),
    "results that are no floats": ([T.cast(X, "int64"), T.isnan(X), M.argmax(axis=1)], [X, M]),
}  # fmt: skip


def arguments(inputs):
    """Values in double precision."""
    rng = np.random.default_rng(1)
    return [
        np.asarray(rng.integers(0, 2, x.type.shape) if x.dtype == "bool" else rng.integers(0, 9, x.type.shape)
                   if x.dtype[0] in "iu" else rng.uniform(-1, 1, x.type.shape), x.dtype)
        for x in inputs
    ]  # fmt: skip


@pytest.mark.parametrize("what", PROGRAMS)
def test_no_node_and_no_result_has_double_precision(what, tmp_path):
    outputs, inputs = PROGRAMS[what]
    outputs = outputs if isinstance(outputs, list) else [outputs]
    method = Method(inputs, outputs)
    made = model_of(module(f=method), Options(name="made", real="float32"))
    (function,) = made.functions
    for program in (function.fitted.original, function.fitted.rewritten):
        assert [node.op.name for node in program.walk() if node.dtype is FLOAT64] == []
    assert {one.dtype.name for one in (*function.inputs, *function.outputs)} <= {"float32", "int64", "uint8", "bool"}
    given = arguments(inputs)
    wanted = module(f=method).make(mode="numpy").f(*given)
    export = modc.export(module(f=method), tmp_path / "made", name="made", real="float32", golden=1)
    code, found = Exported(export.directory, export.model).call(export.model.functions[0], given)
    assert code == 0
    for got, want in zip(found, wanted, strict=True):
        with np.errstate(over="ignore"):
            near = np.asarray(want).astype(got.dtype)
        np.testing.assert_allclose(got, near, rtol=3e-5, atol=3e-5 * max(1.0, float(np.abs(near).max())) if got.dtype.kind == "f" else 0)


def test_all_of_them_in_one_export_promote_nothing(tmp_path):
    methods = {f"f{at}": Method(inputs, outputs) for at, (outputs, inputs) in enumerate(PROGRAMS.values())}
    export = modc.export(module(**methods), tmp_path / "all", name="all", real="float32", golden=2)
    assert "checks passed" in compile_run(export, "gcc", ["-std=c99", "-O2"])
    assert "checks passed" in compile_run(export, "clang", ["-std=c99", "-O0"])
    header = (export.directory / "all.h").read_text()
    (listed,) = re.findall(r"^ \* double     (.*(?:\n \*            .*)*)", header, re.MULTILINE)
    assert set(re.findall(r"modc_\w+", listed)) == {"modc_pow_f32", "modc_sin_f32", "modc_cos_f32"}


def test_state_and_interface_have_no_double(tmp_path):
    x = T.dvector("x", shape=(3,))
    m = module(w=T.dvector("w"), k=T.dscalar("k"))
    m.step = Method(x, (m.w * x).sum() + m.k, {m.w: m.w + 0.5 * x})
    export = modc.export(m.make(w=[0.1, 0.2, 0.3], k=1e300), tmp_path / "made", name="made", real="float32", golden=1)
    for file in ("made.h", "made.c", "made_selftest.c"):
        text = re.sub(r"/\*.*?\*/|printf.*|\(double\)|union \{ double real;", " ", (export.directory / file).read_text(), flags=re.DOTALL)
        assert not re.search(r"\bdouble\b", text), file
    assert "0.1f, 0.2f, 0.3f" in (export.directory / "made.c").read_text()
    assert export.model.member("k").value == np.inf
