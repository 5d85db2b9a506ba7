"""Read the catalogue's TOML files and check every claim; all mistakes are reported at once.

A data file holds ``[sources.<name>]`` tables (who says it), ``[<entry>]`` tables, and one
``[<entry>.<quantity>]`` table per quantity, with one claim a line::

    [91n6e.scan_period]
    claims = [
      { value = 12, low = 6, high = 12, unit = "s", source = "kopp-apa" },
    ]

A claim may override any field of its source (``date``, ``origin``, ...).
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kalkan.catalogue.claims import Catalogue, Claim, Entry, Quantity, did_you_mean, nearest_of
from kalkan.catalogue.kinds import CLAIMANT_KINDS, CONDITIONS, CONFLICTS, KINDS, LEVELS, SPECS, TEXT
from kalkan.errors import Problem, ProblemsError
from kalkan.units import UNITS, units_of

DATA = Path(__file__).parent / "data"
_SOURCE = {"claimant", "kind", "title", "url", "date", "version", "origin", "verified"}
_OPTIONAL = {"url", "version"}
_CLAIM = {"value", "low", "high", "unit", "source", "at", "level", "conflict", "excluded", "note"}
_ENTRY = {"kind", "name", "about", "level"}
_QUANTITY = {"claims", "level", "default", "conditions_from", "conflict", "about", "contradicts"}
_URL = re.compile(r"https?://[^\s/]+\.[^\s]+")
_DATE = re.compile(r"undated|\d{4}(-\d\d){0,2}")


def load_catalogue(extra: Sequence[Path] = ()) -> Catalogue:
    """The catalogue that ships with kalkan, with a user's own files added to it.

    Parameters
    ----------
    extra : sequence of Path
        More data files. They may add entries, or claims to entries that exist.

    Returns
    -------
    Catalogue

    Raises
    ------
    ProblemsError
        With every mistake in the data, each with its file and line.
    """
    return _load(tuple(Path(p) for p in extra))


@functools.lru_cache(maxsize=8)
def _load(extra: tuple[Path, ...]) -> Catalogue:
    return _Reader([*sorted(DATA.glob("*.toml")), *extra]).catalogue()


class _Reader:
    """Gathers entries and problems over all files."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.problems: list[Problem] = []
        self.sources: dict[str, dict[str, Any]] = {}
        self.entries: dict[str, dict[str, Any]] = {}
        self.quantities: dict[str, dict[str, dict[str, Any]]] = {}
        self.claims: dict[tuple[str, str], list[Claim]] = {}
        trees: list[tuple[_Place, dict[str, Any]]] = []
        for path in paths:
            text = self._text(path)
            tree = None if text is None else self._tree(path, text)
            if text is not None and tree is not None:
                trees.append((_Place(str(path), text), tree))
        digest = json.dumps([tree for _, tree in trees], sort_keys=True, default=str)
        self.identity = hashlib.sha256(digest.encode()).hexdigest()
        for place, tree in trees:
            self._read_sources(place, tree.pop("sources", {}))
        self.makers = {s.get("origin", "") for s in self.sources.values() if s.get("kind") == "manufacturer"}
        for place, tree in trees:
            for entry_id, table in tree.items():
                self._read_entry(place, entry_id, table)
        self._check_complete()

    def catalogue(self) -> Catalogue:
        """The checked catalogue, or every problem."""
        if self.problems:
            raise ProblemsError(self.problems)
        entries = {i: self._entry(i) for i in self.entries}
        return Catalogue(entries, self.identity)

    def _entry(self, entry_id: str) -> Entry:
        head = self.entries[entry_id]
        quantities = {
            name: Quantity(
                name,
                table.get("level", head["level"]),
                tuple(self.claims[entry_id, name]),
                table.get("default", {}),
                table.get("conditions_from", {}),
                table.get("conflict", ""),
                table.get("about", ""),
                {word: tuple(others) for word, others in table.get("contradicts", {}).items()},
            )
            for name, table in self.quantities[entry_id].items()
        }
        return Entry(entry_id, head["name"], head["kind"], head.get("about", ""), quantities)

    def _say(self, where: str, message: str, file: str, line: int = 0) -> None:
        self.problems.append(Problem(where, message, file, line))

    def _text(self, path: Path) -> str | None:
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self._say("file", f"cannot be read: {error}", str(path))
            return None

    def _tree(self, path: Path, text: str) -> dict[str, Any] | None:
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"line (\d+)", str(error))
            self._say("TOML", str(error), str(path), int(found.group(1)) if found else 0)
            return None

    def _read_sources(self, place: _Place, tables: dict[str, Any]) -> None:
        for name, table in tables.items():
            line = place.line(f"sources.{name}")
            if name in self.sources:
                self._say(f'source "{name}"', "is given twice", place.file, line)
            for message in _source_faults(table):
                self._say(f'source "{name}"', message, place.file, line)
            self.sources[name] = table

    def _read_entry(self, place: _Place, entry_id: str, table: Any) -> None:
        line = place.line(entry_id)
        if not isinstance(table, dict):
            self._say(entry_id, "is not an entry table", place.file, line)
            return
        head = {k: v for k, v in table.items() if k in _ENTRY}
        if entry_id not in self.entries:
            faults = [f"needs {k}" for k in ("kind", "name", "level") if not isinstance(head.get(k), str)]
            if head.get("kind") not in KINDS:
                faults.append("kind is one of " + ", ".join(KINDS))
            if head.get("level") not in LEVELS:
                faults.append("level is one of " + ", ".join(LEVELS))
            if entry_id != entry_id.lower():
                faults.append("identifiers are lower case")
            for message in faults:
                self._say(f'entry "{entry_id}"', message, place.file, line)
            if faults:
                return
            self.entries[entry_id] = head
            self.quantities[entry_id] = {}
        for name, body in table.items():
            if name not in _ENTRY:
                self._read_quantity(place, entry_id, name, body)

    def _read_quantity(self, place: _Place, entry_id: str, name: str, body: Any) -> None:
        where, line = f"{entry_id}.{name}", place.line(f"{entry_id}.{name}")
        if name not in SPECS:
            hint = did_you_mean(nearest_of(name, tuple(SPECS)))
            self._say(where, "is not a known quantity" + hint, place.file, line)
            return
        rows = body.get("claims") if isinstance(body, dict) else None
        if not isinstance(rows, list) or not rows:
            self._say(where, "needs a list of claims", place.file, line)
            return
        for key in sorted(set(body) - _QUANTITY):
            self._say(where, f'does not know "{key}"', place.file, line)
        if not _word_lists(body.get("contradicts", {})):
            self._say(where, 'contradicts is a table such as { signed = ["not yet"] }', place.file, line)
        if body.get("level", LEVELS[0]) not in LEVELS:
            self._say(where, "level is one of " + ", ".join(LEVELS), place.file, line)
        if not isinstance(body.get("contradicts", {}), dict):
            body = {k: v for k, v in body.items() if k != "contradicts"}
        table = self.quantities[entry_id].setdefault(name, body)
        level = table.get("level", self.entries[entry_id]["level"])
        into = self.claims.setdefault((entry_id, name), [])
        for number, row in enumerate(rows, 1):
            at = place.line(where, number)
            faults = _claim_faults(row, name, self.sources)
            for message in faults:
                self._say(f"{where} · claim {number}", message, place.file, at)
            if not faults:
                into.append(_claim(entry_id, name, row, self.sources[row["source"]], level, self.makers))

    def _check_complete(self) -> None:
        for entry_id, head in self.entries.items():
            have = self.quantities[entry_id]
            for name in KINDS[head["kind"]]:
                if name not in have:
                    self._say(f'entry "{entry_id}"', f"has no claim about {name}", "", 0)


