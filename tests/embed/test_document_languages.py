"""The programs in C++ and Rust of docs/embedding.md build and print what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tools import need
from wrapped import STRICT, run

import modc
import modc.tensor as T
from modc import Method, Module

PAGE = (Path(__file__).parent.parent.parent / "docs" / "embedding.md").read_text()
PRINTED = f"{20 * (1 - 0.5**4):.2f} {20 * (1 - 0.5**4):.2f}\n"


@pytest.fixture
def smoother(tmp_path):
    """The page's Module, exported."""
    scope = {"T": T, "Method": Method, "Module": Module}
    source = re.search(r">>> (class Smoother.*?)>>> folder", PAGE, re.DOTALL)
    exec(source[1].replace("\n... ", "\n"), scope)
    return modc.export(scope["Smoother"](), tmp_path / "smoother", wrappers=["cpp", "rust"], golden=0).directory


def program(language):
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return found


def test_the_cpp_program_of_the_page_prints_the_mean(smoother, tmp_path):
    cc, cxx = need("gcc", "g++")
    (tmp_path / "main.cpp").write_text(program("cpp"))
    run(cc, "-std=c99", "-c", "smoother/smoother.c", cwd=tmp_path)
    run(cxx, "-std=c++17", *STRICT, "-Ismoother", "main.cpp", "smoother.o", "-o", "main", cwd=tmp_path)
    assert run("./main", cwd=tmp_path) == PRINTED


def test_the_rust_program_of_the_page_prints_the_mean(smoother, tmp_path):
    (cargo,) = need("cargo")
    dependency = re.search(r"`(smoother = \{.*?\})`", PAGE)[1]
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.rs").write_text(program("rust"))
    (tmp_path / "Cargo.toml").write_text(f'[package]\nname = "page"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\n{dependency}\n')
    assert run(cargo, "run", "--quiet", "--offline", cwd=tmp_path) == PRINTED
