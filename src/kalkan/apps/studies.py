"""Commands of studies, made from their declarations: each parses its words, asks ``views`` and prints what it found."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from kalkan.api import find
from kalkan.apps import options
from kalkan.apps.helping import epilog
from kalkan.apps.reporting import reporting
from kalkan.apps.study import asking, show
from kalkan.operations import NEEDED, STUDIES, Argument, Operation

SAMPLED = "sampled"
SHARED = {
    "seed": (options.Seed, "seed"), "threads": (options.Threads, "threads"), "variant": (options.Variants, "variants"),
    "stance": (options.Whose, "stance"), "catalogue": (options.Catalogues, "files"), "out": (options.Out, "out"),
}  # fmt: skip
"""Options of every study: their type, and the function's word for them."""


def command_of(operation: Operation) -> Callable[..., None]:
    """A command from the declaration of a study, with the signature that typer reads."""

    def command(file: Path, as_json: bool, quiet: bool, **given: Any) -> None:
        shared = {words[1]: given.pop(name) for name, words in SHARED.items() if name in given}
        ask(operation, file, given, shared, as_json=as_json, quiet=quiet)

    kept = {name: kind for name, (kind, word) in SHARED.items() if word not in operation.without}
    parameters = [
        _parameter("file", options.File),
        *(_parameter(a.name, _annotation(a), a.default) for a in operation.arguments if a.default is NEEDED),
        *(_parameter(a.name, _annotation(a), a.default) for a in operation.arguments if a.default is not NEEDED),
        *(_parameter(name, kind, None) for name, kind in kept.items()),
        _parameter("as_json", options.Json, False),
        _parameter("quiet", options.Quiet, False),
    ]
    vars(command)["__signature__"] = inspect.Signature(parameters)
    command.__annotations__ = {p.name: p.annotation for p in parameters}
    command.__doc__ = operation.says
    return command


def ask(
    operation: Operation, file: Path, given: dict[str, Any], shared: dict[str, Any], *, as_json: bool, quiet: bool
) -> None:
    """Make a study and print what it found."""
    with reporting(as_json), asking(quiet, **shared) as how:
        show(find(operation.name)(file, **given, **how), as_json)


def _parameter(name: str, kind: Any, default: Any = NEEDED) -> inspect.Parameter:
    given = inspect.Parameter.empty if default is NEEDED else default
    return inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=given, annotation=kind)


def _annotation(argument: Argument) -> Any:
    if argument.placed:
        return Annotated[argument.kind, typer.Argument(metavar=argument.metavar, help=argument.says)]
    option = f"--{argument.name.replace('_', '-')}"
    kind = options.counted if argument.kind in (int, int | None) else typer.Option
    return Annotated[argument.kind, kind(option, metavar=argument.metavar or None, help=argument.says)]


def run_sampled(file: Path, others: dict[str, Any], *, replications: int | None, as_json: bool, **given: Any) -> None:
    """``kalkan run --stance sampled``: a propagation whose budget is the run's replications.

    `others` are options of a run that mean nothing here, by name; those that are given are refused.
    """
    with reporting(as_json):
        from kalkan.errors import Problem, ProblemsError
        from kalkan.scenario import load
        from kalkan.views.studies.inquiry import at_least_two

        why = "means nothing under --stance sampled: see kalkan propagate"
        refused = [Problem(k, why) for k, v in others.items() if v]
        if refused:
            raise ProblemsError(refused)
        at_least_two(replications=replications)
        if replications is None:
            replications = load(file, files=given["catalogue"] or ()).study.replications
    quiet = given.pop("quiet")
    shared = {SHARED[name][1]: value for name, value in given.items()}
    ask(STUDIES["propagate"], file, {"budget": replications}, shared, as_json=as_json, quiet=quiet)


def register(app: typer.Typer) -> None:
    """Add the commands of all studies to the command line."""
    for operation in STUDIES.values():
        app.command(operation.command, epilog=epilog(operation.command))(command_of(operation))
