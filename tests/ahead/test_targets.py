from __future__ import annotations

import os
import sys

import pytest

import modc
from modc.ahead.targets import TargetError, entry_points, inside, method_of, resolve
from modc.build import miss


@pytest.fixture(autouse=True)
def nothing_is_compiled(monkeypatch):
    monkeypatch.setattr(miss, "make", lambda *_: pytest.fail("a kernel is compiled"))


@pytest.mark.parametrize("where", ["nets", "nets.py"])
def test_a_class_is_called(where):
    target = resolve(f"{where}:Acc")
    assert ("Acc", [], "Acc") == (target.name, target.names, type(target.found).__name__)


def test_names_inside_are_kept_for_later():
    target = resolve("nets.py:Pair.acc.add")
    assert ("Pair", ["acc", "add"]) == (target.name, target.names)


@pytest.mark.parametrize("name", ["made", "ready", "several"])
def test_functions_instances_and_collections_are_targets_and_compile_nothing(name):
    assert resolve(f"nets:{name}").found is not None


def test_a_factory_may_use_its_instance_and_leaves_the_settings_alone():
    before = modc.config.get("MODC_RUNTIME")
    assert 3.0 == resolve("nets:made").found.state
    assert before == modc.config.get("MODC_RUNTIME")


def test_a_factory_that_changes_the_directory_is_brought_back(home):
    (home / "fleet.py").write_text("import os\nos.chdir('/')\nfrom nets import Acc\ndef made():\n    os.chdir('/')\n    return Acc()\n")
    resolve("fleet.py:made")
    assert str(home) == os.getcwd()


TOP = """
import modc, modc.tensor as T
x = T.dscalar("x")
double = modc.function([x], 2 * x)
class Net(modc.Module):
    def __init__(self):
        self.f = modc.Method(x, x + 1)
"""


@pytest.mark.parametrize(("text", "mode"), [("fleet:Net", "c"), ("fleet.py:Net", "numpy")])
def test_functions_of_a_module_that_the_process_shares_stay_compiled(text, mode, home, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setenv("MODC_CACHE_DIR", str(home / "cache"))
    monkeypatch.chdir(home)
    (home / "fleet.py").write_text(TOP)
    found = resolve(text, shared=True).found
    assert mode == sys.modules[type(found).__module__].double.mode if mode == "c" else "fleet" not in sys.modules


def test_functions_of_a_module_that_a_command_imports_are_not_compiled(home):
    (home / "fleet.py").write_text(TOP)
    resolve("fleet:Net")
    assert "numpy" == sys.modules["fleet"].double.mode


def test_a_path_leads_to_a_file_and_to_what_lies_beside_it(home):
    (home / "far").mkdir()
    (home / "far" / "beside.py").write_text("from nets import Acc as Base\n")
    (home / "far" / "nets.py").write_text((home / "nets.py").read_text())
    (home / "far" / "here.py").write_text("from beside import Base\nclass Here(Base): pass\n")
    before = list(sys.path)
    assert "Here" == type(resolve("far/here.py:Here").found).__name__
    assert before == sys.path
    sys.modules.pop("beside")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "'' is no target"),
        ("Acc", "'Acc' is no target"),
        ("nets:", "'nets:' is no target"),
        (":Acc", "':Acc' is no target"),
        ("nets:Acc.", "'nets:Acc.' is no target"),
        ("nowhere.py:Acc", "there is no file nowhere.py"),
        ("nowhere:Acc", "there is no module 'nowhere'"),
        ("nowhere.at.all:Acc", "there is no module 'nowhere.at.all'"),
        ("nets.inner:Acc", "there is no module 'nets.inner'"),
        ("nets/x:Acc", "there is no module 'nets/x'"),
        ("nets:Nope", "nets has no 'Nope'"),
        ("nets.py:Nope", "Modules there: Acc, Checked, Masked, Needy, Pair, Sized, ready"),
    ],
)
def test_what_names_nothing_is_a_wrong_command_line(text, reason):
    with pytest.raises(TargetError) as caught:
        resolve(text)
    assert reason in str(caught.value)
    assert (True, 2) == (caught.value.usage, caught.value.exit_code)
    assert "\n  hint: " in str(caught.value)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("raises", "nets:raises() raised RuntimeError: no model file"),
        ("leaves", "nets:leaves() raised SystemExit: 3"),
        ("Needy", "nets:Needy() raised TypeError: "),
        ("number", "nets:number() gives no Module and no instance, but int"),
        ("plain", "nets:plain is no Module, instance or factory, but int"),
    ],
)
def test_what_does_not_work_is_a_failure_with_its_reason(name, reason):
    with pytest.raises(TargetError) as caught:
        resolve(f"nets:{name}")
    assert str(caught.value).startswith(reason)
    assert 1 == str(caught.value).count("\n  hint: ")
    assert (False, 1) == (caught.value.usage, caught.value.exit_code)


@pytest.mark.parametrize("code", ["raise OSError('disk')", "import nothing_like_it", "def (", "raise SystemExit(1)"])
@pytest.mark.parametrize("where", ["fleet", "fleet.py"])
def test_a_module_that_cannot_be_imported_is_a_failure_with_its_reason(home, code, where):
    (home / "fleet.py").write_text(code)
    with pytest.raises(TargetError, match=r"could not be loaded: .*\n  hint: ") as caught:
        resolve(f"{where}:Acc")
    assert not caught.value.usage


def test_an_installed_entry_point_is_a_target(install):
    install("fleet", pid="nets:Acc", pair="nets:Pair")
    assert {"pair": "nets:Pair", "pid": "nets:Acc"} == entry_points()
    assert "Acc" == type(resolve("pid").found).__name__
    with pytest.raises(TargetError, match=r"'acc' is no target\n.*\(pair, pid\)"):
        resolve("acc")


def test_an_entry_point_of_two_packages_is_refused(install):
    install("fleet", pid="nets:Acc")
    install("other", pid="nets:Pair")
    with pytest.raises(TargetError, match=r"in several packages: nets:(Acc|Pair), nets:(Acc|Pair)") as caught:
        resolve("pid")
    assert caught.value.usage


def test_a_path_inside_an_instance_leads_to_parts_and_methods():
    pair = resolve("nets:Pair").found.make_no_init(mode="numpy")
    assert pair.acc is inside(pair, ["acc"])
    assert "Acc.add" == method_of(pair, ["acc", "add"]).program.name
    assert "Acc.add" == method_of({"p": [pair]}, ["p", "0", "acc", "add"]).program.name
    for names in (["nope"], ["acc", "nope"], ["acc", "0"]):
        with pytest.raises(TargetError, match=r"Methods there: (acc\.add, )?total, twice"):
            inside(pair, names)
    with pytest.raises(TargetError, match="acc is no Method"):
        method_of(pair, ["acc"])
