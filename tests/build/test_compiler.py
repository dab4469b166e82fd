from __future__ import annotations

import os
import shlex
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest
from build_kernels import call, request

from modc import config
from modc.build import NoCompiler, Request, Source, cache, load_all, target, toolchain
from modc.build.compiler import BASE_FLAGS
from modc.errors import CompileError

GCC = shutil.which("gcc")
needs_gcc = pytest.mark.skipif(GCC is None, reason="wraps gcc")


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """Makes a shell script the compiler. VERSION answers --version and goes on else."""

    def make(body: str, name: str = "fakecc") -> Path:
        path = tmp_path / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("#!/bin/sh\n" + body)
        path.chmod(0o755)
        monkeypatch.setenv("CC", shlex.quote(str(path)))
        return path

    return make


VERSION = 'if [ "$1" = --version ]; then echo fake 1.0; exit 0; fi\n'
OUTPUT = 'while [ $# -gt 0 ]; do if [ "$1" = -o ]; then out="$2"; fi; shift; done\n'

FAILURES = {
    "fails at everything": ("echo no such thing >&2; exit 3", ["ended with status 3", "no such thing"]),
    "fails": (VERSION + "echo kernel.c:1: error: bad >&2; exit 1", ["status 1", "error: bad"]),
    "writes nothing": (VERSION + "exit 0", ["wrote nothing"]),
    "writes an empty file": (VERSION + OUTPUT + ': > "$out"', ["wrote no kernel"]),
    "writes text": (VERSION + OUTPUT + 'echo hello > "$out"', ["no ELF object"]),
    "writes noise": (VERSION + OUTPUT + 'head -c 50000 /dev/urandom > "$out"', ["no ELF object"]),
    "writes a program": (VERSION + OUTPUT + 'cp /bin/sh "$out"', ["wrote no kernel"]),
    "writes a directory": (VERSION + OUTPUT + 'mkdir -p "$out"', ["wrote nothing"]),
    "is killed": (VERSION + "kill -SEGV $$", ["killed by SIGSEGV"]),
    "prints a lot and fails": (
        VERSION + "head -c 3000000 /dev/zero | tr '\\0' x >&2; echo the end >&2; exit 1",
        ["status 1", "the end"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "said"), FAILURES.values(), ids=FAILURES.keys())
def test_a_bad_compiler_is_a_compile_error_and_leaves_nothing(body, said, fake, entries):
    path = fake(body)
    with pytest.raises(CompileError) as caught:
        load_all([request(3, "Acc.add")])
    text = str(caught.value)
    assert [] == [part for part in ["Acc.add", str(path), "modc doctor", *said] if part not in text]
    assert len(text) < 6000
    assert ([], False) == (entries(), isinstance(caught.value, NoCompiler))


@needs_gcc
@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.9, 0.999])
def test_a_shared_object_that_is_cut_off_is_not_loaded(share, fake):
    fake(
        VERSION + f'{GCC} "$@" || exit 1\n'
        'case "$*" in *-shared*) ;; *) exit 0;; esac\n' + OUTPUT + "size=$(wc -c < $out)\n"
        f"""truncate -s $(awk "BEGIN {{ print int($size * {share}) }}") "$out" """
    )
    try:
        (library,) = load_all([request(3)])
        assert 3.0 == call(library)  # only what is never loaded, at the end, was cut off
    except CompileError as error:
        assert "cut off" in str(error) or "no ELF object" in str(error)


@needs_gcc
def test_a_broken_glue_object_is_not_kept(fake, cache_dir, monkeypatch):
    monkeypatch.setattr("modc.build.glue._shipped", lambda: None)
    path = fake(
        VERSION + f'{GCC} "$@" || exit 1\n' + OUTPUT + 'case $out in *.o) echo > "$out";; esac'
    )
    with pytest.raises(CompileError):
        load_all([request(3)])
    assert [] == list(cache_dir.glob("glue/*"))
    info = path.stat()
    path.write_text(f'#!/bin/sh\n{VERSION}exec {GCC} "$@"')
    os.utime(path, ns=(info.st_mtime_ns, info.st_mtime_ns))
    assert 3.0 == call(load_all([request(3)])[0])
    assert 1 == len(list(cache_dir.glob("glue/*")))


@needs_gcc
def test_a_kernel_with_another_key_is_refused(fake, entries):
    fake(VERSION + f'exec {GCC} "$@" -UMODC_KEY')
    with pytest.raises(CompileError, match="another key"):
        load_all([request(3)])
    assert [] == entries()


def test_a_kernel_without_the_symbol_is_refused(entries):
    with pytest.raises(CompileError, match="wrote no kernel"):
        load_all([Request("Acc.add", "0" * 64, lambda: Source("int x;\n", {}))])
    assert [] == entries()


def test_an_error_in_the_c_text_names_the_method_and_the_line():
    with pytest.raises(CompileError) as caught:
        load_all([Request("Acc.add", "0" * 64, lambda: Source("int x;\nint f( {\n", {}))])
    assert "Acc.add" in str(caught.value)
    assert "2:" in str(caught.value)


