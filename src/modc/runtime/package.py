"""The kernels of one package: its manifest, read and checked, and what that lists.

Input: a package's name or directory. Output: descriptions, arrays and loaded kernels. Neighbours:
`packaged` builds instances of them; `build.shipped` loads single files; `modc.wheel` wrote it all,
docs/wheels.md describes the format.
"""

from __future__ import annotations

import json
import os
import sys
from hashlib import sha256
from typing import Any

import numpy as np

from modc import config
from modc.build import shipped, target
from modc.build.entry import ABI, Damaged
from modc.build.library import Library
from modc.errors import ModeError, PackageError
from modc.runtime import Cell

FORMAT = 1

#: What a manifest that is not what it should be makes Python raise.
MALFORMED = (LookupError, TypeError, ValueError, AttributeError)


def sum_of(manifest: dict[str, Any]) -> str:
    """The sha256 that stands in a manifest: that of everything else in it."""
    rest = {key: value for key, value in manifest.items() if key != "sha256"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode("ascii")).hexdigest()


class Package:
    """The directory `_modc` of a package.

    origin  the name or directory that it was asked for by, for messages and pickles
    """

    def __init__(self, path: str, origin: str):
        self.path = path
        self.origin = origin
        self.data = self._read()
        self._values = self._bytes(self.data["values"])
        self._shared: list[Any] = []

    def _read(self) -> dict[str, Any]:
        path = os.path.join(self.path, shipped.MANIFEST)
        try:
            with open(path, encoding="utf-8") as file:
                data = json.load(file)
            formats = data["format"], data["abi"]
        except OSError as error:
            raise PackageError(f"{path} cannot be read: {error.strerror}") from None
        except (*MALFORMED, RecursionError) as error:
            raise self.damaged(error) from None
        if formats != (FORMAT, ABI):
            raise PackageError(
                f"{path} has format {formats[0]} and kernels of ABI {formats[1]}, this modc reads format "
                f"{FORMAT} and ABI {ABI}\n  hint: install the modc that it was built with "
                f"({str(data.get('modc'))[:40]}), or build the package again"
            )
        if data.get("sha256") != sum_of(data):
            raise self.damaged("its checksum does not match its contents")
        found: dict[str, Any] = data
        return found

    def damaged(self, why: object) -> PackageError:
        """The exception for files that are not what was built."""
        said = f"{type(why).__name__}: {why}" if isinstance(why, Exception) else why
        return PackageError(
            f"the kernels of {self.origin} are damaged: {os.path.join(self.path, shipped.MANIFEST)}: "
            f"{said}\n  hint: install the package again"
        )

    def malformed(self, error: Exception) -> Exception:
        """What an error while objects are built means: a wrong setting, or a manifest that lies."""
        return error if isinstance(error, ModeError) else self.damaged(error)

    def _bytes(self, row: dict[str, Any]) -> bytes:
        path = os.path.join(self.path, "values.bin")
        try:
            with open(path, "rb") as file:
                data = file.read()
        except OSError as error:
            raise PackageError(f"{path} cannot be read: {error.strerror}") from None
        if sha256(data).hexdigest() != row["sha256"]:
            raise self.damaged("the contents of values.bin are not what it says")
        return data

    def object(self, name: str | None) -> tuple[str, dict[str, Any]]:
        """Name and description of an object. Raises PackageError when there is none of that name."""
        objects: dict[str, Any] = self.data["objects"]
        if name is None and len(objects) == 1:
            name = next(iter(objects))
        if name is None or name not in objects:
            what = "which one is wanted?" if name is None else f"there is no {str(name)[:200]!r}"
            raise PackageError(f"{self.origin}: {what} (it has: {', '.join(objects)})")
        return name, objects[name]

    def value(self, row: dict[str, Any] | None) -> Any:
        """An array that the manifest refers to, read-only; None for None."""
        if row is None:
            return None
        shape = tuple(row["shape"])
        dtype = np.dtype(row["dtype"]).newbyteorder("<")
        count = int(np.prod(shape, dtype=np.int64))
        return np.frombuffer(self._values, dtype, count, row["at"]).reshape(shape)

    def cell(self, row: dict[str, Any], lock: Any = None) -> Any:
        """Storage as a row describes it, with its first value. Shared variables have one cell for all."""
        if "shared" in row:
            return self._shared_cells()[row["shared"]]
        size = None if row["size"] is None else tuple(row["size"])
        cell = Cell(row["name"], row["dtype"], row["ndim"], size, row["readonly"], lock)
        value = self.value(row["value"])
        if value is not None:
            cell.fill(value)
        return cell

    def _shared_cells(self) -> list[Any]:
        if not self._shared:
            self._shared = [self.cell(row) for row in self.data["shared"]]
        return self._shared

    def library(self, key: str) -> Library:
        """The kernel of a fingerprint for this CPU, loaded. Raises PackageError."""
        kernel = self.data["kernels"][key]
        runnable = target.levels_below(target.target_level())
        level = next((one for one in runnable if one in kernel["files"]), None)
        if level is None:
            raise PackageError(
                f"{self.origin} has kernels for {', '.join(self.data['levels'])}; this machine runs "
                f"{', '.join(runnable)}\n  hint: build the package with one of these among its targets, or "
                f"make its Modules with modc where a C compiler is"
            )
        row = kernel["files"][level]
        path = os.path.join(self.path, shipped.file_name(key, level))
        if os.path.basename(path) != row["file"]:
            raise self.damaged(f"it has another name for {os.path.basename(path)}")
        try:
            library = shipped.load(path, kernel["name"], key, level, row["sha256"])
        except Damaged as damage:
            raise PackageError(
                f"{kernel['name']}: the kernel {path} is damaged: {damage}\n  hint: install the package again"
            ) from None
        config.trace(1, f"{kernel['name']} from {self.origin}: {path}")
        return library


_opened: dict[str, Package] = {}


def open_package(package: Any) -> Package:
    """The kernels of a package, by its name, by itself, or by its directory; read once per process.

    Raises PackageError when there are none, or when they cannot be used by this modc.
    """
    origin, folders = _places(package)
    for folder in folders:
        for path in (os.path.join(folder, shipped.FOLDER), folder):
            if os.path.isfile(os.path.join(path, shipped.MANIFEST)):
                path = os.path.abspath(path)
                if path not in _opened:
                    try:
                        _opened[path] = Package(path, origin)
                    except MALFORMED as error:
                        raise PackageError(f"{path}: the manifest is damaged: {error!r}") from None
                return _opened[path]
    looked = " or ".join(
        os.path.join(folder, shipped.FOLDER, shipped.MANIFEST) for folder in folders
    )
    raise PackageError(
        f"{origin} has no kernels: there is no {looked or 'such directory'}\n"
        f"  hint: they are put there when the package is built with a table [tool.modc.build]"
    )


def _places(package: Any) -> tuple[str, list[str]]:
    """How messages call a package, and the directories that it may have; nothing of it is imported."""
    if hasattr(package, "__path__"):
        return package.__name__, list(package.__path__)
    text = os.fspath(package)
    if not isinstance(text, str):
        raise TypeError(f"a package is named by text, not {package!r}")
    if not all(part.isidentifier() for part in text.split(".")):
        return text, [text]
    if text in sys.modules:
        return text, list(getattr(sys.modules[text], "__path__", []))
    from importlib.util import find_spec

    try:
        spec = find_spec(text)
    except (ImportError, ValueError):
        spec = None
    if spec is None:
        raise PackageError(
            f"there is no package {text!r}\n  hint: install it; a directory is given with a slash in its path"
        )
    return text, list(spec.submodule_search_locations or [])
