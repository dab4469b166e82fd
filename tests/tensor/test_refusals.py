"""What NumPy refuses is refused, by the same kind of exception, with the expression and the user's line."""

from __future__ import annotations

import re

import numpy as np
import pytest
from numpy_refusals import ARRAYS, CASES

import modc
import modc.tensor as T

LINES = [line.strip() for line in CASES.strip().splitlines()]


#: Refused by NumPy's own dispatch, or found out when a program is simplified.
PLAIN = ["np.sin(V,V,V)", "np.max(Q[:0],axis=0)", "np.argmax(Q[:0],axis=0)"]


def flat(found):
    if isinstance(found, (tuple, list)):
        return [one for part in found for one in flat(part)]
    return [found]


def refusal(text):
    """The exception that NumPy raises for arrays, or None."""
    with np.errstate(all="ignore"):
        try:
            eval(text, {**ARRAYS, "np": np})
        except Exception as error:
            return error
    return None


def attempt(text, declared, mode):
    """What writing the expression with Variables raises, or else calling it."""
    given = {name: T.TensorType(array.dtype.name, array.shape if declared else [None] * array.ndim)(name) for name, array in ARRAYS.items()}
    found = flat(eval(compile(text, __file__, "eval"), {**given, "np": np}))
    used = [name for name in ARRAYS if re.search(rf"\b{name}\b", text)]
    run = modc.function([given[name] for name in used], [T.as_tensor_variable(one) for one in found], mode=mode, on_unused_input="ignore")
    return run(*(ARRAYS[name] for name in used))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("declared", [True, False], ids=["declared", "open"])
@pytest.mark.parametrize("text", LINES)
def test_what_numpy_refuses_is_refused_with_the_users_line(text, declared):
    error = refusal(text)
    if error is None:
        return  # NumPy warns, or gives something
    kind = TypeError if isinstance(error, TypeError) else type(error)
    if kind is np.linalg.LinAlgError and (not declared or "lstsq" in text):
        kind = ValueError  # sizes that only the call knows, and those of two operands, are a matter of shapes
    with pytest.raises(kind) as caught:
        attempt(text, declared, "numpy")
    names = re.findall(r"\b[A-Z]\b", text)
    if names and text not in PLAIN:
        assert "symbolic" in str(caught.value) or __file__ in str(caught.value)


#: Cases whose failure only a call finds, one of a kind.
CALLED = [
    "np.linalg.inv(S)", "np.linalg.cholesky(N)", "np.max(E)", "np.argmax(E)", "V[I]", "np.take(V,[9])", "M+V", "np.dot(M,V)",
    "np.partition(V,9)", "np.bincount(I-1)", "np.histogram(V,bins=[3,2,1]+0*V[:3])", "np.digitize(V,[1,3,2])", "np.average(V,weights=V*0)",
    "np.insert(V,9,1.0)", "np.quantile(V,V[4])", "np.repeat(V,[1,2,-1,0,0]+0*I[0])", "np.einsum('ii->i',M)", "np.concatenate([M,M[:,:2]])",
    "np.diag_indices_from(M)", "np.quantile(V,0.5,method='inverted_cdf',weights=-V)", "np.unravel_index(I*5,(3,4))", "np.nanargmax(V*np.nan)",
]  # fmt: skip


@pytest.mark.parametrize("mode", ["numpy", "c"])
@pytest.mark.parametrize("text", CALLED)
def test_a_call_that_fails_raises_numpys_exception_shows_the_expression_and_changes_nothing(text, mode):
    error = refusal(text)
    assert error is not None
    given = {name: T.TensorType(array.dtype.name, [None] * array.ndim)(name) for name, array in ARRAYS.items()}
    found = flat(eval(compile(text, __file__, "eval"), {**given, "np": np}))
    used = [name for name in ARRAYS if re.search(rf"\b{name}\b", text)]

    class Counting(modc.Module):
        def __init__(self):
            self.count = T.lscalar(init=0)
            self.run = modc.Method([given[name] for name in used], [T.as_tensor_variable(one) for one in found], {self.count: self.count + 1})

    instance = Counting().make(mode=mode)
    with pytest.raises(type(error)) as caught:
        instance.run(*(ARRAYS[name] for name in used))
    assert "Counting.run" in str(caught.value) and __file__ in str(caught.value)
    assert instance.count == 0
