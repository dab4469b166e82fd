"""The functions of `modc.cache` that look after a directory, as a program calls them."""

from __future__ import annotations

import os
from dataclasses import FrozenInstanceError, asdict

import pytest

import modc
import modc.tensor as T
from modc import Method, Module
from modc.build import admin
from modc.errors import CacheError, ModeError


class Lines(Module):
    def __init__(self):
        x = T.dvector("x")
        self.one = Method(x, x + 1)
        self.two = Method(x, x * 2)


@pytest.fixture
def two(cache_dir):
    assert modc.warm(Lines(), mode="c").ok
    return modc.cache.list()


def test_records_are_plain_and_cannot_be_changed(two):
    assert {"Lines.one", "Lines.two"} == {kernel.name for kernel in two}
    assert {64} == {
        len(asdict(kernel)[field]) for kernel in two for field in ("key", "sha256", "digest")
    }
    with pytest.raises(FrozenInstanceError):
        two[0].name = "other"


def test_a_damaged_kernel_has_a_problem_and_no_name(two, cache_dir):
    path = two[0].path
    os.chmod(path, 0o666)
    (bad,) = [kernel for kernel in modc.cache.list() if kernel.problem]
    assert (path, "", "others can write to it (mode 666)") == (bad.path, bad.name, bad.problem)
    assert ((path, "others can write to it (mode 666)"),) == tuple(
        (one.path, one.problem) for one in modc.cache.verify().damaged
    )
    assert 2 == modc.cache.verify(fix=True).entries
    assert (1, ()) == (modc.cache.verify().entries, modc.cache.verify().damaged)


def test_numbers_of_a_directory(two, cache_dir):
    (found,) = modc.cache.stats()
    assert (str(cache_dir), 2, [2]) == (found.path, found.entries, list(found.toolchains.values()))
    assert sum(kernel.bytes for kernel in two) == found.bytes


def test_pruning_and_clearing_say_what_went(two):
    assert () == modc.cache.prune("1G")
    assert sorted(kernel.path for kernel in two) == sorted(modc.cache.prune("0"))
    assert 0 == modc.cache.clear()
    with pytest.raises(ModeError, match="'much' is not a size"):
        modc.cache.prune("much")


def test_layers_are_listed_and_never_cleared(two, cache_dir, tmp_path, monkeypatch):
    monkeypatch.setenv("MODC_CACHE_PATH", f"{cache_dir}{os.pathsep}{tmp_path / 'nowhere'}")
    monkeypatch.setenv("MODC_CACHE_DIR", str(tmp_path / "own"))
    found = modc.cache.path()
    assert [(str(cache_dir), None), (str(tmp_path / "nowhere"), "it does not exist")] == [
        (layer.path, layer.problem) for layer in found.layers
    ]
    assert two == modc.cache.list()
    assert (0, 2) == (modc.cache.clear(), len(modc.cache.list()))


def test_a_cache_that_cannot_be_used_is_a_reason_and_a_remedy(cache_dir):
    cache_dir.write_text("a file")
    for verb in (
        modc.cache.list,
        modc.cache.stats,
        modc.cache.verify,
        modc.cache.prune,
        modc.cache.clear,
    ):
        with pytest.raises(CacheError, match=r"it is no directory\n  hint: set MODC_CACHE_DIR"):
            verb()
    assert "it is no directory" == modc.cache.path().problem


def test_two_processes_may_prune_at_once(two, cache_dir, monkeypatch):
    """What was set apart has gone between the look into the directory and the look at the file."""
    apart = cache_dir / "damaged"
    apart.mkdir()
    gone = lambda folder, _: ["modc-gone"] if folder == str(apart) else []  # noqa: E731
    monkeypatch.setattr(admin, "_names", gone)
    assert () == modc.cache.prune("1G")
