"""Whose figures one believes: the same variants under several stances, where the run has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalkan.catalogue import DEFAULT
from kalkan.results.assemble import differences
from kalkan.results.quantity import Measure
from kalkan.views.numbers import number, plus_minus
from kalkan.views.report.blocks import Cell, Figures, PageBlock, Paragraphs, Section, Table, unbroken
from kalkan.views.report.figures.leakers import by_row
from kalkan.views.report.material import Material
from kalkan.views.report.provenance import name_of, shown_value
from kalkan.views.svg import Drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

StanceColumns = dict[str, dict[str, str]]  # stance, label without its stance -> name in the run
MOST = 60  # figures that differ


def stances(material: Material) -> Section | None:
    """Leakers of every variant under every stance; None under a single stance."""
    grid = _grid(material)
    if len(grid) < 2:
        return None
    names = list(dict.fromkeys(n for row in grid.values() for n in row))
    lead = (
        "Public figures contradict each other, and a stance says whose are taken. Everything else is equal, random "
        "numbers included: what differs between the rows is what differs between the claims."
    )
    blocks: list[PageBlock] = [Paragraphs([lead]), Figures([_picture(material, grid, names)])]
    blocks.append(_table(material, grid, names))
    different = _different(material, grid)
    if different is not None:
        blocks.append(different)
    return Section("stances", "Whose figures one believes", blocks)


def _grid(material: Material) -> StanceColumns:
    grid: StanceColumns = {}
    for variant in material.results.variants:
        about = material.results.run["variants"][variant]
        stance = about.get("stance") or DEFAULT
        label = material.label(variant).removesuffix(f", {stance}")  # as the engine labels variants of several stances
        label = about.get("variant", variant) if label == stance else label
        grid.setdefault(stance, {})[label] = variant
    return grid


def _leakers(material: Material, variant: str | None) -> Measure | None:
    return material.measures[variant]["leakers"] if variant else None


def _picture(material: Material, grid: StanceColumns, names: list[str]) -> Drawing:
    rows = list(grid)
    measures = {n: [_leakers(material, grid[s].get(n)) for s in rows] for n in names}

    def draw(figure: Figure) -> None:
        narrow = figure.get_figwidth() < 5.0
        by_row(figure.add_subplot(), rows, measures, letters=18 if narrow else 40)

    words = [f"“{n}”: " + ", ".join(f"{s} {number(m.mean, 2)}" for s, m in zip(rows, ms, strict=True) if m)
             for n, ms in measures.items()]  # fmt: skip
    level = 100 * material.content["confidence"]
    return Drawing(
        "stances", "Leakers under each stance", "Mean leakers by stance. " + "; ".join(words) + ".",
        f"Leakers under each stance: means over {material.n_words} with {level:g} % intervals of chance.",
        draw, (7.4, 0.8 + 0.4 * len(rows)), (3.7, 1.0 + 0.5 * len(rows)),
    )  # fmt: skip


def _table(material: Material, grid: StanceColumns, names: list[str]) -> Table:
    """Leakers by stance and variant, and the difference of each variant from the first."""
    rows = []
    for stance, variants in grid.items():
        cells = [_cell(_leakers(material, variants.get(n))) for n in names]
        base = variants.get(names[0])
        for n in names[1:]:
            other = variants.get(n)
            if base is None or other is None:
                cells.append(Cell("–"))
                continue
            d = differences(material.results, base, material.results, other)["leakers"]
            cells.append(Cell(unbroken(plus_minus(d.mean, d.low, d.high, signed=True)), {"mean": d.mean}))
        rows.append([Cell(stance), *cells])
    heads = ["", *names, *(f"{n}\n− {names[0]} (paired)" for n in names[1:])]
    return Table(f"Leakers by stance, mean per replication over {material.n_words}.", heads, rows, name="stances")


def _different(material: Material, grid: StanceColumns) -> Table | None:
    """The figures that the stances do not take alike, side by side."""
    shown: dict[tuple[str, str], dict[str, str]] = {}
    for stance, variants in grid.items():
        for row in material.results.records[next(iter(variants.values()))].attrs.get("inputs", []):
            shown.setdefault((row["entry"], name_of(row)), {})[stance] = shown_value(row)
    rows = [
        [Cell(f"{entry}: {name}"), *(Cell(values.get(s, "–")) for s in grid)]
        for (entry, name), values in sorted(shown.items())
        if len({values.get(s) for s in grid}) > 1
    ]
    if not rows:
        return None
    caption = f"What the stances take differently: {len(rows)} of {len(shown)} figures"
    caption += "." if len(rows) <= MOST else f", the first {MOST} of them."
    return Table(caption, ["", *grid], rows[:MOST], numeric=False, name="sourced")


def _cell(m: Measure | None) -> Cell:
    return Cell("–") if m is None else Cell(unbroken(plus_minus(m.mean, m.low, m.high)), {"mean": m.mean})
