"""Names that no identifier of C or Python can be."""

from __future__ import annotations

import pickle
import shutil
import subprocess
from pathlib import Path

import pytest

import modc.tensor as T
from modc import Method, Module

NAMES = [
    "int", "restrict", "self", 'a"b', "a'b", "a\nb", "naïve", "变量", "*/ evil /*", "//x", "\\", "%s%d", "{x}", "a b", "",
    "0", "\x00", "modc_run", "main", "NAN", "trigraph??/", "\u202e", "#define x", "x" * 1_000_000,
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_variable_may_have_any_name(name):
    x, held = T.dscalar(name), T.dscalar(name)
    m = Module(state=held)
    m.f = Method([x], x + held, {held: held + x})
    inst = m.make(state=1, mode="numpy")
    assert inst.f(**{name: 2}) == 3
    assert inst.f(2) == 5
    with pytest.raises(TypeError) as caught:
        inst.f("bad")
    assert len(str(caught.value)) < 2000
    for text in (str(m), m.pretty(), str(inst), repr(inst), str(inst.f.graph)):
        assert text
    assert pickle.loads(pickle.dumps(inst)).f(1) == 6


def test_the_c_of_hostile_names_compiles_alone(tmp_path: Path):
    m = Module()
    m.states = [T.dscalar(name) for name in NAMES[:-1]]
    inputs = [T.dscalar(name) for name in NAMES[:-1]]
    m.f = Method(inputs, [x + s for x, s in zip(inputs, m.states, strict=True)], [(s, s + 1) for s in m.states])
    inst = m.make(mode="c")
    inst.states = range(len(NAMES) - 1)
    assert inst.f(*[1] * len(inputs))[5] == 6
    (tmp_path / "f.c").write_text(inst.f.c_source, encoding="utf-8")
    flags = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-c", "-o", str(tmp_path / "f.o")]
    for compiler in (["gcc", "-std=c99"], ["g++", "-std=c++17", "-x", "c++"]):
        if shutil.which(compiler[0]) is None:
            pytest.skip(f"there is no {compiler[0]}")
        run = subprocess.run([*compiler, *flags, tmp_path / "f.c"], capture_output=True, text=True)
        assert (run.returncode, run.stderr) == (0, "")
