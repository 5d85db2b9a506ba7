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
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kalkan.catalogue.claims import Claim, ClaimedQuantity, Entry
from kalkan.catalogue.faults import (
    ENTRY,
    OPTIONAL,
    SOURCE,
    claim_faults,
    entry_faults,
    quantity_faults,
    source_faults,
)
from kalkan.catalogue.kinds import CONDITIONS, KINDS
from kalkan.catalogue.specs import SPECS, TEXT
from kalkan.catalogue.whole import Catalogue
from kalkan.errors import Problem, ProblemsError
from kalkan.kept import OnDisk
from kalkan.money import dated
from kalkan.sources import digest_of, files_of
from kalkan.units import UNITS, printed

DATA = Path(__file__).parent / "data"
_UNSOUND = {  # in the place of a source that is told already, so that its claims can be checked as well
    "claimant": "?", "kind": "press", "title": "?", "date": "undated", "origin": "?", "verified": "seen",
}  # fmt: skip


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
    return _load(tuple((Path(p), _state(Path(p))) for p in extra))


def read_catalogue(paths: Sequence[Path]) -> Catalogue:
    """A catalogue of these files alone, without kalkan's own.

    Raises
    ------
    ProblemsError
        With every mistake in the data, each with its file and line.
    """
    return _Reader([Path(p) for p in paths]).catalogue()


