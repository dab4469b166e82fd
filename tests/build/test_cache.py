from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from build_kernels import call, key, request

from modc import config
from modc.build import Request, admin, cache, load_all, store
from modc.errors import CompileError, ModcWarning

ROOT = os.geteuid() == 0 if hasattr(os, "geteuid") else False


def rewrite(path: Path, data: bytes) -> None:
    """A new file in the place of an entry; the old one may be mapped by this process."""
    path.unlink()
    path.write_bytes(data)
    path.chmod(0o400)


def flip(position: int):
    def damage(path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[position % len(data)] ^= 0x10
        rewrite(path, bytes(data))

    return damage


def dangling(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "something").write_text("x")


def swapped(path: Path) -> None:
    (other,) = load_all([request(77)])
    rewrite(path, Path(other.path).read_bytes())


def linked_away(path: Path) -> None:
    target = path.parent.parent.parent / "elsewhere.so"
    path.rename(target)
    path.symlink_to(target)


DAMAGES = {
    "empty": lambda path: rewrite(path, b""),
    "cut in half": lambda path: rewrite(path, path.read_bytes()[: path.stat().st_size // 2]),
    "last byte gone": lambda path: rewrite(path, path.read_bytes()[:-1]),
    "zeros": lambda path: rewrite(path, bytes(path.stat().st_size)),
    "garbage": lambda path: rewrite(path, os.urandom(20000)),
    "text": lambda path: rewrite(path, b"#!/bin/sh\nexit 0\n" * 100),
    "first byte": flip(0),
    "ELF header": flip(40),
    "code": flip(5000),
    "note": flip(-1000),
    "key in trailer": flip(-90),
    "checksum": flip(-1),
    "dangling link": dangling,
    "link": linked_away,
    "directory": folder,
    "another kernel": swapped,
    "writable by others": lambda path: path.chmod(0o666),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_entry_is_set_apart_and_rebuilt_with_one_warning(damage, cache_dir, forget_all):
    path = Path(load_all([request(3)])[0].path)
    damage(path)
    forget_all()
    with pytest.warns(ModcWarning, match="cannot be used") as caught:
        (library,) = load_all([request(3)])
    assert (1, 3.0, False) == (len(caught), call(library), library.cache_hit)
    assert 1 == len(list((cache_dir / "damaged").iterdir()))
    forget_all()
    assert load_all([request(3)])[0].cache_hit


def test_an_entry_that_cannot_be_opened_at_the_moment_is_not_set_apart(
    cache_dir, forget_all, monkeypatch
):
    load_all([request(3)])
    forget_all()
    really_open = os.open

    def none_left(path, *args, **kwargs):
        if str(path).endswith(".so") and str(cache_dir) in str(path):
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return really_open(path, *args, **kwargs)

    monkeypatch.setattr("os.open", none_left)
    with pytest.warns(ModcWarning, match="Too many open files"):
        assert 3.0 == call(load_all([request(3)])[0])
    assert not (cache_dir / "damaged").exists()


def test_a_process_without_descriptors_gets_a_result_or_a_clean_error(program, entries):
    code = """
import os, resource, sys, warnings
from build_kernels import call, request
from modc.build import load_all
from modc.errors import CompileError
warnings.simplefilter("ignore")
load_all([request(3), request(4)])
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
for free in range(9):
    used = [os.open("/dev/null", os.O_RDONLY) for _ in range(3)]
    resource.setrlimit(resource.RLIMIT_NOFILE, (used[-1] + 1 + free, hard))
    try:
        assert call(load_all([request(3)])[0]) == 3.0
        assert call(load_all([request(100 + free)])[0]) == 100.0 + free
    except (CompileError, OSError) as error:
        print(free, error, file=sys.stderr)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
print("done")
"""
    run = program.run(code=code)

    assert "done\n" == run.out, run.err
    assert [] == admin.verify(cache.own())
    program.facts(3, 200)  # and sweeps what could not be removed


@pytest.mark.skipif(not ROOT, reason="only root can give files away")
def test_a_planted_entry_of_another_user_is_not_loaded(cache_dir, forget_all):
    path = Path(load_all([request(3)])[0].path)
    os.chown(path, 12345, 12345)
    forget_all()
    with pytest.warns(ModcWarning, match="belongs to user 12345"):
        assert not load_all([request(3)])[0].cache_hit


def test_a_file_in_place_of_a_subdirectory_is_moved(cache_dir, forget_all):
    path = Path(load_all([request(3)])[0].path)
    path.unlink()
    path.parent.rmdir()
    path.parent.write_text("not a directory")
    forget_all()
    assert (3.0, False) == (call(load_all([request(3)])[0]), path.is_dir())
    forget_all()
    assert load_all([request(3)])[0].cache_hit


def test_damaged_helpers_of_the_cache_are_made_again(cache_dir, program):
    program.facts(1)
    for helper in [*cache_dir.glob("memo/*"), *cache_dir.glob("glue/*")]:
        rewrite(helper, b"\0" * 1000)
    facts = program.facts(1, 2)
    assert [1.0, 2.0] == [kernel["value"] for kernel in facts["kernels"]]
    assert [] == facts["warnings"]


def test_entries_are_private_whatever_the_umask(tmp_path):
    cache_dir = tmp_path / "made" / "cache"
    before = os.umask(0)
    try:
        with config.using(MODC_CACHE_DIR=str(cache_dir)):
            load_all([request(3)])
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in cache_dir.rglob("*") if path.is_file()}
    folders = {
        stat.S_IMODE(path.stat().st_mode)
        for path in [cache_dir.parent, cache_dir, *cache_dir.rglob("*")]
        if path.is_dir()
    }
    assert ({0o400}, {0o700}) == (modes, folders)


def spoil_file(path: Path) -> None:
    path.write_text("a file")


def spoil_link(path: Path) -> None:
    real = path.parent / "real"
    real.mkdir(mode=0o700)
    path.symlink_to(real)


def spoil_open(path: Path) -> None:
    path.mkdir()
    path.chmod(0o777)


def spoil_owner(path: Path) -> None:
    path.mkdir(mode=0o700)
    os.chown(path, 12345, 12345)


def spoil_parent(path: Path) -> None:
    os.environ["MODC_CACHE_DIR"] = str(path / "below")  # monkeypatch restores it
    path.write_text("a file where a directory should be")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (spoil_file, "no directory"),
        (spoil_link, "symbolic link"),
        (spoil_open, "others can write"),
        pytest.param(
            spoil_owner, "belongs to user", marks=pytest.mark.skipif(not ROOT, reason="needs root")
        ),
        (spoil_parent, "cannot be made or opened"),
    ],
)
def test_a_bad_cache_directory_is_one_warning(spoil, reason, cache_dir):
    spoil(cache_dir)
    with pytest.warns(ModcWarning, match=reason) as caught:
        libraries = load_all([request(3), request(4)])
    assert (1, [3.0, 4.0], [None, None]) == (
        len(caught),
        [call(library) for library in libraries],
        [library.path for library in libraries],
    )
    assert [5.0] == [call(library) for library in load_all([request(5)])]  # and not said again
    assert not cache_dir.is_dir() or [] == list(cache_dir.iterdir())


@pytest.fixture
def readonly(cache_dir, monkeypatch):
    """Makes the cache read-only, as a read-only mount is; root ignores permission bits."""

    def make() -> None:
        allowed = os.access
        monkeypatch.setattr(
            "os.access", lambda path, mode: allowed(path, mode) and str(cache_dir) not in str(path)
        )

        def refuse(*args):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))

        monkeypatch.setattr("modc.build.store._publish", refuse)

    return make


