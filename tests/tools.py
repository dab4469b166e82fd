"""External tools that some tests need: found, or the test is skipped, or, in CI, it fails.

`MODC_TEST_TOOLS=all` says that every tool was installed, so that a missing one is an error.
"""

from __future__ import annotations

import importlib.util
import os
import shutil

import pytest

#: Name of a tool -> programs of which one is enough; those of Python packages begin with "python:".
TOOLS = {
    "gcc": ("gcc",),
    "g++": ("g++",),
    "clang": ("clang",),
    "clang++": ("clang++",),
    "make": ("make",),
    "cmake": ("cmake",),
    "pkg-config": ("pkg-config",),
    "cargo": ("cargo",),
    "qemu-aarch64": ("qemu-aarch64-static", "qemu-aarch64"),
    "qemu-arm": ("qemu-system-arm",),
    "qemu-x86_64": ("qemu-x86_64-static", "qemu-x86_64"),
    "arm-gcc": ("arm-none-eabi-gcc",),
    "avr-gcc": ("avr-gcc",),
    "simavr": ("simavr",),
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "chromedriver": ("chromedriver",),
    "zig": ("python:ziglang",),
    "wasmtime": ("python:wasmtime",),
    "selenium": ("python:selenium",),
}


def find(name: str) -> str | None:
    """Path of a program, or the name of a Python package; None when it is not there."""
    for candidate in TOOLS[name]:
        kind, _, package = candidate.partition(":")
        if kind == "python" and importlib.util.find_spec(package) is not None:
            return package
        found = shutil.which(candidate) or _cargo(candidate)
        if found:
            return found
    return None


def _cargo(candidate: str) -> str | None:
    """rustup installs outside of PATH."""
    home = os.environ.get("CARGO_HOME", os.path.expanduser("~/.cargo"))
    return shutil.which(os.path.join(home, "bin", candidate)) if candidate == "cargo" else None


def zig_environment() -> dict[str, str]:
    """Where zig keeps what it made once: C libraries of other targets take it half a minute each."""
    place = os.environ.get("ZIG_GLOBAL_CACHE_DIR", os.path.expanduser("~/.cache/zig"))
    return {"ZIG_GLOBAL_CACHE_DIR": place, "ZIG_LOCAL_CACHE_DIR": place}


def need(*names: str) -> list[str]:
    """Where the tools are. Skips the test when one is missing; fails under MODC_TEST_TOOLS=all."""
    found = [find(name) for name in names]
    missing = [name for name, place in zip(names, found, strict=True) if place is None]
    if missing and os.environ.get("MODC_TEST_TOOLS") == "all":
        pytest.fail(f"MODC_TEST_TOOLS=all, but not there: {', '.join(missing)}")
    if missing:
        pytest.skip(f"not there: {', '.join(missing)}")
    return [place for place in found if place is not None]
