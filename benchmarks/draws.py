"""What drawing the claims costs: CPU time of plans and of replications, per draw of both variants.

``python benchmarks/draws.py [DRAWS]`` on ``examples/second-batch.toml``, 16 replications per variant and
draw, one thread. Run it twice: the first run makes the horizon tables that are kept on disk.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from kalkan.catalogue import draw
from kalkan.compile import Compiled, compile_scenario
from kalkan.kernels.mission import run_block
from kalkan.kernels.records import allocate
from kalkan.scenario import load

INNER = 16


def simulate(plans: list[Compiled], first: int) -> float:
    """CPU seconds of `INNER` replications of every plan."""
    began = time.thread_time()
    for c in plans:
        run_block(c.plan, 1, 0, first, INNER, allocate(INNER, c.sizes))
    return time.thread_time() - began


def main(draws: int) -> None:
    """Print one line per draw and the ratios."""
    scenario = load(Path(__file__).parents[1] / "examples" / "second-batch.toml")
    variants = list(scenario.variants_resolved().values())
    plain = [compile_scenario(v, scenario.catalogue) for v in variants]
    simulate(plain, 0)
    plain_s = min(simulate(plain, INNER * i) for i in (1, 2))
    plans_s, drawn_s = [], []
    for i in range(draws):
        began = time.thread_time()
        stance = draw(scenario.catalogue, 1, i, draws)
        plans = [compile_scenario(v, scenario.catalogue, stance=stance) for v in variants]
        plans_s.append(time.thread_time() - began)
        drawn_s.append(simulate(plans, INNER * i))
        print(f"draw {i}: plans {plans_s[-1]:.2f} s, replications {drawn_s[-1]:.2f} s", flush=True)
    plans_mean, drawn_mean = sum(plans_s) / draws, sum(drawn_s) / draws
    print(f"plain replications {plain_s:.2f} s; plans {plans_mean:.2f} s and replications {drawn_mean:.2f} s per draw")
    print(f"cost of a draw over its replications {1.0 + plans_mean / drawn_mean:.2f}")
    print(f"cost of a draw over as many plain replications {(plans_mean + drawn_mean) / plain_s:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 8)
