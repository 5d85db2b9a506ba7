"""What there is: entries of the catalogue in groups, and scenarios to begin with; decides and prints nothing."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kalkan.catalogue import Catalogue, Entry
from kalkan.catalogue.kinds import BALLISTIC, RELEASED
from kalkan.errors import bare, did_you_mean
from kalkan.scenario import PRESETS
from kalkan.scenario.writing.examples import Example
from kalkan.views.claims.brief import other_names
from kalkan.views.screen import CellText, WordTable

# name of a group -> kinds of its entries, and where a scenario names them
_GROUPS = {
    "systems": (("system",), 'type of [[systems]], such as type = "s-400"'),
    "air vehicles": (("air vehicle", BALLISTIC), 'type of [[raids]], such as type = "f-16c"'),
    "released by ballistic missiles": ((RELEASED,), "decoys and debris of [[raids]]; their figures: [assume.ENTRY]"),
    "interceptors": (("interceptor",), "loads of [[systems]], such as { 48n6e3 = 3, 9m96e2 = 4 }"),
    "parts of systems": (
        ("command post", "radar", "engagement radar", "launcher", "model"), "their figures: [assume.ENTRY]",
    ),
}  # fmt: skip
_LISTED = ("listed, for comparison", "no scenario can name them yet")
_EXAMPLES = "examples"
_BRIEF = ("systems", "air vehicles", "interceptors")
_SHOWN_ALIASES = 4


def listed(
    catalogue: Catalogue, examples: Iterable[Example], word: str = "", *, everything: bool = False
) -> dict[str, Any]:
    """What has a word in its name, aliases or description; without a word all of it.

    Parameters
    ----------
    catalogue : Catalogue
    examples : iterable of Example
    word : str
        Such as ``"Shahed"``, or the heading of a group, ``"vehicles"``; ``""``: no word is looked for.
    everything : bool
        Parts of systems and listed entries too; with a word they always are.

    Returns
    -------
    dict
        JSON-ready: ``word``, ``groups`` (name, where a scenario names them, entries), ``presets``, ``examples``,
        ``left_out`` (how many entries `everything` would add) and ``nearest`` (if nothing is found).
    """
    heading = _headed(word)
    found = catalogue.search("" if heading else word)
    groups = [_group(name, kinds, use, found) for name, (kinds, use) in _GROUPS.items()]
    known = {kind for kinds, _ in _GROUPS.values() for kind in kinds}
    rest = [e for e in found if e.kind not in known]
    groups.append({"name": _LISTED[0], "use": _LISTED[1], "entries": [_entry(e) for e in rest]})
    wanted = (heading,) if heading else _BRIEF if not (word or everything) else [g["name"] for g in groups]
    shown = [g for g in groups if g["entries"] and g["name"] in wanted]
    looked_for = {None: bare(word), _EXAMPLES: ""}.get(heading)
    scenarios = [] if looked_for is None else [e._asdict() for e in examples if looked_for in bare(" ".join(e[:3]))]
    return {
        "word": word,
        "groups": shown,
        "presets": [p for p in PRESETS if bare(word) in bare(p)],
        "examples": scenarios,
        "left_out": 0 if word else len(found) - sum(len(g["entries"]) for g in shown),
        "nearest": catalogue.nearest(word) if word and not found and not scenarios else None,
    }


def _headed(word: str) -> str | None:
    """The group whose heading is `word`, or has it in it: ``vehicles`` is ``air vehicles``."""
    headings, asked = (*_GROUPS, _EXAMPLES), word.strip().lower()
    return next((h for h in headings if asked == h), None) or next((h for h in headings if asked in h.split()), None)


def _group(name: str, kinds: tuple[str, ...], use: str, found: Iterable[Entry]) -> dict[str, Any]:
    return {"name": name, "use": use, "entries": [_entry(e) for e in found if e.kind in kinds]}


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id, "name": entry.name, "kind": entry.kind, "aliases": list(entry.aliases), "about": entry.about,
    }  # fmt: skip


def listing_view(content: dict[str, Any]) -> RenderableType:
    """The groups as tables, and what to do next.

    Parameters
    ----------
    content : dict
        From :func:`listed`.
    """
    blocks: list[RenderableType] = []
    for group in content["groups"]:
        blocks += [_heading(group["name"], group["use"]), _table([_row(e) for e in group["entries"]])]
    if content["examples"]:
        rows = [(_how(e), e["about"], "") for e in content["examples"]]
        blocks += [_heading(_EXAMPLES, "kalkan check, run, coverage and the rest take such a file"), _table(rows)]
    if not blocks:
        hint = did_you_mean(content["nearest"]) or "; kalkan list shows what there is"
        blocks.append(Text(f'nothing is called or described as "{content["word"]}"{hint}'))
    told = _next(content)
    return Group(*blocks, *([Text(told, style="dim")] if told else []))


def _heading(name: str, use: str) -> Text:
    return Text.assemble((name, "bold cyan"), f"  {use}")


def _row(entry: dict[str, Any]) -> tuple[str, str, str]:
    return entry["id"], entry["name"], ", ".join(other_names(entry)[:_SHOWN_ALIASES])


def _how(example: dict[str, Any]) -> str:
    return shlex.quote(example["file"]) if example["file"] else f"kalkan new FILE --kind {example['name']}"


def _table(rows: list[tuple[str, str, str]]) -> Table:
    table = WordTable(box=box.SIMPLE, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(ratio=1)
    if any(r[2] for r in rows):
        table.add_column(style="dim", ratio=1)
    for row in rows:
        table.add_row(*map(CellText, row[: len(table.columns)]))
    return table


def _next(content: dict[str, Any]) -> str:
    """What can be done with it."""
    one = next((g["entries"][0]["id"] for g in content["groups"]), "")
    told = [f"kalkan explain {one}: who claims what about it"] if one else []
    if content["left_out"]:
        told.append(f"kalkan list --all: {content['left_out']} more, radars and launchers among them")
    if content["presets"] and not content["word"]:
        told += [f"kalkan explain {p}: figures for a scenario that follows a formula" for p in content["presets"]]
    return "\n".join(told)
