"""How good a picture is: Stone Soup's metrics of small pictures (``pip install stonesoup==1.9.1``)."""

from __future__ import annotations

import datetime
from typing import Any

from tests.reference.builders import Builder, Case

START = datetime.datetime(2026, 1, 1)


def _paths(c: Case) -> tuple[list[Any], list[Any]]:
    """Stone Soup's truth and tracks of a case."""
    from stonesoup.types.groundtruth import GroundTruthPath, GroundTruthState
    from stonesoup.types.state import State
    from stonesoup.types.track import Track

    when = [START + datetime.timedelta(seconds=t) for t in c["t_s"]]
    truths = [
        GroundTruthPath([
            GroundTruthState(c["x"][k][j], timestamp=when[k]) for k in range(len(when)) if c["present"][k][j]
        ])
        for j in range(len(c["x"][0]))
    ]  # fmt: skip
    states: dict[int, list[Any]] = {}
    for k, number, x in zip(c["when"], c["track"], c["states"], strict=True):
        states.setdefault(number, []).append(State(x, timestamp=when[k]))
    return truths, [Track(s) for s in states.values()]


def picture_metrics(c: Case) -> Case:
    """GOSPA, OSPA by time, SIAP over the whole."""
    from stonesoup.dataassociator.tracktotrack import TrackToTruth
    from stonesoup.measures import Euclidean
    from stonesoup.metricgenerator.manager import MultiManager
    from stonesoup.metricgenerator.ospametric import GOSPAMetric, OSPAMetric
    from stonesoup.metricgenerator.tracktotruthmetrics import SIAPMetrics

    position, velocity = Euclidean((0, 1, 2)), Euclidean((3, 4, 5))
    truths, tracks = _paths(c)
    cut = {"c": c["cut_off_m"], "p": c["order"], "measure": position}
    manager = MultiManager(
        [GOSPAMetric(**cut), OSPAMetric(**cut), SIAPMetrics(position_measure=position, velocity_measure=velocity)],
        TrackToTruth(c["cut_off_m"], consec_pairs_confirm=c["confirm"], consec_misses_end=c["end"], measure=position),
    )
    manager.add_data({"groundtruth_paths": truths, "tracks": tracks})
    found = manager.generate_metrics()
    siap = {m.title.lower(): float(m.value) for m in found["siap_generator"].values()
            if " at times" not in m.title}  # fmt: skip
    gospa = [m.value for m in found["gospa_generator"]["GOSPA Metrics"].value]
    unit = 0.5 * c["cut_off_m"] ** c["order"]
    return {
        "gospa_m": [float(v["distance"]) for v in gospa], "ospa_m": [
            float(m.value) for m in found["ospa_generator"]["OSPA distances"].value],
        "missed": [float(v["missed"]) / unit for v in gospa], "false": [float(v["false"]) / unit for v in gospa],
        **siap,
    }  # fmt: skip


BUILDERS = {"picture_metrics": Builder(picture_metrics, needs=("stonesoup",))}
