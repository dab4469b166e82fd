"""Fixtures of the Module tests: every test with `mode` runs interpreted and compiled."""

from __future__ import annotations

import os

import pytest

MODES = os.environ.get("MODC_TEST_MODES", "numpy c").split()  # add "check" for the slow comparison


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> str:
    """Mode to make with: the NumPy interpreter, then the compiled kernel."""
    return str(request.param)


@pytest.fixture(params=MODES)
def default_mode(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same by MODC_MODE, for code that says nothing of modes."""
    monkeypatch.setenv("MODC_MODE", request.param)
