"""What a campaign costs: ten raids of fifty in thirty days, against the same ten raids run alone.

``python benchmarks/campaign.py`` runs both in turn on one thread, and prints the ratio of their CPU times and the most
memory that was held; ``--days 300`` spreads the same ten raids over more days.
"""

from __future__ import annotations

import resource
import sys
import time

from kalkan.campaign import run_block
from kalkan.catalogue import load_catalogue
from kalkan.compile import Compiled, compile_scenario
from kalkan.kernels.records import allocate
from kalkan.scenario import parse, starter

WAVES, VEHICLES, REPLICATIONS, ROUNDS = 10, 50, 8, 5
RELOADS = 'type = "s-400"\nreload_sets = 20 '
CAMPAIGN = """
[campaign]
duration = "{days} days"
lead_in = "10 min"
[[waves]]
name = "wave"
at = "1 day"
every = "{every} days"
times = {times}
"""


def raid() -> str:
    """The starter's defence, with reloads for all waves, under a raid of `VEHICLES`."""
    whole = starter("small").replace("count = 16", f"count = {VEHICLES}").replace('type = "s-400" ', RELOADS, 1)
    assert whole.count(f"count = {VEHICLES}") == 1 and "reload_sets" in whole
    return whole


def compiled(whole: str) -> Compiled:
    """The plan of a text."""
    return compile_scenario(parse(whole), load_catalogue())


def run_s(plan: Compiled, first: int, n: int) -> float:
    """CPU seconds of some replications."""
    began = time.process_time()
    run_block(plan.runs, 1, 0, first, n, allocate(n, plan.sizes))
    return time.process_time() - began


def measure(days: int = 30) -> dict[str, float]:
    """Ratio of a campaign to its raids alone; peak memory [MB]."""
    alone = compiled(raid())
    campaign = compiled(raid() + CAMPAIGN.format(days=days, every=(days - 3) // (WAVES - 1), times=WAVES))
    run_s(alone, 0, 1), run_s(campaign, 0, 1)
    ratios = []
    for k in range(ROUNDS):
        raids_s = run_s(alone, k * WAVES * REPLICATIONS, WAVES * REPLICATIONS)
        ratios.append(run_s(campaign, k * REPLICATIONS, REPLICATIONS) / raids_s)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    return {"over_raids_alone": sorted(ratios)[ROUNDS // 2], "raids_s": raids_s, "peak_mb": peak_mb}


if __name__ == "__main__":
    print(measure(int(sys.argv[2]) if "--days" in sys.argv else 30))
