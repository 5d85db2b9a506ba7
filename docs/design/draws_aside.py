"""Which drawn claims lead away from the answer at the best sources: `python docs/design/draws_aside.py`.

One batch of the example. One at a time: a claim at 5, 50 and 95 % of what is drawn for it (a branch: at each of its
words), all others at their best source. Together: draws of some claims, the others at their best source.
"""

from __future__ import annotations

import re
from pathlib import Path

import kalkan
from kalkan.catalogue import Stance, draw
from kalkan.studies.answers import Answers, Question
from kalkan.studies.factors import at, disputed

ALONE = (
    r"s-400\.(load|launchers|acq)|last_resort|9m96e2\.kill|model\.(max_salvos|salvo|launch_thr|crew)"
    r"|92n6e\.(detection|drop|reference|update|target_ch|missile_ch)"
)
GROUPS = {
    "all": "", "branches": r"s-400\.(load|acq)|last_resort", "doctrine": r"model\.(salvo|max_salvos|launch_thr|crew)",
    "engagement radar": "92n6e", "kill probability": r"kill_prob|common_cause|full_|edge|tail_chase|no_speed",
    "acquisition radars": "91n6e|96l6e", "cross-sections": r"\.rcs|\.swerling", "post": "55k6e",
}  # fmt: skip
REPLICATIONS, DRAWS, INNER, SEED = 24, 32, 2, 7

scenario = kalkan.load(Path(__file__).parents[2] / "examples" / "second-batch.toml")
one = next(iter(scenario.variants_resolved().values()))
answers = Answers(seed=scenario.study.seed, threads=2)
factors = {f.path: f for f in disputed([one])}


def leakers(stance: Stance | None) -> float:
    """Mean over some replications."""
    return float(answers.ask([Question(one, stance, 0, REPLICATIONS)])[0]["leakers"].mean())


print(f"best sources {leakers(None):.1f}")
for path, factor in factors.items():
    if re.search(ALONE, path):
        found = []
        for place in factor.places if factor.branches else (0.05, 0.5, 0.95):
            value = at(scenario.catalogue, one.assume, path, factor.asked[0], place).value
            shown = value if isinstance(value, str) else f"{value:.4g}"
            found.append(f"{shown}: {leakers(Stance(places={path: place})):.1f}")
        print(f"{path:36} {' | '.join(found)}")
for name, pattern in GROUPS.items():
    only = [path for path in factors if re.search(pattern, path)]
    stances = [draw(scenario.catalogue, SEED, i, DRAWS, only=only) for i in range(DRAWS)]
    told = answers.ask([Question(one, s, INNER * i, INNER) for i, s in enumerate(stances)])
    means = sorted(float(a["leakers"].mean()) for a in told)
    print(f"drawn: {name:20} {len(only):3} claims, mean {sum(means) / DRAWS:.1f}, median {means[DRAWS // 2]:.1f}")
