"""``kalkan.tracking.track``: any table of plots in, labelled tracks out; its rules against closed forms, properties."""

from __future__ import annotations

import doctest
import importlib.util
import json
import math
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from scipy.integrate import solve_ivp

from kalkan.errors import ProblemsError
from kalkan.tracking import Config, MotionModel, Sensor, Tracks, Truth, gospa, track
from kalkan.tracking.plots import COLUMNS
from kalkan.tracking.running import turning

ROOT = Path(__file__).parents[2]
M_OF_N = json.loads((ROOT / "tests" / "reference" / "data" / "m_of_n.json").read_text())["cases"]
RADAR = Sensor(
    name="A", scan_period_s=6.0, range_sigma_m=60.0, azimuth_sigma_deg=0.15, elevation_sigma_deg=0.2,
    range_max_m=200e3, elevation_min_deg=0.0, elevation_max_deg=45.0,
)  # fmt: skip
TURNS = 20


def table(objects=6, seed=1, turns=TURNS, p_d=0.95, false=3, sense=1.0, noise=1.0):
    """Plots of one turning radar: objects on straight lines, and false ones; and which object each is of."""
    rng = np.random.default_rng(seed)
    place = rng.uniform(-60e3, 60e3, (objects, 3))
    place[:, 2] = rng.uniform(4e3, 9e3, objects)
    speed = rng.uniform(-220.0, 220.0, (objects, 3)) * (1, 1, 0)
    rows = []
    for turn in range(turns):
        for i in range(objects):
            t = 6.0 * turn
            for _ in range(3):
                at = place[i] + t * speed[i]
                t = 6.0 * turn + (sense * math.atan2(at[0], at[1]) % (2 * math.pi)) / (2 * math.pi) * 6.0
            if rng.random() < p_d:
                slant, g = float(np.linalg.norm(at)), math.hypot(at[0], at[1])
                e = rng.normal(size=3) * noise
                rows.append((
                    t, slant + 60.0 * e[0], math.degrees(math.atan2(at[0], at[1])) % 360.0 + 0.15 * e[1],
                    math.degrees(math.atan2(at[2], g)) + 0.2 * e[2], i,
                ))  # fmt: skip
        for _ in range(rng.poisson(false)):
            azimuth = rng.uniform(0.0, 360.0)
            t = 6.0 * turn + (sense * azimuth % 360.0) / 60.0
            rows.append((t, rng.uniform(5e3, 100e3), azimuth, rng.uniform(0.0, 45.0), -1))
    rows.sort()
    t, slant, azimuth, elevation, owner = map(np.array, zip(*rows, strict=True))
    plots = {"t_s": t, "radar": np.full(t.size, "A"), "range_m": slant}
    return plots | {"azimuth_deg": azimuth, "elevation_deg": elevation}, owner, (place, speed)


@pytest.fixture(scope="module")
def scene():
    return table()


@pytest.fixture(scope="module")
def found(scene):
    return track(scene[0], [RADAR])


def same(a, b):
    xr.testing.assert_identical(a.drop_attrs(), b.drop_attrs())


def test_every_object_has_one_track_and_no_false_plot_a_track(scene, found):
    _, owner, (place, speed) = scene
    assert found.sizes["track"] == len(place)
    for k in range(len(place)):
        owners = owner[found.plot_track.values == k]
        values, counts = np.unique(owners, return_counts=True)
        assert counts.max() >= 0.95 * counts.sum() and values[counts.argmax()] >= 0
        mine = found.isel(estimate=found.of_track == k).isel(estimate=-1)
        true = place[values[counts.argmax()]] + float(mine.t_s) * speed[values[counts.argmax()]]
        error = mine.x.values[:3] - true
        assert error @ np.linalg.solve(mine.p.values[:3, :3], error) < 16.3, "within 99.9 % of its own covariance"


def test_estimates_have_labels_times_and_units(found):
    assert list(found.component.values) == ["east", "north", "up", "v_east", "v_north", "v_up"]
    assert (np.diff(found.t_s) >= 0.0).all() and found.t_s.values.max() == 6.0 * TURNS
    assert found.x.attrs["units"] == "m, m/s" and found.begun_s.attrs["units"] == "s"
    wide = found.set_index(estimate=["of_track", "t_s"]).unstack("estimate")
    assert wide.x.sizes["of_track"] == found.sizes["track"]
    assert set(np.unique(found.status)) <= {"met", "coasting"} and found.attrs["short_of"] == ""


