"""The Arduino library of an export: layout, a sketch that compiles, flash and RAM on boards."""

from __future__ import annotations

import re
import struct

import numpy as np
import pytest
from tools import need, zig_environment
from wrapped import MOST, STRICT, Mixed, example_models, mixed_export, refusal, run

import modc
import modc.tensor as T
from modc import Method, Module
from modc.embed import sizes
from modc.embed.model import model_of
from modc.embed.options import Options
from modc.errors import ExportError

ARDUINO_H = """#pragma once
#include <stdint.h>
#include <stdio.h>
#define HIGH 0x1
#define B1 1
#define PI 3.1415926535897932384626433832795
struct Console {
    void begin(long) {}
    void println(const char *text) { printf("%s\\n", text); }
    void println(double value) { printf("%g\\n", value); }
    void println(long value) { printf("%ld\\n", value); }
};
static Console Serial;
static inline void delay(unsigned long) {}
"""

models = example_models()


@pytest.fixture(autouse=True)
def zig_cache(monkeypatch):
    for name, place in zig_environment().items():
        monkeypatch.setenv(name, place)


@pytest.fixture
def report(monkeypatch):
    """No measuring where the test is about files."""
    monkeypatch.setattr(sizes, "report", lambda model: ())


@pytest.mark.usefixtures("report")
def test_the_layout_is_that_of_a_library(tmp_path):
    done = modc.export(models.PID(), tmp_path / "out", wrappers=["arduino"], real="float32", golden=0)
    library = done.directory / "arduino" / "pid"
    assert sorted(path.relative_to(library).as_posix() for path in library.rglob("*") if path.is_file()) == [
        "README.md", "examples/Basic/Basic.ino", "keywords.txt", "library.properties", "src/pid.c", "src/pid.h", "src/pid.hpp",
    ]  # fmt: skip
    properties = dict(line.split("=", 1) for line in (library / "library.properties").read_text().splitlines())
    assert set(properties) == {
        "name", "version", "author", "maintainer", "sentence", "paragraph", "category", "url", "architectures", "includes",
    }  # fmt: skip
    assert (properties["name"], properties["includes"], properties["architectures"]) == ("pid", "pid.h", "*")
    words = dict(line.split("\t") for line in (library / "keywords.txt").read_text().splitlines())
    assert (words["pid_state"], words["pid_step"], words["PID_STATE_BYTES"]) == ("KEYWORD1", "KEYWORD2", "LITERAL1")
    assert (library / "src" / "pid.c").read_bytes() == (done.directory / "pid.c").read_bytes()


@pytest.mark.usefixtures("report")
def test_boards_without_float64_are_not_among_those_of_a_float64_library(tmp_path):
    done = modc.export(models.PID(), tmp_path / "out", wrappers=["arduino"], golden=0)
    text = (done.directory / "arduino" / "pid" / "library.properties").read_text()
    assert "architectures=sam,samd," in text
    assert "avr" not in text


@pytest.mark.usefixtures("report")
@pytest.mark.parametrize("make", [models.PID, models.Kalman, Mixed])
def test_the_sketch_compiles_and_runs(tmp_path, make):
    need("g++", "gcc")
    name = make.__name__.lower()
    done = modc.export(make(), tmp_path / "out", most=MOST if make is Mixed else {}, wrappers=["arduino"], golden=0)
    library = done.directory / "arduino" / name
    (tmp_path / "Arduino.h").write_text(ARDUINO_H)
    sketch = (library / "examples" / "Basic" / "Basic.ino").read_text()
    # What Arduino makes of a sketch: C++11, with Arduino.h before everything else.
    (tmp_path / "sketch.cpp").write_text(f'#include "Arduino.h"\n{sketch}\nint main() {{ setup(); loop(); loop(); return 0; }}\n')
    run("gcc", "-std=gnu11", "-Os", "-c", library / "src" / f"{name}.c", "-o", "lib.o", cwd=tmp_path)
    run("g++", "-std=gnu++11", "-fpermissive", "-fno-exceptions", "-Wall", "-Werror", f"-I{library / 'src'}", "-I.", "sketch.cpp", "lib.o",
        "-o", "sketch", cwd=tmp_path)  # fmt: skip
    lines = run(tmp_path / "sketch").splitlines()
    assert len(lines) == 2
    float(lines[0])


@pytest.mark.parametrize("make", [models.PID, models.Kalman])
def test_a_float32_export_calls_no_double_functions(make):
    need("zig")
    found = sizes.measure(model_of(make(), Options(real="float32")), "cortex-m4")
    assert [name for name in found.calls if name.startswith("__aeabi_")] == []
    assert found.ram == 0
    soft = sizes.measure(model_of(make(), Options(real="float32")), "cortex-m0plus")
    assert "__aeabi_fmul" in soft.calls
    assert [name for name in soft.calls if name.startswith("__aeabi_d")] == []
    assert "__aeabi_dmul" in sizes.measure(model_of(make(), Options()), "cortex-m4").calls


