"""An explanation on the screen: who says what, how each claim stands, and where to read it.

Turns the plain data of :func:`kalkan.catalogue.explain` into rich renderables or JSON; it decides
nothing and prints nothing.
"""

from __future__ import annotations

from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from kalkan.views.claims.brief import heading
from kalkan.views.screen import CellText, WordTable

_STYLE = {
    "used": "bold green",
    "taken": "bold green",
    "agrees": "green",
    "differs": "yellow",
    "excluded": "red",
    "another level": "magenta",
    "other conditions": "dim",
}
# the verb before a resolved figure, and what follows it, by the quantity's role in a run
_ROLE = {
    "drives": ("kalkan uses ", ""),
    "checks": ("kalkan checks scenarios with ", ""),
    "dates": ("claims come to ", " (used where a batch of the scenario names it)"),
    "context": ("claims come to ", " (context: no run uses it)"),
}
_MARK = {"used": "▶", "taken": "▷", "agrees": "=", "differs": "≠", "excluded": "✗"}


def explanation_view(explanation: dict[str, Any]) -> RenderableType:
    """The explanation as one rich renderable, readable from 80 columns.

    Parameters
    ----------
    explanation : dict
        From :func:`kalkan.catalogue.explain`.

    Returns
    -------
    rich renderable
        Heading, then per quantity the value, the conflict, the claims and their sources; for a system
        also one table per part.
    """
    blocks = heading(explanation["entry"], explanation["stance"])
    for quantity in explanation["quantities"]:
        blocks += quantity_view(quantity)
    for part in explanation["parts"]:
        blocks += [Text(""), part_view(part)]
    return Group(*blocks)


