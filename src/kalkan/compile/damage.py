"""Parts of the defence that can be put out, who then leads the rest, and what raids aim at → arrays.

Where nothing can be put out a plan has none of this. Else every fire unit whose post may be lost has a picture of its
own to fall back on, as where its link is cut (``layout``), and the fields that hang on who leads it for every rank.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kalkan.arrays import Struct
from kalkan.compile import defence
from kalkan.compile.inputs import MODEL, Inputs, keys
from kalkan.compile.layout import Layout, lay_out
from kalkan.compile.sited import Sited
from kalkan.earth.frames import Frame, between
from kalkan.earth.terrain import Terrain
from kalkan.errors import ProblemsError
from kalkan.kernels.damage import (
    ALONE,
    EMISSIONS,
    HOMINGS,
    LAUNCHER,
    LED_RADARS,
    LED_UNITS,
    LINK,
    OUTAGES,
    OWN,
    PARTS,
    POST,
    RADAR,
    SUCCESSOR,
    Damage,
    intact,
)
from kalkan.kernels.plan import LOOK_ENGAGE, struct
from kalkan.scenario import Asset, Outage, Scenario
from kalkan.scenario.parts import is_aim, parts_of, unit_of

PartIndex = tuple[int, int]  # kind of part, and index
MANNERS = ("always", "cued", "blinking", "wary")  # in the order of kernels.damage
USUAL_HOLD_S = 60.0  # of emission control without a time written [s]
USUAL_VALUE = 1.0  # of a place of the defence whose system has no value written


def can_be_hit(scenario: Scenario) -> bool:
    """Whether anything of the defence can be put out."""
    controlled = any(s.emission or s.decoy_emitters for s in scenario.systems)
    return bool(scenario.outages or controlled or _aims(scenario) or scenario.has_history)


class Fallback:
    """Pictures of fire units that fight alone, after those of the posts; none where nothing can be put out.

    Parameters
    ----------
    scenario : Scenario
    here : Sited
    inputs : Inputs
    terrain : Terrain
    """

    def __init__(self, scenario: Scenario, here: Sited, inputs: Inputs, terrain: Terrain) -> None:
        self.on, self.layout = can_be_hit(scenario), here.layout
        self.names = [p.name for p in here.layout.posts]
        self.frames = list(here.frames)
        self.alone: Layout | None = None
        if not self.on:
            return
        cut = [s.model_copy(update={"link": "cut"}) for s in scenario.systems if s.link == "up"]
        self.alone = lay_out(scenario.model_copy(update={"systems": tuple(cut)}), inputs) if cut else Layout()
        self.own_frames = defence.picture_frames(self.alone, terrain)
        self.names += [p.name for p in self.alone.posts]
        self.frames += self.own_frames

    def pictures(self, own: Struct, scenario: Scenario, inputs: Inputs) -> Struct:
        """The posts' pictures `own`, and behind them those of units that fight alone: nobody tells them anything."""
        if not self.alone or not self.alone.posts:
            return own
        others = defence.compile_pictures(self.alone, self.own_frames, scenario, inputs)
        others["coordination"], others["external_picture"] = 0, 0
        return np.concatenate([own, others])


def aims_of(scenario: Scenario, here: Sited) -> list[Asset]:
    """Assets, and behind them the parts of the defence that raids aim at, which are worth something too."""
    assets, named = {a.name for a in scenario.assets}, _named(here.layout)
    found: dict[str, Asset] = {}
    problems = []
    for i, raid in enumerate(scenario.raids):
        if raid.aim is None or raid.aim in assets or raid.aim in found:
            continue
        system = next((s for s in scenario.systems if _spelt(raid.aim, named) in named[s.name]), None)
        if system is None:
            told = "is not a part of the defence under this stance"
            problems.append(scenario.problem(("raids", i, "aim"), told))
            continue
        number = unit_of(raid.aim, system.name)
        sites = {u.name: u.site for u in here.layout.units}
        place = system.position
        if number is not None:
            place = (sites[f"{system.name}/{number}"].lat_deg, sites[f"{system.name}/{number}"].lon_deg)
        found[raid.aim] = Asset(name=raid.aim, position=place, value=system.value or USUAL_VALUE, hits_to_destroy=1)
    if problems:
        raise ProblemsError(problems)
    return [*scenario.assets, *found.values()]


