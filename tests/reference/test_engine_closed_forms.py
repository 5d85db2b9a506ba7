"""The compiled loop against queueing theory, detection theory and exact Markov chains.

Each scenario is degenerate: everything but the one thing that the closed form is about is made
perfect. Intervals are 99.9 %; the seeds are fixed, so a test passes or fails for good.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod, Transformer
from scipy import stats

from kalkan.kernels.mission import run_block
from kalkan.kernels.records import allocate, columns
from kalkan.physics import m_of_n_by_scan
from kalkan.results.intervals import wilson
from kalkan.schema import KILLED, LEAKED
from tests.engine.harness import compiled, raid, run, scenario

DATA = Path(__file__).parent / "data"
Z = float(stats.norm.ppf(0.9995))


def cases(name: str) -> list[dict]:
    return json.loads((DATA / f"{name}.json").read_text())["cases"]


# -- fire channels: Erlang's loss formula ------------------------------------------------
HOLD_S, SCAN_S, RUN_S, WARM_S = 120, 1.6, 4800, 600


def saturated(channels: int):
    """Threats that appear for one look each, and engagements that last exactly `HOLD_S`.

    Each threat flies for one rotation of one radar (one plot, which at once is a track) and the
    track lives for a little more than one command cycle, so a threat that finds every channel
    busy is lost. An engagement ends when the post's reaction is over and its track is gone.
    """
    text = scenario(
        raid(count=1, lat=38.5, spacing=0), launchers=8, rounds=4, horizon=f"{RUN_S} s",
        engagement=f"target_channels = {channels}", post="track_confirm_m = 1\ntrack_confirm_n = 1",
    ).replace("count = 1", "count = 420").replace('formation_width = "0 km"', 'formation_width = "120 km"')  # fmt: skip
    c = compiled(text)
    assert c.labels["radar"][0].endswith("91N6E")
    c.plan.radars["scan_period_s"][:2] = SCAN_S, 1e4
    c.plan.p_d[1:] = 0.0  # one radar that detects everything; the engagement radar never acquires
    c.plan.p_d[0] = 1.0
    c.plan.threats["duration_s"] = SCAN_S * (1.0 - 1e-9)
    c.plan.threats["leak_s"] = math.inf
    c.plan.pictures["reaction_s"] = HOLD_S
    c.plan.pictures["cycle_s"] = 1.0
    c.plan.pictures["coast_s"] = 2.0 * (1.0 + SCAN_S / 8)
    c.plan.pictures["fresh_share"] = 0.5  # orders only within half of it
    return c


@pytest.mark.parametrize(("channels", "erlangs"), [(1, 1), (2, 2), (4, 5), (10, 8)])
def test_busy_channels_turn_threats_away_as_erlang_says(channels: int, erlangs: float) -> None:
    """Share of threats that find every channel busy, for 1 to 10 channels, within a 99.9 % interval. M/D/c/c:
    Poisson arrivals, blocked ones lost, every engagement as long as the other.

    Against: closed form: Erlang's loss formula.
    """
    known = next(c for c in cases("erlang_saturation") if c["servers"] == channels and c["offered_erlangs"] == erlangs)
    c = saturated(channels)
    rng = np.random.default_rng([channels, 7])
    lost, arrived = [], []
    for repeat in range(30):
        n = rng.poisson(erlangs * RUN_S / HOLD_S)
        starts = np.full(c.plan.threats.size, 1e9)
        assert n <= starts.size
        who = rng.permutation(starts.size)[:n]
        starts[who] = rng.uniform(0.0, RUN_S - 10.0, n)
        c.plan.threats["start_s"] = starts
        records = allocate(1, c.sizes)
        run_block(c.plan, 5, 0, repeat, 1, records)
        r = {k: v[0] for k, v in columns(records).items()}
        counted = (starts > WARM_S) & (starts < RUN_S - 10.0) & ~np.isnan(r["threat_first_track_s"])
        assert counted.sum() >= 0.99 * ((starts > WARM_S) & (starts < 1e8)).sum()
        ordered = np.zeros(starts.size, bool)
        log = r["event_kind"][: r["event_count"]] == 2  # orders
        ordered[r["event_subject"][: r["event_count"]][log]] = True
        assert r["channels_peak"][0] <= channels
        lost.append((counted & ~ordered).sum())
        arrived.append(counted.sum())
    lost, arrived = np.array(lost), np.array(arrived)
    blocked = lost.sum() / arrived.sum()
    residual = lost - blocked * arrived  # ratio estimator over independent runs
    half = stats.t.ppf(0.9995, len(lost) - 1) * residual.std(ddof=1) / math.sqrt(len(lost)) / arrived.mean()
    assert half < 0.08
    assert abs(blocked - known["expected"]["erlang_b"]) <= half


# -- detection: the share of looks with a plot -------------------------------------------
def test_plots_per_look_follow_swerling_one() -> None:
    """Number of plots along a flight from 222 to 147 km, one pulse and Swerling 1, within a 99.9 % interval.

    Against: closed form: p_d = p_fa ^ (1 / (1 + SNR)) with SNR ~ R ^ -4, integrated along PROJ's geodesic.
    """
    p_fa, reference_m, period_s, speed, horizon_s = 1e-6, 200e3, 2.0, 250.0, 300.0
    radar = "reference_p_d = 0.5\nreference_p_fa = 1e-6\npulses_integrated = 1\nreference_swerling = 1\n"
    text = scenario(raid(lat=37.0), p=0.0, horizon="300 s").replace(
        '[assume.91n6e]\ndetection_range = "20000 km"', f'[assume.91n6e]\n{radar}detection_range = "200 km"'
    )
    c = compiled(text + '\n[assume.f-16c]\nrcs = "3 m2"\nswerling = 1\n')
    claim = next(r for r in c.attrs["inputs"] if r["entry"] == "91n6e" and r["quantity"] == "detection_range")
    reference_m2 = claim["conditions"]["rcs_m2"]
    snr_reference = math.log(p_fa) / math.log(0.5) - 1.0
    ecef = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    geod = Geod(ellps="WGS84")
    azimuth, _, distance = geod.inv(33.0, 37.0, 33.0, 39.0)
    t = np.linspace(0.0, horizon_s, 601)
    along = t * speed / (1.0 + 8000.0 / 6.37e6)  # speed is flown at altitude
    lon, lat, _ = geod.fwd(np.full(t.size, 33.0), np.full(t.size, 37.0), np.full(t.size, azimuth), along)
    here = np.array(ecef.transform(lon, lat, np.full(t.size, 8000.0)))
    there = np.array(ecef.transform(33.0, 39.0, 0.0))
    slant = np.linalg.norm(here - there[:, None], axis=0)
    assert slant[0] > reference_m > slant[-1]
    assert distance > speed * horizon_s
    p_d = p_fa ** (1.0 / (1.0 + snr_reference * 3.0 / reference_m2 * (reference_m / slant) ** 4))
    n = 400
    r = run(c, n)
    looks = n * horizon_s / period_s
    expected = looks * np.trapezoid(p_d, t) / horizon_s  # the phase of the rotation is uniform
    sigma = math.sqrt(looks * np.trapezoid(p_d * (1.0 - p_d), t) / horizon_s + n / 4.0)
    assert abs(r.plots[:, 0].sum() - expected) <= Z * sigma
    assert 0.3 < expected / looks < 0.7


# -- one target, one salvo or several ------------------------------------------------
SHORT = "10 min"  # until the raid has arrived


def check_inside(successes: int, trials: int, p: float) -> None:
    """A probability lies within the interval of a count."""
    interval = wilson(successes, trials, 0.999)
    assert interval.low <= p <= interval.high


@pytest.mark.parametrize("salvo", [1, 2, 3])
@pytest.mark.parametrize("p", [0.3, 0.56])
def test_one_salvo_kills_binomially(salvo: int, p: float) -> None:
    """Kills of one salvo of 1 to 3 rounds, within a 99.9 % interval, and exactly n rounds spent.

    Against: closed form: P(kill) = 1 - (1 - p)^n.
    """
    known = next(
        c["expected"] for c in cases("engagement_salvo_sls")
        if (c["kind"], c.get("sspk"), c.get("n")) == ("salvo", p, salvo)
    )  # fmt: skip
    n = 1500
    r = run(compiled(scenario(raid(), p=p, salvo=salvo, look=False, horizon=SHORT)), n)
    kills = int((r.threat_outcome == KILLED).sum())
    check_inside(kills, n, known["pk"])
    assert r.threat_shots.mean() == pytest.approx(known["expected_shots"])


def test_independent_targets_are_binomial_in_number() -> None:
    """Ten separate targets, one round each: the distribution of the number of kills, χ² below its 99.9 % quantile.

    Against: closed form: binomial law.
    """
    raids = "".join(raid(f"r{i}", lat=37.85, lon=31.8 + 0.24 * i) for i in range(10))
    n, p = 600, 0.5
    r = run(compiled(scenario(raids, p=p, salvo=1, look=False, horizon=SHORT)), n)
    kills = (r.threat_outcome == KILLED).sum(axis=1)
    observed = np.bincount(kills, minlength=11)
    expected = n * stats.binom.pmf(np.arange(11), 10, p)
    merged = [(observed[:3].sum(), expected[:3].sum()), *zip(observed[3:8], expected[3:8], strict=True)]
    merged.append((observed[8:].sum(), expected[8:].sum()))
    chi2 = sum((o - e) ** 2 / e for o, e in merged)
    assert chi2 < stats.chi2.ppf(0.999, len(merged) - 1)


@pytest.mark.parametrize(("salvo", "looks"), [(1, 2), (1, 3), (2, 2)])
def test_shoot_look_shoot(salvo: int, looks: int) -> None:
    """Kills and rounds of shoot-look-shoot, within 99.9 % intervals.

    Against: closed form: E = Σ s (1 - p)^(rounds before), summed over looks.
    """
    p, n = 0.6, 1500
    r = run(compiled(scenario(raid(), p=p, salvo=salvo, max_salvos=looks, horizon=SHORT)), n)
    check_inside(int((r.threat_outcome == KILLED).sum()), n, 1.0 - (1.0 - p) ** (salvo * looks))
    shots = r.threat_shots[:, 0]
    expected = sum(salvo * (1.0 - p) ** (salvo * k) for k in range(looks))
    half = Z * shots.std(ddof=1) / math.sqrt(n)
    assert abs(shots.mean() - expected) <= half


# -- raids: shoot-look-shoot with a magazine ---------------------------------------------
@pytest.mark.parametrize(
    ("threats", "rounds", "looks", "per", "p"),
    [
        (4, 8, 2, 1, 0.6),
        (8, 8, 2, 1, 0.6),
        (8, 16, 2, 2, 0.6),
        (4, 8, 3, 1, 0.6),
        (8, 16, 3, 1, 0.8),
        (8, 4, 1, 2, 0.6),
    ],
)
def test_raid_against_a_magazine_is_the_exact_chain(threats: int, rounds: int, looks: int, per: int, p: float) -> None:
    """Mean number of leakers of 4 or 8 threats against a magazine of 4 to 16 rounds, and the chance of none,
    within 99.9 % intervals.

    T threats, M rounds, `per` shots at each survivor each look, in order, until rounds run out.
    The engine looks at each target by itself, not at all at once; the policies agree here because
    all threats come together and every round of one look is launched before the next look begins.

    Against: closed form: Markov chain over threats, rounds and looks in exact fractions.
    """
    case = next(
        c for c in cases("raid_leakage_exact")
        if (c["threats"], c["interceptors"], c["looks"], c["shots_per_threat_per_look"], c["sspk"])
        == (threats, rounds, looks, per, p)
    )  # fmt: skip
    raids = "".join(raid(f"r{i}", lat=38.0, lon=32.3 + 0.2 * i) for i in range(threats))
    text = scenario(
        raids, p=p, salvo=per, look=looks > 1, max_salvos=looks, launchers=rounds // 4, rounds=4, horizon="9 min"
    )
    n = 800
    r = run(compiled(text), n)
    leakers = (r.threat_outcome == LEAKED).sum(axis=1)
    assert abs(leakers.mean() - case["expected"]["mean_leakers"]) <= Z * math.sqrt(case["expected"]["var_leakers"] / n)
    interval = wilson(int((leakers == 0).sum()), n, 0.999)
    assert interval.low <= case["expected"]["p_zero_leak"] <= interval.high


# -- track initiation --------------------------------------------------------------------
@pytest.mark.parametrize(("m", "n", "p"), [(2, 2, 0.5), (2, 3, 0.3), (2, 3, 0.7), (3, 5, 0.3), (3, 5, 0.7)])
def test_first_track_comes_with_the_scan_of_the_sliding_window(m: int, n: int, p: float) -> None:
    """Scan of the first track when M of N looks confirm it: the whole distribution at once, χ² below its 99.9 %
    quantile.

    Against: closed form: Markov chain over the last N - 1 looks.
    """
    c = compiled(scenario(raid(), post=f"track_confirm_m = {m}\ntrack_confirm_n = {n}", horizon="50 s"))
    c.plan.p_d[:] = 0.0
    c.plan.p_d[0] = p
    n_runs = 4000
    r = run(c, n_runs)
    look = np.floor(r.threat_first_track_s[:, 0] / 2.0)  # the first look lies within the first period of 2 s
    by_scan = np.r_[0.0, m_of_n_by_scan(m, n, p, 10)]
    expected = n_runs * np.r_[np.diff(by_scan), 1.0 - by_scan[-1]]
    observed = np.histogram(np.where(look < 10, look, 10.0), np.arange(12) - 0.5)[0]
    observed[10] += n_runs - observed.sum()  # no track at all
    keep = expected > 5.0
    assert observed[expected == 0.0].sum() == 0
    observed = np.append(observed[keep], observed[~keep].sum())
    expected = np.append(expected[keep], expected[~keep].sum())
    used = expected > 0.0
    chi2 = ((observed[used] - expected[used]) ** 2 / expected[used]).sum()
    assert chi2 < stats.chi2.ppf(0.999, used.sum() - 1)