def test_a_complete_read_only_cache_is_used_in_silence(readonly, forget_all):
    load_all([request(3)])
    forget_all()
    readonly()
    assert load_all([request(3)])[0].cache_hit


def test_a_read_only_cache_that_lacks_a_kernel_is_one_warning(readonly, forget_all):
    load_all([request(3)])
    forget_all()
    readonly()
    with pytest.warns(ModcWarning, match="it is read-only") as caught:
        (library,) = load_all([request(4)])
    assert (1, 4.0, None) == (len(caught), call(library), library.path)


def test_a_full_disk_is_one_warning(monkeypatch):
    def full(fd, data):
        os.write(fd, data[:10])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("modc.build.store._write", full)
    with pytest.warns(ModcWarning, match="No space left on device") as caught:
        libraries = load_all([request(3), request(4)])
    assert (1, [3.0, 4.0]) == (len(caught), [call(library) for library in libraries])


@pytest.mark.parametrize("limit", [0, 100, 20000, 26000])
def test_a_limit_on_file_sizes_gives_a_right_result_or_a_clean_error(limit, program):
    code = f"""
import json, resource, sys
from build_kernels import main
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
main("Acc.add", "3")
"""
    run = program.run(code=code)
    assert ("CompileError" in run.err) or '"value": 3.0' in run.out, run.err
    assert [] == admin.verify(cache.own())
    assert [3.0] == [kernel["value"] for kernel in program.facts(3)["kernels"]]


