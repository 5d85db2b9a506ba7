"""A raid, friends that answer nothing, airliners, a zone, somebody else's radar and a jammer in one scenario."""

from __future__ import annotations

from kalkan.scenario import starter

BESIDE = """
[[flights]]
name = "returning F-16s"
type = "f-16c"
count = 2
iff = "failed"
route = [
  { position = [35.20, 32.60], altitude = "6 km MSL" },
  { position = [36.75, 33.49], altitude = "6 km MSL" },
]
start = "1 min"
spacing = "20 s"

[[flights]]
name = "patrol"
type = "f-16c"
count = 1
iff = "replies"
route = [
  { position = [35.80, 32.40], altitude = "7 km MSL" },
  { position = [36.60, 32.40], altitude = "7 km MSL" },
]
start = "2 min"

[[traffic]]
name = "A1"
airway = [[36.0, 31.6], [36.3, 34.0]]
flights_per_hour = 12

[rules_of_engagement]
weapons_control = "free"
required_confidence = 0.8

[[zones]]
name = "gate"
kind = "minimum-risk-route"
line = [[35.9, 33.0], [36.6, 33.4]]    # the way home
width = "12 km"

[[zones]]
name = "city"
kind = "restricted"
area = [[36.0, 33.5], [36.0, 33.9], [36.4, 33.9]]

[[sources]]
name = "eye"
type = "e-7"
orbit = { centre = [36.7, 34.2], length = "40 km" }

[[jammers]]
name = "stand-off"
position = [35.2, 32.9]
altitude = "10 km MSL"
effective_power = "10 kW"
bandwidth = "200 MHz"
bands = ["S"]
"""

ON_THE_GROUND = """
[[jammers]]
name = "in the hills"
position = [35.9, 32.7]
altitude = "8 m AGL"
effective_power = "1 W"      # nobody hears it
bandwidth = "1 GHz"
bands = ["X"]

[[jammers]]
name = "escort"
carried_by = "cruise"
effective_power = "1 W"
bandwidth = "1 GHz"
bands = ["X"]
"""


def mixed(replications: int = 1) -> str:
    """The scenario as a user writes it."""
    text = starter("small").replace("replications = 200", f"replications = {replications}")
    north = 'name = "north"\n'
    assert north in text
    return text.replace(north, f"{north}integrated = true\n") + BESIDE
