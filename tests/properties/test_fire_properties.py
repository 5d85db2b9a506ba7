"""With unlimited channels and rounds that always kill, what leaks leaks by detection and geometry alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kalkan.jit import kernel
from kalkan.schema import LEAKED, NEVER_SEEN, NO_TRACK, NOT_HELD, OUT_OF_ENVELOPE, REASONS, TOO_LATE
from tests.engine import harness

BY_NATURE = {NEVER_SEEN, NO_TRACK, OUT_OF_ENVELOPE, NOT_HELD, TOO_LATE}  # detection, and where and when it is met
KINDS = ("f-16c", "f-35a", "subsonic-cruise-missile", "one-way-attack-drone", "supersonic-cruise-missile")
PLENTY = "target_channels = 200\nmissile_channels = 400"


@kernel
def sure_kill(p, speed, crossing, altitude, clearance, low, high, none, full, beyond, chase, edge, fraction):
    return 1.0


@st.composite
def raids(draw) -> str:
    """A few raids of any kind, height and way; nobody knows what a radar sees of them."""
    text = ""
    for i in range(draw(st.integers(1, 3))):
        lat, lon = 39.0 + draw(st.floats(-1.4, -0.2)), 33.0 + draw(st.floats(-1.0, 1.0))
        one = harness.raid(f"r{i}", count=draw(st.integers(1, 12)), lat=round(lat, 3), lon=round(lon, 3),
                           width=draw(st.integers(0, 20)), spacing=draw(st.integers(0, 5)))  # fmt: skip
        one = one.replace("f-16c", draw(st.sampled_from(KINDS))).replace('speed = "250 m/s"\n', "")
        text += one.replace("8 km MSL", f"{draw(st.integers(40, 12_000))} m MSL")
    return text


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(raids(), st.sampled_from(["600 km", "150 km", "60 km"]))
def test_leakers_come_only_from_detection_and_geometry(flown: str, seen: str) -> None:
    text = harness.scenario(
        flown, p=1.0, salvo=2, max_salvos=50, launchers=12, rounds=4, reloads=100, horizon="60 min",
        engagement=PLENTY, launcher='reload_time = "1 s"',
    ).replace('detection_range = "20000 km"', f'detection_range = "{seen}"')  # fmt: skip
    text = text.replace("max_salvos = 50\n", "max_salvos = 50\nlast_resort = []\nnever = []\n")
    c = harness.compiled(text)
    c = replace(c, plan=c.plan._replace(models=c.plan.models._replace(kill=sure_kill)))
    r = harness.run(c, 2)
    why = {REASONS[k].word for k in np.unique(r.threat_reason[r.threat_outcome == LEAKED])}
    assert why <= {REASONS[k].word for k in BY_NATURE}
