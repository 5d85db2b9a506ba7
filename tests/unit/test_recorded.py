"""Recorded tracks: every form that files come in, and what is damaged in them, against tracks that are known."""

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from kalkan.earth.geodesy import ecef_to_geodetic
from kalkan.models.recorded import path_through
from kalkan.scenario.recorded.cleaning import FlownPoints, consistent, distance_m, thinned, wrong_altitudes
from kalkan.scenario.recorded.table import TracksError
from kalkan.scenario.recorded.tracks import read_tracks
from kalkan.scenario.recorded.units import Options

T0 = 1_777_636_800.0  # 2026-05-01T12:00:00Z
N = 121


def known(n=N, step_s=5.0, lat=39.0, lon=32.0, altitude_m=11_000.0, speed_m_s=230.0):
    """An airliner that flies north from a place for ten minutes: columns as plain arrays."""
    t = T0 + step_s * np.arange(n)
    lat_deg = lat + np.degrees(speed_m_s * (t - T0) / 6_371_000.0)
    return pd.DataFrame(
        {"time": t, "id": "4b1815", "lat": lat_deg, "lon": lon, "altitude": altitude_m, "speed": speed_m_s,
         "heading": 0.0}
    )  # fmt: skip


def written(tmp_path, table, name="tracks.csv", **how):
    path = tmp_path / name
    table.to_parquet(path) if name.endswith("parquet") else table.to_csv(path, index=False, **how)
    return path


def read(tmp_path, table, options=None, name="tracks.csv", **how):
    return read_tracks(written(tmp_path, table, name, **how), options or Options())


def refused(tmp_path, table, options=None, **how):
    with pytest.raises(TracksError) as caught:
        read(tmp_path, table, options, **how)
    return str(caught.value)


def is_known(found, begins_s=T0):
    """That the one track is the known one, to the metre and millisecond."""
    (track,) = found.tracks
    p, want = track.points, known()
    assert (p.t_s[0], p.t_s[-1]) == pytest.approx((begins_s, begins_s + 600.0), abs=1e-3)
    assert p.lat_deg == pytest.approx(np.interp(p.t_s - begins_s, want.time - T0, want.lat), abs=1e-6)
    assert p.altitude_m == pytest.approx(11_000.0, abs=0.01) and p.speed_m_s == pytest.approx(230.0, abs=0.01)
    assert np.diff(p.t_s).min() >= 10.0
    return True


def clock(t, between, zone):
    """Unix times as texts."""
    return [f"{datetime.fromtimestamp(x, UTC):%Y-%m-%d{between}%H:%M:%S}{zone}" for x in t]


# ------------------------------------------------------------------------------------------------------ forms of files


@pytest.mark.parametrize("name", ["tracks.csv", "tracks.csv.gz", "tracks.parquet"])
def test_a_plain_table_is_read(tmp_path, name):
    assert is_known(read(tmp_path, known(), name=name))


