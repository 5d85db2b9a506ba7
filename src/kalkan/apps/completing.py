"""What a shell completes: names of the catalogue, examples, formats, stances."""

from __future__ import annotations

from pathlib import Path


def entries(incomplete: str) -> list[tuple[str, str]]:
    """Entries of the catalogue by identifier or alias, with what they are; behind a dot, an entry's quantities."""
    from kalkan.catalogue import load_catalogue

    known = load_catalogue()
    head, dot, word = incomplete.rpartition(".")
    entry = known.named(head) if dot else None
    if entry:
        return [(f"{head}.{q}", c.spec.sentence) for q, c in entry.quantities.items() if q.startswith(word)]
    typed = incomplete.casefold()
    named = {i: e.name for i, e in known.entries.items() if i.startswith(typed)}
    also = {a: e.name for e in known.entries.values() for a in e.aliases if typed and a.casefold().startswith(typed)}
    return [(incomplete + word[len(incomplete) :], name) for word, name in (named or also).items()]


def vehicles(incomplete: str) -> list[tuple[str, str]]:
    """Whatever flies."""
    from kalkan.catalogue import load_catalogue

    known = load_catalogue()
    return [(i, known.entry(i).name) for i in known.flyers() if i.startswith(incomplete.lower())]


def scenarios(incomplete: str) -> list[str]:
    """Scenario files below what is typed, folders, and examples; nothing: the shell completes file names itself."""
    from kalkan.scenario.writing.examples import examples

    typed = Path(incomplete)
    folder = typed if incomplete.endswith("/") else typed.parent
    here = [p for p in sorted(folder.iterdir()) if str(p).startswith(incomplete)] if folder.is_dir() else []
    found = [f"{p}/" if p.is_dir() else str(p) for p in here if p.is_dir() or p.suffix == ".toml"]
    return found + [e.file for e in examples() if e.file.startswith(incomplete) and e.file not in found]


def starters(incomplete: str) -> list[tuple[str, str]]:
    """Kinds of starters."""
    from kalkan.scenario.writing.examples import examples

    return [(e.name, e.about) for e in examples() if not e.file and e.name.startswith(incomplete)]


def formats(incomplete: str) -> list[str]:
    """Formats of exports."""
    from kalkan.exports.formats import FORMATS

    return [name for name in FORMATS if name.startswith(incomplete)]


def stances(incomplete: str) -> list[str]:
    """Words of stances."""
    from kalkan.catalogue import STANCES

    return [name for name in STANCES if name.startswith(incomplete)]
