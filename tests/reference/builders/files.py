"""The files of ``tests/reference/data``, and how what a builder makes compares with them."""

from __future__ import annotations

import importlib.util
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.reference.builders import Builder, Case

DATA = Path(__file__).parents[1] / "data"
NOT_EXPECTED = ("name", "about")  # of a case whose values stand beside its name


def read(name: str) -> dict[str, Any]:
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def missing_programs(builder: Builder) -> list[str]:
    return [p for p in builder.needs if importlib.util.find_spec(p) is None]


def expected(case: Case) -> Any:
    """What a case expects; all but its name where that stands beside it."""
    return case["expected"] if "expected" in case else {k: v for k, v in case.items() if k not in NOT_EXPECTED}


def rebuilt(name: str, builder: Builder) -> dict[str, Any]:
    """The file with everything that can be computed computed anew."""
    whole = read(name)
    for case in whole["cases"]:
        made = builder.expected(case)
        if "expected" not in case:
            case |= made
        elif isinstance(made, dict):
            case["expected"] |= made
        else:
            case["expected"] = made
    return whole


def write(name: str, whole: dict[str, Any]) -> None:
    (DATA / f"{name}.json").write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def differences(name: str, builder: Builder) -> list[str]:
    """Where a file is not what its builder makes of its inputs."""
    found = []
    for i, case in enumerate(read(name)["cases"]):
        made, stored = builder.expected(case), expected(case)
        if isinstance(stored, dict):
            idle = stored.keys() - made.keys() - set(builder.recorded)
            found += [f"case {i}: {key} comes from nowhere" for key in sorted(idle)]
            stored = {key: stored.get(key) for key in made}
        found += [f"case {i}{told}" for told in _unlike(made, stored, builder)]
    return found


def _unlike(made: Any, stored: Any, builder: Builder) -> Iterator[str]:
    if isinstance(made, dict):
        for key, value in made.items():
            yield from (f" {key}{told}" for told in _unlike(value, stored[key], builder))
    elif isinstance(made, list) and isinstance(stored, list) and len(made) == len(stored):
        for i, (one, other) in enumerate(zip(made, stored, strict=True)):
            yield from (f"[{i}]{told}" for told in _unlike(one, other, builder))
    elif isinstance(made, list) or stored is None or not math.isclose(
        made, stored, rel_tol=builder.rel, abs_tol=builder.abs
    ):
        yield f": made {made}, stored {stored}"
