"""``kalkan.exposure``: what radars learn about friends that fly beside them, told."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from kalkan.catalogue import DEFAULT
from kalkan.compile.shared import Shared
from kalkan.cover.collecting import Collected, collect
from kalkan.engine.run import chosen
from kalkan.scenario import ScenarioSource, load
from kalkan.views.progress import watched
from kalkan.views.studies import exposure_words as words
from kalkan.views.studies.finding import Finding
from kalkan.views.studies.inquiry import Asked, mistake

ENDS = ("low", "high")  # stances between which the answer lies
MOST_DAYS = 36_500


@watched
def exposure(
    scenario: ScenarioSource, *, days: int | None = None, reflectors: bool = False, **asked: Any
) -> Finding[list[Collected]]:
    """Say what each radar learns about friendly aircraft in peacetime: looks by aspect, and what they tell.

    Nothing is simulated and nothing drawn: it is an expectation over the friendly flights of the scenario. Without a
    stance, everything is asked under the scenario's own and under ``low`` and ``high``, which stand as the range.

    Parameters
    ----------
    scenario : path, table or Scenario
        With ``[[flights]]`` of friends; its ``[exposure]`` table says how often they fly.
    days : int, optional
        Days of observation; default the file's.
    reflectors : bool
        They fly with reflectors, in every variant.

    Raises
    ------
    ProblemsError
        The scenario or one of the arguments is wrong, or no friend flies.
    TerrainError
        The terrain cannot be read.
    """
    how = Asked(scenario, **asked)
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise mistake("--days", f"= {days} must be a whole number from 1 to {MOST_DAYS:,}")
    loaded = load(how.scenario, files=[Path(f) for f in how.files])
    names = chosen(loaded, how.variants, 1, 0, 1)
    stances = [how.stance] if how.stance else list(dict.fromkeys([loaded.stance or DEFAULT, *ENDS]))
    tell = how.progress.note if how.progress else lambda _: None
    found, shared = list[Collected](), Shared()
    for stance in stances:
        variants = loaded.with_stances([stance]).variants_resolved()
        for name in names:
            taken = variants[name]
            found += collect(taken, taken.catalogue, days=days, reflectors=reflectors, progress=tell, shared=shared)
    content = words.content(found, loaded.title, stances)
    figures = {
        f"exposure-{kind}-{part}": partial(_figure, content, kind, part)
        for kind in content["aircraft"]
        for part in ("map", "days")
    }
    heading = f"{loaded.title} — signature exposure over {content['days']:,} days"
    return Finding(
        heading, found, content, words.tables(content), words.answer(content), figures, how.folder, "exposure", 2,
        words.sectors_csv(found),
    )  # fmt: skip


def _figure(content: dict[str, Any], kind: str, part: str) -> Any:
    from kalkan.views.studies import exposure_figures as figures

    return figures.whole(content, kind, part)
