"""`modc show`: one Method at a stage of the compiler.

Input: a target (`modc.ahead.targets`). Output: text, or JSON. Neighbours: `modc.compiler`.
"""

from __future__ import annotations

import json

import click
from rich.console import Console
from rich.syntax import Syntax

from modc.ahead.targets import method_of, resolve
from modc.module.component import Component

STAGES = ("graph", "rewrite", "schedule", "c")


@click.command(
    epilog="Exit codes: 0 shown, 1 the factory raised or the Method cannot be compiled, 2 usage, or "
    "there is no such Method."
)
@click.argument("target")
@click.option(
    "--stage", type=click.Choice(STAGES), default="c", show_default=True, help="What to show."
)
@click.option("--json", "as_json", is_flag=True, help="Print name, stage, key and text as JSON.")
def show(target: str, stage: str, as_json: bool) -> None:
    """Show a Method's graph, rewritten graph, schedule or C. Nothing is compiled or run.

    TARGET is FILE.py:Module.method or package.module:Module.method; names of submodules and
    positions in lists go in between, separated by dots.
    """
    asked = resolve(target)
    found = asked.found
    if isinstance(found, Component):
        found = found.make_no_init(mode="numpy")
    method = method_of(found, asked.names)
    text = method.stages.text(stage)
    if as_json:
        click.echo(
            json.dumps(
                {"name": method.name, "stage": stage, "key": method.key, "text": text}, indent=2
            )
        )
        return
    console = Console()
    if stage == "c" and console.is_terminal:
        console.print(Syntax(text, "c"))
    else:
        click.echo(text)
