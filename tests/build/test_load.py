from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import subprocess
import sys
import threading

import pytest
from build_kernels import c_text, call, key, request

from modc import config
from modc.build import Request, Source, load_all, source_digest, target_level
from modc.build.target import levels_below


def test_a_kernel_is_compiled_once_and_found_afterwards(entries, forget_all):
    (first,) = load_all([request(3)])
    forget_all()
    (second,) = load_all([Request("Acc.add", key(3), lambda: pytest.fail("a hit needs no source"))])
    assert (False, True) == (first.cache_hit, second.cache_hit)
    assert (3.0, 3.0) == (call(first), call(second))
    assert [second.path] == [str(path) for path in entries()]


def test_another_process_finds_the_kernel(program):
    load_all([request(3)])
    assert [{"value": 3.0, "hit": True}] == [
        {"value": one["value"], "hit": one["hit"]} for one in program.facts(3)["kernels"]
    ]


def test_a_loaded_kernel_is_loaded_once(entries):
    (first,) = load_all([request(3)])
    entries()[0].unlink()
    again, twice = load_all([request(3), request(3, "Other.name")])
    assert {first.address} == {again.address, twice.address}
    assert ("Acc.add", "Other.name", True) == (again.name, twice.name, twice.cache_hit)


def test_kernels_come_back_in_the_order_of_their_requests():
    libraries = load_all([request(factor) for factor in (5, 2, 5, 9)])
    assert [5.0, 2.0, 5.0, 9.0] == [call(library) for library in libraries]


def test_many_loads_never_give_the_code_of_another_kernel(forget_all):
    factors = list(range(1, 9))
    load_all([request(factor) for factor in factors])
    for _ in range(5):
        forget_all()
        for factor in factors:
            (library,) = load_all([request(factor)])
            assert (float(factor), True) == (call(library), library.cache_hit)


def test_note_and_c_text_come_back(forget_all):
    load_all([request(3)])
    forget_all()
    (library,) = load_all([request(3)])
    assert ("Acc.add", ["inc"]) == (library.note["name"], library.note["inputs"])
    assert c_text(3) == library.c_source
    assert key(3) == library.note["build"]["key"]


def test_members_that_change_shape_are_told_by_the_descriptor():
    text = c_text(3).replace("MODC_WRITTEN, 0, 0 }", "MODC_WRITTEN | MODC_RESHAPED, 0, 0 }")
    (reshaped,) = load_all([Request("a", key(1003), lambda: Source(text, {}))])
    (plain,) = load_all([request(3)])
    assert ((0,), ()) == (reshaped.reshaped, plain.reshaped)


def test_a_stranger_imports_an_entry_with_cffi_alone(entries):
    load_all([request(4)])
    code = f"""
import sys
from importlib.machinery import ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_loader
loader = ExtensionFileLoader("_modc_kernel", {str(entries()[0])!r})
module = module_from_spec(spec_from_loader("_modc_kernel", loader))
loader.exec_module(module)
ffi, lib = module.ffi, module.lib
values = [ffi.new("double *", value) for value in (2.0, 1.0, 0.0)]
call = ffi.new("modc_call *", {{"buf": ffi.new("void *[]", values)}})
buffers = ffi.new("void *[]", values)
call.buf = buffers
assert lib.modc_run(call) == lib.MODC_OK
assert not any(name.split(".")[0] == "modc" for name in sys.modules)
print(values[2][0], lib.modc_entry.n_in, ffi.string(lib.modc_entry.name).decode())
"""
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env={}
    )
    assert ("9.0 1 Acc.add\n", "") == (run.stdout, run.stderr)


def test_without_headers_kernels_are_plain_shared_objects(monkeypatch, entries):
    monkeypatch.setattr("modc.build.glue._shipped", lambda: None)
    monkeypatch.setattr("sysconfig.get_paths", lambda: {"include": "/nowhere"})
    (library,) = load_all([request(6)])
    assert (6.0, False) == (call(library), library.note["build"]["importable"])
    loader = importlib.machinery.ExtensionFileLoader("_modc_kernel", str(entries()[0]))
    spec = importlib.util.spec_from_loader("_modc_kernel", loader)
    with pytest.raises(ImportError):
        importlib.util.module_from_spec(spec)


