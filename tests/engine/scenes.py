"""Scenes: the smallest scenarios in which one thing decides, each a few lines that differ from one lone attacker.

Everything is perfect in `BASE` (see ``harness.PERFECT``): one F-16 comes in from 133 km at 8 km, one post with one
search radar and one fire unit shoots one round at a time, and every round kills. A scene is a variant of it, written
as a user would write one. Scenes are small enough to be run uncompiled.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

from kalkan.catalogue import load_catalogue
from kalkan.compile import compile_scenario
from kalkan.compile.bridge import Compiled
from kalkan.scenario import Scenario, parse
from kalkan.schema import (
    EV_HELD,
    EV_LAUNCH,
    EV_ORDER,
    EV_TRACK_END,
    KILLED,
    LEAKED,
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
}  # fmt: skip
"""Why a leaker leaks: for each reason the scenes that bring about this one and no other."""


# -- what a run records, as one number ------------------------------------------------------------------------------
Measure = Callable[[SimpleNamespace], float]


def shots(r: SimpleNamespace) -> float:
    return float(r.spent.sum())


def leakers(r: SimpleNamespace) -> float:
    return float((r.threat_outcome == LEAKED).sum())


def killed(r: SimpleNamespace) -> float:
    return float((r.threat_outcome == KILLED).sum())


def when_s(name: str) -> Measure:
    """Mean of a time of the threats [s]; infinite if it never came for one."""
    return lambda r: float(np.nan_to_num(getattr(r, name), nan=np.inf).mean())


def range_km(name: str) -> Measure:
    """Mean of a range of the threats [km]; 0 where there is none."""
    return lambda r: float(np.nan_to_num(getattr(r, name), nan=0.0).mean()) / 1e3


first_track_s, first_launch_s, over_s = (when_s(f"threat_{x}_s") for x in ("first_track", "first_launch", "end"))
first_plot_km, first_launch_km, first_meeting_km = (
    range_km(f"threat_first_{x}_range_m") for x in ("plot", "launch", "intercept")
)


def recorded(name: str) -> Measure:
    """The sum of a result variable."""
    return lambda r: float(getattr(r, name).sum())


def tracks_begun(r: SimpleNamespace) -> float:
    """Tracks confirmed, also those that turned out to be the continuation of another."""
    return float(r.tracks_confirmed.sum() + r.tracks_merged.sum())


def happened(kind: int, nth: int = 1) -> Measure:
    """When an event of a kind happened for the n-th time [s]; infinite: never."""

    def measure(r: SimpleNamespace) -> float:
        times = r.event_time_s[0, : r.event_count[0]][r.event_kind[0, : r.event_count[0]] == kind]
        return float(times[nth - 1]) if len(times) >= nth else math.inf

    return measure


def rounds_of(missile: str) -> Measure:
    return lambda r: float(r.spent[:, :, r.labels["interceptor"].index(missile)].sum())


def launched_at_s(threat: str) -> Measure:
    """When the first round left for a threat [s]; infinite: none."""

    def measure(r: SimpleNamespace) -> float:
        when = float(r.threat_first_launch_s[0, r.labels["threat"].index(threat)])
        return math.inf if math.isnan(when) else when

    return measure


class Change(NamedTuple):
    """What one field decides: with `line` instead of the scene's own (or the default), a measure rises or falls."""

    line: str
    measure: Measure
    rises: bool
    scene: tuple[str, ...]
    n: int


def rises(measure: Measure, line: str, *scene_lines: str, n: int = 1) -> Change:
    return Change(line, measure, True, scene_lines, n)


def falls(measure: Measure, line: str, *scene_lines: str, n: int = 1) -> Change:
    return Change(line, measure, False, scene_lines, n)


NEVER_HIT = "assume.48n6e3.kill_probability = 0"
PEACE = 'doctrine.standard.never = ["48n6e3"]'
ONE_SALVO = "doctrine.standard.max_salvos = 1"


