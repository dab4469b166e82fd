"""Read-only layers of the cache: many, odd, vanishing, foreign; caches that move to another CPU."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from build_kernels import call, request

import modc
from modc.build import cache, dl, entry, load_all, target
from modc.errors import CompileError, ModcWarning


@pytest.fixture
def layer(tmp_path, monkeypatch, forget_all):
    """Makes a layer with kernels of these factors; the own cache is empty afterwards."""

    def make(name: str, *factors: int) -> Path:
        with modc.config.using(MODC_CACHE_DIR=str(tmp_path / "maker")):
            forget_all()
            load_all([request(factor) for factor in factors])
            modc.cache.pack(tmp_path / "layer.tar")
            modc.cache.clear()
        modc.cache.unpack(tmp_path / "layer.tar", tmp_path / name)
        forget_all()
        return tmp_path / name

    return make


@pytest.fixture
def path_of(monkeypatch):
    def put(*layers: object) -> None:
        monkeypatch.setenv("MODC_CACHE_PATH", os.pathsep.join(map(str, layers)))

    return put


def places(*factors: int) -> list[str]:
    """In which directory each kernel was found, and that it computes what it should."""
    libraries = load_all([request(factor) for factor in factors])
    assert [float(factor) for factor in factors] == [call(library) for library in libraries]
    return [str(Path(library.path).parent.parent) for library in libraries]


def test_layers_are_looked_into_in_their_order_and_before_the_own_cache(layer, path_of, cache_dir):
    first, second = layer("first", 3, 4), layer("second", 4, 5)
    path_of(first, second)
    assert [str(first), str(first), str(second), str(cache_dir)] == places(3, 4, 5, 6)
    path_of(second, first)


def test_the_order_of_layers_decides(layer, path_of):
    first, second = layer("first", 4), layer("second", 4)
    path_of(second, first)
    assert [str(second)] == places(4)


ODD_NAMES = ["with space", "dopes é 音", "quote'\"$(id)`", "%s{0}\\n", "-rf", "new\nline", "~"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_of_layers_are_names(name, layer, path_of):
    found = layer(name, 3)
    path_of(found)
    assert [str(found)] == places(3)


def test_a_name_that_is_no_text_works(layer, path_of, tmp_path):
    found = layer("plain", 3)
    odd = tmp_path / os.fsdecode(b"odd\xff\xfe")
    try:
        found.rename(odd)
    except OSError:
        pytest.skip("this filesystem has names of text only")
    path_of(odd)
    assert [str(odd)] == places(3)


def test_a_relative_layer_is_one_of_the_directory_where_the_program_began(
    layer, path_of, monkeypatch, tmp_path
):
    found = layer("relative", 3)
    monkeypatch.chdir(tmp_path)
    path_of("relative", "", ".")
    assert [str(found)] == places(3)


def test_a_separator_in_a_name_makes_two_layers_that_are_named(layer, path_of, cache_dir):
    found = layer(f"a{os.pathsep}b", 3)
    path_of(found)
    with pytest.warns(ModcWarning, match="in MODC_CACHE_PATH is not used: it does not exist"):
        assert [str(cache_dir)] == places(3)


def test_a_layer_that_vanishes_in_a_running_program_costs_a_compilation(layer, path_of, cache_dir):
    found = layer("passing", 3, 4)
    path_of(found)
    assert [str(found)] == places(3)
    shutil.rmtree(found)
    assert [str(found), str(cache_dir)] == places(3, 4)


def test_a_kernel_of_a_layer_is_loaded_once_where_the_compiler_was_never_needed(layer, path_of):
    path_of(layer("kernels", 3))
    load_all([request(3)])
    count = len(dl._libraries)
    load_all([request(3)])
    assert count == len(dl._libraries)


def test_a_layer_that_is_a_file_or_a_link_or_open_to_all_is_one_warning(
    layer, path_of, cache_dir, tmp_path
):
    found = layer("good", 3)
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to(found)
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    path_of(tmp_path / "file", tmp_path / "link", tmp_path / "open", found)
    with pytest.warns(ModcWarning) as caught:
        assert [str(found)] == places(3)
    (text,) = [str(one.message) for one in caught]
    for reason in (
        "it is no directory",
        "it is a symbolic link",
        "others can write to it (mode 777)",
    ):
        assert reason in text


def test_a_layer_of_another_user_is_not_used(layer, path_of, cache_dir, monkeypatch):
    found = layer("theirs", 3)
    real = entry.foreign
    monkeypatch.setattr(
        entry,
        "foreign",
        lambda info: "it belongs to user 99" if info.st_ino == found.stat().st_ino else real(info),
    )
    path_of(found)
    with pytest.warns(
        ModcWarning, match="theirs in MODC_CACHE_PATH is not used: it belongs to user 99"
    ):
        assert [str(cache_dir)] == places(3)


def test_an_entry_of_another_user_in_a_layer_is_passed_over_and_left_alone(
    layer, path_of, cache_dir, monkeypatch
):
    found = layer("mixed", 3)
    (path,) = found.glob("??/*.so")
    real = entry.foreign
    monkeypatch.setattr(
        entry,
        "foreign",
        lambda info: "it belongs to user 99" if info.st_ino == path.stat().st_ino else real(info),
    )
    path_of(found)
    with pytest.warns(ModcWarning, match="cannot be used: it belongs to user 99"):
        assert [str(cache_dir)] == places(3)
    assert path.exists()


def test_the_own_cache_may_be_a_layer_too(layer, path_of, cache_dir):
    path_of(cache_dir)
    assert () == modc.cache.list()  # looks at layers first, where it is not there yet
    load_all([request(3)])
    assert [str(cache_dir), str(cache_dir)] == places(3, 4)


def test_relative_names_keep_their_meaning_when_the_program_moves(
    layer, path_of, tmp_path, monkeypatch
):
    found = layer("near", 3)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MODC_CACHE_DIR", "here/cache")
    path_of("near")
    assert [str(found), str(tmp_path / "here" / "cache")] == places(3, 4)
    (tmp_path / "there").mkdir()
    monkeypatch.chdir(tmp_path / "there")
    assert [str(tmp_path / "here" / "cache")] == places(5)
    assert [] == list((tmp_path / "there").iterdir())


# -- another CPU


levels = pytest.mark.skipif(
    target.cpu_level() not in ("x86-64-v2", "x86-64-v3", "x86-64-v4"),
    reason="needs a level above v1",
)


def moved(monkeypatch, forget_all, level: str) -> None:
    """The same disk in a machine of this CPU level."""
    monkeypatch.setattr(target, "cpu_level", lambda: level)
    forget_all()


@levels
def test_a_weaker_cpu_takes_the_lower_variant_of_a_layer(layer, path_of, monkeypatch, forget_all):
    high = layer("kernels", 3)
    with modc.config.using(MODC_TARGET="x86-64-v1"):
        layer("kernels", 3)
    assert 2 == len(list(high.glob("??/*.so")))
    path_of(high)
    moved(monkeypatch, forget_all, "x86-64-v1")
    monkeypatch.setenv("MODC_NO_COMPILE", "1")
    (library,) = load_all([request(3)])
    assert (True, "x86-64-v1") == (library.cache_hit, library.note["build"]["level"])


@levels
def test_a_weaker_cpu_never_loads_what_it_cannot_run(
    layer, path_of, monkeypatch, forget_all, cache_dir
):
    high = layer("kernels", 3)
    load_all([request(3)])
    path_of(high)
    moved(monkeypatch, forget_all, "x86-64-v1")
    (library,) = load_all([request(3)])
    assert (False, "x86-64-v1") == (library.cache_hit, library.note["build"]["level"])
    forget_all()
    monkeypatch.setenv("MODC_NO_COMPILE", "1")
    with pytest.raises(CompileError, match="is in no cache"):
        load_all([request(4)])


@levels
def test_an_entry_renamed_for_another_level_is_not_loaded(
    layer, path_of, monkeypatch, forget_all, cache_dir
):
    """Names are checked against the contents, so nobody can pass off a level as another one."""
    high = layer("kernels", 3)
    (path,) = high.glob("??/*.so")
    name = modc.build.load.entry_name(request(3).key, "x86-64-v1")
    (high / name[:2]).mkdir(exist_ok=True)
    path.rename(high / name[:2] / f"{name}-{'0' * 16}.so")
    path_of(high)
    moved(monkeypatch, forget_all, "x86-64-v1")
    with pytest.warns(ModcWarning, match="it holds another kernel"):
        assert [str(cache_dir)] == places(3)


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs to be root")
def test_a_layer_on_a_read_only_mount_or_of_root_serves_others(layer, path_of, tmp_path):
    found = layer("kernels", 3)
    shared = (
        found.stat().st_mode & 0o777,
        *{path.stat().st_mode & 0o777 for path in found.glob("??/*.so")},
    )
    assert (0o755, 0o444) == shared
    assert cache.check(str(found)).problem is None