@pytest.mark.parametrize(
    ("column", "values", "options"),
    [
        ("time", lambda t: (t * 1e3).astype("int64"), Options()),
        ("time", lambda t: (t * 1e9).astype("int64"), Options()),
        ("time", lambda t: clock(t, "T", "+00:00"), Options()),
        ("time", lambda t: clock(t, "T", "Z"), Options()),
        ("time", lambda t: clock(t + 10_800, " ", "+03:00"), Options()),
        ("time", lambda t: clock(t + 10_800, " ", ""), Options(utc_offset_s=10_800.0)),
        ("altitude_ft", lambda _: 11_000.0 / 0.3048, Options()),
        ("Altitude [ft]", lambda _: 11_000.0 / 0.3048, Options()),
        ("altitude", lambda _: 11_000.0 / 0.3048, Options(altitude_unit="ft")),
        ("speed_kt", lambda _: 230.0 * 3600 / 1852, Options()),
        ("groundspeed", lambda _: 230.0 * 3600 / 1852, Options(speed_unit="kt")),
        ("speed (km/h)", lambda _: 230.0 * 3.6, Options()),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)  # fmt: skip
def test_units_and_times_in_every_form_are_the_same_track(tmp_path, column, values, options):
    table = known()
    plain = next(name for name in ("time", "altitude", "speed") if name[:4] in column.lower().replace("ground", ""))
    made = values(table.time)
    table = table.drop(columns=plain).assign(**{column: made})
    assert is_known(read(tmp_path, table, options))


@pytest.mark.parametrize("how", [{"sep": ";"}, {"sep": ";", "decimal": ","}, {"sep": "\t"}, {"encoding": "utf-8-sig"}])
def test_other_separators_are_read(tmp_path, how):
    assert is_known(read(tmp_path, known(), **how))


def test_instants_of_parquet_are_read_with_and_without_a_zone(tmp_path):
    stamps = pd.to_datetime(known().time, unit="s")
    assert is_known(read(tmp_path, known().assign(time=stamps.dt.tz_localize("UTC")), name="a.parquet"))
    ahead = known().assign(time=stamps + pd.Timedelta(hours=3))
    assert is_known(read(tmp_path, ahead, Options(utc_offset_s=10_800.0), name="b.parquet"))


def test_times_without_a_zone_are_told(tmp_path):
    table = known().assign(time=pd.to_datetime(known().time, unit="s").astype(str))
    assert any("no zone" in sentence for sentence in read(tmp_path, table).told)


def test_times_from_a_start_of_their_own(tmp_path):
    found = read(tmp_path, known().assign(time=known().time - T0))
    assert found.own_start and is_known(found, 0.0)


# OpenSky's columns as its historical database hands them out
STATES = [
    "time", "icao24", "lat", "lon", "velocity", "heading", "vertrate", "callsign", "onground", "alert", "spi", "squawk",
    "baroaltitude", "geoaltitude", "lastposupdate", "lastcontact",
]  # fmt: skip


def states():
    table = known().rename(columns={"id": "icao24", "altitude": "geoaltitude", "speed": "velocity"})
    table["baroaltitude"], table["callsign"], table["onground"] = 10_800.0, "THY1920 ", False
    table["vertrate"], table["squawk"] = 0.0, "5163"
    table["lastposupdate"] = table["lastcontact"] = table.time
    table["alert"] = table["spi"] = False
    return table[STATES]


def test_state_vectors_of_opensky_are_read_as_they_are(tmp_path):
    found = read(tmp_path, states())
    assert is_known(found) and found.tracks[0].name == "THY1920"


def test_an_address_that_looks_like_a_number_is_none(tmp_path):
    """48e10001 would be 48 with ten thousand and one zeros."""
    one, other = states().assign(icao24="4840e1", callsign=""), states().assign(icao24="400101", callsign="")
    other["lon"] += 1.0
    assert [t.name for t in read(tmp_path, pd.concat([one, other])).tracks] == ["400101", "4840e1"]


def test_a_position_has_the_time_at_which_it_was_seen(tmp_path):
    """A network goes on telling the last position: each second the same, seen three to seven seconds before."""
    table = states().loc[lambda t: t.index.repeat(5)].reset_index(drop=True)
    table["time"] = T0 + 3.0 + np.arange(len(table)) * 1.0
    found = read(tmp_path, table.iloc[: 5 * N - 4])
    assert is_known(found) and "480 repeats" in found.told[0]


def test_without_a_time_of_the_position_repeats_are_stale(tmp_path):
    table = known(n=41, step_s=15.0).loc[lambda t: t.index.repeat(3)].reset_index(drop=True)
    table["time"] = T0 + np.arange(len(table)) * 5.0
    (track,) = read(tmp_path, table).tracks
    speeds = np.diff(track.points.lat_deg) * np.pi / 180.0 * 6_371_000.0 / np.diff(track.points.t_s)
    assert speeds == pytest.approx(230.0, rel=1e-3)


# ---------------------------------------------------------------------------------------------------------- damage


def test_a_jump_of_position_is_dropped_and_told(tmp_path):
    table = known()
    table.loc[[40, 41, 80], "lat"] += [3.0, -2.0, 0.5]
    found = read(tmp_path, table)
    assert is_known(found) and "3 glitches of position" in found.told[0]


def test_another_flight_under_one_id_is_no_glitch():
    """What goes on elsewhere is a track of its own, and what came before stays."""
    t = np.r_[np.arange(40) * 5.0, 200.0 + np.arange(40) * 5.0]
    lat = np.r_[39.0 + 0.01 * np.arange(40), 45.0 + 0.01 * np.arange(40)]
    sound, jumps = consistent(FlownPoints(t, lat, np.full(80, 32.0), *np.zeros((3, 80))))
    assert sound.all() and np.flatnonzero(jumps).tolist() == [40]


def test_a_first_point_that_is_wrong_goes():
    t = np.arange(30) * 5.0
    lat = 39.0 + 0.01 * np.arange(30)
    lat[0] = 10.0
    sound, jumps = consistent(FlownPoints(t, lat, np.full(30, 32.0), *np.zeros((3, 30))))
    assert jumps[1] and sound[1:].all()  # the first is a fragment of its own then


def test_wrong_altitudes_are_replaced_from_beside(tmp_path):
    table = known()
    table.loc[[10, 60, 61], "altitude"] = [38_000.0, -300.0, 0.0]
    found = read(tmp_path, table)
    assert is_known(found) and "3 wrong altitudes" in found.told[0]


def test_a_steep_climb_is_no_wrong_altitude():
    t = np.arange(60) * 5.0
    points = FlownPoints(t, t, t, 1000.0 + 25.0 * t, t, t)  # 4,900 ft/min
    assert not wrong_altitudes(points).any()


def test_altitudes_that_are_missing_are_interpolated(tmp_path):
    table = known()
    table["altitude"] = table.altitude + 10.0 * np.arange(N)
    whole = read(tmp_path, table).tracks[0].points
    table.loc[20:50, "altitude"] = np.nan
    assert read(tmp_path, table, name="b.csv").tracks[0].points.altitude_m == pytest.approx(whole.altitude_m)


@pytest.mark.parametrize(("gap_s", "parts"), [(200.0, 1), (400.0, 2)])
def test_a_long_gap_divides_a_track(tmp_path, gap_s, parts):
    table = known(n=300)
    begun = table.time - T0
    found = read(tmp_path, table[(begun < 500.0) | (begun >= 500.0 + gap_s)])
    assert len(found.tracks) == parts
    assert [t.name for t in found.tracks] == ["4b1815", "4b1815/2"][:parts]
    assert ("divided at gaps" in found.told[0]) == (parts == 2)


def test_rows_in_any_order_are_one_track(tmp_path):
    assert is_known(read(tmp_path, known().sample(frac=1.0, random_state=1)))


def test_rows_that_tell_nothing_are_dropped_and_counted(tmp_path):
    """Without time, place or id, at 0 N 0 E, on the ground, cut short: each is told, and the track is whole."""
    table = pd.concat([states(), states().iloc[:12]], ignore_index=True).astype(object)
    spare = range(N, N + 12)
    for row, (column, value) in zip(
        spare,
        [("onground", True), ("time", None), ("time", "soon"), ("lat", None), ("lon", "east"), ("lat", 91.0),
         ("lat", 0.0), ("icao24", ""), ("icao24", None), ("lat", "nan"), ("lon", 200.0), ("onground", "True")],
        strict=True,
    ):  # fmt: skip
        table.loc[row, column] = value
        if (column, value) == ("lat", 0.0):
            table.loc[row, "lon"] = 0.0
    path = written(tmp_path, table)
    path.write_text(path.read_text() + "1777636800,4b1815,39\n")
    found = read_tracks(path, Options())
    told = found.told[0]
    assert is_known(found)
    for part in ("2 rows without a time", "6 rows without a position", "2 rows without an id", "2 rows on the ground",
                 "1 rows with another number of cells"):  # fmt: skip
        assert part in told, told


def test_a_row_between_two_on_the_ground_is_there_too(tmp_path):
    """Transponders on the ground tell wild altitudes with the mark missing, a row at a time."""
    table = states()
    table.loc[N - 20 :, "onground"] = True
    table.loc[[N - 15, N - 10, N - 5], "onground"], table.loc[[N - 15, N - 10, N - 5], "geoaltitude"] = False, 9_325.0
    found = read(tmp_path, table)
    assert "20 rows on the ground" in found.told[0] and found.ends_s == T0 + 5.0 * (N - 21)


def test_noise_of_positions_does_not_become_speed():
    """At 1 s and 30 m, speeds would be off by 42 m/s; of the path that is kept they are not."""
    rng = np.random.default_rng(1)
    t = np.arange(600.0)
    lat = 39.0 + np.degrees((230.0 * t + rng.normal(0.0, 30.0, t.size)) / 6_371_000.0)
    lon = 32.0 + rng.normal(0.0, 30.0, t.size) / (111_195.0 * np.cos(np.radians(39.0)))
    p = thinned(FlownPoints(t, lat, lon, np.full(600, 11e3), np.full(600, np.nan), np.full(600, np.nan)))
    path = path_through(*p)
    speed = np.linalg.norm(path.velocity[1:-1], axis=1)
    assert abs(speed.mean() - 230.4) < 1.0 and speed.std() < 42.0 / 10.0
    told = path_through(*p[:4], np.full(p.t_s.size, 230.0), np.zeros(p.t_s.size))
    assert np.linalg.norm(told.velocity, axis=1) == pytest.approx(230.0, rel=1e-3)


def test_a_recorded_velocity_that_cannot_be_is_not_flown():
    p = known(n=13, step_s=10.0)
    path = path_through(
        p.time.to_numpy(), p.lat.to_numpy(), p.lon.to_numpy(), p.altitude.to_numpy(), np.full(13, 230.0),
        np.full(13, np.pi / 2),
    )  # fmt: skip
    lat, _, height = ecef_to_geodetic(*path.position.T)
    assert (np.diff(lat) > 0.0).all() and height == pytest.approx(11_000.0, abs=1e-3)
    assert np.linalg.norm(path.velocity, axis=1) == pytest.approx(230.0, rel=0.01)
    along = (path.velocity[:-1] * np.diff(path.position, axis=0)).sum(axis=1)
    assert along == pytest.approx(230.0 * 2300.0, rel=0.02)  # they point where it goes
    assert np.linalg.norm(np.diff(path.position, axis=0), axis=1) == pytest.approx(2300.0, rel=0.01)


def test_distance_is_that_of_the_geodesic_to_half_a_percent():
    from pyproj import Geod

    exact = Geod(ellps="WGS84").inv(32.0, 39.0, 33.0, 40.0)[2]
    assert float(distance_m(39.0, 32.0, 40.0, 33.0)) == pytest.approx(exact, rel=5e-3)


# ------------------------------------------------------------------------------------------------------- refusals


def test_feet_and_knots_that_are_taken_for_metres_are_refused_together(tmp_path):
    table = known(altitude_m=36_000.0)
    table["speed"] = 230.0 * 3600 / 1852
    told = refused(tmp_path, table)
    assert 'altitude_unit = "ft"' in told and 'speed_unit = "kt"' in told and "36,000" in told


@pytest.mark.parametrize(
    ("options", "factor", "unit"),
    [(Options(), 3.6, "km/h"), (Options(speed_unit="kt"), 1.0, "m/s"), (Options(speed_unit="km/h"), 1.944, "kt")],
)
def test_a_wrong_unit_of_speed_is_found_by_the_positions(tmp_path, options, factor, unit):
    told = refused(tmp_path, known().assign(speed=230.0 * factor), options)
    assert f'write speed_unit = "{unit}"' in told


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (known().drop(columns="lat"), 'has no column "lat"'),
        (known().drop(columns="id"), "tells the aircraft apart"),
        (known().drop(columns="altitude"), 'has no column "altitude"'),
        (known().rename(columns={"lat": "latitud"}), 'is it "latitud"?'),
        (known().iloc[:0], "a header and no rows"),
        (known().iloc[:2], "holds no track"),
        (known().assign(altitude=np.nan), "holds no track"),
        (known().rename(columns={"lat": "lon", "lon": "lat"}).assign(lat=132.0), "swapped?"),
        (known().assign(time="noon"), "without a time"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_a_table_that_cannot_be_used_is_refused_with_a_remedy(tmp_path, table, words):
    assert words in refused(tmp_path, table)


@pytest.mark.parametrize(("unit", "size_m"), [("km", 1000.0), ("FL", 30.48)])
def test_kilometres_and_flight_levels_that_are_taken_for_metres_are_found_by_the_speed(tmp_path, unit, size_m):
    """Nobody flies at 230 m/s a few hundred metres high; said so, they are the same track."""
    table = known()
    table["altitude"] /= size_m
    assert f'write altitude_unit = "{unit}"' in refused(tmp_path, table)
    said = read(tmp_path, table, Options(altitude_unit=unit)).tracks[0].points
    assert said.altitude_m == pytest.approx(read(tmp_path, known()).tracks[0].points.altitude_m)


def test_what_flies_slowly_may_be_low(tmp_path):
    """A helicopter at 60 m/s and 200 m is no airliner in other units."""
    table = known(altitude_m=200.0)
    table["time"] = table["time"].iloc[0] + 4.0 * (table["time"] - table["time"].iloc[0])
    assert len(read(tmp_path, table.drop(columns="speed")).tracks) == 1


@pytest.mark.parametrize(
    ("column", "values", "words"),
    [("time", "12:00:00", 'with a date such as "2026-05-01T12:00:00Z"'), ("time", None, "are times in seconds?")],
)
def test_where_one_reason_takes_all_rows_the_remedy_is_told(tmp_path, column, values, words):
    table = known()
    table[column] = (table[column] - table[column].iloc[0]) / 60.0 if values is None else values
    assert words in refused(tmp_path, table)


def test_state_vectors_of_opensky_s_live_service_are_read_as_they_are(tmp_path):
    """They have no column of the row's own time."""
    names = {"time": "time_position", "lat": "latitude", "lon": "longitude", "altitude": "geo_altitude"}
    table = known().rename(columns=names)
    table["last_contact"] = table["time_position"] + 1.0
    live, plain = (read(tmp_path, t).tracks[0].points for t in (table, known()))
    np.testing.assert_array_equal(live.t_s, plain.t_s)
    np.testing.assert_array_equal(live.lat_deg, plain.lat_deg)


def test_everything_that_lacks_is_told_at_once(tmp_path):
    told = refused(tmp_path, known().drop(columns=["time", "lon", "altitude"]))
    assert all(f'"{name}"' in told for name in ("time", "lon", "altitude"))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("tracks.csv", b"", "is empty"),
        ("tracks.csv", b"\xff\xfe\x00t", "UTF-8"),
        ("tracks.parquet", b"no such thing", "cannot be read as a table"),
        ("tracks.csv.gz", b"no such thing", "cannot be read"),
        ("tracks.txt", b"time,lat", "must be a CSV or Parquet file"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path, name, content, words):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(TracksError, match=words):
        read_tracks(path, Options())


def test_an_absent_file_is_refused(tmp_path):
    with pytest.raises(TracksError, match="does not exist"):
        read_tracks(tmp_path / "none.csv", Options())
