"""A scene for each field that a scenario writes itself: of doctrine, command and system."""

from __future__ import annotations

from kalkan.schema import EV_LAUNCH
from tests.engine.measures import (
    Change,
    falls,
    first_launch_km,
    first_launch_s,
    first_meeting_km,
    first_plot_km,
    happened,
    killed,
    launched_at_s,
    over_s,
    recorded,
    rises,
    rounds_of,
    shots,
)
from tests.engine.scenes import (
    ABREAST,
    ACTIVE,
    AS_IT_COMES,
    BLIND_UNIT,
    BOTH,
    CRUISE,
    DRONE,
    FAINT,
    FALLING,
    FRIEND,
    HOMING,
    LOW,
    MANY_SALVOS,
    MOVING,
    NEVER_HIT,
    ONE_ROUND,
    ONLY_ONE,
    ONLY_OTHERS_SEE,
    OTHER,
    RICH_AND_POOR,
    TWO,
    WITH_DECOYS,
    another,
)

WRITTEN: dict[str, Change] = {
    # doctrine
    "doctrine.salvo": rises(shots, "doctrine.standard.salvo = 4"),
    "doctrine.look": falls(shots, "doctrine.standard.look = false", NEVER_HIT),
    "doctrine.max_salvos": rises(
        shots, "doctrine.standard.max_salvos = 5", NEVER_HIT, "doctrine.standard.max_salvos = 2",
    ),
    "doctrine.earliest_range": falls(first_meeting_km, 'doctrine.standard.earliest_range = "60 km"'),
    "doctrine.latest_range": falls(shots, 'doctrine.standard.latest_range = "200 km"'),
    "doctrine.look_time": rises(  # until a second shot after a first that missed
        happened(EV_LAUNCH, 2), 'doctrine.standard.look_time = "60 s"', "doctrine.standard.max_salvos = 2", NEVER_HIT,
    ),
    "doctrine.ripple_interval": rises(
        happened(EV_LAUNCH, 2), 'doctrine.standard.ripple_interval = "10 s"', "doctrine.standard.salvo = 2",
    ),
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
    "doctrine.reassign_gain": falls(  # the one of more value is seen when the only channel has its order already
        launched_at_s("rich 1"), 'doctrine.standard.reassign_gain = "10 s"', *RICH_AND_POOR,
        another("rich", lon=33.6, aim="rich", more=', start = "20 s"'), 'assume.55k6e.reaction_time = "60 s"',
    ),
    "doctrine.reserve": falls(first_meeting_km, "doctrine.standard.reserve = 1000"),
    "doctrine.aircraft": rises(shots, "doctrine.standard.aircraft.salvo = 3"),
    "doctrine.uav": rises(shots, "doctrine.standard.uav.salvo = 3", *DRONE),
    "doctrine.cruise-missile": rises(shots, "doctrine.standard.cruise-missile.salvo = 3", *CRUISE),
    "doctrine.ballistic-missile": rises(shots, "doctrine.standard.ballistic-missile.salvo = 4", FALLING),
    "doctrine.anti-radiation-missile": rises(
        shots, "doctrine.standard.anti-radiation-missile.salvo = 4", HOMING[0],
        HOMING[1].replace("count = 40", "count = 1"), NEVER_HIT,
    ),
    "doctrine.keep_out_altitude": falls(shots, 'doctrine.standard.keep_out_altitude = "30 km"', FALLING),
    "doctrine.spare_decoys": rises(shots, "doctrine.standard.spare_decoys = false", WITH_DECOYS),
    # how posts work together
    "command.coordination": rises(shots, "command.coordination = false", OTHER),
    "command.crew_load": rises(
        launched_at_s("second 1"), "command.crew_load = true", TWO, 'assume.kalkan-model.crew_load = "4 s"',
    ),
    "command.join_rivals": rises(  # a loose formation at the edge of what the radar detects
        recorded("tracks_merged"), "command.join_rivals = true", *ABREAST, "raids.raid.count = 8",
        'raids.raid.formation_width = "8 km"', "assume.55k6e.association_gate = 16", 'assume.91n6e.scan_period = "5 s"',
        'assume.91n6e.detection_range = "120 km"', 'assume.91n6e.azimuth_sigma = "0.2 deg"', n=20,
    ),
    # the system
    "system.integrated": rises(killed, "systems.set.integrated = true", *ONLY_OTHERS_SEE),
    "system.external_picture": rises(killed, "systems.set.external_picture = true", *ONLY_OTHERS_SEE),
    "system.engage_on_remote": rises(
        recorded("remote_rounds"), "systems.set.engage_on_remote = true", *ONLY_OTHERS_SEE, BLIND_UNIT, ACTIVE,
        "systems.set.external_picture = true",
    ),
    "system.iff": rises(shots, 'systems.set.iff = "none"', *FRIEND, n=6),
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
    "system.reload_vehicles": falls(
        shots, "systems.set.reload_vehicles = 1", "systems.set.launchers = 6", "systems.set.loads.48n6e3 = 1",
        "systems.set.reload_sets = 3", 'assume.5p85.reload_time = "60 s"', "doctrine.standard.max_salvos = 20",
        NEVER_HIT,
    ),
    "system.displace_after": falls(
        shots, "systems.set.displace_after = 2", 'systems.set.displacement_time = "1 h"',
        "systems.set.displace_after = 100", *MANY_SALVOS,
    ),
    "system.displacement_time": falls(
        shots, 'systems.set.displacement_time = "1 h"', "systems.set.displace_after = 2", MOVING, *MANY_SALVOS,
    ),
    "system.value": falls(
        launched_at_s("second 1"), "systems.set.value = 1000", another("second", lon=33.4, lat=37.7, aim="set"),
        "systems.set.position = [39.0, 33.4]",
        'doctrine.standard.assignment = "highest-value-first"', "assume.92n6e.target_channels = 1",
        "systems.set.value = 1",
    ),
    "system.hand_over": falls(
        recorded("alone_s"), 'systems.set.hand_over = "other"', OTHER, 'outages.dark = { parts = ["set/post"] }',
    ),
    "system.emission": falls(
        recorded("plots"), 'systems.set.emission = { manner = "blinking", on = "10 s", off = "60 s" }',
    ),
    "system.decoy_emitters": falls(recorded("threat_hit"), "systems.set.decoy_emitters = 20", *HOMING),
    "system.boresight": falls(
        recorded("plots"), 'systems.set.boresight = "0 deg"', 'systems.set.link = "cut"',
        'assume.92n6e.sector_width = "90 deg"',
    ),
    "system.mast_height": rises(first_plot_km, 'systems.set.mast_height.91n6e = "100 m"', *LOW),
    "system.link": falls(first_plot_km, 'systems.set.link = "cut"', 'assume.92n6e.instrumented_range = "80 km"'),
    "system.link_latency": rises(first_launch_s, 'systems.set.link_latency = "60 s"'),
    "system.doctrine": rises(shots, 'systems.set.doctrine = "other"\ndoctrine.other.salvo = 3'),
}  # fmt: skip
