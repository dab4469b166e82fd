from __future__ import annotations

import os

import pytest

from modc.build import cache, digest, load, toolchain

SETTINGS = ("CC", "MODC_CFLAGS", "MODC_TARGET", "MODC_NO_COMPILE", "MODC_CACHE_PATH", "MODC_MODE")


def forget() -> None:
    for memory in (cache._checked, digest._known, load._loaded, load._said, toolchain._known):
        memory.clear()


@pytest.fixture(autouse=True)
def cache_dir(tmp_path, monkeypatch):
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    if os.environ.get("MODC_RUNTIME") == "numpy":
        monkeypatch.delenv("MODC_RUNTIME")
    path = tmp_path / "cache"
    monkeypatch.setenv("MODC_CACHE_DIR", str(path))
    forget()
    yield path
    forget()


@pytest.fixture
def setting(monkeypatch):
    """Set settings, as if the process began with them."""

    def put(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        forget()

    return put
