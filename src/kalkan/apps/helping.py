"""Help for whoever does not know the commands yet: examples, ``kalkan help``, and what a mistyped command meant."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from kalkan.apps.reporting import reporting
from kalkan.errors import did_you_mean, nearest_of
from kalkan.operations import EXAMPLES

BEGIN = ("kalkan list", "kalkan new raid.toml", "kalkan check raid.toml", "kalkan run raid.toml", "kalkan help run")
MEANT = {
    "run": ("simulate", "start", "simulation"), "list": ("catalogue", "catalog", "search", "find", "systems", "ls"),
    "show": ("results", "print", "open"), "explain": ("info", "describe", "sources"), "new": ("init", "create"),
    "serve": ("app", "gui", "web"), "check": ("validate", "lint"), "replay": ("watch", "play", "view"),
    "propagate": ("uncertainty",), "coverage": ("map", "maps"),
}  # fmt: skip
"""Words of other tools for what the commands do."""


def epilog(command: str) -> str:
    """Examples below the help of a command, each on a line of its own."""
    return _lines("Examples:", EXAMPLES.get(command, ()))


def beginning() -> str:
    """First steps, below the help of all commands."""
    return _lines("First steps:", BEGIN)


def _lines(head: str, commands: tuple[str, ...]) -> str:
    return "\b\n" + "\n".join([head, *(f"  {c}" for c in commands)]) if commands else ""


class Commands(TyperGroup):
    """The commands; for one that is none, the one that was likely meant."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command of the first word."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            ctx.fail(absent(self, args[0]))
        return super().resolve_command(ctx, args)


def absent(group: Any, word: str) -> str:
    """That there is no such command, and which one was likely meant."""
    return f"No such command '{word}'" + (did_you_mean(nearest_of(word, group.commands, MEANT)) or ".")


def help_of(
    ctx: typer.Context,
    command: Annotated[str, typer.Argument(metavar="[COMMAND]", help="Such as run; default all of them.")] = "",
) -> None:
    """Say what a command does, with examples."""
    above: Any = ctx.parent
    found = above.command.get_command(above, command) if command else None
    if command and found is None:
        above.fail(absent(above.command, command))
    with reporting():
        print(found.get_help(type(ctx)(found, info_name=command, parent=above)) if found else above.get_help())
