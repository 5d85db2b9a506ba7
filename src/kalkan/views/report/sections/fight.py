"""Why leakers leaked, which raids leaked, and single replications minute by minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kalkan.results import chosen, minutes
from kalkan.schema import KILLED
from kalkan.views.numbers import number
from kalkan.views.report.blocks import Cell, Figures, PageBlock, Paragraphs, Points, Section, Table, result_table
from kalkan.views.report.figures.axes import in_rows
from kalkan.views.report.figures.leakers import by_row
from kalkan.views.report.figures.minutes import channels, raid_lanes, totals
from kalkan.views.report.figures.shares import stacked
from kalkan.views.report.material import Material
from kalkan.views.report.sentences import reasons
from kalkan.views.svg import Drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_VARIANTS = 4  # whose time lines are shown
_KEY = (
    "From the top: events of each raid, a tick for every launch; how many had been seen, killed and leaked; and the "
    "target channels in use of each fire unit, a row as high as it has channels (in brackets). Times at which all are "
    "busy are in the colour of leaks."
)


def why_they_leaked(material: Material) -> Section | None:
    """Reasons and raids; None if nothing leaked."""
    table = material.table("why they leaked")
    if table is None:
        return None
    lead = (
        "A leaker is counted under the furthest stage that the defence reached against it: seen, tracked, in reach, "
        "ordered, held, shot at."
    )
    blocks: list[PageBlock] = [Paragraphs([lead]), Points(reasons(material.content))]
    blocks.append(Figures([reasons_picture(material, table)]))
    caption = f"Leakers by reason, mean per replication with their share of all leakers; {material.n_words}."
    blocks.append(result_table(table, material.content, caption, "reasons"))
    raids = material.table("leakers of each raid")
    if raids is not None and len(raids["rows"]) > 1:
        blocks.append(Figures([raids_picture(material, raids)]))
    return Section("why", "Why they leaked", blocks)


def reasons_picture(material: Material, table: dict[str, object]) -> Drawing:
    """Stacked bars: leakers by reason, and their shares."""
    rows = table["rows"]
    assert isinstance(rows, list)
    labels = [material.label(v) for v in material.results.variants]
    counts = {r["name"]: [v["mean"] if v else 0.0 for v in r["values"]] for r in rows}
    sums = np.array(list(counts.values())).sum(axis=0)
    shares = {k: [100.0 * x / s if s else 0.0 for x, s in zip(v, sums, strict=True)] for k, v in counts.items()}

    def draw(figure: Figure) -> None:
        wide = figure.get_figwidth() > 5.0
        axes = figure.subplots(1, 2, sharey=True) if wide else figure.subplots(2, 1)
        stacked(axes[0], labels, counts, "leakers, mean per replication")
        stacked(axes[1], labels, shares, "share of leakers [%]", places=0, total=100.0, letters=0 if wide else 16)
        legend = in_rows(axes[0].get_legend_handles_labels(), 6 if wide else 2, axes[0])
        figure.legend(loc="outside upper left", columnspacing=1.2, **legend)

    words = [
        f"“{label}”: " + (", ".join(f"{k} {number(v[i], 2)} ({number(shares[k][i], 0)} %)" for k, v in counts.items())
                          if sums[i] else "no leakers")
        for i, label in enumerate(labels)
    ]  # fmt: skip
    height = 0.95 + 0.42 * len(labels)
    return Drawing(
        "reasons", "Why leakers leaked", "Stacked bars of leakers by reason. " + "; ".join(words) + ".",
        f"Why leakers leaked: means over {material.n_words} of each variant, then as shares of all leakers. "
        "Intervals are in the table.",
        draw, (7.4, height), (3.7, 1.6 + 1.0 * len(labels)),
    )  # fmt: skip


def raids_picture(material: Material, table: dict[str, object]) -> Drawing:
    """Leakers of each raid with intervals."""
    rows = table["rows"]
    assert isinstance(rows, list)
    keys = [r["key"] for r in rows]
    names = [r["name"] for r in rows]
    measures = {material.label(v): [material.measures[v].get(k) for k in keys] for v in material.results.variants}

    def draw(figure: Figure) -> None:
        narrow = figure.get_figwidth() < 5.0
        ax = figure.add_subplot()
        by_row(ax, names, measures, letters=18 if narrow else 40)

    words = [
        f"“{label}”: " + ", ".join(f"{n} {number(m.mean, 2)}" for n, m in zip(names, ms, strict=True) if m)
        for label, ms in measures.items()
    ]
    level, n = 100 * material.content["confidence"], len(measures)
    return Drawing(
        "by-raid", "Leakers of each raid", "Mean leakers by raid. " + "; ".join(words) + ".",
        f"Leakers of each raid (its size in brackets): means over {material.n_words} with {level:g} % intervals.",
        draw, (7.4, 0.8 + 0.34 * len(names) + 0.06 * n), (3.7, 1.1 + 0.5 * len(names) + 0.12 * n),
    )  # fmt: skip


def minute_by_minute(material: Material) -> Section | None:
    """Which replications are worth a look; a typical and the worst one of each variant as pictures."""
    lead = (
        "Means hide how a fight goes. The **typical** replication is the one nearest to the medians of leakers, value "
        "lost, kills and interceptors spent; the **best** has fewest leakers, then least value lost, and the **worst** "
        "most. Replays, exports and the app mean the same ones; `kalkan replay` plays any of them by its number."
    )
    blocks: list[PageBlock] = [Paragraphs([lead]), picks_table(material)]
    picks = {v: _picked(material, v) for v in material.results.variants[:MOST_VARIANTS]}
    spans = [_span_s(material, v, row) for v, rows in picks.items() for row in rows.values()]
    span_s = (min(first for first, _ in spans), max(last for _, last in spans))
    for v, rows in picks.items():
        blocks.append(Figures([minutes_picture(material, v, kind, row, span_s) for kind, row in rows.items()]))
    blocks.append(Paragraphs([_KEY], name="note"))
    return Section("minutes", "Minute by minute", blocks)


def picks_table(material: Material) -> Table:
    """The numbers of the best, a typical and the worst replication of every variant, with their leakers."""
    rows = []
    for v in material.results.variants:
        quantities, replications = material.results.quantities[v], material.results.records[v].replications
        picked = {kind: pick(quantities) for kind, pick in chosen.PICKS.items()}
        leakers = quantities["leakers"].values
        cells = [
            Cell(f"{replications[row]} ({number(float(leakers[row]), 0)})", {"replication": int(replications[row])})
            for row in picked.values()
        ]
        rows.append([Cell(material.label(v)), *cells])
    caption = "Numbers of the replications, counted from 0, and in brackets how many leaked."
    return Table(caption, ["", *chosen.PICKS], rows, name="picks")


def _picked(material: Material, variant: str) -> dict[str, int]:
    """Rows of the typical and the worst replication; the typical alone if it is the worst as well."""
    quantities = material.results.quantities[variant]
    typical, worst = chosen.typical(quantities), chosen.worst(quantities)
    return {"typical": typical} if typical == worst else {"typical": typical, "worst": worst}


def _span_s(material: Material, variant: str, row: int) -> tuple[float, float]:
    """Beginning and end of what a time line shows of a replication, with some room [s]."""
    records = material.results.records[variant]
    events = material.results.events(variant, int(records.replications[row]))
    in_use = minutes.channels_in_use(events, records.labels["unit"])
    shown = [m.times_s for m in minutes.marks(events).values()] + [steps.times_s for steps in in_use.values()]
    times = np.concatenate(shown)
    last = float(times.max(initial=60.0)) + 30.0
    return max(0.0, float(times.min(initial=last)) - 60.0), last


def minutes_picture(material: Material, variant: str, kind: str, row: int, span_s: tuple[float, float]) -> Drawing:
    """The time line of one replication, from and to the given times [s]."""
    records = material.results.records[variant]
    replication = int(records.replications[row])
    events = material.results.events(variant, replication)
    of = list(records.attrs["threat_raid"])
    raids = list(dict.fromkeys(of))
    raid_of = [raids.index(name) for name in of]
    marks = minutes.marks(events)
    in_use = minutes.channels_in_use(events, records.labels["unit"])
    have = [int(x) for x in records.attrs.get("unit_target_channels", [])]
    begin_s, end_s = span_s

    def draw(figure: Figure) -> None:
        heights = [0.5 + 0.45 * len(raids), 1.3, 0.3 + 0.34 * len(in_use)]
        top, middle, bottom = figure.subplots(3, 1, sharex=True, height_ratios=heights)
        raid_lanes(top, raids, raid_of, marks, columns=4)
        totals(middle, marks, end_s)
        channels(bottom, in_use, have, end_s)
        bottom.set_xlim(begin_s / 60.0, end_s / 60.0)

    n = {k: m.times_s.size for k, m in marks.items()}
    killed = int((records.of_threats("threat_outcome")[row] == KILLED).sum())
    after = int(records.of_side()[marks["kill"].subjects].sum()) - killed
    label = material.label(variant)
    peaks = ", ".join(f"{name} {number(s.peak, 0)}" for name, s in in_use.items())
    height = 2.2 + 0.4 * len(raids) + 0.34 * len(in_use)
    return Drawing(
        f"minutes-{_slug(variant)}-{kind}", f"Time line of the {kind} replication of “{label}”",
        f"From minute {number(begin_s / 60, 0)} to {number(end_s / 60, 0)}: {n['seen']} of {len(of)} air vehicles "
        f"seen, {n['launch']} interceptors launched, {n['kill']} kills, {n['leak']} leaks. Most target channels in use "
        f"at once: {peaks}.",
        f"“{label}”, {kind} replication (number {replication}, counted from 0): "
        f"{killed} killed and {n['leak']} leaked of {len(of)}, with {n['launch']} launches"
        f"{f' (and {after} killed after their release)' if after else ''}.",
        draw, (4.1, height), None,
    )  # fmt: skip


def _slug(text: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in text.lower())
