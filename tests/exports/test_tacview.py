"""Tacview files, read back by pyacmi."""

import numpy as np
import pyacmi
import pytest

from kalkan.exports import tacview


@pytest.fixture
def acmi(exported):
    file = pyacmi.Acmi()
    file.load_acmi(filepath=str(exported("tacview", ".acmi")))
    return file


def named(acmi, pilot):
    return next(o for o in acmi.objects.values() if o.get_value("Pilot", None) == pilot)


def test_every_object_is_there_with_its_type(acmi, recording):
    confirmed = [t for t in recording.tracks if t.confirmed_s == t.confirmed_s]
    n = len(recording.sites) + len(recording.threats) + len(recording.missiles) + len(confirmed)
    assert len([o for o in acmi.objects.values() if o.id not in (0, "0")]) == n
    assert acmi.reference_time.isoformat().startswith("2026-01-01T00:00:00")
    cruise = sum(t.target_class == "cruise-missile" for t in recording.threats)
    assert sum("Missile" in str(o.type) for o in acmi.objects.values()) == cruise + len(recording.missiles)
    assert sum(o.get_value("Name", None) == "track" for o in acmi.objects.values()) == len(confirmed)


def test_positions_come_back(acmi, recording):
    for threat in recording.threats:
        them = named(acmi, threat.name)
        for t_s, (lat, lon, height) in list(zip(threat.motion.t_s, threat.motion.geodetic, strict=True))[::3]:
            time = round(float(t_s), 2)
            assert them.get_value("Longitude", time) == pytest.approx(lon, abs=2e-7)
            assert them.get_value("Latitude", time) == pytest.approx(lat, abs=2e-7)
            assert them.get_value("Altitude", time) == pytest.approx(height, abs=0.06)


def test_what_was_killed_is_destroyed_and_gone(exported, recording):
    lines = exported("tacview", ".acmi").read_text(encoding="utf-8-sig").splitlines()
    assert lines[:2] == ["FileType=text/acmi/tacview", "FileVersion=2.2"]
    killed = [t for t in recording.threats if t.outcome == "killed"]
    destroyed = [line for line in lines if line.startswith("0,Event=Destroyed|")]
    assert len(destroyed) == len(killed) > 0
    frames = np.array([float(line[1:]) for line in lines if line.startswith("#")])
    assert (np.diff(frames) > 0.0).all()
    for threat in killed:
        name = f"{tacview.FIRST_THREAT + threat.index:x}"
        i, gone = lines.index(f"0,Event=Destroyed|{name}|"), lines.index(f"-{name}")
        assert i < gone and not any(line.startswith(f"{name},T=") for line in lines[i:])


def test_commas_do_not_end_a_value():
    assert tacview.escaped("one, two\nthree\\") == "one\\, two\\\nthree\\\\"
