"""The replay document against the records that the run has stored."""

from __future__ import annotations

import json

import numpy as np
import pytest

import kalkan
from kalkan.engine.replay import record
from kalkan.engine.store import Store
from kalkan.schema import EV_LAUNCH, EVENTS
from kalkan.views.replay.telling import compact, tell
from tests.web.harness import workspace

VARIANTS = ("base - manufacturer", "slow-radar - independent")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two variants under two stances, two replications each."""
    here = workspace(tmp_path_factory.mktemp("told"), replications=2)
    kalkan.run(here / "raid.toml", out=here / "out", stance=["manufacturer", "independent"])
    return here / "out"


@pytest.fixture(scope="module", params=VARIANTS)
def told(request, folder):
    """A document, as the browser reads it, and what the store holds."""
    document = json.loads(compact(tell(folder, request.param, 1)))
    return document, Store.open(folder).read_one(request.param, 1)


def test_runs_under_several_stances_are_told_under_each(folder):
    first, second = (record(folder, variant=v, replication=0) for v in VARIANTS)
    assert first.label != second.label
    assert set(VARIANTS) < set(Store.open(folder).run["variants"])


def test_busy_channels_reach_the_peak_that_was_recorded(told):
    document, stored = told
    peaks = [max(steps["n"], default=0) for steps in document["series"]["channels"]]
    assert peaks == stored["channels_peak"].tolist() and max(peaks) > 0


def test_the_time_with_all_channels_busy_is_what_was_recorded(told):
    document, stored = told
    for steps, full_s in zip(document["series"]["channels"], stored["channels_full_s"], strict=True):
        ends = [*steps["t"][1:], steps["t"][-1]] if steps["t"] else []
        mine = sum(b - a for a, b, n in zip(steps["t"], ends, steps["n"], strict=True) if n >= steps["of"]) / 100
        assert mine == pytest.approx(full_s, abs=0.05 * max(len(ends), 1))


def test_rounds_end_where_the_records_end(told):
    document, stored = told
    for steps, left in zip(document["series"]["rounds"], stored["rounds_left"].sum(axis=1), strict=True):
        assert steps["n"][-1] == left and steps["n"][0] == steps["of"]


def test_outcomes_reasons_and_events_are_those_of_the_store(told):
    document, stored = told
    outcomes = list(document["words"]["outcomes"])
    assert [outcomes.index(t["outcome"]) for t in document["threats"]] == stored["threat_outcome"].tolist()
    assert [t["shots"] for t in document["threats"]] == stored["threat_shots"].tolist()
    kinds = np.bincount(stored["event_kind"], minlength=len(EVENTS))
    assert np.bincount(document["events"]["kind"], minlength=len(EVENTS)).tolist() == kinds.tolist()
    assert len(document["missiles"]) == kinds[EV_LAUNCH]
    assert document["events"]["t"] == sorted(document["events"]["t"])


def test_interceptors_in_flight_go_back_to_none(told):
    document, _ = told
    airborne = document["series"]["airborne"]
    assert max(airborne["n"]) > 0 and airborne["n"][-1] == 0
    assert document["series"]["live"]["n"][-1] == 0


def test_paths_run_forward_within_the_map(told):
    document, _ = told
    west, south, east, north = document["ground"]["box"]
    for mover in (*document["threats"], *document["missiles"], *document["tracks"]):
        assert mover["t"] == sorted(mover["t"]) and len(mover["p"]) == 3 * len(mover["t"])
    for threat in document["threats"]:
        lon, lat = np.array(threat["p"][0::3]) / 1e5, np.array(threat["p"][1::3]) / 1e5
        assert ((lon > west) & (lon < east) & (lat > south) & (lat < north)).all()


def test_a_document_is_small_and_says_nothing_of_this_machine(told, folder):
    text = compact(told[0])
    assert len(text) < 4_000_000 and str(folder) not in text and "NaN" not in text
