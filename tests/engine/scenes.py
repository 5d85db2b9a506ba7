"""Scenes: the smallest scenarios in which one thing decides, each a few lines that differ from one lone attacker.

Everything is perfect in `BASE` (see ``harness.PERFECT``): one F-16 comes in from 133 km at 8 km, one post with one
search radar and one fire unit shoots one round at a time, and every round kills. A scene is a variant of it, written
as a user would write one. Scenes are small enough to be run uncompiled.
"""

from __future__ import annotations

from types import SimpleNamespace

from kalkan.catalogue import load_catalogue
from kalkan.compile import compile_scenario
from kalkan.compile.bridge import Compiled
from kalkan.scenario import Scenario, parse
from kalkan.schema import (
    MISSED,
    NEVER_SEEN,
    NO_CHANNEL,
    NO_MISSILE,
    NO_TRACK,
    NOT_CHOSEN,
    NOT_HELD,
    NOT_WORTH,
    OUT_OF_ENVELOPE,
    POOR_CHANCE,
    TOO_LATE,
)  # fmt: skip
from tests.engine import harness

ONE_RADAR = '[assume.s-400]\nacquisition_radars = "91n6e"\n[assume.91n6e]'
BASE = (
    harness.scenario(harness.raid(), p=1.0, salvo=1, horizon="14 min")
    .replace("look = true\nmax_salvos = 4\n", "")
    .replace("[assume.91n6e]", ONE_RADAR, 1)
    .replace("[study]", "[command]\ncoordination = true\n[study]")
)


def scene(*lines: str) -> Scenario:
    """The scenario that differs from `BASE` by these lines of a variant; of two with one key the later holds."""
    chosen = {line.partition(" =")[0]: line for line in lines}
    text = "\n".join((BASE, "[variants.scene]", *chosen.values()))
    return parse(text).variants_resolved()["scene"]


def planned(scenario: Scenario) -> Compiled:
    """Its plan."""
    return compile_scenario(scenario, load_catalogue())


def played(*lines: str, n: int = 1) -> SimpleNamespace:
    """`n` replications of a scene."""
    return harness.run(planned(scene(*lines)), n)


def another(name: str, *, lon: float, aim: str = "", kind: str = "f-16c", altitude: str = "8 km MSL", lat: float = 37.8,
            beyond: float = 39.0, more: str = "") -> str:  # fmt: skip
    """A line that adds a lone attacker; without an aim it flies over everything and departs."""
    aimed = f', aim = "{aim}"' if aim else ""
    speed = ', speed = "250 m/s"' if kind == "f-16c" else ""
    route = ", ".join(f'{{ position = [{at}, {lon}], altitude = "{altitude}" }}' for at in (lat, beyond))
    return f'raids.{name} = {{ type = "{kind}", count = 1, route = [{route}]{aimed}{speed}{more} }}'


IN_THE_AIR = "60 s"  # the lone attacker leaks then, with a round on its way that arrives after 92 s
AFTER_ANOTHER = ('raids.raid.start = "60 s"', another("first", lon=33.4))
REASONS: dict[int, tuple[tuple[str, ...], ...]] = {
    NEVER_SEEN: (('assume.91n6e.sector_width = "90 deg"',),),  # to the north, where nobody comes from
    NO_TRACK: (('assume.91n6e.scan_period = "30 s"', "assume.55k6e.track_confirm_m = 20",
                "assume.55k6e.track_confirm_n = 20"),),
    OUT_OF_ENVELOPE: (('assume.48n6e3.max_target_altitude = "5 km"',),),
    # another one comes first and gets the only target channel, which is busy until its end is assessed ...
    NO_CHANNEL: (("assume.92n6e.target_channels = 1", 'assume.55k6e.assessment_time = "1 h"', *AFTER_ANOTHER),),
    # ... or the only round
    NO_MISSILE: (("systems.set.launchers = 1", "systems.set.loads.48n6e3 = 1", *AFTER_ANOTHER),),
    NOT_HELD: (('assume.92n6e.detection_range = "1 km"',),),
    TOO_LATE: (
        (f'raids.raid.exposure = "{IN_THE_AIR}"',),
        (f'raids.raid.exposure = "{IN_THE_AIR}"', 'assume.55k6e.reaction_time = "100 s"'),
    ),
    NOT_CHOSEN: (
        # both wait for the one command cycle; the only target channel goes to the one over the richer asset
        ('raids.raid.exposure = "40 s"', 'assume.55k6e.command_cycle = "30 s"', "assume.92n6e.target_channels = 1",
         "assets.rich = { position = [39.0, 33.4], value = 1000 }", another("first", lon=33.4)),
    ),
    MISSED: (("assume.48n6e3.kill_probability = 0",),),
    POOR_CHANCE: (("doctrine.standard.launch_threshold = 1.0", "assume.92n6e.drop_misses = 1"),),
    NOT_WORTH: (('doctrine.standard.never = ["48n6e3"]',),),
}  # fmt: skip
"""Why a leaker leaks: for each reason the scenes that bring about this one and no other."""
