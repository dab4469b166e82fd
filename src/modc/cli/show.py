"""`modc show`: one Method at a stage of the compiler.

Input: a target (`target.component_of`). Output: text, or JSON. Neighbours: `modc.compiler`.
"""

from __future__ import annotations

import json

import click
from rich.console import Console
from rich.syntax import Syntax

from modc.cli.target import component_of, method_of

STAGES = ("graph", "rewrite", "schedule", "c")


@click.command(
    epilog="Exit codes: 0 shown, 1 there is no such Method or it cannot be compiled, 2 usage."
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
    component, names = component_of(target)
    method = method_of(component.make_no_init(mode="numpy"), names)
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
