"""Arrays in a ``.npz`` file, without pickle, written atomically.

Input: a dict of arrays and None. Output: a file that `numpy.load` reads. Neighbours: `state`.
Members that hold None are listed in an entry of their own, whose name no key can have.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np

_NONE = "%none"
_LONGEST = 60_000  # bytes of a name in a zip archive, with room to spare


def write_arrays(path: Any, arrays: dict[str, Any]) -> None:
    """Write a file beside its final place and rename it. Raises OSError, ValueError for a huge key."""
    import tempfile  # saving is no part of a start
    import zipfile

    path = os.fspath(path)
    if not path.endswith(".npz"):
        path += ".npz"
    entries = [(_quoted(key), array) for key, array in arrays.items() if array is not None]
    empty = [_quoted(key) for key, array in arrays.items() if array is None]
    if empty:
        entries.append((_NONE, np.array(empty, dtype=np.str_)))
    try:
        handle, temporary = tempfile.mkstemp(".tmp", ".modc-", os.path.dirname(path) or ".")
    except OSError as error:  # the user knows the name of the file, not that of the temporary one
        raise type(error)(error.errno, error.strerror, path) from None
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                for name, array in entries:
                    with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                        np.lib.format.write_array(entry, np.asanyarray(array), allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def read_arrays(path: Any) -> dict[str, Any]:
    """The arrays of a file. Raises OSError where it cannot be read, ValueError where it is damaged."""
    import zipfile
    from urllib.parse import unquote

    path = os.fspath(path)
    if not os.path.exists(path) and os.path.exists(path + ".npz"):
        path += ".npz"
    try:
        with open(path, "rb") as file:
            loaded = np.load(file, allow_pickle=False)
            if isinstance(loaded, np.ndarray):
                raise ValueError("it holds a single array")
            raw = {name: loaded[name] for name in loaded.files}
    except OSError:
        raise
    except (ValueError, EOFError, KeyError, zipfile.BadZipFile, zipfile.LargeZipFile) as error:
        why = "it is no .npz file of plain arrays" if "pickle" in str(error) else error
        raise ValueError(f"{path} is no state that modc can read: {why}") from error
    empty = raw.pop(_NONE, np.array([], np.str_))
    raw.update(dict.fromkeys(map(str, empty.ravel())))
    return {unquote(name, errors="surrogatepass"): array for name, array in raw.items()}


def _quoted(key: str) -> str:
    """A key as a plain file name; ordinary names stay as they are."""
    from urllib.parse import quote

    name = quote(key, safe=" .[](){}@#$&'+,;=!~-_", errors="surrogatepass")
    if len(name) > _LONGEST:
        raise ValueError(f"the name {key[:60]!r}... is too long for a file")
    return name


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
