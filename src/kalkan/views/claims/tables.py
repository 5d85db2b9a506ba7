"""The figures of a run, and the statements of a deal, as rich renderables; decides and prints nothing."""

from __future__ import annotations

import itertools
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kalkan.units import UNITS, printed
from kalkan.views.screen import CellText, WordTable

_SHOWN = {"m": "km", "rad": "deg", "USD": "M USD", "rad/s": "deg/s"}


def used_view(content: dict[str, Any]) -> RenderableType:
    """What a run was computed from.

    Parameters
    ----------
    content : dict
        From :func:`kalkan.catalogue.used_claims`.

    Returns
    -------
    rich renderable
        A table per entry of the catalogue; below it what was excluded and why; the sources by number.
    """
    variants = content["variants"]
    labels = {v["name"]: v["label"] for v in variants}
    sources = _sources(content["figures"])
    blocks: list[RenderableType] = [Text(f"{content['title']} — figures used", style="bold")]
    blocks += [Text(f"{v['label']}: stance {v['stance']}", style="dim") for v in variants]
    if not content["same_catalogue"]:
        note = "the catalogue has changed since this run: what was used is the run's, what was excluded is today's"
        blocks.append(Text(note, style="yellow"))
    for entry, figures in itertools.groupby(content["figures"], key=lambda f: f["entry"]):
        listed = list(figures)
        blocks += [Text(""), Text(str(entry), style="bold cyan"), _figures(listed, labels, sources)]
        blocks += [_left_out(f, e) for f in listed for e in f["excluded"]]
    blocks.append(Text(""))
    for (title, url), number in sources.items():
        blocks.append(Text(f"[{number}] {title}", style="dim"))
        if url:
            blocks.append(Text(f"    {url}", style=f"dim link {url}", overflow="fold"))
    return Group(*blocks)


def _sources(figures: list[dict[str, Any]]) -> dict[tuple[str, str], int]:
    found = dict.fromkeys(
        (u.get("title", ""), u.get("url", "")) for f in figures for u in f["used"] if u.get("title")
    )
    return {source: number for number, source in enumerate(found, 1)}


def _figures(
    figures: list[dict[str, Any]], labels: dict[str, str], sources: dict[tuple[str, str], int]
) -> Table:
    table = WordTable(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    for name, ratio in (("quantity", 5), ("used", 3), ("who says so", 5), ("why", 6)):
        table.add_column(name, ratio=ratio)
    table.add_column("src", justify="right", no_wrap=True)
    for figure in figures:
        name = figure["quantity"] + "".join(f" {v}" for v in figure["conditions"].values())
        for used in figure["used"]:
            mine = ", ".join(labels[v] for v in used["variants"])
            everywhere = len(used["variants"]) == len(labels)
            who = f"{used['claimant']} ({used.get('date', '')})" if used.get("title") else used["claimant"]
            number = sources.get((used.get("title", ""), used.get("url", "")))
            table.add_row(
                CellText(name if everywhere else f"{name}\n{mine}"),
                CellText(shown(used["value"], used["unit"]), "bold"),
                CellText(who),
                CellText(used["rule"]),
                Text(f"[{number}]" if number else ""),
            )
    return table


def _left_out(figure: dict[str, Any], excluded: dict[str, str]) -> Text:
    words = f"  ✗ {figure['quantity']} {excluded['claim']} ({excluded['claimant']}): {excluded['reason']}"
    return Text(words + (f" — {excluded['url']}" if excluded["url"] else ""), style="red", overflow="fold")


def shown(value: float | str | None, unit_si: str) -> str:
    """A value in SI as a reader writes it: ``390 km``, ``12 s``, ``90 deg``."""
    if value is None or isinstance(value, str):
        return str(value or "")
    if unit_si == "m" and abs(value) < 1000.0:
        return f"{value:.4g} m"
    unit = _SHOWN.get(unit_si, unit_si)
    return f"{value / UNITS[unit][1]:.4g} {printed(unit)}" if unit not in ("", "1") else f"{value:.4g}"


def timeline_view(content: dict[str, Any]) -> RenderableType:
    """Statements in order of date, contradictions marked.

    Parameters
    ----------
    content : dict
        From :func:`kalkan.catalogue.timeline`.
    """
    rows = content["statements"]
    table = WordTable(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("said on", no_wrap=True)
    for name, ratio in (("claimant", 5), ("about", 4), ("says", 6), ("contradicts", 3)):
        table.add_column(name, ratio=ratio, overflow="fold")
    for row in rows:
        table.add_row(
            str(row["number"]),
            row["date"],
            Text(f"{row['claimant']}\n{row['kind']}"),
            Text(row["about"].replace("_", " ")),
            Text.assemble((row["says"], "bold"), f"\n{row['note']}" if row["note"] else "", _slip(row)),
            Text(_numbers(row["contradicts"]), style="red"),
        )
    marked = sum(bool(row["contradicts"]) for row in rows)
    note = f"{len(rows)} statements, {marked} of them contradicted by another; seen in its source unless said"
    unseen = [str(row["number"]) for row in rows if row["verified"] != "seen"]
    tail = f"; from memory: {', '.join(unseen)}" if unseen else ""
    links = [Text(f"[{r['number']}] {r['url']}", style=f"dim link {r['url']}") for r in rows if r["url"]]
    return Group(table, Text(note + tail, style="dim"), *links)


def _slip(row: dict[str, Any]) -> tuple[str, str]:
    return (f"\nexcluded: {row['excluded']}", "red") if row["excluded"] else ("", "")


def _numbers(numbers: list[int]) -> str:
    """``✗ 9-11, 14`` for 9, 10, 11 and 14."""
    parts = []
    for _, group in itertools.groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        run = [n for _, n in group]
        parts.append(f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)))
    return "✗ " + ", ".join(parts) if parts else ""
