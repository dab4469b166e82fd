"""The state struct: no gaps that depend on the machine, and fields of its own beside the members'."""

from __future__ import annotations

import numpy as np
import pytest
from tools import need
from wrapped import STRICT, Mixed, mixed_export, run

import modc
import modc.tensor as T
from modc import Method, Module
from modc.errors import ExportError

MACHINES = [("gcc", ["-m64"]), ("arm-gcc", ["-mcpu=cortex-m4", "-mthumb"]), ("avr-gcc", ["-mmcu=atmega2560"])]


class Fields(Module):
    """Members with the names of the struct's own fields, of every width."""

    def __init__(self):
        super().__init__()
        self.work, self.padding = T.fscalar(init=1.0), T.fscalar(init=2.0)
        self.bits = T.tensor("uint8", (3,), init=np.arange(3, dtype="uint8"))
        self.few = T.tensor("int16", (3,), init=np.arange(3, dtype="int16"))
        self.line = T.fvector(init=np.zeros(2, "float32"))
        self.none = T.tensor("float32", (0,), init=np.zeros(0, "float32"))
        x = T.fvector("x")
        self.add = Method(x, self.work + self.padding, {self.line: T.concatenate([self.line, x])})


@pytest.mark.parametrize("compiler, flags", MACHINES, ids=[name for name, _ in MACHINES])
@pytest.mark.parametrize("make", [Fields, Mixed])
def test_its_size_is_what_the_export_says_on_every_machine(tmp_path, compiler, flags, make):
    (tool,) = need(compiler)
    if make is Mixed:
        mixed_export(tmp_path / "out", real="float32")
    else:
        modc.export(make(), tmp_path / "out", name="mixed", most={"x": 5, "line": 9}, golden=0)
    # mixed.c has an array of negative size where sizeof is another.
    run(tool, *flags, "-std=c99", "-c", *[flag for flag in STRICT if flag != "-Wconversion"], "mixed.c", cwd=tmp_path / "out")


def test_an_empty_array_may_be_null(tmp_path):
    need("gcc")
    mixed_export(tmp_path / "out")
    (tmp_path / "main.c").write_text(
        '#include "mixed.h"\nint main(void) { static mixed_state s; mixed_init(&s); return mixed_set_history(&s, 0, 0); }\n'
    )
    run("gcc", "-fsanitize=undefined,address", "-fno-sanitize-recover=all", "-Iout", "main.c", "out/mixed.c", "-o", "main", cwd=tmp_path)
    run(tmp_path / "main")


def test_a_maximum_without_an_axis_is_that_of_every_axis(tmp_path):
    class Sum(Module):
        def __init__(self):
            super().__init__()
            x, y = T.dmatrix("x"), T.dvector("y")
            self.f = Method([x, y], [x.sum(), y.sum()])

    done = modc.export(Sum(), tmp_path / "out", most={"x": 7, "f.y": 3}, golden=0)
    assert [one.sizes for one in done.model.functions[0].inputs] == [(7, 7), (3,)]


def test_names_that_only_look_like_those_of_libraries_are_free(tmp_path):
    class Integrator(Module):
        def __init__(self):
            super().__init__()
            self.total = T.dscalar(init=0.0)
            x = T.dscalar("x")
            self.add = Method(x, self.total + x, {self.total: self.total + x})

    assert modc.export(Integrator(), tmp_path / "out", golden=0).model.name == "integrator"
    for name in ("int8", "INT_MAX", "kalman_", "a__b", "sin"):
        with pytest.raises(ExportError, match="cannot be the name of an export"):
            modc.export(Integrator(), tmp_path / "other", name=name, golden=0)
