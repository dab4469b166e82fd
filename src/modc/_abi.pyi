"""The cffi declarations that build_tools/abi_build.py writes, for type checkers."""

from typing import Any

ffi: Any
