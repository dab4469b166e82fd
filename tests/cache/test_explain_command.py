"""`modc cache explain`: targets, packages, factories that misbehave, and what is printed."""

from __future__ import annotations

import json
import sys

import pytest
from click.testing import CliRunner
from wheel_packages import models, pack

import modc
import modc.runtime
from modc.ahead.targets import TargetError
from modc.build import entry, load, shipped, target
from modc.cli.main import main
from modc.graph.fingerprint import fingerprint

FILE = """
import modc.tensor as T
from modc import Method, Module

class Acc(Module):
    def __init__(self):
        self.state, self.inc = T.dscalar(), T.dscalar()
        self.add = Method(self.inc, self.state + self.inc, {self.state: self.state + self.inc})
        self.twice = Method(self.inc, 2 * self.inc)
"""


def one(what):
    (found,) = modc.cache.explain(what)
    return found


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package with its kernel in it; the kernel's path."""
    folder = tmp_path / "shop"
    (folder / "_modc").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "_modc" / "manifest.json").write_text("{}")
    (folder / "parts.py").write_text(FILE)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(shipped, "_beside", {})
    monkeypatch.setattr(shipped, "_known", {})
    import shop.parts  # type: ignore[import-not-found]

    found = shop.parts.Acc().make_no_init(mode="numpy").add.program
    key = fingerprint(found, {})
    level = target.target_level()
    data = entry.pack(0, load.entry_name(key, level), "0" * 64, b"image", b"note")
    path = folder / "_modc" / shipped.file_name(key, level)
    path.write_bytes(data)
    yield path
    for name in [name for name in sys.modules if name.partition(".")[0] == "shop"]:
        del sys.modules[name]


def test_a_kernel_that_came_with_a_package_is_a_hit(package):
    found = one("shop.parts:Acc.add")
    assert ("hit", str(package), str(package.parent)) == (found.state, found.path, found.directory)


def test_a_damaged_kernel_of_a_package_is_named(package, setting):
    package.write_bytes(package.read_bytes()[:-1])
    found = one("shop.parts:Acc.add")
    assert ("miss", "damage", str(package), "install the package again") == (
        found.state, found.reasons[0].part, found.reasons[0].wanted, found.reasons[0].remedy,
    )  # fmt: skip
    setting(MODC_PACKAGED="0")
    assert ["entry"] == [why.part for why in one("shop.parts:Acc.add").reasons]


def test_a_package_as_it_is_built_is_explained(tmp_path):
    if modc.runtime.KIND == "numpy":
        pytest.skip("no kernel can be called")
    text = """
class Gain(Module):
    def __init__(self):
        x = T.dvector("x")
        self.run = Method(x, x * 2)
"""
    packed = pack(tmp_path, text, {"gain": "Gain"})
    found = one(models(packed).Gain())
    assert ("hit", str(packed.folder)) == (found.state, found.directory)
    loaded = modc.runtime.load(str(packed.path))()
    assert [2.0] == loaded.run([1.0]).tolist()
    assert () == modc.cache.explain(loaded)  # it has no graph to ask for another kernel


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["cache", "explain", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_the_command_prints_a_line_for_each_method_and_its_reasons(tmp_path):
    path = tmp_path / "acc.py"
    path.write_text(FILE)
    code, text = run(f"{path}:Acc")
    assert (1, 2) == (code, text.count("found no kernels at all"))
    namespace: dict[str, object] = {}
    exec(FILE, namespace)
    namespace["Acc"]().make(state=0)  # type: ignore[operator]
    code, text = run(f"{path}:Acc")
    assert (0, ["hit   Acc.add  /", "hit   Acc.twice "]) == (
        code,
        [line[:16] for line in text.splitlines()],
    )
    path.write_text(FILE.replace("2 *", "3 *"))
    code, text = run(f"{path}:Acc.twice")
    assert (1, True) == (code, "graph: wanted " in text)
    assert "        -    out0  = 2.0 * inc" in text
    assert "        -> `modc warm`" in text
    assert 2 == run("nowhere.py:Acc")[0]
    assert 2 == run("nonsense")[0]
    assert 2 == run()[0]


HOSTILE = """
from modc import ComponentList, Module
from acc import Acc

class Mute(Exception):
    def __str__(self):
        raise RuntimeError

def mute():
    raise Mute

def endless():
    found = []
    found.append(found)
    return found

def leaves():
    raise SystemExit(3)

def empty():
    return Module()

def twins():
    print("talks")
    return ComponentList(Acc(), Acc())
"""


@pytest.mark.parametrize(
    ("name", "said"),
    [("mute", "mute() raised Mute"), ("endless", "endless() gives no Module"),
     ("leaves", "raised SystemExit: 3"), ("empty", "there are no Methods")],
)  # fmt: skip
def test_a_factory_that_misbehaves_is_a_reason(name, said, tmp_path):
    (tmp_path / "acc.py").write_text(FILE)
    (tmp_path / "hostile.py").write_text(HOSTILE)
    code, text = run(f"{tmp_path / 'hostile.py'}:{name}")
    assert (1, True) == (code, said in text), text


def test_what_has_no_methods_is_refused():
    for what, name in (
        (3, "int"),
        (modc.Module, "Module"),
        ([None], "NoneType"),
        (print, "builtin"),
    ):
        with pytest.raises(TargetError, match=f"{name}.* is no Module, instance or Method"):
            modc.cache.explain(what)
    assert () == modc.cache.explain([])


def test_a_kernel_that_two_methods_share_is_explained_once(tmp_path, monkeypatch):
    (tmp_path / "acc.py").write_text(FILE)
    (tmp_path / "hostile.py").write_text(HOSTILE)
    monkeypatch.syspath_prepend(str(tmp_path))
    result = CliRunner().invoke(
        main, ["cache", "explain", f"{tmp_path}/hostile.py:twins", "--json"]
    )
    rows = json.loads(result.stdout)
    assert ["Acc.add", "Acc.twice"] == [row["name"] for row in rows]


def test_the_command_prints_json(tmp_path):
    path = tmp_path / "acc.py"
    path.write_text(FILE)
    code, text = run(f"{path}:Acc", "--json")
    rows = json.loads(text)
    assert (1, ["miss", "miss"]) == (code, [row["state"] for row in rows])
    assert ["entry"] == [why["part"] for why in rows[0]["reasons"]]
