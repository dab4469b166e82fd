"""Parameters may be given under the names that NumPy, Theano and PyTensor have for them."""

from __future__ import annotations

import inspect
import pickle

import numpy as np
import pytest

import modc.tensor as T
from modc.tensor import spellings

TABLE = spellings.table(vars(T))

#: Of NumPy's functions: where things are put, in which layout, and by which rule of casting. Expressions have none of these.
LAYOUT = {"casting", "device", "like", "order", "out", "subok"}
MISSING = {
    "fromfunction": {"kwargs"}, "geomspace": {"axis"}, "logspace": {"axis"}, "matrix": {"data", "copy"}, "polyfit": {"full", "cov"},
    "reshape": {"copy"}, "trim_zeros": {"axis"},
}  # fmt: skip
COMMON = [
    name
    for name in sorted(set(T.__all__) & set(dir(np)))
    if inspect.isfunction(getattr(T, name)) and not isinstance(getattr(np, name), (np.ufunc, type))
]


def keywords(function):
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:  # of some functions in C
        return set()
    return {one.name for one in parameters if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)}


@pytest.mark.parametrize("name", COMMON)
def test_the_names_of_numpys_parameters_are_taken(name):
    ours = set(inspect.signature(getattr(T, name)).parameters) | set(TABLE.get(name, {}))
    assert keywords(getattr(np, name)) - ours - LAYOUT - MISSING.get(name, set()) == set()


@pytest.mark.parametrize("name", TABLE)
def test_other_names_lead_to_parameters(name):
    ours = inspect.signature(getattr(T, name)).parameters
    for other, target in TABLE[name].items():
        assert other not in ours or ours[other].kind is ours[other].VAR_POSITIONAL
        assert target is None or target == "*" or target in ours


X = T.dmatrix("x")
CALLS = {
    "concatenate": (lambda: T.concatenate(tensor_list=[X, X], axis=1), lambda: T.concatenate([X, X], 1)),
    "stack": (lambda: T.stack(tensors=[X, X]), lambda: T.stack([X, X])),
    "eye": (lambda: T.eye(N=2, M=3), lambda: T.eye(2, 3)),
    "sum": (lambda: T.sum(input=X, axis=0), lambda: T.sum(X, 0)),
    "max": (lambda: T.amax(a=X), lambda: T.max(X)),
    "shape_padright": (lambda: T.shape_padright(X, n_ones=2), lambda: T.shape_padright(X, 2)),
    "reshape": (lambda: T.reshape(X, newshape=(-1,)), lambda: T.reshape(X, (-1,))),
    "set_subtensor": (lambda: T.set_subtensor(x=X[0], y=1), lambda: T.set_subtensor(X[0], 1)),
    "where": (lambda: T.where(cond=X > 0, ift=X, iff=0), lambda: T.where(X > 0, X, 0)),
    "where of numpy": (lambda: T.where(X > 0, x=X, y=0), lambda: T.where(X > 0, X, 0)),
    "no meaning": (lambda: T.prod(X, no_zeros_in_input=True), lambda: T.prod(X)),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_with_other_names_is_the_same_expression(name):
    other, ours = (build() for build in CALLS[name])
    assert other.node is ours.node


def test_wrong_names_are_refused():
    with pytest.raises(TypeError, match=r"sum\(\) got both 'a' and 'x', which are one argument"):
        T.sum(x=X, a=X)
    with pytest.raises(TypeError, match=r"sum\(\) got both 'input' and 'x'|sum\(\) got both 'a' and 'x'"):
        T.sum(a=X, input=X)
    with pytest.raises(TypeError, match="unexpected keyword argument 'foo'"):
        T.sum(X, foo=1)
    with pytest.raises(TypeError, match="multiple values for argument"):
        T.sum(X, a=X)


def test_functions_keep_their_names_and_identities():
    assert T.amax is T.max
    assert (T.sum.__name__, str(inspect.signature(T.concatenate))[:7]) == ("sum", "(arrays")
    for function in (T.amax, T.reshape, T.where):
        assert pickle.loads(pickle.dumps(function)) is function
