"""Scenes of the tracking benchmark: true paths and the plots of one or two radars, the same from the same seeds.

The generator of the neutral multi-target tracking benchmark that was published beside the issue of this benchmark
("Neutral multi-target tracking benchmark", gen_scenario.py, 2026), cut to what is used here; numbers are the same to
the last bit. Flat earth, east-north-up [m], azimuth counter-clockwise from east [rad]. Radar 0 is at the origin,
radar 1 at (40 km, -25 km, 0); errors 100 m, 0.2 deg, 0.3 deg, P_d 0.9, ten false plots a turn of 5 s.

A truth is made of (N, seed), plots of (N, seed, variant); one truth with several seeds of plots is several draws of the
noise. Targets fly 100 to 300 m/s, straight legs of 40 to 150 s, turns of 20 to 90 degrees at 0.3 to 1.5 g; a fifth are
close pairs, a fifth crossing pairs.
"""

from __future__ import annotations

import numpy as np

T_END, T_SCAN, DT = 600.0, 5.0, 0.25
R_MIN, R_MAX, EL_MIN, EL_MAX = 5e3, 120e3, 0.0, np.radians(30.0)
SIG_R, SIG_AZ, SIG_EL = 100.0, np.radians(0.2), np.radians(0.3)
PD, N_FA = 0.9, 10.0
RADARS = np.array([[0.0, 0.0, 0.0], [40e3, -25e3, 0.0]])
PHASE0 = np.array([0.0, 2.1])  # antenna azimuth at t = 0 [rad]
SEED, TUNING_SEED = 20240601, 7  # of the published truths; N050t, on which trackers are tuned
VARIANTS = {
    "rot": {"radars": [0]}, "rot2": {"radars": [0, 1], "tag": 4}, "clut": {"radars": [0], "n_fa": 100.0, "tag": 5}
}  # fmt: skip


def make_target(rng):
    """A path of gentle turns on the grid of DT: (n_t, 6) position and velocity."""
    nt = round(T_END / DT) + 1
    t = np.arange(nt) * DT
    v = rng.uniform(100.0, 300.0)
    r, a = 75e3 * np.sqrt(rng.uniform(0.04, 1.0)), rng.uniform(0, 2 * np.pi)
    p0 = np.array([r * np.cos(a), r * np.sin(a)])
    z = rng.uniform(1000.0, 11000.0)
    h = rng.uniform(0, 2 * np.pi)
    w, vz = np.zeros(nt), np.zeros(nt)
    tt = rng.uniform(20, 100)
    while tt < T_END:
        g = rng.uniform(0.3, 1.5) * 9.81
        rate = min(g / v, np.radians(3.0)) * rng.choice([-1, 1])
        dur = np.radians(rng.uniform(20, 90)) / abs(rate)
        w[(t >= tt) & (t < tt + dur)] = rate
        if rng.random() < 0.4:
            vz[(t >= tt) & (t < tt + 40)] = rng.uniform(-15, 15)
        tt += dur + rng.uniform(40, 150)
    hd = h + np.concatenate([[0], np.cumsum(w[:-1]) * DT])
    x = np.empty((nt, 6))
    vx, vy = v * np.cos(hd), v * np.sin(hd)
    zc = z + np.concatenate([[0], np.cumsum(vz[:-1]) * DT])
    low = zc < 300.0
    zc, vz = np.where(low, 300.0, zc), np.where(low, 0.0, vz)
    x[:, 0] = p0[0] + np.concatenate([[0], np.cumsum(0.5 * (vx[1:] + vx[:-1])) * DT])
    x[:, 1] = p0[1] + np.concatenate([[0], np.cumsum(0.5 * (vy[1:] + vy[:-1])) * DT])
    x[:, 2] = zc
    x[:, 3], x[:, 4], x[:, 5] = vx, vy, vz
    return x


