"""A run of two posts with and without coordination: what its tables, its report and its replay say of who shot what."""

from __future__ import annotations

import json

import pytest

import kalkan
from kalkan.earth.terrain import Terrain
from kalkan.scenario import parse
from kalkan.views.replay.document import replay_document
from tests.engine import harness

TWO = """
[[systems]]
name = "second"
type = "s-400"
position = [39.0, 33.2]
fire_units = 1
fire_unit_positions = [[39.0, 33.2]]
launchers = 4
loads = { "48n6e3" = 4 }
[command]
coordination = true
[variants.apart]
command.coordination = false
[variants.slower]
command.coordination = false
assume.55k6e.command_cycle = "5 s"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("coordination") / "run"
    raids = "".join(harness.raid(f"r{i}", lat=38.0, lon=32.6 + 0.2 * i) for i in range(4))
    text = harness.scenario(raids, p=1.0, salvo=1, horizon="9 min", extra=TWO)
    kalkan.run(parse(text), replications=6, out=out)
    return out


def test_rounds_doubled_are_told_in_a_sentence(folder) -> None:
    """Every target gets one round of each post instead of one; a variant that differs by more is no witness."""
    results = kalkan.open_results(folder)
    told = results.summary()["coordination"]
    assert len(told) == 1
    cost = told[0]
    assert (cost["with"], cost["without"]) == (results.summary()["columns"][0], "apart")
    assert cost["rounds"] == pytest.approx([4.0, 8.0], abs=0.5) and cost["paired"]
    (note,) = (n for n in results.summary()["notes"] if n.startswith("without coordination"))
    assert "times the rounds" in note and "“apart” against “" in note
    page = results.report().read_text(encoding="utf-8")
    assert "Without coordination" in page


def test_the_report_says_how_a_system_fights_and_who_shot_what(folder) -> None:
    page = kalkan.open_results(folder).report().read_text(encoding="utf-8")
    assert "gives threats to its units optimally over all free channels" in page
    assert "at aircraft one round" in page and "Who shot what at what range" in page


def test_the_replay_explains_decisions(folder) -> None:
    story = kalkan.record(folder, variant="base", replication=1)
    document = replay_document(story, Terrain.flat())
    json.dumps(document, allow_nan=False)
    told = document["decisions"]
    assert told["t"] == sorted(told["t"]) and len(told["text"]) == len(told["threat"]) == len(told["t"])
    assert any(text.startswith("ordered: 48N6E3 of ") and "channel 1 of 10" in text for text in told["text"])
