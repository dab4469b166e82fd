"""`modc export`: a Module as a C project, with wrappers for other languages and machines.

Input: a target and options. Output: a directory, or JSON. Neighbours: `modc.embed` does the work.
"""

from __future__ import annotations

import json
from typing import Any

import click

import modc
from modc.ahead.targets import inside, resolve
from modc.embed.exporting import Exported
from modc.embed.project import WRAPPERS
from modc.module.component import Component

_CODES = (
    "Exit codes: 0 written, 1 it cannot be exported (nothing is written), 2 usage, or there is no such target, "
    "4 a cross compiler is missing."
)


def _pairs(ctx: click.Context, param: click.Parameter, texts: tuple[str, ...]) -> dict[str, str]:
    """NAME=VALUE, given several times, as a dict. Raises click.BadParameter for a text of another form."""
    found: dict[str, str] = {}
    for text in texts:
        key, separator, value = text.rpartition("=")
        if not separator or not key or not value:
            raise click.BadParameter(f"{text!r} is not of the form NAME=VALUE")
        found[key] = value
    return found


def _sizes(ctx: click.Context, param: click.Parameter, texts: tuple[str, ...]) -> dict[str, Any]:
    """NAME=64 and NAME=10x5 as numbers and tuples. Raises click.BadParameter."""
    found: dict[str, Any] = {}
    for key, text in _pairs(ctx, param, texts).items():
        try:
            sizes = tuple(int(part) for part in text.lower().split("x"))
        except ValueError:
            raise click.BadParameter(f"{text!r} is no size: write 64, or 10x5 for all axes") from None
        found[key] = sizes[0] if len(sizes) == 1 else sizes
    return found


@click.command(epilog=_CODES)
@click.argument("target")
@click.option("--out", required=True, help="Directory to make; it must not exist, or be empty.")
@click.option("--name", help="Prefix of files and symbols; default: the Module's name in lower case.")
@click.option("--size", "sizes", metavar="NAME=SIZE", multiple=True, callback=_sizes,
              help="Fix an open size: x=10x3 (all axes), x.0=10 (one axis), n=10 (a named dimension).")  # fmt: skip
@click.option("--max", "most", metavar="NAME=SIZE", multiple=True, callback=_sizes, help="Bound an open size, which is then passed at each call.")
@click.option("--real", type=click.Choice(["float64", "float32"]), default="float64", show_default=True,
              help="Type of real numbers; float32: single precision throughout.")  # fmt: skip
@click.option("--freeze", multiple=True, help="Make a member a constant, in flash instead of RAM; '*': all that no Method writes.")
@click.option("--only", multiple=True, help="Export this Method; may be repeated. Default: all.")
@click.option("--rename", metavar="KEY=NAME", multiple=True, callback=_pairs, help="KEY=NAME: the C name of a member, a Method or METHOD.INPUT.")
@click.option("--blob", is_flag=True, help="Initial values in NAME.bin instead of in the C text.")
@click.option("--single", is_flag=True, help="One header with everything (define NAME_IMPLEMENTATION in one file).")
@click.option("--cpp", is_flag=True, help="Add a C++17 class.")
@click.option("--rust", is_flag=True, help="Add a Rust crate.")
@click.option("--arduino", is_flag=True, help="Add an Arduino library.")
@click.option("--wasm", is_flag=True, help="Add WebAssembly, its JavaScript and a page (needs modc[zig]).")
@click.option("--python", is_flag=True, help="Add a Python project that needs cffi and numpy, not modc.")
@click.option("--target", "targets", multiple=True,
              help="Add a library for another machine (needs modc[zig]), such as aarch64, cortex-m4, wasm32-wasi.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def export(
    target: str, out: str, sizes: Any, most: Any, rename: Any, targets: tuple[str, ...], as_json: bool, **options: Any
) -> None:
    """Write a Module as C: C99, no allocation, no globals, libm or nothing.

    TARGET is FILE.py:factory, package.module:factory or an entry point of the group modc.modules; names of
    submodules may follow, separated by dots. The state begins with the values that the factory's instance
    has, or that make() gives.
    """
    asked = resolve(target)
    found = asked.found
    if asked.names:
        found = inside(found.make(mode="numpy") if isinstance(found, Component) else found, asked.names)
    wrappers = [name for name in WRAPPERS if options.pop(name)]
    done = modc.export(
        found, out, sizes=sizes, most=most, rename=rename, wrappers=wrappers, targets=targets, **options
    )
    if as_json:
        click.echo(json.dumps(done.summary(), indent=2))
    else:
        _show(done)


def _show(done: Exported) -> None:
    """What was written, for people."""
    model = done.model
    click.echo(f"{done.directory}: {len(done.files)} files")
    click.echo(f"  {model.name}_state   {model.state_bytes} bytes")
    for function in model.functions:
        click.echo(f"  {model.name}_{function.name}   {function.key}")
    for line in done.report:
        click.echo(f"  {line}")