def test_the_unit_for_float32_does_what_it_can():
    need("zig")

    class Layer(Module):
        def __init__(self):
            super().__init__()
            self.w = T.fmatrix(init=np.ones((8, 8), "float32"))
            x = T.fvector("x", shape=(8,))
            self.run = Method(x, T.tanh(T.dot(self.w, x)))

    calls = sizes.measure(model_of(Layer(), Options(name="one_layer", real="float32")), "cortex-m4").calls
    assert [name for name in calls if "mem" not in name] == []


def test_flash_and_ram_are_reported(tmp_path):
    need("zig")
    done = modc.export(models.PID(), tmp_path / "out", wrappers=["arduino"], real="float32", golden=0)
    assert len(done.report) == len(sizes.BOARDS)
    for line, board in zip(done.report, sizes.BOARDS, strict=True):
        found = re.match(rf"{board}: (\d+) bytes of flash at -O2, (\d+) of RAM per instance", line)
        assert 300 < int(found[1]) < 3000
        assert int(found[2]) == done.model.state_bytes == 48


def test_sizes_are_those_of_binutils(tmp_path):
    need("arm-gcc")
    done = modc.export(models.Kalman(), tmp_path / "out", real="float32", golden=0)
    flags = ["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16", "-std=c99", "-Os", *STRICT, "-Wdouble-promotion"]
    (done.directory / "more.c").write_text("int table[5] = {1}, zeros[7]; static const char text[9] = \"abc\"; const char *get(void) { return text; }\n")
    run("arm-none-eabi-gcc", *flags, "-c", "kalman.c", cwd=done.directory)
    run("arm-none-eabi-gcc", *flags, "-c", "more.c", cwd=done.directory)
    for name in ("kalman.o", "more.o"):
        text, data, bss = map(int, run("arm-none-eabi-size", name, cwd=done.directory).splitlines()[1].split()[:3])
        found = sizes.sizes_of((done.directory / name).read_bytes())
        assert (found.flash, found.ram) == (text + data, data + bss)
    assert not any(name.startswith("__aeabi_d") for name in sizes.sizes_of((done.directory / "kalman.o").read_bytes()).calls)


def test_objects_of_64_bits_are_measured_as_well(tmp_path):
    need("gcc")
    (tmp_path / "a.c").write_text("int table[5] = {1}, zeros[7]; extern int other(void); int get(void) { return other() + table[1]; }\n")
    run("gcc", "-c", "-O1", "a.c", cwd=tmp_path)
    found = sizes.sizes_of((tmp_path / "a.o").read_bytes())
    assert found.ram == 20 + 28
    assert "other" in found.calls


def test_what_is_no_elf_object_is_refused():
    for data in (b"", b"MZ" + bytes(100), struct.pack("<I", 0xFEEDFACF) + bytes(100)):
        with pytest.raises(ExportError, match="no ELF object"):
            sizes.sizes_of(data)


def test_without_a_cross_compiler_the_library_is_written_and_the_report_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("modc.build.toolchain.find_zig", lambda: None)
    done = modc.export(models.PID(), tmp_path / "out", wrappers=["arduino"], golden=0)
    assert done.report == ("flash and RAM of boards: not measured, as ziglang is not there (pip install modc[zig])",)
    assert (done.directory / "arduino" / "pid" / "src" / "pid.c").exists()


def test_names_of_arduinos_macros_are_refused_with_a_remedy(tmp_path):
    class Plant(Module):
        def __init__(self):
            super().__init__()
            self.B1 = T.dscalar(init=2.0)
            x = T.dscalar("HIGH")
            self.step = Method(x, x * self.B1)

    with pytest.raises(ExportError, match="B1 is a macro of Arduino") as error:
        modc.export(Plant(), tmp_path / "out", wrappers=["arduino"], golden=0)
    assert "--rename B1=another_name" in str(error.value)
    with pytest.raises(ExportError, match="HIGH is a macro"):
        modc.export(Plant(), tmp_path / "out", wrappers=["arduino"], golden=0, rename={"B1": "gain"})
    assert not (tmp_path / "out").exists()


def test_a_blob_is_refused(tmp_path):
    with pytest.raises(ExportError, match="no files for initial values"):
        mixed_export(tmp_path / "out", "arduino", blob=True)


@pytest.mark.parametrize("make", [models.PID, models.Kalman, Mixed])
def test_boards_of_8_bits_compile_float32_and_refuse_float64(tmp_path, make):
    need("avr-gcc")
    most, name = MOST if make is Mixed else {}, make.__name__.lower()
    modc.export(make(), tmp_path / "single", most=most, real="float32", golden=0)
    flags = ["-mmcu=atmega2560", "-std=c99", "-Os", "-Wall", "-Wextra", "-Wshadow", "-Werror", "-c", f"{name}.c"]
    run("avr-gcc", *flags, cwd=tmp_path / "single")
    modc.export(make(), tmp_path / "double", most=most, golden=0)
    assert "export with real=float32" in refusal("avr-gcc", *flags, cwd=tmp_path / "double")
