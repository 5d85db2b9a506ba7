"""The server behind the browser app: what it answers, and what it refuses."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import zarr

import kalkan
from kalkan.apps.web.security import LARGEST_BODY_BYTES, Door
from kalkan.errors import StoreError
from kalkan.results.assemble import load_records
from tests.unit.toy_engine import simulate
from tests.web.harness import PORT, client, workspace


@pytest.fixture
def folder(tmp_path):
    return workspace(tmp_path)


@pytest.fixture
def visitor(folder):
    with client(folder) as made:
        yield made


def draft(folder, **more):
    return {"path": "raid.toml", "text": (folder / "raid.toml").read_text(), **more}


# ---- who may ask


@pytest.mark.parametrize("host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", f"127.0.0.1:{PORT + 1}", ""])
def test_a_name_that_is_not_this_servers_is_refused(visitor, host):
    """DNS rebinding: the name leads here, the Host header gives it away."""
    assert visitor.get("/api/files", headers={"host": host}).status_code == 403


@pytest.mark.parametrize("host", [f"127.0.0.1:{PORT}", f"localhost:{PORT}", f"[::1]:{PORT}"])
def test_its_own_names_are_served(visitor, host):
    assert visitor.get("/api/files", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", f"http://127.0.0.1:{PORT + 1}", "https://localhost"])
def test_pages_of_other_sites_are_refused(visitor, folder, origin):
    asked = ("GET", "/api/files"), ("POST", "/api/check"), ("PUT", "/api/scenario"), ("DELETE", "/api/runs/1")
    for method, path in asked:
        answer = visitor.request(method, path, headers={"origin": origin}, json=draft(folder))
        assert answer.status_code == 403, (method, path)


def test_a_form_of_another_page_cannot_write(visitor, folder):
    """What a page can send without being asked first is no JSON."""
    text = json.dumps({**draft(folder, version=""), "text": "x"})
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = visitor.put("/api/scenario", content=text, headers={"content-type": kind})
        assert answer.status_code == 415
    assert visitor.get("/api/files", headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_a_large_body_is_refused_whatever_it_says_of_its_size(visitor):
    headers = {"content-type": "application/json"}
    assert visitor.post("/api/check", content=b"x" * (LARGEST_BODY_BYTES + 1), headers=headers).status_code == 413

    def pieces():
        for _ in range(8):
            yield b"x" * (LARGEST_BODY_BYTES // 7)

    assert visitor.post("/api/check", content=pieces(), headers=headers).status_code == 413


def test_elsewhere_than_on_this_machine_a_token_is_wanted(folder):
    with client(folder, token="secret", host="192.0.2.7") as made:
        assert made.get("/api/files").status_code == 401
        assert made.get("/api/files", headers={"authorization": "Bearer wrong"}).status_code == 401
        assert made.get("/api/files", headers={"authorization": "Bearer secret"}).status_code == 200
        assert made.get("/?token=wrong").status_code == 401
        entered = made.get("/?token=secret", follow_redirects=False)
        assert entered.status_code == 303 and "HttpOnly" in entered.headers["set-cookie"]
        assert "samesite=strict" in entered.headers["set-cookie"].lower()
        assert made.get("/api/files").status_code == 200  # by the cookie
        assert made.get("/api/files", headers={"host": f"name.example:{PORT}"}).status_code == 403


def test_a_door_keeps_its_token_to_itself():
    assert "secret" not in repr(Door(token="secret"))


def test_headers_of_every_answer(visitor):
    for path in ("/api/files", "/nowhere", "/api/nowhere"):
        headers = visitor.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "http:" not in policy
        assert headers["x-content-type-options"] == "nosniff"


# ---- the workspace

OUTSIDE = ["../raid.toml", "/etc/passwd", "a/../../raid.toml", ".hidden.toml", "a//b.toml", "..\\raid.toml"]
OUTSIDE += ["a\0.toml", "", "x" * 300 + ".toml", "C:\\raid.toml", "./raid.toml"]


@pytest.mark.parametrize("path", OUTSIDE)
def test_paths_stay_in_the_workspace(visitor, folder, path):
    (folder.parent / "raid.toml").write_text("title = 'outside'")
    for answer in (
        visitor.get("/api/scenario", params={"path": path}),
        visitor.put("/api/scenario", json={"path": path, "text": "x = 1", "version": ""}),
        visitor.post("/api/scenario", json={"path": path, "kind": "small"}),
        visitor.post("/api/runs", json={"path": path}),
        visitor.get("/api/results", params={"path": path}),
    ):
        assert answer.status_code in (403, 422), answer.text
    assert (folder.parent / "raid.toml").read_text() == "title = 'outside'"


def test_links_that_lead_out_are_not_followed(visitor, folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.toml").write_text("title = 'secret'")
    (folder / "link.toml").symlink_to(outside / "secret.toml")
    (folder / "links").symlink_to(outside)
    for path in ("link.toml", "links/secret.toml"):
        assert visitor.get("/api/scenario", params={"path": path}).status_code == 422
        assert visitor.put("/api/scenario", json={"path": path, "text": "x", "version": ""}).status_code == 422
    assert "secret" not in visitor.get("/api/files").text


def test_a_scenario_reads_nothing_outside(visitor, folder):
    for name in ("../x.tif", "/etc/x.tif"):
        text = starter_with(folder, f'[region]\nterrain = "{name}"\n')
        found = visitor.post("/api/check", json={"path": "raid.toml", "text": text}).json()
        assert "leads out of the workspace" in found["problems"][0]["message"]
    found = visitor.post("/api/check", json={"path": "raid.toml", "text": 'catalogue = ["../c.toml"]\n'}).json()
    assert found["problems"][0]["where"] == "catalogue"


def starter_with(folder, more):
    text = (folder / "raid.toml").read_text()
    return "\n".join(line for line in text.splitlines() if not line.startswith(("[region]", "terrain"))) + "\n" + more


# ---- scenarios


def test_files_are_listed(visitor):
    listed = visitor.get("/api/files").json()
    assert [s["path"] for s in listed["scenarios"]] == ["raid.toml"] and listed["results"] == []


def test_check_says_what_kalkan_check_says(visitor, folder):
    from kalkan.errors import ProblemsError
    from kalkan.scenario import parse

    text = draft(folder)["text"].replace('"s-400"', '"s400"').replace("count = ", "count = -", 1)
    with pytest.raises(ProblemsError) as error:
        parse(text, "raid.toml", folder)
    found = visitor.post("/api/check", json={"path": "raid.toml", "text": text}).json()
    assert [(p["line"], p["where"], p["message"]) for p in found["problems"]] == [
        (p.line, p.where, p.message) for p in error.value.problems
    ]
    assert found["problems"] and found["scenes"] == []


def test_check_refuses_what_a_run_refuses_and_shows_it_on_the_map(visitor, folder):
    sent = draft(folder)
    sunk = re.sub(r'altitude = "[^"]*"', 'altitude = "-300 m MSL"', sent["text"], count=1)
    (folder / "sunk.toml").write_text(sunk)
    told, *_ = kalkan.check(folder / "sunk.toml")
    found = visitor.post("/api/check", json=sent | {"text": sunk}).json()
    assert (found["problems"][0]["line"], found["problems"][0]["message"]) == (told.line, told.message)
    assert "under the sea" in told.message and len(found["scenes"]) == 2


def test_a_sound_scenario_has_a_scene_for_each_variant(visitor, folder):
    found = visitor.post("/api/check", json=draft(folder)).json()
    assert found["problems"] == [] and [s["label"] for s in found["scenes"]] == ["base", "slow radar"]
    scene = found["scenes"][0]
    assert scene["systems"][0]["place"] == ["systems", 0, "position"]
    assert all(u["reach_m"] > 50_000 for u in scene["units"])


def test_moving_a_site_changes_its_numbers_and_nothing_else(visitor, folder):
    sent = draft(folder, changes=[{"place": ["systems", 0, "position"], "value": [40.5, 30.25]}])
    before, after = sent["text"].splitlines(), visitor.post("/api/edit", json=sent).json()["text"].splitlines()
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert len(changed) == 1 and changed[0][1].startswith("position = [40.5, 30.25]")


def test_saving_keeps_what_someone_else_wrote_meanwhile(visitor, folder):
    opened = visitor.get("/api/scenario", params={"path": "raid.toml"}).json()
    first = visitor.put("/api/scenario", json={"path": "raid.toml", "text": "a = 1\n", "version": opened["version"]})
    assert first.status_code == 200 and (folder / "raid.toml").read_text() == "a = 1\n"
    stale = visitor.put("/api/scenario", json={"path": "raid.toml", "text": "b = 1\n", "version": opened["version"]})
    assert stale.status_code == 409 and (folder / "raid.toml").read_text() == "a = 1\n"


def test_of_three_saves_at_once_one_counts(visitor, folder):
    version = visitor.get("/api/scenario", params={"path": "raid.toml"}).json()["version"]

    def save(i):
        sent = {"path": "raid.toml", "text": f"a = {i}\n", "version": version}
        return visitor.put("/api/scenario", json=sent).status_code

    with ThreadPoolExecutor(3) as pool:
        told = list(pool.map(save, range(3)))
    assert sorted(told) == [200, 409, 409]
    assert (folder / "raid.toml").read_text() == f"a = {told.index(200)}\n"


@pytest.mark.parametrize("damage", ["chunk", "digit", "key"])
def test_what_the_command_line_refuses_the_app_refuses(visitor, folder, damage):
    """Results, choices and comparison of a folder whose numbers are not those that were written."""
    out = simulate(folder / "out" / "raid", 8)
    addresses = [
        ("/api/results", {"path": "out/raid"}), ("/api/choices", {"path": "out/raid"}),
        ("/api/compare", {"first": "out/raid", "second": "out/raid"}),
    ]  # fmt: skip
    assert [visitor.get(a, params=p).status_code for a, p in addresses] == [200, 200, 200]
    run = out / "run.json"
    if damage == "chunk":
        zarr.open_group(str(out / "results.zarr"))["base/spent"][0] = 9
    elif damage == "digit":
        run.write_text(run.read_text().replace("1000000.0", "9000000.0", 1))
    else:
        content = json.loads(run.read_text())
        del content["variants"]["base"]["attrs"]
        run.write_text(json.dumps(content))
    with pytest.raises(StoreError, match="damaged"):
        load_records(out)
    for address, asked in addresses:
        answer = visitor.get(address, params=asked)
        assert answer.status_code == 422 and "damaged" in answer.text


def test_a_new_scenario_overwrites_nothing(visitor, folder):
    assert visitor.post("/api/scenario", json={"path": "new.toml"}).status_code == 201
    assert visitor.post("/api/scenario", json={"path": "new.toml"}).status_code == 409
    assert visitor.post("/api/scenario", json={"path": "other.toml", "kind": "none"}).status_code == 422
    sent = {"path": "new.toml", "text": (folder / "new.toml").read_text()}
    assert visitor.post("/api/check", json=sent).json()["problems"] == []


def test_bodies_are_checked_strictly(visitor):
    answer = visitor.post("/api/coverage", json={"path": "raid.toml", "text": 7, "height_m": "high", "more": 1})
    assert answer.status_code == 422
    assert {p["where"] for p in answer.json()["problems"]} == {"text", "height_m", "more"}
    for broken in (b"{", b"[]", b"\xff", b"null", b'{"path": "raid.toml"}'):
        answer = visitor.post("/api/check", content=broken, headers={"content-type": "application/json"})
        assert answer.status_code == 422 and answer.json()["problems"]


def test_a_replay_server_cannot_be_written_to(folder):
    with client(folder, writes=False) as made:
        sent = {"path": "raid.toml", "text": "x", "version": ""}
        assert made.put("/api/scenario", json=sent).status_code in (404, 405)
        assert made.post("/api/runs", json={"path": "raid.toml"}).status_code in (404, 405)
        assert made.get("/api/about").json()["writes"] is False


def test_runs_of_files_with_one_name_in_two_folders_stay_apart(folder):
    visitor = client(folder)  # nobody works on the queue: the server has not started
    for name in ("north", "south"):
        (folder / name).mkdir()
        (folder / name / "raid.toml").write_text((folder / "raid.toml").read_text())
    outs = [visitor.post("/api/runs", json={"path": p}).json()["out"] for p in ("raid.toml", "north/raid.toml")]
    assert outs == ["out/raid", "out/north/raid"]


def test_a_run_of_a_broken_scenario_is_not_queued(visitor, folder):
    (folder / "broken.toml").write_text("title = 1\n")
    answer = visitor.post("/api/runs", json={"path": "broken.toml"})
    assert answer.status_code == 422 and answer.json()["problems"][0]["file"] == "broken.toml"
    assert visitor.post("/api/runs", json={"path": "raid.toml", "stance": "nobody"}).status_code == 422
    assert visitor.get("/api/runs").json()["runs"] == []


def test_a_waiting_run_is_taken_out_of_the_queue(folder):
    made = client(folder)  # nobody works on the queue: the server has not started
    number = made.post("/api/runs", json={"path": "raid.toml"}).json()["id"]
    assert made.delete(f"/api/runs/{number}").json()["state"] == "cancelled"
    assert made.delete("/api/runs/99").status_code == 404


def test_a_wrong_target_is_told_with_the_nearest_one(visitor, folder):
    sent = {"path": "raid.toml", "text": (folder / "raid.toml").read_text(), "height_m": 300.0, "shows": "reach"}
    visitor.post("/api/scenario", json={"path": "look.toml"})
    sent["text"] = (folder / "look.toml").read_text()
    answer = visitor.post("/api/coverage", json={**sent, "target": "f16c"})
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["message"].endswith('did you mean "f-16c"?')
    made = visitor.post("/api/coverage", json={**sent, "target": "f-16c", "above": "sea"}).json()
    assert made["above"] == "sea" and made["area_km2"] > 1000
