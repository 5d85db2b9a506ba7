"""The studies about what is not known, as functions: each asks ``results`` and says what it found.

``kalkan.sweep``, ``sensitivity``, ``propagate``, ``break_even``, ``rare``, ``saturation`` and ``exposure`` are the
words of the commands. Their keywords, besides those written here, are those of
:class:`kalkan.views.studies.inquiry.Asked`: ``seed``, ``threads``, ``variants``, ``stance``, ``files``, ``out``,
``progress``. They say on the error stream what they will cost and how far they are; with ``progress=False`` nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from kalkan.engine.numbers import FIRST_SCREEN, MOST_REPLICATIONS
from kalkan.errors import Problem, ProblemsError
from kalkan.results.drawn import SHOWN
from kalkan.results.goals import Goal
from kalkan.scenario import ScenarioSource
from kalkan.views.numbers import percent, plus_minus
from kalkan.views.progress import watched
from kalkan.views.studies import furthering, propagation
from kalkan.views.studies import records as views
from kalkan.views.studies.exposing import exposure as exposure
from kalkan.views.studies.finding import Finding
from kalkan.views.studies.inquiry import Asked, Inquiry, at_least_two, begin, goal_of, mistake, power_of_two
from kalkan.views.studies.saturating import saturation as saturation

if TYPE_CHECKING:
    from kalkan.studies.breakeven import BreakEven
    from kalkan.studies.payback import Payback
    from kalkan.studies.propagate import Propagated
    from kalkan.studies.rare import Rare
    from kalkan.studies.sensitivity import Sensitivity
    from kalkan.studies.sweep import Swept

LONGEST_BARS = 12
MOST_RAIDS = 10_000


@watched
def sweep(
    scenario: ScenarioSource, over: Sequence[str] | str, *, of: str = "leakers", replications: int | None = None,
    **asked: Any,
) -> Finding[Swept]:  # fmt: skip
    """Vary one or two defence parameters or claims, with the same random numbers at every value.

    Parameters
    ----------
    scenario : path, table or Scenario
    over : str, or one or two of them
        Such as ``"doctrine.standard.salvo=1,2,3"``, ``"91n6e.scan_period=5 s..15 s:5"`` or, of the batches that
        the scenario writes so many of the first, ``"batches=0..6"``.
    of : str
        Measure that is shown.
    replications : int, optional
        At each point; default the file's.

    Raises
    ------
    ProblemsError
        The scenario or one of the arguments is wrong.
    """
    from kalkan.studies import sweep as results

    how, goal = Asked(scenario, **asked), goal_of(of)
    s = begin(how, replications)
    axes = results.read_axes(s.scenario, [over] if isinstance(over, str) else list(over))
    found = results.sweep(s.scenario, axes, s.answers, s.replications, variants=s.names)

    def figure() -> Any:
        from kalkan.views.studies.plots import sweep_figure

        return sweep_figure(found, goal)

    content = views.sweep_content(found, s.scenario.title)
    unit = propagation.scale_of(goal.key)[1] if goal.key.startswith("cost") else ""
    heading = f"{s.scenario.title}: {goal.name}{unit} · {s.replications:,} replications at each point, shared"
    tables, figures = [views.sweep_table(found, goal)], {"sweep": figure}
    sentences = [views.kept_sentence(found.kept)]
    if found.further:
        curves = content["further"] = furthering.further_content(found)
        keys = furthering.keys_told(goal.key, content)
        tables.append(furthering.further_table(content, keys))
        sentences += [line for key in keys for line in furthering.further_sentences(curves, key)]
        figures |= {f"further-{key.replace('_', '-')}": partial(_further, curves, key) for key in keys}
    flat, told = views.sweep_csv(content), "\n".join(filter(None, sentences))
    return Finding(heading, found, content, tables, told, figures, how.folder, "sweep", len(axes), flat)


def _further(curves: Any, key: str) -> Any:
    from kalkan.views.studies import plots

    figure, grid = plots.axes(1, 1, 7.0, 4.2)
    furthering.bars(grid[0][0], curves, key)
    if len(curves) > 1:
        grid[0][0].legend(frameon=False, fontsize=8)
    return figure


@watched
def sensitivity(
    scenario: ScenarioSource, *, of: str = "", replications: int = 32, most: int = 6, base: int = 32,
    conflicts: bool = False, **asked: Any,
) -> Finding[Sensitivity]:  # fmt: skip
    """Say which disputed quantity moves the answer most: one at a time, and as Sobol indices.

    Parameters
    ----------
    scenario : path, table or Scenario
    of : str
        Such as ``"leakers difference"``, which is the default where there are several variants.
    replications : int
        Of each variant under each figure.
    most : int
        Quantities of the Sobol study, those with the longest bars.
    base : int
        Base sample of the Sobol studies, a power of 2; 0: none.
    conflicts : bool
        Whether there is a Sobol study over kinds of conflict too.

    Raises
    ------
    ProblemsError
        The scenario or one of the arguments is wrong.
    """
    from kalkan.studies import sensitivity as results

    power_of_two(base)
    how = Asked(scenario, **asked)
    s = begin(how, replications)
    goal = goal_of(of or ("leakers difference" if len(s.variants) > 1 else "leakers"), len(s.variants))
    later = partial(results.most_evaluations, most=most, base=base, conflicts=conflicts)
    answer, bars = results.tornado(s.answers, s.variants, goal, s.replications, later=later)
    content: dict[str, Any] = {"title": s.scenario.title, "of": goal.text, "replications": s.replications}
    content |= views.tornado_content(answer, bars)
    tables, figures = [views.tornado_table(bars)], {"tornado": partial(_tornado, answer, bars, goal)}
    wanted = [("quantity", "quantities", results.groups_of(bars, most))] if base else []
    wanted += [("kind of conflict", "conflicts", results.conflicts_of(bars))] if base and conflicts else []
    told = results.Sensitivity(answer, bars, {})
    for what, name, groups in wanted:
        if groups:
            found = told.sobol[name] = results.sobol(s.answers, s.variants, goal, groups, base, s.replications)
            content[f"sobol_{name}"] = views.sobol_content(found)
            tables.append(views.sobol_table(found, f"Sobol: {what}"))
            figures[f"sobol-{name}"] = partial(_sobol, found)
    moving = sum(any(end.low > 0.0 or end.high < 0.0 for end in (b.low, b.high)) for b in bars)
    heading = (
        f"{s.scenario.title}: {goal.text} = {plus_minus(*answer)} · "
        f"{moving} of {len(bars)} disputed quantities have an effect clear of chance"
    )
    return Finding(heading, told, content, tables, "", figures, how.folder, "sensitivity")


def _tornado(answer: Any, bars: Any, goal: Goal) -> Any:
    from kalkan.views.studies import plots

    figure, grid = plots.axes(1, 1, 9.0, 6.0)
    plots.tornado(grid[0][0], answer, bars, goal)
    return figure


def _sobol(found: Any) -> Any:
    from kalkan.views.studies import plots

    figure, grid = plots.axes(1, 1, 8.0, 1.2 + 0.5 * len(found.indices))
    title = f"{found.evaluations} evaluations; chance left in: {percent(found.chance_share)} of the variance"
    plots.sobol(grid[0][0], found.indices, title)
    return figure


@watched
def propagate(
    scenario: ScenarioSource, *, of: str = "leakers", draws: int | None = None, inner: int | None = None,
    budget: int = 1024, screen: int = 0, **asked: Any,
) -> Finding[Propagated]:  # fmt: skip
    """Carry the disagreement of the sources to the answer: a mean with its interval, and what is not known.

    Parameters
    ----------
    scenario : path, table or Scenario
    of : str
        Measure of the answer's sentence.
    draws, inner : int, optional
        Draws of the claims, and replications in each; default by the budget, and by a pilot.
    budget : int
        Replications per variant to split between draws and chance.
    screen : int
        Replications of a tornado made first, whose longest bars alone can be drivers; 0: none.

    Raises
    ------
    ProblemsError
        The scenario or one of the arguments is wrong.
    """
    from kalkan.studies import propagate as results

    at_least_two(draws=draws, inner=inner, budget=budget, screen=screen or None)
    how, goal = Asked(scenario, **asked), goal_of(of)
    if goal.key not in SHOWN:
        raise mistake("--of", f'"{goal.key}" is not one of ' + ", ".join(SHOWN))
    if how.stance is not None:
        raise mistake("--stance", "means nothing here: every draw has a stance of its own")
    s = begin(how, budget)
    if inner is None:
        best_draws, inner = results.split(s.answers, goal.key, budget, s.variants)
    else:
        best_draws = max(2, budget // inner)
    k = draws or best_draws
    if k * inner > MOST_REPLICATIONS:
        what = f"= {k:,} × {inner:,} replications in each are {k * inner:,}; at most {MOST_REPLICATIONS:,} are allowed"
        raise mistake("--draws", what)
    found = results.propagate(
        s.answers, s.variants, key=goal.key, draws=k, inner=inner,
        candidates=_longest_bars(s, goal, screen) if screen else None,
    )  # fmt: skip

    def figure() -> Any:
        from kalkan.views.studies import plots

        drawn, grid = plots.axes(1, 1, 7.0, 4.6)
        plots.draws(grid[0][0], found, goal)
        return drawn

    content = propagation.propagation_content(found, goal, s.scenario.title)
    heading = (
        f"{s.scenario.title} — {found.draws} draws of the claims × {found.inner} replications\n"
        f"{propagation.legend(content)}"
    )
    tables = [propagation.propagation_table(content)]
    figures = {"propagation": figure}
    return Finding(heading, found, content, tables, content["answer"], figures, how.folder, "propagation")


def _longest_bars(s: Inquiry, goal: Goal, n: int) -> list[str]:
    """Paths of the quantities that move the answer most by themselves."""
    from kalkan.studies.sensitivity import tornado

    _, bars = tornado(s.answers, s.variants, goal._replace(difference=len(s.variants) > 1), n, first=FIRST_SCREEN)
    return [b.factor.path for b in bars[:LONGEST_BARS] if b.swing > 0.0]


@watched
def break_even(
    scenario: ScenarioSource, target: str, when: str, *, replications: int | None = None, **asked: Any
) -> Finding[BreakEven]:
    """Find the value of one claim or defence parameter at which a conclusion flips.

    Parameters
    ----------
    scenario : path, table or Scenario
    target : str
        Such as ``"48n6e3.kill_probability=0.3..0.95"``.
    when : str
        Such as ``"leakers difference = -5"``.
    replications : int, optional
        At each value; default the file's.

    Raises
    ------
    ProblemsError
        The scenario or one of the arguments is wrong.
    """
    from kalkan.studies.breakeven import flip
    from kalkan.views.studies import verdicts

    how = Asked(scenario, **asked)
    s = begin(how, replications)
    goal = goal_of(when, len(s.variants), wants="= <= >=", option="--when")
    found, name, unit = flip(s.scenario, s.answers, target, goal, s.replications, s.names)

    def figure() -> Any:
        from kalkan.views.studies import plots

        drawn, grid = plots.axes(1, 1, 6.5, 4.4)
        plots.break_even(grid[0][0], found, goal, f"{name} [{unit}]" if unit else name)
        return drawn

    sentence = verdicts.break_even_sentence(found, goal, name, unit)
    content = {"title": s.scenario.title, "replications": s.replications}
    content |= {**verdicts.break_even_content(found, goal, name, unit), "answer": sentence}
    return Finding(s.scenario.title, found, content, [], sentence, {"break-even": figure}, how.folder)


@watched
def payback(
    scenario: ScenarioSource, *, raids: int = 10, draws: int = 64, inner: int = 16, **asked: Any
) -> Finding[list[Payback]]:
    """Say after how many raids a dearer defence has paid, and up to which cost, with the sources' disagreement.

    Parameters
    ----------
    scenario : path, table or Scenario
        With two variants at least, assets that have a cost, and systems whose price is claimed or written.
    raids : int
        After so many it shall have paid.
    draws, inner : int
        Draws of the claims, and replications in each.

    Raises
    ------
    ProblemsError
        The scenario or one of the arguments is wrong.
    """
    from kalkan.studies import payback as results
    from kalkan.views.studies import paying

    at_least_two(draws=draws, inner=inner)
    if not 1 <= raids <= MOST_RAIDS:
        raise mistake("--raids", f"= {raids} must be a whole number from 1 to {MOST_RAIDS:,}")
    how = Asked(scenario, **asked)
    if how.stance is not None:
        raise mistake("--stance", "means nothing here: every draw has a stance of its own")
    s = begin(how, draws * inner)
    if len(s.variants) < 2:
        raise mistake("--variant", "a defence is dearer than another one: it takes two variants at least")
    if told := results.not_said(s.variants):
        raise ProblemsError([Problem("money", why) for why in told])
    found = results.payback(s.answers, s.variants, raids, draws, inner)
    content = paying.payback_content(found, s.scenario.title)
    heading = f"{s.scenario.title} — {draws} draws of the claims × {inner} replications\n{paying.LEGEND}"
    sentence = "\n".join(content["answers"])
    return Finding(heading, found, content, [paying.payback_table(content)], sentence, {}, how.folder, "payback")


@watched
def rare(scenario: ScenarioSource, *, replications: int = 2000, **asked: Any) -> Finding[dict[str, Rare]]:
    """Say how likely any leak is where leaks are rare, by importance sampling.

    Parameters
    ----------
    scenario : path, table or Scenario
    replications : int
        Per variant; a fifth is a pilot.

    Raises
    ------
    ProblemsError
        The scenario or one of the arguments is wrong.
    """
    from kalkan.studies.rare import rare as estimate
    from kalkan.views.studies import verdicts

    how = Asked(scenario, **asked)
    s = begin(how, replications)
    if s.replications < 20:
        raise mistake("--replications", f"= {s.replications} must be at least 20")
    watcher = s.answers.watcher
    watcher.stage(f"{s.replications:,} replications of each of {len(s.variants)} variants, a fifth of them a pilot")
    found = {
        v.label: estimate(v, s.replications, seed=s.seed, threads=s.threads, watcher=watcher) for v in s.variants
    }
    content = {"title": s.scenario.title, "variants": [verdicts.rare_content(r, n) for n, r in found.items()]}
    lines = "\n".join(verdicts.rare_sentence(r, n) for n, r in found.items())
    return Finding(f"{s.scenario.title} — rare leaks", found, content, [], lines, {}, how.folder)
