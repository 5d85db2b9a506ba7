"""Engagement: salvos, shoot-look-shoot, busy channels, whole raids and interceptors needed."""

from __future__ import annotations

import functools
import math
from fractions import Fraction

from tests.reference.builders import Builder, Case

Chances = dict[int, Fraction]


def salvos(c: Case) -> Case:
    """Exact rational arithmetic, round by round."""
    p, kind = Fraction(str(c["sspk"])), c["kind"]
    if kind == "salvo":
        return {"pk": float(1 - (1 - p) ** c["n"]), "expected_shots": c["n"]}
    if kind == "salvo with common-mode P(track)":
        return {"pk": float(Fraction(str(c["p_track"])) * (1 - (1 - p) ** c["n"]))}
    if kind == "shoot-look-shoot":
        alive, shots = Fraction(1), Fraction(0)
        for size in c["schedule"]:
            shots += alive * size
            alive *= (1 - p) ** size
        return {"pk": float(1 - alive), "expected_shots": float(shots)}
    again_if_dead, left_if_alive = Fraction(str(c["false_alive"])), Fraction(str(c["false_dead"]))
    return {
        "pk": float(p + (1 - p) * (1 - left_if_alive) * p),
        "expected_shots": float(1 + p * again_if_dead + (1 - p) * (1 - left_if_alive)),
    }


def erlang(c: Case) -> Case:
    """Loss by the recurrence over servers; delay where the offered load is less than the servers."""
    servers, load, blocked = c["servers"], c["offered_erlangs"], 1.0
    for n in range(1, servers + 1):
        blocked = load * blocked / (n + load * blocked)
    found = {"erlang_b": blocked}
    return found | ({"erlang_c": servers * blocked / (servers - load * (1.0 - blocked))} if load < servers else {})


def leakage(c: Case) -> Case:
    """Leakers of a raid, exactly: every look, in order, so many shots at each survivor until the rounds are gone."""
    p, per = Fraction(str(c["sspk"])), c["shots_per_threat_per_look"]
    left = _survivors(c["threats"], c["interceptors"], c["looks"], per, p)
    mean = sum(k * w for k, w in left.items())
    square = sum(k * k * w for k, w in left.items())
    return {"mean_leakers": float(mean), "p_zero_leak": float(left.get(0, 0)), "var_leakers": float(square - mean**2)}


@functools.cache
def _survivors(threats: int, rounds: int, looks: int, per: int, p: Fraction) -> Chances:
    if looks == 0 or threats == 0 or rounds == 0:
        return {threats: Fraction(1)}
    shots = [min(per, max(rounds - per * i, 0)) for i in range(threats)]
    after: Chances = {0: Fraction(1)}
    for n in shots:
        kill = 1 - (1 - p) ** n
        after = _added(after, {0: kill, 1: 1 - kill})
    found: Chances = {}
    for alive, chance in after.items():
        for k, w in _survivors(alive, rounds - sum(shots), looks - 1, per, p).items():
            found[k] = found.get(k, Fraction(0)) + chance * w
    return found


def _added(one: Chances, other: Chances) -> Chances:
    found: Chances = {}
    for a, x in one.items():
        for b, y in other.items():
            found[a + b] = found.get(a + b, Fraction(0)) + x * y
    return found


def coordination(c: Case) -> Case:
    """Leakers where every shot goes at a target chosen at random, and where shots are spread evenly."""
    w, p, (each, more) = c["threats"], c["sspk"], divmod(c["shots"], c["threats"])
    alone = w * (1.0 - p / w) ** c["shots"]
    even = (w - more) * (1.0 - p) ** each + more * (1.0 - p) ** (each + 1)
    return {"mean_leakers_random_uncoordinated": alone, "mean_leakers_even_coordinated": even}


def wilkening(c: Case) -> Case:
    """Interceptors so that all of W warheads are destroyed with a confidence (Wilkening 1999)."""
    w = c["warheads"]
    if "p_track" not in c:
        return {"p_track_min": 0.8 ** (1.0 / w)}
    p, pt = c["sspk"], c["p_track"]
    each = c["confidence_all_destroyed"] ** (1.0 / w)
    n = math.log(1.0 - each / pt) / math.log(1.0 - p)
    objects = w + c["undiscriminated_decoys"]
    found = {"shots_per_object": n, "barrage_interceptors": n * objects}
    return found | {f"sls_first_{word}": _looked(n, first, p, objects) for word, first in (("one", 1), ("two", 2))}


def _looked(n: float, first: int, p: float, objects: int) -> float:
    """A first salvo at each object, the rest of the n shots only at what is left."""
    return objects * (first + (1.0 - p) ** first * (n - first))


BUILDERS = {
    "engagement_salvo_sls": Builder(salvos),
    "erlang_saturation": Builder(erlang),
    "fire_coordination": Builder(coordination),
    "raid_leakage_exact": Builder(leakage),
    "wilkening_interceptors": Builder(wilkening),
}
