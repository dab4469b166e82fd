"""What every test shares: one cache for the session, no settings from outside, golden files."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

GOLDENS = Path(__file__).parent / "goldens"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="write the golden files anew")


_KEPT = ("MODC_RUNTIME", "MODC_TEST_MODES", "MODC_TEST_TOOLS", "MODC_FUZZ")  # the ones that choose what is tested
_own_cache = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Before anything is collected: kernels of all tests and workers go to one new cache."""
    if hasattr(config, "workerinput"):
        return  # a worker has the environment of the process that started it
    for name in [name for name in os.environ if name.startswith("MODC_") and name not in _KEPT]:
        del os.environ[name]
    config.stash[_own_cache] = os.environ["MODC_CACHE_DIR"] = tempfile.mkdtemp(prefix="modc-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the cache of the session."""
    if _own_cache in config.stash:
        shutil.rmtree(config.stash[_own_cache], ignore_errors=True)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """golden(name, text): text must equal the file tests/goldens/name."""

    def check(name: str, text: str) -> None:
        path = GOLDENS / name
        if request.config.getoption("--update-goldens"):
            path.parent.mkdir(exist_ok=True, parents=True)
            path.write_text(text)
        assert path.read_text() == text

    return check
