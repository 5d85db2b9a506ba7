"""Variants: a name and what differs.

The merge rule
--------------
- Tables merge, key by key and at every depth; a number, a text or a list replaces what was there.
- Entries of :data:`LISTS` are addressed by name:
  ``[variants.two.systems.north]`` changes the system "north". A name that the file does not have
  is a new entry at the end of the list, and must be complete.
- ``remove = ["raids.decoys"]`` takes entries away before anything is merged. An entry that is
  removed and written again in the same variant is therefore replaced as a whole.
- ``against = "two"`` names the variant that it is compared with, in place of the plain file's own.
- A ``stance`` replaces the file's, and so do ``as_of`` and ``first_batches``.
- ``region``, ``study``, ``theory`` and ``catalogue`` are shared by all variants, and so are titles.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from kalkan.scenario.nouns.fields import text_fault
from kalkan.scenario.nouns.places import Place, nearest

LISTS = (
    "assets",
    "systems",
    "raids",
    "flights",
    "traffic",
    "zones",
    "sources",
    "jammers",
    "outages",
    "batches",
    "waves",
    "depots",
    "production",
)
TABLES = (
    "doctrine",
    "assume",
    "command",
    "weather",
    "surface_clutter",
    "sensing",
    "identity",
    "rules_of_engagement",
    "exposure",
    "early_warning",
    "campaign",
    "supply",
    "money",
)
_SECTIONS = ", ".join(f'"{section}."' for section in LISTS[:-1]) + f' or "{LISTS[-1]}."'
SHARED = ("region", "study", "theory", "title", "about", "base", "catalogue")
WORDS = ("stance", "as_of", "first_batches")  # single values, which replace the file's
KEYS = ("label", "against", "remove", *WORDS, *LISTS, *TABLES)


@dataclass
class Merged:
    """A variant merged into the file's tree.

    Attributes
    ----------
    tree : dict
        What the variant is, as if it had been written in full; without variants.
    origins : dict of Place to Place
        Where parts of `tree` were written in the file.
    new : dict of Place to Place
        Entries that only the variant has: place in `tree` → place in the file.
    found : dict of Place to str
        What is wrong with the variant's own form, by place in the file.
    gone : list of str
        What it takes away, such as ``"raids.decoys"``.
    label : str
        Its label, or ``""``.
    against : str
        The variant that it is compared with, or ``""``: the plain file's own.
    """

    tree: dict[str, Any]
    origins: dict[Place, Place] = field(default_factory=dict)
    new: dict[Place, Place] = field(default_factory=dict)
    found: dict[Place, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    label: str = ""
    against: str = ""


def merge(tree: dict[str, Any], name: str) -> Merged:
    """Merge one variant into the file's tree, by the rule in the module docstring.

    Parameters
    ----------
    tree : dict
        The file's tree; not changed.
    name : str
        A key of its ``variants`` table, whose value is a table.
    """
    diff: dict[str, Any] = tree["variants"][name]
    merged = Merged({k: copy.deepcopy(v) for k, v in tree.items() if k != "variants"})
    home: Place = ("variants", name)
    _check_keys(merged, diff, home)
    _take_label(merged, diff, home)
    _take_against(merged, diff, home, [n for n in tree["variants"] if n != name])
    _remember_entries(merged)
    _remove(merged, diff.get("remove", []), home)
    for section in LISTS:
        if section in diff:
            _merge_list(merged, section, diff[section], (*home, section))
    for word in WORDS:
        if word in diff:
            merged.tree[word] = copy.deepcopy(diff[word])
            merged.origins[(word,)] = (*home, word)
    for section in TABLES:
        if section in diff:
            _merge_section(merged, section, diff[section], (*home, section))
    return merged


def _check_keys(merged: Merged, diff: dict[str, Any], home: Place) -> None:
    for key in diff:
        if key in SHARED:
            merged.found[(*home, key)] = "may not differ between variants; it is shared by all of them"
        elif key not in KEYS:
            merged.found[(*home, key)] = "is not known here" + nearest(key, KEYS)


def _take_label(merged: Merged, diff: dict[str, Any], home: Place) -> None:
    label = diff.get("label", "")
    if isinstance(label, str):
        merged.label = label
        if told := text_fault(label):
            merged.found[(*home, "label")] = told
    else:
        merged.found[(*home, "label")] = "must be text in quotes"


def _take_against(merged: Merged, diff: dict[str, Any], home: Place, others: list[str]) -> None:
    """Whom it is compared with."""
    against = diff.get("against", "")
    if not isinstance(against, str):
        merged.found[(*home, "against")] = "must be text in quotes"
    elif against and against not in others:
        merged.found[(*home, "against")] = f"is not another variant of this file{nearest(against, others)}"
    else:
        merged.against = against


def _remember_entries(merged: Merged) -> None:
    """Note where each list entry stands in the file, before any is removed."""
    for section in LISTS:
        items = merged.tree.get(section)
        for i in range(len(items) if isinstance(items, list) else 0):
            merged.origins[(section, i)] = (section, i)


def _names(merged: Merged, section: str) -> dict[str, int]:
    """Names of a list section → index."""
    items = merged.tree.get(section)
    found: dict[str, int] = {}
    for i, entry in enumerate(items if isinstance(items, list) else []):
        if isinstance(entry, dict) and isinstance(entry.get("name"), str):
            found.setdefault(entry["name"], i)
    return found


def _remove(merged: Merged, wanted: Any, home: Place) -> None:
    """Take entries away; the places of those behind them move up."""
    place: Place = (*home, "remove")
    if not isinstance(wanted, list):
        merged.found[place] = 'must be a list of names, such as ["raids.decoys"]'
        return
    for k, item in enumerate(wanted):
        section, _, name = item.partition(".") if isinstance(item, str) else ("", "", "")
        if section not in LISTS or not name:
            merged.found[(*place, k)] = f"must be {_SECTIONS} and a name"
            continue
        names = _names(merged, section)
        if name not in names:
            merged.found[(*place, k)] = f"is not an entry of {section}{nearest(name, names)}"
            continue
        _take_out(merged, section, names[name])
        merged.gone.append(item)


def _take_out(merged: Merged, section: str, index: int) -> None:
    items = merged.tree[section]
    sources = [merged.origins.pop((section, i)) for i in range(len(items))]
    del items[index], sources[index]
    merged.origins.update({(section, i): source for i, source in enumerate(sources)})


def _merge_list(merged: Merged, section: str, diff: Any, home: Place) -> None:
    if not isinstance(diff, dict):
        merged.found[home] = f"must name its entries; write [variants.{home[1]}.{section}.NAME]"
        return
    items = merged.tree.setdefault(section, [])
    if not isinstance(items, list):
        return
    for name, change in diff.items():
        place: Place = (*home, name)
        if not isinstance(change, dict):
            merged.found[place] = "must be a table"
            continue
        if "name" in change:
            merged.found[(*place, "name")] = "may not be set here; the table's own name is the name"
        names = _names(merged, section)
        if name in names:
            _merge_table(merged, items[names[name]], change, (section, names[name]), place)
        else:
            merged.new[(section, len(items))] = place
            merged.origins[(section, len(items))] = place
            items.append({**copy.deepcopy(change), "name": name})


def _merge_section(merged: Merged, section: str, diff: Any, home: Place) -> None:
    target = merged.tree.setdefault(section, {})
    if not isinstance(diff, dict):
        merged.found[home] = "must be a table"
    elif isinstance(target, dict):
        _merge_table(merged, target, diff, (section,), home)


def _merge_table(merged: Merged, target: dict[str, Any], diff: dict[str, Any], at: Place, home: Place) -> None:
    """Merge `diff`, written at `home`, into `target`, which stands at `at`."""
    for key, value in diff.items():
        place: Place = (*at, key)
        old = target.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            _merge_table(merged, old, value, place, (*home, key))
        else:
            target[key] = copy.deepcopy(value)
            merged.origins[place] = (*home, key)
