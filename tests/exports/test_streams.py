"""DIS and ASTERIX, dissected by tshark and by other libraries; pcap and live output."""

import contextlib
import math
import socket
import struct
import subprocess
import threading

import numpy as np
import pytest

import kalkan
from kalkan.errors import ProblemsError
from kalkan.exports import asterix, dis, go_live
from kalkan.exports.writing import START

from .conftest import REPLICATION, need


def dissect(file, port, protocol, *fields, where=""):
    """tshark's reading of a capture: one line of fields for each frame."""
    words = [need("tshark"), "-r", file, "-d", f"udp.port=={port},{protocol}", "-T", "fields"]
    words += [w for field in fields for w in ("-e", field)]
    done = subprocess.run(
        [*words, *(["-Y", where] if where else [])], capture_output=True, text=True, check=True, timeout=300
    )
    return [line.split("\t") for line in done.stdout.splitlines()]


@pytest.mark.parametrize(("to", "port"), [("dis", dis.PORT), ("asterix", asterix.PORT)])
def test_tshark_finds_nothing_malformed(exported, recording, to, port):
    file = exported(to, ".pcap")
    frames = dissect(file, port, to, "frame.protocols", "ip.checksum.status")
    module = dis if to == "dis" else asterix
    assert len(frames) == sum(1 for _ in module.packets(recording, START))
    assert {f[0] for f in frames} == {f"eth:ethertype:ip:udp:{to}"}
    assert dissect(file, port, to, "frame.number", where="_ws.malformed || _ws.expert || _ws.short") == []


def test_tshark_would_notice_a_broken_pdu(exported, tmp_path):
    """The check above can fail."""
    file = tmp_path / "broken.pcap"
    whole = bytearray(exported("dis", ".pcap").read_bytes())
    at = 24 + 16 + 14 + 20 + 8  # the first PDU: its length field says more than there is
    whole[at + 8 : at + 10] = struct.pack(">H", 400)
    whole[at + 19] = 40  # articulation parameters that are not there
    file.write_bytes(whole)
    assert dissect(file, dis.PORT, "dis", "frame.number", where="_ws.malformed || _ws.expert || _ws.short")