def test_every_kind_of_table_gives_the_same(scene, found, tmp_path):
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    plots = scene[0]
    rows = np.rec.fromarrays(list(plots.values()), names=list(plots))
    path = tmp_path / "plots.parquet"
    pq.write_table(pa.table(plots), path)
    dataset = xr.Dataset({name: ("plot", values) for name, values in plots.items()})
    for kind in (np.asarray(rows), pd.DataFrame(plots), dataset, pa.table(plots), path, str(path)):
        same(track(kind, [RADAR]), found)


def test_units_are_in_the_columns_names(scene, found):
    plots = scene[0]
    other = {
        "time": np.datetime64("2026-11-27") + (plots["t_s"] * 1e9).astype("timedelta64[ns]"),
        "radar": np.zeros(plots["t_s"].size, int), "range_km": plots["range_m"] / 1e3,
        "azimuth_rad": np.radians(plots["azimuth_deg"]), "elevation_rad": np.radians(plots["elevation_deg"]),
    }  # fmt: skip
    dated = track(other, [RADAR])
    np.testing.assert_allclose(dated.x, found.x, atol=1e-3)
    assert dated.time.values[0] == np.datetime64("2026-11-27") + np.timedelta64(int(dated.t_s[0]), "s")
    asked = track(other, [RADAR], times=np.array(["2026-11-27T00:01:30"], "datetime64[s]"))
    assert set(asked.t_s.values) == {90.0}


def test_heights_stand_for_elevations(scene, found):
    """Heights above sea level of a radar on the earth, by the sphere that the elevations see."""
    plots = dict(scene[0])
    slant, elevation, radius = plots["range_m"], np.radians(plots.pop("elevation_deg")), 6_371_000.0
    plots["height_m"] = np.sqrt(radius**2 + slant**2 + 2.0 * radius * slant * np.sin(elevation)) - radius
    np.testing.assert_allclose(track(plots, [RADAR]).x, found.x, atol=1e-3)


def test_the_order_within_a_turn_does_not_matter(scene, found):
    plots, rng = scene[0], np.random.default_rng(3)
    key = np.floor(plots["t_s"] / 6.0) + rng.uniform(0.0, 0.99, plots["t_s"].size)
    order = np.argsort(key)
    other = track({name: values[order] for name, values in plots.items()}, [RADAR])
    same(other.drop_vars("plot_track"), found.drop_vars("plot_track"))
    np.testing.assert_array_equal(other.plot_track, found.plot_track[order])


def test_the_same_plots_give_the_same_bits(scene, found):
    same(track(scene[0], [RADAR]), found)


@pytest.mark.parametrize("filter_name", ["ekf", "converted", "imm"])
def test_turned_and_moved_radars_see_the_same_tracks(scene, filter_name):
    """Azimuths turned by a right angle turn the tracks; a radar elsewhere moves them. To 1 mm."""
    plots, config = scene[0], Config(filter=filter_name)
    plain = track(plots, [RADAR], config=config)
    turned = track({**plots, "azimuth_deg": plots["azimuth_deg"] + 90.0 - 360.0}, [RADAR], config=config)
    x, y = plain.x.values, turned.x.values
    np.testing.assert_allclose(y[:, [0, 1, 2]], np.stack([x[:, 1], -x[:, 0], x[:, 2]], 1), atol=1e-3)
    np.testing.assert_allclose(y[:, [3, 4, 5]], np.stack([x[:, 4], -x[:, 3], x[:, 5]], 1), atol=1e-3)
    away = Sensor(**{**vars(RADAR), "position_m": (3e3, -8e3, 120.0)})
    np.testing.assert_allclose(track(plots, [away], config=config).x[:, :3], x[:, :3] + (3e3, -8e3, 120.0), atol=1e-3)


@pytest.mark.parametrize(("rotation", "sense"), [("clockwise", 1.0), ("counter-clockwise", -1.0)])
def test_plots_tell_which_way_a_beam_goes_round(rotation, sense):
    plots, *_ = table(sense=sense, seed=5)
    found, azimuth = turning(plots["t_s"], np.radians(plots["azimuth_deg"]), 6.0)
    assert found == sense and abs(azimuth) < 0.01, "at time 0 it points north"
    told = Sensor(**{**vars(RADAR), "rotation": rotation})
    same(track(plots, [told]), track(plots, [RADAR]))


