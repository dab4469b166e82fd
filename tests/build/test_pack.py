"""Kernels in one file: written the same each time, read as if somebody hostile had made it."""

from __future__ import annotations

import gzip
import json
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest
from build_kernels import call, request

import modc
from modc import config
from modc.build import cache, entry, load_all, store
from modc.errors import CacheError, ModeError

MANIFEST = "modc-pack.json"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def packed(tmp_path):
    """A pack of two kernels."""
    load_all([request(3), request(4, "Net.step")])
    path = tmp_path / "kernels.tar"
    modc.cache.pack(path)
    return path


@pytest.fixture
def elsewhere(tmp_path, monkeypatch, forget_all):
    """Another machine: an empty cache, no compiler."""
    path = tmp_path / "elsewhere"
    monkeypatch.setenv("MODC_CACHE_DIR", str(path))
    monkeypatch.setenv("MODC_NO_COMPILE", "1")
    forget_all()
    return path


def entries(path: Path) -> list[Path]:
    return sorted(path.glob("[0-9a-f][0-9a-f]/*.so"))


def members(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as tar:
        return {info.name: tar.extractfile(info).read() for info in tar}


# -- packing


def test_a_pack_brings_kernels_to_a_machine_without_a_compiler(packed, elsewhere):
    done = modc.cache.unpack(packed)
    assert (str(elsewhere), ["Acc.add", "Net.step"], ()) == (
        done.path,
        sorted(kernel.name for kernel in done.new),
        done.kept,
    )
    libraries = load_all([request(3), request(4, "Net.step")])
    assert [(True, 3.0), (True, 4.0)] == [(one.cache_hit, call(one)) for one in libraries]


def test_the_same_kernels_give_the_same_bytes(packed, tmp_path, cache_dir):
    first = packed.read_bytes()
    for path in entries(cache_dir):
        os.utime(path, (1e9, 1e9))
    copy = tmp_path / "copy"
    shutil.copytree(cache_dir, copy)
    for again in ("a.tar", "b.tar"):
        modc.cache.pack(tmp_path / again, [copy])
        assert first == (tmp_path / again).read_bytes()
    for again in ("a.tgz", "b.tar.gz"):
        modc.cache.pack(tmp_path / again)
        time.sleep(0.01)
    assert (tmp_path / "a.tgz").read_bytes() == (tmp_path / "b.tar.gz").read_bytes()
    assert first == gzip.decompress((tmp_path / "a.tgz").read_bytes())


def test_a_compressed_pack_is_smaller_and_unpacks_to_the_same(packed, tmp_path):
    small = modc.cache.pack(tmp_path / "kernels.tgz")
    assert small.bytes < packed.stat().st_size / 2
    for number, file in enumerate((packed, small.path)):
        modc.cache.unpack(file, tmp_path / f"out{number}")
    first, second = (entries(tmp_path / f"out{number}") for number in range(2))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_the_manifest_says_what_each_kernel_is(packed):
    whole = json.loads(members(packed)[MANIFEST])
    assert ("modc cache pack 1", entry.ABI) == (whole["format"], whole["abi"])
    for row, (name, data) in zip(whole["entries"], list(members(packed).items())[1:], strict=True):
        assert (name, len(data)) == (row["path"], row["bytes"])
        assert {"Acc.add", "Net.step"} >= {row["name"]}
        assert row["level"] and row["tool"] and len(row["key"]) == len(row["sha256"]) == 64
        assert not [value for value in row.values() if "/tmp" in str(value)]


def test_kernels_are_chosen_by_name_and_level(packed, tmp_path):
    level = modc.cache.list()[0].level
    chosen = {
        ("Net.*",): ["Net.step"],
        ("Acc.add", "Net.step"): ["Acc.add", "Net.step"],
        ("*.s?ep",): ["Net.step"],
    }
    for only, names in chosen.items():
        done = modc.cache.pack(tmp_path / "chosen.tar", only=only, levels=[level, "aarch64"])
        assert names == sorted(kernel.name for kernel in done.kernels)
    with pytest.raises(ModeError, match="unknown target 'v9'"):
        modc.cache.pack(tmp_path / "none.tar", levels=["v9"])
    for choice in ({"only": ["net.*"]}, {"levels": ["arm64"]}):
        with pytest.raises(CacheError, match="no kernel that was asked for"):
            modc.cache.pack(tmp_path / "none.tar", **choice)
    assert not (tmp_path / "none.tar").exists()


def test_an_empty_cache_and_a_missing_one_are_not_packed(tmp_path):
    with pytest.raises(CacheError, match=r"there is no kernel in .*\n  hint: .*modc warm"):
        modc.cache.pack(tmp_path / "none.tar")
    with pytest.raises(CacheError, match="nowhere cannot be packed: it does not exist"):
        modc.cache.pack(tmp_path / "none.tar", [tmp_path / "nowhere"])
    assert not (tmp_path / "none.tar").exists()


def test_a_damaged_kernel_stops_a_pack_and_an_older_pack_stays(packed, cache_dir):
    before = packed.read_bytes()
    path = entries(cache_dir)[0]
    data = bytearray(path.read_bytes())
    data[40] ^= 1
    path.unlink()
    path.write_bytes(data)
    path.chmod(0o400)
    with pytest.raises(CacheError, match="its checksum does not match") as caught:
        modc.cache.pack(packed)
    assert "modc cache verify --fix" in str(caught.value)
    assert before == packed.read_bytes()
    modc.cache.verify(fix=True)
    assert 1 == len(modc.cache.pack(packed).kernels)


def test_a_pack_takes_the_place_of_packs_only(packed, tmp_path):
    own = tmp_path / "model.py"
    own.write_text("import modc\n" * 100)
    (tmp_path / "a folder").mkdir()
    for path in (own, tmp_path / "a folder"):
        with pytest.raises(CacheError, match="is there and is no pack"):
            modc.cache.pack(path)
    assert own.read_text().startswith("import modc")
    (tmp_path / "empty").write_text("")
    for path in (packed, tmp_path / "empty"):
        assert 2 == len(modc.cache.pack(path).kernels)


def test_a_pack_that_cannot_be_written_leaves_nothing(packed, tmp_path):
    with pytest.raises(CacheError, match="cannot be written: No such file"):
        modc.cache.pack(tmp_path / "no folder" / "kernels.tar")
    code = "import modc, resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))\n"
    code += f"modc.cache.pack({str(tmp_path / 'new.tar')!r})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "new.tar cannot be written: File too large" in run.stderr
    assert [] == list(tmp_path.glob("new.tar*"))


# -- unpacking


def test_what_is_unpacked_for_everybody_can_be_read_by_everybody(packed, tmp_path):
    out = tmp_path / "opt" / "kernels"
    old = os.umask(0o077)
    try:
        modc.cache.unpack(packed, out)
    finally:
        os.umask(old)
    assert [0o755, 0o755] == [mode(out.parent), mode(out)]
    for path in entries(out):
        assert (0o444, 0o755) == (mode(path), mode(path.parent))
    assert {path.parent for path in entries(out)} == set(out.iterdir())


def test_what_is_unpacked_into_the_own_cache_is_private(packed, elsewhere):
    modc.cache.unpack(packed)
    assert 0o700 == mode(elsewhere)
    assert {(0o400, 0o700)} == {(mode(path), mode(path.parent)) for path in entries(elsewhere)}


def test_tar_unpacks_a_layer_as_well(packed, tmp_path, elsewhere, monkeypatch):
    layer = tmp_path / "layer"
    layer.mkdir(mode=0o755)
    subprocess.run(["tar", "-xf", str(packed), "-C", str(layer)], check=True)
    monkeypatch.setenv("MODC_CACHE_PATH", str(layer))
    (library,) = load_all([request(3)])
    assert (True, str(layer)) == (library.cache_hit, str(Path(library.path).parent.parent))


def test_a_kernel_that_is_there_stays_and_a_damaged_one_is_replaced(packed, tmp_path):
    out = tmp_path / "out"
    modc.cache.unpack(packed, out)
    good, bad = entries(out)
    whole, inode = bad.read_bytes(), good.stat().st_ino
    bad.unlink()
    bad.write_bytes(whole[:-1])
    done = modc.cache.unpack(packed, out)
    assert ([str(bad)], [str(good)]) == (
        [kernel.path for kernel in done.new],
        [kernel.path for kernel in done.kept],
    )
    assert (whole, inode) == (bad.read_bytes(), good.stat().st_ino)


def test_a_pack_for_another_cpu_is_unpacked_all_the_same(packed, tmp_path, cache_dir):
    foreign = entries(cache_dir)[0]
    found = entry.read(str(foreign))
    facts, text = entry.unpack_note(found.note)
    facts["build"]["level"] = "aarch64"
    name = modc.build.load.entry_name(facts["build"]["key"], "aarch64")
    data = entry.pack(0, name, found.tool, found.image, entry.pack_note(facts, text))
    store.publish(cache.own(), cache.own().file(name, found.tool), data)
    modc.cache.pack(packed)
    done = modc.cache.unpack(packed, tmp_path / "out")
    assert ["aarch64"] == [one.level for one in done.new if one.entry == name]


# -- the directory that is unpacked into


def test_a_directory_that_cannot_be_used_is_a_reason(packed, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("x")
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    (tmp_path / "link").symlink_to(tmp_path)
    reasons = {"file": "no directory", "file/x": "cannot be made", "open": "others can write",
               "link": "symbolic link"}  # fmt: skip
    for name, reason in reasons.items():
        with pytest.raises(CacheError, match=f"{name} cannot keep kernels: .*{reason}"):
            modc.cache.unpack(packed, tmp_path / name)
    (tmp_path / "theirs").mkdir()
    if os.geteuid() == 0:
        os.chown(tmp_path / "theirs", 4321, -1)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: 4321)
    with pytest.raises(CacheError, match="belongs to user"):
        modc.cache.unpack(packed, tmp_path / "theirs")


def test_an_empty_name_is_not_the_current_directory(packed, tmp_path, monkeypatch):
    """As in `--out "$UNSET"`."""
    monkeypatch.chdir(tmp_path)
    for call_ in (
        lambda: modc.cache.unpack(packed, ""),
        lambda: modc.warm(out=""),
        lambda: modc.warm(out="", check=True),
    ):
        with pytest.raises(CacheError, match="name of the directory is empty"):
            call_()
    assert [] == entries(tmp_path)


def test_a_full_disk_keeps_what_was_complete(packed, tmp_path):
    """The second kernel does not fit: the first one is whole, no half of the second is there."""
    load_all([request(5, "Large.one")])
    padded = enlarged(tmp_path / "cache")
    modc.cache.pack(packed)
    code = "import modc, resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (60000, 60000))\n"
    code += f"modc.cache.unpack({str(packed)!r}, {str(tmp_path / 'out')!r})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "kernels: File too large" in run.stderr
    assert "hint: make room" in run.stderr
    there = entries(tmp_path / "out")
    assert padded.name not in [path.name for path in there]
    for path in there:
        entry.read(str(path))
    modc.cache.unpack(packed, tmp_path / "out")
    assert 3 == len(entries(tmp_path / "out"))


def enlarged(folder: Path) -> Path:
    """Gives the last kernel of a cache an image of 100 kB more; returns its path."""
    path = entries(folder)[-1]
    found = entry.read(str(path))
    data = entry.pack(0, found.key, found.tool, found.image + os.urandom(100000), found.note)
    path.unlink()
    path.write_bytes(data)
    path.chmod(0o400)
    return path


def test_two_processes_can_unpack_at_once(packed, tmp_path):
    out = tmp_path / "out"
    code = f"import modc; modc.cache.unpack({str(packed)!r}, {str(out)!r})"
    runs = [
        subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    for run in runs:
        _, said = run.communicate(timeout=60)
        assert (0, "") == (run.returncode, said)
    assert 2 == len(entries(out))
    assert {path.parent for path in entries(out)} == set(out.iterdir())


KILLED = """
import os, signal, sys, modc
from modc.build import store
real, count = os.replace, 0
def replace(*a):
    global count
    count += 1
    if count == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*a)
os.replace = replace
modc.cache.unpack(sys.argv[1], sys.argv[2])
"""


@pytest.mark.parametrize("instant", [1, 2])
def test_a_killed_unpack_leaves_a_usable_cache(instant, packed, tmp_path, elsewhere):
    out = tmp_path / "out"
    run = subprocess.run(
        [sys.executable, "-c", KILLED, str(packed), str(out), str(instant)], check=False
    )
    assert -signal.SIGKILL == run.returncode
    assert instant - 1 == len(entries(out))
    with config.using(MODC_CACHE_DIR=str(out)):
        assert () == modc.cache.verify().damaged
    done = modc.cache.unpack(packed, out)
    assert (3 - instant, instant - 1) == (len(done.new), len(done.kept))
    assert {path.parent for path in entries(out)} == set(out.iterdir())


def test_verifying_a_pack_runs_nothing_of_it(packed, tmp_path, monkeypatch):
    from modc.build import dl

    def refuse(*_):
        raise AssertionError("loaded")

    monkeypatch.setattr(dl, "load", refuse)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    modc.cache.unpack(packed, tmp_path / "out")
    modc.cache.list()


def test_a_pack_needs_few_descriptors_and_little_memory(packed, tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    open_now = len(list(Path("/proc/self/fd").iterdir()))
    resource.setrlimit(resource.RLIMIT_NOFILE, (open_now + 6, hard))
    try:
        modc.cache.unpack(packed, tmp_path / "out")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert 2 == len(entries(tmp_path / "out"))
