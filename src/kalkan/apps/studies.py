"""Commands of studies about what is not known: each parses its words, asks ``results`` and prints ``views``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kalkan.scenario import Scenario


def run_or_until(
    scenario: Scenario, until: str | None, *, replications: int | None, variants: Sequence[str] | None, **options: Any
) -> int:
    """Run a fixed number of replications, or until a goal; how many per variant there are to look at."""
    from kalkan.engine.run import run_study

    if until is None:
        run_study(scenario, replications=replications, variants=variants, **options)
        return scenario.study.replications if replications is None else replications
    from kalkan.results.until import read_until, run_until

    goals = read_until(until, scenario, variants)
    told = run_until(scenario, goals, most=replications, variants=variants, **options)
    return int(told["replications"])
