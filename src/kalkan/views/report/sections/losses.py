"""Losses of the defence: what was put out, for how long, and how long fire units fought alone."""

from __future__ import annotations

from kalkan.views.report.blocks import Paragraphs, Section, result_table
from kalkan.views.report.material import Material

LOSSES = "losses of the defence"
_LEAD = (
    "Parts of the defence were out of action, by outages that the scenario writes or by hits. A fire unit without a "
    "post that leads it searches with its own radar and orders itself; what others engage it does not know."
)


def losses(material: Material) -> Section | None:
    """What the defence lost; None where it lost nothing."""
    table = material.table(LOSSES)
    if table is None:
        return None
    caption = f"Losses of the defence, mean per replication over {material.n_words}; times are sums over parts."
    return Section("losses", "Losses of the defence", [
        Paragraphs([_LEAD]), result_table(table, material.content, caption, "losses"),
    ])  # fmt: skip
