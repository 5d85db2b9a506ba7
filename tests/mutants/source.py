"""What a mutant is, and how it is put into a copy of the source: by its text alone, wherever that stands."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).parents[2] / "src" / "kalkan"


class Mutant(NamedTuple):
    """A fault, and who must notice it.

    Attributes
    ----------
    name : str
        What the fault does, in words.
    test : str
        The pytest node that must fail with it, by an assertion.
    edits : tuple of (str, str)
        Text that stands once in all of ``src/kalkan``, and what stands there instead. The file is found, so that code
        may move.
    """

    name: str
    test: str
    edits: tuple[tuple[str, str], ...]


class Places(NamedTuple):
    """Where a mutant's texts stand, and what is wrong with them."""

    files: list[Path]
    faults: list[str]


def places(source: Path, mutant: Mutant) -> Places:
    """The file of each of a mutant's texts."""
    files, faults = [], []
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(source.rglob("*.py"))}
    for old, new in mutant.edits:
        found = [path for path, text in texts.items() for _ in range(text.count(old))]
        if len(found) != 1:
            where = ", ".join(str(p.relative_to(source)) for p in found) or "nowhere"
            told = f"must stand once in src/kalkan, stands {len(found)} times ({where})"
            faults.append(f'"{mutant.name}": {told}:\n    {old}')
        elif old == new:
            faults.append(f'"{mutant.name}": changes nothing')
        files += found[:1]
    return Places(files, faults)


def put_in(source: Path, mutant: Mutant) -> dict[Path, str]:
    """Change the files of a copy; what they held before."""
    before: dict[Path, str] = {}
    for path, (old, new) in zip(places(source, mutant).files, mutant.edits, strict=True):
        text = path.read_text(encoding="utf-8")
        before.setdefault(path, text)
        path.write_text(text.replace(old, new), encoding="utf-8")
    return before
