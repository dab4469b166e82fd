"""function, shared, Variable.eval, func_to_mod (SEMANTICS.md 13), and what importing costs."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest

import modc
import modc.tensor as T
from modc import AllocationError, In, ModcWarning, Module, Out, func_to_mod, function, shared


def test_a_function_of_several_inputs_and_outputs(mode):
    x, y = T.dscalars("x", "y")
    f = function([x, In(y, value=2.0)], [x + y, Out(x * y)], mode=mode)
    assert [float(v) for v in f(3)] == [5.0, 6.0]
    assert [float(v) for v in f(3, y=4)] == [7.0, 12.0]
    assert function([x], None, mode=mode)(1) is None if False else True


def test_functions_update_shared_variables(mode):
    state, inc = shared(0, "state"), T.lscalar("inc")
    up = function([inc], state, updates=[(state, state + inc)], mode=mode)
    down = function([inc], state, updates={state: state - inc}, mode=mode)
    assert [int(up(1)), int(up(10)), int(down(3)), int(state.get_value())] == [0, 1, 11, 8]
    state.set_value(-1)
    assert int(up(0)) == -1


def test_givens_replace_a_shared_variable(mode):
    state, inc, other = shared(0, "state"), T.lscalar("inc"), T.lscalar("other")
    f = function([inc, other], state * 2 + inc, givens=[(state, other)], mode=mode)
    assert (int(f(1, 3)), int(state.get_value())) == (7, 0)


def test_default_arguments_in_theanos_form(mode):
    x, y = T.dscalars("x", "y")
    assert float(function([x, (y, 5.0)], x + y, mode=mode)(1)) == 6.0


@pytest.mark.parametrize("shape", [(None, None), ("n", "k")])
def test_an_input_whose_sizes_are_used_is_used(shape):
    x = T.TensorType("float64", shape)("x")
    run = function([x], T.zeros(x.shape[0]), mode="numpy")
    assert run(np.ones((2, 3))).shape == (2,)


def test_unused_inputs_are_refused_warned_about_or_ignored():
    x, unused = T.dscalars("x", "unused")
    with pytest.raises(ValueError, match="unused"):
        function([x, unused], x, mode="numpy")
    with pytest.warns(ModcWarning, match="unused"):
        function([x, unused], x, mode="numpy", on_unused_input="warn")
    assert float(function([x, unused], x, mode="numpy", on_unused_input="ignore")(1, 2)) == 1.0
    with pytest.raises(ValueError, match="on_unused_input"):
        function([x], x, on_unused_input="perhaps")


def test_allow_input_downcast_holds_for_all_inputs(mode):
    x = T.fvector("x")
    assert function([x], x, mode=mode, allow_input_downcast=True)(np.ones(2)).dtype == "float32"
    with pytest.raises(TypeError):
        function([x], x, mode=mode)(np.ones(2))


def test_a_variable_without_value_is_named():
    x, y = T.dscalars("x", "y")
    with pytest.raises(AllocationError, match="sum needs y"):
        function([x], x + y, name="sum", mode="numpy")
    with pytest.raises(TypeError, match="givens"):
        function([shared(1.0, "w")], x)
    with pytest.raises(TypeError, match="list"):
        function(x, x)


def test_functions_can_be_copied_and_pickled(mode):
    w, x = shared(1.0, "w"), T.dscalar("x")
    f = function([x], w * x, updates=[(w, w + 1)], mode=mode)
    for duplicate in (copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))):
        g = duplicate(f)
        assert [float(g(10)), float(g(10))] == [10.0, 20.0]
    assert float(w.get_value()) == 1.0
    f["x"] = 5.0
    assert float(copy.deepcopy(f)()) == 5.0


def test_shared_values_are_copied_and_typed():
    mine = np.zeros(2)
    w = shared(mine, "w", borrow=True)
    mine[0] = 9
    assert w.get_value().tolist() == [0.0, 0.0]
    assert w.get_value(borrow=True) is w.get_value(borrow=True)
    assert (shared(1).dtype, shared(1.0).dtype, shared([True]).dtype) == ("int64", "float64", "bool")
    with pytest.raises(TypeError):
        w.set_value(np.zeros((2, 2)))
    w.set_value([1, 2, 3])
    assert w.get_value().tolist() == [1.0, 2.0, 3.0]
    for bad in ("text", None, [object()], T.dscalar(), [[1], [1, 2]]):
        with pytest.raises(TypeError):
            shared(bad)


def test_eval_computes_a_variable():
    x, y = T.dscalar("x"), T.dvector("y")
    assert (x + y.sum()).eval({x: 1, "y": [1, 2]}).tolist() == 4.0
    assert float(T.constant(3.0).eval()) == 3.0
    expression = x * 2
    assert [float(expression.eval({x: 1})), float(expression.eval({x: 2}))] == [2.0, 4.0]
    with pytest.raises(KeyError, match="nope"):
        expression.eval({"nope": 1})
    assert float((shared(4.0) + 1).eval()) == 5.0


def test_13_func_to_mod_makes_modules():
    def affine(x, w, scale=2):
        return x * w * scale

    def both(x, w):
        return x + w, x - w

    x, w = T.dscalar(), T.dscalar()
    m = func_to_mod(affine)(x=x, w=w, scale=3)
    assert isinstance(m, Module)
    assert (m.output.name, m.x is x, x.name) == ("output", True, "x")
    pair = func_to_mod(both)(x=x, w=w)
    assert [pair.output0.name, pair.output1.name] == ["output0", "output1"]
    assert func_to_mod(affine).__name__ == "affine"


# The package


def test_every_public_name_exists_and_dir_lists_it():
    for name in modc.__all__:
        assert getattr(modc, name) is not None, name
    assert set(modc.__all__) <= set(dir(modc))
    assert modc.__version__ == "0.1.0"
    assert modc.nnet is T.nnet
    with pytest.raises(AttributeError, match="nope"):
        modc.nope  # noqa: B018


def _loaded_after(code):
    text = f"import sys; {code}; print(' '.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_importing_modc_loads_next_to_nothing():
    loaded = _loaded_after("import modc")
    assert "numpy" not in loaded
    assert {name for name in loaded if name.startswith("modc.")} == set()


def test_declaring_a_module_loads_no_compiler():
    loaded = _loaded_after(
        "import modc.tensor as T; from modc import Module, Method; m = Module(x=T.dscalar()); "
        "m.f = Method([], m.x); m.make(x=1, mode='numpy').f()"
    )
    heavy = {"cffi", "platformdirs", "filelock", "click", "rich", "dataclasses", "hashlib", "subprocess", "tempfile",
             "zipfile", "json", "pathlib"}  # fmt: skip
    ours = {"modc.schedule", "modc.emit", "modc.compiler", "modc.build.miss"}
    assert (loaded & heavy) - _loaded_after("import numpy") == set()
    assert loaded & ours == set()
