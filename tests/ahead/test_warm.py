from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys

import pytest

import modc
from modc.build import miss, target
from modc.module.importable import importable
from modc.schedule import Unschedulable

HERE = target.cpu_level()


def told(report):
    return sorted((kernel.name, kernel.state) for kernel in report.kernels)


def test_the_kernels_of_targets_are_made_once_and_found_then(kernels, forget_all):
    report = modc.warm("nets:Pair", "nets.py:Acc")
    assert [("Acc.add", "made"), ("Pair.total", "made"), ("Pair.twice", "made")] == told(report)
    assert (0, True, 3) == (report.exit_code, report.ok, len(kernels()))
    (acc,) = [kernel for kernel in report.kernels if kernel.name == "Acc.add"]
    assert ["nets:Pair", "nets.py:Acc"] == acc.targets
    assert (HERE, "c", str(kernels()[0].parent.parent)) == (acc.level, acc.mode, report.out)
    forget_all()
    assert {"made": 0, "found": 3, "missing": 0, "failed": 0, "numpy": 0} == modc.warm("nets:Pair").counts


def test_a_program_finds_what_was_made(python):
    modc.warm("nets:Pair", mode="check")
    code = "import nets; pair = nets.Pair().make(mode='check'); print(pair.total([1, 2]), pair.acc.add.mode)"
    assert "3.0 check\n" == python(code, MODC_NO_COMPILE="1").stdout


def test_modules_and_instances_are_targets_themselves(nets, kernels):
    assert ["made"] == [kernel.state for kernel in modc.warm(nets.Acc()).kernels]
    assert ["found"] == [kernel.state for kernel in modc.warm(nets.Acc().make(state=1)).kernels]
    assert [("Acc.add", "found")] == told(modc.warm(nets.Acc))
    (problem,) = modc.warm(nets.raises, 7).problems[:1]
    assert ("raises", "raises() raised RuntimeError: no model file") == (problem.target, problem.reason.split("\n")[0])
    assert ["int is no Module, instance or factory, but int"] == [
        one.reason.split("\n")[0] for one in modc.warm(7).problems
    ]


def test_a_path_in_a_target_selects_a_method(kernels):
    assert [("Pair.total", "made")] == told(modc.warm("nets:Pair.total"))


def test_all_walks_the_installed_entry_points(install, kernels):
    report = modc.warm(all=True)
    assert (1, "--all") == (report.exit_code, report.problems[0].target)
    install("fleet", pid="nets:Acc", pair="nets:Pair")
    assert 3 == modc.warm(all=True).counts["made"]


def test_one_bad_target_does_not_hide_the_others(kernels):
    report = modc.warm("nets:raises", "nets:Nope", "nets:Acc", "nets:unstored", "nets:number")
    assert [("Acc.add", "made")] == told(report)
    assert ["nets:raises", "nets:Nope", "nets:unstored", "nets:number"] == [one.target for one in report.problems]
    assert ([1, 2, 1, 1], 2) == ([one.exit_code for one in report.problems], report.exit_code)
    assert "RuntimeError: no model file" in report.problems[0].reason
    assert "needs y" in report.problems[2].reason
    assert 1 == modc.warm("nets:raises", "nets:Acc").exit_code


def test_a_method_without_a_kernel_is_no_failure(kernels, monkeypatch):
    def refuse(program):
        raise Unschedulable(f"{program.name}: nobody can plan this")

    with monkeypatch.context() as patched:
        patched.setattr("modc.compiler.schedule", refuse)
        for options in ({}, {"check": True}, {"dry_run": True}):
            report = modc.warm("nets:Acc", **options)
            assert ([("Acc.add", "numpy")], 0) == (told(report), report.exit_code)
            assert "nobody can plan this" in report.kernels[0].reason
    assert [("Acc.add", "numpy")] == told(modc.warm("nets:Acc", mode="numpy"))
    assert [] == kernels()


def test_a_method_of_several_kernels_gets_all_of_them(kernels):
    assert [("Sized.count", "made"), ("Sized.count", "made")] == told(modc.warm("nets:Sized"))
    assert 2 == len(kernels())
    assert modc.warm("nets:Sized", check=True).ok