def test_a_process_that_is_killed_before_publishing_leaves_nothing_that_matters(program, entries):
    code = """
import os, signal
from build_kernels import main
os.replace = lambda *args: os.kill(os.getpid(), signal.SIGKILL)
main("Acc.add", "3")
"""
    for _ in range(2):
        assert -9 == program.run(code=code).returncode
    assert [] == entries()
    started = time.monotonic()
    assert {"value": 3.0, "hit": False} == {
        name: value for name, value in program.facts(3)["kernels"][0].items() if name != "path"
    }
    assert time.monotonic() - started < 60.0


def test_processes_that_race_for_one_empty_cache_all_succeed(program, entries):
    running = [program.start(3, 4) for _ in range(8)]
    results = [process.communicate(timeout=120) for process in running]
    assert [""] * 8 == [err for _, err in results]
    assert all('"value": 3.0' in out and '"warnings": []' in out for out, _ in results)
    assert 2 == len(entries())


def test_a_lock_that_is_held_for_ever_only_delays(cache_dir, monkeypatch, forget_all):
    monkeypatch.setattr("modc.build.miss.PATIENCE", (0.2, 0.3))
    load_all([request(1)])  # learns the compiler
    taken = []

    def busy(directory, name):
        taken.append(name)

    monkeypatch.setattr(store, "try_lock", busy)
    assert 3.0 == call(load_all([request(3)])[0])
    assert len(taken) > 1


def test_a_lock_is_exclusive_and_leaves_no_file(cache_dir):
    load_all([request(1)])
    directory = cache.own()
    first = store.try_lock(directory, "a" * 64)
    assert first is not None
    assert store.try_lock(directory, "a" * 64) is None
    first.release()
    second = store.try_lock(directory, "a" * 64)
    assert second is not None
    second.release()


def test_read_only_layers_are_used_and_never_written(cache_dir, tmp_path, monkeypatch, forget_all):
    layer = tmp_path / "layer"
    with config.using(MODC_CACHE_DIR=str(layer)):
        load_all([request(3)])
    before = sorted((str(path), path.stat().st_mtime_ns) for path in layer.rglob("*"))
    forget_all()
    monkeypatch.setenv("MODC_CACHE_PATH", os.pathsep.join([str(layer), ""]))
    hit, miss = load_all([request(3), request(4)])
    assert (True, False) == (hit.cache_hit, miss.cache_hit)
    assert hit.path.startswith(str(layer))
    assert miss.path.startswith(str(cache_dir))
    assert before == sorted((str(path), path.stat().st_mtime_ns) for path in layer.rglob("*"))


def test_a_damaged_entry_of_a_layer_is_passed_over(tmp_path, monkeypatch, forget_all):
    layer = tmp_path / "layer"
    with config.using(MODC_CACHE_DIR=str(layer)):
        path = Path(load_all([request(3)])[0].path)
    flip(3000)(path)
    forget_all()
    monkeypatch.setenv("MODC_CACHE_PATH", str(layer))
    with pytest.warns(ModcWarning, match="checksum"):
        (library,) = load_all([request(3)])
    assert (3.0, False, True) == (call(library), library.cache_hit, path.exists())


def test_a_layer_that_is_not_there_is_one_warning(tmp_path, monkeypatch):
    monkeypatch.setenv("MODC_CACHE_PATH", str(tmp_path / "nowhere"))
    with pytest.warns(ModcWarning, match="does not exist") as caught:
        load_all([request(3)])
        load_all([request(3)])
    assert 1 == len(caught)


def test_an_entry_of_another_toolchain_is_taken_only_where_nothing_can_be_compiled(
    forget_all, entries
):
    with config.using(MODC_CFLAGS="-O1"):
        load_all([request(3)])
    with config.using(MODC_NO_COMPILE=1):
        (found,) = load_all([request(3)])
    assert found.cache_hit
    forget_all()
    assert not load_all([request(3)])[0].cache_hit
    assert 2 == len(entries())


