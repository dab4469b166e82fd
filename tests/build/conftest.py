from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

SETTINGS = ("CC", "MODC_CFLAGS", "MODC_TARGET", "MODC_NO_COMPILE", "MODC_CACHE_PATH", "MODC_DEBUG",
            "MODC_KEEP", "MODC_CACHE_SIZE", "MODC_CC_TIMEOUT")  # fmt: skip


def forget() -> None:
    """Make this process know as little as a fresh one, except for loaded code."""
    from modc.build import cache, digest, glue, load, miss, toolchain

    for memory in (cache._checked, digest._known, glue._missing, load._loaded, load._said,
                   miss._swept, toolchain._known):  # fmt: skip
        memory.clear()


@pytest.fixture
def forget_all() -> Any:
    return forget


@pytest.fixture(autouse=True)
def cache_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, a temporary directory of its own, default settings."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr("tempfile.tempdir", None)
    path = tmp_path / "cache"
    monkeypatch.setenv("MODC_CACHE_DIR", str(path))
    forget()
    yield path
    forget()
    assert [] == leftovers(tmp_path)


def leftovers(tmp_path: Path) -> list[str]:
    """Temporary files that should have been removed."""
    found = list((tmp_path / "temporary").iterdir())
    for tmp in tmp_path.rglob("tmp"):
        found += [] if tmp.is_symlink() or not tmp.is_dir() else list(tmp.iterdir())
    return [str(path) for path in found]


@pytest.fixture
def entries(cache_dir: Path) -> Any:
    """A function that lists the entries of the cache."""
    return lambda: sorted(cache_dir.glob("[0-9a-f][0-9a-f]/*.so"))


class Program:
    """Runs build_kernels.py in a fresh process."""

    def start(self, *factors: int, name: str = "Acc.add", code: str = "", **env: str) -> Any:
        script = str(Path(__file__).parent / "build_kernels.py")
        if code:
            prefix = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
            command = [sys.executable, "-c", prefix + code]
        else:
            command = [sys.executable, script, name, *map(str, factors)]
        return subprocess.Popen(
            command,
            env={**os.environ, **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *factors: int, name: str = "Acc.add", code: str = "", **env: str) -> Any:
        process = self.start(*factors, name=name, code=code, **env)
        out, err = process.communicate(timeout=120)
        process.out, process.err = out, err
        return process

    def facts(self, *factors: int, **env: str) -> dict[str, Any]:
        process = self.run(*factors, **env)
        assert process.returncode == 0, process.err
        return json.loads(process.out)


@pytest.fixture
def program() -> Program:
    return Program()
