"""How each system fights, in a sentence: its doctrine as the plan has it, from claims and the scenario."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kalkan.views.report.sentences import listed

_NUMBERS = {1: "one round", 2: "two rounds", 3: "three rounds", 4: "four rounds"}
_WORDS = {"aircraft": "aircraft", "uav": "drones", "cruise-missile": "cruise missiles"}
_ASSIGNMENTS = {
    "optimal": "optimally over all free channels", "nearest-first": "the nearest first",
    "highest-value-first": "the most valuable first", "expected-value": "for the largest expected value",
}  # fmt: skip


def doctrines(attrs: Mapping[str, Any]) -> list[str]:
    """One sentence for each system of a variant; classes that are fought alike stand together."""
    return [_system(told) for told in attrs.get("fights", ())]


def _system(told: Mapping[str, Any]) -> str:
    alike: dict[str, list[str]] = {}
    for name, rule in told["against"].items():
        alike.setdefault(_rule(rule), []).append(_WORDS.get(name, name.replace("-", " ") + "s"))
    parts = [f"at {listed(names)} {rule}" for rule, names in alike.items()]
    way = _ASSIGNMENTS.get(told["assignment"], f"by the user’s own “{told['assignment']}”")
    kept = f"; {told['reserve']} rounds of each unit are kept for the last moment" if told["reserve"] else ""
    gain_s = told.get("reassign_gain_s")  # folders made before know none
    gives = f"**{told['system']}** gives threats to its units {way}" + ("" if gain_s is None else _reassigns(gain_s))
    return f"{gives}; it launches {'; '.join(parts)}{kept}."


def _reassigns(gain_s: float) -> str:
    earlier = f"{gain_s:g} s earlier" if gain_s else "earlier"
    return f", and takes orders back before launch where another unit would meet the target {earlier}"


def _rule(rule: Mapping[str, Any]) -> str:
    """``two rounds at once, looks for 10 s, at most 6 in all, 9M96E2 before 48N6E3``."""
    salvo, most = rule["salvo"], rule["most"]
    said = [_NUMBERS.get(salvo, f"{salvo} rounds") + (_spacing(rule) if salvo > 1 else "")]
    said.append(f"looks for {rule['look_s']:g} s, at most {most} in all" if most > salvo else "and then leaves it")
    limits = (("beyond", rule["earliest_m"]), ("within", rule["latest_m"]))
    said += [f"not {word} {m / 1e3:g} km" for word, m in limits if m]
    always = [m.upper() for m in rule["missiles"]]
    said.append(" before ".join(always) if always else "nothing freely")
    if rule["last_resort"]:
        said.append(f"{listed([m.upper() for m in rule['last_resort']])} as a last resort")
    return ", ".join(said)


def _spacing(rule: Mapping[str, Any]) -> str:
    return " at once" if rule["ripple_s"] == 0.0 else f" {rule['ripple_s']:g} s apart"
