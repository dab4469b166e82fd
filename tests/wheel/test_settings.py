"""The table [tool.modc.build]: what it may hold, and which machines a wheel is for."""

from __future__ import annotations

import os
import sys

import pytest
from wheel_packages import pack, package

import modc.runtime
from modc.build import cross, image, target
from modc.wheel import compile, platforms
from modc.wheel.elf import needs
from modc.wheel.platforms import platforms_of, system_of, tag_of
from modc.wheel.problem import Problem
from modc.wheel.settings import settings_of

LINUX = image.HERE == ("elf", "x86_64") and platforms.glibc() is not None
linux = pytest.mark.skipif(not LINUX, reason="not x86-64 Linux with glibc")
kernels = pytest.mark.skipif(modc.runtime.KIND == "numpy", reason="no kernel can be loaded")
GOOD = {"factories": {"acc": "p.models:make_acc"}}


def test_a_list_of_factories_has_the_names_of_what_is_called():
    assert settings_of({"factories": ["p.models:make_acc", "p.models:Net"]}).factories == {
        "make_acc": "p.models:make_acc",
        "Net": "p.models:Net",
    }
    found = settings_of({**GOOD, "targets": ["v3"], "package": "p", "mode": "DebugMode"})
    assert (found.factories, found.targets, found.package, found.mode) == (GOOD["factories"], ["v3"], "p", "check")


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ([], r"is no table, but \[\]"),
        ({}, "there are no factories"),
        ({"factories": {}}, "there are no factories"),
        ({"factories": "p:f"}, "there are no factories"),
        ({"factories": ["p.models"]}, "'p.models' is no factory"),
        ({"factories": [3]}, "3 is no factory"),
        ({"factories": {"a/b": "p:f"}}, "'a/b' is no name for a factory"),
        ({"factories": ["p:f", "q:f"]}, "two factories are called 'f'"),
        ({**GOOD, "target": ["v3"]}, r"unknown key 'target'\n  hint: known are factories, targets, package, mode"),
        ({**GOOD, "targets": "v3"}, "targets are a list of CPU levels"),
        ({**GOOD, "package": 3}, "package is the name of a package"),
        ({**GOOD, "mode": "fast"}, "unknown mode 'fast'"),
        ({**GOOD, "mode": "FAST_COMPILE"}, 'mode "numpy" has no kernels'),
    ],
)
def test_a_wrong_table_names_the_key(table, reason):
    with pytest.raises(Problem, match=reason):
        settings_of(table)


@pytest.mark.parametrize(
    ("name", "triple", "levels"),
    [
        ("manylinux_2_17_aarch64", "aarch64-linux-gnu.2.17", ["aarch64"]),
        ("manylinux2014-aarch64", "aarch64-linux-gnu.2.17", ["aarch64"]),
        ("linux_riscv64", "riscv64-linux-gnu.2.17", ["riscv64"]),
        ("macosx_11_0_arm64", "aarch64-macos.11.0", ["aarch64-macos"]),
        ("macosx-10.13-x86_64", "x86_64-macos.10.13", ["x86_64-macos"]),
        ("win_amd64", "x86_64-windows-gnu", ["x86_64-windows"]),
        ("musllinux_1_2_x86_64", "x86_64-linux-musl", ["x86-64-v2", "x86-64-v3"]),
        ("manylinux_2_28_x86_64", "x86_64-linux-gnu.2.28", ["x86-64-v2", "x86-64-v3"]),
    ],
)
def test_a_platform_name_says_what_to_compile_for(name, triple, levels):
    system = system_of(name)
    found = platforms_of(system, [])
    assert [one.level for one in found] == levels
    assert {one.triple for one in found} == {triple}
    assert [one.level for one in platforms_of(system, levels)] == levels


@linux
def test_other_systems_are_compiled_by_zig_and_this_one_by_its_own_compiler():
    here = {name: not platforms_of(system_of(name), [])[0].foreign for name in (
        None, "linux_x86_64", "manylinux_2_28_x86_64", "manylinux_2_28_aarch64", "musllinux_1_2_x86_64", "win_amd64"
    )}  # fmt: skip
    assert list(here.values()) == [True, True, True, False, False, False]
    assert not platforms_of(system_of("musllinux_1_2_x86_64"), [])[0].runs_here


@pytest.mark.parametrize("name", ["plan9_mips", "linux", "manylinux_x86_64", "macosx_11_0_sparc", "any", "win_arm64", ""])
def test_an_unknown_platform_is_refused(name):
    with pytest.raises(Problem, match=r"no platform that|no kernels for"):
        platforms_of(system_of(name), [])


