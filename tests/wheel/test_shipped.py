"""Modules of a package find the kernels that came with it, whatever the cache has and without a compiler."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
import warnings

import numpy as np
import pytest
from wheel_packages import Packed, models, pack

import modc
import modc.build
import modc.runtime
from modc.build import entry, shipped, target
from modc.errors import CompileError, ModcWarning, ShapeError

if modc.runtime.KIND == "numpy":
    pytest.skip("no kernel can be called", allow_module_level=True)

TEXT = """
class Gain(Module):
    def __init__(self):
        x = T.dvector("x")
        self.by = Member(T.dvector(), init=np.ones(4))
        self.run = Method(x, x * self.by)
"""


@pytest.fixture(scope="module")
def packed(tmp_path_factory) -> Packed:
    return pack(tmp_path_factory.mktemp("shipped"), TEXT, {"gain": "Gain"})


@pytest.fixture
def alone(monkeypatch, tmp_path):
    """An empty cache, and no compiler."""
    monkeypatch.setenv("MODC_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("MODC_NO_COMPILE", "1")


def from_package(packed: Packed, method) -> bool:
    return method.mode == "c" and method.cache_hit and os.path.dirname(method.path) == str(packed.folder)


def test_a_module_of_the_package_gets_its_kernel(packed, alone):
    gain = models(packed).Gain().make()
    assert from_package(packed, gain.run)
    assert gain.run(np.arange(4.0)).tolist() == [0.0, 1.0, 2.0, 3.0]
    assert len(gain.run.key) == 64


def test_part_of_a_module_of_somebody_else_gets_its_kernel_too(packed, alone):
    outer = modc.Module(inner=models(packed).Gain())
    assert from_package(packed, outer.make().inner.run)


def test_a_pickle_finds_the_kernel_again(packed, alone, monkeypatch):
    monkeypatch.syspath_prepend(str(packed.root))
    gain = models(packed).Gain().make()
    assert from_package(packed, pickle.loads(pickle.dumps(gain)).run)


def test_another_method_of_the_package_is_compiled_as_always(packed, alone):
    module = models(packed).Gain()
    module.more = modc.Method([], module.by + 1)
    with pytest.raises(CompileError, match="MODC_NO_COMPILE"):
        module.make()


def test_kernels_of_packages_can_be_left_aside(packed, alone, monkeypatch):
    monkeypatch.setenv("MODC_PACKAGED", "0")
    with pytest.raises(CompileError, match="MODC_NO_COMPILE"):
        models(packed).Gain().make()


def test_a_later_modc_finds_the_kernel_and_says_what_failed_in_the_words_of_its_note(packed, alone, monkeypatch):
    gain = models(packed).Gain().make()
    with pytest.raises(ShapeError) as own:
        gain.run([1.0, 2.0])
    monkeypatch.setattr(modc.build, "source_digest", lambda: "0" * 64)
    monkeypatch.setitem(sys.modules, "modc.rewrite", None)
    gain = models(packed).Gain().make()
    assert from_package(packed, gain.run)
    with pytest.raises(ShapeError) as later:
        gain.run([1.0, 2.0])
    assert str(later.value) == str(own.value).partition("\n  at ")[0]
    assert "axis 0 of operand" in str(later.value)


def test_a_damaged_kernel_is_passed_over_with_one_warning(tmp_path, monkeypatch):
    packed = pack(tmp_path, TEXT.replace("x * ", "x - "), {"gain": "Gain"})
    (path,) = packed.folder.glob("*.modc")
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.warns(ModcWarning, match="of a package is not used: its checksum does not match") as caught:
        gain = models(packed).Gain().make()
    assert len(caught) == 1 and not from_package(packed, gain.run)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        models(packed).Gain().make()


def test_a_kernel_of_another_abi_is_passed_over(tmp_path, monkeypatch):
    packed = pack(tmp_path, TEXT.replace("x * ", "x / "), {"gain": "Gain"})
    monkeypatch.setattr(entry, "ABI", 2)
    with pytest.warns(ModcWarning, match="its ABI is 1, not 2"):
        assert shipped.find((str(packed.path / "models.py"),), "Gain.run", _key(packed)) is None


def _key(packed: Packed) -> str:
    import json

    return json.loads((packed.folder / "manifest.json").read_text())["objects"]["gain"]["methods"][0]["kernel"]


@pytest.mark.skipif(not target.cpu_level().startswith("x86-64-v"), reason="this machine has one level")
def test_a_weaker_cpu_takes_a_lower_level_or_none(tmp_path, alone, monkeypatch):
    packed = pack(tmp_path, TEXT.replace("x * ", "2 * x * "), {"gain": "Gain"}, ["x86-64-v2"])
    assert models(packed).Gain().make().run.path.endswith(".x86-64-v2.modc")
    monkeypatch.setenv("MODC_TARGET", "x86-64-v1")
    with pytest.raises(CompileError, match="MODC_NO_COMPILE"):
        models(packed).Gain().make()


def test_files_outside_of_packages_are_looked_at_once(tmp_path, monkeypatch):
    looks: list[str] = []
    real = os.path.isfile
    monkeypatch.setattr(os.path, "isfile", lambda path: looks.append(path) or real(path))
    for _ in range(3):
        assert shipped.beside(str(tmp_path / "script.py")) is None
        assert shipped.beside("<stdin>") is None
    assert len(looks) == 1


def test_the_packages_around_a_package_are_looked_into(tmp_path):
    packed = pack(tmp_path, TEXT, {"gain": "Gain"})
    below = packed.path / "a" / "b"
    below.mkdir(parents=True)
    found = shipped.beside(str(packed.path / "models.py"))
    assert found is not None and found.path == str(packed.folder)
    assert shipped.beside(str(below / "x.py")) is None
    shipped._beside.clear()
    for folder in (packed.path / "a", below):
        (folder / "__init__.py").write_text("")
    assert shipped.beside(str(below / "x.py")) is found


def test_mode_check_has_its_kernels_where_the_table_says_so(tmp_path, alone):
    packed = pack(tmp_path, TEXT.replace("x * ", "3 * x * "), {"gain": "Gain"}, mode="check")
    gain = models(packed).Gain().make(mode="check")
    assert gain.run.mode == "check"
    assert gain.run(np.ones(4)).tolist() == [3.0] * 4


def test_a_start_loads_no_compiler(packed, tmp_path):
    program = f"""
import sys
from {packed.name}.models import Gain
gain = Gain().make()
assert gain.run([1.0, 2.0, 3.0, 4.0]).tolist() == [1.0, 2.0, 3.0, 4.0]
assert gain.run.path.endswith(".modc")
print(*sys.modules)
"""
    env = {**os.environ, "MODC_NO_COMPILE": "1", "MODC_CACHE_DIR": str(tmp_path), "PATH": "", "CC": ""}
    env["PYTHONPATH"] = os.pathsep.join([str(packed.root), os.environ.get("PYTHONPATH", "")])
    run = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, env=env, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    for part in ("rewrite", "schedule", "emit", "compiler", "failure", "wheel", "ahead", "cli"):
        assert f"modc.{part}" not in run.stdout.split()
    assert not {"subprocess", "click", "rich", "json"} & set(run.stdout.split())


def test_a_package_that_went_away_is_no_error(tmp_path, alone):
    packed = pack(tmp_path, TEXT.replace("x * ", "4 * x * "), {"gain": "Gain"})
    assert shipped.beside(str(packed.path / "models.py")) is not None
    shutil.rmtree(packed.folder)
    with pytest.warns(ModcWarning, match="cannot be read"), pytest.raises(CompileError):
        models(packed).Gain().make()
