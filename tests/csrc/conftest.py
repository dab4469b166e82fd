from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import header_library


@pytest.fixture(scope="session", params=header_library.LEVELS)
def level(request: pytest.FixtureRequest) -> str:
    """A CPU level that this machine has."""
    return str(request.param)


@pytest.fixture(scope="session")
def headers(level: str, tmp_path_factory: pytest.TempPathFactory) -> header_library.Headers:
    """A loop over every function of the headers, compiled for one CPU level."""
    return header_library.Headers(level, tmp_path_factory.mktemp(f"headers-{level or 'base'}"))
