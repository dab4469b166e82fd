"""`modc cache ...`: where the compiled kernels lie, what is there, and its care.

Input: the cache of MODC_CACHE_DIR (and, to look at, MODC_CACHE_PATH). Output: tables or JSON.
Neighbours: build.admin does the work.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import click

from modc import config
from modc.build import admin, entry
from modc.build import cache as places
from modc.build.entry import Damaged
from modc.errors import CacheError

_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
_CODES = "Exit codes: 0 done, 1 a problem was found, 2 usage."


@click.group(epilog=_CODES)
def cache() -> None:
    """Compiled kernels on disk: path, list, stats, verify, prune, clear."""


def _own() -> places.Directory:
    """The cache directory. Raises CacheError when it cannot be used."""
    directory = places.own()
    if directory.problem:
        raise CacheError(
            f"the cache {directory.path} cannot be used: {directory.problem}\n"
            f"  hint: set MODC_CACHE_DIR to a directory of your own"
        )
    return directory


def _writable() -> places.Directory:
    directory = _own()
    if directory.readonly:
        raise CacheError(f"the cache {directory.path} cannot be changed: {directory.readonly}")
    return directory


def _all() -> list[places.Directory]:
    return [layer for layer in places.layers() if not layer.problem] + [_own()]


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, indent=2, sort_keys=True))


@cache.command(epilog=_CODES)
@_JSON
def path(as_json: bool) -> None:
    """Print the directory that kernels are kept in (and the read-only ones in front)."""
    own, layers = places.own(), places.layers()
    if as_json:
        found = [{"path": layer.path, "problem": layer.problem} for layer in layers]
        _print_json({"path": own.path, "problem": own.problem or own.readonly, "layers": found})
    else:
        for layer in layers:
            click.echo(f"{layer.path} (read-only)")
        click.echo(own.path)
    if own.problem:
        click.echo(f"problem: {own.problem}", err=True)
        sys.exit(1)


@cache.command("list", epilog=_CODES)
@_JSON
def list_(as_json: bool) -> None:
    """List the kernels: Method, key, size, when last used, how long it took to compile."""
    rows = [_row(item) for directory in _all() for item in admin.scan(directory)]
    if as_json:
        _print_json(rows)
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, header_style="bold")
    for title in ("Method", "key", "KiB", "compiled in", "last used"):
        table.add_column(title)
    for row in rows:
        used = time.strftime("%Y-%m-%d %H:%M", time.localtime(row["used"]))
        seconds = f"{row['seconds'] * 1e3:.0f} ms" if row["seconds"] is not None else "-"
        name = row["name"] if row["problem"] is None else f"damaged: {row['problem']}"
        table.add_row(escape(name), row["key"][:12], f"{row['bytes'] / 1024:.1f}", seconds, used)
    Console(highlight=False).print(table)


def _row(item: admin.Item) -> dict[str, Any]:
    """What is known of one entry; a damaged one has a problem instead of a name."""
    row: dict[str, Any] = {"path": item.path, "bytes": item.bytes, "used": item.used}
    row |= {"name": "", "key": "", "seconds": None, "problem": None, "tool": item.tool}
    try:
        facts, _ = entry.unpack_note(item.open().note)
    except Damaged as damage:
        return row | {"problem": str(damage)}
    build = facts["build"]
    return row | {"name": build["name"], "key": build["key"], "seconds": build["seconds"]}


@cache.command(epilog=_CODES)
@_JSON
def stats(as_json: bool) -> None:
    """Count kernels and bytes, per directory and per toolchain."""
    found = [_statistics(directory) for directory in _all()]
    if as_json:
        _print_json(found)
        return
    for facts in found:
        limit = config.size("MODC_CACHE_SIZE") / 2**20
        click.echo(f"{facts['path']}")
        click.echo(f"  kernels     {facts['entries']}")
        click.echo(f"  size        {facts['bytes'] / 2**20:.2f} MiB of {limit:.0f} MiB")
        click.echo(f"  toolchains  {len(facts['toolchains'])}")


def _statistics(directory: places.Directory) -> dict[str, Any]:
    items = admin.scan(directory)
    tools: dict[str, int] = {}
    for item in items:
        tools[item.tool] = tools.get(item.tool, 0) + 1
    return {
        "path": directory.path,
        "entries": len(items),
        "bytes": sum(item.bytes for item in items),
        "toolchains": tools,
        "oldest_use": items[0].used if items else None,
        "newest_use": items[-1].used if items else None,
    }


@cache.command(epilog=_CODES)
@click.option("--fix", is_flag=True, help="Set damaged entries apart; they are compiled again.")
@_JSON
def verify(fix: bool, as_json: bool) -> None:
    """Check owner, mode, length and checksum of every entry."""
    bad = [
        {"path": where, "problem": reason}
        for directory in _all()
        for where, reason in admin.verify(directory, fix and not directory.readonly)
    ]
    count = sum(len(admin.scan(directory)) for directory in _all()) + (len(bad) if fix else 0)
    if as_json:
        _print_json({"entries": count, "damaged": bad})
    else:
        for item in bad:
            click.echo(f"{item['path']}: {item['problem']}")
        click.echo(
            f"{count} kernels, {len(bad)} damaged" + (" and set apart" if fix and bad else "")
        )
    sys.exit(1 if bad else 0)


@cache.command(epilog=_CODES)
@click.option("--size", "size", default=None, help="Largest size, such as 500M; MODC_CACHE_SIZE.")
@_JSON
def prune(size: str | None, as_json: bool) -> None:
    """Remove the kernels that were not used for longest, until the rest fits the size."""
    with config.using(**({"MODC_CACHE_SIZE": size} if size is not None else {})):
        removed = admin.prune(_writable(), config.size("MODC_CACHE_SIZE"))
    if as_json:
        _print_json({"removed": [item.path for item in removed]})
    else:
        click.echo(f"{len(removed)} kernels removed")


@cache.command(epilog=_CODES)
@_JSON
def clear(as_json: bool) -> None:
    """Remove everything that modc has put into its cache. Running programs are not disturbed."""
    directory = _writable()
    count = admin.clear(directory)
    if as_json:
        _print_json({"path": directory.path, "removed": count})
    else:
        click.echo(f"{count} kernels removed from {directory.path}")
