"""A campaign: how it goes wave by wave, and what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from kalkan.results.by_wave import OF_WAVE
from kalkan.results.declared import DAY_S
from kalkan.views.report.blocks import Figures, PageBlock, Paragraphs, Section, result_table
from kalkan.views.report.figures.axes import in_rows
from kalkan.views.report.figures.waves import over_days
from kalkan.views.report.material import Material
from kalkan.views.svg import Drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LEAD = (
    "Raids come in waves, on one defence. Rounds that are spent, parts that are hit and assets that are destroyed are "
    "still so when the next wave comes; between waves only supply, failures and repairs happen. The raids come as they "
    "are written, and nothing chooses them."
)
_PANELS = {  # families that are drawn, and their axes
    "leakers_of_wave": "leakers of the wave",
    "value_after_wave": "value kept after it [%]",
    "units_ready_at_wave": "fire units ready",
    "rounds_at_wave": "rounds on launchers",
}


def waves(material: Material) -> Section | None:
    """Curves and tables over the waves; None where there are none, or one only."""
    here = [v for v in material.results.variants if len(material.results.records[v].labels.get("wave", ())) > 1]
    if not here:
        return None
    blocks: list[PageBlock] = [Paragraphs([_LEAD]), Figures([_curves(material, here)])]
    supply = material.table("supply")
    if supply is not None:
        caption = f"What kept the defence going, mean per replication over {material.n_words}."
        blocks.append(result_table(supply, material.content, caption, "supply"))
    for key, title in OF_WAVE.items():
        table = material.table(title)
        if table is not None and key != "leakers_of_day" and _tells(table):
            caption = f"{title[0].upper()}{title[1:]}, mean per replication over {material.n_words}."
            blocks.append(result_table(table, material.content, caption, key.replace("_", "-")))
    return Section("waves", "Wave by wave", blocks)


def _tells(table: dict[str, Any]) -> bool:
    """Whether anything in it is not nothing."""
    return any(v is not None and v["mean"] for row in table["rows"] for v in row["values"])


def _curves(material: Material, here: list[str]) -> Drawing:
    results = material.results
    days = {material.label(v): _days(results.records[v]) for v in here}
    found = {key: {material.label(v): _row(material, v, key) for v in here} for key in _PANELS}

    def draw(figure: Figure) -> None:
        wide = figure.get_figwidth() > 5.0
        axes = figure.subplots(2, 2).ravel() if wide else figure.subplots(4, 1)
        for ax, (key, words) in zip(axes, _PANELS.items(), strict=True):
            over_days(ax, found[key], days, words)
        if len(here) > 1:
            legend = in_rows(axes[0].get_legend_handles_labels(), 2 if wide else 1, axes[0])
            figure.legend(loc="outside upper left", columnspacing=1.2, **legend)

    last = {
        label: (leaks[-1] or {"mean": 0.0})["mean"] for label, leaks in found["leakers_of_wave"].items()
    }
    words = "; ".join(f"“{label}”: {mean:.3g} leak in the last wave" for label, mean in last.items())
    return Drawing(
        "waves", "The campaign wave by wave", f"Curves over the days of the campaign. {words}.",
        f"Leakers of each wave, value kept after it, fire units and rounds ready as it begins: means over "
        f"{material.n_words} of each variant, 95 % intervals shaded. Lines between waves only "
        "lead the eye.",
        draw, (7.4, 5.0), (3.7, 8.6),
    )  # fmt: skip


def _days(records: Any) -> list[float]:
    """When each wave comes, on average [days]; the first day begins at 1."""
    return [1.0 + float(x) / DAY_S for x in np.mean(records.arrays["wave_start_s"], axis=0)]


def _row(material: Material, variant: str, key: str) -> list[dict[str, Any] | None]:
    measures, names = material.measures[variant], material.results.records[variant].labels["wave"]
    found = [measures.get(f"{key}/{name}") for name in names]
    return [None if m is None else {"mean": m.mean, "low": m.low, "high": m.high} for m in found]
