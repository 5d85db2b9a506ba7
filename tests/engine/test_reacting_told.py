"""A run in which vehicles turn back, abort and descend: what its tables, its report and its replay say of them."""

from __future__ import annotations

import json

import numpy as np
import pytest

import kalkan
from kalkan.earth.terrain import Terrain
from kalkan.results.measures import quantities
from kalkan.scenario import parse
from kalkan.schema import EV_ABORTS, EV_TURNS_BACK, GAVE_UP, KILLED, OUTCOMES
from kalkan.views.replay.document import replay_document
from kalkan.views.report.sentences import findings
from tests.engine import harness
from tests.engine.test_reacting import released

VARIANTS = """
[variants.unmoved]
raids.raid.react = []
[variants.abort]
raids.raid.react = [{ when = "shot at", do = "abort" }]
[variants.low]
raids.raid.react = [{ when = "illuminated", do = "descend", to = "200 m MSL" }]
"""
COUNT = 6


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("reacting") / "run"
    raid = released('when = "illuminated", do = "turn back", delay = "30 s", chance = 0.5', count=COUNT)
    text = harness.scenario(raid, p=0.1, salvo=1, max_salvos=1, horizon="20 min", extra=VARIANTS)
    kalkan.run(parse(text), replications=20, out=out)
    return out


def test_endings_sum_to_the_raid_and_who_gave_up_is_no_leaker(folder):
    results = kalkan.open_results(folder)
    for name, records in results.records.items():
        found = quantities(records)
        ended = sum(found[k].values for k in ("leakers", "killed", "departed", "gave_up", "unresolved"))
        assert (ended == COUNT).all()
        gave_up = found["gave_up"].values
        assert (gave_up == (records.arrays["threat_outcome"] == GAVE_UP).sum(axis=1)).all()
        assert gave_up.any() == (name in ("base", "abort")), name
        no_leaker = found["p_no_leaker"].values
        assert (no_leaker == ((found["leakers"].values + found["unresolved"].values) == 0)).all()


def test_the_table_and_the_report_say_how_many_gave_up(folder):
    content = kalkan.open_results(folder).summary()
    row = next(r for t in content["tables"] for r in t["rows"] if r["key"] == "gave_up")
    assert row["name"] == "turned back or aborted" and row["values"][0]["mean"] > 1.0
    told = [s for s in findings(content) if s.startswith("Turned back or aborted")]
    assert len(told) == 1 and "“abort”" in told[0] and "“unmoved”" not in told[0] and "“low”" not in told[0]
    assert "neither through nor shot down" in told[0] and "whether they come again is not asked" in told[0]


def test_without_reactions_nothing_is_said_of_them(tmp_path):
    kalkan.run(parse(harness.scenario(harness.raid(), p=0.5)), replications=3, out=tmp_path / "calm")
    content = kalkan.open_results(tmp_path / "calm").summary()
    assert not any(r["key"] == "gave_up" for t in content["tables"] for r in t["rows"])
    assert not any(s.startswith("Turned back") for s in findings(content))


@pytest.mark.parametrize(
    ("variant", "kind", "line"),
    [
        ("base", EV_TURNS_BACK, "it turned back and flew home along its own route, taken on by set/1"),
        ("abort", EV_ABORTS, "it flew on along its route and released nothing, taken on by set/1"),
    ],
)
def test_a_replay_flies_it_logs_it_and_says_why(folder, variant, kind, line):
    """The replication comes out bit for bit, and its true paths are those that the loop flew."""
    recording = kalkan.record(folder, variant=variant, replication=0)
    who = [t for t in recording.threats if t.outcome == OUTCOMES[GAVE_UP].word]
    assert who
    for threat in who:
        lat = threat.motion.geodetic[-1, 0]
        assert lat == pytest.approx(37.8 if variant == "base" else 40.2, abs=0.01)
    document = json.loads(json.dumps(replay_document(recording, Terrain.flat())))
    log = recording.records
    did = {i for k, i in zip(document["events"]["kind"], document["events"]["subject"], strict=True) if k == kind}
    assert {t.index for t in who} == {i for i in did if recording.threats[i].outcome != OUTCOMES[KILLED].word}
    told = document["threats"][who[0].index]
    assert told["outcome"] == "gave up" and len(told["why"]) == 1 and line in told["why"][0]
    assert "interceptor" in told["why"][0]
    at_s = float(log["threat_end_s"][who[0].index])
    assert told["end"] == round(100 * at_s) and threat.motion.t_s[-1] > at_s + 30.0


def test_a_replay_shows_a_descent(folder):
    recording = kalkan.record(folder, variant="low", replication=1)
    for threat in recording.threats:
        if threat.motion.t_s[-1] - threat.motion.t_s[0] > 300.0:
            heights = threat.motion.geodetic[:, 2]
            assert heights[0] == pytest.approx(8000.0, abs=1.0) and heights[-1] == pytest.approx(200.0, abs=1.0)
            assert np.diff(heights).max() < 1.0
