"""How large a raid the defence takes: from a study of saturation that a run's folder holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kalkan.views.numbers import percent, plus_minus
from kalkan.views.report.blocks import Cell, Figures, PageBlock, Paragraphs, Points, Section, Table, unbroken
from kalkan.views.report.figures.saturation import bent
from kalkan.views.report.material import Material
from kalkan.views.report.studies import StoredStudy, studies
from kalkan.views.svg import Drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LEAD = (
    "The raid is taken as it is written and every part of it multiplied by the same factors; nothing looks for a worse "
    "one. The knee is where two straight lines that tell the leakers meet: below it a raid loses the share that always "
    "gets through, beyond it what there is no round or channel for. Its interval is that of chance."
)


def saturated(material: Material) -> Section | None:
    """Leakers over the size of the raid, with the knee; None without such a study."""
    found = studies(material, "saturation")
    if not found:
        return None
    blocks: list[PageBlock] = [Paragraphs([_LEAD])]
    for i, study in enumerate(found):
        lasts = "lasts as long as written" if study["same_duration"] else "lasts longer at the spacing that is written"
        blocks += [
            Points([f"{line}." for line in study["answer"].splitlines()], name="findings"),
            Figures([_curves(study, i)]),
            Paragraphs([f"A larger raid {lasts}."], name="note"),
            _table(study),
        ]
    return Section("saturation", "How large a raid it takes", blocks)


def _curves(study: StoredStudy, i: int) -> Drawing:
    def draw(figure: Figure) -> None:
        bent(figure.add_subplot(), study["curves"])

    return Drawing(
        f"saturation-{i}", "Leakers over the size of the raid", study["answer"].replace("\n", "; ") + ".",
        f"Leakers over the vehicles of all raids: means over {study['replications']:,} replications at each size, "
        "shared; 95 % intervals shaded. Dashed: the knee, with its interval.",
        draw, (7.4, 3.4), (3.7, 3.6),
    )  # fmt: skip


def _table(study: StoredStudy) -> Table:
    rows = [
        [
            Cell(f"{c['variant']}, {size:,} vehicles"),
            Cell(f"{factor:g}"),
            Cell(_text(x), {"mean": x["mean"]}),
            Cell(percent(x["mean"] / size)),
        ]
        for c in study["curves"]
        for factor, size, x in zip(study["times"], c["sizes"], c["leakers"], strict=True)
    ]
    caption = f"Leakers over the size of the raid, mean over {study['replications']:,} replications at each."
    return Table(caption, ["", "times as written", "leakers", "share"], rows, name="saturation")


def _text(record: dict[str, Any]) -> str:
    low, high = (float("nan") if record[k] is None else record[k] for k in ("low", "high"))
    return unbroken(plus_minus(record["mean"], low, high))