def route(*places: tuple[float, float], altitudes: tuple[str, ...] = ("8 km",)) -> str:
    """A line that gives the lone attacker another route; the last altitude holds on."""
    heights = (*altitudes, *(altitudes[-1:] * (len(places) - len(altitudes))))
    flown = zip(places, heights, strict=True)
    points = ", ".join(f'{{ position = [{a:.2f}, {b:.2f}], altitude = "{h} MSL" }}' for (a, b), h in flown)
    return f"raids.raid.route = [{points}]"


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
OTHER = ('systems.other = { type = "s-400", position = [39.0, 33.3], fire_units = 1, '
         'fire_unit_positions = [[39.0, 33.3]], launchers = 1, loads = { "48n6e3" = 4 } }')
AS_IT_COMES = ('remove = ["systems.set"]', "systems.set.position = [39.0, 33.0]", 'systems.set.type = "s-400"')
TURNED_AWAY = ('assume.92n6e.sector_width = "60 deg"', 'systems.set.boresight = "0 deg"')
SMALL_BASKET = 'assume.48n6e3.basket_radius = "100 m"'
TAIL_CHASE = ("assume.kalkan-model.tail_chase_factor = 0", ONE_SALVO,
              "systems.set.fire_unit_positions = [[37.6, 33.0]]")

