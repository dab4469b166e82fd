"""The examples in C and Rust: exported, built and run by their Makefiles, with the numbers of Python."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from tools import need
from wrapped import EXAMPLES, example_models, run

import modc

SANITIZED = "-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -Werror"


@pytest.fixture(scope="module")
def examples(tmp_path_factory):
    """A copy of the examples, as a user has them."""
    place = tmp_path_factory.mktemp("examples") / "examples"
    shutil.copytree(EXAMPLES, place, ignore=shutil.ignore_patterns("build", "target", "Cargo.lock", "__pycache__"))
    return place


def make(folder, *arguments):
    """What `make` prints; modc is the one that is tested."""
    (tool,) = need("make")
    path = os.pathsep.join([str(Path(modc.__file__).parent.parent), os.environ.get("PYTHONPATH", "")])
    return run(tool, f"PYTHON={sys.executable}", *arguments, cwd=folder, PYTHONPATH=path)


def rows(path):
    """The numbers of a trace, by what they are about."""
    found = {}
    for line in path.read_text().splitlines():
        kind, *numbers = line.split(",")
        found.setdefault(kind, []).append([float(number) for number in numbers])
    return {kind: np.array(numbers) for kind, numbers in found.items()}


def compare_with_python(trace):
    """The trace of a program against the same Modules in Python."""
    models, found = example_models(), rows(trace)
    np.testing.assert_allclose(found["heater"][:, 1], models.heat(models.PID().make()), rtol=1e-12)
    kalman, drone = models.Kalman().make(), found["drone"]
    expected = [kalman.step(measured)[:2] for measured in drone[:, 3:5]]
    np.testing.assert_allclose(drone[:, 5:], expected, rtol=1e-9, atol=1e-9)
    wrong = np.sqrt(np.mean((drone[50:, 5:] - drone[50:, 1:3]) ** 2))
    assert wrong < 0.8 * np.sqrt(np.mean((drone[50:, 3:5] - drone[50:, 1:3]) ** 2))


def documented(readme):
    """The lines of output that a README shows."""
    lines = readme.read_text().splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith("    $ make"))
    return [line.strip() for line in lines[start + 1 : lines.index("", start)]]


def test_the_example_in_c_computes_what_python_does(examples):
    need("gcc", "make")
    folder = examples / "embed_c"
    said = make(folder, "CC=gcc", f"CFLAGS={SANITIZED}", f"TRACE={folder / 'trace.csv'}")
    assert said.splitlines()[-3:] == documented(folder / "README.md")
    compare_with_python(folder / "trace.csv")
    assert "checks passed" in make(folder, "CC=gcc", "test")
    make(folder, "clean")
    assert not (folder / "build").exists()


def test_the_example_in_rust_computes_what_python_does(examples):
    (cargo,) = need("cargo")
    need("gcc", "make")
    folder = examples / "embed_rust"
    said = make(folder, f"CARGO={cargo}", f"TRACE={folder / 'trace.csv'}")
    assert said.splitlines()[-3:] == documented(folder / "README.md")
    compare_with_python(folder / "trace.csv")
    assert make(folder, f"CARGO={cargo}", "test").count("test result: ok. 1 passed") == 2
