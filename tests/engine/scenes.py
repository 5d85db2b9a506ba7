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
    NOT_IDENTIFIED,
    NOT_WORTH,
    ON_HOLD,
    OUT_OF_ACTION,
    OUT_OF_ENVELOPE,
    POOR_CHANCE,
    TAKEN_FOR_DECOY,
    TOO_LATE,
)  # fmt: skip
from tests.engine import harness

ONE_RADAR = '[assume.s-400]\nacquisition_radars = "91n6e"\n[assume.91n6e]'
BASE = (
    harness.scenario(harness.raid(), p=1.0, salvo=1, horizon="14 min")
    .replace('[doctrine.standard]\nassignment = "optimal"\nsalvo = 1\nlook = true\nmax_salvos = 4\n', "")
    .replace("[assume.91n6e]", ONE_RADAR, 1)
    .replace("[assume.kalkan-model]", '[assume.kalkan-model]\nsalvo = 1\ncoordination = "yes"')
)


def scene(*lines: str) -> Scenario:
    """The scenario that differs from `BASE` by these lines of a variant; of two with one key the later holds."""
    chosen = {line.partition(" =")[0]: line for line in "\n".join(lines).splitlines()}
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
    ends = (lat, lon), (beyond, 33.0 if aim == "centre" else lon)
    route = ", ".join(f'{{ position = [{at[0]}, {at[1]}], altitude = "{altitude}" }}' for at in ends)
    return f'raids.{name} = {{ type = "{kind}", count = 1, route = [{route}]{aimed}{speed}{more} }}'


def route(*places: tuple[float, float], altitudes: tuple[str, ...] = ("8 km",)) -> str:
    """A line that gives the lone attacker another route; the last altitude holds on."""
    heights = (*altitudes, *(altitudes[-1:] * (len(places) - len(altitudes))))
    flown = zip(places, heights, strict=True)
    points = ", ".join(f'{{ position = [{a:.2f}, {b:.2f}], altitude = "{h} MSL" }}' for (a, b), h in flown)
    return f"raids.raid.route = [{points}]"


NEVER_HIT = "assume.48n6e3.kill_probability = 0"
PEACE = 'doctrine.standard.never = ["48n6e3"]'
ONE_SALVO = "doctrine.standard.max_salvos = 1"

# attackers of other kinds, heights and ways
LOW = (route((38.2, 33.0), (39.0, 33.0), altitudes=("100 m",)),
       'assume.91n6e.elevation_min = "-5 deg"', 'assume.92n6e.elevation_min = "-5 deg"')  # the horizon decides
DRONE = ('raids.raid.type = "one-way-attack-drone"', 'raids.raid.speed = "60 m/s"',
         route((38.8, 33.0), (39.0, 33.0), altitudes=("1 km",)))
CRUISE = ('raids.raid.type = "subsonic-cruise-missile"', route((38.7, 33.0), (39.0, 33.0), altitudes=("200 m",)))
FAR = route((36.0, 33.0), (39.0, 33.0))
CLIMBING = ('assume.48n6e3.max_target_altitude = "9 km"',
            route((37.8, 33.0), (38.4, 33.0), (39.0, 33.0), altitudes=("8 km", "14 km")))
WINDING = (
    route(*((37.9 + 0.06 * i, 33.0 + 0.3 * (i % 2)) for i in range(16)), (39.0, 33.0)),
    'assume.91n6e.scan_period = "5 s"', "assume.55k6e.association_gate = 16",
)  # legs of 100 s
ZIGZAG = (
    route(*((37.9 + 0.02 * i, 33.0 + 0.06 * (i % 2)) for i in range(50)), (39.0, 33.0)),
    'assume.91n6e.scan_period = "10 s"', "assume.55k6e.association_gate = 16", NEVER_HIT,
    'assume.55k6e.process_noise = "0.1 m/s2"', 'assume.55k6e.reaction_time = "30 s"',
)  # legs of 20 s, of which the tracker knows nothing
STEALTHY = 'raids.raid.type = "f-35a"'
# more than one
TWO = another("second", lon=33.4, aim="centre")
BEHIND = another("behind", lon=33.0, lat=40.2, aim="centre")
PASSING = ('remove = ["raids.raid"]', another("passing", lon=33.2, beyond=41.0))  # at 17 km
ABREAST = ("raids.raid.count = 4", 'raids.raid.formation_width = "2 km"', PEACE)
IN_TRAIL = ("raids.raid.count = 4", 'raids.raid.spacing = "8 s"', 'assume.91n6e.elevation_sigma = "1 deg"', PEACE)
STACKED = (another("above", lon=33.0, altitude="9 km MSL", aim="centre"), PEACE)
ONLY_ONE = ("assume.92n6e.target_channels = 1", 'assume.55k6e.assessment_time = "1 h"')  # is ever shot at
RICH_AND_POOR = ("assets.rich = { position = [39.0, 33.6], value = 1000 }", "assume.92n6e.target_channels = 1",
                 'assume.55k6e.threatened_radius = "10 km"', another("rich", lon=33.6, aim="rich", lat=37.6))
MINOR = (*ONLY_ONE, another("minor", lon=34.2, lat=38.6, beyond=40.0),
         'doctrine.standard.assignment = "highest-value-first"')
