from __future__ import annotations

import os
import stat
import subprocess
import sys

import pytest
from tools import need

import modc
from modc.ahead.programs import programs_of, requests_of
from modc.ahead.targets import resolve
from modc.build import (
    Request,
    Source,
    find_all,
    image,
    load_all,
    make_all,
    shared_directory,
    target,
)
from modc.build.cross import PLATFORMS, platform
from modc.build.entry import read, unpack_note

HERE = target.cpu_level()
on_x86 = pytest.mark.skipif(not HERE.startswith("x86-64"), reason="levels of x86-64")


def requests(text="nets:Pair"):
    return requests_of(program for program, _ in programs_of(resolve(text).found))


def states(made):
    return [one.status for one in made]


def test_kernels_go_to_the_own_cache_and_are_found_there(kernels, forget_all):
    wanted = requests()
    assert [None] * 3 == find_all(wanted)
    made = make_all(wanted)
    assert (["made"] * 3, [HERE] * 3) == (states(made), [one.level for one in made])
    assert sorted(one.path for one in made) == [str(path) for path in kernels()]
    assert [one.path for one in made] == find_all(wanted)
    forget_all()
    assert ["found"] * 3 == states(make_all(wanted))
    assert all(library.cache_hit for library in load_all(wanted))


def test_the_process_that_made_kernels_has_them_loaded(kernels):
    wanted = requests("nets:Acc")
    make_all(wanted)
    kernels()[0].unlink()
    assert load_all(wanted)[0].cache_hit


def test_a_shared_directory_is_readable_for_others_whatever_the_umask(home, kernels):
    old = os.umask(0o077)
    try:
        make_all(requests(), directory=shared_directory("out"))
    finally:
        os.umask(old)
    assert [0o444] * 3 == [stat.S_IMODE(path.stat().st_mode) for path in kernels("out")]
    folders = [home / "out", *{path.parent for path in kernels("out")}]
    assert {0o755} == {stat.S_IMODE(path.stat().st_mode) for path in folders}
    assert sorted(folders) == sorted([home / "out", *(path for path in (home / "out").rglob("*") if path.is_dir())])
    assert [] == kernels()


def test_kernels_of_the_own_cache_are_copied_not_compiled(home, kernels, monkeypatch):
    wanted = requests()
    own = make_all(wanted)
    monkeypatch.setattr("modc.build.miss._compile", lambda *_: pytest.fail("a kernel is compiled"))
    made = make_all(wanted, directory=shared_directory("out"))
    assert ["found"] * 3 == states(made)
    assert sorted(one.path for one in made) == [str(path) for path in kernels("out")]
    assert [read(one.path).image for one in own] == [read(one.path).image for one in made]


def test_what_others_find_there_runs_without_a_compiler(home, kernels, python, monkeypatch):
    make_all(requests(), directory=shared_directory("out"))
    run = python(
        "import nets; pair = nets.Pair().make(); print(pair.total([1, 2]), pair.total.cache_hit)",
        MODC_CACHE_PATH="out", MODC_NO_COMPILE="1", MODC_CACHE_DIR=str(home / "empty"),
    )  # fmt: skip
    assert ("3.0 True\n", "") == (run.stdout, run.stderr)


def test_the_note_says_what_the_key_was_made_of(kernels):
    (made,) = make_all(requests("nets:Acc"))
    facts, c_text = unpack_note(read(made.path).note)
    build = facts["build"]
    acc = resolve("nets:Acc").found.make_no_init(mode="numpy").add
    from modc.graph.fingerprint import fingerprint

    assert fingerprint(acc.program, {}) == build["graph"]
    assert (modc.build.source_digest(), {}, HERE) == (build["compiler"], build["options"], build["level"])
    assert fingerprint(acc.program, {"compiler": build["compiler"]}) == build["key"]
    assert build["version"]
    assert "-O2" in build["flags"]
    assert acc.c_source == c_text


def test_equal_requests_are_one_kernel_and_results_keep_their_order(kernels):
    acc, pair = requests("nets:Acc"), requests()
    made = make_all([*pair, *acc, *pair])
    assert [one.request.key for one in made] == [one.key for one in [*pair, *acc, *pair]]
    assert 3 == len(kernels())


def test_every_kernel_is_reported_once(kernels):
    seen = []
    make_all(requests()[:1])
    made = make_all(requests(), jobs=1, report=seen.append)
    assert sorted(map(id, made)) == sorted(map(id, seen))