def test_targets_of_other_machines_are_left_out():
    listed = ["x86-64-v3", "aarch64", "v1", "x86-64-v3"]
    assert [one.level for one in platforms_of(system_of("linux_x86_64"), listed)] == ["x86-64-v1", "x86-64-v3"]
    assert [one.level for one in platforms_of(system_of("linux_aarch64"), listed)] == ["aarch64"]
    assert [one.level for one in platforms_of(system_of("win_amd64"), listed)] == ["x86_64-windows"]
    assert [one.level for one in platforms_of(system_of("linux_riscv64"), listed)] == ["riscv64"]


def test_an_unknown_target_is_refused():
    with pytest.raises(Problem, match=r"unknown target 'v9'\n  hint: choose one of native, v1"):
        platforms_of(system_of("linux_x86_64"), ["v9"])
    with pytest.raises(Problem, match="native is another CPU on every machine"):
        platforms_of(system_of("linux_x86_64"), ["native"])


def test_a_mac_has_the_macos_of_its_python_and_one_machine(monkeypatch):
    for python, machine, tag in (
        ("macosx-10.9-universal2", "aarch64", "macosx_11_0_arm64"),
        ("macosx-10.9-universal2", "x86_64", "macosx_10_9_x86_64"),
        ("macosx-14.2-arm64", "aarch64", "macosx_14_2_arm64"),
    ):
        monkeypatch.setattr(platforms.image, "HERE", ("mach-o", machine))
        monkeypatch.setattr(platforms.sysconfig, "get_platform", lambda python=python: python)
        system = system_of(None)
        assert tag_of(system, []) == tag and system.is_here
        monkeypatch.delenv("MACOSX_DEPLOYMENT_TARGET", raising=False)
        with system.deployment():
            assert os.environ["MACOSX_DEPLOYMENT_TARGET"] == ".".join(map(str, system.version))
        assert "MACOSX_DEPLOYMENT_TARGET" not in os.environ


class Fake:
    """An object that needs these libraries and versions."""

    def __init__(self, libraries: list[str], versions: list[str]) -> None:
        self.libraries, self.versions = libraries, versions


def tag(monkeypatch, name, *found: Fake) -> str | None:
    monkeypatch.setattr(platforms, "needs", lambda one: one)
    return tag_of(system_of(name), found)  # type: ignore[arg-type]


def test_the_tag_is_the_oldest_glibc_that_has_everything(monkeypatch):
    old, new = Fake(["libc.so.6"], ["GLIBC_2.2.5"]), Fake(["libm.so.6"], ["GLIBC_2.29", "GLIBC_2.4"])
    monkeypatch.setattr(platforms.image, "HERE", ("elf", "x86_64"))
    assert tag(monkeypatch, None, old) == "manylinux_2_17_x86_64"
    assert tag(monkeypatch, None, old, new) == "manylinux_2_29_x86_64"
    assert tag(monkeypatch, None, old, Fake(["libgomp.so.1"], [])) == "linux_x86_64"
    assert tag(monkeypatch, "manylinux_2_29_x86_64", new) == "manylinux_2_29_x86_64"
    assert tag(monkeypatch, "manylinux_2_5_x86_64", old) == "manylinux_2_5_x86_64"
    assert tag(monkeypatch, "linux_x86_64", Fake(["libgomp.so.1"], [])) == "linux_x86_64"
    monkeypatch.setattr(platforms, "glibc", lambda: (2, 36))
    assert tag(monkeypatch, None, Fake(["libc.so.6"], ["GLIBC_ABI_DT_RELR"])) == "manylinux_2_36_x86_64"
    with pytest.raises(Problem, match=r"the kernels need glibc 2\.29\n  hint: build in an image .* -target x86_64-linux-gnu\.2\.17"):
        tag(monkeypatch, "manylinux2014_x86_64", new)
    with pytest.raises(Problem, match="more than libc and libm"):
        tag(monkeypatch, "manylinux2014_x86_64", Fake(["libgomp.so.1"], []))


def test_bytes_that_are_no_elf_object_are_refused():
    for data in (b"", b"\x7fELF", b"\x7fELF\x02\x01" + bytes(10), b"\x7fELF\x02\x01" + b"\xff" * 100):
        with pytest.raises(ValueError, match="ELF object"):
            needs(data)


@linux
@kernels
def test_a_kernel_needs_libc_and_libm_at_most(tmp_path):
    text = "class M(Module):\n    def __init__(self):\n        x = T.dvector('x')\n        self.f = Method(x, T.tanh(x) + T.gamma(x[0]))\n"
    packed = pack(tmp_path, text.replace("T.gamma(x[0])", "x[0] ** 0.3"), {"m": "M"}, ["v1"])
    (path,) = packed.folder.glob("*.modc")
    found = needs(path.read_bytes())
    assert set(found.libraries) <= {"libc.so.6", "libm.so.6"}
    assert all(name.startswith("GLIBC_2.") for name in found.versions)


