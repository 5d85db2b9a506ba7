"""Commands of studies about what is not known: each parses its words, asks ``results`` and prints ``views``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kalkan.apps.reporting import reporting
from kalkan.apps.study import (
    Catalogues,
    File,
    Json,
    Of,
    Out,
    Quiet,
    Seed,
    Study,
    Threads,
    Variants,
    Whose,
    at_least_two,
    goal_of,
    mistake,
    power_of_two,
    show,
    study,
)

if TYPE_CHECKING:
    from kalkan.results.goals import Goal


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
    catalogue: Catalogues = None,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Vary one or two defence parameters or claims, with the same random numbers at every value."""
    with reporting(as_json):
        from kalkan.results import sweep as results
        from kalkan.views import studies as views

        goal = goal_of(of)
        with study(
            file, catalogue=catalogue, stance=None, variant=variant, seed=seed, threads=threads,
            replications=replications, otherwise=None, out=out, quiet=quiet,
        ) as s:  # fmt: skip
            axes = results.read_axes(s.scenario, over)
            swept = results.sweep(s.scenario, axes, s.answers, s.replications, variants=s.names)
        content = views.sweep_content(swept, s.scenario.title)
        views.write_csv(s.folder / "sweep.csv", content)
        from kalkan.views import study_plots as plots

        files = [s.folder / "sweep.csv", *plots.save(plots.sweep_figure(swept, goal), s.folder, "sweep")]
        heading = f"{s.scenario.title}: {goal.name} · {s.replications:,} replications at each point, shared"
        show(as_json, content, files, heading, [views.sweep_table(swept, goal)], keep=s.folder / "sweep.json")


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
    """Say which disputed quantity moves the answer most: one at a time, and as Sobol indices."""
    with reporting(as_json):
        from kalkan.results import sensitivity as results
        from kalkan.views import studies as views
        from kalkan.views.numbers import plus_minus

        power_of_two(base)
        with study(
            file, catalogue=catalogue, stance=stance, variant=variant, seed=seed, threads=threads,
            replications=replications, otherwise=None, out=out, quiet=quiet,
        ) as s:  # fmt: skip
            goal = goal_of(of or ("leakers difference" if len(s.variants) > 1 else "leakers"), len(s.variants))
            answer, bars = results.tornado(s.answers, s.variants, goal, s.replications)
            content: dict[str, Any] = {"title": s.scenario.title, "of": goal.text, "replications": s.replications}
            content |= views.tornado_content(answer, bars)
            tables, sobols = [views.tornado_table(bars)], {}
            wanted = [("quantity", "quantities", results.groups_of(bars, most))] if base else []
            wanted += [("kind of conflict", "conflicts", results.conflicts_of(bars))] if base and conflicts else []
            for what, name, groups in wanted:
                if groups:
                    found = results.sobol(s.answers, s.variants, goal, groups, base, s.replications)
                    content[f"sobol_{name}"] = views.sobol_content(found)
                    tables.append(views.sobol_table(found, f"Sobol: {what}"))
                    sobols[name] = found
        heading = (
            f"{s.scenario.title}: {goal.text} = {plus_minus(*answer)} · "
            f"{sum(b.swing > 0 for b in bars)} of {len(bars)} disputed quantities have an effect"
        )
        files = _sensitivity_figures(s.folder, answer, bars, goal, sobols)
        show(as_json, content, files, heading, tables, keep=s.folder / "sensitivity.json")