@pytest.mark.parametrize("options", [{"check": True}, {"dry_run": True}])
def test_looking_compiles_nothing_and_makes_no_directory(options, home, monkeypatch, kernels, forget_all):
    modc.warm("nets:Acc")
    forget_all()
    monkeypatch.setattr(miss, "make", lambda *_: pytest.fail("a kernel is compiled"))
    report = modc.warm("nets:Pair", **options)
    assert [("Acc.add", "found"), ("Pair.total", "missing"), ("Pair.twice", "missing")] == told(report)
    assert (1 if "check" in options else 0) == report.exit_code
    assert 0 == modc.warm("nets:Acc", **options).exit_code
    report = modc.warm("nets:Acc", out="out", **options)
    assert [("Acc.add", "missing")] == told(report)
    assert not (home / "out").exists()


def test_checking_looks_where_a_program_would(home, kernels, monkeypatch, forget_all):
    modc.warm("nets:Acc", out="layer")
    assert 1 == modc.warm("nets:Acc", check=True).exit_code
    monkeypatch.setenv("MODC_CACHE_PATH", str(home / "layer"))
    forget_all()
    report = modc.warm("nets:Acc", check=True)
    assert (0, [str(kernels("layer")[0])]) == (report.exit_code, [kernel.path for kernel in report.kernels])


@pytest.mark.skipif(not HERE.startswith("x86-64"), reason="levels of x86-64")
def test_several_levels_go_into_one_directory_that_serves_every_cpu(kernels, monkeypatch, forget_all, nets):
    report = modc.warm("nets:Acc", target=["v2", "x86-64-v4", "v2"], out="out")
    assert ["x86-64-v2", "x86-64-v4"] == [kernel.level for kernel in report.kernels]
    assert 2 == len(kernels("out"))
    monkeypatch.setenv("MODC_CACHE_PATH", "out")
    monkeypatch.setenv("MODC_NO_COMPILE", "1")
    for cpu, level in (("x86-64-v2", "x86-64-v2"), ("x86-64-v3", "x86-64-v2")):
        monkeypatch.setattr(target, "cpu_level", lambda cpu=cpu: cpu)
        forget_all()
        acc = nets.Acc().make(state=1)
        assert (3.0, level) == (acc.add(2), acc.add._executable.library.note["build"]["level"])
    monkeypatch.setattr(target, "cpu_level", lambda: "x86-64-v1")
    forget_all()
    with pytest.raises(modc.MissingKernel):
        nets.Acc().make()


@pytest.mark.skipif(not HERE.startswith("x86-64"), reason="levels of x86-64")
def test_an_own_cache_that_moves_to_a_weaker_cpu_is_compiled_again(kernels, monkeypatch, forget_all, nets):
    modc.warm("nets:Acc", target="v4")
    monkeypatch.setattr(target, "cpu_level", lambda: "x86-64-v1")
    forget_all()
    acc = nets.Acc().make(state=1)
    assert (3.0, False) == (acc.add(2), acc.add.cache_hit)
    assert "x86-64-v1" == acc.add._executable.library.note["build"]["level"]
    assert 2 == len(kernels())


def test_several_processes_may_warm_one_directory(home, kernels):
    command = [sys.executable, "-m", "modc", "warm", "nets:Pair", "--out", "out", "--json"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(3)]
    counts = [json.loads(process.communicate()[0])["counts"] for process in running]
    assert {3} == {count["made"] + count["found"] for count in counts}
    assert 3 <= sum(count["made"] for count in counts)  # a lost race for a lock costs the same work twice
    assert 3 == len(kernels("out"))
    assert sorted({path.parent for path in kernels("out")}) == sorted((home / "out").iterdir())


def test_progress_is_called_for_every_kernel(kernels):
    seen = []
    modc.warm("nets:Pair", progress=lambda kernel, done, total: seen.append((kernel.state, done, total)))
    assert [("made", 1, 3), ("made", 2, 3), ("made", 3, 3)] == seen


def test_wrong_arguments_are_refused_at_once(home, kernels):
    for options in ({"mode": "fast"}, {"target": "vax"}, {"target": ["v2", "vax"]}):
        with pytest.raises(modc.ModeError):
            modc.warm("nets:Acc", out="out", **options)
    (home / "file").write_text("")
    with pytest.raises(modc.CacheError):
        modc.warm("nets:Acc", out="file")
    assert not (home / "out").exists()
    assert [] == kernels()


