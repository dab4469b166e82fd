from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tools import need

import modc
import modc.tensor as T
from modc import Method, Module

PAGE = (Path(__file__).parent.parent.parent / "docs" / "embedding.md").read_text()


def test_the_c_program_of_the_page_builds_and_prints_the_mean(tmp_path):
    cc, make = need("gcc", "make")
    scope = {"T": T, "Method": Method, "Module": Module}
    source = re.search(r">>> (class Smoother.*?)>>> folder", PAGE, re.DOTALL)
    assert source is not None
    exec(source[1].replace("\n... ", "\n"), scope)
    modc.export(scope["Smoother"](), tmp_path / "smoother", name="smoother")
    (main,) = re.findall(r"```c\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "main.c").write_text(main)
    subprocess.run([make, "-s", "-C", "smoother", "libsmoother.a", "test"], cwd=tmp_path, check=True, capture_output=True)
    built = [cc, "main.c", "-Ismoother", "smoother/libsmoother.a", "-lm", "-o", "main"]
    subprocess.run(built, cwd=tmp_path, check=True)
    run = subprocess.run(["./main"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout == f"{20 * (1 - 0.75**4):.2f}\n"