@pytest.mark.parametrize("body", ["sleep 100", VERSION + "sleep 100", VERSION + "sleep 100 & wait"])
def test_a_hanging_compiler_is_stopped_at_its_deadline(body, fake, monkeypatch, tmp_path):
    fake(f"echo $$ >> {tmp_path}/pids\n" + body)
    monkeypatch.setenv("MODC_CC_TIMEOUT", "0.4")
    started = time.monotonic()
    with pytest.raises(CompileError, match=r"did not end within 0.4 s \(MODC_CC_TIMEOUT\)"):
        load_all([request(3), request(4)])
    assert time.monotonic() - started < 30.0
    for pid in (tmp_path / "pids").read_text().split():
        assert not group_lives(int(pid))


def group_lives(pid: int) -> bool:
    """Whether any process of the group still runs; a dead one may wait for init to collect it."""
    for _ in range(100):
        try:
            os.killpg(pid, 0)
        except ProcessLookupError:
            return False
        states = []
        for entry in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = entry.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[2] == str(pid):
                states.append(fields[0])
        if all(state == "Z" for state in states):
            return False
        time.sleep(0.02)
    return True


def test_ctrl_c_ends_the_compiler_and_leaves_nothing(fake, program, tmp_path, entries):
    fake(VERSION + f"echo $$ > {tmp_path}/pid; sleep 100")
    process = program.start(3)
    for _ in range(600):
        if (tmp_path / "pid").exists() and (tmp_path / "pid").read_text().strip():
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert "KeyboardInterrupt" in err
    assert not group_lives(int((tmp_path / "pid").read_text()))
    assert [] == entries()


@needs_gcc
def test_what_a_killed_process_left_is_swept_by_the_next(fake, program, tmp_path, monkeypatch):
    fake(VERSION + f"echo $$ > {tmp_path}/pid; sleep 100")
    process = program.start(3)
    while not ((tmp_path / "pid").exists() and (tmp_path / "pid").read_text().strip()):
        time.sleep(0.05)
    process.kill()
    process.communicate(timeout=60)
    assert [] != list((tmp_path / "temporary").iterdir())
    monkeypatch.delenv("CC")
    started = time.monotonic()
    assert [3.0] == [kernel["value"] for kernel in program.facts(3)["kernels"]]
    assert time.monotonic() - started < 60.0
    os.killpg(int((tmp_path / "pid").read_text()), signal.SIGKILL)


@needs_gcc
def test_a_talkative_compiler_works(fake, capfd):
    fake(VERSION + f'head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2; exec {GCC} "$@"')
    assert 3.0 == call(load_all([request(3)])[0])
    assert ("", "") == capfd.readouterr()


@needs_gcc
def test_cc_may_hold_arguments_and_quotes_and_no_shell_sees_it(tmp_path, monkeypatch):
    folder = tmp_path / "a place; touch injected"
    folder.mkdir()
    (folder / "my cc").symlink_to(GCC)
    monkeypatch.setenv("CC", f"'{folder}/my cc' -O1 '-DX=\"$(touch injected)\"'")
    (library,) = load_all([request(3)])
    assert ["-O1", '-DX="$(touch injected)"'] == library.note["build"]["command"][1:3]
    assert not Path("injected").exists()


def test_a_cc_that_is_not_there_is_a_compile_error_with_the_remedy(monkeypatch):
    monkeypatch.setenv("CC", "/nowhere/cc -O2")
    with pytest.raises(
        CompileError, match=r"(?s)Acc.add.*CC='/nowhere/cc -O2'.*unset it"
    ) as caught:
        load_all([request(3)])
    assert not isinstance(caught.value, NoCompiler)


@pytest.mark.parametrize("text", ["'unclosed", '"', "cc 'x"])
def test_a_cc_that_cannot_be_read_is_a_compile_error(text, monkeypatch):
    monkeypatch.setenv("CC", text)
    with pytest.raises(CompileError):
        load_all([request(3)])


def test_no_compiler_at_all_is_an_exception_of_its_own(monkeypatch, tmp_path, forget_all):
    load_all([request(3)])
    forget_all()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("modc.build.toolchain.find_zig", lambda: None)
    assert load_all([request(3)])[0].cache_hit
    with pytest.raises(NoCompiler, match=r"(?s)Acc.add.*pip install modc\[zig\]"):
        load_all([request(4)])


@needs_gcc
def test_flags_of_the_user_come_last_and_change_the_entry(monkeypatch, entries):
    load_all([request(3)])
    monkeypatch.setenv("MODC_CFLAGS", "-O1 -DEXTRA='a b'")
    (library,) = load_all([request(3)])
    command = library.note["build"]["command"]
    assert command.index("-O1") > command.index("-O2")
    assert "-DEXTRA=a b" in command
    assert 2 == len(entries())


def test_the_flags_keep_results_exact():
    (library,) = load_all([request(3)])
    command = library.note["build"]["command"]
    assert set(BASE_FLAGS) <= set(command)
    assert [] == [flag for flag in command if "fast" in flag or "native" in flag]


