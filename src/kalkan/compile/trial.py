"""Whether every variant of a scenario can be prepared: what a run finds before it begins, without the run."""

from __future__ import annotations

from kalkan.catalogue import CatalogueError
from kalkan.compile.campaign import compile_scenario
from kalkan.compile.shared import Shared
from kalkan.errors import Problem, ProblemsError
from kalkan.scenario import Scenario


def faults(scenario: Scenario) -> tuple[Problem, ...]:
    """Problems of all variants, each told once.

    Horizon tables are made and kept as a run makes and keeps them: the run that follows has them.
    """
    found: dict[Problem, None] = {}
    shared = Shared()
    for variant in scenario.variants_resolved().values():
        try:
            compile_scenario(variant, variant.catalogue, shared=shared)
        except ProblemsError as error:
            found |= dict.fromkeys(error.problems)
        except CatalogueError as error:
            found[Problem("catalogue", str(error))] = None
    return tuple(found)