def _sensitivity_figures(folder: Path, answer: Any, bars: Any, goal: Goal, sobols: dict[str, Any]) -> list[Path]:
    from kalkan.views import study_plots as plots

    figure, grid = plots.axes(1, 1, 9.0, 6.0)
    plots.tornado(grid[0][0], answer, bars, goal)
    files = plots.save(figure, folder, "tornado")
    for name, found in sobols.items():
        figure, grid = plots.axes(1, 1, 8.0, 1.2 + 0.5 * len(found.indices))
        title = f"{found.evaluations} evaluations; chance left in: {100 * found.chance_share:.0f} % of the variance"
        plots.sobol(grid[0][0], found.indices, title)
        files += plots.save(figure, folder, f"sobol-{name}")
    return files


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
    """Carry the disagreement of the sources to the answer: ± chance and ± what is not known."""
    with reporting(as_json):
        from kalkan.results import propagate as results
        from kalkan.views import studies as views
        from kalkan.views import study_plots as plots

        at_least_two(draws=draws, inner=inner, budget=budget, screen=screen or None)
        goal = goal_of(of)
        if goal.key not in results.SHOWN:
            raise mistake("--of", f'"{goal.key}" is not one of ' + ", ".join(results.SHOWN))
        with study(
            file, catalogue=catalogue, stance=None, variant=variant, seed=seed, threads=threads,
            replications=budget, otherwise=None, out=out, quiet=quiet,
        ) as s:  # fmt: skip
            if inner is None:
                best_draws, inner = results.split(s.answers, goal.key, budget, s.variants)
            else:
                best_draws = max(2, budget // inner)
            found = results.propagate(
                s.answers, s.variants, key=goal.key, draws=draws or best_draws, inner=inner,
                candidates=_longest_bars(s, goal, screen) if screen else None,
            )  # fmt: skip
        content = views.propagation_content(found, goal, s.scenario.title)
        figure, grid = plots.axes(1, 1, 7.0, 4.6)
        plots.draws(grid[0][0], found, goal)
        heading = (
            f"{s.scenario.title} — {found.draws} draws of the claims × {found.inner} replications; "
            "mean ± chance ± what is not known (95 %)"
        )
        files = plots.save(figure, s.folder, "propagation")
        tables = [views.propagation_table(found)]
        show(as_json, content, files, heading, tables, content["answer"], s.folder / "propagation.json")


SAMPLED = "sampled"


def run_sampled(file: Path, others: dict[str, Any], *, replications: int | None, as_json: bool, **options: Any) -> None:
    """``kalkan run --stance sampled``: a propagation whose budget is the run's replications.

    `others` are options of a run that mean nothing here, by name; those that are given are refused.
    """
    with reporting(as_json):
        from kalkan.errors import Problem, ProblemsError
        from kalkan.scenario import load

        why = "means nothing under --stance sampled: see kalkan propagate"
        given = [Problem(k, why) for k, v in others.items() if v]
        if given:
            raise ProblemsError(given)
        at_least_two(replications=replications)
        if replications is None:
            replications = load(file, files=options["catalogue"] or ()).study.replications
    propagate(file, of="leakers", draws=None, inner=None, budget=replications, as_json=as_json, **options)


def _longest_bars(s: Study, goal: Goal, n: int, most: int = 12) -> list[str]:
    """Paths of the quantities that move the answer most by themselves."""
    from kalkan.results.sensitivity import tornado

    _, bars = tornado(s.answers, s.variants, goal._replace(difference=len(s.variants) > 1), n)
    return [b.factor.path for b in bars[:most] if b.swing > 0.0]


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
    catalogue: Catalogues = None,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find the value of one claim or defence parameter at which a conclusion flips."""
    with reporting(as_json):
        from kalkan.results.breakeven import flip
        from kalkan.views import study_plots as plots
        from kalkan.views import verdicts as views

        with study(
            file, catalogue=catalogue, stance=None, variant=variant, seed=seed, threads=threads,
            replications=replications, otherwise=None, out=out, quiet=quiet,
        ) as s:  # fmt: skip
            goal = goal_of(when, len(s.variants), wants="= <= >=", option="--when")
            found, name, unit = flip(s.scenario, s.answers, target, goal, s.replications, s.names)
        content = {"title": s.scenario.title, "replications": s.replications}
        content |= views.break_even_content(found, goal, name, unit)
        figure, grid = plots.axes(1, 1, 6.5, 4.4)
        plots.break_even(grid[0][0], found, goal, f"{name} [{unit}]" if unit else name)
        files = plots.save(figure, s.folder, "break-even")
        sentence = views.break_even_sentence(found, goal, name, unit)
        show(as_json, {**content, "answer": sentence}, files, s.scenario.title, [], sentence)


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
    """Say how likely any leak is where leaks are rare, by importance sampling."""
    with reporting(as_json):
        from kalkan.results.rare import rare as estimate
        from kalkan.views import verdicts as views

        with study(
            file, catalogue=catalogue, stance=stance, variant=variant, seed=seed, threads=threads,
            replications=replications, otherwise=None, out=None, quiet=quiet,
        ) as s:  # fmt: skip
            if s.replications < 20:
                raise mistake("--replications", f"= {s.replications} must be at least 20")
            found = {
                v.label: estimate(v, s.replications, seed=s.seed, threads=s.threads, watcher=s.answers.watcher)
                for v in s.variants
            }
        content = {"title": s.scenario.title, "variants": [views.rare_content(r, n) for n, r in found.items()]}
        lines = "\n".join(views.rare_sentence(r, n) for n, r in found.items())
        show(as_json, content, [], f"{s.scenario.title} — rare leaks", [], lines)


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    for function, name in ((sweep, "sweep"), (sensitivity, "sensitivity"), (propagate, "propagate"),
                           (break_even, "break-even"), (rare, "rare")):  # fmt: skip
        app.command(name)(function)
