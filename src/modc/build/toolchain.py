"""Which compiler, and its digest: what stands beside the content key in an entry's name.

Input: CC, PATH, MODC_CFLAGS, the CPU level. Output: `Tool`: the command, its flags and the digest
of both. Asking a compiler who it is costs processes, so the answer is remembered in the cache under
the compiler's path, size and time; this module only reads it, `compiler.identify` writes it.
Neighbours: load (warm), compiler (cold), doctor.
"""

from __future__ import annotations

import os
import sys

from modc import config
from modc.build import cache
from modc.errors import CompileError

NAMES = ("gcc", "clang", "cc")  # looked for on PATH when CC is not set; then ziglang

NO_COMPILER = (
    "there is no C compiler: CC is not set, and gcc, clang, cc and ziglang are not there\n"
    "  hint: install gcc or clang, or `pip install modc[zig]`"
)


# Needed for right results: division and square root as in NumPy, no contraction, no fast math. Of straight code gcc makes
# no vectors: 12.2 makes wrong ones of unrolled 4 x 4 loops for AVX-512, and nothing measured is slower without.
BASE_FLAGS = (
    "-O2", "-ftree-vectorize", "-fno-tree-slp-vectorize", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=off",
    "-std=c99",
)  # fmt: skip


class Command:
    """A compiler as it is started: argument list, and the file that decides who it is."""

    __slots__ = ("argv", "explicit", "file")

    def __init__(self, argv: list[str], file: str, explicit: bool):
        self.argv = argv
        self.file = file
        self.explicit = explicit


class Tool:
    """A compiler that has been asked: its digest, its version text and the flags it takes."""

    __slots__ = ("command", "digest", "flags", "version")

    def __init__(self, command: Command, digest: str, version: str, flags: list[str]):
        self.command = command
        self.digest = digest
        self.version = version
        self.flags = flags


_known: dict[str, Tool] = {}


def which(name: str) -> str | None:
    """Absolute path of a command: as `shutil.which`, without its import."""
    suffixes = ("",) if os.name != "nt" else (".exe", ".cmd", ".bat", "")
    if os.path.dirname(name):
        folders = [""]
    else:
        folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    for folder in folders:
        for suffix in suffixes:
            path = os.path.abspath(os.path.join(folder, name + suffix))
            if os.path.isfile(path) and os.access(path, os.X_OK):
                return path
    return None


def find_command() -> Command | None:
    """The compiler to use: CC, else the first of gcc, clang, cc, ziglang that is there.

    The first one found is taken, and its failures are reported, not passed over. Raises
    CompileError when CC names something that cannot be started.
    """
    explicit = config.get("CC")
    if explicit.strip():
        argv = _split(explicit)
        path = which(argv[0])
        if path is None:
            raise CompileError(
                f"CC={explicit!r}: there is no command {argv[0]!r} that can be started\n"
                f"  hint: correct CC, or unset it: modc then looks for gcc, clang, cc and ziglang"
            )
        return Command([path, *argv[1:]], path, explicit=True)
    for name in NAMES:
        path = which(name)
        if path is not None:
            return Command([path], path, explicit=False)
    zig = find_zig()
    if zig is not None:
        return Command([sys.executable, "-m", "ziglang", "cc"], zig, explicit=False)
    return None


def find_zig() -> str | None:
    """The zig binary of the package `ziglang` (extra ``modc[zig]``), or None."""
    from importlib.util import find_spec

    spec = find_spec("ziglang")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for name in ("zig", "zig.exe"):
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                return path
    return None


def _split(text: str) -> list[str]:
    if "'" not in text and '"' not in text and "\\" not in text:
        return text.split()
    import shlex

    try:
        return shlex.split(text) or [text]
    except ValueError as error:
        raise CompileError(f"CC or MODC_CFLAGS, {text!r}, cannot be read: {error}") from None


def user_flags() -> list[str]:
    """MODC_CFLAGS as arguments."""
    return _split(config.get("MODC_CFLAGS")) if config.get("MODC_CFLAGS").strip() else []


def subject(command: Command, level: str) -> str:
    """Everything that the remembered answer of a compiler depends on.

    Raises CompileError when the compiler's file has gone.
    """
    try:
        info = os.stat(command.file)
    except OSError as error:
        raise CompileError(f"the C compiler {command.file}: {error.strerror}") from None
    fields = ["modc toolchain 1", level, command.file, str(info.st_size), str(info.st_mtime_ns)]
    fields += [*command.argv, "--", *BASE_FLAGS, *user_flags()]
    return "\0".join(f"{len(field)}:{field}" for field in fields)


def recall(command: Command, level: str, directory: cache.Directory) -> Tool | None:
    """The compiler as it was identified before, by this process or through the cache."""
    key = subject(command, level)
    known = _known.get(key)
    if known is None:
        text = cache.read_memo(directory, "tool", key)
        if text is None:
            return None
        digest, version, *flags = text.split("\0")
        known = _known[key] = Tool(command, digest, version, flags)
    return known


def remember(key: str, tool: Tool) -> str:
    """Keep an answer for this process; returns the text that `recall` reads."""
    _known[key] = tool
    return "\0".join([tool.digest, tool.version, *tool.flags])
