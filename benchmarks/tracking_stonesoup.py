"""Stone Soup on the tracking benchmark, as an expert would set it up; its results are kept in tracking_stonesoup.json.

    pip install stonesoup==1.9.1
    python benchmarks/tracking_stonesoup.py            # every case of CASES, hours; written to tracking_stonesoup.json
    python benchmarks/tracking_stonesoup.py 10 rot 0   # one: targets, variant, number of the noise

EKF with constant velocity (q = 150 m2/s3, 0.3 vertically), global nearest neighbour over a k-d tree, gate of 5 sigma,
three plots to confirm, three misses to delete; closed-form matrices and an analytic Jacobian in place of its own, which
give the same numbers faster. Taken from the runner published beside the issue of this benchmark (run_stonesoup.py with
fast=1). Timed is the tracker's loop alone.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import tracking_scene as scene
from stonesoup.base import Property
from stonesoup.buffered_generator import BufferedGenerator
from stonesoup.dataassociator.neighbour import GNNWith2DAssignment
from stonesoup.dataassociator.tree import DetectionKDTreeMixIn
from stonesoup.deleter.time import UpdateTimeStepsDeleter
from stonesoup.hypothesiser.distance import DistanceHypothesiser
from stonesoup.initiator.simple import MultiMeasurementInitiator
from stonesoup.measures import Mahalanobis
from stonesoup.models.measurement.nonlinear import CartesianToElevationBearingRange
from stonesoup.models.transition.linear import CombinedLinearGaussianTransitionModel, ConstantVelocity
from stonesoup.predictor.kalman import KalmanPredictor
from stonesoup.reader.base import DetectionReader
from stonesoup.tracker.simple import MultiTargetTracker
from stonesoup.types.angle import Bearing, Elevation
from stonesoup.types.array import CovarianceMatrix, StateVector
from stonesoup.types.detection import Detection
from stonesoup.types.state import GaussianState
from stonesoup.updater.kalman import ExtendedKalmanUpdater

warnings.filterwarnings("ignore")
FILE = Path(__file__).with_suffix(".json")
T0 = dt.datetime(2024, 1, 1)
CASES = [
    *((10, v, noise) for v in ("rot", "rot2") for noise in range(20)),
    *((50, v, noise) for v in ("rot", "rot2") for noise in range(10)),
    *((100, v, noise) for v in ("rot", "rot2") for noise in range(5)),
]


class KDGNN(DetectionKDTreeMixIn, GNNWith2DAssignment):
    """Global nearest neighbour that looks at near detections only."""


class Straight(CombinedLinearGaussianTransitionModel):
    """Closed-form matrices; the same numbers."""

    def matrix(self, time_interval, **kw):
        """Transition matrix."""
        F = np.eye(6)
        F[0, 1] = F[2, 3] = F[4, 5] = time_interval.total_seconds()
        return F

    def covar(self, time_interval, **kw):
        """Covariance of its noise."""
        t, Q = time_interval.total_seconds(), np.zeros((6, 6))
        for i, m in enumerate(self.model_list):
            q = m.noise_diff_coeff
            Q[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = [[q * t**3 / 3, q * t**2 / 2], [q * t**2 / 2, q * t]]
        return CovarianceMatrix(Q)


class Polar(CartesianToElevationBearingRange):
    """Analytic Jacobian; the same numbers."""

    def _local(self, state):
        vector = np.asarray(state.state_vector, float).ravel()[[0, 2, 4]]
        return vector - np.asarray(self.translation_offset, float).ravel()

    def jacobian(self, state, **kw):
        """Of elevation, bearing and range by the state."""
        dx, dy, dz = self._local(state)
        g2 = dx * dx + dy * dy
        g, r2 = g2**0.5, g2 + dz * dz
        r, H = r2**0.5, np.zeros((3, 6))
        H[0, 0], H[0, 2], H[0, 4] = -dx * dz / (g * r2), -dy * dz / (g * r2), g / r2
        H[1, 0], H[1, 2] = -dy / g2, dx / g2
        H[2, 0], H[2, 2], H[2, 4] = dx / r, dy / r, dz / r
        return H

    def function(self, state, noise=False, **kw):
        """Elevation, bearing and range of a state."""
        if noise is not False and noise is not None:
            return super().function(state, noise, **kw)
        x, y, z = self._local(state)
        g = (x * x + y * y) ** 0.5
        return StateVector([Elevation(np.arctan2(z, g)), Bearing(np.arctan2(y, x)), (g * g + z * z) ** 0.5])


class Listed(DetectionReader):
    """Detections from a list."""

    items: list = Property(doc="(time, detections)")

    @BufferedGenerator.generator_method
    def detections_gen(self):
        """All of them, in order."""
        yield from self.items


def tracker(detector):
    """The tracker, and the radars' measurement models."""
    predictor = KalmanPredictor(Straight([ConstantVelocity(150.0), ConstantVelocity(150.0), ConstantVelocity(0.3)]))
    updater = ExtendedKalmanUpdater(None)

    def nearest(reach_m):
        hypotheses = DistanceHypothesiser(predictor, updater, Mahalanobis(), missed_distance=5.0)
        return KDGNN(hypothesiser=hypotheses, predictor=predictor, updater=updater, max_distance=reach_m)

    prior = GaussianState(np.zeros((6, 1)), np.diag([0, 150.0**2, 0, 150.0**2, 0, 30.0**2]))
    initiator = MultiMeasurementInitiator(
        prior_state=prior, measurement_model=None, deleter=UpdateTimeStepsDeleter(2), data_associator=nearest(6000.0),
        updater=updater, min_points=3, updates_only=True,
    )  # fmt: skip
    return MultiTargetTracker(
        initiator=initiator, deleter=UpdateTimeStepsDeleter(3), detector=detector, data_associator=nearest(4000.0),
        updater=updater,
    )  # fmt: skip


