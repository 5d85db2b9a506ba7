"""Pictures of the coverage, for whoever asks: the editor about its text, the replay about what was run."""

from __future__ import annotations

from typing import Any

from kalkan.apps.web.messages import CoverageLook
from kalkan.errors import Problem, ProblemsError
from kalkan.scenario import Scenario


def looked(scenario: Scenario, sent: CoverageLook) -> dict[str, Any]:
    """:func:`kalkan.views.coverage_picture.coverage_picture` of one variant.

    Raises
    ------
    ProblemsError
        There is no such air vehicle; or see :func:`kalkan.cover.redraw.picture`.
    """
    from kalkan.cover.asking import target_of
    from kalkan.scenario.fields import Altitude
    from kalkan.views.coverage_picture import coverage_picture

    found: list[Problem] = []
    target = target_of(scenario, scenario.catalogue, sent.target, "target", found)
    if found:
        raise ProblemsError(found)
    return coverage_picture(scenario, sent.shows, target, Altitude(sent.height_m, sent.above))
