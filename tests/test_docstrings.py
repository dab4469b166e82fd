"""The examples in docstrings run, in the package that is installed; they may call the language T and NumPy np."""

from __future__ import annotations

import doctest
import importlib
import importlib.util
import pkgutil
from pathlib import Path

import numpy as np
import pytest

import modc
import modc.tensor as T

OPTIONS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def _with_examples(name: str) -> bool:
    found = importlib.util.find_spec(name)
    return found is not None and found.origin is not None and found.origin.endswith(".py") and ">>> " in Path(found.origin).read_text()


NAMES = ["modc", *(found.name for found in pkgutil.walk_packages(modc.__path__, "modc.") if _with_examples(found.name))]


@pytest.mark.parametrize("mode", ["c", "numpy"])
@pytest.mark.parametrize("name", NAMES)
def test_examples_in_docstrings_run_as_written(name, mode, monkeypatch):
    monkeypatch.setenv("MODC_MODE", mode)
    result = doctest.testmod(importlib.import_module(name), extraglobs={"T": T, "np": np}, optionflags=OPTIONS)
    assert result.failed == 0
    assert result.attempted > 0