def make_truth(n, seed=SEED):
    """Paths (n, n_t, 6), births, deaths [s]."""
    rng = np.random.default_rng([seed, n, 1])
    paths, birth, death = [], [], []
    n_pair = int(0.2 * n) // 2 * 2

    def life():
        b = rng.uniform(0, 150) if rng.random() < 0.3 else 0.0
        return b, rng.uniform(400, 590) if rng.random() < 0.3 else T_END

    def add(path, b, d):
        paths.append(path), birth.append(b), death.append(d)

    while len(paths) < n_pair:  # close pairs
        b, d = life()
        x = make_target(rng)
        sep, ang = rng.uniform(500, 1500), rng.uniform(0, 2 * np.pi)
        off = np.array([sep * np.cos(ang), sep * np.sin(ang), rng.uniform(-200, 200), 0, 0, 0])
        add(x, b, d), add(x + off, b, d)
    while len(paths) < 2 * n_pair:  # crossing pairs: at the same place at the same time
        b, d = life()
        x, y = make_target(rng), make_target(rng)
        i = int(rng.uniform(200, 400) / DT)
        y = y.copy()
        y[:, :3] += x[i, :3] - y[i, :3] + np.array([0, 0, rng.uniform(100, 400)])
        y[:, 2] = np.maximum(y[:, 2], 200.0)
        add(x, b, d), add(y, b, d)
    while len(paths) < n:
        b, d = life()
        add(make_target(rng), b, d)
    return np.array(paths), np.array(birth), np.array(death)


def state_at(paths, t):
    """States (n, 6) at a time, or at a time for each path."""
    t = np.broadcast_to(np.asarray(t, float), (paths.shape[0],))
    f = np.clip(t / DT, 0, paths.shape[1] - 1 - 1e-9)
    i = f.astype(int)
    w, r = (f - i)[:, None], np.arange(paths.shape[0])
    return (1 - w) * paths[r, i] + w * paths[r, i + 1]


def to_polar(p):
    """Range, azimuth (counter-clockwise from east), elevation."""
    r = np.sqrt((p**2).sum(-1))
    return r, np.arctan2(p[..., 1], p[..., 0]), np.arcsin(p[..., 2] / r)


def make_plots(truth, variant, seed=SEED):
    """Plots of a variant: dict of arrays t, scan, radar, rng, az, el, truth (-1: false), by scan and time."""
    paths, birth, death = truth
    n = len(paths)
    how = VARIANTS[variant]
    rng = np.random.default_rng([seed, n, how.get("tag", 2)])
    rows = []
    for s in range(int(T_END / T_SCAN)):
        for k in how["radars"]:
            t0 = s * T_SCAN
            tb = np.full(n, t0 + T_SCAN / 2)
            for _ in range(3):
                _, a, _ = to_polar(state_at(paths, tb)[:, :3] - RADARS[k])
                tb = t0 + ((a - PHASE0[k]) % (2 * np.pi)) / (2 * np.pi) * T_SCAN
            r, a, e = to_polar(state_at(paths, tb)[:, :3] - RADARS[k])
            ok = (tb >= birth) & (tb <= death) & (r > R_MIN) & (r < R_MAX) & (e > EL_MIN) & (e < EL_MAX)
            ok &= rng.random(n) < PD
            i = np.flatnonzero(ok)
            m = len(i)
            z = rng.standard_normal((m, 3))
            az = (a[i] + SIG_AZ * z[:, 1] + np.pi) % (2 * np.pi) - np.pi
            rows.append(np.column_stack([
                tb[i], np.full(m, s), np.full(m, k), r[i] + SIG_R * z[:, 0], az, e[i] + SIG_EL * z[:, 2], i
            ]))  # fmt: skip
            f = rng.poisson(how.get("n_fa", N_FA))
            fa = rng.uniform(-np.pi, np.pi, f)
            ft = t0 + ((fa - PHASE0[k]) % (2 * np.pi)) / (2 * np.pi) * T_SCAN
            rows.append(np.column_stack([
                ft, np.full(f, s), np.full(f, k), rng.uniform(R_MIN, R_MAX, f), fa, rng.uniform(EL_MIN, EL_MAX, f),
                np.full(f, -1),
            ]))  # fmt: skip
    p = np.vstack(rows)
    p = p[np.lexsort((p[:, 3], p[:, 2], p[:, 0], p[:, 1]))]
    kinds = {"t": "f8", "scan": "i2", "radar": "i1", "rng": "f4", "az": "f4", "el": "f4", "truth": "i2"}
    return {name: p[:, i].astype(kind) for i, (name, kind) in enumerate(kinds.items())}


def sampled(truth):
    """The truth at scan ends, and who counts then: as ``metrics.evaluate`` of the benchmark takes it."""
    paths, birth, death = truth
    t = np.arange(1, int(T_END / T_SCAN) + 1) * T_SCAN
    x = np.stack([state_at(paths, when) for when in t])
    r, _, e = to_polar(x[..., :3])
    alive = (t[:, None] >= birth) & (t[:, None] <= death) & (r > R_MIN) & (r < R_MAX) & (e > EL_MIN) & (e < EL_MAX)
    return {"t": t, "x": x.astype("f4"), "alive": alive}
