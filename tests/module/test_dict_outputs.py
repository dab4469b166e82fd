"""Outputs given in a dict come back in one."""

from __future__ import annotations

import copy
import inspect
import pickle

import pytest

import modc
import modc.sparse
import modc.tensor as T
from modc import In, Method, Module, Out, function

X = T.dscalar("x")


def module():
    m = Module(state=T.dscalar(init=1))
    m.add = Method(X, {"new": m.state + X, "old": Out(m.state)}, {m.state: m.state + X})
    m.nothing = Method([], {})
    return m


def test_results_stand_under_the_keys(default_mode):
    inst = module().make()
    assert inst.add(2) == {"new": 3.0, "old": 1.0}
    assert list(inst.add(x=3)) == ["new", "old"]
    assert (inst.state, inst.nothing(), str(inspect.signature(inst.add))) == (6.0, {}, "(x)")
    for one in (copy.deepcopy(inst), pickle.loads(pickle.dumps(inst))):
        assert one.add(1)["new"] == 7.0
    assert inst.state == 6.0


def test_defaults_private_states_and_errors_are_those_of_other_methods():
    m, count = Module(), T.lscalar("count")
    m.f = Method([X, In(count, value=0, update=count + 1)], {"x": X, "count": count})
    inst = m.make(mode="numpy")
    assert [int(inst.f(1)["count"]) for _ in range(3)] == [0, 1, 2]
    assert inst.f[count] == 3
    with pytest.raises(TypeError, match="argument 'x' is missing"):
        inst.f()
    with pytest.raises(TypeError, match="there is no argument 'y'"):
        inst.f(1, y=2)


def test_functions_take_dicts_too():
    assert function([X], {"a": X + 1, "b": X * 2})(3) == {"a": 4.0, "b": 6.0}
    with pytest.raises(ValueError, match="the input x is not used"):
        function([X], {"a": T.constant(1.0)})
    with pytest.raises(TypeError, match="outputs in a dict have strings as keys, not 1"):
        function([X], {1: X})
    with pytest.raises(TypeError, match="an output is no Variable"):
        function([X], {"a": X, "b": "text"})


def test_dicts_hold_sparse_matrices_as_well():
    import scipy.sparse

    s = modc.sparse.csr_matrix("s")
    given = scipy.sparse.random_array((4, 4), density=0.5, format="csr", rng=0)
    found = function([s], {"twice": s * 2.0, "sum": s.sum()})(given)
    assert (found["twice"] != given * 2).nnz == 0
    assert found["sum"] == pytest.approx(given.sum())


def test_such_a_method_prints_its_keys():
    m = module()
    assert str(m.add) == "x -> {new: state + x, old: state}; state <= state + x"
    assert "    output new: state + x\n    output old: state\n" in m.pretty()


def test_an_export_has_one_output_for_each(tmp_path):
    done = modc.export(module(), tmp_path, name="dicts")
    add = next(one for one in done.model.functions if one.key == "add")
    assert len(add.outputs) == 2
