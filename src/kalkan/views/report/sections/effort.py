"""Missiles and money, and what each system did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kalkan.money import PRICE_YEAR
from kalkan.results.by_system import OF_POST, OF_RADAR, OF_UNIT
from kalkan.results.quantity import Measure
from kalkan.results.shooters import KILLS, MET, RANGE, SHOT
from kalkan.views.numbers import number, plus_minus
from kalkan.views.report.blocks import Cell, Figures, PageBlock, Points, Section, Table, result_table, unbroken
from kalkan.views.report.doctrines import doctrines
from kalkan.views.report.figures.axes import in_rows
from kalkan.views.report.figures.shares import stacked
from kalkan.views.report.material import Material
from kalkan.views.report.sentences import at_decoys, interceptors
from kalkan.views.svg import Drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_KM = 1e3

def missiles_and_money(material: Material) -> Section | None:
    """Interceptors spent and left, prices where the catalogue has them."""
    table = material.table("missiles")
    if table is None:
        return None
    told = [*interceptors(material.content), *at_decoys(material.content), _exchange(material)]
    blocks: list[PageBlock] = [Points(told), Figures([spent_picture(material)])]
    over = f"mean per replication over {material.n_words}"
    blocks.append(result_table(table, material.content, f"Interceptors and engagements, {over}.", "missiles"))
    money = material.table("money")
    if money is not None:
        caption = (
            f"Money, {over}: prices by the claims listed below, brought to dollars of {PRICE_YEAR} by the US consumer "
            "price index. Cost exchange counts interceptors spent against the air vehicles killed; damage is the cost "
            "that the scenario writes for its assets, in proportion to the hits until one is destroyed."
        )
        blocks.append(result_table(money, material.content, caption, "money"))
    return Section("effort", "Missiles and money" if money else "Missiles", blocks)


def _exchange(material: Material) -> str:
    """Interceptors for a kill, and dollars for a dollar, of every variant."""
    told = []
    for v in material.results.variants:
        kill, dollar = (material.measures[v].get(key) for key in ("shots_per_kill", "cost_exchange"))
        if kill is None or kill.mean != kill.mean:
            continue
        told.append(f"“{material.label(v)}” spends **{_text(kill)}** interceptors for each air vehicle killed")
        if dollar is not None and dollar.mean == dollar.mean:
            told[-1] += f" and **{_text(dollar)}** dollars for a dollar’s worth of them"
    return "; ".join(told) + "." if told else "No air vehicle was killed."


def spent_picture(material: Material) -> Drawing:
    """Stacked bars: spent and left ready, by type of interceptor."""
    variants = material.results.variants
    labels = [material.label(v) for v in variants]
    types = list(dict.fromkeys(t for v in variants for t in material.results.records[v].labels["interceptor"]))
    parts = {}
    for key, word in (("spent_of_type", "spent"), ("rounds_left", "left ready")):
        for t in types:
            values = [material.measures[v].get(f"{key}/{t}") for v in variants]
            parts[f"{material.entry_name(t)} {word}"] = [m.mean if m else 0.0 for m in values]

    def draw(figure: Figure) -> None:
        narrow = figure.get_figwidth() < 5.0
        ax = figure.add_subplot()
        stacked(ax, labels, parts, "interceptors, mean per replication", places=0)
        legend = in_rows(ax.get_legend_handles_labels(), 2 if narrow else 4, ax)
        figure.legend(loc="outside upper left", columnspacing=1.2, **legend)

    words = [
        f"“{label}”: " + ", ".join(f"{k} {number(v[i], 1)}" for k, v in parts.items()) for i, label in enumerate(labels)
    ]
    height = 0.95 + 0.42 * len(labels) + 0.25 * (len(parts) > 4)
    return Drawing(
        "spent", "Interceptors spent and left", "Stacked bars of interceptors. " + "; ".join(words) + ".",
        f"Interceptors spent and left ready on launchers at the end: means over {material.n_words} of each variant. "
        "Intervals are in the table.",
        draw, (7.4, height), (3.7, height + 0.5),
    )  # fmt: skip


def what_each_did(material: Material) -> Section | None:
    """Fire units, radars and posts one by one."""
    blocks: list[PageBlock] = []
    level = 100 * material.content["confidence"]
    over = f"Mean per replication over {material.n_words} with {level:g} % intervals."
    for title, group, told in (("Fire units", "unit", OF_UNIT), ("Radars that search", "radar", OF_RADAR),
                               ("Command posts", "post", OF_POST)):
        rows = list(_rows(material, group, [e.variable for e in told], active=group == "radar"))
        blocks.append(Table(f"{title}. {over}", ["", *(e.head for e in told)], rows, name=f"{group}s"))
    return Section("systems", "What each system did", [*who_shot_what(material), *blocks])


def who_shot_what(material: Material) -> Iterator[PageBlock]:
    """How each system fights, in sentences, and a table of fire units against types of air vehicle."""
    told = {line for v in material.results.variants for line in doctrines(material.results.records[v].attrs)}
    if told:
        yield Points(sorted(told))
    rows = list(_shooter_rows(material))
    if rows:
        yield Table(_SHOOTERS, ["", "shot at first", "at [km]", "met at [km]", "kills"], rows, name="shooters")


_SHOOTERS = (
    "Who shot what at what range: of each type of air vehicle how many a unit was the first to shoot at, how far off "
    "those were, how far off its interceptors first met one, and its kills; means per replication."
)


def _shooter_rows(material: Material) -> Iterator[list[Cell]]:
    """A heading per variant where there are several; units that neither shot at a type nor killed one are left out."""
    for v in material.results.variants:
        if len(material.results.variants) > 1:
            yield [Cell(material.label(v))]
        measures = material.measures[v]
        for key in (k for k in measures if k.startswith(f"{SHOT}/")):
            ending = key.removeprefix(SHOT)
            found = [measures[what + ending] for what in (SHOT, RANGE, MET, KILLS)]
            if found[0].mean or found[-1].mean:
                yield [Cell(found[0].name), *(Cell(_text(m, m.unit), _data(m)) for m in found)]


def _rows(material: Material, group: str, variables: Sequence[str], *, active: bool = False) -> Iterator[list[Cell]]:
    """A heading per variant where there are several; with `active`, without those for which all is 0."""
    several = len(material.results.variants) > 1
    for v in material.results.variants:
        if several:
            yield [Cell(material.label(v))]
        for name in material.results.records[v].labels[group]:
            values = [material.measures[v].get(f"{key}_of_{group}/{name}") for key in variables]
            if active and not any(m.mean for m in values if m):
                continue
            yield [Cell(name), *(Cell(_text(m), _data(m)) for m in values)]


def _text(m: Measure | None, unit: str = "1") -> str:
    scale = _KM if unit == "m" else 1.0
    return "–" if m is None else unbroken(plus_minus(m.mean / scale, m.low / scale, m.high / scale))


def _data(m: Measure | None) -> dict[str, float]:
    return {} if m is None else {"mean": m.mean}
