"""A directory with a user's modules, an empty cache, and a process that knows as little as a fresh one."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SETTINGS = (
    "CC", "MODC_CFLAGS", "MODC_TARGET", "MODC_NO_COMPILE", "MODC_CACHE_PATH", "MODC_MODE", "MODC_RECORD",
    "MODC_FLOATX",
)  # fmt: skip

NETS = '''
import numpy as np
import modc.tensor as T
from modc import Method, Module, function


class Acc(Module):
    def __init__(self, scale=1.0):
        self.state, self.inc = T.dscalar(), T.dscalar("inc")
        new = self.state + scale * self.inc
        self.add = Method(self.inc, new, {self.state: new})


class Pair(Module):
    """Two Methods and a submodule, whose kernel is that of Acc."""

    def __init__(self):
        self.acc = Acc()
        self.x = T.dvector("x")
        self.total = Method(self.x, self.x.sum())
        self.twice = Method(self.x, 2.0 * self.x)


class Checked(Module):
    def __init__(self):
        self.x = T.dvector("x")
        self.total = Method(self.x, (self.x * self.x).sum(), mode="check")


class Sized(Module):
    """A Method whose sizes only its data can tell: it has no kernel."""

    def __init__(self):
        self.n = T.lvector("n")
        self.count = Method(self.n, T.arange(self.n.max()))


class Masked(Module):
    """A Method of two kernels, one after the other: the first finds the size of the second."""

    def __init__(self):
        self.x = T.dvector("x")
        self.pick = Method(self.x, 2.0 * self.x[self.x > 0])


class Needy(Module):
    def __init__(self, size):
        self.size = size


def made():
    inst = Acc().make(state=1)
    inst.add(2)
    return inst


def several():
    return {"first": Acc(), "others": [Acc(2.0), made()]}


def raises():
    raise RuntimeError("no model file")


def leaves():
    raise SystemExit(3)


def number():
    return 42


def unstored():
    x, y = T.dscalar("x"), T.dscalar("y")
    return Module(f=Method(x, x + y))


ready = Acc().make(state=5, mode="numpy")
plain = 3
'''


def forget() -> None:
    """Make this process know as little as a fresh one, except for loaded code."""
    from modc import pipeline, recording
    from modc.build import cache, digest, glue, load, miss, toolchain

    for memory in (cache._checked, digest._known, glue._missing, load._loaded, load._said, miss._swept,
                   toolchain._known, pipeline._told, recording._known):  # fmt: skip
        memory.clear()


@pytest.fixture
def forget_all() -> Any:
    return forget


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The directory that the test runs in: it has nets.py, and cache/ when something was compiled."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MODC_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "nets.py").write_text(NETS)
    monkeypatch.chdir(tmp_path)
    path = list(sys.path)
    forget()
    yield tmp_path
    forget()
    assert path == sys.path
    sys.modules.pop("nets", None)
    sys.modules.pop("fleet", None)


@pytest.fixture
def nets(home: Path) -> Any:
    """nets.py, imported."""
    sys.path.insert(0, str(home))
    try:
        return importlib.import_module("nets")
    finally:
        sys.path.remove(str(home))


def entries(folder: Path) -> list[Path]:
    """The kernels in a cache directory."""
    return sorted(folder.glob("[0-9a-f][0-9a-f]/*.so"))


@pytest.fixture
def kernels(home: Path) -> Any:
    """kernels(name="cache"): the entries of a cache directory below the test's own."""
    return lambda name="cache": entries(home / name)


@pytest.fixture
def install(home: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """install(package, **entry points): a package that was installed, as importlib.metadata sees it."""

    def make(package: str, **points: str) -> None:
        site = home / "site"
        info = site / f"{package}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        lines = "\n".join(f"{name} = {value}" for name, value in points.items())
        (info / "entry_points.txt").write_text(f"[modc.modules]\n{lines}\n")
        if str(site) not in sys.path:
            monkeypatch.syspath_prepend(str(site))

    yield make
    monkeypatch.undo()


@pytest.fixture
def python(home: Path) -> Any:
    """python(code or [arguments], **environment): a fresh process in the test's directory."""

    def run(code: str | list[str], **env: str) -> subprocess.CompletedProcess[str]:
        arguments = ["-c", code] if isinstance(code, str) else code
        return subprocess.run(
            [sys.executable, "-W", "error", *arguments], cwd=home, env={**os.environ, **env},
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    return run
