"""What setuptools calls for every project: does nothing for those without [tool.modc.build].

Input: a Distribution (entry point of the group setuptools.finalize_distribution_options). Output: its
commands `build`, `build_ext` and `bdist_wheel` with kernels. Neighbours: commands.
"""

from __future__ import annotations

import os
from typing import Any


def finalize(dist: Any) -> None:
    """Give a project with the table its commands. Nothing else of modc is loaded for others."""
    path = os.path.join(dist.src_root or os.curdir, "pyproject.toml")
    try:
        with open(path, "rb") as file:
            if b"modc" not in file.read():
                return
    except OSError:
        return
    import tomllib  # from here on only projects that mention modc

    with open(path, "rb") as file:
        try:
            data = tomllib.load(file)
        except tomllib.TOMLDecodeError:
            return  # setuptools itself reads the file, and says what is wrong
    tool = data.get("tool", {}).get("modc", {})
    if not isinstance(tool, dict) or "build" not in tool:
        return
    from modc.wheel.commands import register

    register(dist, tool["build"])