def _state(path: Path) -> tuple[int, int]:
    """What changes when a file is written: its time and size; zeros if it is not there."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)


@functools.lru_cache(maxsize=8)
def _load(extra: tuple[tuple[Path, tuple[int, int]], ...]) -> Catalogue:
    files = tuple(path for path, _ in extra)
    own = sorted(DATA.glob("*.toml"))
    if files:
        return replace(_Reader([*own, *files]).catalogue(), files=files)
    content = tuple((str(path), hashlib.sha256(path.read_bytes()).hexdigest()) for path in own)
    return OnDisk("catalogue", _reading).get(content, lambda: _Reader(own).catalogue())


def _reading() -> str:
    """Hash of all code that makes a catalogue of its files."""
    return digest_of(files_of(("catalogue", "units", "money", "errors")), sys.version)


class _Reader:
    """Gathers entries and problems over all files."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.problems: list[Problem] = []
        self.sources: dict[str, dict[str, Any]] = {}
        self.entries: dict[str, dict[str, Any]] = {}
        self.quantities: dict[str, dict[str, dict[str, Any]]] = {}
        self.claims: dict[tuple[str, str], list[Claim]] = {}
        self.homes: dict[str, tuple[str, int]] = {}  # file and line of each entry
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
            name: ClaimedQuantity(
                name,
                table.get("level", head["level"]),
                tuple(self.claims[entry_id, name]),
                table.get("default", {}),
                table.get("conditions_from", {}),
                table.get("conflict", ""),
                table.get("about", ""),
                {word: tuple(others) for word, others in table.get("contradicts", {}).items()},
                table.get("review", ""),
            )
            for name, table in self.quantities[entry_id].items()
        }
        aliases = tuple(head.get("aliases", ()))
        return Entry(entry_id, head["name"], head["kind"], head.get("about", ""), quantities, aliases)

    def _say(self, where: str, message: str, file: str, line: int = 0) -> None:
        self.problems.append(Problem(where, message, file, line))

    def _text(self, path: Path) -> str | None:
        try:
            return path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            self._say("file", "is not UTF-8 text; save it as UTF-8", str(path))
        except OSError as error:
            self._say("file", f"cannot be read: {error.strerror or 'unknown reason'}", str(path))
        except ValueError:
            self._say("file", "is not a possible file name", str(path))
        return None

    def _tree(self, path: Path, text: str) -> dict[str, Any] | None:
        try:
            return tomllib.loads(text)
        except RecursionError:
            self._say("TOML", "is nested too deeply", str(path))
        except ValueError as error:
            found = re.search(r"line (\d+)", str(error))
            self._say("TOML", f"cannot be read: {error}", str(path), int(found.group(1)) if found else 0)
        return None

    def _read_sources(self, place: _Place, tables: Any) -> None:
        if not isinstance(tables, dict):
            self._say("sources", "are tables; write [sources.NAME]", place.file, place.line("sources"))
            return
        for name, table in tables.items():
            line = place.line(f"sources.{name}")
            if name in self.sources:
                self._say(f'source "{name}"', "is given twice", place.file, line)
            faults = source_faults(table)
            for message in faults:
                self._say(f'source "{name}"', message, place.file, line)
            self.sources[name] = _UNSOUND if faults else table

    def _read_entry(self, place: _Place, entry_id: str, table: Any) -> None:
        line = place.line(entry_id)
        if not isinstance(table, dict):
            self._say(entry_id, "is not an entry table", place.file, line)
            return
        is_new = entry_id not in self.entries
        head = {k: v for k, v in table.items() if k in ENTRY}
        faults = entry_faults(entry_id, head, self.entries)
        for message in faults:
            self._say(f'entry "{entry_id}"', message, place.file, line)
        if is_new and faults:
            return
        if is_new:
            self.entries[entry_id] = head
            self.quantities[entry_id] = {}
            self.homes[entry_id] = (place.file, line)
        for name, body in table.items():
            if name not in ENTRY:
                self._read_quantity(place, entry_id, name, body)

    def _read_quantity(self, place: _Place, entry_id: str, name: str, body: Any) -> None:
        where, line = f"{entry_id}.{name}", place.line(f"{entry_id}.{name}")
        faults = quantity_faults(name, body, name not in self.quantities[entry_id])
        for message in faults:
            self._say(where, message, place.file, line)
        if faults:
            return
        table = self.quantities[entry_id].setdefault(name, body)
        level = table.get("level", self.entries[entry_id]["level"])
        into = self.claims.setdefault((entry_id, name), [])
        for number, row in enumerate(body["claims"], 1):
            faults = claim_faults(row, name, self.sources)
            for message in faults:
                self._say(f"{where} · claim {number}", message, place.file, place.line(where, number))
            if not faults:
                into.append(_claim(entry_id, name, row, self.sources[row["source"]], level, self.makers))

    def _check_complete(self) -> None:
        for entry_id, head in self.entries.items():
            have = self.quantities[entry_id]
            for name in KINDS[head["kind"]]:
                if name not in have:
                    self._say(f'entry "{entry_id}"', f"has no claim about {name}", *self.homes[entry_id])


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
        """1-based line, or the line of the header or of the first below it, or 0."""
        rows = self._lines.get(header) or next(
            (lines[:1] for name, lines in self._lines.items() if name.startswith(f"{header}.")), [0]
        )
        return rows[claim] if claim < len(rows) else rows[0]


def _claim(entry: str, name: str, row: dict[str, Any], source: dict[str, Any], level: str, makers: set[str]) -> Claim:
    """Build a checked claim; numbers become SI here."""
    who = {**source, **{k: v for k, v in row.items() if k in SOURCE}}
    at = {**row.get("at", {}), **{k: row[k] for k in CONDITIONS if k in row}}
    text = SPECS[name].dimension == TEXT
    unit = "" if text else row["unit"]
    if SPECS[name].dimension == "money" and SPECS[name].better == "low":
        unit = dated(unit, who["date"])
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
        beside=row.get("beside", False),
        **{k: who[k] for k in SOURCE - OPTIONAL},
        **{k: who.get(k, "") for k in OPTIONAL},
    )


def _shown(row: dict[str, Any], unit: str) -> str:
    """The claim as a reader writes it, in its own unit."""
    tail = f" {printed(unit)}" if unit not in ("", "count", "fraction") else ""
    low, high = (f"{row[k]:g}" if k in row else "" for k in ("low", "high"))
    if "value" not in row:
        return f"{low} to {high}{tail}"
    if isinstance(row["value"], str):
        return row["value"]
    span = f" ({low} to {high})" if low and high and low != high else ""
    return f"{row['value']:g}{tail}{span}"
