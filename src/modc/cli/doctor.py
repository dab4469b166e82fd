"""`modc doctor`: what modc found on this machine, what is wrong, and what to do about it.

Input: the environment. Output: a report for people (rich) or for programs (`--json`).
Neighbours: build (compilers, cache, trial), runtime (the call path).
"""

from __future__ import annotations

import json
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import click

import modc
from modc import config
from modc.build import admin, cache, compiler, target, toolchain, trial
from modc.errors import CompileError, ModcError


@click.command(
    epilog="Exit codes: 0 kernels can be compiled and kept, 1 a problem was found, 2 usage."
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def doctor(as_json: bool) -> None:
    """Examine compiler, cache and call path, with a real test compilation."""
    report = examine()
    if as_json:
        click.echo(json.dumps(report, indent=2, sort_keys=True))
    else:
        _show(report)
    sys.exit(1 if report["problems"] else 0)


def examine() -> dict[str, Any]:
    """Everything that doctor reports, JSON-able. Never raises for what it examines."""
    problems: list[dict[str, str]] = []
    report: dict[str, Any] = {
        "versions": _versions(),
        "call_path": _call_path(problems),
        "cpu": _cpu(problems),
        "blas": _blas(problems),
        "compilers": _compilers(problems),
        "trial": _trial(problems),
        "cache": _cache(problems),
        "settings": _settings(problems),
        "problems": problems,
    }
    return report


def _problem(problems: list[dict[str, str]], what: str, remedy: str) -> None:
    problems.append({"what": what, "remedy": remedy})


def _versions() -> dict[str, str]:
    found = {
        "modc": str(getattr(modc, "__version__", "unknown")),
        "python": platform.python_version(),
        "platform": platform.platform(),
    }
    for package in ("numpy", "cffi"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed as a package"
    return found


def _call_path(problems: list[dict[str, str]]) -> dict[str, str]:
    meaning = {
        "c": "C extension modc._call",
        "cffi": "pure Python over cffi",
        "numpy": "NumPy interpreter, no kernels",
    }
    try:
        from modc import runtime
    except ImportError as error:
        _problem(problems, f"MODC_RUNTIME: {error}", "unset MODC_RUNTIME, or install modc again")
        return {"kind": "none", "meaning": str(error)}
    return {"kind": runtime.KIND, "meaning": meaning[runtime.KIND]}


def _cpu(problems: list[dict[str, str]]) -> dict[str, Any]:
    level = target.cpu_level()
    try:
        used = target.target_level()
    except ModcError as error:
        _problem(problems, str(error), "unset MODC_TARGET")
        used = level
    return {"level": level, "target": used, "processors": os.cpu_count()}


def _blas(problems: list[dict[str, str]]) -> dict[str, Any]:
    """The library for large matrices; none is no problem, one that was named and cannot be used is."""
    from modc.runtime import blas

    try:
        found = blas.find()
    except ModcError as error:
        text, _, hint = str(error).partition("\n  hint: ")
        _problem(problems, text, hint)
        return {"path": "", "origin": text, "integers": 0, "missing": []}
    return {"path": found.path, "origin": found.origin, "integers": found.bits, "missing": found.missing}


def _compilers(problems: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Each compiler that is looked for, whether it is used, and if not, why."""
    try:
        chosen = toolchain.find_command()
    except CompileError as error:
        chosen = None
        text, _, hint = str(error).partition("\n  hint: ")
        _problem(problems, text, hint or "correct CC")
    rows: list[dict[str, Any]] = []
    explicit = config.get("CC").strip()
    used = False
    if explicit:
        used = chosen is not None
        rows.append(_row(f"CC={explicit}", chosen.argv if chosen else None, "cannot be started"))
    for name in (*toolchain.NAMES, "ziglang"):
        argv = _argv(name)
        reason = (
            "is not on PATH" if name != "ziglang" else "is not installed (pip install modc[zig])"
        )
        if argv is not None and (used or explicit):
            reason = (
                "is not used: CC is set"
                if explicit
                else f"is not used: {rows[0]['name']} comes first"
            )
            rows.append({"name": name, "command": argv, "used": False, "reason": reason})
            continue
        rows.append(_row(name, argv, reason))
        used = used or argv is not None
    for row in rows:
        row["version"] = _version_of(row["command"]) if row["command"] else ""
    return rows


def _row(name: str, argv: list[str] | None, reason: str) -> dict[str, Any]:
    if argv is None:
        return {"name": name, "command": None, "used": False, "reason": reason}
    return {"name": name, "command": argv, "used": True, "reason": ""}


def _argv(name: str) -> list[str] | None:
    if name == "ziglang":
        return [sys.executable, "-m", "ziglang", "cc"] if toolchain.find_zig() else None
    path = toolchain.which(name)
    return [path] if path else None


def _version_of(argv: list[str]) -> str:
    """First line of what a compiler says about itself, or what went wrong."""
    try:
        with compiler.Workplace() as place, config.using(MODC_CC_TIMEOUT=20):
            run = place.run([*argv, "--version"], everything=True)
            said = run.said(300, start=True).split("\n")[0]
    except CompileError as error:
        return str(error).split("\n")[0]
    return said if run.status == 0 else f"{run.outcome()} {said}".strip()


def _trial(problems: list[dict[str, str]]) -> dict[str, Any]:
    result = trial.try_compiler()
    if result.problem:
        remedy = (
            "install gcc or clang, or `pip install modc[zig]`; or set CC to a compiler that works"
        )
        _problem(problems, f"the test compilation failed: {result.problem}", remedy)
    return {
        "worked": not result.problem,
        "seconds": round(result.seconds, 3),
        "importable": result.importable,
        "command": result.command,
        "problem": result.problem,
    }


def _cache(problems: list[dict[str, str]]) -> dict[str, Any]:
    own = cache.own()
    reason = own.problem or own.readonly
    if reason:
        remedy = f"chmod go-w {own.path}, or set MODC_CACHE_DIR to a directory of your own"
        _problem(problems, f"the cache {own.path} cannot keep kernels: {reason}", remedy)
    layers = cache.layers()
    for layer in layers:
        if layer.problem:
            remedy = "correct MODC_CACHE_PATH, or the owner and mode of the directory"
            _problem(problems, f"{layer.path} in MODC_CACHE_PATH: {layer.problem}", remedy)
    return {
        "path": own.path,
        "problem": reason,
        **_contents(own),
        "layers": [
            {"path": layer.path, "problem": layer.problem, **_contents(layer)} for layer in layers
        ],
    }


def _contents(directory: cache.Directory) -> dict[str, int]:
    items = [] if directory.problem else admin.scan(directory)
    return {"entries": len(items), "bytes": sum(item.bytes for item in items)}


def _settings(problems: list[dict[str, str]]) -> dict[str, str]:
    """The settings that differ from their defaults."""
    found = {}
    for name, row in config.TABLE.items():
        try:
            value = config.get(name)
        except ModcError as error:
            _problem(problems, str(error), f"unset {name}")
            continue
        if value != row.default:
            found[name] = value
    if config.flag("MODC_NO_COMPILE"):
        found["MODC_NO_COMPILE"] = "1 (kernels that no cache has cannot be made)"
    return found


def _show(report: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False, soft_wrap=True)
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for name, text in _lines(report):
        table.add_row(f"[bold]{escape(name)}[/bold]", escape(text))
    console.print(table)
    console.print()
    if not report["problems"]:
        console.print("[green]All is well.[/green]")
    for problem in report["problems"]:
        console.print(f"[red]problem:[/red] {escape(problem['what'])}")
        console.print(f"  remedy: {escape(problem['remedy'])}")


def _lines(report: dict[str, Any]) -> list[tuple[str, str]]:
    """The report as rows of two texts."""
    lines = [(name, str(text)) for name, text in report["versions"].items()]
    path = report["call_path"]
    lines.append(("call path", f"{path['kind']}: {path['meaning']}"))
    cpu = report["cpu"]
    lines.append(("CPU level", f"{cpu['level']}, compiled for {cpu['target']}"))
    library = report["blas"]
    if library["path"]:
        lacking = f", without {', '.join(library['missing'])}" if library["missing"] else ""
        lines.append(("BLAS, LAPACK", f"{library['origin']}: {library['path']}, integers of {library['integers']} bits{lacking}"))
    else:
        lines.append(("BLAS, LAPACK", f"modc's own code alone: {library['origin']}"))
    for row in report["compilers"]:
        state = "used" if row["used"] else row["reason"]
        lines.append(
            ("compiler", f"{row['name']}: {state} {row['version'] and '- ' + row['version']}")
        )
    tested = report["trial"]
    if tested["worked"]:
        kind = "importable by anybody with cffi" if tested["importable"] else "plain shared objects"
        lines.append(
            ("test kernel", f"compiled and called in {tested['seconds']} s; kernels are {kind}")
        )
    else:
        lines.append(("test kernel", "failed, see below"))
    kept = report["cache"]
    for place in [kept, *kept["layers"]]:
        size = f"{place['entries']} kernels, {place['bytes'] / 2**20:.1f} MiB"
        lines.append(("cache", f"{place['path']}: {place['problem'] or size}"))
    lines += [("setting", f"{name}={value}") for name, value in report["settings"].items()]
    return lines
