"""What cannot be exported: a one-line reason, a remedy, and nothing written."""

from __future__ import annotations

import os
import stat

import numpy as np
import pytest
from export_zoo import module

import modc
import modc.tensor as T
from modc import ExportError, Method, Module


def dot():
    x = T.dmatrix("x")
    m = module(w=T.dvector("w"))
    m.f = Method(x, T.dot(x, m.w), {m.w: m.w * 2})
    return m.make(w=[1.0, 2.0])


def growing():
    x = T.dvector("x")
    m = module(w=T.dvector("w"))
    m.f = Method(x, m.w.sum(), {m.w: T.concatenate([m.w, x])})
    return m.make(w=[1.0, 2.0])


def clash():
    x = T.dscalar("x")
    m = module(get_a=T.dscalar("a"))
    m.parts = module(a=T.dscalar("q"))
    m.parts_a = T.dscalar("z")
    m.f = Method(x, x + m.parts_a)
    return m.make(get_a=1.0, parts={"a": 1.0}, parts_a=1.0)


def named(name):
    """A Module with a Method of this name."""
    def make():
        m = Module()
        setattr(m, name, Method(T.dscalar("x"), None))
        return m.make()

    return make


def empty():
    return module(a=T.dscalar("a")).make(a=1.0)


def of_complex(where):
    z = T.zscalar("z")

    def make():
        if where == "member":
            return module(z=z, f=Method([], z.real)).make(z=1j)
        return module(f=Method(z, abs(z)) if where == "argument" else Method(T.dscalar("x"), T.complex(1.0, T.dscalar("x")))).make()

    return make


CASES = {
    "a complex member": (of_complex("member"), {}, "z is complex128: the exported interface has real numbers only", "T.complex"),
    "a complex argument": (of_complex("argument"), {}, "f: z is complex128", "T.complex"),
    "no size": (dot, {}, "f: no size is known for x.0, and C without malloc needs one", "--size x.0=64"),
    "unknown size": (dot, {"sizes": {"x.0": 2, "y": 3}}, "--size y: there is no such dimension, input or member", "name a dimension"),
    "unknown maximum": (dot, {"most": {"x.0": 3, "q": 3}}, "--max q: there is no such dimension, input or member", "name a dimension"),
    "a size that is none": (dot, {"sizes": {"x.0": -1}}, "--size x.0=-1: a size is a number from 0 on", "64"),
    "a size that is true": (dot, {"sizes": {"x.0": True}}, "a size is a number from 0 on", "64"),
    "sizes that do not go together": (dot, {"sizes": {"x": (4, 3)}}, "f", "go together"),
    "growth without room": (growing, {"sizes": {"x": 3}}, "f changes the size of w on axis 0 from 2 to 5", "give it room: --max w.0=5"),
    "a name clash": (clash, {}, "", "--rename"),
    "a Method named as what every export has": (named("init"), {}, "Method init would be made_init in C, and so is every export", "--rename init="),
    "unknown rename": (dot, {"sizes": {"x.0": 2}, "rename": {"q": "a"}}, "--rename q: nothing has this name", "name a member"),
    "a rename to no name": (dot, {"sizes": {"x.0": 2}, "rename": {"w": "1w"}}, "--rename w=1w: that is no free C name", ""),
    "a rename to a keyword": (dot, {"sizes": {"x.0": 2}, "rename": {"w": "double"}}, "--rename w=double: that is no free C name", ""),
    "unknown freeze": (dot, {"sizes": {"x.0": 2}, "freeze": ["q"]}, "--freeze q: there is no such member", "members: w"),
    "a frozen member that is written": (dot, {"sizes": {"x.0": 2}, "freeze": ["w"]}, "--freeze w: a Method writes it", "only read"),
    "unknown Method": (dot, {"only": ["g"]}, "--only g: there is no such Method", "Methods: f"),
    "a name with a space": (dot, {"name": "a b"}, "'a b' cannot be the name of an export", "--name controller"),
    "a keyword as name": (dot, {"name": "double"}, "'double' cannot be the name of an export", "--name controller"),
    "the name of a standard header": (dot, {"name": "stdint"}, "'stdint' cannot be the name of an export", "--name controller"),
    "a name in capitals": (dot, {"name": "PID"}, "'PID' cannot be the name of an export: macros are in capitals", "--name pid"),
    "a Method with a name of the C text": (named("layout"), {}, "Method layout would be made_layout in C", "--rename layout="),
    "a Method called as a constant": (named("blob_head"), {}, "Method blob_head would be made_blob_head in C", "--rename blob_head="),
    "a long name": (dot, {"name": "a" * 64}, "cannot be the name of an export", "--name controller"),
    "an unknown real type": (dot, {"real": "float16"}, "real='float16': choose float64 or float32", ""),
    "an unknown wrapper": (dot, {"sizes": {"x.0": 2}, "wrappers": ["cobol"]}, "there is no wrapper 'cobol'", "choose from"),
    "no Method": (empty, {}, "has no Method", "export a Module that has one"),
    "no Module": (lambda: 3, {}, "not int", "make()"),
}


