"""Tacview files, read back by pyacmi."""

import re

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


# each line of the file by the reference of ACMI 2.2 (tacview.net/documentation/acmi): pyacmi passes over events
VALUE = r"(?:\\.|[^,\\\n])*"
TIME = re.compile(r"#\d+(?:\.\d+)?")
GONE = re.compile(r"-(?P<id>[0-9a-f]+)")
EVENT = re.compile(rf"0,Event=(?P<kind>[A-Za-z]+)(?P<ids>(?:\|[0-9a-f]+)+)\|(?P<text>{VALUE})")
SETS = re.compile(rf"(?P<id>[0-9a-f]+)(?:,[A-Za-z]+={VALUE})+")
KINDS = {"Message", "Bookmark", "Debug", "LeftArea", "Destroyed", "TakenOff", "Landed", "Timeout"}


def test_every_line_is_one_of_the_reference_and_every_event_is_about_something_there(exported, recording):
    lines = exported("tacview", ".acmi").read_text(encoding="utf-8-sig").splitlines()
    there: dict[int, str] = {}
    t_s, events = 0.0, []
    for line in lines[2:]:
        if TIME.fullmatch(line):
            t_s = float(line[1:])
        elif gone := GONE.fullmatch(line):
            del there[int(gone["id"], 16)]
        elif event := EVENT.fullmatch(line):
            about = [int(word, 16) for word in event["ids"][1:].split("|")]
            assert event["kind"] in KINDS and set(about) <= set(there), line
            events.append((event["kind"], about, t_s))
        else:
            sets = SETS.fullmatch(line)
            assert sets, line
            there[int(sets["id"], 16)] = line
    destroyed = {about[0]: t_s for kind, about, t_s in events if kind == "Destroyed"}
    killed = {tacview.FIRST_THREAT + t.index: t.killed_s for t in recording.threats if t.outcome == "killed"}
    assert destroyed == pytest.approx(killed, abs=0.006) and len(killed) > 0
    leaked = [tacview.FIRST_THREAT + t.index for t in recording.threats if t.outcome == "leaked"]
    assert sorted(about[0] for kind, about, _ in events if kind == "Message") == leaked


def test_commas_do_not_end_a_value():
    assert tacview.escaped("one, two\nthree\\") == "one\\, two\\\nthree\\\\"
