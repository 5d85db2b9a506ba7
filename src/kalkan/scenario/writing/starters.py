"""Texts for ``kalkan new``: small, commented scenarios that run as they are."""

from __future__ import annotations

_SMALL = """\
# A small kalkan scenario. Every place in it is notional.
# Check it: kalkan check FILE      Run it: kalkan run FILE
title = "One site, one raid"
about = "A harbour, one S-400 system and sixteen low-flying cruise missiles."

[region]
terrain = "flat"                       # or an elevation file such as "terrain/area.tif"

[[assets]]
name = "harbour"
position = [36.12, 33.20]              # [latitude, longitude] in degrees
value = 10

[[systems]]
name = "north"
type = "s-400"                         # `kalkan explain s-400` says who claims what about it
position = [36.27, 33.15]
loads = { "48n6e3" = 3, "9m96e2" = 4 } # missiles per launcher

[[raids]]
name = "cruise"
type = "subsonic-cruise-missile"
count = 16
route = [
  { position = [35.00, 31.80], altitude = "60 m AGL" },   # AGL: above ground; MSL: above sea level
  { position = [36.12, 33.20], altitude = "60 m AGL" },   # without a release, a route ends at its aim
]
aim = "harbour"
spacing = "10 s"
time_jitter = "20 s"
route_jitter = "1 km"

[study]
replications = 200
seed = 1
horizon = "60 min"
"""

_SECOND_BATCH = """\
# Does a second batch matter? Every place in this scenario is notional.
# A variant states only what differs from the plain file; the report is a paired comparison.
title = "Second batch"
about = "Two harbours, a mixed raid from the south, one S-400 system or two."
base = "one batch"                     # name of the plain file's own variant

[region]
terrain = "flat"

[[assets]]
name = "west harbour"
position = [36.08, 32.60]
value = 10

[[assets]]
name = "east harbour"
position = [36.50, 34.20]
value = 6

[[systems]]
name = "west"
type = "s-400"
position = [36.23, 32.70]
loads = { "48n6e3" = 3, "9m96e2" = 4 }

[doctrine.standard]
assignment = "optimal"                 # or "nearest-first", "highest-value-first"
salvo = 2                              # interceptors per salvo
look = true                            # assess, then shoot again if needed

[[raids]]
name = "cruise west"
type = "subsonic-cruise-missile"
count = 24
route = [
  { position = [34.80, 31.20], altitude = "60 m AGL" },
  { position = [36.08, 32.60], altitude = "60 m AGL" },
]
aim = "west harbour"
spacing = "8 s"
time_jitter = "20 s"

[[raids]]
name = "drones east"
type = "one-way-attack-drone"
count = 16
route = [
  { position = [35.40, 34.95], altitude = "300 m MSL" },
  { position = [36.50, 34.20], altitude = "300 m MSL" },
]
aim = "east harbour"
spacing = "15 s"

[study]
replications = 200
seed = 1
horizon = "90 min"

[variants.two-batches]
label = "two batches"
[variants.two-batches.systems.east]    # a new name is a new entry, and must be complete
type = "s-400"
position = [36.65, 34.10]
loads = { "48n6e3" = 3, "9m96e2" = 4 }

[variants.one-cut-off]
label = "one batch, link cut"
[variants.one-cut-off.systems.west]    # a known name changes the entry
link = "cut"                           # alone, a fire unit sees only the quarter around its boresight,
boresight = "210 deg"                  # which its own radar watches: here towards the cruise missiles
"""

STARTERS: dict[str, str] = {"small": _SMALL, "second-batch": _SECOND_BATCH}
"""Texts by kind."""


def starter(kind: str = "small") -> str:
    """Text of a starter scenario.

    Parameters
    ----------
    kind : str
        A key of :data:`STARTERS`.

    Raises
    ------
    KeyError
        There is no such kind.
    """
    return STARTERS[kind]
