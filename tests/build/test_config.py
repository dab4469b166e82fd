from __future__ import annotations

import os
import sys
import threading

import pytest

from modc import config, errors
from modc.errors import ModeError


def test_a_setting_is_read_when_it_is_used(monkeypatch):
    monkeypatch.setenv("MODC_MODE", "numpy")
    assert "numpy" == config.get("MODC_MODE")
    monkeypatch.setenv("MODC_MODE", "")
    assert "c" == config.get("MODC_MODE")


def test_using_overrides_nests_and_ends(monkeypatch):
    monkeypatch.setenv("MODC_DEBUG", "4")
    with config.using(MODC_DEBUG=2, MODC_MODE="numpy"):
        with config.using(MODC_DEBUG=None):
            assert (0, "numpy") == (config.debug_level(), config.get("MODC_MODE"))
        assert 2 == config.debug_level()
    assert 4 == config.debug_level()


def test_using_ends_with_an_exception_and_holds_for_its_thread_only():
    seen = []
    with pytest.raises(ZeroDivisionError), config.using(MODC_DEBUG=3):
        thread = threading.Thread(target=lambda: seen.append(config.debug_level()))
        thread.start()
        thread.join()
        raise ZeroDivisionError
    assert ([0], 0) == (seen, config.debug_level())


def test_an_unknown_setting_is_refused_with_the_known_ones():
    with pytest.raises(ModeError, match="MODC_CACHE_DIR"), config.using(MODC_CACHE="x"):
        pass


@pytest.mark.parametrize(
    ("text", "bytes_"),
    [("0", 0), ("4096", 4096), ("1k", 1024), ("1 MiB", 2**20), ("1.5G", 3 << 29), ("2TB", 2 << 40)],
)
def test_sizes_are_read(text, bytes_):
    with config.using(MODC_CACHE_SIZE=text):
        assert bytes_ == config.size("MODC_CACHE_SIZE")


@pytest.mark.parametrize("text", ["much", "-1", "1X", "nan", "inf", "k", "1e400"])
def test_other_sizes_are_refused(text):
    with config.using(MODC_CACHE_SIZE=text), pytest.raises(ModeError, match="MODC_CACHE_SIZE"):
        config.size("MODC_CACHE_SIZE")


@pytest.mark.parametrize("text", ["soon", "-1", "nan"])
def test_other_numbers_are_refused(text):
    with config.using(MODC_CC_TIMEOUT=text), pytest.raises(ModeError, match="MODC_CC_TIMEOUT"):
        config.number("MODC_CC_TIMEOUT")


def test_switches_are_read_and_others_refused():
    for text, value in (("1", True), ("yes", True), ("0", False), ("off", False)):
        with config.using(MODC_NO_COMPILE=text):
            assert value == config.flag("MODC_NO_COMPILE")
    with config.using(MODC_NO_COMPILE="perhaps"), pytest.raises(ModeError, match="MODC_NO_COMPILE"):
        config.flag("MODC_NO_COMPILE")


def test_choices_are_checked():
    with config.using(MODC_RUNTIME="fortran"), pytest.raises(ModeError, match="cffi"):
        config.get("MODC_RUNTIME")


def test_floatx_can_be_assigned(monkeypatch):
    assert "float64" == config.floatX
    monkeypatch.setattr(config, "floatX", "float32", raising=False)
    assert ("float32", "float32") == (config.floatx(), config.floatX)
    monkeypatch.setattr(config, "floatX", "float8")
    with pytest.raises(ModeError, match="float8"):
        config.floatx()


def test_every_exception_is_also_the_built_in_that_fits():
    pairs = {
        errors.AllocationError: LookupError,
        errors.CompileError: RuntimeError,
        errors.NoCompiler: errors.CompileError,
        errors.ShapeError: ValueError,
        errors.DTypeError: TypeError,
        errors.ModeError: ValueError,
        errors.CacheError: OSError,
    }
    for error, builtin in pairs.items():
        assert issubclass(error, builtin)
        assert issubclass(error, errors.ModcError)
        assert error.__doc__


def test_the_frame_of_the_user_is_the_first_outside_modc():
    line = sys._getframe().f_lineno + 1
    assert (__file__, line) == errors.user_frame()


def test_the_headers_are_found():
    assert os.path.isfile(os.path.join(config.csrc_dir(), "modc_abi.h"))
