"""A Module with every kind of argument and result, for the tests of the wrappers around exported C."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np

import modc
import modc.tensor as T
from modc import ComponentList, In, Method, Module

EXAMPLES = Path(__file__).parent.parent / "examples"
STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g"]

#: Upper bounds of the sizes that stay open.
MOST = {"x": 8, "m.0": 5, "m.1": 8, "history": 8}

ODD = {"most": {"flags": 8, "wide.1": 8, "thin.0": 8}}
MEMBERS = (
    "std detail type fn impl move match Model View crate Ok f64 usize u8 core ffi String Box sizes elements size_t int64_t value to blob "
    "bytes code s work padding"
)
METHODS = (
    "View_ Open Error any std_ state_bytes try_step step step_result check_ new_ default_ clone fmt Result drop eq from into len next "
    "add is_x to_y as_z load_ state_mut STATE_BYTES try_ StepResult to_owned try_into"
)
INPUTS = (
    "state_ self_ Ok result_ code_ f64 View any model s std Open Error flag check ffi given type in i core Some m fmt len at data"
)
OUTPUTS = "step_result Model result_ code given self x"


class Part(Module):
    """A part of another Module."""

    def __init__(self, gain):
        super().__init__()
        self.gain = T.dscalar(init=gain)
        x = T.dscalar("x")
        self.run = Method(x, x * self.gain, doc="x, amplified.")


class Mixed(Module):
    """Numbers and arrays, of fixed and open size, with and without results, failing and not."""

    def __init__(self):
        super().__init__()
        self.table = T.dmatrix(init=np.arange(12.0).reshape(4, 3))
        self.count = T.lscalar(init=0)
        self.flag = T.scalar(dtype="bool", init=False)
        self.mask = T.tensor("bool", (2,), init=np.array([True, False]))
        self.history = T.dvector(init=np.zeros(3))
        self.move = T.dvector(init=np.array([1.0, 2.0]))  # a word of Rust
        self.parts = ComponentList([Part(2.0), Part(3.0)])
        x, m, v = T.dvector("x"), T.dmatrix("m"), T.dvector("v", shape=(3,))
        i, type_, gain = T.lscalar("i"), T.dscalar("type"), T.dscalar("gain")
        gain.tag.unit, gain.tag.doc = "V/[m]", "a `factor` <of> *v*"
        self.pick = Method(i, self.table[i], doc="A row of the table.")
        self.sum = Method([x], [T.sum(x), x * 2, x[1:]])
        self.grow = Method([x], None, {self.history: T.concatenate([self.history, x])})
        self.tick = Method([], None, {self.count: self.count + 1})
        self.dot = Method([m, x], T.dot(m, x))
        self.over = Method([v], v > 1.0)
        self.any_over = Method([v, In(gain, value=2.5)], T.any(v > gain))
        self.scaled = Method([In(v, value=[1.0, 2.0, 3.0]), In(gain, value=0.5)], v * gain)
        self.next = Method([In(x, value=[1.0, 2.0])], x + 1)
        self.flip = Method([], self.flag, {self.flag: ~self.flag})
        self.two = Method([type_], [type_ + 1, type_ > 0])


def mixed_export(directory, *wrappers, **options):
    """The export of Mixed as `mixed` in a directory."""
    return modc.export(Mixed(), directory, name="mixed", most=MOST, wrappers=wrappers, golden=0, **options)


def hostile_names():
    """A Module whose names are those that the wrappers, C++ and Rust have themselves."""
    made = Module()
    inputs, outputs = INPUTS.split(), OUTPUTS.split()
    for name in MEMBERS.split():
        setattr(made, name, T.dscalar(init=1.0))
    made.state = T.dvector(init=np.zeros(3))
    for at, name in enumerate(METHODS.split()):
        number, flag = T.dscalar(inputs[at % len(inputs)]), T.tensor("bool", (), inputs[(at + 13) % len(inputs)])
        vector = T.dvector(inputs[(at + 7) % len(inputs)], shape=(3,))
        result, other = number + vector.sum() + made.std, ~flag
        result.name, other.name = outputs[at % len(outputs)], "flag"
        setattr(made, name, Method([number, vector, flag], [result, other, vector * number] if at % 2 else result))
    return made


def growing_oddities():
    """Members of open size without a slice to borrow: bools, an inner axis, no elements."""
    made = Module()
    made.flags = T.tensor("bool", (None,), init=np.array([True]))
    made.wide = T.dmatrix(init=np.ones((2, 1)))
    made.thin = T.tensor("int64", (None, 0), init=np.zeros((1, 0), "int64"))
    flag, column = T.tensor("bool", (2,), "flag"), T.dmatrix("column", shape=(2, 1))
    made.more = Method(
        [flag, column],
        T.concatenate([made.flags, flag]),
        {
            made.flags: T.concatenate([made.flags, flag]),
            made.wide: T.concatenate([made.wide, column], axis=1),
            made.thin: T.concatenate([made.thin, made.thin]),
        },
    )
    return made


@cache
def example_models():
    """examples/embed_c/models.py as a Python module."""
    spec = spec_from_file_location("example_models", EXAMPLES / "embed_c" / "models.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(*command, cwd=None, **environment):
    """What a command writes; fails with all of that when its exit code is not 0."""
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def refusal(*command, cwd=None):
    """What a command that must fail says."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode != 0, f"{command} has succeeded"
    return done.stdout + done.stderr
