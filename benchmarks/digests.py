"""Digests of everything that is recorded: whether a change of the code changed a number.

``python benchmarks/digests.py`` runs a few replications of every variant of ``examples/*.toml`` and of the
benchmark raid, and compares SHA-256 digests of every recorded variable with ``digests.json``. It prints what
differs and ends with 1; with ``--write`` it renews the file instead. Floating-point results are those of one
platform (processor, C library, versions of the compiler and of the numerical libraries), which the file
names: elsewhere differences are printed and the end is 0.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
FILE = Path(__file__).with_name("digests.json")
SCENARIOS = [*sorted((ROOT / "examples").glob("*.toml")), ROOT / "benchmarks" / "raid.toml"]
REPLICATIONS = 4
LIBRARIES = ("numpy", "scipy", "numba", "llvmlite", "pyproj", "rasterio")
Digests = dict[str, dict[str, str]]


def platform_of() -> dict[str, str]:
    """What floating-point results may depend on, besides kalkan."""
    import llvmlite.binding

    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": llvmlite.binding.get_host_cpu_name(),
        "c library": " ".join(platform.libc_ver()),
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
    }


def digest(name: str, array: np.ndarray) -> str:
    """First 16 hex digits of the SHA-256 of an array: name, type, shape and little-endian bytes."""
    plain = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    return hashlib.sha256(f"{name} {plain.dtype.str} {plain.shape} ".encode() + plain.tobytes()).hexdigest()[:16]


def digests_of(scenario: Any) -> dict[str, str]:
    """Of every variable of the first replications of one variant, and of its event log."""
    from kalkan.compile import compile_scenario
    from kalkan.engine.ledger import DENSE
    from kalkan.engine.store.store import ragged
    from kalkan.campaign import run_block
    from kalkan.kernels.records import allocate, columns

    compiled = compile_scenario(scenario, scenario.catalogue)
    records = allocate(REPLICATIONS, compiled.sizes)
    run_block(compiled.runs, scenario.study.seed, 0, 0, REPLICATIONS, records)
    found = columns(records)
    arrays: Mapping[str, np.ndarray] = {name: found[name] for name in DENSE} | ragged(found)
    return {name: digest(name, array) for name, array in arrays.items()}


def measure() -> Digests:
    """Digests by file and variant, and variable."""
    from kalkan.engine.warm import warm
    from kalkan.scenario import load

    warm()
    found = {}
    for path in SCENARIOS:
        for name, variant in load(path).variants_resolved().items():
            key = f"{path.relative_to(ROOT).as_posix()} · {name}"
            print(key, file=sys.stderr)
            found[key] = digests_of(variant)
    return found


def differences(old: Digests, new: Digests) -> list[str]:
    """A line for every variant whose numbers differ; variables that only one side has are named as such."""
    lines = [f"{key}: no longer there" for key in old if key not in new]
    for key, mine in new.items():
        if key not in old:
            lines.append(f"{key}: new")
            continue
        theirs = old[key]
        for word, names in (
            ("differ", [n for n in mine if n in theirs and mine[n] != theirs[n]]),
            ("new", [n for n in mine if n not in theirs]),
            ("gone", [n for n in theirs if n not in mine]),
        ):
            if names:
                lines.append(f"{key}: {len(names)} of {len(mine)} variables {word}: {', '.join(names)}")
    return lines


def main() -> int:
    """Compare, or write; the exit code."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="renew digests.json")
    write = parser.parse_args().write
    here, found = platform_of(), measure()
    if write:
        about = {"platform": here, "replications": REPLICATIONS, "digests": found}
        FILE.write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(f"{FILE.name}: {len(found)} variants")
        return 0
    stored = json.loads(FILE.read_text(encoding="utf-8"))
    lines = differences(stored["digests"], found)
    print("\n".join(lines) if lines else f"nothing differs in {len(found)} variants × {REPLICATIONS} replications")
    other = [f"{k} {here[k]}, not {v}" for k, v in stored["platform"].items() if here[k] != v]
    if lines and other:
        print(f"{FILE.name} is for another platform ({'; '.join(other)}), where numbers may differ in the last place")
        return 0
    return 1 if lines else 0


if __name__ == "__main__":
    raise SystemExit(main())