FAULTS = [
    ("def make(): raise ValueError('no weights')", "make", r"make\(\) raised ValueError: no weights"),
    ("import nothing_there", "make", r"models could not be loaded: ModuleNotFoundError: No module named 'nothing_there'"),
    ("x = = 1", "make", r"models could not be loaded: SyntaxError"),
    ("", "make", "models has no 'make'"),
    ("make = 3", "make", "make is no Module, instance or factory, but int"),
    ("def make(): return Module(x=T.dscalar())", "make", "the factories make no Method"),
    ("def make():\n m = Module(x=T.dscalar())\n m.f = Method(T.dscalar('y'), m.nix)\n return m", "make", r"make\(\) raised AttributeError"),
    ("def make():\n m = Module(x=T.dscalar())\n m.f = Method([], T.dscalar('z'))\n return m", "make", "it cannot be made: Module.f needs z"),
    ("def make():\n m = Module(x=T.dscalar())\n m.f = Method(3, m.x)\n return m", "make", "it cannot be made: TypeError: Module.f: an input is"),
    ("def make(): return function([], T.constant(1.0))", "make", None),
]  # fmt: skip


@kernels
@pytest.mark.parametrize(("text", "name", "reason"), FAULTS)
def test_a_factory_that_does_not_work_is_named_and_nothing_is_written(tmp_path, text, name, reason):
    packed = package(tmp_path, text)
    table = {"factories": {"thing": f"{packed.name}.models:{name}"}, "targets": [target.cpu_level()]}
    if reason is None:
        packed.build(table)
        assert packed.folder.exists()
        return
    with pytest.raises(Problem, match=reason) as caught:
        packed.build(table)
    assert str(caught.value).startswith("[tool.modc.build]: ") and "Traceback" not in str(caught.value)
    assert not packed.folder.exists() and list(packed.path.glob(".modc-*")) == []


@kernels
def test_a_method_that_can_have_no_kernel_is_named(tmp_path, monkeypatch):
    def refuse(program):
        raise compile.Unschedulable("the size n depends on data: a kernel cannot plan it")

    monkeypatch.setattr(compile, "compile_program", refuse)
    packed = package(tmp_path, "def make():\n m = Module(x=T.dscalar())\n m.f = Method([], m.x)\n return m")
    with pytest.raises(Problem, match=r"depends on data: a kernel cannot plan it; Module.f has no kernel\n  hint: leave the Method out"):
        packed.build({"factories": [f"{packed.name}.models:make"]})
    assert not packed.folder.exists()


@kernels
def test_a_module_from_outside_of_the_package_is_refused(tmp_path):
    outside = package(tmp_path / "outside", "def make():\n m = Module(x=T.dscalar())\n m.f = Method([], m.x)\n return m")
    inside = package(tmp_path / "inside", "")
    sys.path.insert(0, str(outside.root))
    try:
        with pytest.raises(Problem, match=rf"written in models.py, outside of the package {inside.name} "):
            inside.build({"factories": [f"{outside.name}.models:make"]})
    finally:
        sys.path.remove(str(outside.root))


@kernels
def test_without_a_compiler_nothing_is_written(tmp_path, monkeypatch):
    packed = package(tmp_path, "def make():\n m = Module(x=T.dscalar())\n m.f = Method([], m.x)\n return m")
    table = {"factories": [f"{packed.name}.models:make"], "targets": [target.cpu_level()]}
    monkeypatch.setenv("CC", "nothing-like-a-compiler")
    with pytest.raises(Problem, match="there is no command 'nothing-like-a-compiler'"):
        packed.build(table)
    monkeypatch.setenv("CC", "false")
    with pytest.raises(Problem, match="the C compiler ended with status 1"):
        packed.build(table)
    assert not packed.folder.exists() and [path.name for path in tmp_path.glob("temp/*")] == []


@kernels
def test_a_second_build_replaces_the_first(tmp_path):
    text = "def make():\n m = Module(x=T.dscalar())\n m.f = Method([], m.x + 1)\n return m\n"
    packed = package(tmp_path, text + text.replace("make", "more").replace("+ 1", "+ 2"))
    base = {"targets": [target.cpu_level()]}
    packed.build({**base, "factories": [f"{packed.name}.models:make"]})
    first = {path.name for path in packed.folder.iterdir()}
    packed.build({**base, "factories": [f"{packed.name}.models:more"]})
    second = {path.name for path in packed.folder.iterdir()}
    assert len(first) == len(second) == 3 and first & second == {"manifest.json", "values.bin"}
    assert sorted(path.name for path in packed.path.iterdir() if path.name.startswith(".")) == []


def test_levels_of_wheels_are_those_that_processes_look_for():
    assert target.cpu_level() in cross.PLATFORMS or not image.HERE[1]