@pytest.mark.parametrize("compiler", ["gcc", "clang", "cc"])
def test_each_compiler_makes_kernels(compiler, monkeypatch):
    if shutil.which(compiler) is None:
        pytest.skip(f"{compiler} is not there")
    monkeypatch.setenv("CC", compiler)
    (library,) = load_all([request(3)])
    assert (3.0, True) == (call(library), library.note["build"]["importable"])
    assert ("-fvect-cost-model=dynamic" in library.note["build"]["command"]) == (
        compiler != "clang"
    )


def test_zig_makes_kernels(monkeypatch, tmp_path_factory):
    pytest.importorskip("ziglang")
    monkeypatch.setenv("CC", f"{sys.executable} -m ziglang cc")
    for name in ("ZIG_LOCAL_CACHE_DIR", "ZIG_GLOBAL_CACHE_DIR"):
        monkeypatch.setenv(name, str(tmp_path_factory.getbasetemp() / "zig"))
    (library,) = load_all([request(3)])
    assert (3.0, True) == (call(library), library.note["build"]["importable"])


@needs_gcc
def test_a_compiler_that_lacks_a_flag_goes_without_it(fake):
    fake(
        VERSION
        + 'case "$*" in *-march=x86-64-v*|*-fvect-cost*) echo unknown option >&2; exit 1;; esac\n'
        f'exec {GCC} "$@"'
    )
    level = next(
        name
        for name in ("x86-64-v2", target.cpu_level())
        if name in target.levels_below(target.cpu_level())
    )
    with config.using(MODC_TARGET=level):
        (library,) = load_all([request(3)])
    command = library.note["build"]["command"]
    assert "-fvect-cost-model=dynamic" not in command
    assert ("-msse4.2" in command) == level.startswith("x86-64")


@needs_gcc
def test_a_new_compiler_is_asked_again_and_makes_its_own_entries(
    fake, entries, forget_all, tmp_path
):
    log = tmp_path / "asked"
    body = (
        f'if [ "$1" = --version ]; then echo x >> {log}; echo fake %s; exit 0; fi\nexec {GCC} "$@"'
    )
    fake(body % "1.0")
    load_all([request(3)])
    forget_all()
    assert load_all([request(3)])[0].cache_hit
    assert 2 == len(log.read_text())
    path = fake(body % "2.0")
    os.utime(path, (1, 1))
    forget_all()
    assert not load_all([request(3)])[0].cache_hit
    assert 2 == len(entries())


def test_kernels_of_one_call_compile_side_by_side(fake, tmp_path):
    """Both compilers wait for each other: alone, neither would end."""
    meet = 'case "$*" in *-shared*) touch %s/$$; while [ $(ls %s | wc -l) -lt 2 ]; do sleep 0.02; done;; esac\n'
    folder = tmp_path / "meeting"
    folder.mkdir()
    if GCC is None or (os.cpu_count() or 1) < 2:
        pytest.skip("needs gcc and two processors")
    fake(VERSION + meet % (folder, folder) + f'exec {GCC} "$@"')
    libraries = load_all([request(3), request(4)])
    assert [3.0, 4.0] == [call(library) for library in libraries]


def test_the_first_failure_stops_the_other_compilers(fake, tmp_path):
    if GCC is None or (os.cpu_count() or 1) < 2:
        pytest.skip("needs gcc and two processors")
    fake(
        VERSION + f'case "$*" in *-shared*) ;; *) exec {GCC} "$@";; esac\n'
        f"if mkdir {tmp_path}/first 2>/dev/null; then echo $$ > {tmp_path}/pid; sleep 100; fi\n"
        f"while [ ! -s {tmp_path}/pid ]; do sleep 0.02; done; exit 7"
    )
    with pytest.raises(CompileError, match="status 7"):
        load_all([request(3), request(4)])
    assert not group_lives(int((tmp_path / "pid").read_text()))


def test_the_compiler_runs_neither_in_nor_from_the_users_directory(tmp_path, monkeypatch, fake):
    if GCC is None:
        pytest.skip("wraps gcc")
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    fake(VERSION + f'echo x > dropped; exec {GCC} "$@"')
    load_all([request(3)])
    assert [] == list(here.iterdir())


def test_a_relative_cc_is_found_from_the_users_directory(tmp_path, monkeypatch, fake):
    if GCC is None:
        pytest.skip("wraps gcc")
    fake(VERSION + f'exec {GCC} "$@"')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CC", "bin/fakecc")
    assert 3.0 == call(load_all([request(3)])[0])


def test_ziglang_comes_last(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("modc.build.toolchain.find_zig", lambda: "/somewhere/zig")
    command = toolchain.find_command()
    assert [sys.executable, "-m", "ziglang", "cc"] == command.argv


def test_an_identity_is_remembered_in_the_cache(cache_dir):
    load_all([request(3)])
    memos = list(cache_dir.glob("memo/tool-*.txt"))
    assert 1 == len(memos)
    toolchain._known.clear()
    assert (
        toolchain.recall(toolchain.find_command(), target.target_level(), cache.own()) is not None
    )
