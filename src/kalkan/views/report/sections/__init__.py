"""Sections, in the order of the page.

A section is a function from :class:`~kalkan.views.report.material.Material` to a
:class:`~kalkan.views.report.blocks.Section`, or to None where the run has nothing for it. To add one, write the
function and name it in ``SECTIONS``.
"""

from __future__ import annotations

from collections.abc import Callable

from kalkan.views.report.blocks import Section
from kalkan.views.report.material import Material
from kalkan.views.report.sections import (
    answer,
    batches,
    effort,
    exposure,
    fight,
    losses,
    picture,
    place,
    ranges,
    saturation,
    sources,
    stances,
    unknown,
    waves,
)

SECTIONS: tuple[Callable[[Material], Section | None], ...] = (
    answer.answer,
    unknown.not_known,
    unknown.what_matters,
    stances.stances,
    batches.batches,
    waves.waves,
    place.place,
    fight.why_they_leaked,
    picture.picture,
    fight.minute_by_minute,
    losses.losses,
    effort.missiles_and_money,
    unknown.enough,
    saturation.saturated,
    ranges.ranges,
    effort.what_each_did,
    exposure.exposure,
    sources.figures_used,
    sources.limits,
    sources.reproduce,
)


def sections(material: Material) -> list[Section]:
    """Those that the run has something for."""
    return [made for made in (build(material) for build in SECTIONS) if made is not None]
