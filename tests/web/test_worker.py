"""What a run tells the app on the way, and where its results go."""

from __future__ import annotations

import io
import itertools
import json

import pytest

import kalkan
from kalkan.apps.web.worker import Teller, estimates, folders, run
from kalkan.apps.web.workspace import Workspace
from tests.web.harness import workspace


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """A workspace with a run of two variants, four replications each."""
    made = workspace(tmp_path_factory.mktemp("worker"), replications=4)
    kalkan.run(made / "raid.toml", out=made / "out" / "raid")
    return made


def lines(out):
    return [json.loads(line) for line in out.getvalue().splitlines()]


def job(here, **changes):
    usual = {"file": str(here / "raid.toml"), "out": str(here / "out" / "raid"), "replications": 4, "stance": ""}
    return {**usual, "unknown": True, "overwrite": False, **changes}


def test_folders_are_numbered_from_the_second_on(tmp_path):
    names = [f.name for f in itertools.islice(folders(tmp_path / "raid"), 3)]
    assert names == ["raid", "raid-2", "raid-3"]


def test_estimates_are_those_of_the_variants_asked_for(here):
    rows = estimates(here / "out" / "raid", ["slow-radar", "not run yet"])
    assert [(r["variant"], r["n"]) for r in rows] == [("slow-radar", 4)]
    leakers = rows[0]["values"]["leakers"]
    assert leakers["low"] <= leakers["mean"] <= leakers["high"] and leakers["unit"] == "1"
    assert rows[0]["values"]["value_kept"]["unit"] == "%"


def test_a_changed_scenario_gets_a_folder_of_its_own_and_says_which(here):
    text = (here / "raid.toml").read_text()
    before = (here / "out" / "raid" / "ledger.jsonl").read_bytes()
    (here / "raid.toml").write_text(text.replace("count = 16", "count = 6"))
    try:
        for _ in range(2):  # the second time it goes on there
            out = io.StringIO()
            run(job(here), out)
            told = lines(out)
            assert [t["out"] for t in told if "out" in t] == ["raid-2"]
            assert told[-1] == {"answer": {"finished": True}}
    finally:
        (here / "raid.toml").write_text(text)
    assert (here / "out" / "raid" / "ledger.jsonl").read_bytes() == before


def test_progress_is_told_block_by_block_and_ends_with_estimates(here):
    out = io.StringIO()
    run(job(here, replications=40), out)
    told = [t for t in lines(out) if "times_real" in t]
    assert len(told) >= 6 and [t["done"] for t in told] == sorted(t["done"] for t in told)
    assert told[-1]["done"] == told[-1]["total"] == 80
    assert {e["n"] for e in told[-1]["estimates"]} == {40}


def test_a_first_line_names_the_folder(here):
    out = io.StringIO()
    Teller(out, here / "out" / "raid", ["base"]).started(3, 8)
    assert lines(out) == [{"done": 3, "total": 8, "out": "raid"}]


def test_a_run_without_a_finished_block_is_listed_by_its_title(here):
    folder = here / "out" / "begun"
    folder.mkdir()
    (folder / "run.json").write_bytes((here / "out" / "raid" / "run.json").read_bytes())
    listed = {r["path"]: r for r in Workspace(here).listing()["results"]}
    assert listed["out/begun"]["title"] == listed["out/raid"]["title"] == "One site, one raid"
    assert listed["out/begun"]["variants"] == ["base", "slow radar"]