def bad(name, source):
    return Request(name, name[0] * 64, source)


def test_one_that_fails_does_not_stop_the_others(kernels):
    def explodes():
        raise ZeroDivisionError("of the scheduler")

    wanted = [
        bad("a", lambda: Source("int f( {\n", {})),
        *requests(),
        bad("b", explodes),
        bad("c", lambda: Source("int x;\n", {})),
    ]
    made = make_all(wanted)
    assert ["failed", "made", "made", "made", "failed", "failed"] == states(made)
    assert "a: the C compiler ended with status 1" in str(made[0].error)
    assert "b: ZeroDivisionError: of the scheduler" == str(made[4].error)
    assert "c: the C compiler wrote no kernel" in str(made[5].error)
    assert 3 == len(kernels())


def test_a_directory_that_cannot_be_used_is_refused_before_anything_is_done(home, kernels):
    (home / "file").write_text("")
    (home / "open").mkdir()
    (home / "open").chmod(0o777)
    for path in ("file", "file/out", "open"):
        with pytest.raises(modc.CacheError, match=r"\n  hint: "):
            shared_directory(path)


def test_a_full_disk_is_the_failure_of_a_kernel(monkeypatch, kernels):
    def full(*_):
        raise OSError(28, "No space left on device")

    out = shared_directory("out")
    monkeypatch.setattr("modc.build.store.publish", full)
    made = make_all(requests("nets:Acc"), directory=out)
    assert ["failed"] == states(made)
    assert "No space left on device" in str(made[0].error)
    assert [] == kernels("out")


@on_x86
def test_names_of_targets(monkeypatch):
    assert ["x86-64-v3"] * 3 == [platform(name).level for name in ("v3", "x86-64-v3", "X86_64-v3")]
    assert ["aarch64"] * 3 == [platform(name).level for name in ("aarch64", "arm64", "aarch64-linux")]
    assert HERE == platform("native").level
    monkeypatch.setenv("MODC_TARGET", "x86-64-v1")
    assert "x86-64-v1" == platform("native").level
    with pytest.raises(modc.ModeError, match=r"unknown target 'vax'\n  hint: choose one of native, v1"):
        platform("vax")


@on_x86
def test_every_level_of_x86_is_made_and_looked_at_on_any_x86(kernels, monkeypatch):
    monkeypatch.setattr(target, "cpu_level", lambda: "x86-64-v2")
    loaded = []
    original = modc.build.miss.dl.load
    monkeypatch.setattr("modc.build.miss.dl.load", lambda entry, name: loaded.append(name) or original(entry, name))
    wanted = requests("nets:Acc")
    for level in ("v4", "v3", "v2", "v1"):
        (made,) = make_all(wanted, level=level, directory=shared_directory("out"))
        facts, _ = unpack_note(read(made.path).note)
        assert ("made", f"x86-64-{level}") == (made.status, facts["build"]["level"])
        assert any(flag.endswith(f"x86-64-{level}") for flag in facts["build"]["flags"]) or level == "v1"
    assert ["Acc.add"] * 2 == loaded  # v2 and v1
    assert 4 == len(kernels("out"))


FOREIGN = [name for name, row in PLATFORMS.items() if row.system != image.HERE and name != "x86_64-windows"]


@pytest.mark.parametrize("level", FOREIGN)
def test_zig_makes_kernels_of_other_systems(level, kernels):
    need("zig")
    wanted = requests("nets:Acc")
    (made,) = make_all(wanted, level=level, directory=shared_directory("out"))
    assert ("made", level) == (made.status, made.level), made.error
    entry = read(made.path)
    assert "" == image.malformed(entry.image, PLATFORMS[level].system)
    assert "another machine" in image.malformed(entry.image, (PLATFORMS[level].system[0], _other(level)))
    assert [made.path] == find_all(wanted, level=level, directory=shared_directory("out"))
    assert [None] == find_all(wanted, level=level)
    assert [None] == find_all(wanted, directory=shared_directory("out"))


def _other(level):
    return "aarch64" if PLATFORMS[level].system[1] == "x86_64" else "x86_64"


CALLS = r"""
#include <stdio.h>
#include "modc_abi.h"

extern const modc_kernel modc_entry;

int main(void)
{
    double inc = 2.0, state = 1.0, out0 = 0.0;
    void *buf[] = { &inc, &state, &out0 };
    int64_t dim[16] = { 0 };
    modc_call call = { 0 };
    call.buf = buf;
    call.dim = dim;
    printf("%s %s %d", modc_entry.name, modc_entry.key, modc_entry.run(&call));
    printf(" %g\n", out0);
    return 0;
}
"""


