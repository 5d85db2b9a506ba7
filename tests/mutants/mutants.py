"""The list of mutants, read from ``mutants.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path

from tests.mutants.source import Mutant

LIST = Path(__file__).with_name("mutants.toml")


def read(text: str) -> tuple[Mutant, ...]:
    """The mutants of a list, in its order."""
    return tuple(
        Mutant(m["name"], m["test"], ((m["old"], m["new"]), *((old, new) for old, new in m.get("also", ()))))
        for m in tomllib.loads(text)["mutant"]
    )


MUTANTS = read(LIST.read_text(encoding="utf-8"))
