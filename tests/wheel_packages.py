"""Packages with kernels, made without setuptools: what the tests of `modc.wheel` load."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path
from typing import Any

from modc import config
from modc.build import target
from modc.graph.fingerprint import fingerprint
from modc.wheel import manifest
from modc.wheel.compile import compile_all
from modc.wheel.gather import Gathered, gather
from modc.wheel.platforms import platforms_of, system_of
from modc.wheel.settings import settings_of

HEAD = """
import numpy as np
import modc.tensor as T
from modc import Component, ComponentDict, ComponentList, External, In, Member, Method, Module, Out, function, shared
"""

_serial = itertools.count(1)


class Packed:
    """A package in a directory of its own: `root` can be imported from, `name` is the package's."""

    def __init__(self, root: Path, name: str) -> None:
        self.root = root
        self.name = name
        self.path = root / name
        self.said: list[str] = []

    @property
    def folder(self) -> Path:
        """Where its kernels are."""
        return self.path / "_modc"

    def build(self, table: dict[str, Any]) -> None:
        """Compile and write its kernels, as the setuptools command does."""
        settings = settings_of(table)
        system = system_of(None)
        platforms = platforms_of(system, settings.targets)
        with config.using(MODC_NO_COMPILE="0"):
            found = gather(settings, str(self.root), str(self.path), self.said.append)
            kernels = compile_all(found.programs, platforms, str(self.root / "temp"), self.said.append)
        manifest.write(str(self.folder), manifest.files_of(found, kernels, system))


def package(tmp_path: Path, text: str, name: str = "") -> Packed:
    """A package with a module `models` of this text; each has a name of its own."""
    packed = Packed(tmp_path, name or f"packed{next(_serial)}")
    packed.path.mkdir(parents=True)
    (packed.path / "__init__.py").write_text("")
    (packed.path / "models.py").write_text(HEAD + text)
    return packed


def pack(tmp_path: Path, text: str, factories: dict[str, str], targets: list[str] | None = None, **table: Any) -> Packed:
    """The same with kernels; factories are names of `models`."""
    packed = package(tmp_path, text)
    found = {key: f"{packed.name}.models:{value}" for key, value in factories.items()}
    packed.build({"factories": found, "targets": [target.cpu_level()] if targets is None else targets, **table})
    return packed


def pack_module(folder: Path, module: Any) -> Path:
    """The kernels of a Module in a directory, without a package around them."""
    found = Gathered()
    with config.using(MODC_RUNTIME="numpy"):
        found.objects["module"] = {"target": "here:module", **found.describer.describe(module.make(), "here:module")}
    found.programs = {fingerprint(one.program, {}): one.program for one in found.describer.methods}
    system = system_of(None)
    kernels = compile_all(found.programs, platforms_of(system, [target.cpu_level()]), str(folder / "temp"), lambda text: None)
    manifest.write(str(folder / "_modc"), manifest.files_of(found, kernels, system))
    return folder


def models(packed: Packed) -> Any:
    """The module with the package's Modules; the package stays importable."""
    sys.path.insert(0, str(packed.root))
    try:
        return __import__(f"{packed.name}.models", fromlist=["models"])
    finally:
        sys.path.remove(str(packed.root))