def test_a_missing_compiler_is_a_problem_and_leaves_no_directory(home, monkeypatch, kernels):
    monkeypatch.setenv("CC", "/nowhere/cc")
    report = modc.warm("nets:Acc", out="out")
    assert (4, HERE) == (report.exit_code, report.problems[0].target)
    assert "CC='/nowhere/cc'" in report.problems[0].reason
    assert not (home / "out").exists()
    monkeypatch.delenv("CC")
    monkeypatch.setattr("modc.build.toolchain.find_zig", lambda: None)
    report = modc.warm("nets:Acc", target=["native", "aarch64-macos"])
    assert (4, "aarch64-macos") == (report.exit_code, report.problems[0].target)
    assert ["made", "missing"] == [kernel.state for kernel in report.kernels]
    monkeypatch.setenv("MODC_NO_COMPILE", "1")
    assert 1 == modc.warm("nets:Pair").exit_code


def test_a_kernel_that_the_compiler_refuses_is_a_failure_with_its_reason(home, monkeypatch, kernels):
    monkeypatch.setenv("MODC_CFLAGS", "-DMODC_OK=1;#error")
    script = home / "cc"
    script.write_text('#!/bin/sh\ncase "$*" in *-shared*) echo no room >&2; exit 9;; esac\nexec gcc "$@"\n')
    script.chmod(0o755)
    monkeypatch.setenv("CC", str(script))
    monkeypatch.delenv("MODC_CFLAGS")
    report = modc.warm("nets:Acc")
    assert (1, [("Acc.add", "failed")]) == (report.exit_code, told(report))
    assert "no room" in report.kernels[0].reason


# -- recordings


def test_a_recording_is_warmed_exactly(home, python, kernels):
    code = "import nets; nets.Acc(3.5).make(); nets.Checked().make()"
    python(code, MODC_RECORD="trace", MODC_CACHE_DIR=str(home / "elsewhere"))
    report = modc.warm(from_trace="trace")
    assert [("Acc.add", "made"), ("Checked.total", "made"), ("Checked.total", "made")] == told(report)
    assert {"trace:1", "trace:2"} == {text for kernel in report.kernels for text in kernel.targets}
    assert ("", 0) == ((run := python(code, MODC_NO_COMPILE="1")).stderr, run.returncode)
    (home / "trace").write_text("{}\n")
    with pytest.raises(modc.ModcError, match="trace, line 1: "):
        modc.warm("nets:Pair", from_trace="trace")
    assert 3 == len(kernels())


@pytest.mark.parametrize("mode", ["c", "check"])
def test_a_method_of_several_kernels_is_warmed_and_recorded_whole(mode, home, python, kernels):
    code = f"import nets; m = nets.Masked().make(mode='{mode}'); print(m.pick([1, -2, 3]), m.pick.mode)"
    said = f"[2. 6.] {mode}\n"
    report = modc.warm("nets:Masked", mode=mode)
    assert (True, len(kernels())) == (report.ok, len(report.kernels))
    assert 2 <= len(kernels())
    run = python(code, MODC_NO_COMPILE="1", MODC_RECORD="trace")
    assert (said, "") == (run.stdout, run.stderr)
    assert ["found"] * len(kernels()) == [kernel.state for kernel in modc.warm(from_trace="trace").kernels]
    assert 0 == modc.warm(from_trace="trace", out="out").exit_code
    run = python(code, MODC_NO_COMPILE="1", MODC_CACHE_PATH="out", MODC_CACHE_DIR=str(home / "empty"))
    assert (said, "") == (run.stdout, run.stderr)


# -- MODC_NO_COMPILE


def commands(text):
    return [line.strip() for line in text.splitlines() if line.startswith("    ") and "MODC_" in line]


def shell(command, home):
    """A line of the message, as a person copies it; `modc` is that of this interpreter."""
    line = command.replace(" modc warm", f" {shlex.quote(sys.executable)} -m modc warm")
    return subprocess.run(["sh", "-c", line], cwd=home, capture_output=True, text=True, check=False)


