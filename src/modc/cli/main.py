"""Entry point of the command `modc`.

A verb is a module of this package with a click command of the same name; VERBS lists them. To add
one, write the module and its row. Neighbours: setuptools' console script, `modc.__main__`.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

import modc
from modc.errors import ModcError

VERBS = ("cache", "doctor", "export", "show", "warm")

_EXIT_CODES = """\b
Exit codes:
  0  all is well
  1  a problem was found, or the command could not do its work
  2  the command line is wrong, or names something that does not exist
  4  a tool is missing: the C compiler, a cross compiler
"""


class Verbs(click.Group):
    """A group whose commands are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The verbs that this installation has."""
        return [verb for verb in VERBS if self.get_command(ctx, verb) is not None]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a verb, or None when there is no such verb."""
        if cmd_name not in VERBS:
            return None
        try:
            module = import_module(f"modc.cli.{cmd_name}")
        except ModuleNotFoundError as error:
            if error.name == f"modc.cli.{cmd_name}":
                return None
            raise
        command = getattr(module, cmd_name)
        assert isinstance(command, click.Command), f"modc bug: {cmd_name} is no command"
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb; an error of modc is a message and its exit code, not a traceback."""
        try:
            return super().invoke(ctx)
        except ModcError as error:
            click.ClickException(str(error)).show()
            ctx.exit(error.exit_code)


@click.group(
    cls=Verbs, epilog=_EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(getattr(modc, "__version__", "unknown"), prog_name="modc")
def main() -> None:
    """Look after modc: its compiler, its cache, its kernels."""
