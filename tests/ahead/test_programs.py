from __future__ import annotations

import pytest

import modc
import modc.tensor as T
from modc import Method, Module
from modc.ahead.programs import programs_of, requests_of
from modc.ahead.targets import TargetError, resolve
from modc.build import miss


@pytest.fixture(autouse=True)
def nothing_is_compiled(monkeypatch):
    monkeypatch.setattr(miss, "make", lambda *_: pytest.fail("a kernel is compiled"))


def names(found, mode=None, inside=()):
    return [(program.name, mode) for program, mode in programs_of(found, mode, inside)]


def test_every_method_of_a_module_is_found():
    found = [("Acc.add", "c"), ("Pair.total", "c"), ("Pair.twice", "c")]
    assert found == sorted(names(resolve("nets:Pair").found))


def test_mode_check_brings_the_traced_program():
    assert [("Acc.add", "check")] * 2 == names(resolve("nets:Acc").found, "check")


def test_a_mode_of_a_method_or_an_instance_counts_more_than_the_given_one():
    assert [("Checked.total", "check")] * 2 == names(resolve("nets:Checked").found, "numpy")
    x = T.dscalar("x")
    inst = Module(f=Method(x, x + 1)).make(mode="numpy")
    assert [("Module.f", "numpy")] == names(inst, "c")


def test_modc_mode_is_the_default(monkeypatch):
    monkeypatch.setenv("MODC_MODE", "numpy")
    assert [("Acc.add", "numpy")] == names(resolve("nets:Acc").found)


def test_a_path_selects_methods():
    pair = resolve("nets:Pair").found
    assert [("Acc.add", "c")] == names(pair, inside=["acc"])
    assert [("Pair.total", "c")] == names(pair, inside=["total"])
    with pytest.raises(TargetError):
        names(pair, inside=["nope"])


def test_collections_and_functions_have_programs():
    assert [("Acc.add", "c")] * 3 == names(resolve("nets:several").found)
    x = T.dscalar("x")
    assert [("function", "numpy")] == names(modc.function([x], x + 1, mode="numpy"))


def test_the_keys_are_those_of_a_program_that_runs(monkeypatch):
    requests = requests_of(program for program, _ in programs_of(resolve("nets:several").found))
    assert ["Acc.add", "Acc.add"] == [one.name for one in requests]
    acc = resolve("nets:Acc").found
    assert acc.make_no_init(mode="numpy").add.key in {one.key for one in requests}


def test_what_make_refuses_is_refused():
    with pytest.raises(modc.AllocationError):
        programs_of(resolve("nets:unstored").found)
    with pytest.raises(modc.ModeError):
        programs_of(resolve("nets:Acc").found, "fast")