def compile_damage(
    scenario: Scenario, here: Sited, fallback: Fallback, pictures: Struct, assets: list[str], types: list[str],
    inputs: Inputs,
) -> Damage:  # fmt: skip
    """What can be put out, what puts it out, and what the rest then does.

    Parameters
    ----------
    pictures : structured array (n_picture,), ``kalkan.kernels.plan.PICTURES``
        Of posts and of fire units alone.
    assets : list of str
        Names of the assets and of what raids aim at, as in the plan.
    types : list of str
        Air vehicles that fly, as in the plan.
    """
    if not fallback.on:
        return intact(here.radars, here.units, pictures, len(assets))
    names, indices = _parts(here.layout)
    named = _named(here.layout)
    everything = {k: v for of_system in named.values() for k, v in of_system.items()}
    place = {name: k for k, name in enumerate(names)}
    aimed = any(name in everything or name.lower() in everything for name in _aims(scenario))
    return Damage(
        on=1,
        takeover_s=inputs.number(MODEL, "takeover_time"),
        n_posts=len(here.layout.posts),
        parts=_part_array(names, indices, aimed, inputs),
        outages=_outage_array(scenario, everything, place),
        units=_led_units(scenario, here, fallback),
        radars=_led_radars(scenario, here, fallback),
        emissions=_emissions(here, inputs),
        homings=_homings(types, inputs),
        range_max_m=here.radars["range_max_m"].copy(),
        false_alarms=here.radars["false_alarms_per_scan"].copy(),
        external=pictures["external_picture"].copy(),
        stands=_stands(scenario, assets, everything, place),
    )


def _aims(scenario: Scenario) -> list[str]:
    assets = {a.name for a in scenario.assets}
    return [r.aim for r in scenario.raids if r.aim is not None and r.aim not in assets]


def _spelt(name: str, named: dict[str, dict[str, tuple[str, ...]]]) -> str:
    """A part as it is spelt here, whatever the case of its letters."""
    spelt = {n.lower(): n for of_system in named.values() for n in of_system}
    return spelt.get(name.lower(), name)


def _named(layout: Layout) -> dict[str, dict[str, tuple[str, ...]]]:
    """By system: every name of a part, with the single parts that it means."""
    systems = {u.system: u for u in layout.units}
    found = {}
    for name, unit in systems.items():
        mine = {u.number: u.launchers for u in layout.units if u.system == name}
        acquisition = [r.entry for r in layout.radars if r.written.name == name and not r.engages]
        linked = unit.written.link == "up"
        found[name] = parts_of(name, mine, acquisition, unit.radar_entry, linked)
    return found


def _parts(layout: Layout) -> tuple[list[str], list[PartIndex]]:
    """Single parts: their names, and what each is."""
    rows: list[tuple[str, PartIndex]] = [
        (f"{p.name}/post", (POST, i)) for i, p in enumerate(layout.posts) if p.written.link == "up"
    ]
    rows += [(r.identity, (RADAR, i)) for i, r in enumerate(layout.radars)]
    rows += [(f"{u.name}/link", (LINK, i)) for i, u in enumerate(layout.units) if u.written.link == "up"]
    first = 0
    for u in layout.units:
        rows += [(f"{u.name}/launcher {k + 1}", (LAUNCHER, first + k)) for k in range(u.launchers)]
        first += u.launchers
    return [name for name, _ in rows], [index for _, index in rows]


def part_names(layout: Layout) -> list[str]:
    """Names of single parts, in their order."""
    return _parts(layout)[0]


def _part_array(names: list[str], indices: list[PartIndex], aimed: bool, inputs: Inputs) -> Struct:
    """The parts; what a hit does to them only where a raid aims at one."""
    quantity = {POST: "post_put_out", RADAR: "radar_put_out", LAUNCHER: "launcher_put_out"}

    def number(q: str) -> float:
        return inputs.number(MODEL, q) if aimed else 0.0

    return struct(
        PARTS,
        key=keys(names),
        kind=[kind for kind, _ in indices],
        index=[index for _, index in indices],
        p_out=[number(quantity[kind]) if kind in quantity else 0.0 for kind, _ in indices],
        beyond_repair=[number("beyond_repair")] * len(names),
        repair_s=[number("repair_time")] * len(names),
    )


def _outage_array(
    scenario: Scenario, everything: dict[str, tuple[str, ...]], place: dict[str, int]
) -> Struct:
    """One row for each part of each outage."""
    spelt = {n.lower(): n for n in everything}
    rows: list[tuple[Outage, int]] = []
    problems = []
    for i, outage in enumerate(scenario.outages):
        mine: dict[int, None] = {}
        for k, name in enumerate(outage.parts):
            known = spelt.get(name.lower())
            if known is None:
                problems.append(
                    scenario.problem(("outages", i, "parts", k), "is not a part of the defence under this stance")
                )
            else:
                mine |= {place[part]: None for part in everything[known]}
        rows += [(outage, part) for part in mine]
    if problems:
        raise ProblemsError(problems)
    if not rows:
        return np.zeros(0, OUTAGES)
    return struct(
        OUTAGES,
        key=keys([o.name for o, _ in rows]),
        part=[part for _, part in rows],
        from_s=[o.from_s for o, _ in rows],
        until_s=[o.ends_s for o, _ in rows],
        probability=[o.probability for o, _ in rows],
        up_s=[o.mean_time_between_failures_s or 0.0 for o, _ in rows],
        down_s=[o.mean_time_to_repair_s or 0.0 for o, _ in rows],
    )


