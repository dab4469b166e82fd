"""Libraries for other machines: the right kind of file, the same bytes each time, and code that runs."""

from __future__ import annotations

import struct
import subprocess
from pathlib import Path

import pytest
from tools import need, zig_environment

import modc
import modc.tensor as T
from modc import Method, Module
from modc.embed.c_files import c_files
from modc.embed.cross import TARGETS, cross, selftest_program, target
from modc.embed.model import model_of
from modc.embed.options import Options
from modc.embed.selftest import selftest
from modc.errors import ExportError


class Smoother(Module):
    def __init__(self):
        super().__init__()
        self.rate = T.dscalar(init=0.25)
        self.mean = T.dvector(init=[1.0, 2.0, 3.0])
        x = T.dvector("x")
        mean = self.mean + self.rate * (T.tanh(x) - self.mean)
        self.add = Method(x, mean.sum(), {self.mean: mean})


@pytest.fixture(autouse=True)
def zig_cache(monkeypatch):
    for name, place in zig_environment().items():
        monkeypatch.setenv(name, place)


@pytest.fixture
def model():
    return model_of(Smoother(), Options(name="smoother"))


def elf(data):
    """(bits, machine) of an ELF object."""
    assert data[:4] == b"\x7fELF"
    kind, machine = struct.unpack_from("<HH", data, 16)
    assert kind == 1, "relocatable"
    return 32 * data[4], machine


def test_every_target_gives_an_object_of_its_machine_and_a_library(model):
    need("zig")
    files = cross(model, TARGETS.keys() - {"wasm32-wasi"})
    objects = {path.split("/")[1]: data for path, data in files.items() if path.endswith((".o", ".obj"))}
    aarch64, x86_64, arm = 183, 62, 40
    assert elf(objects["aarch64-linux"]) == (64, aarch64)
    assert elf(objects["x86_64-linux"]) == (64, x86_64)
    assert [elf(objects[f"cortex-{core}"]) for core in ("m0plus", "m4", "m7")] == [(32, arm)] * 3
    assert struct.unpack_from("<H", objects["x86_64-windows"]) == (0x8664,)
    assert struct.unpack_from("<II", objects["aarch64-macos"]) == (0xFEEDFACF, 0x0100000C)
    assert struct.unpack_from("<II", objects["x86_64-macos"]) == (0xFEEDFACF, 0x01000007)
    libraries = [path for path in files if path.endswith((".a", ".lib"))]
    assert len(libraries) == len(objects) == len(TARGETS) - 1
    assert all(files[path].startswith(b"!<arch>\n") and b"smoother_add" in files[path] for path in libraries)
    assert "lib/x86_64-windows/smoother.lib" in files


def test_objects_depend_on_the_export_alone(model, tmp_path, monkeypatch):
    need("zig")
    names = ["x86_64-windows", "aarch64-macos", "cortex-m4"]
    first = cross(model, names)
    monkeypatch.setenv("ZIG_LOCAL_CACHE_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("ZIG_GLOBAL_CACHE_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert cross(model, names) == first
    assert not any(str(tmp_path).encode() in data or b"zig/" in data for data in first.values())


def test_the_cortex_m4_has_its_fpu_and_no_unwinder():
    need("zig")
    model = model_of(Smoother(), Options(name="smoother", real="float32"))
    small, large = (cross(model, [name])[f"lib/{name}/smoother.o"] for name in ("cortex-m0plus", "cortex-m4"))
    assert b"__aeabi_fadd\0" in small
    assert b"__aeabi_f" not in large
    assert b"unwind" not in small + large


def test_the_self_test_runs_on_another_cpu(model, tmp_path):
    _, emulator = need("zig", "qemu-aarch64")
    program = tmp_path / "selftest"
    program.write_bytes(selftest_program(model, "aarch64-linux"))
    program.chmod(0o755)
    done = subprocess.run([emulator, str(program)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


BOARDS = Path(__file__).parent / "boards"


@pytest.mark.parametrize("core, flags", [("cortex-m4", ["-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"]), ("cortex-m0plus", ["-mfloat-abi=soft"])])
def test_a_library_for_a_microcontroller_links_with_its_own_compiler_and_runs(model, tmp_path, core, flags):
    _, gcc, emulator = need("zig", "arm-gcc", "qemu-arm")
    for path, data in cross(model, [core]).items():
        (tmp_path / Path(path).name).write_bytes(data)
    for path, text in c_files(model).items():
        (tmp_path / path).write_text(text)
    (tmp_path / "selftest.c").write_text(selftest(model))
    # The board has a Cortex-M4, which runs what is made for the M0+ as well.
    board = ["--specs=rdimon.specs", "-nostartfiles", "-T", BOARDS / "cortex_m4.ld", BOARDS / "cortex_m4.c"]
    command = [gcc, f"-mcpu={core}", "-mthumb", *flags, "-O2", *board, "selftest.c", "libsmoother.a", "-lm", "-lrdimon", "-o", "a.elf"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    console = ["-nographic", "-monitor", "none", "-serial", "none", "-semihosting-config", "enable=on,target=native"]
    run = [emulator, "-M", "mps2-an386", *console, "-kernel", "a.elf"]
    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=100)
    assert "checks passed" in done.stdout


def test_names_of_kernel_targets_do_as_well(model):
    need("zig")
    assert (target("aarch64").name, target(" ARM64 ").triple) == ("aarch64", TARGETS["aarch64-linux"].triple)
    assert target("v3").flags == ("-march=x86_64_v3",)
    assert target("riscv64").runs == "riscv64-linux-musl"
    assert list(cross(model, ["v3", "x86-64-v3"])) == ["lib/x86-64-v3/smoother.o", "lib/x86-64-v3/libsmoother.a"]
    assert elf(cross(model, ["riscv64"])["lib/riscv64/smoother.o"]) == (64, 243)


def test_a_library_for_another_machine_stands_in_the_export(tmp_path):
    need("zig")
    done = modc.export(Smoother(), tmp_path / "out", name="smoother", targets=["aarch64-macos"])
    assert done.files[-2:] == ("lib/aarch64-macos/smoother.o", "lib/aarch64-macos/libsmoother.a")
    assert (tmp_path / "out/lib/aarch64-macos/libsmoother.a").is_file()


@pytest.mark.parametrize("name", ["pdp11", "", "native!"])
def test_an_unknown_target_is_refused_with_the_known_ones(tmp_path, name):
    with pytest.raises(ExportError, match="unknown target") as error:
        modc.export(Smoother(), tmp_path / "out", targets=[name])
    assert error.value.exit_code == 2
    assert "cortex-m4" in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_firmware_has_no_self_test_program(model):
    with pytest.raises(ExportError, match="no system that runs programs"):
        selftest_program(model, "cortex-m4")


def test_a_missing_compiler_is_named_with_its_remedy(tmp_path, monkeypatch):
    monkeypatch.setattr("modc.build.toolchain.find_zig", lambda: None)
    with pytest.raises(ExportError, match=r"aarch64-linux: the package ziglang is not installed\n.*pip install modc\[zig\]") as error:
        modc.export(Smoother(), tmp_path / "out", targets=["aarch64-linux"])
    assert error.value.exit_code == 4
    assert list(tmp_path.iterdir()) == []


def test_what_the_compiler_says_reaches_the_user(model, monkeypatch):
    need("zig")
    monkeypatch.setattr("modc.embed.cross.c_files", lambda model: {"smoother.c": "#error out of ideas\n"})
    with pytest.raises(ExportError, match="out of ideas") as error:
        cross(model, ["x86_64-windows"])
    assert error.value.exit_code == 1
