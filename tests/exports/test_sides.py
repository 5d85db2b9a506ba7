"""Sides, identities and zones: in the replay document and in every format that has a place for them."""

import dataclasses
import json
import math

import numpy as np
import pyacmi
import pytest
from lxml import etree

import kalkan
from kalkan.earth.geodesy import geodetic_to_ecef
from kalkan.earth.terrain import Terrain
from kalkan.engine.recording import Motion
from kalkan.exports import asterix
from kalkan.exports.czml import COLOURS
from kalkan.exports.dateline import halves, lines
from kalkan.scenario import parse
from kalkan.views.replay.document import replay_document
from tests.exports.test_cesium import in_cesium
from tests.exports.test_maps import kml_schema, layers
from tests.exports.test_streams import dissect
from tests.mixed import ON_THE_GROUND, mixed

BESIDE = {"eye", "stand-off", "in the hills"}
SIDES = ("hostile", "friendly", "neutral")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return kalkan.run(parse(mixed() + ON_THE_GROUND), out=tmp_path_factory.mktemp("sides") / "run", unknown=False).path


@pytest.fixture(scope="module")
def story(run):
    return kalkan.record(run, replication=0)


ESCORTS = """
[[jammers]]
name = "escort {band}"
carried_by = "cruise"
effective_power = "100 W"
bandwidth = "200 MHz"
bands = ["{band}"]
"""


@pytest.fixture(scope="module")
def jammed_story(tmp_path_factory):
    text = mixed().replace('type = "e-7"', 'type = "e-7"\nlink_availability = 0.5\nlink_latency = "7 s"')
    text += ESCORTS.format(band="S") + ESCORTS.format(band="X")
    folder = tmp_path_factory.mktemp("jammed") / "run"
    return kalkan.record(kalkan.run(parse(text), out=folder, unknown=False).path, replication=0)


@pytest.fixture(scope="module")
def document(story):
    return replay_document(story, Terrain.flat())


def last_belief(story, track):
    mine = [b for b in story.beliefs if b.track == track]
    return mine[-1] if mine else None


def test_a_replay_has_sides_beliefs_reports_strobes_and_areas(document):
    json.dumps(document, allow_nan=False)
    raids = {t["raid"]: t["side"] for t in document["threats"]}
    assert raids == {"cruise": "hostile", "returning F-16s": "friendly", "patrol": "friendly", "A1": "neutral"}
    believed = [t["believed"] for t in document["tracks"] if t["believed"]]
    for told in believed:
        p = np.array(told["p"]).reshape(-1, 3)
        assert len(p) == len(told["t"]) == len(told["why"]) and (np.diff(told["t"]) >= 0).all()
        assert p.sum(axis=1) == pytest.approx(100.0, abs=0.16)
    assert any("IFF: replied" in why for told in believed for why in told["why"])
    (eye,) = document["sources"]
    assert eye["name"] == "eye" and eye["airborne"] and len(eye["p"]) == 3 * len(eye["t"])
    assert len(document["reports"]["t"]) > 0 and set(document["reports"]["source"]) == {0}
    strobes = document["strobes"]
    assert len(strobes["t"]) == len(strobes["deg"]) > 0 and max(strobes["deg"]) < 360.0
    # from the system at 36.27 N 33.15 E to the jammer at 35.2 N 32.9 E: south by 119 km, west by 22.6 km
    assert np.abs(np.array(strobes["deg"]) - 190.8).max() < 1.0
    jammers = {j["name"]: j for j in document["jammers"]}
    assert [(n, j["airborne"], j["lat"], j["lon"]) for n, j in jammers.items()] == [
        ("in the hills", False, 35.9, 32.7), ("stand-off", True, 35.2, 32.9),
    ]  # fmt: skip
    emitters = [(e["name"], e["side"], e["power_w"], e["bandwidth_hz"], e["bands"]) for e in document["emitters"]]
    assert emitters == [
        ("escort", "hostile", 1.0, 1e9, ["X"]), ("in the hills", "hostile", 1.0, 1e9, ["X"]),
        ("stand-off", "hostile", 1e4, 200e6, ["S"]),
    ]  # fmt: skip
    assert [j["emitter"] for j in document["jammers"]] == [1, 2]
    assert set(strobes["jammer"]) == {2} and set(strobes["threat"]) == {-1}  # nobody hears the others
    assert jammers["in the hills"]["alt"] == 8 and jammers["stand-off"]["alt"] == 10_000
    assert {t["raid"]: t["jams"] for t in document["threats"]} == {
        "cruise": ["escort"], "returning F-16s": [], "patrol": [], "A1": [],
    }  # fmt: skip
    areas = {a["name"]: a for a in document["areas"]}
    assert areas["gate"]["width_m"] == 12e3 and not areas["gate"]["closed"]
    assert areas["city"]["points"] == [[33.5, 36.0], [33.9, 36.0], [33.9, 36.4]] and areas["city"]["closed"]
    assert areas["A1"]["kind"] == "traffic"


