"""Pictures of the coverage, for whoever asks: the editor about its text, the replay about what was run."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from kalkan.apps.web.messages import CoverageLook
from kalkan.errors import Problem, ProblemsError
from kalkan.scenario import Scenario

if TYPE_CHECKING:
    from kalkan.cover.redraw import Redraw


class Looks:
    """The pictures of one server; what they have in common is kept."""

    @functools.cached_property
    def _redraw(self) -> Redraw:
        from kalkan.cover.redraw import Redraw

        return Redraw()

    def picture(self, scenario: Scenario, sent: CoverageLook) -> dict[str, Any]:
        """:func:`kalkan.views.coverage.picture.coverage_picture` of one variant.

        Raises
        ------
        ProblemsError
            There is no such air vehicle; or see :meth:`kalkan.cover.redraw.Redraw.picture`.
        """
        from kalkan.cover.asking import target_of
        from kalkan.scenario.nouns.fields import Altitude
        from kalkan.views.coverage.picture import coverage_picture

        found: list[Problem] = []
        target = target_of(scenario, scenario.catalogue, sent.target, "target", found)
        if found:
            raise ProblemsError(found)
        height = Altitude(sent.height_m, sent.above)
        return coverage_picture(scenario, sent.shows, target, height, self._redraw)
