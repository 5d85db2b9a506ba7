"""Studies in the app: checked bodies, one queue with the runs, the same answer as the command's."""

from __future__ import annotations

import io
import json

import pytest

import kalkan
from kalkan.apps.web.worker import study
from tests.web.harness import client, workspace

SWEEP = {"path": "raid.toml", "over": ["doctrine.standard.salvo=1,2"], "replications": 4}


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    return workspace(tmp_path_factory.mktemp("studying"), replications=4)


def test_a_study_waits_among_the_runs(here):
    visitor = client(here)
    sent = visitor.post("/api/studies/sweep", json=SWEEP)
    assert sent.status_code == 201
    told = sent.json()
    assert (told["study"], told["state"], told["out"]) == ("sweep", "waiting", "out/raid-studies")
    assert told["arguments"]["of"] == "leakers" and told["arguments"]["over"] == SWEEP["over"]
    assert [r["id"] for r in visitor.get("/api/runs").json()["runs"]] == [told["id"]]
    assert visitor.get(f"/api/studies/{told['id']}").status_code == 404, "it has not ended"
    assert visitor.delete(f"/api/runs/{told['id']}").json()["state"] == "cancelled"


@pytest.mark.parametrize(
    ("body", "where"),
    [({"path": "raid.toml"}, "over"), (SWEEP | {"replications": "4"}, "replications"), (SWEEP | {"out": "x"}, "out")],
)
def test_what_is_wrong_with_a_body_is_told(here, body, where):
    refused = client(here).post("/api/studies/sweep", json=body)
    assert refused.status_code == 422 and where in refused.json()["problems"][0]["where"]


def test_the_worker_finds_what_the_function_finds(here, monkeypatch):
    monkeypatch.chdir(here)
    out, arguments = io.StringIO(), {"over": SWEEP["over"], "replications": 4, "seed": 5}
    study({"study": "sweep", "root": str(here), "path": "raid.toml", "out": "out/app", "arguments": arguments}, out)
    *said, last = (json.loads(line) for line in out.getvalue().splitlines())
    found = kalkan.sweep("raid.toml", **arguments, out="out/function")
    assert last["answer"]["found"] == json.loads(json.dumps(found.content))
    assert [t["rows"] for t in last["answer"]["tables"]] == [rows for _, rows in found.tables]
    assert "sweep.json" in last["answer"]["files"] and (here / "out" / "app" / "sweep.json").is_file()
    assert said[-1]["done"] == said[-1]["total"] == 2 * 2 * 4