def test_a_link_is_told_up_when_its_reports_come(jammed_story):
    """A link that is down half of the time: what arrives was sent, a latency before, while it was up."""
    (eye,) = jammed_story.sources
    link = eye.link
    assert (link.availability, link.latency_s, link.turn_s[0]) == (0.5, 7.0, 0.0) and (np.diff(link.turn_s) > 0).all()
    assert (link.up[1:] != link.up[:-1]).all() and (link.turn_s % 60.0 == 0.0).all()
    sent_s = jammed_story.reports.t_s - link.latency_s
    up = link.up[np.searchsorted(link.turn_s, sent_s, side="right") - 1]
    assert up.all() and len(set((sent_s // 60.0).tolist())) > 3


def test_strobes_of_carried_jammers_name_their_jammer(jammed_story):
    """Two jammers that eight missiles carry, each in a band of its own, and one on station."""
    names = [j.name for j in jammed_story.jammers]
    assert names == ["escort S", "escort X", "stand-off"]
    heard = jammed_story.strobes
    search = [s.index for s in jammed_story.sites if s.role == "search radar"]  # S band
    of_raid = heard.threat >= 0
    assert of_raid.any() and set(heard.jammer[of_raid & np.isin(heard.radar, search)]) == {0}
    assert set(heard.jammer[~of_raid]) <= {2}


def test_only_raiders_count_as_live(document):
    raiders = sum(t["side"] == "hostile" for t in document["threats"])
    assert raiders < len(document["threats"]) and 0 < max(document["series"]["live"]["n"]) <= raiders


def test_a_source_far_behind_is_within_the_map(story):
    """As an early-warning aircraft may be, 700 km to the north."""
    (eye,) = story.sources
    at = np.array(geodetic_to_ecef(math.radians(42.5), math.radians(33.0), 9000.0))
    far = dataclasses.replace(eye, motion=Motion(eye.motion.t_s[:1], at[None, :], np.zeros((1, 3))))
    box = replay_document(dataclasses.replace(story, sources=[far]), Terrain.flat())["ground"]["box"]
    assert box[1] < 35.0 and box[3] > 42.5


def test_tacview_gives_tracks_the_colour_of_who_they_are_thought_to_be(run, story, tmp_path):
    (file,) = kalkan.export(run, "tacview", replications=0, out=tmp_path / "t.acmi")
    acmi = pyacmi.Acmi()
    acmi.load_acmi(filepath=str(file))
    told = {o.get_value("Pilot", None): o for o in acmi.objects.values()}
    seen = set()
    for track in story.tracks:
        known = last_belief(story, track.name)
        if track.confirmed_s == track.confirmed_s and known is not None and known.t_s < track.end_s:
            side = SIDES[int(np.argmax(known.p))]
            colour = {"hostile": "Red", "friendly": "Cyan", "neutral": "Green"}[side]
            assert told[track.name].get_value("Color", track.end_s) == colour
            assert told[track.name].get_value("Label", track.end_s) == f"{side} {100 * max(known.p):.0f} %"
            seen.add(side)
    assert {"hostile", "friendly"} <= seen


def test_tacview_has_sources_and_jammers_in_the_air_or_on_the_ground(run, tmp_path):
    (file,) = kalkan.export(run, "tacview", replications=0, out=tmp_path / "t.acmi")
    acmi = pyacmi.Acmi()
    acmi.load_acmi(filepath=str(file))
    told = {o.get_value("Pilot", None): o for o in acmi.objects.values()}
    assert {n: (told[n].get_value("Type", None), told[n].get_value("Color", None)) for n in BESIDE} == {
        "eye": ("Plane", "Cyan"), "stand-off": ("Plane", "Red"), "in the hills": ("GroundVehicle", "Red"),
    }  # fmt: skip


def test_dis_has_sources_and_jammers_with_their_force_and_domain(run, tmp_path):
    """Entity State (IEEE 1278.1-2012, 7.2.2): entity number at byte 16, force at 18, domain at 21, marking at 129."""
    found = {}
    (file,) = kalkan.export(run, "dis", replications=0, out=tmp_path / "t.dis")
    data, at = file.read_bytes(), 0
    while at < len(data):
        pdu = data[at : at + int.from_bytes(data[at + 8 : at + 10], "big")]
        if pdu[2] == 1 and int.from_bytes(pdu[16:18], "big") >= 40_000:
            found[pdu[129:140].rstrip(b"\0").decode()] = (pdu[18], pdu[21])
        at += len(pdu)
    opposing, friendly, land, air = 2, 1, 1, 2
    assert found == {"eye": (friendly, air), "stand-off": (opposing, air), "in the hill": (opposing, land)}


def test_maps_have_sources_and_jammers(run, tmp_path):
    (file,) = kalkan.export(run, "kml", replications=0, out=tmp_path / "t.kml")
    assert layers(file)["Sources and jammers"] == 3
    (file,) = kalkan.export(run, "czml", replications=0, out=tmp_path / "t.czml")
    told = {p["name"]: p["description"] for p in json.loads(file.read_text()) if p["id"].startswith("beside/")}
    assert set(told) == BESIDE and told["in the hills"] == "jammer, hostile; 0.001 kW in X band"
    (file,) = kalkan.export(run, "geojson", replications=0, out=tmp_path / "t.geojson")
    about = [f["properties"] for f in json.loads(file.read_text())["features"]]
    there = {p["name"]: (p["layer"], p["side"], p["airborne"]) for p in about if p["name"] in BESIDE}
    assert there == {
        "eye": ("external source", "friendly", True), "stand-off": ("jammer", "hostile", True),
        "in the hills": ("jammer", "hostile", False),
    }  # fmt: skip


def test_geojson_has_beliefs_and_zones(run, story, tmp_path):
    (file,) = kalkan.export(run, "geojson", replications=0, out=tmp_path / "t.geojson")
    features = json.loads(file.read_text())["features"]
    assert sum(layers(file).values()) == len(features)  # GDAL reads all of it
    for feature in (f["properties"] for f in features if f["properties"]["layer"] == "track"):
        known = last_belief(story, feature["name"])
        if known is None:
            assert "believed" not in feature
            continue
        assert feature["believed"] == SIDES[int(np.argmax(known.p))]
        assert [feature[f"p_{side}"][-1] for side in SIDES] == pytest.approx(known.p, abs=1e-4)
        assert len(feature["p_hostile"]) == len(feature["believed_times_s"])
    areas = {f["properties"]["name"]: f["geometry"] for f in features if f["properties"]["layer"] == "area"}
    assert areas["city"] == {
        "type": "Polygon", "coordinates": [[[33.5, 36.0], [33.9, 36.0], [33.9, 36.4], [33.5, 36.0]]],
    }  # fmt: skip
    assert areas["gate"] == {"type": "LineString", "coordinates": [[33.0, 35.9], [33.4, 36.6]]}


def test_asterix_tells_what_interrogations_brought(run, story, tmp_path):
    """Read back by tshark: of every report, as the post's evidence has it then."""
    (file,) = kalkan.export(run, "asterix", replications=0, out=tmp_path / "t.pcap")
    rows = dissect(file, asterix.PORT, "asterix", "asterix.category", "asterix.062_080_MD4")
    found = [v for category, values in rows if category == "62" for v in values.split(",") if v]
    wanted = []
    for track in (t for t in story.tracks if t.confirmed_s == t.confirmed_s):
        mine = [b for b in story.beliefs if b.track == track.name]
        times = [*track.motion.t_s[track.motion.t_s >= track.confirmed_s], track.end_s] if mine else []
        for t_s in times:
            said = [b.evidence.get("IFF") for b in mine if b.t_s <= t_s][-1:] or [None]
            wanted.append({None: "0", "replied": "1"}.get(said[0], "3"))
    assert sorted(found) == sorted(wanted) and set(wanted) >= {"1", "3"}


@pytest.mark.parametrize("turn", [0.0, 360.0])
def test_areas_and_lines_are_cut_at_the_date_line(turn):
    square = np.array([[178.0, 10.0], [178.0, 12.0], [-179.0 + turn, 12.0], [-179.0 + turn, 10.0]])
    west, east = halves(square)
    assert west.min(axis=0).tolist() == [178.0, 10.0] and west.max(axis=0).tolist() == [180.0, 12.0]
    assert east.min(axis=0).tolist() == [-180.0, 10.0] and east.max(axis=0).tolist() == [-179.0, 12.0]
    for ring, wide in ((west, 2.0), (east, 1.0)):
        x, y = ring.T
        assert (ring[0] == ring[-1]).all()
        assert 0.5 * np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) == pytest.approx(2.0 * wide)  # counterclockwise
    (first, second) = lines(np.array([[178.0, 10.0], [-178.0 + turn, 12.0]]))
    assert first.tolist() == [[178.0, 10.0], [180.0, 11.0]] and second.tolist() == [[-180.0, 11.0], [-178.0, 12.0]]
    (whole,) = lines(np.array([[33.0, 35.9], [33.4, 36.6]]))
    assert whole.tolist() == [[33.0, 35.9], [33.4, 36.6]]


KML = "{http://www.opengis.net/kml/2.2}"
LIMITS = """
[[zones]]
name = "block"
kind = "weapons"
weapons_control = "hold"
area = [[36.5, 32.0], [36.5, 32.4], [36.9, 32.4], [36.9, 32.0]]
floor = "1 km MSL"
ceiling = "FL195"
from = "2 min"
until = "10 min"

[[zones]]
name = "home"
kind = "origin"
side = "hostile"
area = [[35.0, 32.0], [35.0, 32.4], [35.4, 32.4]]
ceiling = "3 km MSL"
"""
FL195_M = 5943.6
CORNERS = {  # longitude, latitude
    "block": [(32.0, 36.5), (32.4, 36.5), (32.4, 36.9), (32.0, 36.9)],
    "home": [(32.0, 35.0), (32.4, 35.0), (32.4, 35.4)],
    "city": [(33.5, 36.0), (33.9, 36.0), (33.9, 36.4)],
    "gate": [(33.0, 35.9), (33.4, 36.6)],
    "A1": [(31.6, 36.0), (34.0, 36.3)],
}


@pytest.fixture(scope="module")
def zoned(tmp_path_factory):
    """A run with zones of every shape: limits on both sides, above alone and none; corners and middle lines."""
    folder = tmp_path_factory.mktemp("zones") / "run"
    return kalkan.run(parse(mixed() + LIMITS), out=folder, unknown=False).path


@pytest.fixture(scope="module")
def placemarks(zoned, tmp_path_factory):
    """Zones of the KML by name, with the colours of the styles that they point to, after the schema's check."""
    (file,) = kalkan.export(zoned, "kml", replications=0, out=tmp_path_factory.mktemp("kml") / "t.kml")
    tree = etree.parse(file)
    kml_schema().assertValid(tree)
    assert layers(file)["Zones and airways"] == len(CORNERS)
    root = tree.getroot()
    colours = {s.get("id"): s.findtext(f"{KML}LineStyle/{KML}color") for s in root.iter(f"{KML}Style")}
    (folder,) = (f for f in root.iter(f"{KML}Folder") if f.findtext(f"{KML}name") == "Zones and airways")
    found = {p.findtext(f"{KML}name"): p for p in folder.findall(f"{KML}Placemark")}
    return found, {n: colours[p.findtext(f"{KML}styleUrl")[1:]] for n, p in found.items()}


def outlined(place):
    """Every polygon and line of a placemark: altitude mode, whether extruded, and its coordinates."""
    return [
        (
            g.tag.removeprefix(KML), g.findtext(f"{KML}altitudeMode"), g.findtext(f"{KML}extrude") == "1",
            [tuple(map(float, c.split(","))) for c in next(g.iter(f"{KML}coordinates")).text.split()],
        )
        for g in place.iter(f"{KML}Polygon", f"{KML}LineString")
    ]  # fmt: skip


def test_kml_has_zones_with_their_heights(placemarks):
    found, colours = placemarks
    assert set(found) == set(CORNERS)
    red, blue, white, grey = "ff505aff", "ffffa050", "ffebebeb", "ffaaaaaa"  # aabbggrr
    assert colours == {"block": grey, "home": red, "city": grey, "gate": blue, "A1": white}
    (city,) = outlined(found["city"])
    assert city[:3] == ("Polygon", "clampToGround", False) and {c[:2] for c in city[3]} == set(CORNERS["city"])
    (home,) = outlined(found["home"])
    assert home[:3] == ("Polygon", "absolute", True)
    assert set(home[3]) == {(*corner, 3000.0) for corner in CORNERS["home"]}
    (gate,) = outlined(found["gate"])
    assert gate[:2] == ("LineString", "clampToGround") and [c[:2] for c in gate[3]] == CORNERS["gate"]
    block = outlined(found["block"])
    assert len(block) == 6  # both limits, and a wall from corner to corner
    floor, ceiling, *walls = block
    for (_, mode, _, ring), height in ((floor, 1000.0), (ceiling, FL195_M)):
        assert mode == "absolute" and ring[0] == ring[-1] and len(ring) == 5
        assert set(ring) == {(*corner, height) for corner in CORNERS["block"]}
    for kind, mode, _, ring in walls:
        assert (kind, mode, len(ring)) == ("Polygon", "absolute", 5) and {c[2] for c in ring} == {1000.0, FL195_M}
    assert {frozenset(c[:2] for c in w[3]) for w in walls} == {
        frozenset(pair) for pair in zip(CORNERS["block"], CORNERS["block"][1:] + CORNERS["block"][:1], strict=True)
    }
    assert found["block"].findtext(f"{KML}TimeSpan/{KML}begin") == "2026-01-01T00:02:00.000Z"
    assert found["block"].findtext(f"{KML}TimeSpan/{KML}end") == "2026-01-01T00:10:00.000Z"
    assert found["city"].find(f"{KML}TimeSpan") is None
    assert found["gate"].findtext(f"{KML}description") == "minimum-risk-route, friendly; 12 km wide"


def test_geojson_has_limits_sides_and_times(zoned, tmp_path):
    (file,) = kalkan.export(zoned, "geojson", replications=0, out=tmp_path / "t.geojson")
    about = [f["properties"] for f in json.loads(file.read_text())["features"]]
    told = {
        p["name"]: (p["side"], p["floor_m"], p["ceiling_m"], p["from_s"], p["until_s"])
        for p in about if p["layer"] == "area"
    }  # fmt: skip
    assert told == {
        "block": (None, 1000.0, pytest.approx(FL195_M), 120.0, 600.0), "home": ("hostile", None, 3000.0, 0.0, None),
        "city": (None, None, None, 0.0, None), "gate": ("friendly", None, None, 0.0, None),
        "A1": ("neutral", None, None, 0.0, None),
    }  # fmt: skip


READ_AREAS = """async () => {
  const source = await Cesium.CzmlDataSource.load('story.czml');
  const degrees = p => { const c = Cesium.Cartographic.fromCartesian(p);
    return [c.longitude, c.latitude].map(v => Math.round(Cesium.Math.toDegrees(v) * 1e6) / 1e6); };
  const start = Cesium.JulianDate.fromIso8601('2026-01-01T00:00:00Z');
  const found = {};
  for (const e of source.entities.values.filter(e => e.id.startsWith('area/'))) {
    const g = e.polygon ?? e.corridor, at = e.availability.start, n = name => g[name]?.getValue(at);
    const places = e.polygon ? n('hierarchy').positions : n('positions');
    found[e.name] = {
      kind: e.polygon ? 'polygon' : 'corridor', places: places.map(degrees),
      height: n('height'), to: n('extrudedHeight') ?? null,
      width: n('width') ?? null, colour: g.outlineColor.getValue(at).toBytes(), about: e.description.getValue(at),
      from: Cesium.JulianDate.secondsDifference(e.availability.start, start),
      until: Cesium.JulianDate.secondsDifference(e.availability.stop, start),
    };
  }
  return found;
}"""


def test_cesium_has_zones_with_their_heights(zoned, tmp_path):
    (file,) = kalkan.export(zoned, "czml", replications=0, out=tmp_path / "t.czml")
    found, complaints = in_cesium(file, READ_AREAS, tmp_path)
    assert complaints == []
    assert {name: sorted(map(tuple, zone["places"])) for name, zone in found.items()} == {
        name: sorted(corners) for name, corners in CORNERS.items()
    }
    red, blue, white, grey = (COLOURS[side] for side in ("hostile", "friendly", "neutral", "nobody"))
    told = {
        name: (z["kind"], z["height"], z["to"], z["width"], z["colour"], z["from"], z["until"])
        for name, z in found.items()
    }
    airway_m = told["A1"][3]
    horizon_s = parse(mixed()).study.horizon_s
    assert told == {
        "block": ("polygon", pytest.approx(FL195_M), 1000.0, None, grey, 120.0, 600.0),
        "home": ("polygon", 3000.0, 0.0, None, red, 0.0, horizon_s),
        "city": ("polygon", 0.0, None, None, grey, 0.0, horizon_s),
        "gate": ("corridor", 0.0, None, 12e3, blue, 0.0, horizon_s),
        "A1": ("corridor", 0.0, None, airway_m, white, 0.0, horizon_s),
    }
    assert airway_m > 1e3 and found["gate"]["about"] == "minimum-risk-route, friendly; 12 km wide"
