"""MODC_RECORD where a file takes only part of a line."""

from __future__ import annotations

import os

import pytest

import modc.tensor as T
from modc import Method, Module, recording


def program(factor: int):
    module = Module()
    x = T.dvector("x")
    module.f = Method(x, x * factor)
    return module.make_no_init(mode="numpy").f.program


def test_a_line_that_does_not_fit_is_taken_back(tmp_path, monkeypatch):
    path = tmp_path / "trace.jsonl"
    recording.record(str(path), [(program(2), "a" * 64, "c")])
    whole = path.read_bytes()
    real = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: real(fd, data[: len(data) // 2]))
    with pytest.raises(OSError, match="bytes could be written"):
        recording.record(str(path), [(program(3), "b" * 64, "c")])
    monkeypatch.undo()
    assert whole == path.read_bytes()
    recording.record(str(path), [(program(3), "b" * 64, "c")])
    assert ["a" * 64, "b" * 64] == [one.key for one in recording.read(str(path))]


def test_a_line_that_never_ends_is_not_read_into_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(recording, "LONGEST", 1 << 16)
    path = tmp_path / "trace.jsonl"
    path.write_bytes(b"{" * (1 << 20))
    with pytest.raises(recording.TraceError, match="line 1: more than 0 MiB"):
        recording.read(str(path))


def test_a_relative_file_stays_where_it_was_when_the_program_moves(tmp_path, monkeypatch):
    (tmp_path / "there").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(recording, "_absolute", {})
    recording.record("trace.jsonl", [(program(2), "a" * 64, "c")])
    monkeypatch.chdir(tmp_path / "there")
    recording.record("trace.jsonl", [(program(3), "b" * 64, "c")])
    assert 2 == len(recording.read(str(tmp_path / "trace.jsonl")))
    assert [] == list((tmp_path / "there").iterdir())
