"""What drawing the claims costs: CPU time of plans and of replications, per draw of both variants.

``python benchmarks/draws.py [DRAWS]`` on ``examples/second-batch.toml``, 16 replications per variant and
draw, one thread. A first run also makes the horizon tables that are kept on disk: the second one tells.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from kalkan.campaign import run_block
from kalkan.catalogue import draw
from kalkan.compile import Compiled, compile_scenario
from kalkan.compile.shared import Shared
from kalkan.kernels.records import allocate
from kalkan.scenario import load

INNER = 16


def simulate(plans: list[Compiled], first: int) -> float:
    """CPU seconds of `INNER` replications of every plan."""
    began = time.thread_time()
    for c in plans:
        run_block(c.runs, 1, 0, first, INNER, allocate(INNER, c.sizes))
    return time.thread_time() - began


def measure_draws(draws: int = 12) -> dict[str, float]:
    """Costs of a draw over its own replications, and over as many plain ones."""
    scenario = load(Path(__file__).parents[1] / "examples" / "second-batch.toml")
    variants = list(scenario.variants_resolved().values())
    plain = [compile_scenario(v, scenario.catalogue) for v in variants]
    simulate(plain, 0)
    plain_s = min(simulate(plain, INNER * i) for i in (1, 2))
    plans_s = drawn_s = 0.0
    shared = Shared()
    for i in range(draws):
        began = time.thread_time()
        stance = draw(scenario.catalogue, 1, i, draws)
        plans = [compile_scenario(v, scenario.catalogue, stance=stance, shared=shared) for v in variants]
        plans_s += time.thread_time() - began
        drawn_s += simulate(plans, INNER * i)
    return {
        "over_its_replications": 1.0 + plans_s / drawn_s,
        "over_plain_replications": (plans_s + drawn_s) / draws / plain_s,
    }


if __name__ == "__main__":
    print(measure_draws(int(sys.argv[1]) if len(sys.argv) > 1 else 12))
