"""A Python project without modc: built and used in an environment that has cffi, NumPy and setuptools only."""

from __future__ import annotations

import subprocess
import textwrap
import zipfile

import numpy as np
import pytest
from export_zoo import ROWS
from fresh import fresh_venv, pip

import modc
import modc.tensor as T
from modc import In, Method, Module
from modc.embed.model import model_of
from modc.embed.options import Options
from modc.embed.python_project import class_name, files, literal, runtime
from modc.errors import ExportError


class Inner(Module):
    def __init__(self):
        super().__init__()
        self.w = T.fmatrix(init=np.arange(6, dtype="float32").reshape(2, 3))
        x = T.fvector("x")
        self.apply = Method(x, T.dot(self.w, x), doc='Says "\\d" and \'é\' and """quotes""".')


class Everything(Module):
    """Members and Methods of many kinds."""

    def __init__(self):
        super().__init__()
        self.layers = [Inner(), Inner()]
        self.count = T.lscalar(init=1)
        self.ready = T.tensor("bool", (), init=True)
        self.log = T.dvector(init=np.arange(3.0))
        self.fixed = T.dvector(init=np.array([0.5, np.inf]))
        self.lamp = T.dscalar(init=0.1)
        x, by, at, level = T.dvector("x"), T.dscalar("by"), T.lscalar("at"), T.dscalar("level")
        y, left = T.dvector("y"), T.dvector("left")
        longer = T.concatenate([self.log, x])
        self.push = Method([x, In(by, value=2.5)], [self.log.sum() + self.count, longer * by], {self.log: longer, self.count: self.count + 1})
        self.pick = Method([at], self.log[at])
        self.less = Method([at], [at < 3])
        self.pair = Method([left, In(y, value=[1.0, np.nan])], left * y + self.fixed)
        self.later = Method([In(level, value=1.0, update=level * 2)], level + 1)
        self.wait = Method([], None, {self.lamp: self.lamp * 3})


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """(python of a fresh environment with the package installed, folder of the project, folder of the wheel)."""
    folder = tmp_path_factory.mktemp("project")
    done = modc.export(Everything(), folder / "out", name="every", most={"log.0": 8, "push.x.0": 4}, freeze=["fixed"], wrappers=["python"])
    assert "python/src/every/_runtime/model.py" in done.files
    python = fresh_venv(folder / "venv", "numpy", "cffi", "pycparser", "setuptools")
    pip(python, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", folder / "wheel", folder / "out" / "python")
    (wheel,) = (folder / "wheel").iterdir()
    pip(python, "install", "--no-deps", "--no-index", wheel)
    return python, folder / "out" / "python", wheel


def run(python, *command):
    return subprocess.run([python, "-W", "error", *command], capture_output=True, text=True, check=False, env={}, cwd="/")


def test_the_projects_own_tests_pass(place):
    python, project, _ = place
    done = run(python, project / "tests" / "test_selftest.py")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("passed") == 3


@pytest.mark.parametrize("name", ["every_dtype", "bad_names", "open_sizes"])
def test_projects_of_all_kinds_pass_their_own_tests(place, tmp_path, name):
    python, _, _ = place
    make, options = ROWS[name]
    modc.export(make(), tmp_path / "out", **{"name": f"z_{name}", **options}, wrappers=["python"])
    project = tmp_path / "out" / "python"
    subprocess.run([python, "setup.py", "-q", "build_ext", "--inplace"], cwd=project, check=True, capture_output=True)
    program = f"import sys; sys.path.insert(0, {str(project / 'src')!r}); import runpy; runpy.run_path({str(project / 'tests/test_selftest.py')!r}, run_name='__main__')"
    done = run(python, "-c", program)
    assert (done.returncode, done.stderr) == (0, "")


def test_one_wheel_serves_every_python(place):
    _, _, wheel = place
    assert wheel.name.startswith("every-0.1.0-cp311-abi3-")
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.startswith("every/_every.") and "cpython" not in name for name in names)
    assert {"every/py.typed", "every/__init__.pyi"} <= set(names)


