"""What is not known, what matters, and where more does not help: from the studies that a run's folder holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kalkan.results.declared import MEASURES
from kalkan.results.drawn import SHOWN
from kalkan.views.numbers import percent, plus_minus
from kalkan.views.report.blocks import (
    MOST_ACROSS,
    Cell,
    Figures,
    PageBlock,
    Paragraphs,
    Points,
    Section,
    Table,
    unbroken,
)
from kalkan.views.report.figures.unknown import curves, tornado
from kalkan.views.report.material import Material
from kalkan.views.report.studies import StoredStudy, answer_of, studies
from kalkan.views.studies import furthering, propagation
from kalkan.views.studies.records import kept_sentence
from kalkan.views.svg import Drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_BARS = 12
MOST_DRIVERS = 8


# ---- propagation
def not_known(material: Material) -> Section | None:
    """Chance and what the sources dispute, side by side."""
    found = studies(material, "propagation")
    if not found:
        return None
    blocks: list[PageBlock] = []
    for study in found:
        blocks += _propagation(study)
    return Section("unknown", "How sure one can be", blocks)


def _propagation(study: StoredStudy) -> list[PageBlock]:
    about = (
        f"The disputed figures were drawn {study['draws']:,} times from what the sources claim, each draw with "
        f"{study['replications_per_draw']:,} replications. The means are over all draws; those of section 1 take one "
        "figure for each quantity."
    )
    lead = Paragraphs([f"**{_sentence(answer_of(study))}**", about])
    blocks: list[PageBlock] = [lead, drawn(study, SHOWN, "propagated")]
    if propagation.clear(study["drivers"]) is None:
        return [*blocks, Paragraphs([_none_clear(study["draws"])], name="note")] if study["drivers"] else blocks
    drivers = [
        [Cell(propagation.members(d["quantities"])), Cell(percent(d["share"]), {"share": d["share"]}),
         Cell(_chance(d["p"])), Cell(percent(d["first"]), {"first": d["first"]})]
        for d in study["drivers"][:MOST_DRIVERS]
    ]  # fmt: skip
    caption = (
        "What drives it: share of the spread of the answer that goes with each claim, how often luck alone would look "
        "as strong, and in how many resamples of the draws it ranks first."
    )
    return [*blocks, Table(caption, ["", "share", "by luck", "first"], drivers, name="drivers")]


def drawn(study: StoredStudy, keys: Sequence[str], name_of_table: str) -> Table:
    """Measures over draws of the claims: means with intervals, and quantiles of what is not known."""
    variants, differences = study["variants"], study["differences"]
    few = len(variants) + len(differences) <= MOST_ACROSS
    rows = []
    for key in propagation.measured(study, keys):
        cells = [_drawn(v[key], key) for v in variants.values()]
        pairs = [_drawn(d[key], key, signed=True) for d in differences.values()]
        cells = [*cells, *pairs] if few else [replace(c, under=u) for c, u in zip(cells, [None, *pairs], strict=True)]
        name = MEASURES[key].name + propagation.scale_of(key)[1]
        rows.append([Cell(name, {"key": key}), *cells])
    caption = f"With the disputed claims drawn: {propagation.legend(study)}."
    caption += "" if few else f" Below each: its difference from “{next(iter(variants))}”."
    return Table(caption, ["", *variants, *(differences if few else [])], rows, name=name_of_table)


def _drawn(record: dict[str, Any], key: str, *, signed: bool = False) -> Cell:
    data = {k: record[k] for k in ("mean", "low", "high")}
    text = unbroken(propagation.cell(record, key, signed=signed, between=" "))
    return Cell(text.replace("\N{NO-BREAK SPACE}[", " ["), data)


def drawn_claims(material: Material) -> list[PageBlock]:
    """The headline over draws of the claims; nothing where they were not drawn."""
    found = studies(material, "propagation") or [u for u in [material.content["unknown"]] if u["asked"]]
    return [drawn(study, propagation.HEADLINE, "drawn") for study in found[-1:]]


def not_asked(material: Material) -> Paragraphs:
    """A box that says that what is not known was not asked."""
    why = material.content["unknown"]["why"]
    told = (
        f"**What is not known was not asked** ({why}). The sources contradict each other on many of the figures behind "
        "this answer, and no number of replications tells what that does to it; `kalkan propagate` does."
    )
    return Paragraphs([told], name="box")


def _none_clear(draws: int) -> str:
    return (
        f"No single claim stands out: with {draws:,} draws, none is both clear of luck ({100 * propagation.CLEAR:g} %) "
        f"and the first in {100 * propagation.FIRST:g} % of resamples of the draws. More draws (--budget) may tell; "
        "kalkan sensitivity moves one claim at a time."
    )


# ---- sensitivity
def what_matters(material: Material) -> Section | None:
    """Which disputed quantity moves the answer most."""
    found = studies(material, "sensitivity")
    if not found:
        return None
    blocks: list[PageBlock] = []
    for i, study in enumerate(found):
        blocks += _sensitivity(study, i)
    return Section("matters", "Which disputed claim matters most", blocks)


def _sensitivity(study: StoredStudy, i: int) -> list[PageBlock]:
    moving = [q for q in study["quantities"] if q["swing"] > 0.0]
    bars = sorted(moving, key=lambda q: -q["swing"])[:MOST_BARS]
    answer = study["answer"]
    beyond = sum(_beyond_chance(q) for q in moving)
    n = len(study["quantities"])
    lead = (
        f"By the claims used, {_of(study)}: **{_text(answer)}**. Each of {n} disputed quantities was set "
        f"alone to its lowest and to its highest claim, {study['replications']:,} replications each, with the "
        f"same random numbers: **{beyond}** of them move the answer by more than the interval of chance; of so many, "
        "some do so by luck."
    )
    blocks: list[PageBlock] = [Paragraphs([lead])]
    if not bars:
        return blocks
    rows = [
        [Cell(q["name"]), Cell(str(q["low"]["figure"])), Cell(_text(q["low"]["change"], signed=True)),
         Cell(str(q["high"]["figure"])), Cell(_text(q["high"]["change"], signed=True))] for q in bars
    ]  # fmt: skip
    heads = ["", "lowest", "change", "highest", "change"]
    blocks += [Figures([_tornado(study, bars, i)]), Table(f"Change of {_of(study)}.", heads, rows, name="matters")]
    sobol = study.get("sobol_quantities")
    if sobol:
        indices = [[Cell(x["name"]), _index(x, "first"), _index(x, "total")] for x in sobol["indices"]]
        caption = f"Sobol indices: share of the variance of {_of(study)}, alone and with all its interactions."
        blocks.append(Table(caption, ["", "alone", "in any way"], indices, name="sobol"))
    return blocks


def _beyond_chance(quantity: dict[str, Any]) -> bool:
    """Whether the interval of one of its changes leaves out 0."""
    changes = [quantity[end]["change"] for end in ("low", "high")]
    return any(c["low"] is not None and (c["low"] > 0.0 or c["high"] < 0.0) for c in changes)


def _tornado(study: StoredStudy, bars: Sequence[dict[str, Any]], i: int) -> Drawing:
    names = [q["name"] for q in bars]
    low, high = ([q[end]["change"] for q in bars] for end in ("low", "high"))

    def draw(figure: Figure) -> None:
        tornado(figure.add_subplot(), names, low, high, letters=18 if figure.get_figwidth() < 5.0 else 40)

    changes = zip(names, low, high, strict=True)
    words = [f"{n}: {_text(a, signed=True)} and {_text(b, signed=True)}" for n, a, b in changes]
    return Drawing(
        f"tornado-{i}", f"What moves {_of(study)}", "Bars from the longest. " + "; ".join(words) + ".",
        f"Change of {_of(study)} when one quantity is at its lowest or highest claim; lines are 95 % intervals of "
        f"chance ({study['replications']:,} paired replications).",
        draw, (7.4, 0.9 + 0.38 * len(bars)), (3.7, 1.1 + 0.5 * len(bars)),
    )  # fmt: skip


def _index(x: dict[str, Any], which: str) -> Cell:
    value, half = x[which], x[f"{which}_half_width"]
    return Cell(unbroken(plus_minus(value, value - half, value + half)), {"mean": value})


# ---- sweeps
def enough(material: Material) -> Section | None:
    """The answer over values of a parameter of the defence or of a claim."""
    found = studies(material, "sweep")
    if not found:
        return None
    lead = (
        "One or two parameters are varied, everything else and the random numbers stay as they are: where a curve is "
        "flat, more does not help."
    )
    blocks: list[PageBlock] = [Paragraphs([lead])]
    for i, study in enumerate(found):
        if len(study["over"]) == 1 and len(study["points"]) > 1:
            drawn = [_curve(study, i, key) for key in _told(study)]
            blocks += [Points(_ends(study) + _further(study), name="findings"), Figures(drawn)]
        else:
            blocks.append(Points(_ends(study) + _further(study), name="findings"))
        if kept := kept_sentence(study.get("kept", {})):
            blocks.append(Paragraphs([kept], name="note"))
        blocks.append(_sweep_table(study))
        blocks += _further_table(study)
    return Section("enough", "Where more does not help", blocks)


def _ends(study: StoredStudy) -> list[str]:
    """For every variant, where the fewest and the most leak, or that the values cannot be told apart."""
    names = [o["target"] for o in study["over"]]
    told = []
    for variant in study["points"][0]["variants"]:
        found = [(p["variants"][variant]["leakers"], p["at"]) for p in study["points"]]
        (least, at), (most, where) = (pick(found, key=lambda x: x[0]["mean"]) for pick in (min, max))
        if least["high"] is None or most["low"] is None or least["high"] >= most["low"]:
            told.append(f"“{variant}”: the values of {' and '.join(names)} **cannot be told apart** by their leakers.")
            continue
        fewest, highest = (", ".join(str(x[n]) for n in names) for x in (at, where))
        told.append(f"“{variant}”: fewest leakers at **{fewest}** ({_text(least)}), most at {highest} ({_text(most)}).")
    return told


def _told(study: StoredStudy) -> list[str]:
    """Leakers and, of a sweep over batches of which assets have a cost, the damage."""
    return furthering.keys_told("leakers", study) if study.get("further") else ["leakers"]


def _further(study: StoredStudy) -> list[str]:
    """What each further batch changes, where their number is swept."""
    return [line for key in _told(study) for line in furthering.further_sentences(study.get("further", ()), key)]


def _further_table(study: StoredStudy) -> list[PageBlock]:
    if not study.get("further"):
        return []
    heads, rows = furthering.further_table(study, _told(study))
    caption = "What each further batch changes: paired differences with 95 % intervals."
    return [Table(caption, heads, [[Cell(unbroken(text)) for text in row] for row in rows], name="further")]


def _curve(study: StoredStudy, i: int, key: str) -> Drawing:
    target = study["over"][0]["target"]
    at = [p["at"][target] for p in study["points"]]
    scale, unit = propagation.scale_of(key)
    lines = {
        name: [_scaled(p["variants"][name][key], scale) for p in study["points"]]
        for name in study["points"][0]["variants"]
    }
    what = MEASURES[key].called + unit

    def draw(figure: Figure) -> None:
        curves(figure.add_subplot(), at, lines, target, what)

    words = [
        f"“{n}”: " + ", ".join(f"{_text(r)} at {v}" for v, r in zip(at, rs, strict=True)) for n, rs in lines.items()
    ]
    return Drawing(
        f"sweep-{i}" + f"-{key.replace('_', '-')}" * (key != "leakers"), f"{_capital(what)} over {target}",
        "; ".join(words) + ".",
        f"{_capital(what)} over {target}: means over {study['replications']:,} replications at each value, shared; "
        "95 % intervals shaded.",
        draw, (7.4, 3.1), (3.7, 3.0),
    )  # fmt: skip


def _scaled(record: dict[str, Any], scale: float) -> dict[str, Any]:
    return {k: None if v is None else scale * v for k, v in record.items()}


def _sweep_table(study: StoredStudy) -> Table:
    first = study["points"][0]
    names = [o["target"] for o in study["over"]]
    rows = []
    for point in study["points"]:
        cells = [Cell(_text(v["leakers"]), {"mean": v["leakers"]["mean"]}) for v in point["variants"].values()]
        cells += [Cell(_text(d["leakers"], signed=True)) for d in point["differences"].values()]
        rows.append([Cell(", ".join(str(point["at"][n]) for n in names)), *cells])
    caption = f"Leakers over {' and '.join(names)}, mean over {study['replications']:,} replications at each."
    return Table(caption, ["", *first["variants"], *first["differences"]], rows, name="sweep")


def _text(record: dict[str, Any], *, signed: bool = False) -> str:
    low, high = (float("nan") if record[k] is None else record[k] for k in ("low", "high"))
    return unbroken(plus_minus(record["mean"], low, high, signed=signed))


def _of(study: StoredStudy) -> str:
    """``the difference of leakers``."""
    measure = str(study["of"])
    return f"the difference of {measure.removesuffix(' difference')}" if measure.endswith(" difference") else measure


def _chance(p: float) -> str:
    return "< 0.1 %" if p < 0.001 else percent(p, 1 if p < 0.1 else 0)


def _sentence(text: str) -> str:
    return _capital(text.rstrip(".")) + "."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