class _Place:
    """Finds the line of a table, or of the n-th claim below it."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self._lines: dict[str, list[int]] = {}  # header -> its line, then the lines of its claims
        rows: list[int] = []
        for number, row in enumerate(text.splitlines(), 1):
            if row.startswith("[") and row.rstrip().endswith("]"):
                rows = self._lines.setdefault(row.strip()[1:-1], [number])
            elif row.lstrip().startswith("{"):
                rows.append(number)

    def line(self, header: str, claim: int = 0) -> int:
        """1-based line, or the header's line when the claim has none, or 0."""
        rows = self._lines.get(header, [0])
        return rows[claim] if claim < len(rows) else rows[0]


def _word_lists(table: Any) -> bool:
    """Whether a value is a table of lists of words."""
    return isinstance(table, dict) and all(
        isinstance(words, list) and all(isinstance(w, str) for w in words) for words in table.values()
    )


def _source_faults(table: dict[str, Any]) -> list[str]:
    """What is wrong with a source."""
    faults = [f'does not know "{k}"' for k in sorted(set(table) - _SOURCE)]
    faults += [f"needs {k}" for k in sorted(_SOURCE - _OPTIONAL) if not table.get(k)]
    if table.get("kind", "press") not in CLAIMANT_KINDS:
        faults.append("kind is one of " + ", ".join(CLAIMANT_KINDS))
    if table.get("verified", "seen") not in ("seen", "from memory"):
        faults.append('verified is "seen" or "from memory"')
    if table.get("url") and not _URL.fullmatch(table["url"]):
        faults.append(f'url "{table["url"]}" is not a web address')
    if not _DATE.fullmatch(str(table.get("date", "undated"))):
        faults.append('date is "undated" or like "2019-07-15"')
    return faults


