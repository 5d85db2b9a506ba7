"""Presets: many figures of the scenario's own under one name, ``[assume] preset = "ideal"``.

``ideal`` takes away what stands between a scenario and the formulas of the open literature: sensors miss
nothing, nobody waits, nothing is scarce, and every round has its claimed kill probability, alone. What is
left is the doctrine, the magazine, the numbers and the chances that these formulas are about. The earth
stays round, the interceptors keep their speed and reach.

A figure that the scenario gives itself goes before the preset's. To make another judgement of the model
ideal, add its line here: nothing else needs to know.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from kalkan.catalogue import SPECS

KEY = "preset"


class Given(NamedTuple):
    """A figure as a scenario would write it, and why it is ideal."""

    written: str | float
    why: str


IDEAL: Mapping[str, Given] = {
    # sensors miss nothing in line of sight, err by next to nothing, and look everywhere
    "detection_range": Given("20000 km", "whatever is in line of sight is detected at every look"),
    "instrumented_range": Given("20000 km", "no display ends"),
    "min_range": Given("0 m", "nothing is too near, for radar or interceptor"),
    "sector_width": Given("360 deg", "every direction at once"),
    "elevation_min": Given("-89 deg", "no lower edge"),
    "elevation_max": Given("89 deg", "no upper edge"),
    "scan_period": Given("1 s", "a look at everything every second"),
    "search_period": Given("1 s", "likewise for an engagement radar that fights alone"),
    "range_sigma": Given("1 m", "errors that never matter"),
    "azimuth_sigma": Given("0.001 deg", "errors that never matter"),
    "elevation_sigma": Given("0.001 deg", "errors that never matter"),
    "false_alarms_per_scan": Given(0, "noise makes no plots"),
    # the tracker loses and confuses nobody
    "targets_tracked": Given(2000, "room for every track"),
    "track_confirm_m": Given(2, "two plots make a track"),
    "track_confirm_n": Given(2, "two plots make a track"),
    "association_gate": Given(60, "no plot of a lone target falls outside its track's gate"),
    "confirm_gate": Given(60, "nor outside that of its confirmation"),
    "lost_target_memory": Given("0 s", "no track is lost, so none is taken for another"),
    # nobody waits
    "reaction_time": Given("0 s", "orders are instant"),
    "crew_delay": Given("0 s", "the crew agrees at once"),
    "command_cycle": Given("1 s", "orders every second"),
    "assessment_time": Given("0 s", "the outcome is known at once"),
    "assessment_error": Given(0, "and rightly"),
    "acquisition_hits": Given(1, "the first look holds"),
    "slew_rate": Given("3600 deg/s", "turning takes no time"),
    "update_period": Given("0.1 s", "a held target is looked at all the time"),
    "retry_delay": Given("0 s", "nobody is kept waiting for another try"),
    "launch_interval": Given("0.1 s", "a salvo leaves at once"),
    # nothing is scarce but rounds
    "target_channels": Given(100, "a channel for every target"),
    "missile_channels": Given(400, "a channel for every round"),
    "reserve": Given(0, "no round is kept back"),
    "earliest_share": Given(1, "what can be met is shot at"),
    # every round has its claimed chance, alone
    "launch_threshold": Given(0, "no shot is refused for its chance"),
    "common_cause_share": Given(0, "the rounds of a salvo fail independently"),
    "no_speed_ratio": Given(0, "the claim holds at every speed"),
    "full_speed_ratio": Given(0.001, "the claim holds at every speed"),
    "tail_chase_factor": Given(1, "the claim holds from every side"),
    "edge_factor": Given(1, "the claim holds to the edge of the envelope"),
    "min_target_altitude": Given("0 m", "nothing is too low"),
    "max_target_speed": Given("10000 m/s", "nothing is too fast"),
}

PRESETS: Mapping[str, Mapping[str, Given]] = {"ideal": IDEAL}
ABOUT = {
    "ideal": "Perfect sensors, no delays, channels for all, and rounds with their claimed kill probability: what is "
    "left are the doctrine, the magazine and the numbers that the formulas of the open literature are about."
}


def preset_explained(name: str) -> dict[str, Any]:
    """A preset as plain data: its name, and every quantity with its figure, meaning and reason."""
    rows = [
        {"quantity": q, "written": str(given.written), "sentence": SPECS[q].sentence, "why": given.why}
        for q, given in PRESETS[name].items()
    ]
    return {"preset": name, "about": ABOUT[name], "quantities": rows}