FIELDS: dict[str, Change] = {
    # doctrine
    "doctrine.salvo": rises(shots, "doctrine.standard.salvo = 4"),
    "doctrine.look": falls(shots, "doctrine.standard.look = false", NEVER_HIT),
    "doctrine.max_salvos": rises(
        shots, "doctrine.standard.max_salvos = 5", NEVER_HIT, "doctrine.standard.max_salvos = 2",
    ),
    "doctrine.earliest_range": falls(first_meeting_km, 'doctrine.standard.earliest_range = "60 km"'),
    "doctrine.preferred": rises(rounds_of("48n6e3"), 'doctrine.standard.preferred = ["48n6e3"]', BOTH),
    "doctrine.last_resort": falls(first_meeting_km, 'doctrine.standard.last_resort = ["48n6e3"]'),
    "doctrine.never": falls(shots, 'doctrine.standard.never = ["48n6e3"]'),
    "doctrine.assignment": falls(
        launched_at_s("rich 1"), 'doctrine.standard.assignment = "highest-value-first"',
        'doctrine.standard.assignment = "nearest-first"', *RICH_AND_POOR,
    ),
    "doctrine.launch_threshold": falls(
        first_launch_km, "doctrine.standard.launch_threshold = 0.95", *FAINT,
        "doctrine.standard.launch_threshold = 0.0", n=5,
    ),
    "doctrine.reserve": falls(first_meeting_km, "doctrine.standard.reserve = 1000"),
    "doctrine.aircraft": rises(shots, "doctrine.standard.aircraft.salvo = 3"),
    "doctrine.uav": rises(shots, "doctrine.standard.uav.salvo = 3", *DRONE),
    "doctrine.cruise-missile": rises(shots, "doctrine.standard.cruise-missile.salvo = 3", *CRUISE),
    # how posts work together
    "command.coordination": rises(shots, "command.coordination = false", OTHER),
    # the system
    "system.type": falls(first_launch_km, 'systems.set.type = "patriot"', *AS_IT_COMES),
    "system.position": falls(
        over_s, "systems.set.position = [38.5, 33.0]", 'assume.91n6e.instrumented_range = "100 km"',
    ),
    "system.fire_units": rises(
        killed, "systems.set.fire_units = 2\nsystems.set.fire_unit_positions = [[39.0, 33.0], [39.0, 33.0]]",
        *ONLY_ONE, TWO,
    ),
    "system.fire_unit_positions": falls(over_s, "systems.set.fire_unit_positions = [[38.5, 33.0]]"),
    "system.launchers": rises(shots, "systems.set.launchers = 2", *ONE_ROUND),
    "system.loads": rises(shots, "systems.set.loads.48n6e3 = 3", *ONE_ROUND),
    "system.reload_sets": rises(shots, "systems.set.reload_sets = 3", 'assume.5p85.reload_time = "10 s"', *ONE_ROUND),
    "system.boresight": falls(
        recorded("plots"), 'systems.set.boresight = "0 deg"', 'systems.set.link = "cut"',
        'assume.92n6e.sector_width = "90 deg"',
    ),
    "system.mast_height": rises(first_plot_km, 'systems.set.mast_height.91n6e = "100 m"', *LOW),
    "system.link": falls(first_plot_km, 'systems.set.link = "cut"', 'assume.92n6e.instrumented_range = "80 km"'),
    "system.link_latency": rises(first_launch_s, 'systems.set.link_latency = "60 s"'),
    "system.doctrine": rises(shots, 'systems.set.doctrine = "other"\ndoctrine.other.salvo = 3'),
    # the command post
    "post.reaction_time": rises(first_launch_s, 'assume.55k6e.reaction_time = "60 s"'),
    "post.command_cycle": rises(happened(EV_ORDER), 'assume.55k6e.command_cycle = "60 s"'),
    "post.targets_tracked": rises(first_track_s, "assume.55k6e.targets_tracked = 1", TWO, NEVER_HIT),
    "post.assessment_time": rises(happened(EV_LAUNCH, 2), 'assume.55k6e.assessment_time = "30 s"', NEVER_HIT),
    "post.assessment_error": rises(recorded("orders"), "assume.55k6e.assessment_error = 1.0", NEVER_HIT),
    "post.track_confirm_m": rises(first_track_s, "assume.55k6e.track_confirm_m = 5\nassume.55k6e.track_confirm_n = 5"),
    "post.track_confirm_n": falls(
        first_track_s, "assume.55k6e.track_confirm_n = 8", SEEN_AT_60_KM,
        "assume.55k6e.track_confirm_m = 2\nassume.55k6e.track_confirm_n = 2", n=4,
    ),
    "post.track_drop_misses": rises(happened(EV_TRACK_END), "assume.55k6e.track_drop_misses = 20"),
    "post.process_noise": falls(
        tracks_begun, 'assume.55k6e.process_noise = "60 m/s2"', *WINDING, PEACE,
        'assume.55k6e.process_noise = "0.5 m/s2"',
    ),
    "post.association_gate": falls(
        recorded("tracks_confirmed"), "assume.55k6e.association_gate = 60", "assume.55k6e.association_gate = 1",
    ),
    "post.initial_speed_sigma": falls(
        first_track_s, 'assume.55k6e.initial_speed_sigma = "400 m/s"', 'assume.55k6e.initial_speed_sigma = "10 m/s"',
        NO_DOPPLER,
    ),
    "post.threatened_radius": rises(
        shots, 'assume.55k6e.threatened_radius = "30 km"', 'assume.55k6e.threatened_radius = "5 km"',
        "doctrine.standard.reserve = 1000", *PASSING,
    ),
    "post.hold_patience": falls(
        recorded("orders"), 'assume.55k6e.hold_patience = "1000 s"', *POOR, 'assume.55k6e.hold_patience = "10 s"',
    ),
    "post.retry_delay": falls(
        recorded("orders"), 'assume.55k6e.retry_delay = "300 s"', *POOR, 'assume.55k6e.hold_patience = "10 s"',
        'assume.55k6e.retry_delay = "10 s"',
    ),
    # the search radar
    "radar.band": falls(
        first_plot_km, 'assume.91n6e.band = "X"', 'assume.91n6e.band = "L"',
        'assume.91n6e.detection_range = "100 km"', STEALTHY,
    ),
    "radar.frequency": falls(
        first_plot_km, 'assume.91n6e.frequency = "12 GHz"', RAIN, 'assume.91n6e.detection_range = "150 km"',
    ),
    "radar.elevation_beamwidth": falls(
        first_plot_km, 'assume.91n6e.elevation_beamwidth = "0.5 deg"', 'assume.91n6e.elevation_beamwidth = "20 deg"',
        SEA, SEEN_AT_60_KM, n=4,
    ),
    "radar.detection_range": rises(
        first_plot_km, 'assume.91n6e.detection_range = "100 km"', 'assume.91n6e.detection_range = "50 km"',
    ),
    "radar.reference_p_d": rises(first_plot_km, "assume.91n6e.reference_p_d = 0.95", SEEN_AT_60_KM, n=4),
    "radar.reference_p_fa": rises(
        first_plot_km, "assume.91n6e.reference_p_fa = 0.01", 'assume.91n6e.detection_range = "40 km"', n=4,
    ),
    "radar.reference_swerling": falls(first_plot_km, "assume.91n6e.reference_swerling = 0", SEEN_AT_60_KM, n=4),
    "radar.pulses_integrated": falls(
        first_plot_km, "assume.91n6e.pulses_integrated = 100", "assume.91n6e.pulses_integrated = 1",
        "assume.91n6e.reference_swerling = 2", FAST_FADING, SEEN_AT_60_KM, n=4,
    ),
    "radar.instrumented_range": rises(
        first_plot_km, 'assume.91n6e.instrumented_range = "100 km"', 'assume.91n6e.instrumented_range = "50 km"',
    ),
    "radar.min_range": falls(recorded("plots"), 'assume.91n6e.min_range = "100 km"', NEVER_HIT),
    "radar.scan_period": rises(first_track_s, 'assume.91n6e.scan_period = "10 s"'),
    "radar.sector_width": falls(recorded("plots"), 'assume.91n6e.sector_width = "90 deg"'),
    "radar.elevation_min": falls(first_plot_km, 'assume.91n6e.elevation_min = "5 deg"'),
    "radar.elevation_max": falls(recorded("plots"), 'assume.91n6e.elevation_max = "5 deg"', NEVER_HIT),
    "radar.range_sigma": rises(recorded("track_swaps"), 'assume.91n6e.range_sigma = "5 km"', *IN_TRAIL),
    "radar.azimuth_sigma": rises(recorded("track_swaps"), 'assume.91n6e.azimuth_sigma = "1 deg"', *ABREAST),
    "radar.elevation_sigma": rises(recorded("track_swaps"), 'assume.91n6e.elevation_sigma = "4 deg"', *STACKED),
    "radar.radial_speed_sigma": rises(
        first_track_s, 'assume.91n6e.radial_speed_sigma = "1000 m/s"', 'assume.91n6e.radial_speed_sigma = "1 m/s"',
        'assume.55k6e.initial_speed_sigma = "10 m/s"',
    ),
    "radar.false_alarms_per_scan": rises(recorded("false_plots"), "assume.91n6e.false_alarms_per_scan = 10"),
    "radar.antenna_height": rises(first_plot_km, 'assume.91n6e.antenna_height = "100 m"', *LOW),
    # the fire unit's radar
    "engagement radar.band": falls(
        first_launch_km, 'assume.92n6e.band = "X"', 'assume.92n6e.band = "L"',
        'assume.92n6e.detection_range = "100 km"', STEALTHY,
    ),
    "engagement radar.frequency": falls(
        first_launch_km, 'assume.92n6e.frequency = "12 GHz"', 'assume.92n6e.frequency = "3 GHz"', RAIN,
        'assume.92n6e.detection_range = "400 km"',
    ),
    "engagement radar.elevation_beamwidth": falls(
        first_launch_km, 'assume.92n6e.elevation_beamwidth = "0.5 deg"', 'assume.92n6e.elevation_beamwidth = "5 deg"',
        SEA, 'assume.92n6e.detection_range = "50 km"', n=4,
    ),
    "engagement radar.detection_range": rises(
        first_launch_km, 'assume.92n6e.detection_range = "150 km"', 'assume.92n6e.detection_range = "50 km"',
    ),
    "engagement radar.reference_p_d": rises(
        first_launch_km, "assume.92n6e.reference_p_d = 0.95", 'assume.92n6e.detection_range = "40 km"', n=4,
    ),
    "engagement radar.reference_p_fa": rises(
        first_launch_km, "assume.92n6e.reference_p_fa = 0.01", 'assume.92n6e.detection_range = "50 km"', n=4,
    ),
    "engagement radar.reference_swerling": falls(
        first_launch_km, "assume.92n6e.reference_swerling = 0", HELD_AT_60_KM, n=4,
    ),
    "engagement radar.pulses_integrated": falls(
        first_launch_km, "assume.92n6e.pulses_integrated = 100", "assume.92n6e.pulses_integrated = 1",
        "assume.92n6e.reference_swerling = 2", FAST_FADING, HELD_AT_60_KM, n=4,
    ),
    "engagement radar.instrumented_range": rises(
        first_launch_km, 'assume.92n6e.instrumented_range = "100 km"', 'assume.92n6e.instrumented_range = "50 km"',
    ),
    "engagement radar.min_range": falls(shots, 'assume.92n6e.min_range = "125 km"'),
    "engagement radar.sector_width": falls(
        killed, 'assume.92n6e.sector_width = "60 deg"', BEHIND, 'assume.55k6e.assessment_time = "1 h"',
    ),
    "engagement radar.elevation_min": falls(first_launch_km, 'assume.92n6e.elevation_min = "5 deg"'),
    "engagement radar.elevation_max": falls(shots, 'assume.92n6e.elevation_max = "2 deg"'),
    "engagement radar.range_sigma": rises(
        recorded("met_nothing"), 'assume.92n6e.range_sigma = "20 km"', SMALL_BASKET, n=4,
    ),
    "engagement radar.azimuth_sigma": rises(
        recorded("met_nothing"), 'assume.92n6e.azimuth_sigma = "10 deg"', SMALL_BASKET, n=4,
    ),
    "engagement radar.elevation_sigma": rises(
        recorded("met_nothing"), 'assume.92n6e.elevation_sigma = "10 deg"', SMALL_BASKET, n=4,
    ),
    "engagement radar.antenna_height": rises(
        first_launch_km, 'assume.92n6e.antenna_height = "100 m"', 'assume.91n6e.antenna_height = "100 m"', *LOW,
    ),
    "engagement radar.target_channels": rises(killed, "assume.92n6e.target_channels = 2", *ONLY_ONE, TWO),
    "engagement radar.missile_channels": falls(
        happened(EV_LAUNCH, 3), "assume.92n6e.missile_channels = 4", "assume.92n6e.missile_channels = 1", NEVER_HIT,
        "doctrine.standard.salvo = 4",
    ),
    "engagement radar.update_period": rises(
        happened(EV_HELD), 'assume.92n6e.update_period = "5 s"', "assume.92n6e.acquisition_hits = 3",
    ),
    "engagement radar.slew_rate": falls(
        first_launch_s, 'assume.92n6e.slew_rate = "60 deg/s"', 'assume.92n6e.slew_rate = "2 deg/s"', *TURNED_AWAY,
    ),
    "engagement radar.acquisition_hits": rises(happened(EV_HELD), "assume.92n6e.acquisition_hits = 5"),
    "engagement radar.acquisition_window": falls(
        recorded("not_held"), 'assume.92n6e.acquisition_window = "60 s"', 'assume.92n6e.acquisition_window = "2 s"',
        'assume.92n6e.detection_range = "50 km"',
    ),
    "engagement radar.drop_misses": falls(
        recorded("not_held"), "assume.92n6e.drop_misses = 10", "assume.92n6e.drop_misses = 1",
        'assume.92n6e.detection_range = "90 km"', n=4,
    ),
    "engagement radar.search_period": rises(
        first_track_s, 'assume.92n6e.search_period = "20 s"', 'assume.92n6e.search_period = "4 s"', ALONE,
    ),
    "engagement radar.false_alarms_per_scan": rises(
        recorded("false_plots"), "assume.92n6e.false_alarms_per_scan = 10", ALONE,
    ),
    "engagement radar.targets_tracked": rises(first_track_s, "assume.92n6e.targets_tracked = 1", ALONE, TWO, NEVER_HIT),
    # launchers
    "launcher.launch_interval": rises(
        happened(EV_LAUNCH, 2), 'assume.5p85.launch_interval = "20 s"', "doctrine.standard.salvo = 2",
    ),
    "launcher.reload_time": rises(
        happened(EV_LAUNCH, 2), 'assume.5p85.reload_time = "200 s"', 'assume.5p85.reload_time = "10 s"',
        "systems.set.reload_sets = 3", *ONE_ROUND,
    ),
    # interceptors
    "interceptor.kill_probability": falls(killed, NEVER_HIT),
    "interceptor.active_distance": falls(
        recorded("unheld_rounds"), 'assume.48n6e3.active_distance = "90 km"', *FAINT, "assume.92n6e.drop_misses = 3",
        n=4,
    ),
    "interceptor.basket_radius": falls(
        recorded("met_nothing"), 'assume.48n6e3.basket_radius = "3 km"', SMALL_BASKET,
        'assume.92n6e.azimuth_sigma = "10 deg"', n=4,
    ),
    "interceptor.burn_time": falls(over_s, 'assume.48n6e3.burn_time = "30 s"', 'assume.48n6e3.burn_time = "5 s"'),
    "interceptor.diameter": rises(over_s, 'assume.48n6e3.diameter = "1 m"', 'assume.48n6e3.diameter = "0.3 m"'),
    "interceptor.drag_coefficient": rises(
        over_s, "assume.48n6e3.drag_coefficient = 1.0", "assume.48n6e3.drag_coefficient = 0.1",
    ),
    "interceptor.launch_mass": falls(
        over_s, 'assume.48n6e3.launch_mass = "4000 kg"', 'assume.48n6e3.launch_mass = "1000 kg"',
    ),
    "interceptor.propellant_fraction": rises(
        over_s, "assume.48n6e3.propellant_fraction = 0.8", "assume.48n6e3.propellant_fraction = 0.3",
    ),
    "interceptor.max_speed": falls(
        over_s, 'assume.48n6e3.max_speed = "2500 m/s"', 'assume.48n6e3.max_speed = "1200 m/s"',
    ),
    "interceptor.max_range": rises(
        first_meeting_km, 'assume.48n6e3.max_range = "100 km"', 'assume.48n6e3.max_range = "50 km"',
    ),
    "interceptor.min_range": falls(shots, 'assume.48n6e3.min_range = "125 km"'),
    "interceptor.max_target_altitude": falls(shots, 'assume.48n6e3.max_target_altitude = "5 km"'),
    "interceptor.min_target_altitude": falls(
        killed, 'assume.48n6e3.min_target_altitude = "8 km"', 'assume.48n6e3.min_target_altitude = "10 m"',
        "assume.kalkan-model.edge_factor = 0", ONE_SALVO,
    ),
    "interceptor.max_target_speed": falls(shots, 'assume.48n6e3.max_target_speed = "200 m/s"'),
    "interceptor.last_resort_against": falls(first_meeting_km, 'assume.48n6e3.last_resort_against = "aircraft"'),
    "interceptor.never_against": falls(shots, 'assume.48n6e3.never_against = "aircraft"'),
    # what a system is made of, where the scenario does not say
    "composition.acquisition_radars": rises(recorded("plots"), 'assume.s-400.acquisition_radars = "91n6e, 96l6e"'),
    "composition.fire_units": rises(
        recorded("orders"), "assume.s-400.fire_units = 2", "assume.s-400.fire_units = 1", *ONLY_ONE, TWO, *AS_IT_COMES,
    ),
    "composition.launchers_per_fire_unit": rises(
        recorded("rounds_left"), "assume.s-400.launchers_per_fire_unit = 12", *AS_IT_COMES,
    ),
    "composition.load": falls(recorded("rounds_left"), 'assume.s-400.load = "1 x 48n6e3"', *AS_IT_COMES),
    # kalkan's own judgements
    "model.salvo": rises(shots, "assume.kalkan-model.salvo = 4"),
    "model.max_salvos": rises(
        shots, "assume.kalkan-model.max_salvos = 5", NEVER_HIT, "assume.kalkan-model.max_salvos = 2",
    ),
    "model.look": falls(shots, 'assume.kalkan-model.look = "no"', NEVER_HIT),
    "model.earliest_share": falls(first_meeting_km, "assume.kalkan-model.earliest_share = 0.25"),
    "model.preferred": rises(rounds_of("48n6e3"), 'assume.kalkan-model.preferred = "longest-reaching"', BOTH),
    "model.assignment": falls(
        launched_at_s("rich 1"), 'assume.kalkan-model.assignment = "highest-value-first"',
        'assume.kalkan-model.assignment = "nearest-first"', *RICH_AND_POOR,
    ),
    "model.reserve": falls(first_meeting_km, "assume.kalkan-model.reserve = 1000"),
    "model.launch_threshold": falls(first_launch_km, "assume.kalkan-model.launch_threshold = 0.95", *FAINT, n=5),
    "model.coordination": rises(shots, 'assume.kalkan-model.coordination = "no"', OTHER),
    "model.crew_delay": rises(first_launch_s, 'assume.kalkan-model.crew_delay = "20 s"'),
    "model.common_cause_share": rises(
        leakers, "assume.kalkan-model.common_cause_share = 1.0", "assume.48n6e3.kill_probability = 0.5",
        "doctrine.standard.salvo = 4", ONE_SALVO, n=8,
    ),
    "model.edge_factor": rises(
        killed, "assume.kalkan-model.edge_factor = 1.0", "assume.kalkan-model.edge_factor = 0",
        'assume.48n6e3.max_target_altitude = "8100 m"', ONE_SALVO,
    ),
    "model.edge_fraction": falls(
        killed, "assume.kalkan-model.edge_fraction = 0.9", "assume.kalkan-model.edge_fraction = 0.01",
        "assume.kalkan-model.edge_factor = 0", 'assume.48n6e3.max_target_altitude = "12 km"', ONE_SALVO, n=8,
    ),
    "model.full_crossing": rises(killed, 'assume.kalkan-model.full_crossing = "180 deg"', *TAIL_CHASE),
    "model.tail_chase_factor": rises(killed, "assume.kalkan-model.tail_chase_factor = 1.0", *TAIL_CHASE),
    "model.full_speed_ratio": falls(killed, "assume.kalkan-model.full_speed_ratio = 100", ONE_SALVO, n=8),
    "model.no_speed_ratio": falls(
        killed, "assume.kalkan-model.no_speed_ratio = 8",
        "assume.kalkan-model.no_speed_ratio = 1\nassume.kalkan-model.full_speed_ratio = 10", ONE_SALVO, n=8,
    ),
    "model.noise_floor_fraction": rises(
        recorded("track_swaps"), "assume.kalkan-model.noise_floor_fraction = 1.0",
        "assume.kalkan-model.noise_floor_fraction = 0.01", *ABREAST, 'assume.91n6e.azimuth_sigma = "1 deg"',
    ),
    "model.slowest_interceptor": falls(first_meeting_km, 'assume.kalkan-model.slowest_interceptor = "1500 m/s"', FAR),
    "model.minor_threat_share": falls(
        launched_at_s("minor 1"), "assume.kalkan-model.minor_threat_share = 1.0",
        "assume.kalkan-model.minor_threat_share = 0.01", *MINOR,
    ),
    "model.urgency_time": falls(
        launched_at_s("rich 1"), 'assume.kalkan-model.urgency_time = "1 h"',
        'assume.kalkan-model.urgency_time = "1 s"', 'doctrine.standard.assignment = "highest-value-first"',
        *RICH_AND_POOR, "assets.rich = { position = [39.0, 33.6], value = 11 }",
    ),
    "model.reserve_time": rises(
        first_meeting_km, 'assume.kalkan-model.reserve_time = "5 min"', "doctrine.standard.reserve = 1000",
    ),
    "model.same_object_distance": falls(
        shots, 'assume.kalkan-model.same_object_distance = "50 km"',
        'assume.kalkan-model.same_object_distance = "0 km"', OTHER,
    ),
    "model.cue_search_distance": falls(
        recorded("not_held"), 'assume.kalkan-model.cue_search_distance = "20 km"',
        'assume.kalkan-model.cue_search_distance = "1 m"', *ZIGZAG,
    ),
    "model.fresh_track_share": falls(
        happened(EV_ORDER), "assume.kalkan-model.fresh_track_share = 1.0",
        "assume.kalkan-model.fresh_track_share = 0.01", 'assume.91n6e.scan_period = "10 s"',
        'assume.55k6e.command_cycle = "7 s"',
    ),
    "model.fire_unit_distance": rises(
        over_s, 'assume.kalkan-model.fire_unit_distance = "60 km"', 'assume.kalkan-model.fire_unit_distance = "1 km"',
        *AS_IT_COMES,
    ),
    "model.lost_target_memory": falls(
        shots, 'assume.kalkan-model.lost_target_memory = "300 s"', 'assume.kalkan-model.lost_target_memory = "1 s"',
        *BROKEN,
    ),
    "model.slow_target_speed": rises(
        shots, 'assume.kalkan-model.slow_target_speed = "400 m/s"', "doctrine.standard.uav.salvo = 3",
    ),
    "model.low_target_altitude": rises(
        shots, 'assume.kalkan-model.low_target_altitude = "10 km"', "doctrine.standard.cruise-missile.salvo = 3",
    ),
    "model.strike_distance": rises(
        happened(EV_ORDER), 'assume.kalkan-model.strike_distance = "15 km"',
        'assume.kalkan-model.strike_distance = "10 m"', *CRUISE,
        "assets.near = { position = [38.75, 33.1], value = 1 }",
    ),
    "model.confirm_gate": falls(
        first_track_s, "assume.kalkan-model.confirm_gate = 100", "assume.kalkan-model.confirm_gate = 0.2",
        'assume.55k6e.process_noise = "0.01 m/s2"', n=4,
    ),
    "model.usual_speed": falls(
        first_track_s, 'assume.kalkan-model.usual_speed = "1000 m/s"', 'assume.kalkan-model.usual_speed = "100 m/s"',
    ),
    "model.nearer_share": rises(
        recorded("not_held"), "assume.kalkan-model.nearer_share = 1.0", "assume.kalkan-model.nearer_share = 0.5",
        'assume.92n6e.detection_range = "5 km"',
    ),
    "model.believed_climb": rises(
        shots, "assume.kalkan-model.believed_climb = 1000", "assume.kalkan-model.believed_climb = 1", *CLIMBING,
    ),
    "model.lowest_flight": falls(
        happened(EV_ORDER), 'assume.kalkan-model.lowest_flight = "500 m"',
        'assume.kalkan-model.lowest_flight = "1 m"', *LOW, 'systems.set.mast_height.91n6e = "100 m"',
        'assume.91n6e.elevation_sigma = "1 deg"',
    ),
}  # fmt: skip
