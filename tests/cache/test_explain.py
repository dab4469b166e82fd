"""Why a kernel is found or not: each part of its key, compared with the nearest entry."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import asdict
from pathlib import Path

import pytest

import modc
import modc.compiler
import modc.tensor as T
from modc import Method, Module
from modc.ahead.targets import TargetError
from modc.build import cache, entry, load, store, target, toolchain
from modc.errors import ModcWarning
from modc.schedule import Unschedulable


class Acc(Module):
    def __init__(self, factor=1.0):
        self.state, self.inc = T.dscalar(), T.dscalar()
        after = self.state + factor * self.inc
        self.add = Method(self.inc, after, {self.state: after})


class Two(Module):
    def __init__(self):
        x = T.dvector("x")
        self.sum = Method(x, x.sum())
        self.top = Method(x, x.max())


def one(what, mode=None):
    (found,) = modc.cache.explain(what, mode)
    return found


def reason(what):
    (found,) = one(what).reasons
    return found


def entries(path: Path) -> list[Path]:
    return sorted(path.glob("[0-9a-f][0-9a-f]/*.so"))


def as_made_by(path: Path, **build: object) -> Path:
    """The entry again, with another note, tool or level, at the place that these give it."""
    found = entry.read(str(path))
    facts, text = entry.unpack_note(found.note)
    tool = str(build.pop("tool", found.tool))
    facts["build"].update(build)
    name = load.entry_name(facts["build"]["key"], facts["build"]["level"])
    data = entry.pack(0, name, tool, found.image, entry.pack_note(facts, text))
    path.unlink()
    place = cache.check(str(path.parent.parent))
    store.publish(place, place.file(name, tool), data)
    return Path(place.file(name, tool))


def test_a_kernel_that_is_there_is_a_hit(cache_dir):
    Acc().make(state=0)
    found = one(Acc())
    assert ("hit", "Acc.add", "c", str(cache_dir), ()) == (
        found.state, found.name, found.mode, found.directory, found.reasons,
    )  # fmt: skip
    assert (str(entries(cache_dir)[0]), target.target_level()) == (found.path, found.level)
    assert Acc().make(state=0).add.key == found.key


def test_instances_methods_lists_and_targets_are_explained(cache_dir, tmp_path):
    made = Two().make()
    (tmp_path / "two.py").write_text(
        "import modc.tensor as T\nfrom modc import Method, Module\n"
        "class Two(Module):\n"
        "    def __init__(self):\n"
        "        x = T.dvector('x')\n"
        "        self.sum = Method(x, x.sum())\n"
        "        self.top = Method(x, x.max())\n"
    )
    for what in (made, Two(), [made.sum, made.top], f"{tmp_path / 'two.py'}:Two"):
        assert [("Two.sum", "hit"), ("Two.top", "hit")] == [
            (found.name, found.state) for found in modc.cache.explain(what)
        ]
    assert "Two.top" == one(f"{tmp_path / 'two.py'}:Two.top").name
    with pytest.raises(TargetError, match="no file nowhere"):
        modc.cache.explain("nowhere.py:Two")


def test_an_empty_cache_has_no_kernels_at_all(cache_dir):
    found = reason(Acc())
    assert ("entry", "Acc.add", "no kernels at all") == (found.part, found.wanted, found.found)
    assert found.remedy.startswith("`modc warm` makes it")
    assert [] == entries(cache_dir)


def test_kernels_of_other_methods_only_are_counted():
    Two().make()
    assert "2 kernels of other Methods" == reason(Acc()).found


def test_another_graph_is_shown_as_a_difference():
    Acc().make(state=0)
    found = one(Acc(2.0))
    (why,) = found.reasons
    assert ("miss", "graph") == (found.state, why.part)
    assert "-    out0   = state + inc" in why.lines
    assert "+    out0   = state + 2.0 * inc" in why.lines


def test_of_many_kernels_of_a_name_the_most_similar_is_the_nearest():
    class Many(Module):
        def __init__(self, *factors):
            x = T.dvector("x")
            self.f = Method(x, [x * factor for factor in factors])

    for factors in ((7.0,), (1.5, 2.5, 3.5), (2.5, 7.0)):
        Many(*factors).make()
    (why,) = one(Many(1.5, 2.5, 4.5)).reasons
    assert ("-    out2  = x * 3.5", "+    out2  = x * 4.5") == why.lines


def test_a_difference_that_only_the_code_shows_is_shown():
    """A constant array stands in the code, not in the comment."""

    class Table(Module):
        def __init__(self, last):
            i = T.lscalar("i")
            self.at = Method(i, T.constant([1.0, 2.0, last])[i])

    Table(3.0).make()
    (why,) = one(Table(4.0)).reasons
    assert "graph" == why.part
    assert [line for line in why.lines if line.startswith("+") and "4" in line]


def test_a_large_difference_is_cut():
    class Sums(Module):
        def __init__(self, count):
            x = T.dvector("x")
            self.all = Method(x, [(x + at).sum() for at in range(count)])

    Sums(2).make()
    (why,) = one(Sums(60)).reasons
    assert 24 == len(why.lines)
    assert why.lines[-1].endswith("lines more")


def test_another_name_of_the_method_is_the_only_difference():
    class Sum(Module):
        def __init__(self):
            self.state, self.inc = T.dscalar(), T.dscalar()
            after = self.state + 1.0 * self.inc
            self.plus = Method(self.inc, after, {self.state: after})

    Acc().make(state=0)
    why = reason(Sum())
    assert ("name", "Sum.plus", "Acc.add") == (why.part, why.wanted, why.found)


def test_another_version_of_modc_is_named(monkeypatch):
    Acc().make(state=0)
    monkeypatch.setattr("modc.ahead.explain.source_digest", lambda: "5" * 64)
    why = reason(Acc())
    assert ("modc", "5" * 12) == (why.part, why.wanted)
    assert "another version of modc" in why.remedy


def test_other_flags_are_named(setting):
    Acc().make(state=0)
    setting(MODC_CFLAGS="-DONE -DTWO")
    why = reason(Acc())
    assert ("flags", "-DONE -DTWO", "none of these") == (why.part, why.wanted, why.found)
    assert "MODC_CACHE_PATH" in why.remedy


def test_another_compiler_is_named(cache_dir):
    Acc().make(state=0)
    as_made_by(entries(cache_dir)[0], version="acc 99.1\nmore", tool="7" * 64)
    why = reason(Acc())
    assert ("C compiler", "acc 99.1") == (why.part, why.found)
    as_made_by(entries(cache_dir)[0], version=toolchain_version(), tool="7" * 64)
    assert "777777777777, another build of it" == reason(Acc()).found


def toolchain_version() -> str:
    command = toolchain.find_command()
    return toolchain.recall(command, target.target_level(), cache.own()).version


def test_a_layer_takes_what_any_compiler_made(cache_dir, setting, tmp_path):
    Acc().make(state=0)
    as_made_by(entries(cache_dir)[0], version="acc 99.1", tool="7" * 64)
    setting(MODC_CACHE_DIR=str(tmp_path / "own"), MODC_CACHE_PATH=str(cache_dir))
    assert ("hit", str(cache_dir)) == (one(Acc()).state, one(Acc()).directory)


def test_a_kernel_for_another_cpu_is_named(cache_dir, setting):
    Acc().make(state=0)
    as_made_by(
        entries(cache_dir)[0], level="x86-64-v9" if target.cpu_level() == "aarch64" else "aarch64"
    )
    why = reason(Acc())
    assert ("CPU level", f"{target.target_level()} or lower") == (why.part, why.wanted)
    assert f"--target {target.target_level()}" in why.remedy


@pytest.mark.skipif(not target.cpu_level().startswith("x86-64-v"), reason="CPU levels of x86")
def test_a_lower_variant_is_a_hit_in_a_layer_and_a_miss_in_the_own_cache(
    cache_dir, setting, tmp_path
):
    if target.cpu_level() == "x86-64-v1":
        pytest.skip("there is no lower level")
    setting(MODC_TARGET="x86-64-v1")
    Acc().make(state=0)
    setting(MODC_TARGET="")
    why = reason(Acc())
    assert ("CPU level", "x86-64-v1") == (why.part, why.found)
    assert "MODC_TARGET=x86-64-v1" in why.remedy
    setting(MODC_CACHE_DIR=str(tmp_path / "own"), MODC_CACHE_PATH=str(cache_dir))
    found = one(Acc())
    assert ("hit", "x86-64-v1", ["CPU level"]) == (
        found.state, found.level, [why.part for why in found.reasons],
    )  # fmt: skip


def damaged(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.unlink()
    path.write_bytes(data)
    path.chmod(0o400)


def linked(path: Path) -> None:
    path.rename(path.with_suffix(".away"))
    path.symlink_to(path.with_suffix(".away"))


DAMAGES = {
    "checksum": (damaged, "its checksum does not match", "verify --fix"),
    "mode": (lambda path: path.chmod(0o666), "others can write", "chmod go-w"),
    "link": (linked, "it is a link", "what it points to"),
}


@pytest.mark.parametrize("case", DAMAGES)
def test_a_kernel_that_cannot_be_used_is_named(case, cache_dir):
    change, problem, remedy = DAMAGES[case]
    Acc().make(state=0)
    (path,) = entries(cache_dir)
    change(path)
    why = one(Acc()).reasons[0]
    assert ("damage", str(path)) == (why.part, why.wanted)
    assert problem in why.found
    assert remedy in why.remedy


def test_a_kernel_of_another_owner_is_named(cache_dir, monkeypatch):
    Acc().make(state=0)
    (path,) = entries(cache_dir)
    real = entry.foreign
    monkeypatch.setattr(
        entry,
        "foreign",
        lambda info: "it belongs to user 99" if info.st_size > 5000 else real(info),
    )
    why = one(Acc()).reasons[0]
    assert ("damage", "it belongs to user 99", f"chown root {path}, or yourself") == (
        why.part, why.found, why.remedy.partition(", if")[0],
    )  # fmt: skip


def test_kernels_of_another_abi_are_counted(cache_dir):
    import hashlib

    Acc().make(state=0)
    (path,) = entries(cache_dir)
    data = bytearray(path.read_bytes())
    data[-entry.TRAILER_BYTES + 8] = 2
    data[-32:] = hashlib.sha256(data[:-32]).digest()
    path.unlink()
    (path.parent / f"{path.parent.name}{'0' * 62}-{'1' * 16}.so").write_bytes(data)
    why = one(Acc()).reasons[0]
    assert ("ABI", "1", "1 entries of another ABI, which may be it") == (
        why.part, why.wanted, why.found,
    )  # fmt: skip


def test_directories_that_are_not_looked_into_are_named(cache_dir, tmp_path, setting):
    open_to_all = tmp_path / "open"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    paths = [str(tmp_path / "no where"), str(open_to_all)]
    setting(MODC_CACHE_PATH=os.pathsep.join(paths))
    found = one(Acc()).reasons
    assert [
        ("directory", "it does not exist"),
        ("directory", "others can write to it (mode 777)"),
    ] == [(why.part, why.found) for why in found]
    assert paths == [why.wanted for why in found]
    assert f"chmod go-w {open_to_all}" == found[1].remedy


def test_a_broken_cc_is_named(setting, cache_dir):
    Acc().make(state=0)
    setting(CC="no-such-compiler")
    why = one(Acc()).reasons[0]
    assert ("C compiler", "correct CC") == (why.part, why.remedy)
    assert "no-such-compiler" in why.found


def test_a_method_without_a_kernel_is_neither_hit_nor_miss(setting):
    class Picked(Module):
        def __init__(self):
            x = T.dvector("x")
            self.numpy = Method(x, x + 1, mode="numpy")
            self.kernel = Method(x, x + 2)

    found = modc.cache.explain(Picked())
    assert ["none", "miss"] == [one.state for one in found]
    assert "mode numpy" == found[0].reasons[0].found
    assert {"none"} == {one.state for one in modc.cache.explain(Picked(), "numpy")}


def test_a_method_that_can_have_no_kernel_is_neither_hit_nor_miss_nor_missing(setting, monkeypatch):
    """Warming, explaining and a process that must not compile agree about it."""

    class Odd(Module):
        def __init__(self):
            x = T.dvector("x")
            self.slow = Method(x, x + 1)
            self.fast = Method(x, x * 2)

    def schedule(program):
        if program.name == "Odd.slow":
            raise Unschedulable("nobody can plan this")
        return real(program)

    real = modc.compiler.schedule
    monkeypatch.setattr("modc.compiler.schedule", schedule)
    assert [("Odd.slow", "none"), ("Odd.fast", "miss")] == [
        (found.name, found.state) for found in modc.cache.explain(Odd())
    ]
    assert modc.warm(Odd()).ok
    setting(MODC_NO_COMPILE="1")
    with pytest.warns(ModcWarning, match=r"nobody can plan this; Odd\.slow runs in mode numpy"):
        made = Odd().make()
    assert ([2.0], [2.0]) == (made.slow([1.0]).tolist(), made.fast([1.0]).tolist())
    assert (True, "numpy") == (made.fast.cache_hit, made.slow.mode)


@pytest.mark.parametrize("mode", ["c", "check"])
def test_a_method_of_several_kernels_is_warmed_explained_and_recorded_whole(
    mode, setting, tmp_path
):
    """Sizes that depend on data make a Method several kernels in sequence."""

    class Counting(Module):
        def __init__(self):
            x = T.dvector("x")
            self.upto = Method(x, T.arange(T.cast(x.sum(), "int64")))

    def states():
        return {found.state for found in modc.cache.explain(Counting(), mode)}

    assert {"miss"} == states()
    assert modc.warm(Counting(), mode=mode).ok
    assert {"hit"} == states()
    trace = str(tmp_path / "trace.jsonl")
    setting(MODC_NO_COMPILE="1", MODC_RECORD=trace)
    made = Counting().make(mode=mode)
    assert (mode, [0, 1, 2]) == (made.upto.mode, made.upto([1.0, 2.0]).tolist())
    setting(MODC_NO_COMPILE="0", MODC_RECORD="", MODC_CACHE_DIR=str(tmp_path / "other"))
    assert modc.warm(from_trace=trace).ok
    assert {"hit"} == states()


def test_mode_check_has_two_kernels_for_a_method():
    Acc().make(state=0, mode="check")
    assert ["hit", "hit"] == [found.state for found in modc.cache.explain(Acc(), "check")]
    assert "hit" == one(Acc()).state


def test_nothing_is_compiled_or_loaded(monkeypatch, cache_dir):
    def refuse(*_):
        raise AssertionError("compiled or loaded")

    Acc().make(state=0)
    before = sorted(cache_dir.rglob("*"))
    monkeypatch.setattr("modc.build.dl.load", refuse)
    monkeypatch.setattr("modc.build.miss.make", refuse)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    assert ["hit", "miss"] == [one(Acc(factor)).state for factor in (1.0, 3.0)]
    assert before == sorted(cache_dir.rglob("*"))


def test_a_compiler_that_is_new_to_a_cache_is_asked_who_it_is(cache_dir, setting):
    """Kernels that came with a copied cache: found, as a program would find them."""
    Acc().make(state=0)
    shutil.rmtree(cache_dir / "memo")
    setting()
    assert "hit" == one(Acc()).state


def test_results_are_plain_records():
    Acc().make(state=0)
    assert {"state", "name", "key", "reasons", "nearest"} <= set(asdict(one(Acc(2.0))))
