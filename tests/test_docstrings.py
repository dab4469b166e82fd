"""The examples in docstrings run, in the package that is installed."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import modc

OPTIONS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
NAMES = sorted(
    found.name for found in pkgutil.walk_packages(modc.__path__, "modc.") if found.name not in ("modc._abi", "modc._call", "modc.__main__")
)


@pytest.mark.parametrize("mode", ["c", "numpy"])
def test_examples_in_docstrings_run_as_written(mode, monkeypatch):
    monkeypatch.setenv("MODC_MODE", mode)
    results = {name: doctest.testmod(importlib.import_module(name), optionflags=OPTIONS) for name in ["modc", *NAMES]}
    assert [name for name, result in results.items() if result.failed] == []
    assert results["modc"].attempted > 0