def test_dis_says_what_the_recording_says(exported, recording):
    file = exported("dis", ".pcap")
    kinds = ["dis.proto_ver", "dis.pdu_type", "dis.proto_fam", "dis.pdu_length"]
    found = {tuple(f) for f in dissect(file, dis.PORT, "dis", *kinds)}
    assert found == {("7", "1", "1", "144"), ("7", "2", "2", "96"), ("7", "3", "2", "104")}
    shots = dissect(file, dis.PORT, "dis", "dis.pdu_type", where="dis.pdu_type == 2")
    ends = dissect(file, dis.PORT, "dis", "dis.detonation.result", where="dis.pdu_type == 3")
    assert len(shots) == len(recording.missiles)
    assert [e[0] for e in ends].count("1") == sum(m.outcome == "kill" for m in recording.missiles)
    text = subprocess.run(
        [need("tshark"), "-r", file, "-d", "udp.port==3000,dis", "-V", "-Y", "dis.pdu_type == 1", "-c", "20"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "Proto version: IEEE 1278.1-2012 (7)" in text and "Entity State PDU" in text


def test_a_dis_file_is_pdus_one_behind_the_other(exported, recording):
    data = exported("dis", ".dis").read_bytes()
    at, kinds, last = 0, [], {}
    while at < len(data):
        version, _, kind, _, stamp, length = struct.unpack_from(">BBBBIH", data, at)
        assert version == 7 and stamp & 1 == 1
        kinds.append(kind)
        if kind == dis.ENTITY_STATE:
            entity = struct.unpack_from(">H", data, at + 16)[0]
            place = np.array(struct.unpack_from(">3d", data, at + 48))
            last[entity] = (stamp >> 1) * 3600.0 / 2**31, place, struct.unpack_from(">I", data, at + 84)[0]
        at += length
    assert at == len(data)
    for threat in recording.threats:
        clock_s, place, look = last[dis.FIRST_THREAT + threat.index]
        assert np.linalg.norm(place - threat.motion.position_m[-1]) < 1e-6
        assert clock_s == pytest.approx(threat.motion.t_s[-1] % 3600.0, abs=1e-5)
        assert bool(look & dis.DESTROYED) == (threat.outcome == "killed")


@pytest.mark.parametrize(
    ("heading_deg", "pitch_deg", "lat_deg", "lon_deg"), [(90, 0, 0, 0), (30, 20, 39, 33), (250, -60, -20, 150)]
)
def test_orientation_turns_the_body_onto_its_velocity(heading_deg, pitch_deg, lat_deg, lon_deg):
    """The standard's rotation (psi about z, theta about y, phi about x) gives nose, level right wing, belly."""
    from scipy.spatial.transform import Rotation

    from kalkan.earth.geodesy import enu_basis, geodetic_to_ecef

    lat, lon, heading, pitch = (math.radians(v) for v in (lat_deg, lon_deg, heading_deg, pitch_deg))
    position = np.array([float(v) for v in geodetic_to_ecef(lat, lon, 5000.0)])
    east, north, up = enu_basis(lat, lon)
    nose = math.cos(pitch) * (math.sin(heading) * east + math.cos(heading) * north) + math.sin(pitch) * up
    axes = Rotation.from_euler("ZYX", dis.orientation(position, 250.0 * nose)).as_matrix()
    assert axes[:, 0] == pytest.approx(nose, abs=1e-9)
    right = math.cos(heading) * east - math.sin(heading) * north
    assert axes[:, 1] == pytest.approx(right, abs=5e-3)  # geodetic up is not quite the earth's radius


def test_every_asterix_record_is_marked_simulated(exported, recording):
    """Read back by tshark: flags, stations and numbers of plots and tracks."""
    file = exported("asterix", ".pcap")
    flags = ["asterix.category", "asterix.048_020_SIM", "asterix.062_080_SIM", "asterix.062_080_TSE"]
    rows = dissect(file, asterix.PORT, "asterix", *flags)
    plots = [v for r in rows if r[0] == "48" for v in r[1].split(",")]
    tracks = [v for r in rows if r[0] == "62" for v in r[2].split(",")]
    ends = [v for r in rows if r[0] == "62" for v in r[3].split(",")]
    confirmed = [t for t in recording.tracks if t.confirmed_s == t.confirmed_s]
    updates = sum(int((t.motion.t_s >= t.confirmed_s).sum()) for t in confirmed)
    slant = np.linalg.norm(
        recording.plots.position_m
        - np.array([recording.site("radar", int(r)).position_m for r in recording.plots.radar]),
        axis=1,
    )
    assert plots == ["1"] * int((slant <= 255.9 * 1852.0).sum())
    assert tracks == ["1"] * (updates + len(confirmed)) and ends.count("1") == len(confirmed)


def test_plots_and_tracks_come_back_where_they_were(exported, recording):
    """Read back by libasterix, turned into positions by pyproj's geodesics."""
    from asterix import generated
    from asterix.base import Bits, RawDatablock

    data = exported("asterix", ".ast").read_bytes()
    plots, tracks = [], []
    while data:
        length = int.from_bytes(data[1:3], "big")
        (block,) = RawDatablock.parse(Bits.from_bytes(data[:length]))
        data = data[length:]
        if block.get_category() == 48:
            plots += generated.Cat_048_1_32.cv_uap.parse(block.get_raw_records())
        else:
            tracks += generated.Cat_062_1_20.cv_uap.parse(block.get_raw_records())

    def quantity(record, item, part, unit):
        content = record.get_item(item).variation
        return float((content.get_item(part).variation if part else content).content.as_quantity(unit))

    near = [k for k in range(recording.plots.t_s.size) if recording.plots.threat[k] >= 0]
    told = {round(quantity(p, "140", "", "s") * 128): p for p in plots}
    checked = 0
    for k in near:
        record = told.get(round(recording.plots.t_s[k] * 128))
        site = recording.site("radar", int(recording.plots.radar[k]))
        slant = np.linalg.norm(recording.plots.position_m[k] - site.position_m)
        if record is None or abs(quantity(record, "040", "RHO", "NM") * 1852.0 - slant) > 8.0:
            continue  # another plot within the same 1/128 s
        azimuth, _, _ = _geod().inv(*site.geodetic[[1, 0]], *_place(recording.plots.position_m[k]))
        assert (quantity(record, "040", "THETA", "°") - azimuth + 180.0) % 360.0 - 180.0 == pytest.approx(0, abs=0.01)
        checked += 1
    assert checked > 0.9 * len(near) > 50
    places = np.array([(quantity(t, "105", "LAT", "°"), quantity(t, "105", "LON", "°")) for t in tracks])
    for track in recording.tracks:
        for place in track.motion.geodetic[track.motion.t_s >= track.confirmed_s, :2]:
            assert np.abs(places - place).max(axis=1).min() < 180.0 / 2**25  # the item's last bit


def _geod():
    from pyproj import Geod

    return Geod(ellps="WGS84")


def _place(position_m):
    from kalkan.engine.recording import geodetic

    lat, lon, _ = geodetic(position_m)
    return lon, lat


@contextlib.contextmanager
def listening():
    """A port on this machine, and what has arrived there once the context is left."""
    got, over = [], threading.Event()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as there:
        there.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_000_000)
        there.bind(("127.0.0.1", 0))
        there.settimeout(0.2)

        def gather():
            while True:
                try:
                    got.append(there.recv(65535))
                except TimeoutError:
                    if over.is_set():
                        return

        thread = threading.Thread(target=gather)
        thread.start()
        try:
            yield there.getsockname()[1], got
        finally:
            over.set()
            thread.join()


@pytest.mark.parametrize("to", ["dis", "asterix"])
def test_live_output_is_the_file_in_pieces(folder, exported, to):
    with listening() as (port, got):
        sent = go_live(folder, to, replication=REPLICATION, port=port, speed=2000.0)
    assert sent == len(got)
    assert b"".join(got) == exported(to, ".dis" if to == "dis" else ".ast").read_bytes()


def test_live_output_keeps_time():
    from time import monotonic

    from kalkan.exports import live

    with listening() as (port, got):
        began = monotonic()
        live.send([(100.0, b"a"), (101.0, b"b"), (102.0, b"c")], "localhost", port, 10.0)
        took = monotonic() - began
    assert got == [b"a", b"b", b"c"] and 0.19 <= took < 1.0


@pytest.mark.parametrize("host", ["192.168.1.1", "0.0.0.0", "255.255.255.255", "239.1.2.3", "example.org", "::"])
def test_nothing_leaves_this_machine(folder, host):
    with pytest.raises(ProblemsError, match="is not this machine"):
        go_live(folder, "dis", host=host)


def test_only_streams_go_live(folder):
    with pytest.raises(ProblemsError) as caught:
        go_live(folder, "kml", port=70_000, speed=0.0)
    assert 'cannot send "kml"; dis and asterix can be sent live' in str(caught.value)
    assert "port 70000 must be from 1 to 65535" in str(caught.value)
    assert "= 0 must be above 0" in str(caught.value)


def test_a_script_hears_what_is_left_out_unless_it_does_not_want_to(folder, tmp_path, capsys):
    written = kalkan.export(folder, "asterix", replications=0, out=tmp_path / "a.ast")
    assert written == [tmp_path / "a.ast"] and "are left out: category 048" in capsys.readouterr().err
    kalkan.export(folder, "asterix", replications=0, out=tmp_path / "a.ast", progress=False)
    assert capsys.readouterr().err == ""


def test_plots_that_the_format_cannot_hold_are_told(folder, tmp_path):
    from kalkan.engine.watch import Watcher

    told = []
    watch = Watcher()
    watch.warning = told.append
    kalkan.export(folder, "asterix", replications=0, out=tmp_path / "a.ast", progress=watch)
    assert len(told) == 1 and "are left out: category 048 ends 256 nautical miles (474 km) from the radar" in told[0]
    story = kalkan.record(folder, replication=0)
    antenna = np.array([s.position_m for s in sorted(story.sites, key=lambda s: s.index) if s.role.endswith("radar")])
    beyond = np.linalg.norm(story.plots.position_m - antenna[story.plots.radar], axis=1) > 255.9 * 1852.0
    false = int((story.plots.threat[beyond] < 0).sum())
    assert told[0].startswith(f"{beyond.sum():,} of {beyond.size:,} plots, {false:,} of them false ones, ")
