"""KML against the schema, KML and GeoJSON through GDAL, CZML in Cesium."""

import importlib.util
import json
import subprocess
import zipfile
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from lxml import etree

from kalkan.exports.writing import START

from .conftest import need

KML, GX = "{http://www.opengis.net/kml/2.2}", "{http://www.google.com/kml/ext/2.2}"


def kml_schema():
    """OGC's KML 2.2 schema with Google's extension, as the fastkml package carries them (without a network)."""
    folder = Path(importlib.util.find_spec("fastkml").submodule_search_locations[0]) / "schema"
    return etree.XMLSchema(etree.parse(folder / "kml22gx.xsd", etree.XMLParser(no_network=True)))


@pytest.fixture(scope="module")
def schema():
    return kml_schema()


def test_kml_is_valid(exported, schema):
    schema.assertValid(etree.parse(exported("kml", ".kml")))


def test_the_schema_would_notice(exported, schema):
    text = exported("kml", ".kml").read_text()
    swapped = text.replace("<altitudeMode>absolute</altitudeMode><coordinates>", "<coordinates>", 1)
    swapped = swapped.replace("</coordinates>", "</coordinates><altitudeMode>absolute</altitudeMode>", 1)
    assert not schema.validate(etree.fromstring(swapped.encode()))


def test_kml_says_what_the_recording_says(exported, recording):
    root = etree.parse(exported("kml", ".kml")).getroot()
    folders = {f.findtext(f"{KML}name"): f.findall(f"{KML}Placemark") for f in root.iter(f"{KML}Folder")}
    assert {n: len(p) for n, p in folders.items()} == {
        "Sites": len(recording.sites),
        "Threats": len(recording.threats),
        "Interceptors": len(recording.missiles),
        "Tracks": sum(t.confirmed_s == t.confirmed_s for t in recording.tracks),
    }
    for threat, place in zip(recording.threats, folders["Threats"], strict=True):
        assert place.findtext(f"{KML}name") == threat.name and threat.outcome in place.findtext(f"{KML}description")
        track = place.find(f"{GX}Track")
        when, where = [w.text for w in track.iter(f"{KML}when")], [c.text for c in track.iter(f"{GX}coord")]
        assert len(when) == len(where) == len(threat.motion.t_s)
        assert when[0].startswith(f"{START + timedelta(seconds=threat.motion.t_s[0]):%Y-%m-%dT%H:%M:%S}")
        lon_lat_height = np.array([[float(v) for v in c.split()] for c in where])
        assert lon_lat_height[:, [1, 0, 2]] == pytest.approx(threat.motion.geodetic, abs=0.06)


def test_kmz_holds_the_kml(exported):
    with zipfile.ZipFile(exported("kml", ".kmz")) as file:
        assert file.namelist() == ["doc.kml"]
        assert file.read("doc.kml") == exported("kml", ".kml").read_bytes()


def layers(file):
    """GDAL's reading of a file: number of features of each layer."""
    done = subprocess.run([need("ogrinfo"), "-al", "-so", file], capture_output=True, text=True, check=True)
    assert "ERROR" not in done.stderr + done.stdout and "Warning" not in done.stderr
    lines = [line.partition(": ") for line in done.stdout.splitlines()]
    names = [value for key, _, value in lines if key == "Layer name"]
    return dict(zip(names, [int(value) for key, _, value in lines if key == "Feature Count"], strict=True))


def test_gdal_reads_kml_and_geojson(exported, recording):
    n = sum(t.confirmed_s == t.confirmed_s for t in recording.tracks)
    wanted = [len(recording.sites), len(recording.threats), len(recording.missiles), n]
    names = ("Sites", "Threats", "Interceptors", "Tracks")
    assert layers(exported("kml", ".kml")) == layers(exported("kml", ".kmz")) == dict(zip(names, wanted, strict=True))
    assert sum(layers(exported("geojson", ".geojson")).values()) == sum(wanted)


def test_geojson_keeps_to_rfc_7946(exported, recording):
    collection = json.loads(exported("geojson", ".geojson").read_text())
    assert set(collection) == {"type", "features"} and collection["type"] == "FeatureCollection"
    by_name = {f["properties"]["name"]: f for f in collection["features"] if f["properties"]["layer"] == "threat"}
    for feature in collection["features"]:
        assert set(feature) == {"type", "geometry", "properties"} and feature["type"] == "Feature"
        kind, places = feature["geometry"]["type"], feature["geometry"]["coordinates"]
        places = [places] if kind == "Point" else places
        assert kind in ("Point", "LineString") and len(places) >= (2 if kind == "LineString" else 1)
        for lon, lat, height in places:
            assert -180.0 <= lon <= 180.0 and -90.0 <= lat <= 90.0 and height > -500.0
    for threat in recording.threats:
        feature = by_name[threat.name]
        assert feature["properties"]["outcome"] == threat.outcome
        assert feature["properties"]["times_s"] == pytest.approx(threat.motion.t_s, abs=1e-3)
        assert len(feature["geometry"]["coordinates"]) == len(threat.motion.t_s)
