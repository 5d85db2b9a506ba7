"""Where every figure comes from, what the model leaves out, and how to get the same again."""

from __future__ import annotations

import hashlib
import re
import shlex
from pathlib import Path
from typing import Any

from kalkan.catalogue import DEFAULT
from kalkan.engine.identity import identity_of
from kalkan.views.handed import bare, bare_strings
from kalkan.views.report.blocks import (
    Cell,
    FactList,
    Folds,
    Markdown,
    PageBlock,
    Paragraphs,
    Points,
    References,
    Section,
    Table,
    Verbatim,
)
from kalkan.views.report.material import Material
from kalkan.views.report.provenance import Cited, Figure, used

_LIMITS = "limits.md"  # of the documentation; part of the wheel
_PAGE = re.compile(r"\[([^\]]+)\]\(([\w-]+\.md)(?:#[\w-]+)?\)")  # a link that leads nowhere from a file handed over


def figures_used(material: Material) -> Section:
    """Every number of the catalogue that the run used, by whom it is claimed, and the sources."""
    sources = Cited()
    figures = used(material)
    heads = ["", "value used", "claimant", "why this value", "how far it is disputed"]
    tables = []
    for entry in dict.fromkeys(f.entry for f in figures):
        mine = [f for f in figures if f.entry == entry]
        rows = [_row(f, sources) for f in mine]
        tables.append(Table(_summary(entry, mine, material), heads, rows, numeric=False, name="sourced"))
    quoted = sum(f.kind not in ("assumption", "scenario") for f in figures)
    assumed, own = (sum(f.kind == k for f in figures) for k in ("assumption", "scenario"))
    lead = (
        f"The run used **{len(figures)} figures**: {quoted} quoted from {len(sources.rows)} sources, {assumed} of "
        f"kalkan’s own assumptions where nobody publishes one"
        f"{f', and {own} that the scenario assumes or writes' if own else ''}. Public figures on these systems "
        "contradict each other: the last column says how far. Each reason names the grade of its source, from A (an "
        "analyst, operator or government, read) to E (kalkan’s own assumption). `kalkan explain` shows every claim, "
        "also those that are excluded as wrong."
    )
    blocks: list[PageBlock] = [Paragraphs([lead]), Folds(tables)]
    if sources.rows:
        blocks.append(References(sources.rows))
    return Section("figures", "Every figure used, and who says so", blocks)


def _summary(entry: str, figures: list[Figure], material: Material) -> str:
    """``48N6E3 interceptor: 16 figures, 9 with a source``."""
    found = material.catalogue.entries.get(entry) if material.catalogue else None
    name = found.name if found else entry
    quoted = sum(f.kind not in ("assumption", "scenario") for f in figures)
    noun = "figure" if len(figures) == 1 else "figures"
    return f"{name}: {len(figures)} {noun}, {quoted} with a source"


def _row(f: Figure, sources: Cited) -> list[Cell]:
    number = sources.number(f)
    who = Cell(f"{f.claimant} [{number}]" if number else f.claimant, href=f"#source-{number}" if number else "")
    return [Cell(f.name, {"entry": f.entry, "quantity": f.quantity}), Cell(f.value), who, Cell(f.rule), Cell(f.others)]


def limits(material: Material) -> Section:
    """What the model leaves out, from the documentation, and notes on this run."""
    blocks: list[PageBlock] = [Markdown(limits_text())]
    notes = [n for n in (*material.content["notes"], *material.notes) if not n.startswith("seed ")]
    if notes:
        blocks += [Paragraphs(["Of this run in particular:"]), Points([_sentence(n) for n in notes])]
    return Section("limits", "What the model leaves out", blocks)


def limits_text() -> str:
    """The documentation's list of limits, without its heading."""
    packaged = Path(__file__).parents[1] / _LIMITS
    if packaged.is_file():
        text = packaged.read_text(encoding="utf-8")
    else:  # a source tree
        text = (Path(__file__).parents[5] / "docs" / _LIMITS).read_text(encoding="utf-8")
    text = "\n".join(line for line in text.splitlines() if not line.startswith("# "))
    return _PAGE.sub(r"the documentation (\2)", text)


def _sentence(note: str) -> str:
    note = bare(note).rstrip(".")
    return f"{note[:1].upper()}{note[1:]}."


def _command(run: dict[str, Any]) -> list[str]:
    """The words that run the same again, beside the scenario and the files that it uses."""
    words = ["kalkan", "run", "scenario.toml", "--replications", str(run["replications"]), "--seed", str(run["seed"])]
    stances = list(dict.fromkeys(v["stance"] for v in run["variants"].values() if v.get("stance")))
    if stances and stances != [DEFAULT]:
        words += ["--stance", ",".join(stances)]
    for file in run.get("catalogue_files", ()):
        words += ["--catalogue", Path(file).name]
    return words


def reproduce(material: Material) -> Section:
    """Versions, seed, hashes, command and the scenario itself."""
    run, done = material.results.run, material.content["replications"]
    command = shlex.join(_command(run))
    rows = [
        ("command", command),
        ("seed", str(run["seed"])),
        ("replications", f"{done['finished']:,} of {done['wanted']:,} per variant"),
        *((f"variant “{material.label(v)}”", run["variants"][v]["identity"]) for v in material.results.variants),
        *(
            (f"plan of “{material.label(v)}”", identity_of(run["variants"][v]["plan"]))
            for v in material.results.variants if "plan" in run["variants"][v]
        ),
        ("scenario text, SHA-256", hashlib.sha256(material.text.encode()).hexdigest()),
        ("catalogue, SHA-256", run["catalogue"]),
        ("engine", str(run["engine"])),
        ("versions", " · ".join(f"{k} {v}" for k, v in run["versions"].items())),
        ("platform", run["platform"]),
    ]
    lead = (
        "The same scenario, seed and versions give the same numbers, bit for bit, for any number of threads. All "
        "variants share their random numbers. Save the text below as scenario.toml beside its terrain, then run the "
        "command."
    )
    blocks: list[PageBlock] = [Paragraphs([lead]), FactList(rows)]
    if material.text:
        shown = bare_strings(material.text)
        told = "" if shown == material.text else ", of absolute paths the last part"
        blocks.append(Verbatim(f"The scenario as it was run ({len(shown.splitlines())} lines{told})", shown))
    return Section("reproduce", "How to reproduce this", blocks)
