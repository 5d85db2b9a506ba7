"""The app among odd files, silent visitors, restarts and several writers."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
import uvicorn
from uvicorn.server import ServerState

import kalkan
from kalkan.apps.web import connections
from tests.web.browsing import Server
from tests.web.harness import client, needs_app, workspace


@pytest.fixture
def folder(tmp_path):
    return workspace(tmp_path)


# ---- odd files


def listed(folder):
    answer = client(folder).get("/api/files")
    assert answer.status_code == 200, answer.text
    return answer.json()


def passed_over(folder):
    found = listed(folder)
    assert [s["path"] for s in found["scenarios"]] == ["raid.toml"]
    return {e["path"]: e["why"] for e in found["passed_over"]}


def test_links_that_lead_nowhere_hide_nothing(folder):
    (folder / "dangling.toml").symlink_to(folder / "gone.toml")
    (folder / "round.toml").symlink_to(folder / "round.toml")
    found = passed_over(folder)
    assert set(found) == {"dangling.toml", "round.toml"} and "no such file" in found["dangling.toml"]
    assert client(folder).get("/api/scenario", params={"path": "round.toml"}).status_code in (404, 422)


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_names_that_are_no_text_hide_nothing(folder):
    (folder / os.fsdecode(b"a\xff.toml")).write_bytes((folder / "raid.toml").read_bytes())
    (folder / "two\nlines.toml").write_bytes((folder / "raid.toml").read_bytes())
    assert set(passed_over(folder).values()) == {"its name cannot be written as text"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in folders there")
def test_a_pipe_hides_nothing_and_is_not_waited_for(folder):
    os.mkfifo(folder / "pipe.toml")
    (folder / "out").mkdir()
    os.mkfifo(folder / "out" / "run.json")
    assert set(passed_over(folder).values()) == {"is no plain file"}
    visitor = client(folder)
    for answer in (
        visitor.get("/api/scenario", params={"path": "pipe.toml"}),
        visitor.put("/api/scenario", json={"path": "pipe.toml", "text": "a = 1", "version": ""}),
        visitor.post("/api/runs", json={"path": "pipe.toml"}),
    ):
        assert answer.status_code == 422 and "is no plain file" in answer.text


BROKEN = [
    '{"format": 1, "title": "x", "replications": 1, "variants": []}', "[]", "{", "null", "", "[" * 100_000,
    '{"title": "x", "replications": 1e999, "variants": {}}', '{"title": "x", "replications": 1, "variants": {"a": 1}}',
]  # fmt: skip


@pytest.mark.parametrize("text", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_run_hides_nothing(folder, text):
    (folder / "out").mkdir()
    (folder / "out" / "run.json").write_text(text)
    assert passed_over(folder) == {"out": "its run.json is not as kalkan writes it"}


def test_half_a_character_in_a_title_hides_nothing(folder):
    (folder / "out").mkdir()
    (folder / "out" / "run.json").write_text('{"title": "\\ud800", "replications": 1, "variants": {}}')
    assert listed(folder)["results"][0]["title"] == "?"


# ---- results that are not sound


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    made = workspace(tmp_path_factory.mktemp("unsound"), replications=4)
    kalkan.run(made / "raid.toml", out=made / "out" / "raid")
    return made


def flipped(folder):
    """Another value in a chunk, with a sound checksum of its own."""
    import zarr

    array = zarr.open_group(folder / "results.zarr", mode="r+")["base/kills"]
    array[:] = array[:] + 1


def emptied(folder):
    next(p for p in (folder / "results.zarr/base/kills/c").rglob("*") if p.is_file()).write_bytes(b"")


def keyless(folder):
    run = json.loads((folder / "run.json").read_text())
    del run["variants"]["base"]["attrs"]
    (folder / "run.json").write_text(json.dumps(run))


@pytest.mark.parametrize("damage", [flipped, emptied, keyless])
def test_unsound_results_are_told_not_shown(finished, tmp_path, damage):
    shutil.copytree(finished, tmp_path / "ws")
    folder = tmp_path / "ws" / "out"
    shutil.copytree(folder / "raid", folder / "sound")
    damage(folder / "raid")
    visitor = client(tmp_path / "ws")
    for asked, query in (
        ("results", {"path": "out/raid"}),
        ("choices", {"path": "out/raid"}),
        ("compare", {"first": "out/sound", "second": "out/raid"}),
    ):
        answer = visitor.get(f"/api/{asked}", params=query)
        assert answer.status_code == 422, (asked, answer.status_code, answer.text[:200])
        assert answer.json()["problems"][0]["message"] and str(tmp_path) not in answer.text
    assert visitor.get("/api/results", params={"path": "out/sound"}).status_code == 200


# ---- several writers


def test_of_several_saves_with_one_version_one_is_kept(folder, monkeypatch):
    """Each had read the same text: one is saved, the others are told, also where they come in the same moment."""
    from kalkan.apps.web import scenarios

    together, write = threading.Barrier(3), scenarios.write_whole
    monkeypatch.setattr(scenarios, "write_whole", lambda *a, **k: (threading.Event().wait(0.05), write(*a, **k)))
    with client(folder) as visitor:
        version = visitor.get("/api/scenario", params={"path": "raid.toml"}).json()["version"]

        def save(n):
            together.wait()
            sent = {"path": "raid.toml", "text": f"a = {n}\n", "version": version}
            return visitor.put("/api/scenario", json=sent).status_code

        with ThreadPoolExecutor(3) as pool:
            answers = list(pool.map(save, range(3)))
        assert sorted(answers) == [200, 409, 409]
        assert (folder / "raid.toml").read_text() == f"a = {answers.index(200)}\n"

        def begin(_):
            together.wait()
            return visitor.post("/api/scenario", json={"path": "new.toml"}).status_code

        with ThreadPoolExecutor(3) as pool:
            assert sorted(pool.map(begin, range(3))) == [201, 409, 409]
    assert not list(folder.glob(".*.part"))


# ---- the queue


def test_what_waits_survives_the_server(folder):
    first = client(folder)  # nobody works on the queue: the server has not started
    sent = {"path": "raid.toml", "replications": 7, "stance": "manufacturer", "unknown": False, "overwrite": True}
    study = {"path": "raid.toml", "over": ["doctrine.standard.salvo=1,2"], "replications": 4}
    assert first.post("/api/runs", json=sent).status_code == 201
    assert first.post("/api/studies/sweep", json=study).status_code == 201
    stopped = first.post("/api/runs", json={"path": "raid.toml"}).json()["id"]
    first.delete(f"/api/runs/{stopped}")
    first.app.app.state.runs.leave()
    second = client(folder)
    second.app.app.state.runs.take_up(second.app.app.state.again)
    told = sorted(second.get("/api/runs").json()["runs"], key=lambda r: r["id"])
    assert [(r["state"], r["study"], r["title"]) for r in told] == [
        ("waiting", "", "One site, one raid"), ("waiting", "sweep", "One site, one raid")
    ]  # fmt: skip
    assert {name: told[0][name] for name in sent} == sent
    assert {name: ({"path": told[1]["path"]} | told[1]["arguments"])[name] for name in study} == study


@pytest.mark.parametrize(
    "kept",
    ["", "[", "{}", '[{"body": {"path": "../x.toml"}}]', '[{"study": "rm", "body": {}}]', '[{"body": {"out": "x"}}]',
     '[{"study": "sweep", "body": {"path": "raid.toml"}}]'],
)  # fmt: skip
def test_a_kept_queue_is_checked_as_if_it_were_asked_again(folder, kept):
    (folder / "out").mkdir()
    (folder / "out" / ".waiting.json").write_text(kept)
    made = client(folder)
    made.app.app.state.runs.take_up(made.app.app.state.again)
    assert made.get("/api/runs").json()["runs"] == []


@needs_app
def test_the_queue_goes_on_in_the_next_server(folder):
    """As its user ends and starts it; the run at work is told, and the waiting one is done."""
    first = Server("serve", ".", cwd=folder)
    try:
        asked(first, "POST", "runs", {"path": "raid.toml", "replications": 500_000, "unknown": False})
        asked(first, "POST", "runs", {"path": "raid.toml", "replications": 5, "unknown": False, "overwrite": True})
        until(lambda: states(first) == ["waiting", "running"])
    finally:
        first.end()
    second = Server("serve", ".", cwd=folder)
    try:
        assert asked(second, "GET", "runs")["runs"][-1]["note"].startswith("the server ended while it was at work")
        until(lambda: states(second) == ["finished", "cancelled"])
    finally:
        second.end()
    third = Server("serve", ".", cwd=folder)
    try:
        assert states(third) == []
    finally:
        third.end()


def asked(server, method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(f"{server.home}api/{path}", data, headers, method=method)
    return json.load(urllib.request.urlopen(request, timeout=20))


def states(server):
    return [r["state"] for r in asked(server, "GET", "runs")["runs"]]


def until(holds, patience_s=240.0):
    done = threading.Event()
    for _ in range(int(patience_s / 0.2)):
        if holds():
            return
        done.wait(0.2)
    raise AssertionError("it did not come to pass")


def test_a_run_whose_folder_leads_out_meanwhile_does_not_end_the_queue(finished, tmp_path):
    shutil.copytree(finished, tmp_path / "ws")
    here = tmp_path / "ws"
    (here / "b.toml").write_text((here / "raid.toml").read_text())
    made = client(here)
    for path in ("b.toml", "raid.toml"):
        sent = {"path": path, "replications": 4, "unknown": False}
        assert made.post("/api/runs", json=sent).status_code == 201
    (here / "out" / "b").symlink_to(tmp_path)
    with made:
        until(lambda: [r["state"] for r in made.get("/api/runs").json()["runs"]] == ["finished", "failed"])
        told = made.get("/api/runs").json()["runs"][-1]["problems"]
    assert told[0]["message"] == "leads out of the workspace" and not (tmp_path / "run.json").exists()


# ---- silent visitors

HALF = b"GET /api/about HTTP/1.1\r\nHost: 127.0.0.1"
NO_BODY = b"POST /api/check HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n"


@needs_app
@pytest.mark.parametrize("begins", [b"", HALF, NO_BODY], ids=["nothing", "half a head", "no body"])
def test_silent_connections_shut_nobody_out(folder, begins):
    server = Server("serve", ".", cwd=folder)
    host, port = server.home.removeprefix("http://").rstrip("/").split(":")
    silent = []
    try:
        for _ in range(connections.MOST + 6):
            silent.append(socket.create_connection((host, int(port))))
            silent[-1].sendall(begins % f"{host}:{port}".encode() if b"%s" in begins else begins)
            if len(silent) >= connections.MOST - 2:
                assert asked(server, "GET", "about")["writes"] is True
    finally:
        for connection in silent:
            connection.close()
        server.end()


@pytest.mark.parametrize("begins", [b"", b"GET / HT"])
def test_a_silent_connection_is_let_go(monkeypatch, begins):
    monkeypatch.setattr(connections, "ASKS_WITHIN_S", 0.2)

    async def answered(scope, receive, send):
        await asyncio.sleep(0.5)  # longer than patience: whoever has asked is not hurried
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    async def tried():
        config, state = uvicorn.Config(answered, log_level="critical"), ServerState()
        loop = asyncio.get_running_loop()
        made = await loop.create_server(lambda: connections.Connection(config, state, {}), "127.0.0.1", 0)
        port = made.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(begins)
        asking, asker = await asyncio.open_connection("127.0.0.1", port)
        asker.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        try:
            ended = await asyncio.wait_for(reader.read(), 5.0)
        except ConnectionError:
            ended = b""
        except TimeoutError:
            ended = None
        line = await asyncio.wait_for(asking.readline(), 5.0)
        for w in (writer, asker):
            w.close()
        made.close()
        return ended, line

    ended, line = asyncio.run(tried())
    assert ended == b"" and b"204" in line