def test_no_compile_names_what_is_missing_and_how_to_make_it():
    with config.using(MODC_NO_COMPILE=1), pytest.raises(CompileError) as caught:
        load_all([request(3), request(4)])
    text = str(caught.value)
    assert "Acc.add (and 1 more)" in text
    assert "MODC_NO_COMPILE=0 MODC_CACHE_DIR=" in text


def test_pruning_removes_what_was_not_used_for_longest(cache_dir, entries):
    paths = [Path(library.path) for library in load_all([request(n) for n in (1, 2, 3)])]
    for age, path in zip((3000, 9000, 5000), paths, strict=True):
        os.utime(path, (time.time() - age,) * 2)
    size = paths[0].stat().st_size
    removed = admin.prune(cache.own(), int(1.5 * size))
    assert [str(paths[1]), str(paths[2])] == [item.path for item in removed]
    assert [paths[0]] == entries()


def test_a_hit_says_once_a_day_that_an_entry_is_in_use(forget_all):
    path = Path(load_all([request(1)])[0].path)
    old = time.time() - 2 * 86400
    os.utime(path, (old, old))
    forget_all()
    load_all([request(1)])
    assert path.stat().st_mtime > old + 86400


def test_publishing_prunes_by_itself(monkeypatch, cache_dir, entries):
    admin._published.clear()
    (path,) = [Path(library.path) for library in load_all([request(1)])]
    os.utime(path, (0, 0))
    admin._published.clear()
    monkeypatch.setenv("MODC_CACHE_SIZE", "30k")
    load_all([request(2)])
    assert (False, 1) == (path.exists(), len(entries()))


def test_clearing_touches_nothing_that_is_not_of_modc(cache_dir):
    load_all([request(1)])
    for name in ("mine.txt", "tmp/mine", "memo/mine", "glue/mine.o", "damaged/mine"):
        path = cache_dir / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
    assert 1 == admin.clear(cache.own())
    left = sorted(
        str(path.relative_to(cache_dir)) for path in cache_dir.rglob("*") if path.is_file()
    )
    assert ["damaged/mine", "glue/mine.o", "memo/mine", "mine.txt", "tmp/mine"] == left
    (cache_dir / "tmp" / "mine").unlink()


def test_a_cache_that_is_cleared_meanwhile_is_filled_again(cache_dir):
    load_all([request(1)])
    admin.clear(cache.own())
    cache_dir.rmdir()
    assert (2.0, True) == (call(load_all([request(2)])[0]), cache_dir.exists())


def test_the_default_directory_is_the_one_of_platformdirs(monkeypatch):
    platformdirs = pytest.importorskip("platformdirs")
    for value in (None, "/somewhere/cache", "relative", ""):
        if value is None:
            monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
        else:
            monkeypatch.setenv("XDG_CACHE_HOME", value)
        if value == "relative":  # the specification says to ignore it
            assert os.path.isabs(cache.default_path())
        else:
            assert platformdirs.user_cache_dir("modc", appauthor=False) == cache.default_path()


@pytest.mark.skipif(not ROOT, reason="runs a process as another user")
def test_a_cache_of_root_serves_other_users_read_only():
    shared = Path(tempfile.mkdtemp(prefix="modc-test-", dir="/tmp"))
    try:
        with config.using(MODC_CACHE_DIR=str(shared / "cache")):
            load_all([request(3)])
        for path in [shared, *shared.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o444)
        assert "None|it is read-only|[]" == as_other_user(shared / "cache")
    finally:
        shutil.rmtree(shared)


def as_other_user(shared: Path) -> str:
    """What a child process under another user id finds about the directory."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.seteuid(12345)
        found = cache.check(str(shared))
        text = f"{found.problem}|{found.readonly}|{admin.verify(found)}"
        os.write(writing, text.encode())
        os._exit(0)
    os.waitpid(child, 0)
    return os.read(reading, 1000).decode()


def test_requests_without_sources_are_fine_on_a_hit(forget_all):
    load_all([request(3)])
    forget_all()
    with config.using(CC="/nowhere/cc", MODC_NO_COMPILE=1):
        assert load_all([Request("Acc.add", key(3), subprocess.run)])[0].cache_hit
