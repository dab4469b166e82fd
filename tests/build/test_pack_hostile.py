"""A pack from somebody hostile, or cut off, or no pack at all: refused whole, nothing published."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile
from pathlib import Path

import pytest
from build_kernels import request

import modc
from modc.build import entry, load_all
from modc.errors import CacheError

MANIFEST = "modc-pack.json"


@pytest.fixture
def packed(tmp_path):
    """A pack of two kernels."""
    load_all([request(3), request(4, "Net.step")])
    path = tmp_path / "kernels.tar"
    modc.cache.pack(path)
    return path


def rewritten(path: Path, change) -> Path:
    """The same pack with a list of (TarInfo, bytes) changed by hand."""
    with tarfile.open(path) as tar:
        parts = [(info, tar.extractfile(info).read()) for info in tar]
    parts = change(parts) or parts
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        for info, data in parts:
            if info.type == tarfile.REGTYPE:
                info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


def manifest_with(path: Path, change) -> Path:
    def edit(parts):
        whole = json.loads(parts[0][1])
        whole = change(whole) or whole
        parts[0] = (parts[0][0], json.dumps(whole).encode())

    return rewritten(path, edit)


def damaged_packs():
    def link(kind, target):
        def change(parts):
            info = tarfile.TarInfo(parts[1][0].name)
            info.type, info.linkname = kind, target
            parts[1] = (info, b"")

        return change

    def named(name):
        def change(parts):
            old = parts[1][0].name
            parts[1][0].name = name
            parts[0] = (parts[0][0], parts[0][1].replace(old.encode(), name.encode()))

        return change

    def flipped(position):
        def change(parts):
            data = bytearray(parts[1][1])
            data[position] ^= 1
            parts[1] = (parts[1][0], bytes(data))

        return change

    def swapped(parts):
        parts[1], parts[2] = (parts[1][0], parts[2][1]), (parts[2][0], parts[1][1])

    return {
        "symbolic link": (link(tarfile.SYMTYPE, "/etc/passwd"), "is no regular file"),
        "hard link": (link(tarfile.LNKTYPE, MANIFEST), "is no regular file"),
        "device": (link(tarfile.CHRTYPE, ""), "is no regular file"),
        "pipe": (link(tarfile.FIFOTYPE, ""), "is no regular file"),
        "directory": (link(tarfile.DIRTYPE, ""), "is no regular file"),
        "path upwards": (named("../../evil.so"), "something that is no entry"),
        "absolute path": (named("/tmp/evil.so"), "something that is no entry"),
        "path inside": (named("ab/../cd/evil.so"), "something that is no entry"),
        "flipped bit of the code": (flipped(3000), "is not what its manifest says"),
        "flipped bit of the key": (flipped(-90), "is not what its manifest says"),
        "contents swapped": (swapped, "is not what its manifest says"),
        "entry missing": (lambda parts: parts[:-1], "it has nothing where its manifest says"),
        "entry twice": (lambda parts: [*parts, parts[-1]], "its manifest does not name"),
        "order": (lambda parts: [parts[0], parts[2], parts[1]], "where its manifest says"),
        "no manifest": (lambda parts: parts[1:], "it is no pack of modc"),
        "manifest last": (lambda parts: [*parts[1:], parts[0]], "it is no pack of modc"),
        "manifest only": (lambda parts: parts[:1], "it has nothing where its manifest says"),
    }


@pytest.mark.parametrize("case", damaged_packs())
def test_a_pack_changed_by_hand_is_refused_whole(case, packed, tmp_path):
    change, reason = damaged_packs()[case]
    rewritten(packed, change)
    with pytest.raises(CacheError, match=reason):
        modc.cache.unpack(packed, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def with_row(**values):
    def change(whole):
        whole["entries"][0].update(values)

    return change


MANIFESTS = {
    "another ABI": (lambda whole: whole.update(abi=2), "its ABI is 2, not 1"),
    "another form": (lambda whole: whole.update(format="modc cache pack 2"), "does not know"),
    "a list": (lambda whole: [whole], "does not know"),
    "no entries": (lambda whole: whole.pop("entries") and None, "no entry"),
    "a row of text": (lambda whole: whole.update(entries=["x"]), "no entry"),
    "a row twice": (lambda whole: whole["entries"].insert(0, whole["entries"][0]), "twice"),
    "no size": (with_row(bytes=None), "no entry"),
    "size true": (with_row(bytes=True), "no entry"),
    "another size": (with_row(bytes=1), "is not what its manifest says"),
    "another digest": (with_row(sha256="0" * 64), "is not what its manifest says"),
    "another name": (with_row(name="Somebody.else"), r"manifest says \(name\)"),
    "another level": (with_row(level="aarch64"), r"manifest says \(level\)"),
    "another compiler": (with_row(compiler="acc 99"), r"manifest says \(compiler\)"),
    "other flags": (with_row(flags=[]), r"manifest says \(flags\)"),
    "no digest": (with_row(digest=None), r"manifest says \(digest\)"),
    "another key": (with_row(key="0" * 64), r"manifest says \(key\)"),
}


@pytest.mark.parametrize("case", MANIFESTS)
def test_a_manifest_that_is_not_true_is_refused(case, packed, tmp_path):
    change, reason = MANIFESTS[case]
    manifest_with(packed, change)
    with pytest.raises(CacheError, match=reason):
        modc.cache.unpack(packed, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_entry_that_lies_about_itself_is_refused(packed, tmp_path, cache_dir):
    """Its checksums are right, but its name does not follow from its key."""
    path = next(cache_dir.glob("[0-9a-f][0-9a-f]/*.so"))
    found = entry.read(str(path))
    lies = {
        "holds another kernel": lambda: entry.pack(0, "0" * 64, found.tool, b"\x7fELF", found.note),
        "its ABI is 2": lambda: abi_2(entry.pack(0, found.key, found.tool, b"", found.note)),
        "it is no kernel": lambda: entry.pack(1, found.key, found.tool, b"", found.note),
        "its note cannot be read": lambda: entry.pack(0, found.key, found.tool, b"", b"\xff" * 9),
        "its note says nothing": lambda: entry.pack(0, found.key, found.tool, b"", note({})),
        "its note names no Method": lambda: entry.pack(
            0, found.key, found.tool, b"", note({"build": {"name": 3, "key": []}})
        ),
        "its name does not follow": lambda: entry.pack(
            0, found.key, found.tool, b"", note({"build": {"name": "x", "key": "0" * 64}})
        ),
    }
    for reason, lie in lies.items():
        data = lie()

        def change(parts, data=data):
            whole = json.loads(parts[0][1])
            row = next(row for row in whole["entries"] if row["path"].endswith(path.name))
            row.update(bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
            at = next(i for i, (info, _) in enumerate(parts) if info.name == row["path"])
            parts[at] = (parts[at][0], data)
            parts[0] = (parts[0][0], json.dumps(whole).encode())

        changed = rewritten(Path(shutil.copy(packed, tmp_path / "lie.tar")), change)
        with pytest.raises(
            CacheError, match=reason if "holds" not in reason else "another kernel|follow"
        ):
            modc.cache.unpack(changed, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def note(facts: dict) -> bytes:
    return entry.pack_note(facts, "")


def abi_2(data: bytes) -> bytes:
    body = bytearray(data[:-32])
    at = len(data) - entry.TRAILER_BYTES + 8
    body[at : at + 4] = (2).to_bytes(4, "little")
    return bytes(body) + hashlib.sha256(body).digest()


def test_a_pack_that_is_cut_off_anywhere_is_refused(packed, tmp_path):
    small = tmp_path / "small.tgz"
    modc.cache.pack(small)
    for path in (packed, small):
        whole = path.read_bytes()
        points = {0, 1, 100, 511, 512, 513, 5000, len(whole) // 2, len(whole) - 1025}
        for length in sorted(points | {len(whole) * part // 17 for part in range(17)}):
            end = len(whole.rstrip(b"\0"))
            if path == packed and length > end + 1024:
                continue  # part of the zeros at the end
            path.write_bytes(whole[:length])
            with pytest.raises(CacheError, match="cannot be unpacked"):
                modc.cache.unpack(path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_bytes_between_the_kernels_are_refused(packed, tmp_path):
    data = bytearray(packed.read_bytes())
    with tarfile.open(packed) as tar:
        end = 512 + tar.getmember(MANIFEST).size
    data[end] = 1
    packed.write_bytes(data)
    with pytest.raises(CacheError, match=f"something follows {MANIFEST}"):
        modc.cache.unpack(packed, tmp_path / "out")


def test_bytes_after_the_end_of_a_pack_are_refused(packed, tmp_path):
    packed.write_bytes(packed.read_bytes() + b"more" * 1000)
    with pytest.raises(CacheError, match="something follows its end"):
        modc.cache.unpack(packed, tmp_path / "out")


def test_files_that_are_no_packs_are_refused(tmp_path):
    for content in (b"", b"#!/bin/sh\nrm -rf /\n" * 99, bytes(20000), bytes(512), os.urandom(9999)):
        for data in (content, gzip.compress(content), b"\x1f\x8b" + content):
            (tmp_path / "file").write_bytes(data)
            with pytest.raises(CacheError, match="file cannot be unpacked: "):
                modc.cache.unpack(tmp_path / "file", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_things_that_are_no_files_are_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CacheError, match="it is no regular file"):
        modc.cache.unpack(tmp_path / "pipe")
    with pytest.raises(CacheError, match="Is a directory"):
        modc.cache.unpack(tmp_path)
    with pytest.raises(CacheError, match="No such file"):
        modc.cache.unpack(tmp_path / "nowhere")


def test_an_oversized_member_is_refused_without_being_read(packed, tmp_path):
    for size in (entry.LIMIT + 1, 2**40):
        info = tarfile.TarInfo(MANIFEST)
        info.size = size
        (tmp_path / "bomb.tar").write_bytes(info.tobuf(tarfile.GNU_FORMAT) + bytes(1024))
        with pytest.raises(CacheError, match=f"has {size} bytes"):
            modc.cache.unpack(tmp_path / "bomb.tar")


def test_no_memory_is_taken_by_a_small_file_that_expands(tmp_path):
    """64 MiB of manifest in 64 KiB: refused, within a limit of memory."""
    info = tarfile.TarInfo(MANIFEST)
    info.size = entry.LIMIT
    with gzip.GzipFile(tmp_path / "bomb.tgz", "wb", mtime=0) as file:
        file.write(info.tobuf(tarfile.USTAR_FORMAT))
        for _ in range(64):
            file.write(b"[" * (1 << 20))
    with pytest.raises(CacheError, match=f"its manifest has {entry.LIMIT} bytes"):
        modc.cache.unpack(tmp_path / "bomb.tgz")
    info.size = 1 << 20
    deep = info.tobuf(tarfile.USTAR_FORMAT) + b"[" * (1 << 20) + bytes(1024)
    (tmp_path / "deep.tar").write_bytes(deep)
    with pytest.raises(CacheError, match="its manifest cannot be read"):
        modc.cache.unpack(tmp_path / "deep.tar")