def test_a_radar_that_looks_everywhere_at_once_is_followed_too(scene):
    """All plots of a turn at its end: no beam goes round, and tracks are as many."""
    plots = dict(scene[0])
    plots["t_s"] = 6.0 * np.floor(plots["t_s"] / 6.0) + 5.5
    assert track(plots, [RADAR]).sizes["track"] == 6


def test_radars_on_the_earth_share_the_frame_of_the_first():
    """Two radars that see one object from two places: their tracks agree within their errors; against: geodesy."""
    from kalkan.earth.geodesy import aer

    first = Sensor(**{**vars(RADAR), "lat_deg": 38.0, "lon_deg": 33.0, "altitude_m": 900.0})
    second = Sensor(**{
        **vars(RADAR), "name": "B", "lat_deg": 38.4, "lon_deg": 33.6, "altitude_m": 100.0, "scan_period_s": 4.0
    })  # fmt: skip
    rows = []
    for s in (first, second):
        for k in range(40):
            t = s.scan_period_s * k + 1.0
            azimuth, elevation, slant = aer(
                math.radians(s.lat_deg), math.radians(s.lon_deg), s.altitude_m,
                math.radians(38.2 + 1.5e-5 * t), math.radians(33.2 + 2e-5 * t), 8000.0,
            )  # fmt: skip
            rows.append((t, s.name, float(slant), float(azimuth), float(elevation)))
    rows.sort()
    t, name, slant, azimuth, elevation = map(np.array, zip(*rows, strict=True))
    plots = {"t_s": t, "radar": name, "range_m": slant, "azimuth_rad": azimuth, "elevation_rad": elevation}
    both = track(plots, [first, second], config=Config(gate=9.0))
    assert both.sizes["track"] == 1 and (both.plot_track == 0).mean() > 0.9
    only = track({k: v[name == "A"] for k, v in plots.items()}, [first, second])
    end = both.x.values[-1, :3] - only.x.values[-1, :3]
    assert np.linalg.norm(end) < 30.0, "perfect plots of both lead to one place"


def test_registration_biases_are_taken_off(scene, found):
    plots = dict(scene[0])
    plots["range_m"], plots["azimuth_deg"] = plots["range_m"] + 350.0, plots["azimuth_deg"] + 0.4
    known = Sensor(**{**vars(RADAR), "range_bias_m": 350.0, "azimuth_bias_deg": 0.4})
    np.testing.assert_allclose(track(plots, [known]).x, found.x, atol=1e-3)


@pytest.mark.parametrize("case", M_OF_N, ids=lambda c: f"{c['M']} of {c['N']}, {c['pd']}")
def test_m_of_n_confirms_as_often_as_it_should(case):
    """Objects far from each other, seen with P_d at each look: how many are confirmed by which look.

    Compared with a closed form: a sliding window of N looks, M of them hits; within 4 standard errors.
    """
    m, n, p_d = case["M"], case["N"], case["pd"]
    by_look, objects, rng = case["expected"]["sliding_cumulative_by_scan"], 1500, np.random.default_rng(m * 100 + n)
    hits = rng.random((objects, len(by_look))) < p_d
    confirmed = _confirmed(hits, m, n)
    for k, expected in enumerate(by_look):
        spread = math.sqrt(expected * (1.0 - expected) / objects) + 1e-9
        assert abs((confirmed <= k).mean() - expected) < 4.0 * spread