def _emissions(here: Sited, inputs: Inputs) -> Struct:
    """When each radar transmits; what of its system's emission control does not hold for it stays zero."""
    rows = np.zeros(len(here.radars), EMISSIONS)
    for r, (site, radar) in enumerate(zip(here.layout.radars, here.radars, strict=True)):
        how, n = site.written.emission, site.written.decoy_emitters
        if n:
            rows["decoys"][r] = n * inputs.number(MODEL, "decoy_attraction")
        if how is None or radar["picture"] < 0:
            continue
        miss_m = inputs.number(MODEL, "strike_distance") if how.manner == "wary" else 0.0
        rows[r] = (
            MANNERS.index(how.manner), how.on_s or 0.0, how.off_s or 0.0, how.range_m or 0.0,
            0.0 if how.manner == "blinking" else USUAL_HOLD_S if how.hold_s is None else how.hold_s, miss_m,
            rows["decoys"][r],
        )  # fmt: skip
    return rows


def _homings(types: list[str], inputs: Inputs) -> Struct:
    """Which types of air vehicle home on what transmits, and how."""
    rows = np.zeros(len(types), HOMINGS)
    for i, name in enumerate(types):
        if inputs.claimed(name, "homes_on_emitters") and inputs.word(name, "homes_on_emitters") == "yes":
            rows[i] = (1, inputs.number(name, "emitter_memory"), inputs.number(name, "silent_hit_share"))
    return rows


def _stands(
    scenario: Scenario, assets: list[str], everything: dict[str, tuple[str, ...]], place: dict[str, int]
) -> np.ndarray:
    """Which parts a hit on each asset may put out."""
    own, spelt = {a.name for a in scenario.assets}, {n.lower(): n for n in everything}
    found = np.zeros((len(assets), len(place)), np.uint8)
    for i, name in enumerate(assets):
        if name not in own:
            found[i, [place[part] for part in everything[spelt[name.lower()]] if is_aim(part)]] = 1
    return found


def _successors(scenario: Scenario, layout: Layout) -> list[int]:
    """Of each post the one that takes over from it, or -1."""
    at = {p.name: i for i, p in enumerate(layout.posts)}
    by_name = {s.name: s for s in scenario.systems}
    return [at.get(by_name[p.system].hand_over or "", -1) if p.name == p.system else -1 for p in layout.posts]


def _alone_of(here: Sited, fallback: Fallback) -> Callable[[int], int]:
    """PartIndex of the picture in which unit `u` fights alone: its own where its link is cut anyway."""
    at = {name: i for i, name in enumerate(fallback.names) if i >= len(here.layout.posts)}
    return lambda u: at.get(here.layout.units[u].name, here.layout.units[u].post)


def _led_units(scenario: Scenario, here: Sited, fallback: Fallback) -> Struct:
    """Of each rank of leader the picture, the place in its frame, and whether it engages on others' tracks."""
    led = np.zeros(len(here.units), LED_UNITS)
    successors, alone = _successors(scenario, here.layout), _alone_of(here, fallback)
    for u, unit in enumerate(here.units):
        post = int(unit["picture"])
        origin = fallback.frames[post].origin_m + fallback.frames[post].axes.T @ unit["position_m"]
        for rank, picture in ((OWN, post), (SUCCESSOR, successors[post]), (ALONE, alone(u))):
            led["picture"][u, rank] = picture
            led["on_remote"][u, rank] = unit["on_remote"] if rank != ALONE or picture == post else 0
            if picture == post:
                led["position_m"][u, rank] = unit["position_m"]
            elif picture >= 0:
                led["position_m"][u, rank] = fallback.frames[picture].local(origin)
    return led


def _led_radars(scenario: Scenario, here: Sited, fallback: Fallback) -> Struct:
    """Of each rank of leader the picture that a radar feeds, and the way into its frame."""
    led = np.zeros(len(here.radars), LED_RADARS)
    successors, alone = _successors(scenario, here.layout), _alone_of(here, fallback)
    of_radar = {int(unit["radar"]): u for u, unit in enumerate(here.units)}
    for r, radar in enumerate(here.radars):
        feeds, home = int(radar["picture"]), here.layout.radars[r].frame
        antenna = Frame(radar["position_m"], radar["to_local"], float(radar["antenna_m"]))
        ranks = {OWN: (feeds, home), SUCCESSOR: (-1, home), ALONE: (feeds, home)}
        if successors[home] >= 0:
            ranks[SUCCESSOR] = successors[home] if feeds >= 0 else -1, successors[home]
        if radar["role"] == LOOK_ENGAGE and alone(of_radar[r]) != home:
            ranks[ALONE] = alone(of_radar[r]), alone(of_radar[r])
        for rank, (picture, place) in ranks.items():
            led["picture"][r, rank] = picture
            if place == home:
                led["to_picture"][r, rank], led["offset_m"][r, rank] = radar["to_picture"], radar["offset_m"]
            else:
                led["to_picture"][r, rank], led["offset_m"][r, rank] = between(antenna, fallback.frames[place])
    return led
