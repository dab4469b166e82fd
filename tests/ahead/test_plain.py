"""Programs as plain data: they come back whole, and nothing else comes in."""

from __future__ import annotations

import copy
import json
import math
import random

import numpy as np
import pytest
from random_programs import random_case

import modc.tensor as T
from modc import Method, Module
from modc.compiler import compile_program, note_of
from modc.graph import Program, apply, const, leaf
from modc.graph.dtype import DTYPES, FLOAT64
from modc.graph.fingerprint import fingerprint
from modc.graph.op import OPS
from modc.graph.plain import BadData, from_plain, to_plain
from modc.schedule import Unschedulable


def there_and_back(program):
    return from_plain(json.loads(json.dumps(to_plain(program), allow_nan=False)))


def program_of(module, name):
    return getattr(module.make_no_init(mode="numpy"), name).program


@pytest.mark.parametrize("seed", range(60))
def test_a_program_comes_back_with_its_key_its_c_text_and_its_note(seed):
    program, _, _ = random_case(seed, wild=seed % 3 == 0)
    again = there_and_back(program)
    assert fingerprint(program, {}) == fingerprint(again, {})
    assert to_plain(program) == to_plain(again)
    try:
        stages = compile_program(program)
    except Unschedulable:
        return
    assert (stages.c, note_of(stages)) == (compile_program(again).c, note_of(compile_program(again)))


SPECIAL = [math.nan, -math.nan, -0.0, 0.0, math.inf, -math.inf, 5e-324, 1.7976931348623157e308, 0.1]


@pytest.mark.parametrize("dtype", [name for name, row in DTYPES.items() if row.kind != "c"])
def test_constants_keep_every_bit(dtype):
    values = np.array(SPECIAL) if dtype.startswith("float") else np.array([0, 1, 255, -1, 2**63 - 1], object)
    with np.errstate(all="ignore"):
        array = np.array([value if dtype.startswith("float") else int(value) & 0x7F for value in values]).astype(dtype)
    x = leaf(DTYPES[dtype], (None,))
    node = apply(OPS["eq"], x, const(array))
    again = there_and_back(Program("f", [x], ["x"], [], [], [node, const(array)], []))
    assert array.tobytes() == again.outputs[1].value.tobytes()
    assert array.dtype == again.outputs[1].value.dtype


def test_bits_of_nan_are_kept():
    bits = np.array([0x7FF8000000000123, 0xFFF0000000000001], np.uint64).view(np.float64)
    again = there_and_back(Program("f", [], [], [], [], [const(bits)], []))
    assert bits.tobytes() == again.outputs[0].value.tobytes()


def test_names_with_any_letter_sizes_and_named_dimensions_come_back():
    module = Module()
    name = "größe\u202e\"*/\\ 'x\ud800"
    x, y = T.tensor("float32", ("n", 3)), T.tensor("float32", (None, "n"))
    module.w = T.tensor("float32", ("n",))
    module.f = Method([x, y], [x.sum(axis=0), y.shape[0] + module.w.shape[0]], {module.w: module.w + x[:, 0]})
    program = program_of(module, "f")
    again = there_and_back(program)
    assert [one.dims for one in program.inputs] == [one.dims for one in again.inputs]
    named = Program(name, again.inputs, [name, "y"], again.members, again.member_names, again.outputs, again.updates)
    assert (name, name) == (there_and_back(named).name, there_and_back(named).input_names[0])
    assert fingerprint(named, {}) == fingerprint(there_and_back(named), {})


def test_deep_graphs_come_back():
    x = leaf(FLOAT64, ())
    node = x
    for _ in range(20000):
        node = apply(OPS["sin"], node)
    assert 20001 == len(list(there_and_back(Program("deep", [x], ["x"], [], [], [node], [])).walk()))


def small():
    x, w = leaf(FLOAT64, (None,)), leaf(FLOAT64, (2,))
    y = apply(OPS["mul"], x, const(np.array([1.5, 2.5])))
    return to_plain(Program("f", [x], ["x"], [w], ["w"], [y], [(0, y)]))


def changed(path, value):
    data = copy.deepcopy(small())
    at = data
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return data


BAD = [
    (["name"], None),
    (["nodes"], {}),
    (["nodes"], []),
    (["nodes", 0], []),
    (["nodes", 0], ["input"]),
    (["nodes", 0], ["input", "float64", [-1], "x"]),
    (["nodes", 0], ["input", "float64", [True], "x"]),
    (["nodes", 0], ["input", "float64", [1.5], "x"]),
    (["nodes", 0], ["input", "float65", [None], "x"]),
    (["nodes", 0], ["input", "float64", [None], 7]),
    (["nodes", 0], ["const", "float64", [], [[2], {"bytes": "AAAA"}]]),
    (["nodes", 2], ["const", "float64", [], [[2], {"bytes": "not base64!"}]]),
    (["nodes", 2], ["const", "float64", [], [[1000000000000], {"bytes": ""}]]),
    (["nodes", 2], ["const", "float64", [], [2, {"bytes": "AAAAAAAA"}]]),
    (["nodes", 2], ["const", "float64", [], [[2], {"pickle": "gASVAAAA"}]]),
    (["nodes", 2], ["const", "float64", [], [[2], {"bytes": "AAAA", "more": 1}]]),
    (["nodes", 3, 0], "os.system"),
    (["nodes", 3, 0], 7),
    (["nodes", 3, 0], "matmul"),
    (["nodes", 3, 1], "float32"),
    (["nodes", 3, 2], [0, 3]),
    (["nodes", 3, 2], [0, 99]),
    (["nodes", 3, 2], [0, -1]),
    (["nodes", 3, 3], [1]),
    (["inputs"], [3]),
    (["inputs"], [0, 0]),
    (["inputs"], []),
    (["inputs"], [True]),
    (["input_names"], ["x", "y"]),
    (["input_names"], [None]),
    (["members"], [0]),
    (["outputs"], [44]),
    (["outputs"], "3"),
    (["updates"], [[1, 3]]),
    (["updates"], [[0]]),
    (["updates"], [[0, 3, 4]]),
    (["nodes", 1], ["input", "float32", [2], "w"]),
]


@pytest.mark.parametrize(("path", "value"), BAD, ids=lambda part: str(part)[:60])
def test_data_that_is_no_program_is_refused_with_one_reason(path, value):
    assert from_plain(small()) is not None
    with pytest.raises(BadData) as caught:
        from_plain(changed(path, value))
    assert str(caught.value)


@pytest.mark.parametrize("data", [None, 7, "x", [], {}, {"nodes": [[]]}, float("nan")])
def test_data_of_another_kind_is_refused(data):
    with pytest.raises(BadData):
        from_plain(data)


def test_no_change_of_any_part_does_anything_but_raise_bad_data():
    chooser = random.Random(4)
    pool = [None, -1, 0, 1, 2**70, True, 0.5, "x", "add", "float64", [], [0], {}, {"float": "nan"}, {"bytes": ""}]
    for _ in range(3000):
        data = json.loads(json.dumps(small()))
        at, steps = data, chooser.randrange(1, 5)
        for _ in range(steps):
            keys = list(at) if isinstance(at, dict) else list(range(len(at))) if isinstance(at, list) else []
            if not keys:
                break
            key = chooser.choice(keys)
            if chooser.random() < 0.4 or not isinstance(at[key], (dict, list)):
                at[key] = chooser.choice(pool)
                break
            at = at[key]
        try:
            from_plain(data)
        except BadData:
            continue
