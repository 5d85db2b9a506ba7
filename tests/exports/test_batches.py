"""Runs as of several days, one of them before everything: tables, report, replay and exports tell what was there."""

import re

import pytest

import kalkan
from kalkan.exports import FORMATS
from kalkan.schema import LEAKED
from kalkan.views.replay.telling import packed, tell
from kalkan.views.run.tables import as_text
from tests.engine import harness

BATCHES = """
[[batches]]
name = "first"
systems = ["set"]
contract = "s-400-deal.contract_date"
deliveries = [{ delivered = "2019-07-25", parts = ["set", "set/1"] }, { delivered = "2021-09-15" }]
training = "10 days"
work_up = "20 days"
[variants.one-unit]
as_of = "2020-01-01"
[variants.nothing]
as_of = "2019-01-01"
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("batches")
    text = harness.scenario(harness.raid(count=4), units=2, launchers=2, horizon="14 min")
    (folder / "raid.toml").write_text('as_of = "2022-01-01"\n' + text + BATCHES)
    return kalkan.run(folder / "raid.toml", replications=4, out=folder / "out", unknown=False)


def test_every_day_has_its_units(run):
    assert {n: r.labels["unit"] for n, r in run.records.items()} == {
        "base": ["set/1", "set/2"], "one-unit": ["set/1"], "nothing": [],
    }  # fmt: skip
    assert (run.records["nothing"].arrays["threat_outcome"] == LEAKED).all()
    measures = run.measures()["nothing"]
    assert measures["leakers"].mean == 4.0 and measures["spent"].mean == measures["channels_full"].mean == 0.0


def test_notes_say_what_is_ready(run):
    shown = " ".join(repr(run).split()) + " ".join(run.summary()["notes"])
    first, second = "set, set/1 (first)", "set/2 (first)"
    assert f"base: as of 2022-01-01 ready are {first} since 2019-08-24; {second} since 2021-10-15" in shown
    assert f"as of 2020-01-01 ready are {first} since 2019-08-24; not yet {second} from 2021-10-15" in shown
    assert "nothing: as of 2019-01-01 nothing of its batches is ready" in shown


def test_the_report_says_what_was_ready_and_whose_dates_these_are(run):
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", run.report().read_text(encoding="utf-8")))
    assert "What had come and was ready" in page
    assert "As of 2020-01-01: one-unit." in page and "As of 2019-01-01: nothing." in page
    assert re.search(r"first set/2 2017-12-29 2021-09-15 2021-10-15 not yet", page)
    assert "contract 2017-12-29 (N. Canikli (Turkish Defence Minister))" in page
    assert "work-up 20 days (written in the scenario)" in page


def test_a_replay_of_no_defence_has_its_raid_and_its_assets(run):
    document = packed(tell(run.path, "nothing", 0), run.path)
    assert [s["name"] for s in document["sites"]] == ["centre"]
    assert (document["sites"][0]["lat"], document["sites"][0]["lon"]) == (39.0, 33.0)
    assert len(document["threats"]) == 4 and document["coverage"]["pictures"] == []
    there = tell(run.path, "base", 0)["sites"]
    assert next(s for s in there if s["name"] == "centre") == document["sites"][0]


@pytest.mark.parametrize("form", FORMATS)
def test_no_defence_is_exported(run, form, tmp_path):
    written = kalkan.export(run.path, form, variant="nothing", out=tmp_path / "out", progress=False)
    assert written and all(file.exists() for file in written)


def test_a_run_of_no_defence_is_stored_whole(run):
    again = kalkan.open_results(run.path)
    assert as_text(again.summary()) == as_text(run.summary())