def test_a_kernel_for_aarch64_computes_under_qemu(home):
    """With a static C library: the one of the machine that it is for is not there to load it."""
    _, qemu = need("zig", "qemu-aarch64")
    (made,) = make_all(requests("nets:Acc"), level="aarch64", directory=shared_directory("out"))
    facts, c_text = unpack_note(read(made.path).note)
    (home / "kernel.c").write_text(c_text)
    (home / "calls.c").write_text(CALLS)
    zig = [sys.executable, "-m", "ziglang", "cc", "-target", "aarch64-linux-musl", *facts["build"]["flags"]]
    sources = [f"-I{modc.config.csrc_dir()}", '-DMODC_KEY="0123"', "kernel.c", "calls.c", "-o", "calls"]
    subprocess.run([*zig, *sources], check=True, capture_output=True)
    run = subprocess.run([qemu, "./calls"], capture_output=True, text=True, check=False)
    assert "Acc.add 0123 0 3\n" == run.stdout, run.stderr


def test_without_zig_other_systems_are_refused_with_the_remedy(monkeypatch, kernels):
    monkeypatch.setattr("modc.build.toolchain.find_zig", lambda: None)
    level = FOREIGN[0]
    with pytest.raises(modc.NoCompiler, match=rf"no cross compiler for {level}.*\n  hint: `pip install modc\[zig\]`"):
        make_all(requests("nets:Acc"), level=level, directory=shared_directory("out"))
    assert [] == kernels("out")


def test_without_a_compiler_what_is_there_is_enough(monkeypatch, kernels):
    out = shared_directory("out")
    make_all(requests("nets:Acc"), directory=out)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("modc.build.toolchain.find_zig", lambda: None)
    assert ["found"] == states(make_all(requests("nets:Acc"), directory=out))
    with pytest.raises(modc.NoCompiler, match="there is no C compiler"):
        make_all(requests(), directory=out)


def test_kernels_in_a_layer_need_not_be_made_again(home, monkeypatch, kernels, forget_all):
    (there,) = make_all(requests("nets:Acc"), directory=shared_directory("out"))
    monkeypatch.setenv("MODC_CACHE_PATH", str(home / "out"))
    monkeypatch.setenv("MODC_NO_COMPILE", "1")
    forget_all()
    seen = []
    (made,) = make_all(requests("nets:Acc"), report=seen.append)
    assert ("found", there.path, [made]) == (made.status, made.path, seen)
    assert [] == kernels()


def test_compiling_may_be_forbidden_here_too(monkeypatch, kernels):
    monkeypatch.setenv("MODC_NO_COMPILE", "1")
    with pytest.raises(modc.MissingKernel, match="MODC_NO_COMPILE=1 forbids"):
        make_all(requests("nets:Acc"))
    assert [] == kernels()


def test_finding_asks_a_compiler_that_this_cache_does_not_know(home, kernels, forget_all):
    (made,) = make_all(requests("nets:Acc"))
    for memo in (home / "cache" / "memo").iterdir():
        memo.unlink()
    forget_all()
    assert [made.path] == find_all(requests("nets:Acc"))


@pytest.mark.parametrize("flag", ["-march=native", "-mavx"])
@on_x86
def test_flags_of_the_user_that_choose_instructions_bind_kernels_to_this_cpu(flag, monkeypatch, kernels, forget_all):
    monkeypatch.setenv("MODC_CFLAGS", flag)
    (made,) = make_all(requests("nets:Acc"))
    assert made.level.startswith(f"{HERE}+")
    (library,) = load_all(requests("nets:Acc"))
    assert library.cache_hit
    monkeypatch.setattr(target, "_this_cpu", lambda: "01234567")
    forget_all()
    monkeypatch.setenv("MODC_NO_COMPILE", "1")
    with pytest.raises(modc.MissingKernel):
        load_all(requests("nets:Acc"))
    with pytest.raises(modc.ModeError, match=f"but MODC_CFLAGS has {flag}\n  hint: "):
        make_all(requests("nets:Acc"), level="v2")
    monkeypatch.setenv("MODC_CFLAGS", "-O1 -mtune=native")
    assert HERE == target.target_level()