def test_the_glue_that_was_made_here_imports_as_the_shipped_one_does(monkeypatch, entries):
    monkeypatch.setattr("modc.build.glue._shipped", lambda: None)
    test_a_stranger_imports_an_entry_with_cffi_alone(entries)


@pytest.mark.parametrize("way", ["memfd_create", "debug"])
def test_other_ways_of_loading_work(way, monkeypatch, forget_all):
    load_all([request(7)])
    forget_all()
    if way == "memfd_create":
        monkeypatch.delattr("os.memfd_create")
        (library,) = load_all([request(7)])
    else:
        with config.using(MODC_DEBUG=1):
            (library,) = load_all([request(7)])
        with open("/proc/self/maps", encoding="utf-8") as file:
            assert library.path in file.read()
    assert (7.0, True) == (call(library), library.cache_hit)


def test_a_child_loads_after_a_fork():
    load_all([request(2)])
    child = os.fork()
    if child == 0:
        two, eight = load_all([request(2), request(8)])
        os._exit(0 if (call(two), call(eight)) == (2.0, 8.0) else 1)
    assert 0 == os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_threads_load_side_by_side():
    results: dict[int, list[float]] = {}

    def work(number: int) -> None:
        results[number] = [call(library) for library in load_all([request(1), request(2)])]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {number: [1.0, 2.0] for number in range(4)} == results


@pytest.mark.parametrize(
    "name",
    [
        'a"b',
        "a\nb",
        "*/ int x; /*",
        "../../etc/x",
        "-o",
        "\0",
        "\ud800",
        "é" * 300,
        "x" * 10**6,
        "",
    ],
)
def test_a_display_name_is_never_code_or_a_path(name, cache_dir, tmp_path, monkeypatch):
    keep = tmp_path / "keep"
    monkeypatch.setenv("MODC_KEEP", str(keep))
    (library,) = load_all([request(3, name)])
    assert (3.0, name) == (call(library), library.name)
    (kept,) = keep.iterdir()
    assert c_text(3) == kept.read_text()


def test_an_exception_of_the_source_is_passed_on(entries):
    def source():
        raise ZeroDivisionError("from the emitter")

    with pytest.raises(ZeroDivisionError, match="from the emitter"):
        load_all([request(1), Request("b", key(1002), source)])
    assert [] == entries()


def test_debug_says_what_was_found(capsys, forget_all):
    with config.using(MODC_DEBUG=1):
        load_all([request(3)])
        forget_all()
        load_all([request(3)])
    said = capsys.readouterr().err
    assert "Acc.add compiled" in said
    assert "Acc.add from the cache" in said


def test_debug_5_shows_the_command(capsys):
    with config.using(MODC_DEBUG=5):
        load_all([request(3)])
    assert "-ffp-contract=off" in capsys.readouterr().err


def test_a_hit_imports_nothing_heavy(program):
    load_all([request(3)])
    heavy = [
        "json",
        "subprocess",
        "tempfile",
        "filelock",
        "platformdirs",
        "shutil",
        "zlib",
        "pathlib",
    ]
    code = f"""
import sys
before = set(sys.modules)  # an editable installation has a finder that imports a few
from modc.build import Request, load_all
(library,) = load_all([Request("Acc.add", {key(3)!r}, None)])
assert library.cache_hit
print([name for name in {heavy!r} if name in sys.modules.keys() - before])
"""
    assert "[]\n" == program.run(code=code).out


def test_the_source_digest_is_remembered_and_stable(cache_dir, forget_all):
    first = source_digest()
    forget_all()
    assert (first, 64, 1) == (
        source_digest(),
        len(first),
        len(list(cache_dir.glob("memo/sources*"))),
    )


def test_the_target_is_a_level_of_this_cpu():
    level = target_level()
    assert level in levels_below(level)
    assert "native" not in level