def _claim_faults(row: Any, name: str, sources: dict[str, dict[str, Any]]) -> list[str]:
    """What is wrong with a claim about the quantity `name`."""
    if not isinstance(row, dict):
        return ["is not a claim table"]
    if row.get("source") not in sources:
        hint = did_you_mean(nearest_of(str(row.get("source")), tuple(sources)))
        return [f'source "{row.get("source")}" is not defined{hint}']
    faults = [f'does not know "{k}"' for k in sorted(set(row) - _CLAIM - _SOURCE - set(CONDITIONS))]
    source = {**sources[row["source"]], **{k: v for k, v in row.items() if k in _SOURCE}}
    faults += _source_faults(source)
    if row.get("level", LEVELS[0]) not in LEVELS:
        faults.append("level is one of " + ", ".join(LEVELS))
    if set(row.get("conflict", "")) - set(CONFLICTS) - {" "}:
        faults.append("conflict letters are " + " ".join(CONFLICTS))
    if set(row.get("conflict", "")) & set("UR") and not row.get("excluded"):
        faults.append("a unit slip (U) or role error (R) is wrong: it needs its reason in excluded")
    faults += _number_faults(row, SPECS[name].dimension, source["kind"] == "assumption")
    for key, value in {**row.get("at", {}), **row}.items():
        allowed = CONDITIONS.get(key)
        words = value if isinstance(value, list) else [value]
        if allowed and not set(words) <= set(allowed):
            faults.append(f"{key} is one of " + ", ".join(allowed))
    faults += [f'does not know the condition "{k}"' for k in row.get("at", {}) if k not in CONDITIONS]
    if source["kind"] == "assumption" and not row.get("note"):
        faults.append("an assumption needs its reason in note")
    return faults


def _number_faults(row: dict[str, Any], dimension: str, assumption: bool) -> list[str]:
    """What is wrong with the figure itself."""
    if dimension == TEXT:
        return [] if isinstance(row.get("value"), str) else ["value must be a word"]
    numbers = {k: row[k] for k in ("value", "low", "high") if k in row}
    if any(isinstance(v, bool) or not isinstance(v, (int, float)) for v in numbers.values()):
        return ["value, low and high must be numbers"]
    if row.get("unit") not in UNITS or UNITS[row["unit"]][0] != dimension:
        allowed = ", ".join(units_of(dimension))
        return [f'unit "{row.get("unit", "")}" does not fit; it is one of {allowed}']
    if "value" not in row and not ("low" in row and "high" in row):
        return ["needs a value, or low and high"]
    if assumption and not ("low" in row and "high" in row):
        return ["an assumption needs low and high"]
    in_order = [row[k] for k in ("low", "value", "high") if k in row]
    return [] if in_order == sorted(in_order) else ["low, value and high are not in order"]


def _claim(entry: str, name: str, row: dict[str, Any], source: dict[str, Any], level: str, makers: set[str]) -> Claim:
    """Build a checked claim; numbers become SI here."""
    who = {**source, **{k: v for k, v in row.items() if k in _SOURCE}}
    at = {**row.get("at", {}), **{k: row[k] for k in CONDITIONS if k in row}}
    text = SPECS[name].dimension == TEXT
    unit = "" if text else row["unit"]
    factor = 1.0 if text else UNITS[unit][1]
    si = {k: row[k] * factor if k in row else None for k in ("low", "high")}
    return Claim(
        entry=entry,
        quantity=name,
        value=row["value"] if text else (row["value"] * factor if "value" in row else None),
        low=si["low"],
        high=si["high"],
        unit=unit,
        shown=_shown(row, unit),
        conditions={k: tuple(v) if isinstance(v, list) else v for k, v in at.items()},
        level=row.get("level", level),
        source=row["source"],
        voice="manufacturer" if who["origin"] in makers else who["kind"],
        conflict=row.get("conflict", ""),
        excluded=row.get("excluded", ""),
        note=row.get("note", ""),
        **{k: who[k] for k in _SOURCE - _OPTIONAL},
        **{k: who.get(k, "") for k in _OPTIONAL},
    )


def _shown(row: dict[str, Any], unit: str) -> str:
    """The claim as a reader writes it, in its own unit."""
    tail = f" {unit}" if unit not in ("", "count", "fraction") else ""
    low, high = (f"{row[k]:g}" if k in row else "" for k in ("low", "high"))
    if "value" not in row:
        return f"{low} to {high}{tail}"
    if isinstance(row["value"], str):
        return row["value"]
    span = f" ({low} to {high})" if low and high and low != high else ""
    return f"{row['value']:g}{tail}{span}"
