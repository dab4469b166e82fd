from __future__ import annotations

import json
import subprocess
import sys
import warnings

import pytest

import modc
from modc import recording
from modc.recording import TraceError, read

USES = "import nets; acc = nets.Acc().make(state=1); print(acc.add(2))"


def lines(home, name="trace"):
    return [json.loads(line) for line in (home / name).read_text().splitlines()]


def test_a_program_writes_down_the_kernels_that_it_uses(home, python):
    code = "import nets; nets.Pair().make(); nets.Checked().make(); nets.Acc().make(mode='numpy')"
    assert "" == python(code, MODC_RECORD="trace").stderr
    found = lines(home)
    assert [("Acc.add", "c"), ("Checked.total", "check"), ("Pair.total", "c"), ("Pair.twice", "c")] == sorted(
        (line["name"], line["mode"]) for line in found
    )
    assert all(line["modc"] == 1 and len(line["key"]) == 64 for line in found)


def test_kernels_from_the_cache_are_in_use_as_well_and_written_down_once(home, python):
    python(USES)
    for _ in range(3):
        assert ("3.0\n", "") == ((run := python(USES, MODC_RECORD="trace")).stdout, run.stderr)
    assert 1 == len(lines(home))
    assert b"\n" == (home / "trace").read_bytes()[-1:]


def test_nothing_is_written_down_without_kernels_or_without_the_setting(home, python):
    for env in ({"MODC_MODE": "numpy"}, {"MODC_RUNTIME": "numpy"}):
        assert "" == python("import nets; nets.Acc().make()", MODC_RECORD="trace", **env).stderr
    python(USES)
    assert not (home / "trace").exists()


def test_what_is_read_is_what_was_written(home, nets, monkeypatch):
    monkeypatch.setenv("MODC_RECORD", str(home / "trace"))
    pair, checked = nets.Pair().make(), nets.Checked().make()
    found = {(one.name, one.mode): one for one in read("trace")}
    for mode, method in (("c", pair.total), ("c", pair.twice), ("c", pair.acc.add), ("check", checked.total)):
        one = found.pop((method.program.name, mode))
        assert method.key == one.key
        assert recording.fingerprint(method.program, {}) == recording.fingerprint(one.program, {})
    assert {} == found


def test_several_processes_write_whole_lines_into_one_file(home, monkeypatch):
    code = (
        "import sys, modc.tensor as T, modc\n"
        "for n in range(12):\n"
        "    x = T.dvector('x' * 40)\n"
        "    modc.function([x], x + (n if n % 2 else 100 * int(sys.argv[1]) + n), name=f'f{n}')\n"
    )
    monkeypatch.setenv("MODC_RECORD", "trace")
    running = [subprocess.Popen([sys.executable, "-W", "error", "-c", code, str(n)]) for n in range(3)]
    assert [0, 0, 0] == [process.wait() for process in running]
    found = read("trace")
    assert 6 + 3 * 6 == len(found)
    assert len({one.key for one in found}) == len(found)


@pytest.mark.parametrize("path", ["missing/trace", ".", "/dev/full"])
def test_a_file_that_cannot_be_written_is_one_warning_and_no_error(path, nets, monkeypatch):
    monkeypatch.setenv("MODC_RECORD", path)
    with pytest.warns(modc.ModcWarning, match="MODC_RECORD=.* cannot be written: .*; nothing is recorded") as caught:
        assert 3.0 == nets.Acc().make(state=1).add(2)
    assert 1 == len(caught)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nets.Pair().make()


@pytest.fixture
def trace(home, python):
    python("import nets; nets.Pair().make()", MODC_RECORD="trace")
    return home / "trace"


@pytest.mark.parametrize(
    ("spoil", "number", "reason"),
    [
        (lambda text: text[:-1], 3, "the line is cut off"),
        (lambda text: text[:-30], 3, "the line is cut off"),
        (lambda text: "not json\n" + text, 1, "this is no recording of modc"),
        (lambda text: text.replace("\n", "\n\n", 1), 2, "this is no recording of modc"),
        (lambda text: text + '{"modc": 1}\n', 4, "this is no recording of modc"),
        (lambda text: text + "[1, 2]\n", 4, "this is no recording of modc"),
        (lambda text: text + "[" * 100000 + "\n", 4, "this is no recording of modc"),
        (lambda text: text.replace('"modc": 1', '"modc": 2', 1), 1, "format 2, this modc reads 1"),
        (lambda text: text.replace('"mode": "c"', '"mode": "rust"', 1), 1, "this is no recording of modc"),
        (lambda text: text.replace('"float64"', '"float32"', 1), 1, "mul of these operands is another node"),
        (lambda text: text.replace('"input_names": [', '"input_names": ["z", ', 1), 1, "more or fewer names"),
        (lambda text: text.replace('"sum"', '"prod"', 1), 2, "it is "),
    ],
)
def test_a_damaged_or_foreign_recording_is_refused_with_the_number_of_its_line(trace, spoil, number, reason):
    text = "".join(sorted(trace.read_text().splitlines(keepends=True), key=lambda line: json.loads(line)["name"]))
    trace.write_text(spoil(text))
    with pytest.raises(TraceError) as caught:
        read(str(trace))
    first, hint = str(caught.value).split("\n")
    assert first.startswith(f"{trace}, line {number}: ")
    assert reason in first
    assert hint.startswith("  hint: ")


def test_a_file_that_is_not_there_or_empty_is_refused(home):
    with pytest.raises(TraceError, match="nowhere cannot be read: No such file") as caught:
        read("nowhere")
    assert 2 == caught.value.exit_code
    (home / "empty").write_text("")
    with pytest.raises(TraceError, match="no kernel is recorded in it"):
        read("empty")
    (home / "binary").write_bytes(b"\x7fELF\x00\xff\n")
    with pytest.raises(TraceError, match="binary, line 1: this is no recording"):
        read("binary")


def test_a_recording_is_not_loaded_by_programs_that_record_nothing(python):
    code = USES + "; import sys; print([name for name in sys.modules if name.startswith(('modc.record', 'modc.ahead'))])"
    python(USES)
    assert "3.0\n[]\n" == python(code).stdout
    assert "['modc.recording']" in python(code, MODC_RECORD="trace").stdout
