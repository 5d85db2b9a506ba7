"""The answer: findings in sentences, the headline table, the spread behind the means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kalkan.results.goals import Goal
from kalkan.views.numbers import number
from kalkan.views.report.blocks import Figures, Heading, PageBlock, Paragraphs, Points, Section, result_table
from kalkan.views.report.figures.leakers import leaker_spread, right_end, shares
from kalkan.views.report.integration import integration
from kalkan.views.report.material import Material
from kalkan.views.report.sections.unknown import drawn_claims, not_asked
from kalkan.views.report.sentences import changes, findings
from kalkan.views.report.studies import answer_of, studies
from kalkan.views.run.theory_table import TITLE, theory_words
from kalkan.views.studies import propagation
from kalkan.views.svg import Drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INTERVALS = (
    "± and brackets are {:g} % intervals of chance (Student’s t, longer on the side of the longer tail; Clopper and "
    "Pearson’s for proportions)"
)


def answer(material: Material) -> Section:
    """The answer at a glance; then variant against variant, exact answers and spread."""
    content = material.content
    table = result_table(content["tables"][0], content, f"Mean per replication over {material.n_words}.", "headline")
    blocks: list[PageBlock] = [
        Points(findings(content), name="findings"),
        *not_known(material),
        table,
        Paragraphs([intervals(material)], name="note"),
        *drawn_claims(material),
    ]
    if told := [*changes(content), *integration(content)]:
        blocks += [Heading("Variant against variant" if len(content["columns"]) > 1 else "How often"), Points(told)]
    exact = material.table(TITLE)
    if exact is not None:
        law = "; ".join(theory_words(r.attrs for r in material.results.records.values()))
        blocks += [Heading("Against theory"), result_table(exact, content, f"{law[0].upper()}{law[1:]}.", "theory")]
    if max(v["replications"] for v in content["variants"]) > 1:
        blocks += [Heading("Single replications"), Figures([spread(material)])]
    return Section("answer", "The answer", blocks)


def not_known(material: Material) -> list[PageBlock]:
    """A box: what a study of the claims says, so that nobody takes chance for all that is not known; or its lack."""
    unknown = material.content["unknown"]
    told = [answer_of(study) for study in studies(material, "propagation")]
    if not told and unknown["asked"]:
        told = [propagation.answer_sentence(unknown, Goal("leakers", False))]
    if not told:
        return [not_asked(material)]
    beside = [f"{sentence[0].upper()}{sentence[1:]}." for sentence in propagation.outside(material.content)]
    drawn = [f"With the disputed claims drawn as well: {sentence}." for sentence in told]
    return [Paragraphs(["**What is not known.** " + " ".join([*drawn, *beside])], name="box")]


def intervals(material: Material) -> str:
    """What ± means, as a sentence."""
    words = INTERVALS.format(100 * material.content["confidence"]) + "."
    if material.content["unknown"]["asked"] or studies(material, "propagation"):
        return words
    return words + " They do not cover what the sources dispute: kalkan propagate does."


def spread(material: Material) -> Drawing:
    """How much single replications differ from each other."""
    variants = material.results.variants
    leakers = {v: material.results.quantities[v]["leakers"].values for v in variants}
    most = right_end(leakers.values(), (material.measures[v]["leakers"] for v in variants))
    highest = max(float(shares(x, most)[1].max()) for x in leakers.values())

    def draw(figure: Figure) -> None:
        across = 2 if figure.get_figwidth() > 5.0 and len(variants) > 1 else 1
        down = -(-len(variants) // across)
        axes = np.atleast_1d(figure.subplots(down, across, sharex=True, squeeze=False)).ravel()
        for i, v in enumerate(variants):
            leaker_spread(axes[i], leakers[v], material.measures[v]["leakers"], material.label(v), i, most, highest)
        for ax in axes[len(variants) :]:
            ax.set_visible(False)
        for ax in axes[max(0, len(variants) - across) : len(variants)]:
            ax.set_xlabel("leakers in a replication")
            ax.tick_params(axis="x", labelbottom=True)

    rows_wide, rows_narrow = -(-len(variants) // 2) if len(variants) > 1 else 1, len(variants)
    words = [
        f"“{material.label(v)}”: mean {number(float(x.mean()), 1)}, lowest {number(float(x.min()), 0)}, "
        f"median {number(float(np.median(x)), 1)}, highest {number(float(x.max()), 0)}"
        for v, x in leakers.items()
    ]
    return Drawing(
        "spread", "Leakers in single replications", "Histograms of leakers per replication. " + "; ".join(words) + ".",
        f"How much chance does: leakers in each of {material.n_words}. The ring is the mean, the bar through it its "
        f"{100 * material.content['confidence']:g} % interval.",
        draw, (7.4, 0.5 + 1.8 * rows_wide), (3.7, 0.5 + 1.7 * rows_narrow),
    )  # fmt: skip