PROGRAM = """
import copy, pickle, sys, threading
import numpy as np
import every
from every import Everything, ShapeError

assert "modc" not in sys.modules
one = Everything(count=5)

# members are live views
assert (one.count, one.count.dtype, one.count.shape) == (5, np.int64, ())
view = one.lamp
one.wait()
assert view == one.lamp == 0.1 * 3
view[...] = 4
assert one.lamp == 4
one.lamp = 2
assert view == 2
assert one.log.shape == (3,)
assert one["layers.1.w"].shape == (2, 3) == one.layers[1].w.shape == one["layers"]["1"]["w"].shape
one.layers[1].w[0, 0] = 7
one["layers.0.w"] = np.ones((2, 3), "f")
assert one.layers[0].apply([1, 2, 3]).tolist() == [6, 6] and one.layers[1].w[0, 0] == 7
assert list(one.layers) == ["0", "1"] and len(one.layers) == 2
assert np.isinf(one.fixed[1]) and not one.fixed.flags.writeable
assert one.ready == True and one.ready.dtype == bool

# results are fresh arrays; sizes follow the call
total, longer = one.push([1, 2])
assert (float(total), longer.tolist(), one.log.tolist()) == (8.0, [0, 2.5, 5, 2.5, 5], [0, 1, 2, 1, 2])
total, longer = one.push(by=1.0, x=np.array([9.0]))
assert longer.tolist() == one.log.tolist() == [0, 1, 2, 1, 2, 9]
assert not np.shares_memory(longer, one.log)
assert total.shape == () and isinstance(one.less(2), list) and one.less(2)[0].dtype == bool
assert one.push.__name__ == "push" and str(one.push.__signature__) == "(x, by=2.5)", one.push.__signature__
one.push["by"] = 3.0
assert one.push([])[1].tolist() == [0, 3, 6, 3, 6, 27]
assert one.pair(one.fixed)[0] == 1.0 and np.isnan(one.pair([1, 1])[1])
assert one.wait() is None
one.log = [1.0, 2.0]
assert one.pair(one.log).tolist()[0] == 1.5

# private states
assert [float(one.later()) for _ in range(3)] == [2, 3, 5] and one["later.level"] == 8 == one.later["level"]
assert float(one.later(10)) == 11 and one.later["level"] == 20
one.later["level"] = 1
assert float(one.later()) == 2

# the errors of modc
def refused(kind, text, work):
    try:
        work()
    except kind as error:
        assert text in str(error), str(error)
    else:
        raise AssertionError(text)

before = one.state_dict()
refused(TypeError, "push: argument 'x' is missing (inputs: x, by)", lambda: one.push())
refused(TypeError, "push: there is no argument 'byy', did you mean 'by'?", lambda: one.push([1], byy=2))
refused(TypeError, "argument 'x' expects float64 vector, got str 'a'", lambda: one.push("a"))
refused(TypeError, "argument 'at' expects int64 scalar, got float 1.5: it is no whole number", lambda: one.pick(1.5))
refused(TypeError, "got array of float64 with shape (3,)", lambda: one.layers[0].apply(np.zeros(3)))
refused(ShapeError, "axis 0 must have size 3", lambda: one.layers[0].apply([1, 2]))
refused(ShapeError, "argument 'x' has shape (5,): axis 0 has room for 4", lambda: one.push(np.zeros(5)))
refused(IndexError, "pick: an index is out of bounds in log[at]", lambda: one.pick(99))
one.push([1, 2, 3, 4])
one.push([1, 2, 3, 4])
refused(ShapeError, "room", lambda: one.push([1, 2, 3, 4]))
assert one.log.shape == (10,)
refused(TypeError, "Cannot set readonly storage: fixed", lambda: setattr(one, "fixed", 1))
refused(TypeError, "'push' is a Method: it cannot be replaced", lambda: setattr(one, "push", 1))
refused(TypeError, "member 'count' cannot be None", lambda: setattr(one, "count", None))
refused(ShapeError, "member 'log' has shape (13,): axis 0 has room for", lambda: setattr(one, "log", np.zeros(13)))
refused(AttributeError, "Everything has no member 'nothing'", lambda: setattr(one, "nothing", 1))
refused(AttributeError, "no member or Method 'nothing'", lambda: one.nothing)
refused(TypeError, "has members of its own", lambda: setattr(one, "layers", 1))
refused(TypeError, "Everything has no member 'push'", lambda: Everything(push=1))
refused(KeyError, "missing ['count'", lambda: one.load_state_dict({"log": [1.0]}))
refused(TypeError, "member 'count' expects int64 scalar", lambda: one.load_state_dict({"log": [1.0], "count": "x"}, strict=False))
assert one.log.shape == (10,)

# several objects, copies, pickles, threads
other = copy.deepcopy(one)
one.reset()
assert (one.count, other.count, one.log.shape, other.log.shape) == (1, before["count"] + 2, (3,), (10,))
assert pickle.loads(pickle.dumps(other)).state_dict().keys() == one.state_dict().keys()
assert pickle.loads(pickle.dumps(other)).log.tolist() == other.log.tolist()
one.load_state_dict(other.state_dict())
assert one.log.tolist() == other.log.tolist()
one.reset()
one.log = []
work = [threading.Thread(target=lambda: [one.push([]) for _ in range(500)]) for _ in range(4)]
[each.start() for each in work], [each.join() for each in work]
assert one.count == 2001
print("done")
"""