def run(plots):
    """CPU seconds, and (ti, tid, x) as ``benchmarks/tracking.run`` gives them."""
    noise = CovarianceMatrix(np.diag(np.square([scene.SIG_EL, scene.SIG_AZ, scene.SIG_R])))
    models = [
        Polar(ndim_state=6, mapping=(0, 2, 4), noise_covar=noise, translation_offset=StateVector(r))
        for r in scene.RADARS
    ]
    items, keys = [], []
    for s in range(int(plots["scan"].max()) + 1):
        for k in np.unique(plots["radar"]):
            found = set()
            for j in np.flatnonzero((plots["scan"] == s) & (plots["radar"] == k)):
                vector = [Elevation(float(plots["el"][j])), Bearing(float(plots["az"][j])), float(plots["rng"][j])]
                when = T0 + dt.timedelta(seconds=float(plots["t"][j]))
                found.add(Detection(StateVector(vector), timestamp=when, measurement_model=models[k]))
            items.append((T0 + dt.timedelta(seconds=(s + 1) * scene.T_SCAN), found))
            keys.append(s)
    running = tracker(Listed(items))
    told, start = {}, time.process_time()
    for s, (_, tracks) in zip(keys, running, strict=False):
        told[s] = [(t.id, t.state.timestamp, t.state) for t in tracks]
    spent = time.process_time() - start
    ti, tid, x, ids = [], [], [], {}
    for s, tracks in told.items():
        for name, when, state in tracks:
            m = np.asarray(state.state_vector, float).ravel()
            d = (s + 1) * scene.T_SCAN - (when - T0).total_seconds()
            ti.append(s)
            tid.append(ids.setdefault(name, len(ids)))
            x.append([m[0] + d * m[1], m[2] + d * m[3], m[4] + d * m[5], m[1], m[3], m[5]])
    return spent, (np.array(ti), np.array(tid), np.array(x).reshape(-1, 6))


def measure(n, variant, noise):
    """One case."""
    from tracking import scores

    truth = scene.make_truth(n)
    plots = scene.make_plots(truth, variant, scene.SEED + noise)
    cpu_s, found = run(plots)
    case = {"n": n, "variant": variant, "noise": noise, "plots": len(plots["t"]), "cpu_s": cpu_s}
    return case | scores(truth, *found)


def main():
    """Measure the cases that are asked for."""
    if len(sys.argv) == 4:
        print(json.dumps(measure(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))
        return
    rows = []
    for case in CASES:
        rows.append(measure(*case))
        print(rows[-1], file=sys.stderr)
    about = {"program": "Stone Soup 1.9.1", "command": "python benchmarks/tracking_stonesoup.py", "cases": rows}
    FILE.write_text(json.dumps(about, indent=1) + "\n")


if __name__ == "__main__":
    main()
