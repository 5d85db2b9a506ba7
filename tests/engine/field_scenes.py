"""A scene for each field that a scenario writes itself: of doctrine, command and system."""

from __future__ import annotations

from tests.engine.measures import (
    Change,
    falls,
    first_launch_km,
    first_launch_s,
    first_meeting_km,
    first_plot_km,
    killed,
    launched_at_s,
    over_s,
    recorded,
    rises,
    rounds_of,
    shots,
)
from tests.engine.scenes import (
    AS_IT_COMES,
    BOTH,
    CRUISE,
    DRONE,
    FAINT,
    LOW,
    NEVER_HIT,
    ONE_ROUND,
    ONLY_ONE,
    OTHER,
    RICH_AND_POOR,
    TWO,
)

WRITTEN: dict[str, Change] = {
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
}  # fmt: skip