def preset_view(preset: dict[str, Any]) -> RenderableType:
    """A preset: what it assumes of each quantity, wherever the catalogue has it, and why."""
    table = WordTable(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("quantity", no_wrap=True)
    table.add_column("assumed", ratio=1)
    table.add_column("why", ratio=3)
    for row in preset["quantities"]:
        table.add_row(*map(CellText, (row["quantity"], row["written"], row["why"])))
    use = Text(f'[assume] preset = "{preset["preset"]}"; figures of your own in [assume.ENTRY] go before it')
    return Group(Text(preset["preset"], style="bold"), Text(preset["about"], style="dim"), table, use)


def quantity_view(quantity: dict[str, Any]) -> list[RenderableType]:
    """One quantity: its value and rule, its conflict, its claims, and the sources by number."""
    title = Text.assemble(
        (f"\n{quantity['entry']} · {quantity['quantity']}", "bold cyan"),
        f"  {quantity['sentence']}; level: {quantity['level']}",
    )
    blocks: list[RenderableType] = [title]
    blocks += [_indented(_case_line(case, quantity)) for case in merged_cases(quantity)]
    if quantity["conflict"]:
        meanings = "; ".join(f"{c['letter']} = {c['meaning']}" for c in quantity["conflict"])
        blocks.append(_indented(Text(f"conflict: {meanings}", style="yellow")))
    if quantity["about"]:
        blocks.append(_indented(Text(quantity["about"], style="italic")))
    if quantity["review"]:
        blocks.append(_indented(Text.assemble(("reviewed: ", "bold"), quantity["review"])))
    sources = list(dict.fromkeys((_title(c), c["url"]) for c in quantity["claims"]))
    blocks.append(_claims_table(quantity["claims"], sources))
    for number, (name, url) in enumerate(sources, 1):
        blocks.append(_indented(Text(f"[{number}] {name}", style="dim")))
        if url:
            blocks.append(_indented(Text(url, style=f"dim link {url}", overflow="fold"), 6))
    return blocks


def merged_cases(quantity: dict[str, Any]) -> list[dict[str, Any]]:
    """Cases with equal value and rule as one, each of its conditions listing all its words."""
    merged: dict[tuple[Any, ...], dict[str, Any]] = {}
    for case in quantity["cases"]:
        last = case["conditions"].get(quantity["by"][-1]) if quantity["by"] else None
        key = (last, case["value_si"], case["rule"])
        if key not in merged:
            merged[key] = {**case, "conditions": {k: [v] for k, v in case["conditions"].items()}}
            continue
        for name, word in case["conditions"].items():
            words = merged[key]["conditions"].setdefault(name, [])
            if word not in words:
                words.append(word)
    return list(merged.values())


def part_view(part: dict[str, Any]) -> RenderableType:
    """A part of a system: every resolved figure in a two-column table; in brackets what no run uses."""
    unused = set(part["context"])
    table = WordTable(
        title=f"{escape(part['name'])}  ({part['id']})",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        expand=False,
    )
    table.add_column("quantity", no_wrap=True)
    table.add_column("kalkan uses (in brackets: no run does)", ratio=1)
    for name, figure in part["figures"].items():
        shown, style = (f"({figure})", "dim") if name in unused else (figure, "")
        table.add_row(CellText(name), CellText(shown), style=style)
    return table


def _title(claim: dict[str, Any]) -> str:
    """The title of a claim's source, with the version that was read where it can change."""
    return claim["title"] + (f", version {claim['version'][:12]}" if claim["version"] else "")


def _indented(text: Text, left: int = 2) -> Padding:
    return Padding(text, (0, 0, 0, left))


def _case_line(case: dict[str, Any], quantity: dict[str, Any]) -> Text:
    """`kalkan uses 390 km (rcs_m2 = 4): the only origin of a claim`; behind it, of context, that no run uses it."""
    verb, remark = _ROLE[quantity["role"]]
    conditions = ", ".join(
        "/".join(str(w) for w in words) if name in quantity["by"] else f"{name} = {words[0]}"
        for name, words in case["conditions"].items()
    )
    at = f" ({conditions})" if conditions else ""
    low, high = case["range"] if len(case["range"]) == 2 else ("", "")
    width = f", range {low} to {high}" if low != high else ""
    return Text.assemble(verb, (case["shown"], "bold"), f"{at}: {case['rule']}{width}{remark}")


def _claims_table(claims: list[dict[str, Any]], sources: list[tuple[str, str]]) -> Table:
    """One row per claim; the last column points at the numbered sources."""
    table = WordTable(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column("")
    told = [[_figure(c), _claimant(c), c["date"], _standing(c)] for c in claims]
    table.add_column("claim", ratio=2)
    table.add_column("claimant", ratio=4)
    table.add_column("date")
    table.add_column("standing", ratio=6)
    table.add_column("src", justify="right")
    for claim, row in zip(claims, told, strict=True):
        style = _STYLE.get(claim["standing"], "magenta")
        table.add_row(
            Text(_MARK.get(claim["standing"], "·"), style=style),
            CellText(row[0], style),
            *map(CellText, row[1:]),
            Text(f"[{sources.index((_title(claim), claim['url'])) + 1}]"),
        )
    return table


def _claimant(claim: dict[str, Any]) -> str:
    return f"{claim['claimant']}\n{claim['kind']}, grade {claim['grade']}\norigin: {claim['origin']}"


def _figure(claim: dict[str, Any]) -> str:
    """The claim and its conditions, such as `2 m2` over `S/C/X nose`."""
    words = [
        "/".join(v) if isinstance(v, list) else (f"{k} = {v:g}" if isinstance(v, (int, float)) else v)
        for k, v in claim["conditions"].items()
    ]
    return claim["shown"] + (f"\n{' '.join(words)}" if words else "")


def _standing(claim: dict[str, Any]) -> str:
    """How the claim stands, how far it was verified, its conflict spelled out, its note."""
    head = claim["standing"]
    if head == "another level":
        head = f"another level: {claim['level']}"
    if claim["excluded"]:
        head = f"excluded: {claim['excluded']}"
    standing = "kalkan's own assumption" if claim["kind"] == "assumption" else claim["verified"]
    parts = [f"{head}; {standing}"]
    parts += [f"{c['letter']}: {c['meaning'].split(':')[0]}" for c in claim["conflict"]]
    return "\n".join([*parts, claim["note"]] if claim["note"] else parts)
