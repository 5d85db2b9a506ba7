"""What a run tells the app on the way, and where its results go."""

from __future__ import annotations

import io
import itertools
import json

import pytest

import kalkan
from kalkan.apps.web.listing import listing
from kalkan.apps.web.worker import Teller, estimates, figures, folders, run
from kalkan.apps.web.workspace import Workspace
from kalkan.errors import ProblemsError
from tests.web.harness import client, workspace


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """A workspace with a run of two variants, four replications each."""
    made = workspace(tmp_path_factory.mktemp("worker"), replications=4)
    kalkan.run(made / "raid.toml", out=made / "out" / "raid")
    return made


def lines(out):
    return [json.loads(line) for line in out.getvalue().splitlines()]


def job(here, **changes):
    usual = {"root": str(here), "path": "raid.toml", "out": "out/raid", "replications": 4, "stance": ""}
    return {**usual, "unknown": True, "overwrite": False, **changes}


def test_folders_are_numbered_from_the_second_on():
    assert list(itertools.islice(folders("out/raid"), 3)) == ["out/raid", "out/raid-2", "out/raid-3"]


def test_estimates_are_those_of_the_variants_asked_for(here):
    rows = estimates(here / "out" / "raid", ["slow-radar", "not run yet"])
    assert [(r["variant"], r["n"]) for r in rows] == [("slow-radar", 4)]
    leakers = rows[0]["values"]["leakers"]
    assert leakers["low"] <= leakers["mean"] <= leakers["high"]
    assert rows[0]["values"]["value_kept"]["name"] == "share of value kept [%]"


def test_an_estimate_reads_as_in_the_tables(here):
    """One number has one rounding: that of the results' own tables, which the browser does not repeat."""
    tables = client(here).get("/api/results", params={"path": "out/raid"}).json()["tables"]
    cells = {name: values for table in tables[:1] for name, *values in table["rows"]}
    for column, row in enumerate(estimates(here / "out" / "raid", ["base", "slow-radar"])):
        for value in row["values"].values():
            name = "leakers of 16" if value["name"] == "leakers" else value["name"]
            if name in cells:
                assert value["text"] == cells[name][column]
        assert {"leakers", "p_no_leaker", "value_kept"} <= row["values"].keys()


def test_figures_are_those_of_the_report_and_stand_alone(here):
    """Each is a file that an XML parser reads, and its drawing is what stands in the report."""
    from xml.etree import ElementTree

    out = io.StringIO()
    figures({"folder": str(here / "out" / "raid")}, out)
    (told,) = lines(out)
    report = kalkan.open_results(here / "out" / "raid").report(here / "report.html").read_text(encoding="utf-8")
    for figure in told["answer"]["figures"]:
        for size in ("wide", "narrow"):
            svg = ElementTree.fromstring(figure[size])
            assert svg.tag == "{http://www.w3.org/2000/svg}svg"
        assert figure["caption"] in report and figure["wide"].split("</desc>")[1] in report
    assert [f["title"] for f in told["answer"]["figures"]][:1] == ["Leakers in single replications"]
    assert told["answer"]["notes"] == [] and "--ink:" in told["answer"]["colours"]["dark"]


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
    listed = {r["path"]: r for r in listing(Workspace(here))["results"]}
    assert listed["out/begun"]["title"] == listed["out/raid"]["title"] == "One site, one raid"
    assert listed["out/begun"]["variants"] == ["base", "slow radar"]


def test_a_queued_run_checks_its_paths_again(here, tmp_path):
    """The file is read by the worker, maybe hours after it was queued: what it names then decides."""
    (tmp_path / "secret.tif").write_bytes(b"not yours")
    text = (here / "raid.toml").read_text()
    (here / "later.toml").write_text(text.replace('terrain = "flat"', f'terrain = "{tmp_path / "secret.tif"}"'))
    with pytest.raises(ProblemsError, match="leads out of the workspace"):
        run(job(here, path="later.toml", out="out/later"), io.StringIO())
    (here / "link.toml").symlink_to(tmp_path / "outside.toml")
    with pytest.raises(ProblemsError, match="leads out of the workspace"):
        run(job(here, path="link.toml", out="out/later"), io.StringIO())
    (here / "out" / "elsewhere").symlink_to(tmp_path)
    with pytest.raises(ProblemsError, match="leads out of the workspace"):
        run(job(here, out="out/elsewhere/raid"), io.StringIO())
    assert not list(tmp_path.glob("**/run.json")) and not (here / "out" / "later").exists()
