"""`modc cache ...`: where the compiled kernels lie, what is there, their care and their transport.

Input: the command line. Output: tables or JSON. Neighbours: `modc.cache` does the work.
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import redirect_stdout
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from modc import cache as kernels
from modc import config
from modc.build.cross import platform
from modc.build.library import shown
from modc.errors import ModeError

if TYPE_CHECKING:
    from modc.ahead.explain import Explanation

_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
_CODES = "Exit codes: 0 done, 1 a problem was found, 2 usage."


@click.group(epilog=_CODES)
def cache() -> None:
    """Compiled kernels on disk: what is there, its care, its transport, and why one is missing."""


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, indent=2, sort_keys=True))


@cache.command(epilog=_CODES)
@_JSON
def path(as_json: bool) -> None:
    """Print the directory that kernels are kept in (and the read-only ones in front)."""
    found = kernels.path()
    if as_json:
        _print_json(asdict(found))
    else:
        for layer in found.layers:
            click.echo(f"{layer.path} (read-only)")
        click.echo(found.path)
    places = [(layer.path, layer.problem) for layer in found.layers]
    for where, problem in [*places, (found.path, found.problem)]:
        if problem:
            click.echo(f"problem: {where}: {problem}", err=True)
    if found.problem:
        sys.exit(1)


@cache.command("list", epilog=_CODES)
@_JSON
def list_(as_json: bool) -> None:
    """List the kernels: Method, key, CPU level, size, when last used, how long it took to compile."""
    found = kernels.list()
    if as_json:
        _print_json([asdict(kernel) for kernel in found])
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, header_style="bold")
    for title in ("Method", "key", "level", "KiB", "compiled in", "last used"):
        table.add_column(title)
    for kernel in [kernel for kernel in found if kernel.problem is None]:
        used = time.strftime("%Y-%m-%d %H:%M", time.localtime(kernel.used))
        seconds = f"{kernel.seconds * 1e3:.0f} ms" if kernel.seconds is not None else "-"
        size = f"{kernel.bytes / 1024:.1f}"
        table.add_row(escape(kernel.name), kernel.key[:12], kernel.level, size, seconds, used)
    Console(highlight=False).print(table)
    for kernel in found:
        if kernel.problem is not None:
            click.echo(f"damaged: {kernel.problem}: {kernel.path}")


@cache.command(epilog=_CODES)
@_JSON
def stats(as_json: bool) -> None:
    """Count kernels and bytes, per directory and per toolchain."""
    found = kernels.stats()
    if as_json:
        _print_json([asdict(facts) for facts in found])
        return
    limit = config.size("MODC_CACHE_SIZE") / 2**20
    for facts in found:
        click.echo(f"{facts.path}")
        click.echo(f"  kernels     {facts.entries}")
        click.echo(f"  size        {facts.bytes / 2**20:.2f} MiB of {limit:.0f} MiB")
        click.echo(f"  toolchains  {len(facts.toolchains)}")


@cache.command(epilog=_CODES)
@click.option("--fix", is_flag=True, help="Set damaged entries apart; they are compiled again.")
@_JSON
def verify(fix: bool, as_json: bool) -> None:
    """Check owner, mode, length and checksum of every entry."""
    found = kernels.verify(fix)
    if as_json:
        _print_json(asdict(found))
    else:
        for item in found.damaged:
            click.echo(f"{item.path}: {item.problem}")
        apart = " and set apart" if fix and found.damaged else ""
        click.echo(f"{found.entries} kernels, {len(found.damaged)} damaged{apart}")
    sys.exit(1 if found.damaged else 0)


@cache.command(epilog=_CODES)
@click.option("--size", "size", default=None, help="Largest size, such as 500M; MODC_CACHE_SIZE.")
@_JSON
def prune(size: str | None, as_json: bool) -> None:
    """Remove the kernels that were not used for longest, until the rest fits the size."""
    removed = kernels.prune(size)
    if as_json:
        _print_json({"removed": removed})
    else:
        click.echo(f"{len(removed)} kernels removed")


@cache.command(epilog=_CODES)
@_JSON
def clear(as_json: bool) -> None:
    """Remove everything that modc has put into its cache. Running programs are not disturbed."""
    where, count = kernels.path().path, kernels.clear()
    if as_json:
        _print_json({"path": where, "removed": count})
    else:
        click.echo(f"{count} kernels removed from {where}")


def _levels(ctx: click.Context, param: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:
    """The levels that the names stand for; an unknown one is a wrong command line."""
    try:
        return tuple(platform(name).level for name in names)
    except ModeError as error:
        raise click.BadParameter(str(error)) from None


@cache.command(epilog=_CODES)
@click.argument("file", type=click.Path())
@click.option(
    "--from", "sources", multiple=True, metavar="DIR", help="Cache directory; MODC_CACHE_DIR."
)
@click.option(
    "--only", multiple=True, metavar="NAME", help="Methods of this name; * and ? are patterns."
)
@click.option(
    "--level",
    "levels",
    multiple=True,
    callback=_levels,
    metavar="LEVEL",
    help="Kernels for this CPU level.",
)
@_JSON
def pack(
    file: str,
    sources: tuple[str, ...],
    only: tuple[str, ...],
    levels: tuple[str, ...],
    as_json: bool,
) -> None:
    """Write kernels and a manifest into one FILE, to be unpacked on another machine.

    The same kernels give the same bytes. A FILE that ends in .gz or .tgz is compressed. --from,
    --only and --level can be given more than once.
    """
    done = kernels.pack(file, sources, only, levels)
    if as_json:
        _print_json(asdict(done))
    else:
        click.echo(f"{len(done.kernels)} kernels, {done.bytes / 1024:.1f} KiB: {done.path}")


@cache.command(epilog=_CODES)
@click.argument("file", type=click.Path())
@click.option("--out", default=None, metavar="DIR", help="Directory for everybody; MODC_CACHE_DIR.")
@_JSON
def unpack(file: str, out: str | None, as_json: bool) -> None:
    """Put the kernels of a FILE that `pack` wrote into the cache, or into a directory for a layer.

    All of it is verified before the first kernel appears, and nothing in it is run. Kernels that are
    there already stay as they are.
    """
    done = kernels.unpack(file, out)
    if as_json:
        _print_json(asdict(done))
    else:
        click.echo(f"{len(done.new)} kernels new, {len(done.kept)} there already: {done.path}")


_MISSES = (
    "Exit codes: 0 every kernel is there, 1 one is missing or the target does not work, 2 usage, "
    "or no such target."
)


@cache.command(epilog=_MISSES)
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@click.option(
    "--mode",
    type=click.Choice(("c", "numpy", "check")),
    help="Mode of Methods that have none; MODC_MODE.",
)
@_JSON
def explain(targets: tuple[str, ...], mode: str | None, as_json: bool) -> None:
    """Say for each Method whether a program would find its kernel, and if not, why.

    TARGET is FILE.py:Module, package.module:factory or an entry point, with the names of submodules
    and a Method behind it if only these are asked for. Each part of the key that differs from the
    nearest kernel is a line, with what to do about it. Nothing is compiled.
    """
    with redirect_stdout(sys.stderr):  # what a factory prints
        found = kernels.explain(targets, mode)
    if as_json:
        _print_json([asdict(one) for one in found])
    else:
        for one in found:
            _print_explanation(one)
    if not found:
        click.echo(f"Error: {', '.join(targets)}: there are no Methods", err=True)
    sys.exit(1 if not found or any(one.state == "miss" for one in found) else 0)


def _print_explanation(one: Explanation) -> None:
    where = {"hit": one.path, "miss": f"nearest is {one.nearest}" if one.nearest else ""}
    click.echo(f"{one.state:4}  {shown(one.name)}  {where.get(one.state) or ''}".rstrip())
    for reason in one.reasons:
        wanted, found = shown(reason.wanted, 400), shown(reason.found, 400)
        click.echo(f"      {reason.part}: wanted {wanted}; found {found}")
        for line in reason.lines:
            click.echo(f"        {shown(line)}")
        click.echo(f"        -> {reason.remedy}")
