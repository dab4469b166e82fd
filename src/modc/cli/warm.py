"""`modc warm`: make kernels before a program asks for them.

Input: the command line. Output: a progress bar on a terminal, else a line for each kernel; or JSON.
Neighbours: `modc.ahead.warm` does the work.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import click

from modc import config
from modc.ahead.report import Kernel, Report
from modc.ahead.warm import warm as make_kernels
from modc.build.cross import platform
from modc.build.library import shown
from modc.errors import ModeError
from modc.pipeline import MODES

_EPILOG = """\b
TARGET is one of
  package.module:factory   a Module class, an instance, or a function that returns one
  FILE.py:Class            the same in a file
  NAME                     an installed entry point of the group modc.modules

\b
Exit codes:
  0  everything that was asked for is there now
  1  a factory raised, a kernel could not be made, or --check found one missing
  2  the command line is wrong, or a target names nothing that exists
  4  a tool is missing: the C compiler, or ziglang for another system
"""


def _known(ctx: click.Context, param: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse an unknown --target before anything is done."""
    for name in names:
        try:
            platform(name)
        except ModeError as error:
            raise click.BadParameter(str(error)) from None
    return names


@click.command(epilog=_EPILOG)
@click.argument("targets", nargs=-1, metavar="TARGET...")
@click.option("--all", "everything", is_flag=True, help="Also every installed entry point.")
@click.option("--mode", type=click.Choice(MODES), help="Mode of Methods that have none; MODC_MODE.")
@click.option("--jobs", type=click.IntRange(min=1), help="Compilers side by side.  [default: processors]")
@click.option(
    "--target", "levels", multiple=True, callback=_known, metavar="NAME",
    help="native, v1 to v4, aarch64, riscv64, aarch64-macos, x86_64-windows, ...; may be repeated.",
)  # fmt: skip
@click.option("--out", type=click.Path(), help="Write to this directory, for MODC_CACHE_PATH.")
@click.option("--check", is_flag=True, help="Compile nothing; exit 1 and list what is missing.")
@click.option("--dry-run", is_flag=True, help="Compile nothing; list what would be made.")
@click.option("--from-trace", type=click.Path(), help="Also the kernels in a file of MODC_RECORD.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def warm(
    targets: tuple[str, ...],
    everything: bool,
    mode: str | None,
    jobs: int | None,
    levels: tuple[str, ...],
    out: str | None,
    check: bool,
    dry_run: bool,
    from_trace: str | None,
    as_json: bool,
) -> None:
    """Compile kernels ahead of time, so that the programs that use them need no compiler."""
    if not (targets or everything or from_trace):
        raise click.UsageError("name a TARGET, or use --all or --from-trace")
    idle = check or dry_run
    # Nobody else uses what is imported here: it need not compile anything for itself.
    with _quiet(as_json), _progress(idle or as_json) as tell, config.using(MODC_RUNTIME="numpy"):
        report = make_kernels(
            *targets, all=everything, mode=mode, jobs=jobs, target=levels or None, out=out,
            check=check, dry_run=dry_run, from_trace=from_trace, progress=tell,
        )  # fmt: skip
    if as_json:
        click.echo(json.dumps(report.as_dict(), indent=2))
    else:
        _print(report, idle)
    sys.exit(report.exit_code)


@contextlib.contextmanager
def _quiet(as_json: bool) -> Iterator[None]:
    """What a factory prints must not come between the lines of the JSON text."""
    if not as_json:
        yield
        return
    with contextlib.redirect_stdout(sys.stderr):
        yield


@contextlib.contextmanager
def _progress(silent: bool) -> Iterator[Callable[[Kernel, int, int], None] | None]:
    """What is called with each kernel that is ready: a bar on a terminal, else lines."""
    if silent:
        yield None
    elif not sys.stdout.isatty():
        yield _line
    else:
        with _bar() as tell:
            yield tell


def _line(kernel: Kernel, done: int, total: int) -> None:
    took = f"  {kernel.seconds:.2f} s" if kernel.state == "made" else ""
    click.echo(f"{done}/{total} {kernel.state:6} {shown(kernel.name)}  {kernel.level}{took}")


@contextlib.contextmanager
def _bar() -> Iterator[Callable[[Kernel, int, int], None]]:
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns: list[Any] = [BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()]
    with Progress(*columns, TextColumn("{task.description}"), transient=True) as bar:
        task = bar.add_task("looking for kernels", total=None)

        def tell(kernel: Kernel, done: int, total: int) -> None:
            bar.update(
                task, total=total, completed=done, description=f"{escape(shown(kernel.name))}  {kernel.level}"
            )

        yield tell


def _print(report: Report, idle: bool) -> None:
    """Counts on standard output; what went wrong, with the remedy, on standard error."""
    if idle:
        for kernel in report.kernels:
            click.echo(f"{kernel.state:7} {shown(kernel.name)}  {kernel.level}  {kernel.key[:12]}".rstrip())
    counts = report.counts
    if not counts["numpy"]:
        del counts["numpy"]
    told = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
    click.echo(f"{told or 'no kernels'} in {report.out}")
    for kernel in report.kernels:
        if kernel.state == "numpy" and kernel.reason:
            click.echo(f"{shown(kernel.name)}: {kernel.reason}", err=True)
        if kernel.state == "failed":
            click.echo(f"Error: {kernel.reason}", err=True)
    for problem in report.problems:
        click.echo(f"Error: {problem.reason}", err=True)
    count = len(report.missing)
    if report.checked and count:
        named = dict.fromkeys(text for kernel in report.missing for text in kernel.targets)
        click.echo(
            f"Error: {count} kernel{'s are' if count > 1 else ' is'} missing\n"
            f"  hint: the same command without --check makes them: {', '.join(named)}",
            err=True,
        )