# a signal that is not perfect; weather
FAINT = ('assume.92n6e.detection_range = "95 km"', NEVER_HIT)
POOR = ("doctrine.standard.launch_threshold = 1.0", "assume.92n6e.drop_misses = 2")  # held, never shot at
SEEN_AT_60_KM = 'assume.91n6e.detection_range = "60 km"'
HELD_AT_60_KM = 'assume.92n6e.detection_range = "60 km"'
FAST_FADING = "assume.f-16c.swerling = 2"
RAIN = 'weather = { rain_rate = "50 mm/h", rain_height = "10 km" }'
SEA = 'weather = { sea_lobing = true, wave_height = "0 m" }'
NO_DOPPLER = 'assume.91n6e.radial_speed_sigma = "1000 m/s"'
BROKEN = (NEVER_HIT, "assume.55k6e.track_confirm_m = 1", "assume.55k6e.track_confirm_n = 1",
          "assume.55k6e.track_drop_misses = 1", "assume.55k6e.association_gate = 16",
          'assume.91n6e.detection_range = "70 km"')
# other defences
ALONE = 'systems.set.link = "cut"'
BOTH = 'systems.set.loads = { "48n6e3" = 2, "9m96e2" = 4 }'
ONE_ROUND = ("systems.set.launchers = 1", "systems.set.loads.48n6e3 = 1", NEVER_HIT)
MANY_SALVOS = ("systems.set.launchers = 1", "systems.set.loads.48n6e3 = 4", "doctrine.standard.max_salvos = 20",
               NEVER_HIT)
FALLING = (
    'raids.falling = { type = "short-range-ballistic-missile", launch = [37.0, 33.2], aim = "centre", count = 4, '
    'spacing = "30 s" }'
)
WITH_DECOYS = FALLING.replace(" }", ", decoys = 2 }")
LIGHT = (
    'remove = ["raids.raid"]', WITH_DECOYS, 'assume.short-range-ballistic-missile.ballistic_coefficient = "900 kg/m2"',
    'assume.short-range-ballistic-missile.max_speed = "4 km/s"',
)  # the missiles themselves fall as decoys do
HOMING = (
    'remove = ["raids.raid"]',
    'raids.homing = { type = "anti-radiation-missile", count = 40, spacing = "1 s", aim = "set", '
    'route = [{ position = [38.3, 33.0], altitude = "8 km MSL" }, '
    '{ position = [39.0, 33.0], altitude = "8 km MSL" }] }',
    "assume.48n6e3.kill_probability = 0",
)
MOVING = 'systems.set.displacement_time = "60 s"'
OTHER = ('systems.other = { type = "s-400", position = [39.0, 33.3], fire_units = 1, '
         'fire_unit_positions = [[39.0, 33.3]], launchers = 1, loads = { "48n6e3" = 4 } }')
AS_IT_COMES = ('remove = ["systems.set"]', "systems.set.position = [39.0, 33.0]", 'systems.set.type = "s-400"')
TURNED_AWAY = ('assume.92n6e.sector_width = "60 deg"', 'systems.set.boresight = "0 deg"')
SMALL_BASKET = 'assume.48n6e3.basket_radius = "100 m"'
TAIL_CHASE = ("assume.kalkan-model.tail_chase_factor = 0", ONE_SALVO,
              "systems.set.fire_unit_positions = [[37.6, 33.0]]")

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
    POOR_CHANCE: (
        ("doctrine.standard.launch_threshold = 1.0", "assume.92n6e.drop_misses = 1"),
        ("doctrine.standard.launch_threshold = 1.0", "assume.92n6e.drop_misses = 1",
         'raids.raid.exposure = "60 s"', 'assume.55k6e.hold_patience = "1000 s"'),  # held when it leaks
    ),
    NOT_WORTH: (('doctrine.standard.never = ["48n6e3"]',),),
    ON_HOLD: (('rules_of_engagement.weapons_control = "hold"', "rules_of_engagement.self_defence = false"),),
    TAKEN_FOR_DECOY: (LIGHT,),
    OUT_OF_ACTION: (('outages.dark = { parts = ["set/1/92n6e"] }',),),
    NOT_IDENTIFIED: (
        ('rules_of_engagement.weapons_control = "tight"', "rules_of_engagement.required_confidence = 1.0"),
    ),
}  # fmt: skip
"""Why a leaker leaks: for each reason the scenes that bring about this one and no other."""

# others who look: a link without faults, and radars that err by next to nothing
LINK = (
    'assume.link-16.link_latency = "0 s"', 'assume.link-16.link_update_period = "2 s"',
    "assume.link-16.link_availability = 1", 'assume.link-16.report_sigma = "1 m"',
    'assume.link-16.registration_bias = "0 m"', "assume.link-16.wrong_correlation = 0",
    "assume.link-16.track_confirm_n = 2",
)  # fmt: skip
EXACT = tuple(
    f"assume.{kind}.{what}"
    for kind in ("e-7", "allied-radar")
    for what in ('detection_range = "20000 km"', 'range_sigma = "1 m"', 'azimuth_sigma = "0.001 deg"',
                 'elevation_sigma = "0.001 deg"', 'scan_period = "2 s"', 'elevation_min = "-89 deg"')
)  # fmt: skip
ORBIT = 'orbit = { centre = [38.0, 33.0], length = "20 km", heading = "30 deg", altitude = "9 km MSL" }'
FLYING = f'sources.eye = {{ type = "e-7", {ORBIT} }}'
BLIND = 'assume.91n6e.detection_range = "1 km"'  # the post's own radar
BLIND_UNIT = 'assume.92n6e.detection_range = "1 km"'
ACTIVE = 'assume.48n6e3.active_distance = "20 km"'
ONLY_OTHERS_SEE = (*LINK, *EXACT, FLYING, BLIND)
FRIEND = (
    'flights.friend = { type = "f-16c", count = 1, route = [{ position = [37.9, 33.2], altitude = "8 km MSL" }, '
    '{ position = [40.0, 33.2], altitude = "8 km MSL" }], speed = "250 m/s", transponder = "silent", '
    "flight_plan = false }", 'rules_of_engagement.weapons_control = "free"',
)  # fmt: skip
