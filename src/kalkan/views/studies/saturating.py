"""``kalkan.saturation``: how large a raid the defence takes, told."""

from __future__ import annotations

import csv
import io
import itertools
from typing import TYPE_CHECKING, Any

from kalkan.scenario import ScenarioSource
from kalkan.views.numbers import decimals, number, percent, plus_minus
from kalkan.views.progress import watched
from kalkan.views.studies.finding import Finding, HeadedRows
from kalkan.views.studies.inquiry import Asked, begin, mistake
from kalkan.views.studies.records import interval_record

if TYPE_CHECKING:
    from kalkan.studies.saturation import Knee, LeakerCurve, Saturation

MOST_SIZES = 40


@watched
def saturation(
    scenario: ScenarioSource, *, times: str = "0.25,0.5,1,1.5,2,3,4", same_duration: bool = False,
    replications: int | None = None, **asked: Any,
) -> Finding[Saturation]:  # fmt: skip
    """Say how large a raid the defence takes: leakers against the size of the raid as written, and the knee.

    Parameters
    ----------
    scenario : path, table or Scenario
    times : str
        Factors of every raid's count, such as ``"0.5,1,2,4"`` or ``"0.5..4:8"``.
    same_duration : bool
        A larger raid lasts as long as written, its members following each other closer; default: their spacing stays
        and it lasts longer.
    replications : int, optional
        At each size; default the file's.

    Raises
    ------
    ProblemsError
        The scenario or one of the arguments is wrong.
    """
    from kalkan.studies import saturation as results

    how = Asked(scenario, **asked)
    factors = _factors(times, results.LEAST_SIZES)
    s = begin(how, replications)
    found = results.saturation(s.variants, s.answers, factors, s.replications, same_duration=same_duration, seed=s.seed)

    def figure() -> Any:
        from kalkan.views.studies import plots

        drawn, grid = plots.axes(1, 1, 7.0, 4.6)
        plots.saturation(grid[0][0], found)
        return drawn

    content = saturation_content(found, s.scenario.title, same_duration)
    heading = f"{s.scenario.title}: leakers over the raid's size · {found.n:,} replications at each, shared"
    flat = saturation_csv(content)
    return Finding(
        heading, found, content, [saturation_table(found)], content["answer"], {"saturation": figure}, how.folder,
        "saturation", 2, flat,
    )  # fmt: skip


def _factors(text: str, least: int) -> list[float]:
    from kalkan.scenario.writing.overrides import read_values

    try:
        values = read_values(text)
    except ValueError as error:
        raise mistake("--times", str(error)) from None
    if not all(isinstance(v, int | float) and not isinstance(v, bool) and 0.0 < v <= 1000.0 for v in values):
        raise mistake("--times", f'"{text}" needs numbers above 0 and up to 1000, such as 0.5,1,2,4')
    if any(b <= a for a, b in itertools.pairwise(values)):
        raise mistake("--times", f'"{text}" must rise')
    if not least <= len(values) <= MOST_SIZES:
        raise mistake("--times", f"needs from {least} to {MOST_SIZES} factors; there are {len(values)}")
    return [float(v) for v in values]


def saturation_content(found: Saturation, title: str, same_duration: bool) -> dict[str, Any]:
    """Curves and knees as plain data, with the answer in words."""
    curves = [
        {
            "variant": c.label,
            "sizes": c.sizes,
            "leakers": [interval_record(x) for x in c.leakers],
            "knee": {
                "size": interval_record(c.knee.size),
                "before": interval_record(c.knee.before),
                "beyond": interval_record(c.knee.beyond),
                "clear": c.knee.clear,
            },
        }
        for c in found.curves
    ]
    answer = "\n".join(knee_sentence(c) for c in found.curves)
    about = {"title": title, "replications": found.n, "same_duration": same_duration, "times": found.times}
    return {**about, "curves": curves, "answer": answer}


def knee_sentence(curve: LeakerCurve) -> str:
    """What the curve of one variant tells."""
    bend, sizes = curve.knee, curve.sizes
    if bend.clear:
        places = decimals(bend.size.half_width, bend.size.estimate)
        low, mean, high = (number(x, places) for x in (bend.size.low, bend.size.estimate, bend.size.high))
        return (
            f"{curve.label}: saturated from about {mean} vehicles on (95 %: {low} to {high}): {_of_each(bend, 0)} of "
            f"what is added leaks below, {_of_each(bend, 1)} beyond"
        )
    first, last = curve.leakers[0], curve.leakers[-1]
    return (
        f"{curve.label}: no knee that is clear of chance between {sizes[0]:,} and {sizes[-1]:,} vehicles "
        f"(leakers {plus_minus(*first)} to {plus_minus(*last)})"
    )


def _of_each(bend: Knee, which: int) -> str:
    return percent(min(1.0, max(0.0, (bend.before, bend.beyond)[which].estimate)))


def saturation_table(found: Saturation) -> HeadedRows:
    """A row per size and variant."""
    rows = [
        [c.label, f"{c.sizes[i]:,}", f"{factor:g}", plus_minus(*c.leakers[i]),
         percent(c.leakers[i].estimate / c.sizes[i])]
        for c in found.curves for i, factor in enumerate(found.times)
    ]  # fmt: skip
    return ["variant", "vehicles", "times as written", "leakers", "share"], rows


def saturation_csv(content: dict[str, Any]) -> str:
    """The curves as a flat table."""
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(["variant", "times", "vehicles", "leakers", "low", "high"])
    for c in content["curves"]:
        for factor, size, x in zip(content["times"], c["sizes"], c["leakers"], strict=True):
            out.writerow([c["variant"], factor, size, x["mean"], x["low"], x["high"]])
    return text.getvalue()
