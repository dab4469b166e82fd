"""Exports on microcontrollers: self-tests that run on an emulated Cortex-M4 and on an 8-bit AVR."""

from __future__ import annotations

from pathlib import Path

import pytest
from export_zoo import ROWS
from tools import need
from wrapped import MOST, Mixed, example_models, run

import modc

models = example_models()
BOARDS = Path(__file__).parent / "boards"

#: Name -> what is exported, and how.
EXPORTS = {
    "mixed": (Mixed, {"most": MOST}),
    "pid": (models.PID, {}),
    "kalman": (models.Kalman, {}),
    **{name: ROWS[name] for name in ("every_dtype", "index_checks", "open_sizes", "statistics_in_float32", "regression_in_float32")},
}


def export(tmp_path, name, **options):
    make, own = EXPORTS[name]
    return modc.export(make(), tmp_path / "out", **{"name": f"its_{name}", **own, **options}).model.name


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("real", ["float32", "float64"])
def test_self_tests_pass_on_a_cortex_m4(tmp_path, name, real):
    gcc, qemu = need("arm-gcc", "qemu-arm")
    own = export(tmp_path, name, **({"real": real} if real == "float32" else {}))
    flags = ["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16", "-O2", "-std=c99", "-ffp-contract=off"]
    files = [f"out/{own}.c", f"out/{own}_selftest.c", BOARDS / "cortex_m4.c"]
    run(gcc, *flags, "--specs=rdimon.specs", "-nostartfiles", "-T", BOARDS / "cortex_m4.ld", *files, "-lm", "-lrdimon", "-o", "a.elf",
        cwd=tmp_path)  # fmt: skip
    console = ["-nographic", "-monitor", "none", "-serial", "none", "-semihosting-config", "enable=on,target=native"]
    said = run("timeout", "100", qemu, "-M", "mps2-an386", *console, "-kernel", "a.elf", cwd=tmp_path)
    assert "checks passed" in said


@pytest.mark.parametrize("name", ["mixed", "pid", "kalman", "index_checks"])
def test_self_tests_pass_on_an_avr(tmp_path, name):
    gcc, simavr = need("avr-gcc", "simavr")
    own = export(tmp_path, name, real="float32")
    (tmp_path / "main.c").write_text((BOARDS / "avr.c").read_text().replace("@NAME@", own))
    macro = f"-D{own.upper()}_SELFTEST_NO_STDIO"
    run(gcc, "-mmcu=atmega1284p", "-Os", "-std=c99", "-ffp-contract=off", macro, "main.c", f"out/{own}.c", f"out/{own}_selftest.c", "-lm",
        "-o", "a.elf", cwd=tmp_path)  # fmt: skip
    said = run("sh", "-c", f"timeout 100 {simavr} -m atmega1284p -f 16000000 a.elf 2>&1", cwd=tmp_path)
    assert "all checks passed" in said