def test_the_class_follows_the_conventions_of_modc(place, tmp_path):
    python, _, _ = place
    (tmp_path / "program.py").write_text(PROGRAM)
    done = run(python, tmp_path / "program.py")
    assert (done.stdout, done.stderr) == ("done\n", "")


def test_the_numbers_are_those_of_modc(place, tmp_path):
    python, _, _ = place
    program = """
        import numpy as np, sys
        from every import Everything
        one, rng = Everything(), np.random.default_rng(0)
        found = [one.layers[1].apply(rng.normal(size=3).astype("f")) for _ in range(5)]
        np.save(sys.argv[1], found)
    """
    (tmp_path / "program.py").write_text(textwrap.dedent(program))
    assert run(python, tmp_path / "program.py", tmp_path / "found.npy").returncode == 0
    one, rng = Everything().make(mode="c"), np.random.default_rng(0)
    expected = [one.layers[1].apply(rng.normal(size=3).astype("f")) for _ in range(5)]
    np.testing.assert_allclose(np.load(tmp_path / "found.npy"), expected, rtol=1e-4)


def test_the_stubs_are_the_types(place):
    pytest.importorskip("mypy", reason="extra modc[dev]")
    _, project, _ = place
    program = project.parent / "typed.py"
    program.write_text("from every import Everything\none = Everything(count=3)\none.log = [1.0]\nreveal_type(one.pick(2))\none.pick('x', 3)\n")
    command = ["-m", "mypy", "--strict", "--cache-dir", "/dev/null", str(program)]
    import sys

    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False, env={"MYPYPATH": str(project / "src")})
    assert "numpy.ndarray[builtins.tuple[Any, ...], numpy.dtype[numpy.floating[numpy._typing._nbit_base._64Bit]]]" in done.stdout or "float64" in done.stdout
    assert done.stdout.count("error:") == 1, done.stdout
    assert "Too many arguments" in done.stdout


def test_the_copied_files_import_nothing_of_modc():
    for name, text in runtime().items():
        assert "import modc" not in text, name
        assert "from modc" not in text, name


def test_the_project_is_the_same_each_time():
    first, second = (files(model_of(Everything(), Options(name="every", most={"log.0": 8, "push.x.0": 4}))) for _ in range(2))
    assert first == second
    assert b"modcblob" not in b"".join(data for data in first.values() if isinstance(data, bytes))


@pytest.mark.parametrize("title, name, expected", [("PID", "pid", "PID"), ("class", "x_y", "XY"), ("my module", "mine", "Mine"), ("lower", "lower", "Lower")])
def test_the_class_is_called_as_the_module_or_as_the_export(title, name, expected):
    import types

    assert class_name(types.SimpleNamespace(title=title, name=name)) == expected


@pytest.mark.parametrize("name, reason", [("lambda", "a word of Python"), ("numpy", "a package that Python has already"), ("heapq", "a package")])
def test_a_name_that_python_has_is_refused(tmp_path, name, reason):
    with pytest.raises(ExportError, match=rf"cannot be called {name}: that is {reason}[^\n]*\n  hint: --name {name}_model"):
        modc.export(Inner(), tmp_path / "out", name=name, wrappers=["python"])
    assert list(tmp_path.iterdir()) == []


def test_a_module_without_members_is_a_package_too(tmp_path):
    x = T.dscalar("x")
    found = files(model_of(modc.function([x], 2 * x), Options(name="twice")))
    assert "class Twice(Exported):" in found["python/src/twice/__init__.py"]


def test_defaults_are_written_as_python():
    assert literal(np.array([[1.5, np.inf], [np.nan, -np.inf]])) == '[[1.5, float("inf")], [float("nan"), float("-inf")]]'
    assert (literal(np.array(True)), literal(np.int64(3))) == ("True", "3")