def _confirmed(hits, m, n):
    """Number of the look at which each of many objects that stand still is confirmed; 99: at none.

    Each object has an hour of its own, so that no other is near.
    """
    objects, looks = hits.shape
    gap = (looks + n + 8) * 6.0
    who, look = np.nonzero(hits)
    t = who * gap + look * 6.0 + 3.0
    plots = {
        "t_s": t, "radar": np.zeros(t.size, int), "range_m": np.full(t.size, 50e3),
        "azimuth_deg": np.full(t.size, 90.0), "elevation_deg": np.full(t.size, 5.0),
    }  # fmt: skip
    still = Sensor(**{**vars(RADAR), "rotation": "none"})
    config = Config(initiation="m of n", confirm_m=m, confirm_n=n, drop_looks=n + 2.0)
    found = track(plots, [still], config=config, times=[0.0])
    out = np.full(objects, 99)
    owner = (found.confirmed_s.values // gap).astype(int)
    np.minimum.at(out, owner, np.round((found.confirmed_s.values - owner * gap - 3.0) / 6.0).astype(int))
    return out


def test_logic_wants_two_at_once_and_then_m_of_n():
    """All patterns of six looks, against: the rule counted by hand on each."""
    patterns = np.array([[int(b) for b in f"{i:06b}"] for i in range(64)], bool)
    plots, t0 = [], []
    for i, pattern in enumerate(patterns):
        for k in np.flatnonzero(pattern):
            plots.append(i * 120.0 + k * 6.0 + 3.0)
        t0.append(i * 120.0)
    t = np.array(plots)
    columns = {"t_s": t, "radar": np.zeros(t.size, int), "range_m": np.full(t.size, 50e3)}
    columns |= {"azimuth_deg": np.full(t.size, 90.0), "elevation_deg": np.full(t.size, 5.0)}
    still = Sensor(**{**vars(RADAR), "rotation": "none"})
    found = track(columns, [still], config=Config(initiation="logic", confirm_m=2, confirm_n=3), times=[0.0])
    at_s = found.confirmed_s.values
    confirmed = dict(zip((at_s // 120.0).astype(int), at_s % 120.0, strict=True))
    for i, pattern in enumerate(patterns):
        assert (i in confirmed) == (_by_hand(pattern) is not None), pattern
        if i in confirmed:
            assert round((confirmed[i] - 3.0) / 6.0) == _by_hand(pattern), pattern


def _by_hand(pattern):
    """Look at which 2 of 2, then 2 of 3 confirms; a track that has ended gives way to one at the next plot."""
    k = 0
    while k < len(pattern):
        if not pattern[k]:
            k += 1
            continue
        if k + 1 >= len(pattern):
            return None
        if not pattern[k + 1]:
            k += 1
            continue
        hits, at = 0, k + 2
        while at < len(pattern):
            hits += int(pattern[at])
            if hits == 2:
                return at
            if (at - k - 1) - hits > 1:
                break
            at += 1
        else:
            return None
        k = at + 1
    return None


def test_the_score_confirms_objects_and_no_false_plots():
    """The sequential test keeps false tracks as rare as asked for: 400 turns of false plots alone make at most 3."""
    false, *_ = table(objects=1, p_d=0.0, false=20, turns=400, seed=8)
    config = Config(initiation="score", p_false_track=1e-4)
    radar = Sensor(**{**vars(RADAR), "false_plots_per_scan": 20.0, "range_max_m": 100e3, "range_min_m": 5e3})
    assert track(false, [radar], config=config).sizes["track"] <= 3, "of 8000 begun, 0.8 are expected"
    plots, *_ = table(objects=8, seed=4, false=20)
    assert track(plots, [radar], config=config).sizes["track"] == 8


def test_a_ballistic_body_is_followed_by_its_own_motion():
    """Gravity in the filter: the track of a falling body stays on it, that of straight flight lags behind."""
    t, radius = 6.0 * np.arange(12) + 3.0, 6_371_000.0

    def field(_, y):
        r = np.array([y[0], y[1], y[2] + radius])
        return [*y[3:], *(-9.80665 * radius**2 * r / np.linalg.norm(r) ** 3)]

    start = [20e3, 30e3, 3e3, 600.0, -200.0, 700.0]
    fall = solve_ivp(field, (0.0, 72.0), start, t_eval=[*t, 72.0], rtol=1e-10, atol=1e-6).y.T
    place = fall[:-1, :3]
    slant, ground = np.linalg.norm(place, axis=1), np.hypot(place[:, 0], place[:, 1])
    plots = {
        "t_s": t, "radar": np.zeros(12, int), "range_m": slant,
        "azimuth_rad": np.arctan2(place[:, 0], place[:, 1]), "elevation_rad": np.arctan2(place[:, 2], ground),
    }  # fmt: skip
    radar = Sensor(**{**vars(RADAR), "rotation": "none", "elevation_max_deg": 90.0})
    off = {}
    for kind in ("ballistic", "constant velocity"):
        motions = (MotionModel(kind=kind, density_m2_s3=1.0, density_up_m2_s3=1.0),)
        config = Config(motions=motions, initial_speed_m_s=700.0, initial_climb_m_s=700.0, gate=150.0)
        done = track(plots, [radar], config=config, times=[72.0])
        off[kind] = min((float(np.linalg.norm(x[:3] - fall[-1, :3])) for x in done.x.values), default=math.inf)
    assert off["ballistic"] < 60.0 < off["constant velocity"]


def test_asterix_is_read_back_by_the_library_that_writes_it(tmp_path):
    """Plots written as category 048, as kalkan's export writes them: station, range, azimuth and height come back."""
    from kalkan.exports.asterix import _block
    from kalkan.tracking.asterix import read

    plots, *_ = table(objects=4, false=0, seed=2)
    slant, radius = plots["range_m"], 6_371_000.0
    height = np.sqrt(radius**2 + slant**2 + 2 * radius * slant * np.sin(np.radians(plots["elevation_deg"]))) - radius
    data, day_s = b"", 86370.0  # past midnight
    for k, t in enumerate(plots["t_s"]):
        items = {
            "010": (("SAC", 0), ("SIC", 1)), "140": ((day_s + t) % 86400.0, "s"), "020": (0b0011000,),
            "040": (("RHO", (slant[k] / 1852.0, "NM")), ("THETA", (min(plots["azimuth_deg"][k] % 360.0, 359.99), "°"))),
            "110": (0, (height[k] / 0.3048, "ft")),
        }  # fmt: skip
        data += _block([(t, 48, 1, items)])[1]
    back = read(data)
    np.testing.assert_allclose(back["t_s"] - day_s, plots["t_s"], atol=1.0 / 128.0)
    np.testing.assert_allclose(back["range_nmi"] * 1852.0, slant, atol=1852.0 / 256.0)
    np.testing.assert_allclose(back["height_ft"] * 0.3048, height, atol=25.0 * 0.3048)
    path = tmp_path / "plots.ast"
    path.write_bytes(data)
    radar = Sensor(**{**vars(RADAR), "name": "0/1"})
    assert track(path, [radar]).sizes["track"] == 4
    path.write_bytes(data[:-3])
    with pytest.raises(ProblemsError, match="cut off"):
        track(path, [radar])


def test_everything_wrong_is_told_at_once(scene):
    n = scene[0]["t_s"].size
    plots = {**scene[0], "azimuth_deg": np.full(n, np.nan), "radar": np.full(n, "a")}
    del plots["elevation_deg"]
    with pytest.raises(ProblemsError) as e:
        track(plots, [RADAR, {"name": "B"}], config=Config(filter="kalman", gate=-1.0, confirm_n=0))
    text = str(e.value)
    for words in (
        "config · filter", "'ekf'", "config · gate", "config · confirm_n", "sensors[1] · scan_period_s",
        "plots · elevation_rad or elevation_deg or height_m or height_ft", "is missing",
    ):  # fmt: skip
        assert words in text
    with pytest.raises(ProblemsError) as e:
        track({**plots, "elevation_deg": scene[0]["elevation_deg"]}, [RADAR])
    assert 'did you mean "A"?' in str(e.value) and "are not finite numbers" in str(e.value)


@pytest.mark.parametrize(("change", "words"), [
    (lambda p: {"azimuth_rad": p.pop("azimuth_deg"), **p}, 'name the column "azimuth_deg"'),
    (lambda p: {**p, "elevation_deg": p["elevation_deg"] * 60.0}, "most is 90 degrees"),
    (lambda p: {**p, "range_m": p["range_m"] * 1e3}, "which unit is it in?"),
    (lambda p: {**p, "range_m": -p["range_m"]}, "are not above 0"),
    (lambda p: {**p, "t_s": np.where(p["t_s"] < 60.0, p["t_s"] + 86340.0, p["t_s"] - 60.0)}, "past midnight"),
    (lambda p: {**p, "t_s": p["t_s"] * 1e9}, "is it in seconds?"),
    (lambda p: {**p, "radar": np.full(p["t_s"].size, 3)}, "no place in the list of 1 radars"),
    (lambda p: {**p, "range_m": p["range_m"][:-1]}, "columns differ in length"),
    (lambda p: {**p, "range_km": p["range_m"] / 1e3}, "one of them is enough"),
    (lambda p: {**p, "range_m": np.full(p["t_s"].size, "far")}, "must be numbers"),
    (lambda p: {**p, "range_rate_m_s": np.zeros(p["t_s"].size)}, "say how good it is"),
    (lambda p: {name: values[:0] for name, values in p.items()}, "the table is empty"),
    (lambda p: 7, "give a dict of arrays"),
    (lambda p: "no/such/file.parquet", "cannot be read"),
])  # fmt: skip
def test_what_is_wrong_with_a_table_is_told(scene, change, words):
    with pytest.raises(ProblemsError) as e:
        track(change(dict(scene[0])), [RADAR])
    assert words in str(e.value)


@pytest.mark.parametrize(("field", "value"), [
    ("scan_period_s", 0.0), ("range_sigma_m", -1.0), ("azimuth_sigma_deg", math.nan), ("range_max_m", -5.0),
    ("elevation_max_deg", -95.0), ("rotation", "left"), ("lat_deg", 38.0), ("range_rate_sigma_m_s", 0.0),
    ("false_plots_per_scan", -1.0), ("position_m", (1.0, 2.0)), ("range_bias_m", math.inf),
])  # fmt: skip
def test_what_is_wrong_with_a_radar_is_told(scene, field, value):
    with pytest.raises(ProblemsError, match=field):
        track(scene[0], [Sensor(**{**vars(RADAR), field: value})])


@pytest.mark.parametrize(("config", "words"), [
    (Config(motions=(MotionModel(), MotionModel())), "filter='imm' takes up to 3"),
    (Config(motions=(MotionModel(kind="coordinated turn"),)), "filter='imm' mixes it"),
    (Config(filter="imm", motions=(MotionModel(kind="turn"),)), 'did you mean "coordinated turn"?'),
    (Config(motions=(MotionModel(noise_m_s2=-1.0),)), "motions[0] · noise_m_s2"),
    (Config(confirm_m=4, confirm_n=3), "cannot fall into so few looks"),
    (Config(initiation="score", p_d=1.0), "the score needs less"),
    (Config(initiation="sprt"), "is none of 'm of n'"),
    ({"filter": "ekf"}, "kalkan.tracking.Config"),
])  # fmt: skip
def test_what_is_wrong_with_a_config_is_told(scene, config, words):
    with pytest.raises(ProblemsError) as e:
        track(scene[0], [RADAR], config=config)
    assert words in str(e.value)


def test_what_has_no_room_is_told(scene):
    assert "track" in track(scene[0], [RADAR], config=Config(capacity=3)).attrs["short_of"]


@pytest.mark.parametrize("variant", ["rot", "rot2"])
def test_the_benchmark_is_met(variant):
    """Mean GOSPA of three draws of the noise at N = 10, one and several motions, at most 1 % above Stone Soup's.

    Compared with a program: Stone Soup 1.9.1, results kept in benchmarks/tracking_stonesoup.json.
    """
    spec = importlib.util.spec_from_file_location("tracking_benchmark", ROOT / "benchmarks" / "tracking.py")
    tracking = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tracking)
    made = tracking.scene
    kept = {(c["n"], c["variant"], c["noise"]): c for c in json.loads(tracking.STONE_SOUP.read_text())["cases"]}
    truth = made.make_truth(10)
    single, mixed, theirs = [], [], []
    for noise in range(3):
        plots = made.make_plots(truth, variant, made.SEED + noise)
        assert len(plots["t"]) == kept[10, variant, noise]["plots"], "the same scene"
        single.append(tracking.scores(truth, *tracking.run(plots, made.sampled(truth)["t"]))["gospa"])
        mixed.append(tracking.scores(truth, *tracking.run(plots, made.sampled(truth)["t"], "imm"))["gospa"])
        theirs.append(kept[10, variant, noise]["gospa"])
    assert np.mean(single) < 1.01 * np.mean(theirs)
    assert np.mean(mixed) < 0.97 * np.mean(single), "objects turn, and several motions know it"


def test_metrics_take_what_track_gives(scene, found):
    place, speed = scene[2]
    times = np.unique(found.t_s.values)
    x = np.stack([np.hstack([place + t * speed, speed]) for t in times])
    truth = Truth(times, x, np.ones(x.shape[:2], bool))
    when = np.searchsorted(times, found.t_s.values)
    assert float(gospa(truth, Tracks(when, found.of_track.values, found.x.values)).gospa.min()) < 1500.0


def test_the_page_is_true():
    """Examples of docs/tracking.md run as they stand, and its table of columns is the reader's."""
    page = ROOT / "docs" / "tracking.md"
    found = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert found.attempted >= 9 and found.failed == 0
    text = page.read_text(encoding="utf-8")
    for quantity, column in COLUMNS.items():
        names = " or ".join(f"`{name}`" for name in column.spellings)
        assert f"| {quantity} | {names} | {column.says.replace('``', '`')}" in text
