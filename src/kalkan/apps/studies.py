"""Commands of studies about what is not known: each parses its words, asks ``results`` and prints ``views``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kalkan.apps.options import Catalogues, File, Json, Of, Out, Quiet, Seed, Threads, Variants, Whose
from kalkan.apps.reporting import reporting
from kalkan.apps.study import asking, show

SAMPLED = "sampled"


def sweep(
    file: File,
    over: Annotated[
        list[str],
        typer.Option(
            metavar="TARGET=VALUES", help="Such as doctrine.standard.salvo=1,2,3 or 91n6e.scan_period='5 s..15 s:5'."
        ),
    ],
    of: Of = "leakers",
    replications: Annotated[
        int | None, typer.Option(metavar="N", help="Replications at each point; default the file's.")
    ] = None,
    seed: Seed = None,
    threads: Threads = None,
    variant: Variants = None,
    stance: Whose = None,
    catalogue: Catalogues = None,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Vary one or two defence parameters or claims. The random numbers are the same at every value."""
    options = {"seed": seed, "threads": threads, "variants": variant, "files": catalogue, "out": out, "stance": stance}
    with reporting(as_json), asking(quiet, **options) as how:
        from kalkan.views.asking import sweep as ask

        show(ask(file, over, of=of, replications=replications, **how), as_json)


def sensitivity(
    file: File,
    of: Of = "",
    replications: Annotated[
        int, typer.Option(metavar="N", help="Replications of each variant under each figure.")
    ] = 32,
    most: Annotated[int, typer.Option(metavar="K", help="Quantities of the Sobol study, the longest bars.")] = 6,
    base: Annotated[
        int, typer.Option(metavar="N", help="Base sample of the Sobol studies, a power of 2; 0: no Sobol study.")
    ] = 32,
    conflicts: Annotated[bool, typer.Option("--conflicts", help="A Sobol study over kinds of conflict too.")] = False,
    seed: Seed = None,
    threads: Threads = None,
    variant: Variants = None,
    stance: Whose = None,
    catalogue: Catalogues = None,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say which disputed quantity moves the answer most. One at a time, and as Sobol indices."""
    options = {"seed": seed, "threads": threads, "variants": variant, "files": catalogue, "out": out, "stance": stance}
    with reporting(as_json), asking(quiet, **options) as how:
        from kalkan.views.asking import sensitivity as ask

        found = ask(file, of=of, replications=replications, most=most, base=base, conflicts=conflicts, **how)
        show(found, as_json)


def propagate(
    file: File,
    of: Annotated[str, typer.Option("--of", metavar="MEASURE", help="Measure of the answer's sentence.")] = "leakers",
    draws: Annotated[int | None, typer.Option(metavar="K", help="Draws of the claims; default by the budget.")] = None,
    inner: Annotated[
        int | None, typer.Option(metavar="N", help="Replications in each draw; default by a pilot.")
    ] = None,
    budget: Annotated[
        int, typer.Option(metavar="N", help="Replications per variant to split between draws and chance.")
    ] = 1024,
    screen: Annotated[
        int, typer.Option(metavar="N", help="First a tornado of N replications: only its longest bars can be drivers.")
    ] = 0,
    seed: Seed = None,
    threads: Threads = None,
    variant: Variants = None,
    catalogue: Catalogues = None,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Carry the sources' disagreement to the answer. It becomes ± chance and ± what is not known."""
    options = {"seed": seed, "threads": threads, "variants": variant, "files": catalogue, "out": out}
    with reporting(as_json), asking(quiet, **options) as how:
        from kalkan.views.asking import propagate as ask

        show(ask(file, of=of, draws=draws, inner=inner, budget=budget, screen=screen, **how), as_json)


def run_sampled(file: Path, others: dict[str, Any], *, replications: int | None, as_json: bool, **options: Any) -> None:
    """``kalkan run --stance sampled``: a propagation whose budget is the run's replications.

    `others` are options of a run that mean nothing here, by name; those that are given are refused.
    """
    with reporting(as_json):
        from kalkan.errors import Problem, ProblemsError
        from kalkan.scenario import load
        from kalkan.views.inquiry import at_least_two

        why = "means nothing under --stance sampled: see kalkan propagate"
        given = [Problem(k, why) for k, v in others.items() if v]
        if given:
            raise ProblemsError(given)
        at_least_two(replications=replications)
        if replications is None:
            replications = load(file, files=options["catalogue"] or ()).study.replications
    propagate(file, of="leakers", draws=None, inner=None, budget=replications, as_json=as_json, **options)


def break_even(
    file: File,
    target: Annotated[
        str, typer.Argument(metavar="TARGET=LOW..HIGH", help="Such as 48n6e3.kill_probability=0.3..0.95.")
    ],
    when: Annotated[str, typer.Option(metavar="GOAL", help='Such as "leakers difference = -5".')],
    replications: Annotated[
        int | None, typer.Option(metavar="N", help="Replications at each value; default the file's.")
    ] = None,
    seed: Seed = None,
    threads: Threads = None,
    variant: Variants = None,
    stance: Whose = None,
    catalogue: Catalogues = None,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find the value at which a conclusion flips. Of one claim or defence parameter."""
    options = {"seed": seed, "threads": threads, "variants": variant, "files": catalogue, "out": out, "stance": stance}
    with reporting(as_json), asking(quiet, **options) as how:
        from kalkan.views.asking import break_even as ask

        show(ask(file, target, when, replications=replications, **how), as_json)


def rare(
    file: File,
    replications: Annotated[int, typer.Option(metavar="N", help="Replications per variant, a fifth a pilot.")] = 2000,
    seed: Seed = None,
    threads: Threads = None,
    variant: Variants = None,
    stance: Whose = None,
    catalogue: Catalogues = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say how likely any leak is where leaks are rare. By importance sampling."""
    options = {"seed": seed, "threads": threads, "variants": variant, "files": catalogue, "stance": stance}
    with reporting(as_json), asking(quiet, **options) as how:
        from kalkan.views.asking import rare as ask

        show(ask(file, replications=replications, **how), as_json)


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    for function, name in ((sweep, "sweep"), (sensitivity, "sensitivity"), (propagate, "propagate"),
                           (break_even, "break-even"), (rare, "rare")):  # fmt: skip
        app.command(name)(function)
