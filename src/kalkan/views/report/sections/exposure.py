"""What radars learned about friends in peacetime: from a study of signature exposure that a run's folder holds."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from kalkan.views.report.blocks import Cell, Figures, PageBlock, Paragraphs, Points, Section, Table, unbroken
from kalkan.views.report.material import Material
from kalkan.views.report.studies import StoredStudy, studies
from kalkan.views.studies import exposure_figures
from kalkan.views.studies.exposure_words import answer, tables
from kalkan.views.svg import Drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LEAD = (
    "Nothing is simulated here: every friendly flight is flown past every radar, and each look is booked under the "
    "side from which it sees the aircraft. Chance, which is fluctuation and noise, shrinks with the root of the days; "
    "the radar’s own scale, the level of noise under it, and reflectors that must be taken off do not."
)
_CAPTIONS = ("What is collected a day.", "How well sectors of aspect are known.", "What that says of the aircraft.")


def exposure(material: Material) -> Section | None:
    """Looks by aspect, what they tell, and how days shrink the error; None without such a study."""
    found = studies(material, "exposure")
    if not found:
        return None
    blocks: list[PageBlock] = []
    for i, study in enumerate(found):
        blocks += _study(study, i)
    return Section("exposure", "What radars learn about friends", blocks)


def _study(study: StoredStudy, i: int) -> list[PageBlock]:
    blocks: list[PageBlock] = [Points(answer(study).splitlines(), name="findings"), Paragraphs([_LEAD])]
    for kind, name in study["aircraft"].items():
        if exposure_figures.groups(study, kind):
            blocks += [Figures([_rose(study, kind, name, i)]), Figures([_curves(study, kind, name, i)])]
    for caption, (heads, rows) in zip(_CAPTIONS, tables(study), strict=True):
        cells = [[Cell(", ".join(row[:2])), *(Cell(unbroken(text)) for text in row[2:])] for row in rows]
        blocks.append(Table(caption, ["", *heads[2:]], cells, name="exposure"))
    return blocks


def _rose(study: StoredStudy, kind: str, name: str, i: int) -> Drawing:
    group = exposure_figures.groups(study, kind)[0]
    words = [f"{band} band: {b['known']['value']:.0f} of {b['sectors']['value']:.0f} sectors within 1 dB"
             for band, b in group["bands"].items()]  # fmt: skip
    return Drawing(
        f"exposure-map-{kind}-{i}", f"How well each side of the {name} is known", "; ".join(words) + ".",
        f"“{group['variant']}”: sectors of aspect of the {name} as it has them, the nose up, seen from below outside "
        f"and from above inside; error by chance after {study['days']:,} days. Blank: nothing looks from there.",
        partial(_drawn, exposure_figures.maps, study, kind), (7.4, 4.6), (3.7, 8.0),
    )  # fmt: skip


def _curves(study: StoredStudy, kind: str, name: str, i: int) -> Drawing:
    words = [
        f"{g['variant']}, {band} band: ± {b['after_a_day_db']['value'] or 0.0:.2g} dB after a day, "
        f"± {b['after_all_db']['value'] or 0.0:.2g} dB after {study['days']:,}"
        for g in exposure_figures.groups(study, kind) for band, b in g["bands"].items()
    ]  # fmt: skip
    return Drawing(
        f"exposure-days-{kind}-{i}", f"How days shrink the error about the {name}", "; ".join(words) + ".",
        "Median error of the sectors that are looked at, by chance; shaded: between the stances. Dotted: what no "
        "number of days takes away.",
        partial(_drawn, exposure_figures.days, study, kind), (7.4, 3.6), (3.7, 6.4),
    )  # fmt: skip


def _drawn(draw: Any, study: StoredStudy, kind: str, figure: Figure) -> None:
    draw(figure, study, kind)
