"""At which range raids are seen, tracked, shot at and intercepted, and what these ranges are worth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kalkan.results.quantity import Measure
from kalkan.results.ranges import STAGES
from kalkan.views.numbers import number
from kalkan.views.report.blocks import Figures, PageBlock, Paragraphs, Points, Section, result_table
from kalkan.views.report.figures.leakers import first_contact
from kalkan.views.report.material import Material
from kalkan.views.run.range_tables import HORIZON, LOW, range_notes, title_of
from kalkan.views.svg import Drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LEAD = (
    "Over a smooth earth an antenna at height h1 sees a target at h2 no farther than √(2kR)·(√h1 + √h2), with heights "
    "above the sea, k for refraction and R the earth’s radius. A long range against low flyers therefore says first of "
    "all that the antenna stands high."
)
_LOW = (
    "What is said in public about low flyers holds for a vehicle on flat ground. Beside it stand where each low raid "
    "is intercepted in this laydown, and the horizon of the same antenna if its site were flat and at sea level."
)


_DOTS = {
    "first seen": ("first_plot",), "first tracked": ("first_track",),
    "first shot at": ("met_launch", "first_launch"), "first intercept": ("first_intercept",),
}  # fmt: skip


def ranges(material: Material) -> Section | None:
    """Ranges of first contact with antennas, horizons and public claims; None if nothing was seen."""
    contact = contact_picture(material)
    if contact is None:
        return None
    blocks: list[PageBlock] = [Paragraphs([_LEAD]), Figures([contact])]
    for title in [*map(title_of, STAGES), HORIZON]:
        blocks += _table(material, title, f"{title[0].upper()}{title[1:]}; means over {material.n_words}.")
    notes = range_notes(material.content["tables"])
    if notes:
        blocks.append(Points([f"{note[0].upper()}{note[1:]}." for note in notes], name="range-notes"))
    low = _table(material, LOW, "Low raids beside what is claimed in public.")
    return Section("ranges", "Ranges", [*blocks, *([Paragraphs([_LOW]), *low] if low else [])])


def _table(material: Material, title: str, caption: str) -> list[PageBlock]:
    table = material.table(title)
    return [] if table is None else [result_table(table, material.content, caption, "ranges")]


def contact_picture(material: Material) -> Drawing | None:
    """Ranges of each stage of first contact by raid, under the first variant."""
    variant = material.results.variants[0]
    measures = material.measures[variant]
    raids = list(dict.fromkeys(material.results.records[variant].attrs["threat_raid"]))
    stages = {name: [_kilometres(_first(measures, keys, raid)) for raid in raids] for name, keys in _DOTS.items()}
    if all(x != x for km in stages.values() for x in km):
        return None

    def draw(figure: Figure) -> None:
        narrow = figure.get_figwidth() < 5.0
        ax = figure.add_subplot()
        first_contact(ax, raids, stages, letters=18 if narrow else 40)

    words = [
        f"{raid}: " + ", ".join(f"{name} at {number(km[i], 0)} km" for name, km in stages.items())
        for i, raid in enumerate(raids)
    ]
    return Drawing(
        "contact", "Ranges of first contact", "; ".join(words) + ".",
        f"“{material.label(variant)}”: slant range at which each raid’s members are first seen by a search radar, "
        f"first tracked, first shot at and first intercepted, means over {material.n_words}. The last two are of the "
        "same members, those that were both; where the intercept lies farther out, they were flying away.",
        draw, (7.4, 0.8 + 0.32 * len(raids)), (3.7, 1.1 + 0.46 * len(raids)),
    )  # fmt: skip


def _first(measures: dict[str, Measure], keys: Sequence[str], raid: str) -> Measure | None:
    """The first of several ranges that a raid has."""
    found = (measures.get(f"{key}_range/{raid}") for key in keys)
    return next((m for m in found if m is not None and m.mean == m.mean), None)


def _kilometres(m: Measure | None) -> float:
    return float("nan") if m is None else m.mean / 1000.0