@pytest.mark.parametrize("what", CASES)
def test_it_is_refused_in_one_line_with_a_remedy_and_nothing_is_written(what, tmp_path):
    make, options, reason, hint = CASES[what]
    with pytest.raises(ExportError) as error:
        modc.export(make(), tmp_path / "out", **{"name": "made", **options})
    first, *rest = str(error.value).split("\n")
    assert reason in first
    assert hint in "\n".join(rest)
    assert list(tmp_path.iterdir()) == []


def test_sizes_that_only_data_decide_are_refused(tmp_path):
    x = T.lvector("x", shape=(4,))
    n = x.sum()
    with pytest.raises(ExportError, match=r"f|size|data"):
        modc.export(module(f=Method(x, T.arange(n))).make(mode="numpy"), tmp_path / "out", name="made")
    assert list(tmp_path.iterdir()) == []


def exported(place):
    return modc.export(dot(), place, name="made", sizes={"x.0": 2}, golden=0)


def test_a_directory_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("kept")
    with pytest.raises(ExportError, match="not empty"):
        exported(tmp_path / "out")
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["mine"]
    assert [one.name for one in tmp_path.iterdir()] == ["out"]


def test_files_and_links_are_left_alone(tmp_path):
    (tmp_path / "file").write_text("kept")
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "there")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for name, reason in (("file", "is a file"), ("link", "is a link"), ("dangling", "is a link"), ("file/below", "cannot be made")):
        with pytest.raises(ExportError, match=reason):
            exported(tmp_path / name)
    assert (tmp_path / "file").read_text() == "kept"
    assert list((tmp_path / "there").iterdir()) == []
    assert not (tmp_path / "nowhere").exists()


def test_an_empty_directory_and_new_parents_are_fine(tmp_path):
    (tmp_path / "out").mkdir()
    for place in (tmp_path / "out", tmp_path / "a" / "b" / "c"):
        found = exported(place)
        assert set(found.files) == {str(one.relative_to(place)) for one in place.rglob("*") if one.is_file()}
        assert stat.S_IMODE(os.stat(place).st_mode) & 0o500 == 0o500
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a", "out"]


def test_a_failure_while_writing_leaves_nothing(tmp_path, monkeypatch):
    from pathlib import Path

    real = Path.write_bytes

    def full(self, data):
        if self.name.endswith("_selftest.c"):
            raise OSError(28, "No space left on device")
        return real(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ExportError, match="No space left"):
        exported(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(ExportError, match="cannot be made"):
        exported(tmp_path / "locked" / "out")


def test_a_kernel_that_differs_from_numpy_is_not_exported(tmp_path, monkeypatch):
    instance = dot()
    import modc.embed.golden as golden

    def differs(executable, watch_nan=True):
        def run(inputs, members):
            raise modc.CheckError("Module.f: the value of x @ w differs at (0,)")
        return run

    real = golden.isolated

    def wrong(executable, program):
        kernel = real(executable, program)

        def run(inputs, members):
            outputs, updates = kernel(inputs, members)
            return [one + 1e-9 for one in outputs], updates
        return run

    monkeypatch.setattr(golden, "checked", differs)
    modc.export(instance, tmp_path / "near", name="made", sizes={"x.0": 2})  # the kernel is as near as roundings bring it
    monkeypatch.setattr(golden, "isolated", wrong)
    with pytest.raises(ExportError, match="differs at"):
        modc.export(instance, tmp_path / "out", name="made", sizes={"x.0": 2})
    assert [one.name for one in tmp_path.iterdir()] == ["near"]
    assert np.allclose(instance.w, [1, 2])
