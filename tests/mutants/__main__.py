"""Run mutants: ``python -m tests.mutants [--rotate N [--turn T]] [--processes P] [name ...]``."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.mutants.mutants import MUTANTS
from tests.mutants.running import ROOT, faults, judge, untouched
from tests.mutants.source import SOURCE, Mutant, places


def main() -> int:
    """Exit code 0: every mutant was noticed by its test; 1: not; 2: the list is wrong."""
    asked = _arguments()
    wrong = [told for m in MUTANTS for told in places(SOURCE, m).faults] + faults(MUTANTS)
    chosen = _chosen(asked)
    unknown = sorted(set(asked.names) - {m.name for m in MUTANTS})
    wrong += [f'no mutant is called "{name}"' for name in unknown]
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        return 2
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as kept:
        if not untouched(chosen, asked.processes, Path(kept)):
            return 2
        survived = judge(chosen, asked.processes, Path(kept))
    took = time.perf_counter() - begun
    print(f"{len(chosen) - len(survived)} of {len(chosen)} mutants noticed in {took:.0f} s")
    for m, told in survived:
        print(f"  {m.name}: {told}\n    {m.test}")
    return 1 if survived else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("names", nargs="*", help="mutants by name; default: all")
    parser.add_argument("--rotate", type=int, default=0, metavar="N", help="only N, others at each turn")
    parser.add_argument("--turn", type=int, default=None, help="which N; default: by the number of commits and the day")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, metavar="P")
    return parser.parse_args()


def _chosen(asked: argparse.Namespace) -> list[Mutant]:
    """By name, or the turn's share: N turns later, the next; so that each has its turn."""
    if asked.names:
        return [m for m in MUTANTS if m.name in asked.names]
    if not asked.rotate:
        return list(MUTANTS)
    first = asked.rotate * (_turn() if asked.turn is None else asked.turn)
    return [MUTANTS[(first + i) % len(MUTANTS)] for i in range(min(asked.rotate, len(MUTANTS)))]


def _turn() -> int:
    """A number that grows with every commit and every day."""
    counted = subprocess.run(["git", "rev-list", "--count", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return int(counted.stdout.strip() or 0) + int(time.time() // 86_400)


if __name__ == "__main__":
    sys.exit(main())