SCRIPT = """
import modc.tensor as T
from modc import Method, Module, function

class Local(Module):
    def __init__(self):
        self.x = T.dvector("x")
        self.total = Method(self.x, self.x.sum())

if __name__ == "__main__":
    print({what})
"""


@pytest.mark.parametrize(
    ("what", "named"),
    [
        ("__import__('nets').Acc().make(state=1).add(2)", "nets:Acc --target"),
        ("Local().make().total([1, 2])", "script.py:Local --target"),
        ("Local().make(mode='check').total([1, 2])", "--mode check"),
        ("__import__('nets').Acc(2.0).make(state=1).add(2)", "nets:Acc --target"),
        ("function([(x := T.dscalar())], x + 1)(2)", ""),
    ],
)
@pytest.mark.parametrize("which", ["target", "trace"])
def test_the_commands_in_the_message_make_what_is_missing(what, named, which, home, python):
    (home / "script.py").write_text(SCRIPT.format(what=what))
    script = ["script.py"]
    run = python(script, MODC_NO_COMPILE="1")
    assert "MissingKernel: " in run.stderr
    assert "MODC_NO_COMPILE=1 forbids compiling it" in run.stderr
    found = commands(run.stderr)
    assert bool(named) == (len(found) == 3)
    assert named in run.stderr
    if which == "target" and (not named or "2.0" in what):  # another Acc than the class makes by itself
        return
    for command in found[:1] if which == "target" else found[-2:]:
        done = shell(command, home)
        assert 0 == done.returncode, done.stderr
    again = python(script, MODC_NO_COMPILE="1")
    assert ("3.0\n" if "2.0" not in what else "5.0\n", "") == (again.stdout, again.stderr)


def test_a_program_that_is_run_by_its_module_name_is_named_so(home, python):
    (home / "fleet").mkdir()
    (home / "fleet" / "__init__.py").write_text("")
    (home / "fleet" / "run.py").write_text(SCRIPT.format(what="Local().make()"))
    assert " modc warm fleet.run:Local " in python(["-m", "fleet.run"], MODC_NO_COMPILE="1").stderr


def test_a_module_beside_a_script_elsewhere_is_named_by_its_file(home, python):
    (home / "far" / "fleet").mkdir(parents=True)
    for name in ("far/nets.py", "far/fleet/__init__.py"):
        (home / name).write_text((home / "nets.py").read_text())
    (home / "far" / "script.py").write_text("import sys; __import__(sys.argv[1]).Acc().make()\n")
    assert " modc warm far/nets.py:Acc --target" in python(["far/script.py", "nets"], MODC_NO_COMPILE="1").stderr
    assert " fleet:Acc" not in (text := python(["far/script.py", "fleet"], MODC_NO_COMPILE="1").stderr)
    assert " modc warm --from-trace" in text


def test_an_own_cache_that_cannot_be_written_gets_a_recipe_with_out(home, python):
    (home / "file").write_text("")
    script = ["-W", "ignore", "-c", "import nets; nets.Acc().make()"]
    run = python(script, MODC_NO_COMPILE="1", MODC_CACHE_DIR=str(home / "file"))
    assert "modc warm --out kernels nets:Acc" in run.stderr
    assert "MODC_CACHE_PATH=kernels" in run.stderr


def test_settings_that_change_kernels_are_in_the_command(python):
    code = "import nets; nets.Acc().make()"
    assert "MODC_FLOATX=float32 MODC_CACHE_DIR=" in python(code, MODC_NO_COMPILE="1", MODC_FLOATX="float32").stderr
    text = python(code, MODC_NO_COMPILE="1", MODC_CFLAGS="-march=native").stderr
    assert re.search("nets:Acc$", text, re.MULTILINE)


def test_what_has_no_name_gets_none(nets):
    class Inner(modc.Module):
        pass

    assert ["nets:Acc", "", "", "", ""] == [
        importable(root) for root in (nets.Acc(), Inner(), modc.Module(), nets.Needy(3), modc.Method())
    ]


def test_the_error_survives_being_sent_to_another_process(nets, monkeypatch):
    import pickle

    monkeypatch.setenv("MODC_NO_COMPILE", "1")
    with pytest.raises(modc.MissingKernel) as caught:
        nets.Acc().make()
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(caught.value), caught.value.facts) == (str(again), again.facts)
